"""Who may have a place where. Reads only; the services ask under their locks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from people.models import User
from programme import dates
from programme.models import PublishedSession
from schedule.models import Session

from .models import Delegate, DelegationCategory, DelegationHead, Place, Registration, Seating, SeatingShare
from .problems import Code, Problem

# Sessions that every delegate may walk into, with or without a place
OPEN_KINDS = (Session.Kind.PLENARY, Session.Kind.COMMON_SPACE, Session.Kind.SPECIAL_SESSION)
OPEN_ENTRIES = ("", Session.Entry.ALL)


@dataclass(frozen=True)
class Allowance:
    """The places of one delegation at one session. Exceptions stand beside it."""

    places: Mapping[Place, int]
    active: tuple[Registration, ...]

    def of(self, delegate: Delegate) -> Registration | None:
        return next((one for one in self.active if one.delegate_id == delegate.pk), None)

    def to_be_named(self, delegate: Delegate) -> Registration | None:
        """A place of the delegation in which this delegate may sit at once."""
        reserved = (None, delegate.pk)
        empty = (one for one in self.active if one.is_confirmed and one.delegate_id is None)
        return next((one for one in empty if one.reserved_for_id in reserved), None)

    def left(self, place: Place) -> int:
        held = [one for one in self.active if one.place == place and not one.is_beyond_quota]
        return max(0, self.places[place] - len(held))

    @property
    def total(self) -> int:
        return sum(self.places.values())

    @property
    def used(self) -> int:
        """Places held or waited for."""
        return len([one for one in self.active if not one.is_beyond_quota])

    @property
    def is_used_up(self) -> bool:
        return self.used >= self.total


def allowance(seating: Seating, delegate: Delegate) -> Allowance:
    category = delegate.delegation.category
    share = seating.shares.filter(category=category).first() or category
    active = Registration.objects.active().filter(seating=seating, delegation=delegate.delegation_id)
    return Allowance(
        places={place: quota(seating, share, place) for place in Place},
        active=tuple(active.with_beyond_quota().select_related("person").order_by("pk")),
    )


def quota(seating: Seating, share: SeatingShare | DelegationCategory, place: Place) -> int:
    """Places of one kind for one delegation; none where no such seat stands."""
    return getattr(share, f"{place}_places") if getattr(seating, f"{place}_seats") else 0


def acting(*, seating: Seating, session: PublishedSession, user: User) -> Delegate | None:
    """The membership by which the account has a place here; else the first that could bring one."""
    delegates = list(Delegate.objects.of(user, seating.session.forum))
    if len(delegates) > 1:
        delegates.sort(key=lambda delegate: _farther(seating, session, delegate))
    return next(iter(delegates), None)


def _farther(seating: Seating, session: PublishedSession, delegate: Delegate) -> tuple[bool, ...]:
    allowed = allowance(seating, delegate)
    refused = any(_accreditation(delegate)) or any(admission(session, delegate))
    return allowed.of(delegate) is None, refused, allowed.is_used_up and not allowed.to_be_named(delegate)


def problems(*, seating: Seating, session: PublishedSession, delegate: Delegate | None, now: datetime) -> list[Problem]:
    """Everything but the number of seats. Costs no query beyond the delegate while a plainer reason is there."""
    if delegate is None:
        found = list(of_session(seating, session, now))
        return [*found, Problem(Code.NO_DELEGATION, _("Places are for delegates. Join your delegation with its key."))]
    return [*admission(session, delegate), *of_session(seating, session, now), *_accreditation(delegate)] or list(
        _in_the_way(session, delegate)
    )


def of_session(seating: Seating, session: PublishedSession, now: datetime) -> Iterator[Problem]:
    """What stands in everybody's way."""
    if session.cancelled_at:
        yield Problem(Code.CANCELLED, _("This session is cancelled."))
    elif seating.opens_at and now < seating.opens_at:
        yield Problem(
            Code.NOT_OPEN, _("Places can be taken from {moment}."), {"moment": _moment(session, seating.opens_at)}
        )
    elif seating.closes_at and now >= seating.closes_at:
        yield Problem(
            Code.CLOSED,
            _("Places could be taken until {moment}. Ask an organiser."),
            {"moment": _moment(session, seating.closes_at)},
        )


