from modeltranslation.translator import TranslationOptions, register

from .models import Commitment, Reference, Section, Theme


@register(Theme)
class ThemeTranslation(TranslationOptions):
    fields = ("title", "rationale")


@register(Section)
class SectionTranslation(TranslationOptions):
    fields = ("heading", "body")


@register(Reference)
class ReferenceTranslation(TranslationOptions):
    fields = ("text",)


@register(Commitment)
class CommitmentTranslation(TranslationOptions):
    fields = ("short_name", "official_name")
