"""Rooms and sessions as spreadsheets. Times stand in the zone of the venue, as on the programme."""

from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from import_export import fields, widgets

from people.spreadsheets import ChoiceWidget, LookupWidget, Sheet, column, columns

from .models import LANGUAGE_CHOICES, Forum, Room, Session, Venue


class ForumWidget(LookupWidget):
    def __init__(self):
        super().__init__(Forum, "slug")


class OfForumWidget(LookupWidget):
    """A venue or session by its slug, within the forum of the row."""

    def get_queryset(self, value, row, *args, **kwargs):
        return self.model.objects.filter(forum__slug=row.get("forum"))


class RoomWidget(LookupWidget):
    def get_queryset(self, value, row, *args, **kwargs):
        return Room.objects.select_related("venue").filter(
            venue__slug=row.get("venue"), venue__forum__slug=row.get("forum")
        )


class RoomSheet(Sheet):
    forum = fields.Field(column_name="forum", attribute="venue__forum__slug", readonly=True)
    venue = column("venue", OfForumWidget(Venue, "slug"))

    class Meta(Sheet.Meta):
        abstract = False
        model = Room
        import_id_fields = ["venue", "slug"]
        fields = ["forum", "venue", "slug", *columns("name"), "capacity", "capacity_confirmed", "position"]

    def get_queryset(self):
        return super().get_queryset().select_related("venue__forum")

    def filter_export(self, queryset, **kwargs):
        return queryset.select_related("venue__forum")


class HereField(fields.Field):
    """An instant, shown and read in the session's zone. Stands behind venue and room in the list of fields."""

    def save(self, instance, row, is_m2m=False, **kwargs):
        value = row[self.column_name]
        if value in (None, ""):
            return setattr(instance, self.attribute, None)
        if not isinstance(value, datetime):
            try:
                value = datetime.fromisoformat(str(value).strip())
            except ValueError:
                raise ValidationError(
                    _("“%(value)s” is not a day and an hour such as 2018-12-05 09:30."), params={"value": value}
                ) from None
        if timezone.is_naive(value):
            with timezone.override(instance.zone if instance.forum_id else UTC):  # no forum: the row is refused
                value = from_current_timezone(value)
        return setattr(instance, self.attribute, value)

    def export(self, instance, **kwargs):
        value = self.get_value(instance)
        return value.astimezone(instance.zone).strftime("%Y-%m-%d %H:%M") if value else ""


class WordsWidget(widgets.Widget):
    """Several values of a list of choices, with commas between."""

    def __init__(self, choices):
        super().__init__()
        self.known = [value for value, _label in choices]

    def clean(self, value, row=None, **kwargs):
        words = [word.strip() for word in str(value or "").split(",") if word.strip()]
        if unknown := [word for word in words if word not in self.known]:
            raise ValidationError(
                _("“%(value)s” is none of: %(known)s."),
                params={"value": ", ".join(unknown), "known": ", ".join(self.known)},
            )
        return words

    def render(self, value, obj=None, **kwargs):
        return ", ".join(value or [])


class KindField(fields.Field):
    """Some kinds have tables of their own: a session keeps the kind that it was made with."""

    def save(self, instance, row, is_m2m=False, **kwargs):
        kind = self.clean(row)
        if instance.pk and kind not in ("", instance.kind):
            raise ValidationError(
                _("The kind of a session cannot change. It is “%(kind)s”."), params={"kind": instance.kind}
            )
        super().save(instance, row, is_m2m, **kwargs)


class SessionSheet(Sheet):
    forum = column("forum", ForumWidget())
    kind = KindField("kind", "kind", ChoiceWidget(Session.Kind))
    parent = column("parent", OfForumWidget(Session, "slug"))
    venue = column("venue", OfForumWidget(Venue, "slug"))
    room = column("room", RoomWidget(Room, "slug"))
    timing = column("timing", ChoiceWidget(Session.Timing))
    starts_at = HereField("starts_at", "starts_at")
    ends_at = HereField("ends_at", "ends_at")
    day_part = column("day_part", ChoiceWidget(Session.DayPart))
    to_confirm = column("to_confirm", WordsWidget(Session.Unconfirmed.choices))
    entry = column("entry", ChoiceWidget(Session.Entry))
    media = column("media", ChoiceWidget(Session.Media))
    record = column("record", ChoiceWidget(Session.Record))
    floor_languages = column("floor_languages", WordsWidget(LANGUAGE_CHOICES))
    interpretation = column("interpretation", WordsWidget(LANGUAGE_CHOICES))

    class Meta(Sheet.Meta):
        abstract = False
        model = Session
        import_id_fields = ["forum", "slug"]
        fields = [
            "forum",
            "slug",
            "kind",
            *columns("title", "summary", "host"),
            "parent",
            "position",
            "venue",
            "room",
            "timing",
            "starts_at",
            "ends_at",
            "starts_on",
            "ends_on",
            "day_part",
            "month",
            "to_confirm",
            "entry",
            *columns("entry_note"),
            "media",
            "record",
            "floor_languages",
            "interpretation",
            "listed",
            "note",
        ]

    def filter_export(self, queryset, **kwargs):
        return queryset.select_related("forum", "venue", "room", "parent")

    def get_queryset(self):
        return super().get_queryset().select_related("forum", "venue", "room", "parent")

    def init_instance(self, row=None):
        """A kind with a table of its own gets a row there too."""
        model = Session.own_models().get(str((row or {}).get("kind") or "").strip(), Session)
        return model()
