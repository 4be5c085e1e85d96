from modeltranslation.translator import TranslationOptions, register

from .models import DelegationCategory


@register(DelegationCategory)
class DelegationCategoryTranslation(TranslationOptions):
    fields = ("name", "plural_name")
