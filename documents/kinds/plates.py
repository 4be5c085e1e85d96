"""Plates for tables: a sheet folded once, with the same name upright on both of its faces."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from msgspec import structs

from people.models import Party
from people.sorting import party_key
from programme.releases import Published
from programme.snapshot import Programme, RoleNode, SessionNode
from registrations.models import Delegation, DelegationCategory, Place, Registration

from ..failures import Failure
from . import words
from .base import About, Bound, Kind, Marks, Subject
from .bearers import uuids
from .concept_note import UNPRINTED
from .extracts import Extract, ForumExtract, Wording, forum_extract, slot, wording
from .fitting import largest
from .naming import plainly, short
from .places import in_language, plural_in

# Of one face, in mm: half an A4, as far from edge and fold as printers need
WIDTH, HEIGHT = 267.0, 84.0
WITH_FUNCTION = 58.0  # the height that is left for a name above a function
LARGEST = 170  # points
# Capitals of 13.8 mm: at 8 metres 6 minutes of arc, of which a good eye needs 5
SMALLEST = 56
SMALLEST_OF_PERSON = 40  # they are read at 5 metres
LEADING = {"ar": 1.25}


class Plate(Extract, frozen=True, kw_only=True):
    """`language` names that of `name` where it is not the print's own; `role` and `party` are for persons only."""

    name: str
    language: str = ""
    role: str = ""
    party: Wording = Wording()


class PlatesExtract(Extract, frozen=True, kw_only=True):
    """`of` is the session, category or delegation; empty for all governments."""

    forum: ForumExtract
    of: str = ""
    plates: tuple[Plate, ...]
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True)
class Face:
    """`lines` of the name in `size` points, and `function` below it."""

    lines: tuple[str, ...]
    size: float
    leading: float
    language: str
    function: str


class _Plates(Kind[PlatesExtract]):
    """Names that do not fit in letters large enough are left out, and stand on a last sheet."""

    template = "documents/print/plates.html"
    styles = ("plates",)
    reads = PlatesExtract
    about = About.SESSION
    daily = True
    smallest: ClassVar[float]
    file: ClassVar[str]

    def printable(self, extract: PlatesExtract, unreadable: Collection[str]) -> PlatesExtract | Failure:
        fits = [plate for plate in extract.plates if self._face(plate).size >= self.smallest]
        if not fits:
            return Failure.SPACE
        withheld = tuple(plate.name for plate in extract.plates if plate not in fits)
        return structs.replace(extract, plates=tuple(fits), withheld=withheld)

    def title(self, extract: PlatesExtract) -> str:
        return words.told(str(self.label), extract.of or _("All governments"))

    def filename(self, subject: str, extract: PlatesExtract) -> str:
        return "-".join(filter(None, [self.file, plainly(extract.of, short(subject))]))

    def context(self, extract: PlatesExtract, marks: Marks, papers: list[Bound]) -> dict[str, Any]:
        return {
            "print": marks,
            "plates": [self._face(plate) for plate in extract.plates],
            "withheld": [(name, Failure.SPACE.label) for name in extract.withheld],
        }

    def changes(self, old: PlatesExtract, new: PlatesExtract) -> list[str]:
        before, after = ({plate.name: plate for plate in one.plates} for one in (old, new))
        found = {name: _("added") for name in after if name not in before}
        found |= {name: _("taken out") for name in before if name not in after}
        found |= {name: _("function") for name in after if name in before and before[name] != after[name]}
        return [words.told(name, what) for name, what in found.items()]

    def _face(self, plate: Plate) -> Face:
        function = words.listed(filter(None, [plate.role and words.role_name(plate.role), plate.party.text]))
        leading = LEADING.get(plate.language or words.language(), 1.12)
        room = WIDTH, WITH_FUNCTION if function else HEIGHT
        fitted = largest(plate.name, room=room, leading=leading, most=LARGEST)
        return Face(fitted.lines, fitted.size, leading, plate.language, function)


