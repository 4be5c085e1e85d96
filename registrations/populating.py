"""A forum as large as one likes, of persons who do not exist: to try the portal out, and to measure it."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain, cycle, islice
from random import Random

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from people.models import Party, Person, User
from people.sorting import party_key
from schedule.models import Forum

from . import services
from .invented import Invented, invent
from .models import (
    AccreditationChange,
    Delegate,
    Delegation,
    DelegationCategory,
    FocalPoint,
    Registration,
)
from .populated_places import MANY_BEHIND, open_seats, take_places

Kind, State = Party.Kind, Delegate.State

GOVERNMENTS = 0.75  # of all delegations
CATEGORIES = {
    Kind.MEMBER_STATE: "member-state",
    Kind.OBSERVER_STATE: "observer",
    Kind.UN_SYSTEM: "un-entity",
    Kind.IGO: "un-entity",
    Kind.REGIONAL: "observer",
    Kind.CIVIL_SOCIETY: "civil-society",
    Kind.PRIVATE_SECTOR: "business",
    Kind.LOCAL_AUTHORITY: "local-authority",
    Kind.ACADEMIA: "academia",
    Kind.OTHER: "civil-society",
}
NEEDS = ["Wheelchair access", "Vegetarian meals", "Hearing loop", "Step-free seat near the door", "No nuts"]


class NotEnoughError(Exception):
    """There are not as many as were asked for."""


@transaction.atomic
def populate(
    *,
    forum: Forum,
    delegations: int,
    delegates: int,
    seed: int,
    password: str | None,
    now: datetime,
    say: Callable[[str], None],
) -> None:
    """Add delegations with their delegates, heads, places and accounts to `forum`. The same `seed` gives the same.

    Member States have all places that are kept for them; of the others some wait. No room is given more than it holds,
    as long as it holds the table. Accounts come last: nobody
    is written to about what is invented. Raises `NotEnoughError`.
    """
    random = Random(seed)  # noqa: S311 — the same again is what is wanted
    made = _delegations(forum, delegations, random)
    say(f"{len(made)} delegations")
    members = _delegates(made, delegates, random, now)
    say(f"{delegates} delegates")
    for delegation, theirs in members.items():
        _name_heads(delegation, theirs, random, now)
    say("heads of delegation")
    seatings = open_seats(forum, now)
    services.arrange_places(forum=forum, now=now)
    say(f"{Registration.objects.filter(seating__in=seatings).count()} places kept in {len(seatings)} sessions")
    asked = sum(take_places(seating, members, random, now) for seating in seatings)
    say(f"{asked} places taken, {Registration.objects.waiting().filter(seating__in=seatings).count()} of them in line")
    say(f"{_accounts(forum, members, password, now)} accounts")


# Delegations


def _delegations(forum: Forum, wanted: int, random: Random) -> list[Delegation]:
    parties = list(_parties(forum, wanted, random))
    if len(parties) < wanted:
        raise NotEnoughError(f"{len(parties)} parties have no delegation yet; {wanted} were asked for.")
    categories = {category.code: category for category in DelegationCategory.objects.all()}
    made = [
        Delegation(forum=forum, party=party, category=categories[CATEGORIES[Kind(party.kind)]], letter_follows=True)
        for party in parties
    ]
    return Delegation.objects.bulk_create(
        sorted(made, key=lambda one: (one.category.position, party_key(one.party, "en")))
    )


def _parties(forum: Forum, wanted: int, random: Random) -> Iterator[Party]:
    """Mostly Member States, the host first; of the others one of each kind in turn."""
    of_kind: dict[str, list[Party]] = defaultdict(list)
    for party in Party.objects.in_force(forum.starts_on).exclude(delegations__forum=forum).order_by("code"):
        of_kind[party.kind].append(party)
    for parties in of_kind.values():
        random.shuffle(parties)
    chairs = set(forum.co_chairs.values_list("pk", flat=True))
    governments = sorted(of_kind.pop(Kind.MEMBER_STATE, []), key=lambda party: party.pk not in chairs)
    kinds = [Kind.PRIVATE_SECTOR, Kind.CIVIL_SOCIETY, *(kind for kind in Kind if kind in of_kind)]
    in_turn = (of_kind[kind].pop() for kind in cycle(kinds) if of_kind[kind])
    others = list(islice(in_turn, min(round(wanted * (1 - GOVERNMENTS)), sum(map(len, of_kind.values())))))
    return islice(chain(others, governments), wanted)


# Their people


def _delegates(
    delegations: Sequence[Delegation], wanted: int, random: Random, now: datetime
) -> dict[Delegation, list[Delegate]]:
    invented: list[tuple[Delegation, int, Invented]] = []
    for delegation, size in zip(delegations, _sizes(delegations, wanted, random), strict=True):
        is_government = delegation.category.is_government
        for position in range(1, size + 1):
            who = invent(random, delegation.party, is_government=is_government, leads=position == 1)
            invented.append((delegation, position, who))
    persons = Person.objects.bulk_create(
        Person(
            honorific=who.honorific,
            given_name=who.given_name,
            family_name=who.family_name,
            arabic_name=who.arabic_name,
            may_be_listed=random.choices([True, False, None], [70, 10, 20])[0],
        )
        for _delegation, _position, who in invented
    )
    made = Delegate.objects.bulk_create(
        _delegate(delegation, position, who, person, random, now)
        for (delegation, position, who), person in zip(invented, persons, strict=True)
    )
    AccreditationChange.objects.bulk_create(chain.from_iterable(_history(delegate, now) for delegate in made))
    members: dict[Delegation, list[Delegate]] = {delegation: [] for delegation in delegations}
    for delegate in made:
        members[delegate.delegation].append(delegate)
    return members


def _sizes(delegations: Sequence[Delegation], wanted: int, random: Random) -> list[int]:
    """At least one each; a few delegations are much larger than the others, none than its category allows."""
    limits = [delegation.category.size or wanted for delegation in delegations]
    if not len(delegations) <= wanted <= sum(limits):
        raise NotEnoughError(f"{len(delegations)} delegations have from {len(delegations)} to {sum(limits)} delegates.")
    sizes = [1] * len(delegations)
    weights = [random.paretovariate(2) + MANY_BEHIND.get(one.category.code, 0) for one in delegations]
    while (left := wanted - sum(sizes)) > 0:
        for index in random.choices(range(len(sizes)), weights, k=left):
            sizes[index] = min(limits[index], sizes[index] + 1)
    return sizes


def _delegate(
    delegation: Delegation, position: int, who: Invented, person: Person, random: Random, now: datetime
) -> Delegate:
    state = random.choices([State.ACCREDITED, State.SUBMITTED, State.RETURNED, State.WITHDRAWN], [92, 4, 2, 2])[0]
    if position == 1:
        state = State.ACCREDITED
    return Delegate(
        person=person,
        delegation=delegation,
        function=who.function,
        position=position,
        languages=sorted(who.languages),
        needs=random.choice(NEEDS) if random.random() < 0.04 else "",
        state=state,
        **{"submitted_at": None, f"{state}_at": now},
    )


def _history(delegate: Delegate, now: datetime) -> Iterator[AccreditationChange]:
    yield AccreditationChange(delegate=delegate, new=State.SUBMITTED, at=now - timedelta(days=7))
    if delegate.state != State.SUBMITTED:
        yield AccreditationChange(delegate=delegate, old=State.SUBMITTED, new=delegate.state, at=now)


def _name_heads(delegation: Delegation, delegates: Sequence[Delegate], random: Random, now: datetime) -> None:
    """The first; in a few delegations somebody else from the second day on."""
    services.name_head(delegate=delegates[0], starts_at=None, by=None, now=now)
    present = [delegate for delegate in delegates[1:] if delegate.is_present]
    if present and random.random() < 0.1:
        forum = delegation.forum
        day = datetime.combine(forum.starts_on + timedelta(days=1), datetime.min.time(), forum.zone)
        services.name_head(delegate=present[0], starts_at=day, by=None, now=now)


# Their accounts


def _accounts(forum: Forum, members: dict[Delegation, list[Delegate]], password: str | None, now: datetime) -> int:
    """A focal point for each delegation, and an account for every tenth delegate; all with the same password."""
    hashed = make_password(password)
    languages = {code for code, _name in settings.LANGUAGES}
    users, focal_points = [], []
    for delegation, delegates in members.items():
        code = "".join(sign for sign in delegation.party.code.lower() if sign.isalnum())
        focal_points.append((delegation, _account(f"focalpoint-{code}@example.org", hashed, forum, now)))
        for number, delegate in enumerate(delegates):
            if number % 10 == 0:
                user = _account(f"delegate-{code}-{number + 1}@example.org", hashed, forum, now)
                user.person = delegate.person
                user.language = next(iter(sorted(languages & set(delegate.languages) - {"en"})), "en")
                users.append(user)
    users = User.objects.bulk_create([*users, *(user for _delegation, user in focal_points)])
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    FocalPoint.objects.bulk_create(FocalPoint(delegation=delegation, user=user) for delegation, user in focal_points)
    return len(users)


def _account(email: str, hashed: str, forum: Forum, now: datetime) -> User:
    return User(email=email, password=hashed, privacy_version=forum.privacy_version, privacy_agreed_at=now)
