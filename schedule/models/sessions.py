import uuid
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from people.models import Party, Person

from .forum import Forum
from .places import Room, Venue

LANGUAGE_CHOICES = [("en", _("English")), ("fr", _("French")), ("es", _("Spanish")), ("ar", _("Arabic"))]


class TsTzRange(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class SessionQuerySet(models.QuerySet["Session"]):
    def held(self):
        """Sessions that are not cancelled."""
        return self.filter(cancelled_at=None)

    def cancelled(self):
        return self.filter(cancelled_at__isnull=False)

    def unconfirmed(self):
        """Something about them is to be confirmed."""
        return self.exclude(to_confirm=[])

    def listed(self):
        """What may stand in a public view; the others are internal."""
        return self.filter(listed=True)

    def overlapping(self, starts_at, ends_at):
        """Held, timed sessions that share an instant with [starts_at, ends_at)."""
        return self.held().filter(timing=Session.Timing.TIMED, starts_at__lt=ends_at, ends_at__gt=starts_at)

    def in_order(self):
        return self.order_by(F("starts_at").asc(nulls_last=True), "starts_on", "month", "position", "pk")


class Session(models.Model):
    """One slot on the agenda, whatever its kind.

    Kind-specific rows (`Roundtable`, `Workshop` …) extend it by multi-table inheritance, so that
    this one table holds every time and place. A session with parts leaves its room to its parts.
    Times are instants; they are typed and shown in the zone of the venue (of the forum without one).
    """

    class Kind(models.TextChoices):
        PLENARY = "plenary", _("Plenary")
        ROUNDTABLE = "roundtable", _("Roundtable")
        WORKSHOP = "workshop", _("Thematic workshop")
        SIDE_EVENT = "side_event", _("Side-event")
        COMMON_SPACE = "common_space", _("Common Space")
        SPECIAL_SESSION = "special_session", _("Special session")
        BUSINESS_MECHANISM = "business_mechanism", _("Business Mechanism")
        CIVIL_SOCIETY_DAYS = "civil_society_days", _("Civil Society Days")
        BREAK = "break", _("Break")
        OTHER = "other", _("Other")

    class Timing(models.TextChoices):
        TIMED = "timed", _("Day and hours")
        DATED = "dated", _("Day or days, no hours")
        MONTH = "month", _("Month only")

    class DayPart(models.TextChoices):
        MORNING = "morning", _("Morning")
        MIDDAY = "midday", _("Midday")
        AFTERNOON = "afternoon", _("Afternoon")
        EVENING = "evening", _("Evening")

    class Unconfirmed(models.TextChoices):
        SESSION = "session", _("To be confirmed")
        DAY = "day", _("Day to be confirmed")
        HOURS = "hours", _("Hours to be confirmed")
        ROOM = "room", _("Room to be confirmed")

    class Entry(models.TextChoices):
        ALL = "all", _("All delegates")
        GOVERNMENTS = "governments", _("Governments")
        HEADS = "heads", _("Heads of delegation")
        INVITATION = "invitation", _("By invitation")

    class Media(models.TextChoices):
        OPEN = "open", _("Open to media")
        PHOTO = "photo", _("Photo opportunity")
        CLOSED = "closed", _("Closed to media")

    class Record(models.TextChoices):
        CHATHAM_HOUSE = "chatham_house", _("Chatham House Rule")
        ON_RECORD = "on_record", _("On the record")
        WEBCAST = "webcast", _("Webcast")

    KIND: ClassVar[str | None] = None

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="sessions", verbose_name=_("forum"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    slug = models.SlugField(_("address"), max_length=100)
    title = models.CharField(_("title"), max_length=300)
    summary = models.TextField(_("summary"), blank=True)
    host = models.CharField(_("host"), max_length=200, blank=True, help_text=_("Such as “Side-event of BMZ and MPI”."))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1, help_text=_("Among sessions at one time."))
    venue = models.ForeignKey(
        Venue, models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("venue")
    )
    room = models.ForeignKey(
        Room, models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("room")
    )

    timing = models.CharField(_("timing"), max_length=10, choices=Timing)
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True, help_text=_("Included."))
    day_part = models.CharField(_("part of the day"), max_length=10, choices=DayPart, blank=True)
    month = models.DateField(_("month"), null=True, blank=True, help_text=_("Any day of the month."))
    to_confirm = ArrayField(
        models.CharField(max_length=10, choices=Unconfirmed),
        default=list,
        blank=True,
        verbose_name=_("to be confirmed"),
    )
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)

    entry = models.CharField(_("who enters"), max_length=20, choices=Entry, blank=True)
    entry_note = models.CharField(_("note on who enters"), max_length=200, blank=True)
    media = models.CharField(_("media"), max_length=10, choices=Media, blank=True)
    record = models.CharField(_("record"), max_length=20, choices=Record, blank=True)
    floor_languages = ArrayField(
        models.CharField(max_length=2, choices=LANGUAGE_CHOICES),
        default=list,
        blank=True,
        verbose_name=_("languages of the floor"),
    )
    interpretation = ArrayField(
        models.CharField(max_length=2, choices=LANGUAGE_CHOICES),
        default=list,
        blank=True,
        verbose_name=_("interpretation into"),
    )
    listed = models.BooleanField(_("listed"), default=True, help_text=_("Others are internal, in no public view."))
    note = models.TextField(_("note for organisers"), blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = [F("starts_at").asc(nulls_last=True), "starts_on", "month", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["forum", "slug"],
                name="session_slug_unique",
                violation_error_message=_("Another session of this forum has this address."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(timing="timed", starts_at__isnull=False, ends_at__isnull=False)
                    & Q(starts_on=None, ends_on=None, month=None, day_part="")
                    | Q(timing="dated", starts_on__isnull=False, ends_on__isnull=False)
                    & Q(starts_at=None, ends_at=None, month=None)
                    | Q(timing="month", month__isnull=False)
                    & Q(starts_at=None, ends_at=None, starts_on=None, ends_on=None, day_part="")
                ),
                name="session_timing_agrees",
                violation_error_message=_(
                    "The timing and its fields disagree: with hours give start and end, with days the first and the "
                    "last day, with a month the month, and nothing else."
                ),
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(ends_at__gt=F("starts_at")),
                name="session_ends_after_it_starts",
                violation_error_message=_("The end must lie after the start."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="session_last_day_after_first",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(room=None) | Q(venue__isnull=False),
                name="session_room_has_its_venue",
                violation_error_message=_("A room needs its venue."),
            ),
            models.CheckConstraint(
                condition=~Q(parent=F("id")) | Q(parent=None),
                name="session_is_not_its_own_part",
                violation_error_message=_("A session cannot be a part of itself."),
            ),
            ExclusionConstraint(
                name="room_holds_one_session_at_a_time",
                expressions=[
                    ("room", RangeOperators.EQUAL),
                    (TsTzRange("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=Q(cancelled_at=None, room__isnull=False, timing="timed"),
                deferrable=models.Deferrable.IMMEDIATE,  # at the end of a statement: one may exchange two rooms
                violation_error_code="room_taken",
                violation_error_message=_("The room is taken at this time."),
            ),
        ]
        indexes = [models.Index(fields=["forum", "starts_at"], name="session_by_time")]

    def __init__(self, *args, **kwargs):
        if self.KIND and not args:
            kwargs.setdefault("kind", self.KIND)
        super().__init__(*args, **kwargs)

    def __str__(self):
        return self.title

    @classmethod
    def own_models(cls) -> dict[str, type["Session"]]:
        """Kinds that have a table of their own, with its model."""
        return {model.KIND: model for model in cls.__subclasses__() if model.KIND}

    def validate_constraints(self, exclude=None):
        """Names the session in the way. Reversed times are told alone: they have no range to look up."""
        # A form without these would make Django look for them in vain in the condition on the room
        exclude = set(exclude or ()) - {"timing", "cancelled_at"}
        if self.starts_at and self.ends_at and self.starts_at >= self.ends_at:
            exclude.add("room")
        try:
            super().validate_constraints(exclude=exclude)
        except ValidationError as error:
            found = error.error_dict
            for field, errors in found.items():
                found[field] = [self._naming_the_other(one) for one in errors]
            raise ValidationError(found) from error

    def _naming_the_other(self, error: ValidationError) -> ValidationError:
        other = self.in_the_way() if error.code == "room_taken" else None
        if other is None:
            return error
        return ValidationError(
            _("The room is taken at this time by “%(session)s”."), code="room_taken", params={"session": other}
        )

    def in_the_way(self) -> "Session | None":
        """The session that holds this one's room at its time."""
        others = Session.objects.overlapping(self.starts_at, self.ends_at).filter(room=self.room)
        return others.exclude(pk=self.pk).first()

    def clean(self):
        if self.room and self.venue_id != self.room.venue_id:
            raise ValidationError({"room": _("This room is in another venue.")})
        if self.KIND and self.kind != self.KIND:
            raise ValidationError(_("The kind of a %(kind)s cannot change."), params={"kind": self._meta.verbose_name})

    @property
    def zone(self) -> ZoneInfo:
        """Where its times are typed and shown."""
        return self.venue.zone if self.venue else self.forum.zone

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None


class Role(models.Model):
    """Who does what in a session: a government, a person, or a person for a government."""

    # Also said of several, and what has a plural `gettext` of Python 3.11.2 does not find
    class Kind(models.TextChoices):
        CO_CHAIR = "co_chair", ngettext_lazy("Co-chair", "Co-chairs", 1)
        KEYNOTE = "keynote", ngettext_lazy("Keynote", "Keynotes", 1)
        MODERATOR = "moderator", ngettext_lazy("Moderator", "Moderators", 1)
        RAPPORTEUR = "rapporteur", ngettext_lazy("Rapporteur", "Rapporteurs", 1)
        SPEAKER = "speaker", ngettext_lazy("Speaker", "Speakers", 1)
        THEMATIC_EXPERT = "thematic_expert", ngettext_lazy("Thematic expert", "Thematic experts", 1)
        COORDINATOR = "coordinator", ngettext_lazy("Coordinator", "Coordinators", 1)
        TEAM_MEMBER = "team_member", ngettext_lazy("Team member", "Team members", 1)

    session = models.ForeignKey(Session, models.CASCADE, related_name="roles", verbose_name=_("session"))
    kind = models.CharField(_("role"), max_length=20, choices=Kind)
    party = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="roles", verbose_name=_("party")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="roles", verbose_name=_("person")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(party__isnull=False) | Q(person__isnull=False),
                name="role_has_a_holder",
                violation_error_message=_("Name a party, a person, or both."),
            ),
            models.UniqueConstraint(
                fields=["session", "kind", "party", "person"],
                name="role_once",
                nulls_distinct=False,
                violation_error_message=_("This role stands there already."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.person or self.party}"