class NamePlates(_Plates):
    name = "name_plates"
    label = gettext_lazy("Name plates")
    of_register = True
    of_programme = False
    smallest = SMALLEST
    file = "name-plates"

    @property
    def missing(self) -> str:
        return _("No delegation is entered there yet.")

    def subjects(self, programme: Programme) -> list[Subject]:
        language = words.language()
        delegations = Delegation.objects.filter(forum__slug=programme.forum.slug).select_related("party")
        categories = DelegationCategory.objects.filter(delegations__in=delegations).distinct()
        ordered = sorted(delegations, key=lambda one: party_key(one.party, language))
        seated = {str(uuid) for uuid in _at_tables().values_list("seating__session__uuid", flat=True)}
        return [
            *([Subject("", _("All governments"))] if delegations.filter(category__is_government=True) else []),
            *(
                _subject(programme, session)
                for session in programme.listed
                if _of_roles(session) or session.uuid in seated
            ),
            *(Subject(f"category/{one.code}", plural_in(one, language).text) for one in categories),
            *(Subject(f"delegation/{one.uuid}", in_language(one.party, "short_name", language)) for one in ordered),
        ]

    def extract(self, published: Published, subject: str, language: str) -> PlatesExtract | None:
        programme = published.programme
        parties = sorted(_parties(programme, subject), key=lambda party: party_key(party, language))
        if not parties:
            return None
        names = [_name(party, language) for party in parties]
        return PlatesExtract(
            forum=forum_extract(programme, language),
            of=_of(programme, subject, language),
            plates=tuple(Plate(name=name.text, language=name.language) for name in names),
        )


class PodiumPlates(_Plates):
    name = "podium_plates"
    label = gettext_lazy("Podium plates")
    smallest = SMALLEST_OF_PERSON
    file = "podium-plates"

    @property
    def missing(self) -> str:
        return _("Nobody is named for the podium of this session yet.")

    def subjects(self, programme: Programme) -> list[Subject]:
        return [_subject(programme, session) for session in programme.listed if _on_podium(session)]

    def extract(self, published: Published, subject: str, language: str) -> PlatesExtract | None:
        programme = published.programme
        session = programme.by_slug.get(subject.partition("/")[2])
        if session is None or not session.listed or not _on_podium(session):
            return None
        return PlatesExtract(
            forum=forum_extract(programme, language),
            of=words.called(slot(programme, session, language)),
            plates=tuple(_plate(role, language) for role in _on_podium(session)),
        )


def _parties(programme: Programme, subject: str) -> list[Party]:
    """Whose names are asked for. At a session: those with a place at the table, and those with a role in it."""
    what, _slash, which = subject.partition("/")
    delegations = Delegation.objects.filter(forum__slug=programme.forum.slug)
    if what == "session":
        session = programme.by_slug.get(which)
        if session is None or not session.listed:
            return []
        seated = _at_tables().filter(seating__session__uuid=session.uuid).values("delegation")
        of_seated = delegations.filter(pk__in=seated).values("party")
        return list(Party.objects.filter(Q(pk__in=of_seated) | Q(code__in=_of_roles(session))))
    chosen = {
        "": delegations.filter(category__is_government=True),
        "category": delegations.filter(category__code=which),
        "delegation": delegations.filter(uuid__in=uuids([which])),
    }
    return list(Party.objects.filter(pk__in=chosen.get(what, delegations.none()).values("party")))


def _at_tables() -> QuerySet[Registration]:
    return Registration.objects.confirmed().filter(place=Place.TABLE)


def _of_roles(session: SessionNode) -> set[str]:
    """The codes of the parties that act in it."""
    return {role.party.code for role in session.roles if role.party and role.kind not in UNPRINTED}


def _on_podium(session: SessionNode) -> list[RoleNode]:
    """The roles in which persons act."""
    return [role for role in session.roles if role.person and role.kind not in UNPRINTED]


def _subject(programme: Programme, session: SessionNode) -> Subject:
    return Subject(f"session/{session.slug}", words.called(slot(programme, session, words.language())))


def _of(programme: Programme, subject: str, language: str) -> str:
    what, _slash, which = subject.partition("/")
    if what == "session":
        return words.called(slot(programme, programme.by_slug[which], language))
    if what == "category":
        return plural_in(DelegationCategory.objects.get(code=which), language).text
    return in_language(Delegation.objects.get(uuid=which).party, "short_name", language) if what else ""


def _name(party: Party, language: str) -> Wording:
    return wording({code: getattr(party, f"short_name_{code}") or "" for code in ("en", language)}, language)


def _plate(role: RoleNode, language: str) -> Plate:
    """A name in Arabic where the plate is and one was given."""
    assert role.person
    person = role.person
    arabic = person.arabic_name if language == "ar" else ""
    own = " ".join(filter(None, [person.given_name, person.family_name]))
    return Plate(
        name=arabic or "\u00a0".join(filter(None, [person.honorific, own])),  # “Ms.” stands on no line alone
        language="" if arabic or language != "ar" else "en",
        role=role.kind,
        party=wording(role.party.name, language) if role.party else Wording(),
    )
