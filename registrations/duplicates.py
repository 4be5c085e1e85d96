"""Who may be one person entered twice: by the same address, or by a like name in either script. Reads only."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from allauth.account.models import EmailAddress
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, transaction
from django.db.models import F, OuterRef, Value
from django.db.models.functions import Concat

from people.models import Person, User
from schedule.models import Forum

from .models import Delegate, DistinctPersons, Invitation

LIKENESS = 0.55  # from which on two names are like, as pg_trgm counts
# As the indexes of Person have them
NAMES = (Concat("given_name", Value(" "), "family_name"), F("arabic_name"))


@dataclass
class Pair:
    first: Person
    second: Person
    same_address: bool = False
    like_names: bool = False


def pairs(forum: Forum) -> list[Pair]:
    """Present delegates of the forum beside whoever may be the same person; not those found to be two."""
    delegates = set(Delegate.objects.present().filter(delegation__forum=forum).values_list("person", flat=True))
    by_address = {pair for pair in _by_address() if delegates & set(pair)}
    by_name = set(_by_name(delegates))
    found = (by_address | by_name) - set(DistinctPersons.objects.values_list("first", "second"))
    persons = Person.objects.filter(erased_at=None).in_bulk({pk for pair in found for pk in pair})
    return [
        Pair(persons[first], persons[second], (first, second) in by_address, (first, second) in by_name)
        for first, second in sorted(found)
        if first in persons and second in persons
    ]


def _by_address() -> Iterator[tuple[int, int]]:
    """Addresses of accounts, and those by which an invitation was accepted."""
    addresses = defaultdict(set)
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


def _by_name(delegates: set[int]) -> Iterator[tuple[int, int]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL pg_trgm.similarity_threshold = %s", [LIKENESS])
        for name in NAMES:
            rows = Person.objects.alias(said=name).order_by()
            like = rows.filter(said__trigram_similar=OuterRef("said")).exclude(pk=OuterRef("pk"))
            asked = rows.filter(pk__in=delegates).exclude(said="")
            for person, others in asked.values_list("pk", ArraySubquery(like.values("pk"))):
                for other in others:
                    yield min(person, other), max(person, other)
