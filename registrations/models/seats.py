import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from people.models import Person
from programme.models import PublishedSession
from schedule.models import Forum, Session

from .delegations import Delegate, Delegation, DelegationCategory


class Place(models.TextChoices):
    TABLE = "table", _("At the table")
    BEHIND = "behind", _("Behind the table")
    OBSERVER = "observer", _("Observers’ seats")


PLACES = ["table", "behind", "observer"]


class SeatingQuerySet(models.QuerySet["Seating"]):
    def with_counts(self):
        """Annotate `at_table`, `behind` and `observers` (confirmed, exceptions included) and `waiting`."""
        confirmed = Q(registrations__status="confirmed")
        return self.annotate(
            at_table=Count("registrations", filter=confirmed & Q(registrations__place=Place.TABLE)),
            behind=Count("registrations", filter=confirmed & Q(registrations__place=Place.BEHIND)),
            observers=Count("registrations", filter=confirmed & Q(registrations__place=Place.OBSERVER)),
            waiting=Count("registrations", filter=Q(registrations__status="waitlisted")),
        )


class Seating(models.Model):
    """The seats of one session that is open to registration: the only source of seats.

    `register` locks this row and nothing else. Places are given at the table first, then behind it,
    then among the observers.
    """

    session = models.OneToOneField(Session, models.PROTECT, related_name="seating", verbose_name=_("session"))
    table_seats = models.PositiveIntegerField(_("seats at the table"))
    behind_seats = models.PositiveIntegerField(_("seats behind the table"), default=0)
    observer_seats = models.PositiveIntegerField(_("observers’ seats"), default=0)
    held_back = models.PositiveIntegerField(
        _("held back"), default=0, help_text=_("Seats at the table that organisers keep for themselves.")
    )
    accessible_seats = ArrayField(
        models.PositiveSmallIntegerField(),
        default=list,
        blank=True,
        verbose_name=_("accessible seats"),
        help_text=_("Their numbers at the table, with commas between them, such as 1, 30."),
    )
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True, help_text=_("Open at once when empty."))
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)

    objects = SeatingQuerySet.as_manager()

    class Meta:
        verbose_name = _("seating")
        verbose_name_plural = _("seatings")
        ordering = ["session__starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(held_back__lte=F("table_seats")),
                name="seating_holds_back_what_it_has",
                violation_error_message=_("More seats are held back than stand at the table."),
            ),
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(closes_at__gt=F("opens_at")),
                name="seating_closes_after_it_opens",
                violation_error_message=_("Registration closes before it opens."),
            ),
        ]

    def __str__(self):
        return str(self.session)

    @property
    def seats(self) -> int:
        """All of them, those held back included."""
        return self.table_seats + self.behind_seats + self.observer_seats

    def limit(self, place: str) -> int:
        """Seats that may be given, those held back left out."""
        return getattr(self, f"{place}_seats") - (self.held_back if place == Place.TABLE else 0)

    def free_seats(self) -> dict[Place, int]:
        """Seats left of each kind, the table first. One query, which brings a row for each kind."""
        return self.left(self._taken())

    def left(self, taken: Mapping[str, int]) -> dict[Place, int]:
        """Seats left of each kind when so many are taken."""
        return {place: max(0, self.limit(place) - taken.get(place, 0)) for place in Place}

    def _taken(self) -> dict[str, int]:
        return dict(self.registrations.counted_in_seats().order_by().values_list("place").annotate(Count("pk")))

    def clean(self):
        if self.pk and any(self.limit(place) < taken for place, taken in self._taken().items()):
            raise ValidationError(_("More places are confirmed than would be left. Release some first."))


