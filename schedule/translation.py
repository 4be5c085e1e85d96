from modeltranslation.translator import TranslationOptions, register

from .models import Forum, Room, Session, Venue


@register(Forum)
class ForumTranslation(TranslationOptions):
    fields = (
        "acronym",
        "name",
        "edition",
        "title",
        "overarching_theme",
        "principles",
        "city",
        "privacy_notice",
        "signatory_function",
    )


@register(Venue)
class VenueTranslation(TranslationOptions):
    fields = ("name", "city", "address")


@register(Room)
class RoomTranslation(TranslationOptions):
    fields = ("name",)


@register(Session)
class SessionTranslation(TranslationOptions):
    fields = ("title", "summary", "host", "entry_note")
