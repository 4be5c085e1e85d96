"""Who was there: badges are checked in at the door, plates are counted for those who are not scanned."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import Person, User
from programme import dates
from programme.models import PublishedSession
from schedule.models import Session

from .. import rules
from ..badges import person_with
from ..models import Delegate, DelegationHead, PlateCount, Registration, Seating
from ..problems import Code, Problem, RegistrationRefused

KEPT = timedelta(days=1)  # how long a scan that found no network may have waited in a telephone


class Verdict(models.TextChoices):
    CHECKED_IN = "checked_in", gettext_lazy("Checked in")
    ALREADY = "already", gettext_lazy("Already checked in")
    OPEN = "open", gettext_lazy("No place is needed")
    NOT_SCANNED = "not_scanned", gettext_lazy("Heads and ministers are not scanned")
    ELSEWHERE = "elsewhere", gettext_lazy("The place is in another session")
    WAITING = "waiting", gettext_lazy("On the waiting list")
    BY_INVITATION = "by_invitation", gettext_lazy("By invitation")
    NOT_ADMITTED = "not_admitted", gettext_lazy("Not open to this delegation")
    NO_PLACE = "no_place", gettext_lazy("No place here")
    NOT_ACCREDITED = "not_accredited", gettext_lazy("Not accredited")
    CANCELLED = "cancelled", gettext_lazy("Session cancelled")
    UNKNOWN = "unknown", gettext_lazy("Unknown badge")


MAY_ENTER = (Verdict.CHECKED_IN, Verdict.OPEN, Verdict.NOT_SCANNED)


@dataclass(frozen=True)
class CheckIn:
    """What the door says to a badge. `elsewhere` is the session where its bearer has a place at this hour."""

    verdict: Verdict
    sentence: str = ""
    person: Person | None = None
    delegate: Delegate | None = None
    registration: Registration | None = None
    elsewhere: PublishedSession | None = None

    @property
    def may_enter(self) -> bool:
        return self.verdict in MAY_ENTER


def check_in(*, session: PublishedSession, code: str, by: User, at: datetime, now: datetime) -> CheckIn:
    """Write down that the bearer of a badge was there `at`, once; only a confirmed place can be checked in.

    The same scan sent again brings the same answer. Of two telephones at once one is the first. Takes
    no lock on the seating: a place that is given up at this moment is either checked in or given up.
    """
    at = at if now - KEPT <= at <= now else now
    if session.cancelled_at:
        return CheckIn(Verdict.CANCELLED, _("This session is cancelled."))
    person = person_with(code)
    if person is None:
        return CheckIn(Verdict.UNKNOWN, _("No badge of this forum has this code. Try once more, or type it."))
    delegates = list(
        Delegate.objects.filter(person=person, delegation__forum=session.forum_id)
        .select_related("delegation__party", "delegation__category", "person")
        .order_by("pk")
    )
    accredited = [delegate for delegate in delegates if delegate.state == Delegate.State.ACCREDITED]
    if not accredited:
        return CheckIn(
            Verdict.NOT_ACCREDITED,
            _("The accreditation desk can help."),
            person,
            next(iter(delegates), None),
        )
    places = Registration.objects.active().filter(seating__session=session.pk, delegate__in=accredited).order_by("pk")
    held = list(places.select_related("delegate__delegation__party"))
    may_come = held or any(rules.admits(session, one.delegation.category) for one in accredited)
    if may_come and (_is_minister(person) or _is_head(session, person, at)):
        return CheckIn(Verdict.NOT_SCANNED, _("The plate of the delegation is counted instead."), person, accredited[0])
    for registration in held:
        if registration.is_confirmed and (found := _write_down(registration, session, person, by, at)):
            return found
    if any(registration.is_waiting for registration in held):
        return CheckIn(Verdict.WAITING, _("No place is confirmed for this badge."), person, held[0].delegate)
    return _without_place(session, person, accredited)


def _write_down(
    registration: Registration, session: PublishedSession, person: Person, by: User, at: datetime
) -> CheckIn | None:
    """None when the place was given up in the same moment."""
    mine = Registration.objects.confirmed().filter(pk=registration.pk, delegate=registration.delegate_id)
    mine.filter(attended_at=None).update(attended_at=at, attended_by=by)
    written = mine.values_list("attended_at", "attended_by").first()
    if written is None:
        return None
    if written == (at, by.pk):
        return CheckIn(Verdict.CHECKED_IN, "", person, registration.delegate, registration)
    sentence = _("This badge was checked in at {hour}.").format(hour=dates.clock(session.local(written[0])))
    return CheckIn(Verdict.ALREADY, sentence, person, registration.delegate, registration)


def _without_place(session: PublishedSession, person: Person, delegates: list[Delegate]) -> CheckIn:
    delegate = delegates[0]
    if session.entry == Session.Entry.INVITATION:
        return CheckIn(
            Verdict.BY_INVITATION, _("Organisers name those who take part. Ask one of them."), person, delegate
        )
    objections = [list(rules.admission(session, one)) for one in delegates]
    if all(objections):
        return CheckIn(Verdict.NOT_ADMITTED, str(rules.of_another(objections[0][0])), person, delegate)
    if session.kind in rules.OPEN_KINDS and session.entry in rules.OPEN_ENTRIES:
        return CheckIn(Verdict.OPEN, _("This session is open to all delegates."), person, delegate)
    if not Seating.objects.filter(session=session.pk).exists():
        return CheckIn(
            Verdict.OPEN, _("This session has no places, so nobody is checked in by name."), person, delegate
        )
    if session.period:
        elsewhere = Registration.objects.in_the_way_of(person.pk, session.period).exclude(seating__session=session.pk)
        if other := elsewhere.select_related("seating__session__published").order_by("pk").first():
            return CheckIn(Verdict.ELSEWHERE, "", person, delegate, elsewhere=other.published)
    own = Registration.objects.to_be_named().filter(
        seating__session=session.pk, delegation__in=[one.delegation_id for one in delegates]
    )
    if unnamed := own.select_related("delegation__party").order_by("pk").first():
        sentence = _("{party} has a place here that is to be named: its focal point or an organiser can name it now.")
        return CheckIn(Verdict.NO_PLACE, sentence.format(party=unnamed.delegation.party), person, delegate)
    return CheckIn(Verdict.NO_PLACE, _("An organiser can grant one."), person, delegate)


def _is_minister(person: Person) -> bool:
    return person.protocol_rank is not None and person.protocol_rank <= Person.Rank.MINISTER


def _is_head(session: PublishedSession, person: Person, at: datetime) -> bool:
    return DelegationHead.objects.filter(
        delegate__person=person, delegation__forum=session.forum_id, period__contains=at
    ).exists()


@transaction.atomic
def take_back(*, registration: Registration, by: User, now: datetime) -> Registration:
    """A check-in was a mistake. Twice is once.

    Raises `RegistrationRefused` once the session is over: then it stays on record.
    """
    session = registration.published
    if session and session.ends_at and session.ends_at <= now:
        raise RegistrationRefused(
            Problem(Code.ATTENDED, _("The session is over: what was checked in stays on record."))
        )
    Registration.objects.filter(pk=registration.pk).update(attended_at=None, attended_by=None)
    registration.refresh_from_db()
    return registration


def count_plates(*, session: Session, plates: int, by: User, now: datetime) -> PlateCount:
    """Note how many plates are taken up at the table; earlier counts stay as a history."""
    return PlateCount.objects.create(session=session, plates=plates, counted_at=now, counted_by=by)
