"""Corrigendum of the list of participants: how the register differs from the list as it was issued last."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programme.releases import Published
from programme.snapshot import Programme
from registrations.models import Delegate
from schedule.models import Forum

from ..models import Document, Issue
from . import marks as issuing
from .base import Bound, Kind, Marks, Subject
from .extracts import Extract, ForumExtract, Wording, forum_extract
from .list_of_participants import Line, ListOfParticipants, PartyLines, line, lines_of, party_lines
from .participants import Participant, ParticipantsExtract, PartyPart, categories


class Change(Extract, frozen=True, kw_only=True):
    party: Wording
    old: Participant
    new: Participant


class CorrigendumExtract(Extract, frozen=True, kw_only=True):
    """What has to be done to the list `corrects`."""

    forum: ForumExtract
    corrects: str
    issued_at: datetime
    added: tuple[PartyPart, ...] = ()
    deleted: tuple[PartyPart, ...] = ()
    changed: tuple[Change, ...] = ()


@dataclass(frozen=True)
class ChangeLines:
    party: str
    language: str
    old: Line
    new: Line


class ListCorrigendum(Kind[CorrigendumExtract]):
    name = "list_corrigendum"
    label = gettext_lazy("Corrigendum to the list of participants")
    template = "documents/print/list_corrigendum.html"
    styles = ("participants",)
    reads = CorrigendumExtract
    of_register = True
    of_programme = False
    issued_as = ("Corr",)

    @property
    def missing(self) -> str:
        return _("The list of participants has not been issued in this language, or nothing has changed since.")

    def subjects(self, programme: Programme) -> list[Subject]:
        """The list that was issued last, by its symbol."""
        issues = Issue.objects.filter(forum__slug=programme.forum.slug, kind=ListOfParticipants.name)
        return [Subject(issue.symbol, issue.symbol) for issue in issues.order_by("-number")[:1]]

    def extract(self, published: Published, subject: str, language: str) -> CorrigendumExtract | None:
        issues = Issue.objects.filter(forum=published.forum_id, kind=ListOfParticipants.name)
        issue = issues.order_by("-number").first()
        if issue is None or issue.symbol != subject or language not in issue.digests:
            return None
        stored = (
            Document.objects.filter(issue=issue, language=language).order_by("pk").values_list("extract", flat=True)
        )
        old = msgspec.convert(stored[0], ParticipantsExtract).parties
        new = [
            party
            for category in categories(Forum.objects.get(pk=published.forum_id), language)
            for party in category.parties
        ]
        before, after = lines_of(old), lines_of(new)
        found = CorrigendumExtract(
            forum=forum_extract(published.programme, language),
            corrects=issue.symbol,
            issued_at=issue.issued_at,
            added=_without(new, before),
            deleted=_nameless(_without(old, after)),
            changed=tuple(
                Change(party=party.name, old=before[one.uuid], new=one)
                for party in new
                for one in party.participants
                if one.uuid in before and before[one.uuid] != one
            ),
        )
        return found if found.added or found.deleted or found.changed else None

    def title(self, extract: CorrigendumExtract) -> str:
        return _("List of participants, corrigendum to %(symbol)s") % {"symbol": extract.corrects}

    def symbol(self, extract: CorrigendumExtract) -> str:
        return extract.corrects

    def filename(self, subject: str, extract: CorrigendumExtract) -> str:
        return "list-of-participants-corrigendum"

    def context(self, extract: CorrigendumExtract, marks: Marks, papers: list[Bound]) -> dict[str, Any]:
        return {
            "print": marks,
            "title": extract.forum.title,
            "corrects": extract.corrects,
            "issued": issuing.issued(extract.issued_at, extract.forum.zone),
            "added": _lines(extract.added),
            "deleted": _lines(extract.deleted),
            "changed": [
                ChangeLines(one.party.text, one.party.language, line(one.old), line(one.new)) for one in extract.changed
            ],
        }

    def changes(self, old: CorrigendumExtract, new: CorrigendumExtract) -> list[str]:
        found = [
            (_("additions"), old.added, new.added),
            (_("deletions"), old.deleted, new.deleted),
            (_("changes"), old.changed, new.changed),
        ]
        return [words for words, before, after in found if before != after]


def _without(parties: list[PartyPart], known: dict[str, Participant]) -> tuple[PartyPart, ...]:
    """Those who are not `known`, by party."""
    found = [
        msgspec.structs.replace(party, participants=tuple(one for one in party.participants if one.uuid not in known))
        for party in parties
    ]
    return tuple(party for party in found if party.participants)


def _nameless(parties: tuple[PartyPart, ...]) -> tuple[PartyPart, ...]:
    """The names of erased persons stand on what was issued before, and on nothing new."""
    uuids = [one.uuid for party in parties for one in party.participants]
    erased = {
        str(uuid)
        for uuid in Delegate.objects.filter(uuid__in=uuids, person__erased_at__isnull=False).values_list(
            "uuid", flat=True
        )
    }
    return tuple(
        msgspec.structs.replace(
            party,
            participants=tuple(
                Participant(uuid=one.uuid, family_name="") if one.uuid in erased else one for one in party.participants
            ),
        )
        for party in parties
    )


def _lines(parties: tuple[PartyPart, ...]) -> list[PartyLines]:
    return [party_lines(party, party.participants) for party in parties]
