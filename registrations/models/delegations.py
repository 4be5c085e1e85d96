import secrets
import uuid
from datetime import date, datetime

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models import Party, Person
from schedule.models import LANGUAGE_CHOICES, Forum, Session

from ..fields import EncryptedTextField

KEY_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is misread on paper


def new_key() -> str:
    """Twenty signs in fives, about 99 bits: cannot be guessed, can be read out on the telephone."""
    return "-".join("".join(secrets.choice(KEY_ALPHABET) for _sign in range(5)) for _group in range(4))


class DelegationCategory(models.Model):
    """Member States, observers, civil society …: what they are called, and the rules they come under.

    The places are those of one delegation at one session; a seating may set others for itself. Kept
    ones are the delegation's own until it releases them; others are first come.
    """

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    plural_name = models.CharField(
        _("name of several"),
        max_length=100,
        blank=True,
        help_text=_("Above lists of them, such as “Member States”. The name stands there when this is empty."),
    )
    colour = models.CharField(
        _("colour"),
        max_length=7,
        validators=[RegexValidator(r"^#[0-9a-f]{6}$", message=_("A colour is written like #3733b4."))],
        help_text=_("Of the band on badges, like #3733b4."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    is_government = models.BooleanField(
        _("governments"), default=False, help_text=_("May enter what is for governments.")
    )
    table_places = models.PositiveSmallIntegerField(_("places at the table"), default=0)
    behind_places = models.PositiveSmallIntegerField(_("places behind the table"), default=1)
    observer_places = models.PositiveSmallIntegerField(_("observers’ seats"), default=0)
    places_are_kept = models.BooleanField(
        _("places are kept"),
        default=False,
        help_text=_("Each delegation has its places from the start until it releases them. Else first come."),
    )
    size = models.PositiveSmallIntegerField(
        _("delegates at most"), null=True, blank=True, help_text=_("Of one delegation. Any number when empty.")
    )
    needs_letter = models.BooleanField(
        _("needs a letter"),
        default=False,
        help_text=_("A note verbale or letter, or word that it follows, before anybody is accredited."),
    )
    open_kinds = ArrayField(
        models.CharField(max_length=20, choices=Session.Kind),
        default=list,
        blank=True,
        verbose_name=_("open to it"),
        help_text=_("Kinds of session in which it may take places. All when none is chosen."),
    )

    class Meta:
        verbose_name = _("category of delegations")
        verbose_name_plural = _("categories of delegations")
        ordering = ["position", "code"]

    def __str__(self):
        return self.name or self.code


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def with_key(self, typed: str):
        """The delegation whose registration key was typed, however it was spaced or cased."""
        signs = "".join(sign for sign in typed.upper() if sign.isalnum())
        return self.filter(registration_key="-".join(signs[start : start + 5] for start in range(0, len(signs), 5)))

    def looked_after_by(self, user):
        """Those of the current forum whose focal point the account is."""
        return self.filter(focal_points__user=user, forum__is_current=True).select_related("forum", "party", "category")


class Delegation(models.Model):
    """A party at a forum."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="delegations", verbose_name=_("forum"))
    party = models.ForeignKey(Party, models.PROTECT, related_name="delegations", verbose_name=_("party"))
    category = models.ForeignKey(
        DelegationCategory, models.PROTECT, related_name="delegations", verbose_name=_("category")
    )
    registration_key = models.CharField(
        _("registration key"), max_length=30, unique=True, default=new_key, editable=False
    )
    key_expires_at = models.DateTimeField(_("key valid until"), null=True, blank=True)
    letter_follows = models.BooleanField(_("letter to follow"), default=False)
    accessible_seat = models.BooleanField(
        _("takes an accessible seat"),
        default=False,
        help_text=_("Seating plans give it the nearest one. They say neither for whom nor why."),
    )

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["category__position", "party__sort_key_en", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["forum", "party"],
                name="delegation_once_per_forum",
                violation_error_message=_("This party has a delegation at this forum."),
            ),
        ]

    def __str__(self):
        return str(self.party)

    @property
    def lacks_letter(self) -> bool:
        """Whether its category asks for a letter and none is here or promised. May cost a query."""
        return self.category.needs_letter and not self.letter_follows and not self.letters.exists()

    def key_has_expired(self, now: datetime) -> bool:
        return self.key_expires_at is not None and self.key_expires_at <= now

    def announce_letter(self, *, follows: bool) -> None:
        """Say that the letter is on its way, or take that back."""
        self.letter_follows = follows
        self.save(update_fields=["letter_follows"])

    def renew_key(self, *, expires_at: datetime | None = None) -> None:
        """Give a new key; the old one opens nothing from now on."""
        self.registration_key = new_key()
        self.key_expires_at = expires_at
        self.save(update_fields=["registration_key", "key_expires_at"])


class FocalPoint(models.Model):
    """An account that looks after a delegation."""

    delegation = models.ForeignKey(
        Delegation, models.CASCADE, related_name="focal_points", verbose_name=_("delegation")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="focal_point_of", verbose_name=_("account")
    )

    class Meta:
        verbose_name = _("focal point")
        verbose_name_plural = _("focal points")
        ordering = ["delegation", "pk"]
        constraints = [models.UniqueConstraint(fields=["delegation", "user"], name="focal_point_once")]

    def __str__(self):
        return f"{self.delegation_id}: {self.user_id}"


class DelegateQuerySet(models.QuerySet["Delegate"]):
    def accredited(self):
        return self.filter(state=Delegate.State.ACCREDITED)

    def present(self):
        """Those who make up the delegation: neither declined nor withdrawn."""
        return self.exclude(state__in=[Delegate.State.DECLINED, Delegate.State.WITHDRAWN])

    def without_letter(self):
        """Those whose delegation owes the letter that its category asks for, and has not announced it."""
        owes = {"category__needs_letter": True, "letter_follows": False, "letters": None}
        return self.filter(**{f"delegation__{name}": value for name, value in owes.items()})

    def looked_after_by(self, user):
        """Those of the delegations that the account looks after at the current forum."""
        return self.filter(delegation__in=Delegation.objects.looked_after_by(user)).select_related(
            "person__user", "delegation__party", "delegation__category", "delegation__forum"
        )

    def with_reason(self):
        """Annotate `reason`: what was said when each came to be what they are."""
        decisions = AccreditationChange.objects.filter(delegate=models.OuterRef("pk"), new=models.OuterRef("state"))
        return self.annotate(reason=models.Subquery(decisions.order_by("-at", "-pk").values("reason")[:1]))

    def of(self, person, forum):
        """Memberships of a person at `forum`, the one to act with first."""
        return (
            self.filter(person=person, delegation__forum=forum)
            .select_related("person", "delegation__party", "delegation__category")
            .order_by(models.Case(models.When(state=Delegate.State.ACCREDITED, then=0), default=1), "pk")
        )


def _state_has_its_time(state: str) -> models.CheckConstraint:
    at = {f"{state}_at__isnull": False}
    return models.CheckConstraint(
        condition=Q(state=state, **at) | ~Q(state=state) & Q(**{f"{state}_at": None}), name=f"delegate_{state}_at"
    )


class Delegate(models.Model):
    """A person's membership in a delegation."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("Submitted")
        RETURNED = "returned", _("Returned to mend")
        ACCREDITED = "accredited", _("Accredited")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships", verbose_name=_("person"))
    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="delegates", verbose_name=_("delegation"))
    function = models.CharField(
        _("function"), max_length=200, blank=True, help_text=_("As it should stand on the badge and in the list.")
    )
    position = models.PositiveSmallIntegerField(_("order in the delegation"), default=100)
    languages = ArrayField(
        models.CharField(max_length=2, choices=LANGUAGE_CHOICES),
        default=list,
        blank=True,
        verbose_name=_("working languages"),
    )
    needs = EncryptedTextField(
        _("needs"),
        blank=True,
        help_text=_("Access, assistance, diet. Kept encrypted, read only by those who see to it."),
    )
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True, help_text=_("Included."))
    has_temporary_pass = models.BooleanField(_("temporary pass"), default=False)
    state = models.CharField(_("accreditation"), max_length=12, choices=State, default=State.SUBMITTED)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True, default=timezone.now)
    returned_at = models.DateTimeField(_("returned at"), null=True, blank=True)
    accredited_at = models.DateTimeField(_("accredited at"), null=True, blank=True)
    declined_at = models.DateTimeField(_("declined at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = DelegateQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegate")
        verbose_name_plural = _("delegates")
        ordering = ["delegation", "position", "pk"]
        permissions = [("read_needs", _("Can read what delegates need"))]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "delegation"],
                name="delegate_once",
                violation_error_message=_("This person is a member of this delegation."),
            ),
            # What the composite foreign keys of heads and registrations point at
            models.UniqueConstraint(fields=["id", "delegation", "person"], name="delegate_identity"),
            models.UniqueConstraint(fields=["id", "delegation"], name="delegate_membership"),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="delegate_last_day_after_first",
                violation_error_message=_("The last day lies before the first."),
            ),
            *(_state_has_its_time(state) for state in ("submitted", "returned", "accredited", "declined", "withdrawn")),
        ]

    def __str__(self):
        return f"{self.person}, {self.delegation}"

    @property
    def is_present(self) -> bool:
        return self.state not in (self.State.DECLINED, self.State.WITHDRAWN)

    def is_there_on(self, day: date) -> bool:
        """Whether the delegation has entered them for this day."""
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day <= self.ends_on)

    def move(self, *, to: "Delegate.State", now: datetime) -> bool:
        """Compare-and-set: False when somebody else decided since this row was read."""
        stamps = {f"{state}_at": now if state == to else None for state in Delegate.State.values}
        moved = Delegate.objects.filter(pk=self.pk, state=self.state).update(state=to, **stamps)
        if moved:
            self.state = to
            for name, value in stamps.items():
                setattr(self, name, value)
        return bool(moved)


