from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from people.models import Person, User
from programme import dates
from schedule.models import Forum

from ..models import AccreditationChange, Delegate, Delegation
from ..problems import Code, Problem, RegistrationRefused


@dataclass(frozen=True)
class Profile:
    """What a delegate, or the focal point, says of a delegate."""

    family_name: str
    given_name: str = ""
    honorific: str = ""
    arabic_name: str = ""
    function: str = ""
    languages: tuple[str, ...] = ()
    needs: str = field(default="", repr=False)  # out of logs
    starts_on: date | None = None
    ends_on: date | None = None


def find_delegation(*, key: str, now: datetime) -> Delegation:
    """The delegation that `key` opens. Raises `RegistrationRefused` when it opens none, or no longer."""
    delegation = Delegation.objects.with_key(key).select_related("forum", "party").first()
    if delegation is None:
        raise RegistrationRefused(
            Problem(Code.KEY_UNKNOWN, _("No delegation has this key. Look at the letter of your focal point again."))
        )
    if delegation.key_has_expired(now):
        ended = dates.day(delegation.key_expires_at.astimezone(delegation.forum.zone), get_language() or "en")
        raise RegistrationRefused(
            Problem(
                Code.KEY_EXPIRED,
                _("This key ended on {day}. Ask your focal point for the new one."),
                {"day": ended},
            )
        )
    return delegation


@transaction.atomic
def join_delegation(*, key: str, user: User, profile: Profile, now: datetime) -> Delegate:
    """Make the account's person a delegate, to be accredited, and keep that the privacy notice was agreed to.

    Raises `RegistrationRefused` as `find_delegation` and `enrol` do.
    """
    return enrol(delegation=find_delegation(key=key, now=now), user=user, profile=profile, now=now)


@transaction.atomic
def enrol(*, delegation: Delegation, user: User, profile: Profile, now: datetime) -> Delegate:
    """Make the account's person a delegate of `delegation`, to be accredited.

    A person who is a member already stays what they are; a known person keeps the name they have.
    Raises `RegistrationRefused` when the delegation is full.
    """
    # Without its person: what is joined to a row that was waited for would be as it stood before
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if user.person is None:
        user.person = _person(profile)
    user.privacy_version, user.privacy_agreed_at = delegation.forum.privacy_version, now
    user.save(update_fields=["person", "privacy_version", "privacy_agreed_at"])
    if member := Delegate.objects.filter(person=user.person, delegation=delegation).first():
        return member
    make_room(delegation, 1)
    return _delegate(delegation, user.person, profile, user, now)


@transaction.atomic
def add_delegates(
    *, delegation: Delegation, profiles: Sequence[Profile], by: User | None, now: datetime
) -> list[Delegate]:
    """Enter persons as delegates to be accredited, behind those already there; all of them or none.

    Raises `RegistrationRefused` when the delegation would be larger than its category allows.
    """
    make_room(delegation, len(profiles))
    last = _last(delegation)
    return [
        _delegate(delegation, _person(profile), profile, by, now, position=last + number)
        for number, profile in enumerate(profiles, 1)
    ]


def say_needs(*, person: Person, forum: Forum, needs: str) -> int:
    """Keep what a person needs at a forum, in every delegation they belong to there; how many these are."""
    members = Delegate.objects.present().filter(person=person, delegation__forum=forum)
    return members.update(needs=needs)


@transaction.atomic
def enter(
    *, delegation: Delegation, person: Person | None, profile: Profile, by: User | None, now: datetime
) -> Delegate:
    """Enter a known person, or the one of `profile`, behind those already there.

    Raises `RegistrationRefused` as `add_delegates` does.
    """
    if person is None:
        return add_delegates(delegation=delegation, profiles=[profile], by=by, now=now)[0]
    make_room(delegation, 1)
    return _delegate(delegation, person, profile, by, now, position=_last(delegation) + 1)


@transaction.atomic
def order_delegates(*, delegation: Delegation, delegates: Sequence[Delegate]) -> None:
    """Number the delegates as they are given; others of the delegation come behind, as they were."""
    Delegation.objects.select_for_update(no_key=True).get(pk=delegation.pk)
    given = [delegate.pk for delegate in delegates]
    others = delegation.delegates.exclude(pk__in=given).order_by("position", "pk").values_list("pk", flat=True)
    for position, pk in enumerate([*given, *others], 1):
        delegation.delegates.filter(pk=pk).exclude(position=position).update(position=position)


def make_room(delegation: Delegation, newcomers: int) -> None:
    """Hold the delegation until the transaction ends; refuse when its category allows no more delegates."""
    Delegation.objects.select_for_update(no_key=True, of=("self",)).get(pk=delegation.pk)
    size = delegation.category.size
    members = Delegate.objects.present().filter(delegation=delegation).count() if size is not None else 0
    if size is not None and members + newcomers > size:
        raise RegistrationRefused(
            Problem(
                Code.TOO_MANY,
                ngettext(
                    "The delegation of {party} may have {size} delegate; {members} are entered.",
                    "The delegation of {party} may have {size} delegates; {members} are entered.",
                    size,
                ),
                {"party": delegation.party, "size": size, "members": members},
            )
        )


def _last(delegation: Delegation) -> int:
    return delegation.delegates.order_by("-position").values_list("position", flat=True).first() or 0


def _person(profile: Profile) -> Person:
    return Person.objects.create(
        honorific=profile.honorific,
        given_name=profile.given_name,
        family_name=profile.family_name,
        arabic_name=profile.arabic_name,
    )


def _delegate(
    delegation: Delegation, person: Person, profile: Profile, by: User | None, now: datetime, *, position: int = 100
) -> Delegate:
    delegate = Delegate.objects.create(
        person=person,
        delegation=delegation,
        function=profile.function,
        position=position,
        languages=list(profile.languages),
        needs=profile.needs,
        starts_on=profile.starts_on,
        ends_on=profile.ends_on,
        submitted_at=now,
    )
    AccreditationChange.objects.create(delegate=delegate, new=Delegate.State.SUBMITTED, by=by, at=now)
    return delegate
