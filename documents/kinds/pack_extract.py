"""What a participant pack shows: of the register the bearer, their places and delegation, of the release the rest."""

from collections.abc import Collection, Iterable
from functools import cached_property

from django.utils import timezone

from people.models import Person
from programme.releases import Published
from programme.snapshot import PaperNode, SessionNode, digest
from registrations.models import Delegate, DelegationHead, Place, Registration
from registrations.rules import OPEN_ENTRIES, OPEN_KINDS

from .bearers import Bearer, bearer, memberships, uuids
from .concept_note import SERIES, ConceptNote
from .extracts import NOT_IN_ITINERARIES, Extract, ForumExtract, Slot, forum_extract, slot, without
from .practical_information import PracticalInformation

WAITING = "waiting"


class Appointment(Extract, frozen=True, kw_only=True):
    """`place` is "table", "behind", "observer", "waiting", or empty where none is needed."""

    slot: Slot
    place: str = ""


class NoteInPack(Extract, frozen=True, kw_only=True):
    """A note by the digest of what it shows: when that changes, so does the pack."""

    slug: str
    label: str
    digest: str


class FileInPack(Extract, frozen=True, kw_only=True):
    """A background paper: `digest` names the file, `language` is the one it is written in."""

    slug: str
    title: str
    language: str
    pages: int
    digest: str


class FilesExtract(Extract, frozen=True, kw_only=True):
    """What a release has for packs of one session."""

    files: tuple[FileInPack, ...]


class Member(Extract, frozen=True, kw_only=True):
    """Of the bearer's delegation, the bearer included."""

    uuid: str
    name: str
    function: str = ""
    is_head: bool = False


class ItineraryExtract(Extract, frozen=True, kw_only=True):
    """`badge` is set where it names another delegation of the same person."""

    forum: ForumExtract
    bearer: Bearer
    badge: Bearer | None = None
    appointments: tuple[Appointment, ...] = ()

    @property
    def on_badge(self) -> Bearer:
        return self.badge or self.bearer


class MembersExtract(Extract, frozen=True, kw_only=True):
    """A delegation and its accredited delegates; `delegation` is its UUID, `code` that of its party."""

    forum: ForumExtract
    delegation: str
    party: str
    code: str = ""
    members: tuple[Member, ...]


class PackExtract(ItineraryExtract, frozen=True, kw_only=True):
    """`practical` is the digest of what the practical information shows; empty where there is none. `represents` is
    the UUID of the delegation, `code` that of its party, both missing in extracts of before its members were a paper
    of their own."""

    notes: tuple[NoteInPack, ...] = ()
    files: tuple[FileInPack, ...] = ()
    practical: str = ""
    delegation: tuple[Member, ...] = ()
    represents: str = ""
    code: str = ""

    @property
    def itinerary(self) -> ItineraryExtract:
        return ItineraryExtract(forum=self.forum, bearer=self.bearer, badge=self.badge, appointments=self.appointments)

    @property
    def members(self) -> MembersExtract:
        return MembersExtract(
            forum=self.forum,
            delegation=self.represents,
            party=self.bearer.party,
            code=self.code,
            members=self.delegation,
        )


def read(published: Published, subjects: Collection[str], language: str) -> dict[str, PackExtract]:
    """By delegate, in a number of queries that does not grow with them."""
    groups = memberships(published.programme.forum.slug, uuid__in=uuids(subjects))
    chosen = [(delegate, group) for group in groups for delegate in group if str(delegate.uuid) in subjects]
    delegates = [delegate for delegate, _group in chosen]
    places: dict[int, dict[str, str]] = {}
    for delegate, session, place in (
        Registration.objects.active()
        .filter(delegate__in=[delegate.pk for delegate in delegates])
        .values_list("delegate", "seating__session__uuid", "place")
    ):
        places.setdefault(delegate, {})[str(session)] = place or WAITING
    delegations = members_of({delegate.delegation_id for delegate in delegates})
    release = _Release(published, language)
    return {
        str(delegate.uuid): release.pack(
            delegate, group, places.get(delegate.pk, {}), delegations.get(delegate.delegation_id, ())
        )
        for delegate, group in chosen
    }


