"""What the portal holds about one person, in words and as a file.

Each kind of row is a `Holding`: how it leads to the person, and what of it is shown. Rooms above add theirs by
the setting HOLDINGS, so that a row about persons that no holding names is found by a test.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Field, FileField, Model, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.text import capfirst
from django.utils.translation import get_language_info, gettext_lazy, pgettext
from django.utils.translation import gettext as _
from post_office.models import Email

from people.foreign import name_of
from people.models import Person, User
from programme import dates, reading
from schedule.models import Role

from .models import (
    AccreditationChange,
    Delegate,
    DelegationHead,
    DistinctPersons,
    ErasureRequest,
    FocalPoint,
    Invitation,
    Letter,
    Registration,
    SeatException,
)


@dataclass(frozen=True)
class Subject:
    """Of whom it is asked: a person, the account, the memberships, the addresses of the account."""

    person: int | None
    user: int | None = None
    delegates: Sequence[int] = ()
    addresses: Sequence[str] = ()


def subject(*, user: User | None = None, person: Person | None = None) -> Subject:
    """All that leads to somebody, from the account or from the person."""
    if user is None and person is not None:
        user = User.objects.filter(person=person).first()
    pk = person.pk if person else user.person_id if user else None
    addresses = {user.email, *EmailAddress.objects.filter(user=user).values_list("email", flat=True)} if user else set()
    return Subject(
        person=pk,
        user=user.pk if user else None,
        delegates=tuple(Delegate.objects.filter(person=pk).values_list("pk", flat=True)) if pk else (),
        addresses=sorted({address.lower() for address in addresses}),
    )


@dataclass(frozen=True)
class Fact:
    """`name` and `value` as the file has them, `label` and `words` as the page says them."""

    name: str
    value: Any
    label: str
    words: str
    is_given: bool  # typed by somebody, whatever the language of the page


@dataclass(frozen=True)
class Holding:
    """Rows of `model` that lead to the person by one of the fields `by`, or as `also` says.

    `shows` are paths of fields with spaces between, `labels` what they are called where it is not the name of the
    field. `forget`, for rooms above, erases such rows.
    """

    name: str
    heading: str | Promise
    model: type[Model]
    shows: str
    by: Sequence[str] = ()
    also: Callable[[Subject], Q] | None = None
    related: Sequence[str] = ()
    labels: Mapping[str, str | Promise] = field(default_factory=dict)
    forget: Callable[[QuerySet[Any]], object] | None = None

    def rows(self, about: Subject) -> QuerySet[Any]:
        keys: dict[Any, Sequence[int | None]] = {
            Person: [about.person],
            User: [about.user],
            Delegate: about.delegates,
        }
        found = self.also(about) if self.also else Q(pk__in=[])
        for name in self.by:
            leads_to = self.model._meta.get_field(name).related_model
            found |= Q(**{f"{name}__in": [key for key in keys[leads_to] if key is not None]})
        rows = self.model._default_manager.filter(found)
        return rows.select_related(*self.related) if self.related else rows

    def records(self, about: Subject, zone: ZoneInfo) -> list[list[Fact]]:
        return [
            [_fact(row, path, self.labels.get(path), zone) for path in self.shows.split()]
            for row in self.rows(about).order_by("pk")
        ]


def _itself(about: Subject) -> Q:
    return Q(pk=about.person)


def _account(about: Subject) -> Q:
    return Q(pk=about.user)


def _invited(about: Subject) -> Q:
    found = Q(pk__in=[])
    for address in about.addresses:
        found |= Q(email__iexact=address)
    return found


def mailed(about: Subject) -> Q:
    found = Q(pk__in=[])
    for address in about.addresses:
        found |= Q(to__iexact=address)
    return found


def _excepted(about: Subject) -> Q:
    return Q(registration__person=about.person) if about.person else Q(pk__in=[])


PARTY = ("delegation__party", "delegation__forum")
OURS = (
    Holding(
        "person",
        gettext_lazy("You"),
        Person,
        "honorific given_name family_name arabic_name photograph may_be_listed protocol_rank",
        also=_itself,
    ),
    Holding(
        "account",
        gettext_lazy("Your account"),
        User,
        "email language date_joined last_login privacy_version privacy_agreed_at is_staff",
        by=["person"],
        also=_account,
    ),
    Holding("addresses", gettext_lazy("E-mail addresses"), EmailAddress, "email verified primary", by=["user"]),
    Holding(
        "memberships",
        gettext_lazy("Delegations you belong to"),
        Delegate,
        "delegation delegation__forum function languages needs starts_on ends_on has_temporary_pass state"
        " submitted_at returned_at accredited_at declined_at withdrawn_at",
        by=["person"],
        related=PARTY,
    ),
    Holding(
        "history",
        gettext_lazy("Decisions on your accreditation"),
        AccreditationChange,
        "delegate__delegation at old new reason",
        by=["delegate"],
        related=["delegate__delegation__party"],
    ),
    Holding(
        "headships",
        gettext_lazy("Head of delegation"),
        DelegationHead,
        "delegation period",
        by=["delegate"],
        related=PARTY,
    ),
    Holding(
        "places",
        gettext_lazy("Places in sessions"),
        Registration,
        "seating__session delegation status place requested_at confirmed_at released_at attended_at overlap",
        by=["person", "delegate", "reserved_for"],
        related=["seating__session", "delegation__party"],
    ),
    Holding(
        "exceptions",
        gettext_lazy("Exceptions granted for you"),
        SeatException,
        "registration__seating__session beyond_seats beyond_quota beyond_hours authorised_by authorised_at reason",
        also=_excepted,
        related=["registration__seating__session"],
    ),
    Holding(
        "roles",
        gettext_lazy("Your part in the programme"),
        Role,
        "session kind party",
        by=["person"],
        related=["session", "party"],
    ),
    Holding(
        "focal_point",
        gettext_lazy("Delegations you look after"),
        FocalPoint,
        "delegation delegation__forum",
        by=["user"],
        related=PARTY,
    ),
    Holding(
        "letters",
        gettext_lazy("Letters you have sent in"),
        Letter,
        "delegation name uploaded_at",
        by=["uploaded_by"],
        related=PARTY,
    ),
    Holding(
        "invitations",
        gettext_lazy("Invitations to you"),
        Invitation,
        "delegation purpose email language invited_at accepted_at withdrawn_at",
        by=["delegate", "accepted_by"],
        also=_invited,
        related=PARTY,
    ),
    Holding(
        "mails",
        gettext_lazy("Mails sent to you"),
        Email,
        "subject created status",
        also=mailed,
        labels={"created": gettext_lazy("written")},
    ),
    Holding(
        "comparisons",
        gettext_lazy("Found not to be another person of a like name"),
        DistinctPersons,
        "decided_at",
        by=["first", "second"],
    ),
    Holding(
        "erasure",
        gettext_lazy("Your requests for erasure"),
        ErasureRequest,
        "asked_at done_at",
        by=["person", "asked_by"],
    ),
)


def holdings() -> tuple[Holding, ...]:
    """Those of this room and of the rooms above."""
    return (*OURS, *(import_string(path) for path in settings.HOLDINGS))


@dataclass(frozen=True)
class Held:
    """The rows of one holding, each as its facts."""

    name: str
    heading: str
    records: list[list[Fact]]


def held(about: Subject, zone: ZoneInfo) -> list[Held]:
    """All of it, in a number of queries that does not grow with the rows."""
    return [Held(one.name, str(one.heading), one.records(about, zone)) for one in holdings()]


def as_file(found: Iterable[Held], now: datetime) -> str:
    """The same as JSON; also what is empty, so that it is seen to be."""
    content: dict[str, Any] = {"made_at": now}
    for one in found:
        content[one.name] = [{fact.name: fact.value for fact in facts} for facts in one.records]
    return json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)


def _fact(row: Model, path: str, label: str | Promise | None, zone: ZoneInfo) -> Fact:
    *way, name = path.split("__")
    for step in way:
        row = getattr(row, step)
    kind = row._meta.get_field(name)
    assert isinstance(kind, Field)
    value = getattr(row, name)
    if isinstance(kind, FileField):
        value = bool(value)
    elif isinstance(value, DateTimeTZRange):
        value = [value.lower, value.upper]
    return Fact(
        name=name,
        value=str(value) if isinstance(value, Model) else value,
        label=capfirst(str(label or kind.verbose_name)),
        words=_chosen(kind, value) or _words(value, zone),
        is_given=isinstance(value, str) and not kind.flatchoices,
    )


def _chosen(kind: Any, value: Any) -> str:
    """The words of one or several choices; empty for other fields."""
    if kind.choices == settings.LANGUAGES:
        return str(get_language_info(value)["name_translated"])
    if options := dict(getattr(getattr(kind, "base_field", None), "flatchoices", ())):
        return reading.listed(str(options[one]) for one in value)
    return str(dict(kind.flatchoices).get(value, "")) if kind.flatchoices else ""


def _words(value: Any, zone: ZoneInfo) -> str:
    match value:
        case None:
            return ""
        case bool():
            return _("Yes") if value else _("No")
        case Model():
            return name_of(value)
        case datetime():
            return dates.moment(timezone.localtime(value, zone), reading.language(), year=True)
        case date():
            return dates.day(value, reading.language(), year=True)
        case [start, end]:
            span = {"start": _words(start, zone) or "…", "end": _words(end, zone) or "…"}
            return pgettext("from one moment to another", "%(start)s – %(end)s") % span
    return str(value)
