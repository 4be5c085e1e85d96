from modeltranslation.translator import TranslationOptions, register

from .models import ExpectedOutcome, GuidingQuestion, Roundtable


@register(Roundtable)
class RoundtableTranslation(TranslationOptions):
    fields = ()


@register(ExpectedOutcome)
class ExpectedOutcomeTranslation(TranslationOptions):
    fields = ("text",)


@register(GuidingQuestion)
class GuidingQuestionTranslation(TranslationOptions):
    fields = ("text",)
