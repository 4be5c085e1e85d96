"""Two entries of one human being become one, and stay two where they are two."""

from collections.abc import Iterator
from datetime import datetime
from itertools import product

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from people.models import Person, User
from people.uploads import delete_on_commit
from schedule.models import Role

from ..models import (
    AccreditationChange,
    Delegate,
    DelegationHead,
    DistinctPersons,
    ErasureRequest,
    FocalPoint,
    Invitation,
    Registration,
    Seating,
)
from ..names import short_name
from ..problems import Code, Problem, RegistrationRefused
from .accreditation import State, take_reserved
from .filling import settle_flags
from .locks import lock, lock_delegates, retried

# The farther on of two entries is what stays
FARTHER = [State.WITHDRAWN, State.DECLINED, State.RETURNED, State.SUBMITTED, State.ACCREDITED]


@transaction.atomic
def two_persons(*, one: Person, other: Person, by: User, now: datetime) -> DistinctPersons:
    """Keep on record that these are two: nobody is asked again."""
    first, second = sorted((one, other), key=lambda person: person.pk)
    decided = {"decided_at": now, "decided_by": by}
    return DistinctPersons.objects.get_or_create(first=first, second=second, defaults=decided)[0]


@retried
@transaction.atomic
def same_person(*, keep: Person, drop: Person, by: User, now: datetime) -> Person:
    """All that hangs on `drop` is of `keep` from now on, and `drop` goes. This cannot be undone.

    Raises `RegistrationRefused` with the reasons where the two cannot be one as they stand.
    """
    keep, drop = _locked(keep, drop)
    if found := list(_objections(keep, drop)):
        raise RegistrationRefused(*found)
    own = {delegate.delegation_id: delegate for delegate in _memberships(keep)}
    for delegate in _memberships(drop):
        if delegate.delegation_id in own:
            _join(own[delegate.delegation_id], delegate, by, now)
        else:
            Delegate.objects.filter(pk=delegate.pk).update(person=keep)
            Registration.objects.filter(delegate=delegate).update(person=keep)
    settle_flags([keep.pk])
    _join_accounts(keep, drop)
    _hand_on(keep, drop)
    _complete(keep, drop)
    drop.delete()
    return keep


def _locked(keep: Person, drop: Person) -> tuple[Person, Person]:
    """Delegates, delegations, seatings of their forums, persons: a place taken at this moment is found as well."""
    memberships = Delegate.objects.filter(person__in=[keep, drop])
    lock_delegates(memberships.values_list("pk", flat=True))
    forums = memberships.values("delegation__forum")
    lock(Seating.objects.filter(session__forum__in=forums).values_list("pk", flat=True))
    persons = {one.pk: one for one in Person.objects.select_for_update().filter(pk__in=[keep.pk, drop.pk])}
    if len(persons) < 2:
        raise RegistrationRefused(Problem(Code.DECIDED, _("These are one person already.")))
    return persons[keep.pk], persons[drop.pk]


def _memberships(person: Person):
    return Delegate.objects.filter(person=person).select_related("person", "delegation__party", "delegation__category")


def _objections(keep: Person, drop: Person) -> Iterator[Problem]:
    both = (keep, drop)
    for person in both:
        if person.erased_at:
            yield Problem(Code.DECIDED, _("{person}: what was held about this person is erased."), {"person": person})
    for request in ErasureRequest.objects.filter(person__in=both, done_at=None).select_related("person"):
        yield Problem(
            Code.DECIDED,
            _("{person} asked to be erased. Decide about that request first."),
            {"person": request.person},
        )
    if User.objects.filter(person__in=both, is_staff=True).count() == 2:
        yield Problem(Code.DECIDED, _("Both have accounts that enter the administration. Close one of them first."))
    active = Registration.objects.active().select_related("seating__session__published", "delegation__party")
    for one, other in product(active.filter(person=keep), active.filter(person=drop)):
        yield from _against(one, other)


