"""Who may have a place where. Reads only; the services ask under their locks."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import prefetch_related_objects
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from people.direction import isolated
from people.rows import stored
from programme import dates
from programme.models import PublishedSession
from schedule.models import Session

from .allowances import Allowance
from .case import Case, look
from .facts import Facts, gather
from .models import Delegate, Delegation, DelegationCategory, Place, Registration, Seating
from .problems import Code, Problem

# Sessions that every delegate may walk into, with or without a place
OPEN_KINDS = (Session.Kind.PLENARY, Session.Kind.COMMON_SPACE, Session.Kind.SPECIAL_SESSION)
OPEN_ENTRIES = ("", Session.Entry.ALL)


def acting(*, seating: Seating, session: PublishedSession, memberships: Sequence[int]) -> Delegate | None:
    """Of the memberships of an account, that by which it has a place here; else the first that could bring one.

    Only its key is read.
    """
    if len(memberships) > 1:
        cases = [look(seating=seating.pk, delegate=delegate) for delegate in memberships]
        return min(cases, key=lambda case: _farther(session, case)).delegate
    return next((stored(Delegate, id=delegate) for delegate in memberships), None)


def _farther(session: PublishedSession, case: Case) -> tuple[bool, ...]:
    delegate, allowed = case.delegate, case.allowed
    refused = any(accreditation(delegate)) or any(admission(session, delegate))
    return allowed.of(delegate) is None, refused, allowed.is_used_up and not allowed.to_be_named(delegate)


def problems(
    *,
    seating: Seating,
    session: PublishedSession,
    delegate: Delegate | None,
    now: datetime,
    is_elsewhere: bool = True,
) -> list[Problem]:
    """Everything but the number of seats. Costs no query beyond the delegate while a plainer reason is there.

    `is_elsewhere` is false where it is known that the person holds no other place at this hour.
    """
    if delegate is None:
        found = list(of_session(seating, session, now))
        return [*found, Problem(Code.NO_DELEGATION, _("Places are for delegates. Join your delegation with its key."))]
    plain = [*admission(session, delegate), *of_session(seating, session, now), *accreditation(delegate)]
    return plain or (list(in_the_way(session, delegate)) if is_elsewhere else [])


def of_session(seating: Seating, session: PublishedSession, now: datetime) -> Iterator[Problem]:
    """What stands in everybody's way."""
    if session.cancelled_at:
        yield _cancelled()
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


def _cancelled() -> Problem:
    return Problem(Code.CANCELLED, _("This session is cancelled."))


def _moment(session: PublishedSession, moment: datetime) -> str:
    return dates.moment(session.local(moment), get_language() or "en")


def closed_to(session: PublishedSession, delegation: Delegation) -> Problem | None:
    """Why the session is for nobody of this delegation."""
    category = delegation.category
    if admits(session, category):
        return None
    if category.open_kinds and session.kind not in category.open_kinds:
        return Problem(
            Code.NOT_FOR_YOU,
            _("Sessions of this kind are not open to this kind of delegation: {category}."),
            {"category": category},
        )
    if session.entry == Session.Entry.INVITATION:
        return Problem(Code.NOT_FOR_YOU, _("This session is by invitation. Organisers name those who take part."))
    return Problem(
        Code.NOT_FOR_YOU,
        _("This session is for governments. {party} takes part as: {category}."),
        {"party": delegation.party, "category": category},
    )


def admission(session: PublishedSession, delegate: Delegate) -> Iterator[Problem]:
    """Why the session is not for this delegate, today or ever."""
    if closed := closed_to(session, delegate.delegation):
        yield closed
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
    starts_at = session.starts_at
    return any(starts_at is None or starts_at in headship.period for headship in delegate.headships.all())


def accreditation(delegate: Delegate) -> Iterator[Problem]:
    if delegate.state == Delegate.State.ACCREDITED:
        return
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


def in_the_way(session: PublishedSession, delegate: Delegate) -> Iterator[Problem]:
    """Another place of the same person at this hour."""
    if session.period is None:
        return
    others = Registration.objects.in_the_way_of(delegate.person_id, session.period)
    # A place in the same room for another delegation is one
    others = others.exclude(seating__session=session.pk, delegate=delegate)
    for registration in others.select_related("seating__session__published")[:1]:
        yield slot_taken(registration.published, is_there=registration.attended_at is not None)


