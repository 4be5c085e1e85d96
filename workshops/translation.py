from modeltranslation.translator import TranslationOptions, register

from .models import CommonSpaceSession, SideEvent, SpecialSession, Workshop


@register([Workshop, SideEvent])
class PartnersTranslation(TranslationOptions):
    fields = ("partners",)


@register([CommonSpaceSession, SpecialSession])
class FocusTranslation(TranslationOptions):
    fields = ("focus",)
