from modeltranslation.translator import TranslationOptions, register

from .models import Party


@register(Party)
class PartyTranslation(TranslationOptions):
    fields = ("short_name", "formal_name", "sort_key", "acronym")