def _moment(session: PublishedSession, moment: datetime) -> str:
    return dates.moment(session.local(moment), get_language() or "en")


def admission(session: PublishedSession, delegate: Delegate) -> Iterator[Problem]:
    """Why the session is not for this delegate, today or ever."""
    delegation = delegate.delegation
    category = delegation.category
    if category.open_kinds and session.kind not in category.open_kinds:
        yield Problem(
            Code.NOT_FOR_YOU,
            _("Sessions of this kind are not open to this kind of delegation: {category}."),
            {"category": category},
        )
    elif session.entry == Session.Entry.INVITATION:
        yield Problem(Code.NOT_FOR_YOU, _("This session is by invitation. Organisers name those who take part."))
    elif session.entry == Session.Entry.GOVERNMENTS and not category.is_government:
        yield Problem(
            Code.NOT_FOR_YOU,
            _("This session is for governments. {party} takes part as: {category}."),
            {"party": delegation.party, "category": category},
        )
    elif session.entry == Session.Entry.HEADS and not _is_head(session, delegate):
        yield Problem(Code.NOT_FOR_YOU, _("This session is for heads of delegation only."))
    if session.starts_at and not delegate.is_there_on(session.local(session.starts_at).date()):
        yield Problem(
            Code.OTHER_DAYS, _("Your delegation has entered you for other days. Ask its focal point to mend that.")
        )


def admits(session: PublishedSession, category: DelegationCategory) -> bool:
    """Whether delegations of the category have places there at all, those of their heads included."""
    if category.open_kinds and session.kind not in category.open_kinds:
        return False
    if session.entry == Session.Entry.GOVERNMENTS:
        return category.is_government
    return session.entry != Session.Entry.INVITATION


def _is_head(session: PublishedSession, delegate: Delegate) -> bool:
    headships = DelegationHead.objects.filter(delegate=delegate)
    if session.starts_at:
        headships = headships.filter(period__contains=session.starts_at)
    return headships.exists()


def _accreditation(delegate: Delegate) -> Iterator[Problem]:
    sentence = {
        Delegate.State.SUBMITTED: _(
            "Your accreditation is being looked at. You can take a place as soon as it is accepted."
        ),
        Delegate.State.RETURNED: _("Your entry was returned to be mended. Ask the focal point of your delegation."),
        Delegate.State.DECLINED: _("Your accreditation was declined."),
        Delegate.State.WITHDRAWN: _("Your delegation has withdrawn you. Ask its focal point."),
    }.get(Delegate.State(delegate.state))
    if sentence:
        yield Problem(Code.NOT_ACCREDITED, sentence)


def _in_the_way(session: PublishedSession, delegate: Delegate) -> Iterator[Problem]:
    if session.period is None:
        return
    other = Registration.objects.in_the_way_of(delegate.person_id, session.period)
    for registration in other.exclude(seating__session=session.pk).select_related("seating__session__published")[:1]:
        yield slot_taken(registration.published)


def slot_taken(other: PublishedSession | None) -> Problem:
    if other is None:
        return Problem(
            Code.SLOT_TAKEN,
            _("At this hour you hold a place in a session no longer in the programme. Give that up first."),
        )
    return Problem(
        Code.SLOT_TAKEN,
        _("At this hour you hold a place in {session}. Give that up first, or ask an organiser."),
        session=other,
    )


def at_quota(delegate: Delegate, allowed: Allowance) -> Problem:
    delegation = delegate.delegation
    if not allowed.total:
        return Problem(
            Code.AT_QUOTA,
            _("There are no places here for this kind of delegation: {category}."),
            {"category": delegation.category},
        )
    separator = pgettext("between the items of a list", ", ")
    names = separator.join(str(one.person) if one.person else _("to be named") for one in allowed.active)
    return Problem(
        Code.AT_QUOTA,
        ngettext(
            "{party} has its one place here in use: {names}.",
            "{party} has all of its {n} places here in use: {names}.",
            allowed.total,
        ),
        {"party": delegation.party, "n": allowed.total, "names": names},
    )