def _against(one: Registration, other: Registration) -> Iterator[Problem]:
    if one.seating_id == other.seating_id and one.delegation_id == other.delegation_id:
        yield Problem(
            Code.NOT_FREE,
            _("Both hold or await a place in {session} for {party}. Release one of them first."),
            {"session": short_name(one.published), "party": one.delegation.party},
        )
    elif one.is_confirmed and other.is_confirmed and _meet(one.period, other.period):
        yield Problem(
            Code.NOT_FREE,
            _(
                "At one hour they hold places in {one} ({party}) and in {other} ({other_party}). "
                "Release one of them first."
            ),
            {
                "one": short_name(one.published),
                "party": one.delegation.party,
                "other": short_name(other.published),
                "other_party": other.delegation.party,
            },
        )


def _meet(one, other) -> bool:
    return bool(one and other and one.lower < other.upper and other.lower < one.upper)


def _join(kept: Delegate, extra: Delegate, by: User, now: datetime) -> None:
    """Two memberships of one delegation: what the second one has is of the first."""
    Registration.objects.filter(delegate=extra).update(delegate=kept, person=kept.person_id)
    Registration.objects.filter(reserved_for=extra).update(reserved_for=kept)
    for model in (AccreditationChange, DelegationHead, Invitation):
        model.objects.filter(delegate=extra).update(delegate=kept)
    old = kept.state
    farther = max((kept, extra), key=lambda one: FARTHER.index(State(one.state)))
    for name in ("state", *(f"{state}_at" for state in State.values)):
        setattr(kept, name, getattr(farther, name))
    for name in ("function", "languages", "needs"):
        setattr(kept, name, getattr(kept, name) or getattr(extra, name))
    kept.has_temporary_pass |= extra.has_temporary_pass
    extra.delete()
    kept.save()
    AccreditationChange.objects.create(
        delegate=kept, old=old, new=kept.state, by=by, at=now, reason=_("Two entries of one person were joined.")
    )
    if kept.state == State.ACCREDITED:
        take_reserved(kept, by, now)


def _join_accounts(keep: Person, drop: Person) -> None:
    """One account stays: that of the administration, else the one in use, else that of `keep`."""
    rows = User.objects.select_for_update(no_key=True, of=("self",)).filter(person__in=[keep, drop])
    accounts = sorted(rows, key=lambda user: (user.is_staff, user.is_active, user.person_id == keep.pk))
    if not accounts:
        return
    *closed, stays = accounts
    for user in closed:
        User.objects.filter(pk=user.pk).update(person=None, is_active=False)
        others = FocalPoint.objects.filter(user=stays).values("delegation")
        FocalPoint.objects.filter(user=user, delegation__in=others).delete()
        FocalPoint.objects.filter(user=user).update(user=stays)
    User.objects.filter(pk=stays.pk).update(person=keep)


def _hand_on(keep: Person, drop: Person) -> None:
    """Roles that do not stand already, requests, and what was said of third persons."""
    for role in Role.objects.filter(person=drop):
        same = {"session": role.session_id, "kind": role.kind, "party": role.party_id}
        if Role.objects.filter(person=keep, **same).exists():
            role.delete()
        else:
            Role.objects.filter(pk=role.pk).update(person=keep)
    ErasureRequest.objects.filter(person=drop).update(person=keep)
    for row in DistinctPersons.objects.filter(Q(first=drop) | Q(second=drop)).select_related("first", "second"):
        third = row.second if row.first_id == drop.pk else row.first
        if third != keep:
            two_persons(one=keep, other=third, by=row.decided_by, now=row.decided_at)


def _complete(keep: Person, drop: Person) -> None:
    """What `keep` lacks comes from `drop`; who once said no to being listed is not listed."""
    spare = (keep.photograph and drop.photograph.name) or ""
    for name in ("honorific", "given_name", "arabic_name", "photograph", "protocol_rank"):
        setattr(keep, name, getattr(keep, name) or getattr(drop, name))
    said = {keep.may_be_listed, drop.may_be_listed}
    keep.may_be_listed = False if False in said else True if True in said else None
    keep.save()
    delete_on_commit(drop.photograph.storage, [spare])