class SeatingShare(models.Model):
    """Places of each delegation of a category at one seating, where they are not the category's own."""

    seating = models.ForeignKey(Seating, models.CASCADE, related_name="shares", verbose_name=_("seating"))
    category = models.ForeignKey(DelegationCategory, models.PROTECT, related_name="+", verbose_name=_("category"))
    table_places = models.PositiveSmallIntegerField(_("places at the table"))
    behind_places = models.PositiveSmallIntegerField(_("places behind the table"))
    observer_places = models.PositiveSmallIntegerField(_("observers’ seats"), default=0)

    class Meta:
        verbose_name = _("places of a category")
        verbose_name_plural = _("places by category")
        ordering = ["seating", "category"]
        constraints = [
            models.UniqueConstraint(
                fields=["seating", "category"],
                name="seating_share_once",
                violation_error_message=_("This category has its places here already."),
            )
        ]

    def __str__(self):
        return f"{self.seating_id}, {self.category_id}"


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def active(self):
        return self.exclude(status=Registration.Status.RELEASED)

    def confirmed(self):
        return self.filter(status=Registration.Status.CONFIRMED)

    def to_be_named(self):
        """Places of a delegation in which nobody sits yet."""
        return self.confirmed().filter(delegate=None)

    def reserved(self):
        """Places kept for a delegate whose accreditation is still looked at."""
        return self.confirmed().exclude(reserved_for=None)

    def waiting(self):
        """Waitlisted, first come first: rows are numbered under the lock of their seating."""
        return self.filter(status=Registration.Status.WAITLISTED).order_by("pk")

    def in_the_way_of(self, person_id, period):
        """Confirmed places of a person that share an instant with `period`."""
        return self.confirmed().filter(person=person_id, period__overlap=period)

    def flagged(self):
        """Confirmed places that overlap another one because a release moved a session."""
        return self.confirmed().filter(overlap=Registration.Overlap.RELEASE)

    def with_overlap(self):
        """Annotate `overlaps`: another confirmed place of this person shares an instant with this one."""
        others = Registration.objects.confirmed().filter(person=OuterRef("person"), period__overlap=OuterRef("period"))
        return self.annotate(overlaps=Exists(others.exclude(pk=OuterRef("pk"))))

    def without_overlap(self):
        return self.with_overlap().filter(overlaps=False)

    def with_beyond_quota(self):
        """Annotate `is_beyond_quota`: an exception lets it stand beside its delegation's places."""
        beyond = SeatException.objects.filter(registration=OuterRef("pk"), beyond_quota=True)
        return self.annotate(is_beyond_quota=Exists(beyond))

    def with_exception(self):
        """Annotate `has_exception`: an organiser granted it beyond a limit, an overlap or what is open."""
        return self.annotate(has_exception=Exists(SeatException.objects.filter(registration=OuterRef("pk"))))

    def with_waiting_before(self):
        """Annotate `waiting_before`: how many of its waiting list are before this one."""
        before = (
            Registration.objects.filter(seating=OuterRef("seating"), status="waitlisted", pk__lt=OuterRef("pk"))
            .order_by()
            .values("seating")
            .annotate(n=Count("pk"))
            .values("n")
        )
        return self.annotate(waiting_before=Coalesce(models.Subquery(before), 0))

    def within_quota(self, seating, place):
        """Those whose delegation has a place of this kind left at `seating`."""
        share = SeatingShare.objects.filter(seating=seating, category=OuterRef("delegation__category"))
        held = (
            Registration.objects.counted_in_quota()
            .filter(seating=seating, place=place, delegation=OuterRef("delegation"))
            .order_by()
            .values("delegation")
            .annotate(n=Count("pk"))
            .values("n")
        )
        return self.alias(
            allowed=Coalesce(models.Subquery(share.values(f"{place}_places")), f"delegation__category__{place}_places"),
            held=Coalesce(models.Subquery(held), 0),
        ).filter(held__lt=F("allowed"))

    def counted_in_seats(self):
        """Confirmed, without those that an exception lets stand beside the seats."""
        return self.confirmed().exclude(exceptions__beyond_seats=True)

    def counted_in_quota(self):
        """Confirmed, without those that an exception lets stand beside the quota."""
        return self.confirmed().exclude(exceptions__beyond_quota=True)