def slot_taken(other: PublishedSession | None, *, is_there: bool = False) -> Problem:
    if other is None:
        return Problem(
            Code.SLOT_TAKEN,
            _("At this hour you hold a place in a session no longer in the programme. Give that up first."),
        )
    if is_there:
        return Problem(
            Code.SLOT_TAKEN,
            _("At this hour you are checked in to {session}. Have that taken back at its door first."),
            session=other,
        )
    return Problem(
        Code.SLOT_TAKEN,
        _("At this hour you hold a place in {session}. Give that up first, or ask an organiser."),
        session=other,
    )


def at_quota(delegation: Delegation, allowed: Allowance) -> Problem:
    if not allowed.total:
        return Problem(
            Code.AT_QUOTA,
            _("There are no places here for this kind of delegation: {category}."),
            {"category": delegation.category},
        )
    separator = pgettext("between the items of a list", ", ")
    used = [one for one in allowed.active if not one.is_beyond_quota]
    prefetch_related_objects(used, "person")
    names = separator.join(isolated(one.person) if one.person else _("to be named") for one in used)
    return Problem(
        Code.AT_QUOTA,
        ngettext(
            "{party} has its one place here in use: {names}.",
            "{party} has all of its {n} places here in use: {names}.",
            allowed.total,
        ),
        {"party": delegation.party, "n": allowed.total, "names": names},
    )


def all_taken(delegation: Delegation) -> Problem:
    return Problem(Code.FULL, _("All places that {party} may have here are taken."), {"party": delegation.party})


def waiting_rule(registration: Registration) -> Problem:
    """Why this one still waits."""
    return waiting_rules([registration])[registration.pk]


def waiting_rules(registrations: Sequence[Registration]) -> dict[int, Problem]:
    """The same for many, by their keys; the number of queries does not grow."""
    if not registrations:
        return {}
    waiting = (
        Registration.objects.filter(pk__in=[one.pk for one in registrations], delegate__isnull=False)
        .order_by("pk")
        .select_related("seating__session__published", "delegation__party", "delegation__category", "delegate")
        .prefetch_related("delegate__headships")
    )
    facts = gather(
        seatings={one.seating_id for one in waiting},
        delegations={one.delegation_id for one in waiting},
        persons={one.delegate.person_id for one in waiting if one.delegate},
    )
    return {one.pk: why_waiting(one, one.delegate, facts) for one in waiting if one.delegate}


def why_waiting(registration: Registration, delegate: Delegate, facts: Facts) -> Problem:
    session, delegate.delegation = registration.published, registration.delegation
    if session is None:
        return Problem(Code.NOT_IN_PROGRAMME, _("This session is not in the programme."))
    other = facts.in_the_way(delegate, session)
    allowed = facts.allowance(registration.seating, registration.delegation)
    return holding(session, delegate, allowed, slot_taken(other.published) if other else None)


def holding(session: PublishedSession, delegate: Delegate, allowed: Allowance, elsewhere: Problem | None) -> Problem:
    """The rule that holds a waiter, first what somebody can do something about. `elsewhere`: the hour is taken."""
    if session.cancelled_at:
        return _cancelled()
    if refused := next(admission(session, delegate), None) or elsewhere:
        return refused
    if not any(allowed.left(place) for place in Place):
        return at_quota(
            delegate.delegation, replace(allowed, active=tuple(one for one in allowed.active if one.is_confirmed))
        )
    return all_taken(delegate.delegation)


def of_another(problem: Problem) -> Problem:
    """The same, said not to the delegate but to whoever acts for them."""
    sentence = {
        Code.NOT_ACCREDITED: _("Not accredited yet."),
        Code.OTHER_DAYS: _("Entered for other days."),
        Code.SLOT_TAKEN: _("At this hour in {session}.")
        if problem.session
        else _("At this hour in a session no longer in the programme."),
    }.get(problem.code)
    return replace(problem, sentence=sentence) if sentence else problem
