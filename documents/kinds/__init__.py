"""The catalogue: every kind of print, by name."""

from collections.abc import Callable
from typing import Any

from programme.releases import Published

from . import marks, words
from .agenda import Agenda, AgendaOfDay
from .badge import Badge
from .badges import Badges
from .base import About, Attached, Audience, Bound, Kind, Listed, Marks, Paper, Subject, Tick
from .commitments import CommitmentsMatrix
from .concept_note import ConceptNote
from .concept_paper import ConceptPaper
from .delegation_bundle import DelegationBundle
from .delegation_members import DelegationMembers
from .door_sign import DoorSign
from .extracts import NOT_IN_ITINERARIES, Extract, ForumExtract, Slot, forum_extract, slot, without
from .itinerary import Itinerary
from .journal import Journal
from .letters import InvitationLetter, VisaLetter
from .list_corrigendum import ListCorrigendum
from .list_of_participants import ListOfParticipants
from .pack_extract import FilesExtract, files_of, members_of
from .parallel import ParallelGrid, ParallelList
from .participant_pack import FILES, ParticipantPack
from .plates import NamePlates, PodiumPlates
from .practical_information import PracticalInformation
from .provisional_agenda import ProvisionalAgenda
from .run_of_show import RunOfShow, TechnicalSheet
from .seating_plan import SeatingPlan
from .selections import AgendaOfRoom, AgendaOfTheme, SideEvents
from .sign_in_sheet import SignInSheet

__all__ = [
    "FILES",
    "KINDS",
    "READERS",
    "About",
    "Attached",
    "Audience",
    "Bound",
    "Extract",
    "Kind",
    "Listed",
    "Marks",
    "Paper",
    "Subject",
    "Tick",
    "marks",
    "members_of",
    "words",
]

CATALOGUE = (
    ConceptNote(),
    ConceptPaper(),
    ProvisionalAgenda(),
    Agenda(),
    AgendaOfDay(),
    Journal(),
    DoorSign(),
    RunOfShow(),
    TechnicalSheet(),
    AgendaOfRoom(),
    AgendaOfTheme(),
    SideEvents(),
    ParallelGrid(),
    ParallelList(),
    PracticalInformation(),
    CommitmentsMatrix(),
    ParticipantPack(),
    Itinerary(),
    DelegationBundle(),
    DelegationMembers(),
    SignInSheet(),
    SeatingPlan(),
    InvitationLetter(),
    VisaLetter(),
    ListOfParticipants(),
    ListCorrigendum(),
    Badge(),
    Badges(),
    NamePlates(),
    PodiumPlates(),
)
KINDS: dict[str, Kind[Any]] = {kind.name: kind for kind in CATALOGUE}


def _read_forum(published: Published, subject: str, language: str) -> ForumExtract:
    return forum_extract(published.programme, language)


def _read_slot(published: Published, subject: str, language: str) -> Slot | None:
    programme = published.programme
    session = programme.by_uuid.get(subject)
    if session is None or not session.listed:
        return None
    return without(slot(programme, session, language), *NOT_IN_ITINERARIES)


def _read_files(published: Published, subject: str, language: str) -> FilesExtract | None:
    session = published.programme.by_uuid.get(subject)
    return FilesExtract(files=files_of(session, language)) if session and session.listed else None


# What is read of every release, so that the edition of each print is known: see documents.editions.
Reader = Callable[[Published, str, str], Extract | None]
READERS: dict[str, Reader] = {"forum": _read_forum, "slot": _read_slot, FILES: _read_files}
READERS |= {name: kind.extract for name, kind in KINDS.items() if not kind.of_register}