class AccreditationChange(models.Model):
    """One decision on a delegate: a line of the history, never changed."""

    delegate = models.ForeignKey(Delegate, models.CASCADE, related_name="changes", verbose_name=_("delegate"))
    old = models.CharField(_("from"), max_length=12, choices=Delegate.State, blank=True)
    new = models.CharField(_("to"), max_length=12, choices=Delegate.State)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("change of accreditation")
        verbose_name_plural = _("changes of accreditation")
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.delegate_id}: {self.old} → {self.new}"


class DelegationHead(models.Model):
    """Who heads a delegation, and when: one at a time."""

    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="heads", verbose_name=_("delegation"))
    delegate = models.ForeignKey(Delegate, models.PROTECT, related_name="headships", verbose_name=_("delegate"))
    period = DateTimeRangeField(_("from – to"), help_text=_("Leave an end open where there is none."))

    class Meta:
        verbose_name = _("head of delegation")
        verbose_name_plural = _("heads of delegation")
        ordering = ["delegation", "period"]
        constraints = [
            ExclusionConstraint(
                name="delegation_has_one_head_at_a_time",
                expressions=[("delegation", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                violation_error_message=_("The delegation has another head in this time."),
            ),
        ]

    def __str__(self):
        return f"{self.delegation_id}: {self.delegate_id} {self.period}"

    def clean(self):
        if self.delegate_id and self.delegate.delegation_id != self.delegation_id:
            raise ValidationError({"delegate": _("The head must be a delegate of this delegation.")})
