"""Who may be one person entered twice: by the same address, or by a like name in either script. Reads only.

Names are alike by their trigrams, as pg_trgm counts them. They are compared here: the operator of pg_trgm, with its
index, takes a scan for every person, some seconds for the 2,000 of a forum.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import ceil

from allauth.account.models import EmailAddress

from people.models import Person, User
from schedule.models import Forum

from .models import Delegate, DistinctPersons, Invitation

LIKENESS = 0.55  # what two names have in common, of what either has


@dataclass(frozen=True)
class Pair:
    first: Person
    second: Person
    same_address: bool
    like_names: bool


def pairs(forum: Forum) -> list[Pair]:
    """Present delegates of the forum beside whoever may be the same person; not those found to be two.

    The likeliest come first: of the same address, then those whose names have most in common.
    """
    delegates = set(Delegate.objects.present().filter(delegation__forum=forum).values_list("person", flat=True))
    persons = Person.objects.filter(erased_at=None).in_bulk()
    latin = {pk: f"{person.given_name} {person.family_name}" for pk, person in persons.items()}
    arabic = {pk: person.arabic_name for pk, person in persons.items()}
    by_name = alike(latin)
    for pair, likeness in alike(arabic).items():
        by_name[pair] = max(likeness, by_name.get(pair, 0))
    by_address = set(_by_address())
    found = (by_address | by_name.keys()) - set(DistinctPersons.objects.values_list("first", "second"))
    return [
        Pair(persons[first], persons[second], (first, second) in by_address, (first, second) in by_name)
        for first, second in sorted(found, key=lambda pair: (pair not in by_address, -by_name.get(pair, 0), pair))
        if delegates & {first, second} and {first, second} <= persons.keys()
    ]


def alike(names: Mapping[int, str]) -> dict[tuple[int, int], float]:
    """Pairs of keys with like names: what the two names have in common, of what either has.

    Two like names have one of their rarest trigrams in common: only those who do are compared.
    """
    trigrams = {pk: found for pk, name in names.items() if (found := _trigrams(name))}
    times = Counter(trigram for found in trigrams.values() for trigram in found)
    seen: dict[str, list[int]] = defaultdict(list)
    pairs = {}
    for pk, found in trigrams.items():
        by_rarity = sorted(found, key=lambda trigram: (times[trigram], trigram))
        rarest = by_rarity[: len(found) - ceil(LIKENESS * len(found)) + 1]
        for other in {other for trigram in rarest for other in seen[trigram]}:
            likeness = len(found & trigrams[other]) / len(found | trigrams[other])
            if likeness >= LIKENESS:
                pairs[min(pk, other), max(pk, other)] = likeness
        for trigram in rarest:
            seen[trigram].append(pk)
    return pairs


def _trigrams(name: str) -> set[str]:
    words = (f"  {word} " for word in re.findall(r"\w+", name.casefold()))
    return {word[start : start + 3] for word in words for start in range(len(word) - 2)}


def _by_address() -> Iterator[tuple[int, int]]:
    """Addresses of accounts, and those by which an invitation was accepted."""
    addresses: dict[str, set[int]] = defaultdict(set)
    accepted = Invitation.objects.exclude(accepted_at=None)
    for rows in (
        User.objects.exclude(person=None).values_list("email", "person"),
        EmailAddress.objects.exclude(user__person=None).values_list("email", "user__person"),
        accepted.exclude(delegate=None).values_list("email", "delegate__person"),
        accepted.exclude(accepted_by__person=None).values_list("email", "accepted_by__person"),
    ):
        for email, person in rows:
            addresses[email.lower()].add(person)
    for persons in addresses.values():
        yield from combinations(sorted(persons), 2)