def files_of(session: SessionNode, language: str) -> tuple[FileInPack, ...]:
    """Its background papers for packs: of each the version in `language`, else in English, else the one there is."""
    versions: dict[int, list[PaperNode]] = {}
    for paper in session.papers:
        if paper.in_packs:
            versions.setdefault(paper.position, []).append(paper)
    chosen = (min(papers, key=lambda paper: _rank(paper, language)) for papers in versions.values())
    return tuple(
        FileInPack(
            slug=session.slug, title=paper.title, language=paper.language, pages=paper.pages, digest=paper.digest
        )
        for paper in chosen
    )


class _Release:
    """What many packs of one release and language have in common is read once."""

    def __init__(self, published: Published, language: str) -> None:
        self.published, self.language = published, language
        self.slots: dict[str, Slot] = {}
        self.notes: dict[str, NoteInPack | None] = {}

    def pack(
        self, delegate: Delegate, group: list[Delegate], places: dict[str, str], members: tuple[Member, ...]
    ) -> PackExtract:
        listed = self.published.programme.listed
        sessions = [session for session in listed if session.uuid in places or session.uuid in self.open]
        taken = [session for session in sessions if places.get(session.uuid) in Place.values]
        read = [session for session in sessions if places.get(session.uuid) != WAITING]
        return PackExtract(
            forum=self.forum,
            bearer=bearer([delegate, *(other for other in group if other is not delegate)], self.language),
            badge=bearer(group, self.language) if delegate is not group[0] else None,
            appointments=tuple(
                Appointment(slot=self.slot(session), place=places.get(session.uuid, "")) for session in sessions
            ),
            notes=tuple(note for session in taken if (note := self.note(session))),
            files=tuple(file for session in read for file in files_of(session, self.language)),
            practical=self.practical,
            delegation=members,
            represents=str(delegate.delegation.uuid),
            code=delegate.delegation.party.code,
        )

    @cached_property
    def forum(self) -> ForumExtract:
        return forum_extract(self.published.programme, self.language)

    @cached_property
    def practical(self) -> str:
        found = PracticalInformation().extract(self.published, "", self.language)
        return digest(found.encode()) if found else ""

    @cached_property
    def open(self) -> set[str]:
        """The sessions of the forum that everybody goes to."""
        forum = self.published.programme.forum
        return {
            session.uuid
            for session in self.published.programme.listed
            if session.kind in OPEN_KINDS
            and session.entry in OPEN_ENTRIES
            and not session.parent
            and session.first_day
            and forum.starts_on <= session.first_day <= forum.ends_on
        }

    def slot(self, session: SessionNode) -> Slot:
        if session.uuid not in self.slots:
            shown = slot(self.published.programme, session, self.language)
            self.slots[session.uuid] = without(shown, *NOT_IN_ITINERARIES)
        return self.slots[session.uuid]

    def note(self, session: SessionNode) -> NoteInPack | None:
        if session.uuid not in self.notes:
            self.notes[session.uuid] = self._note(session)
        return self.notes[session.uuid]

    def _note(self, session: SessionNode) -> NoteInPack | None:
        found = ConceptNote().extract(self.published, session.slug, self.language)
        if found is None:
            return None
        label = f"{SERIES[session.kind]}{found.serial}"
        return NoteInPack(slug=session.slug, label=label, digest=digest(found.encode()))


def _rank(paper: PaperNode, language: str) -> int:
    return [language, "en"].index(paper.language) if paper.language in (language, "en") else 2


def members_of(delegations: Iterable[int]) -> dict[int, tuple[Member, ...]]:
    """The accredited delegates of each, who heads it now first, then in the order given."""
    heads = set(
        DelegationHead.objects.filter(delegation__in=delegations, period__contains=timezone.now()).values_list(
            "delegate", flat=True
        )
    )
    rows = Delegate.objects.accredited().filter(delegation__in=delegations).select_related("person")
    found: dict[int, list[Member]] = {}
    for delegate in sorted(rows, key=lambda row: (row.pk not in heads, row.position, row.pk)):
        found.setdefault(delegate.delegation_id, []).append(
            Member(
                uuid=str(delegate.uuid),
                name=_name(delegate.person),
                function=delegate.function,
                is_head=delegate.pk in heads,
            )
        )
    return {delegation: tuple(members) for delegation, members in found.items()}


def _name(person: Person) -> str:
    return " ".join(filter(None, [person.honorific, person.given_name, person.family_name]))
