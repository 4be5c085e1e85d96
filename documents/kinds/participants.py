"""Who takes part, of the register: what the list of participants and its corrigendum read."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Prefetch

from people.models import Party
from people.sorting import party_key
from registrations.models import Delegate, Delegation, DelegationCategory, DelegationHead
from schedule.models import Forum

from .extracts import Extract, ForumExtract, Wording, wording
from .places import plural_in


class Participant(Extract, frozen=True, kw_only=True):
    """One line. `function` is as it was given, in whatever language; `uuid` is that of the delegate."""

    uuid: str
    honorific: str = ""
    given_name: str = ""
    family_name: str
    arabic_name: str = ""
    function: str = ""
    is_head: bool = False


class PartyPart(Extract, frozen=True, kw_only=True):
    """A party with those of it who agreed to be listed, maybe nobody."""

    uuid: str
    name: Wording
    participants: tuple[Participant, ...] = ()


class CategoryPart(Extract, frozen=True, kw_only=True):
    name: Wording
    parties: tuple[PartyPart, ...]

    @property
    def count(self) -> int:
        return sum(len(party.participants) for party in self.parties)


class ParticipantsExtract(Extract, frozen=True, kw_only=True):
    forum: ForumExtract
    corrections_until: date | None = None
    categories: tuple[CategoryPart, ...] = ()

    @property
    def parties(self) -> list[PartyPart]:
        return [party for category in self.categories for party in category.parties]


def categories(forum: Forum, language: str) -> tuple[CategoryPart, ...]:
    """In their rank, with the parties of whom somebody is accredited in the order of the language. Three queries."""
    found: dict[DelegationCategory, list[Delegation]] = {}
    for delegation in _delegations(forum):
        found.setdefault(delegation.category, []).append(delegation)
    return tuple(
        CategoryPart(
            name=plural_in(category, language),
            parties=tuple(
                _party(delegation, language)
                for delegation in sorted(delegations, key=lambda one: party_key(one.party, language))
            ),
        )
        for category, delegations in found.items()
    )


def _delegations(forum: Forum) -> Iterable[Delegation]:
    accredited = Delegate.objects.accredited()
    return (
        Delegation.objects.filter(forum=forum, delegates__in=accredited)
        .distinct()
        .select_related("party", "category")
        .prefetch_related(
            Prefetch("delegates", accredited.filter(person__may_be_listed=True).select_related("person"), "listed"),
            Prefetch("heads", DelegationHead.objects.order_by("period")),
        )
        .order_by("category__position", "category__code", "pk")
    )


def _party(delegation: Delegation, language: str) -> PartyPart:
    """Heads first, one after the other as they follow, then the order that the delegation gave."""
    heads = {head.delegate_id: place for place, head in reversed(list(enumerate(delegation.heads.all())))}
    listed = sorted(
        delegation.listed,  # type: ignore[attr-defined]
        key=lambda delegate: (heads.get(delegate.pk, len(heads)), delegate.position, delegate.pk),
    )
    return PartyPart(
        uuid=str(delegation.uuid),
        name=_named(delegation.party, language),
        participants=tuple(_participant(delegate, delegate.pk in heads, language) for delegate in listed),
    )


def _participant(delegate: Delegate, is_head: bool, language: str) -> Participant:
    person = delegate.person
    return Participant(
        uuid=str(delegate.uuid),
        honorific=person.honorific,
        given_name=person.given_name,
        family_name=person.family_name,
        arabic_name=person.arabic_name if language == "ar" else "",
        function=delegate.function,
        is_head=is_head,
    )


def _named(party: Party, language: str) -> Wording:
    return wording({code: getattr(party, f"short_name_{code}") or "" for code in ("en", language)}, language)