class Registration(models.Model):
    """One place at a session, held by a delegation, filled by a delegate or “to be named”.

    A place to be named can be reserved for a delegate whose accreditation is still looked at.

    `person` and `period` repeat the delegate's person and the published hours of the session, so
    that one exclusion constraint can keep a person from being in two rooms. `overlap` says why a
    place is let out of it.
    """

    class Status(models.TextChoices):
        CONFIRMED = "confirmed", _("Confirmed")
        WAITLISTED = "waitlisted", _("On the waiting list")
        RELEASED = "released", _("Released")

    class Overlap(models.TextChoices):
        NONE = "", _("None")
        ACCEPTED = "accepted", _("Accepted by organisers")
        RELEASE = "release", _("Caused by a release")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    seating = models.ForeignKey(
        Seating, models.PROTECT, db_index=False, related_name="registrations", verbose_name=_("seating")
    )
    delegation = models.ForeignKey(
        Delegation, models.PROTECT, db_index=False, related_name="registrations", verbose_name=_("delegation")
    )
    delegate = models.ForeignKey(
        Delegate, models.PROTECT, null=True, blank=True, related_name="registrations", verbose_name=_("delegate")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="registrations", verbose_name=_("person")
    )
    reserved_for = models.ForeignKey(
        Delegate, models.SET_NULL, null=True, blank=True, related_name="reserved", verbose_name=_("reserved for")
    )
    period = DateTimeRangeField(_("hours"), null=True, blank=True)
    place = models.CharField(_("kind of place"), max_length=10, choices=Place, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status)
    overlap = models.CharField(_("overlap"), max_length=10, choices=Overlap, blank=True, default=Overlap.NONE)
    requested_at = models.DateTimeField(_("asked for at"))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked for by")
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("released by")
    )
    attended_at = models.DateTimeField(_("attended at"), null=True, blank=True)
    attended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("checked in by")
    )

    is_beyond_quota: bool  # by `with_beyond_quota`
    has_exception: bool  # by `with_exception`
    case: Any = None  # the `Case` by which `register` decided

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["seating", "pk"]
        permissions = [("check_in", _("Can check in at the door"))]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(status="waitlisted", place="", confirmed_at=None, released_at=None)
                    | Q(status="confirmed", place__in=PLACES, confirmed_at__isnull=False, released_at=None)
                    | Q(status="released", released_at__isnull=False)
                ),
                name="registration_status_has_its_times",
            ),
            models.CheckConstraint(
                condition=Q(reserved_for=None) | Q(status="confirmed", delegate=None),
                name="registration_reserved_is_to_be_named",
            ),
            models.CheckConstraint(
                condition=Q(attended_at=None) | Q(status="confirmed"), name="registration_attended_is_confirmed"
            ),
            models.CheckConstraint(
                condition=Q(delegate=None, person=None) | Q(delegate__isnull=False, person__isnull=False),
                name="registration_person_is_the_delegates",
            ),
            models.UniqueConstraint(
                fields=["seating", "delegate"],
                condition=~Q(status="released"),
                name="registration_one_active",
                violation_error_message=_("This delegate holds a place here, or waits for one."),
            ),
            ExclusionConstraint(
                name="person_is_in_one_place_at_a_time",
                expressions=[("person", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(status="confirmed", overlap=""),
                # Checked once a statement is done: a release may swap the hours of two sessions
                deferrable=models.Deferrable.IMMEDIATE,
                violation_error_message=_("This person holds another place at this hour."),
            ),
        ]
        indexes = [
            models.Index(fields=["seating", "status", "id"], name="registration_queue"),
            models.Index(fields=["delegation", "seating"], name="registration_of_delegation"),
        ]

    def __str__(self):
        return f"{self.seating_id}: {self.person_id} {self.status}"

    @property
    def published(self) -> PublishedSession | None:
        """The session as readers see it; None once it has left the programme."""
        return getattr(self.seating.session, "published", None)

    @property
    def is_confirmed(self) -> bool:
        return self.status == self.Status.CONFIRMED

    @property
    def is_waiting(self) -> bool:
        return self.status == self.Status.WAITLISTED


class SeatException(models.Model):
    """Lets one registration stand beside a limit or an overlap: what the chair says goes, nobody is displaced."""

    registration = models.ForeignKey(
        Registration, models.PROTECT, related_name="exceptions", verbose_name=_("registration")
    )
    beyond_seats = models.BooleanField(_("beyond the seats"), default=False)
    beyond_quota = models.BooleanField(_("beyond the delegation’s places"), default=False)
    beyond_hours = models.BooleanField(_("in two places at once"), default=False)
    authorised_by = models.CharField(_("authorised by"), max_length=200)
    authorised_at = models.DateTimeField(_("authorised at"))
    reason = models.TextField(_("reason"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("exception")
        verbose_name_plural = _("exceptions")
        ordering = ["-recorded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "beyond_hours"],
                name="seat_exception_once",
                violation_error_message=_("This exception is on record already."),
            ),
            models.CheckConstraint(
                condition=~Q(authorised_by="") & ~Q(reason=""),
                name="seat_exception_is_accounted_for",
                violation_error_message=_("Say who authorised it, and why."),
            ),
        ]

    def __str__(self):
        return f"{self.registration_id}: {self.authorised_by}"


class ReleaseCursor(models.Model):
    """The release up to which those who hold places have been told."""

    forum = models.OneToOneField(Forum, models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("release dealt with")
        verbose_name_plural = _("releases dealt with")

    def __str__(self):
        return f"{self.forum_id}/{self.number}"
