"""The list of participants: provisional, with a word on corrections, until it is issued."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from people.direction import isolated
from people.foreign import ARABIC
from programme.releases import Published
from programme.snapshot import Programme
from schedule.models import Forum

from . import words
from .base import Bound, Kind, Marks, Subject, series
from .extracts import forum_extract
from .participants import CategoryPart, Participant, ParticipantsExtract, PartyPart, categories


@dataclass(frozen=True)
class Line:
    """`name` with the family name in capitals, `text` all that follows it, with a comma before."""

    name: str
    text: SafeString


@dataclass(frozen=True)
class PartyLines:
    name: str
    language: str
    lines: list[Line]


@dataclass(frozen=True)
class Section:
    heading: str
    language: str
    count: str
    parties: list[PartyLines]
    unlisted: str


class ListOfParticipants(Kind[ParticipantsExtract]):
    name = "list_of_participants"
    label = gettext_lazy("List of participants")
    template = "documents/print/list_of_participants.html"
    styles = ("participants",)
    reads = ParticipantsExtract
    of_register = True
    of_programme = False

    @property
    def missing(self) -> str:
        return _("Nobody is accredited yet.")

    def subjects(self, programme: Programme) -> list[Subject]:
        return [Subject("", _("All delegations"))]

    def extract(self, published: Published, subject: str, language: str) -> ParticipantsExtract | None:
        forum = Forum.objects.get(pk=published.forum_id)
        if subject or not (found := categories(forum, language)):
            return None
        return ParticipantsExtract(
            forum=forum_extract(published.programme, language),
            corrections_until=forum.corrections_until,
            categories=found,
        )

    def title(self, extract: ParticipantsExtract) -> str:
        return _("List of participants, %(forum)s") % {"forum": extract.forum.title}

    def symbol(self, extract: ParticipantsExtract) -> str:
        return series(extract.forum.acronym, extract.forum.starts_on, "INF/1")

    def filename(self, subject: str, extract: ParticipantsExtract) -> str:
        return "list-of-participants"

    def context(self, extract: ParticipantsExtract, marks: Marks, papers: list[Bound]) -> dict[str, Any]:
        return {
            "print": marks,
            "title": extract.forum.title,
            "corrections": "" if marks.is_issued else _corrections(extract),
            "sections": [_section(category) for category in extract.categories],
            "total": count(sum(category.count for category in extract.categories)),
        }

    def changes(self, old: ParticipantsExtract, new: ParticipantsExtract) -> list[str]:
        """In numbers: a verifying page says no names."""
        before, after = lines_of(old.parties), lines_of(new.parties)
        added, deleted = len(after.keys() - before.keys()), len(before.keys() - after.keys())
        changed = len([uuid for uuid in before.keys() & after.keys() if before[uuid] != after[uuid]])
        found = [
            (added, ngettext("%(n)s name added", "%(n)s names added", added)),
            (deleted, ngettext("%(n)s name deleted", "%(n)s names deleted", deleted)),
            (changed, ngettext("%(n)s entry changed", "%(n)s entries changed", changed)),
        ]
        return [text % {"n": n} for n, text in found if n]


def lines_of(parties: Iterable[PartyPart]) -> dict[str, Participant]:
    """Participants by what stays the same of them from list to list."""
    return {participant.uuid: participant for party in parties for participant in party.participants}


def line(participant: Participant) -> Line:
    # Kept as they were typed; in such lists it is by capitals that one sees which name is the family’s
    latin = [participant.honorific, participant.given_name, participant.family_name.upper()]
    name = isolated(" ".join(filter(None, latin)) or _("Name withheld"))
    arabic, head = participant.arabic_name, _("Head of delegation") if participant.is_head else ""
    behind = filter(None, [name if arabic else "", head, _function(participant.function)])
    comma = pgettext("between the items of a list", ", ")
    return Line(arabic or name, format_html_join("", "{}{}", ((comma, text) for text in behind)))


def _function(text: str) -> str:
    """In the language in which it was given."""
    if ARABIC.search(text) and words.language() != "ar":
        return format_html('<span lang="ar">{}</span>', text)
    return isolated(text) if text else ""


def count(number: int) -> str:
    return ngettext("%(n)s participant", "%(n)s participants", number) % {"n": number}


def party_lines(party: PartyPart, participants: Iterable[Participant]) -> PartyLines:
    return PartyLines(party.name.text, party.name.language, [line(one) for one in participants])


def _section(category: CategoryPart) -> Section:
    unlisted = [party.name for party in category.parties if not party.participants]
    return Section(
        heading=category.name.text,
        language=category.name.language,
        count=count(category.count),
        parties=[party_lines(party, party.participants) for party in category.parties if party.participants],
        unlisted=words.listed(words.marked(name.text, name.language) for name in unlisted),
    )


def _corrections(extract: ParticipantsExtract) -> str:
    if extract.corrections_until is None:
        return _("Participants are asked to send corrections to the secretariat.")
    return _("Participants are asked to send corrections to the secretariat by %(day)s.") % {
        "day": words.day(extract.corrections_until)
    }
