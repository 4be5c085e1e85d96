"""What single pages show of a release, as frozen values. Templates only lay them out."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from schedule.models import Role
from themes.models import Commitment

from . import texts, times
from .changes import SessionChange, as_read
from .compare import Verb
from .reading import choose, language, listed, role, say
from .slots import Kind, Mark, where_before
from .snapshot import CommitmentNode, PaperNode, Programme, ReferenceNode, SessionNode, Text

AWAITED = (Role.Kind.CO_CHAIR, Role.Kind.MODERATOR, Role.Kind.RAPPORTEUR)  # named even while open


@dataclass(frozen=True)
class Entry:
    """A line of the ledger: who chairs, who speaks. Without `words`: to be announced."""

    label: str
    words: SafeString


def roles(session: SessionNode) -> list[Entry]:
    found = []
    for kind in Role.Kind:
        holders = session.roles_of(kind)
        if holders or (session.kind == Kind.ROUNDTABLE and kind in AWAITED):
            found.append(Entry(_role_label(kind, len(holders)), listed(role(node) for node in holders)))
    return found


def _role_label(kind: Role.Kind, count: int) -> str:
    labels = {
        Role.Kind.CO_CHAIR: ngettext("Co-chair", "Co-chairs", count or 2),
        Role.Kind.KEYNOTE: ngettext("Keynote", "Keynotes", count),
        Role.Kind.MODERATOR: ngettext("Moderator", "Moderators", count or 1),
        Role.Kind.RAPPORTEUR: ngettext("Rapporteur", "Rapporteurs", count or 1),
        Role.Kind.SPEAKER: ngettext("Speaker", "Speakers", count),
        Role.Kind.THEMATIC_EXPERT: ngettext("Thematic expert", "Thematic experts", count),
        Role.Kind.COORDINATOR: ngettext("Coordinator", "Coordinators", count),
        Role.Kind.TEAM_MEMBER: ngettext("Team member", "Team members", count),
    }
    return labels[kind]


@dataclass(frozen=True)
class Cited:
    """A reference with the numbers of the questions that cite it."""

    reference: ReferenceNode
    questions: tuple[int, ...] = ()


def cited(programme: Programme, *prose: Text, session: SessionNode | None = None) -> list[Cited]:
    """The references that these texts cite as the reader sees them, in order of number."""
    keys: set[str] = set()
    for text in prose:
        keys.update(texts.cited(choose(text)[0]))
    asking: dict[str, list[int]] = {}
    for number, question in enumerate(session.questions if session else (), 1):
        for key in dict.fromkeys(texts.cited(choose(question.text)[0])):
            asking.setdefault(key, []).append(number)
    return [
        Cited(reference, tuple(asking.get(reference.key, ())))
        for reference in programme.references
        if reference.key in keys or reference.key in asking
    ]


@dataclass(frozen=True)
class ChangeLine:
    """One session on a page of changes, with what was and what is."""

    change: SessionChange
    programme: Programme

    @property
    def session(self) -> SessionNode:
        return self.change.node

    @property
    def is_there(self) -> bool:
        return self.change.after is not None

    @property
    def verbs(self) -> tuple[Mark, ...]:
        return tuple(
            Mark("cancelled" if verb in (Verb.CANCELLED, Verb.REMOVED) else "changed", self._words(verb))
            for verb in self.change.verbs
        )

    def _words(self, verb: Verb) -> str:
        return _("New title") if verb is Verb.REWORDED else str(verb.label)

    @property
    def rows(self) -> list[tuple[str, SafeString, SafeString]]:
        """(what, before, now) for title, time and place that changed."""
        before, after = self.change.before, self.change.after
        if before is None or after is None:
            return []
        found: list[tuple[str, SafeString, SafeString]] = []
        if self.change.has(Verb.REWORDED):
            found.append((_("Title"), say(before.title), say(after.title)))
        if self.change.has(Verb.RETIMED):
            found.append((_("Time"), *times.retimed(before, after, self.programme)))
        if self.change.has(Verb.MOVED):
            found.append((_("Room"), where_before(self.change, self.programme), times.where(after, self.programme)))
        return found

    @property
    def when(self) -> SafeString:
        return times.when(self.session, self.programme)

    @property
    def place(self) -> SafeString:
        return times.where(self.session, self.programme)


def change_lines(changes: Iterable[SessionChange], programme: Programme) -> list[ChangeLine]:
    return [ChangeLine(change, programme) for change in as_read(changes)]


def commitments(programme: Programme, *keys: str) -> list[SafeString]:
    """“Sustainable Development Goals, target 8.8: Labour rights …”; an instrument by its official name."""
    return [_commitment(programme, node) for node in programme.committed(keys)]


def commitments_of(programme: Programme, session: SessionNode) -> list[SafeString]:
    """What the session serves, itself or by one of its questions."""
    by_questions = (key for question in session.questions for key in question.commitments)
    return commitments(programme, *session.commitments, *by_questions)


def _commitment(programme: Programme, node: CommitmentNode) -> SafeString:
    if node.kind == Commitment.Kind.INSTRUMENT or not node.number:
        return say(node.official or node.name)
    (instrument,) = programme.committed((node.instrument,)) or (None,)
    return format_html(
        _("{instrument}, {place} {number}: {name}"),
        instrument=say(instrument.name) if instrument else node.instrument,
        place=str(Commitment.Kind(node.kind).label).lower(),
        number=format_html('<bdi dir="ltr">{}</bdi>', node.number),
        name=say(node.name),
    )


def place_of(node: CommitmentNode) -> SafeString:
    """“Target 10.7”; an instrument by its name."""
    if node.kind == Commitment.Kind.INSTRUMENT or not node.number:
        return say(node.name)
    return format_html('{} <bdi dir="ltr">{}</bdi>', Commitment.Kind(node.kind).label, node.number)


def is_unofficial(node: CommitmentNode) -> bool:
    """Whether its name is ours because the official wording is not there in the language of the reader."""
    return bool(node.official) and language() not in node.official


def file_name(paper: PaperNode) -> str:
    """Plain, whatever the script of the title: “financing-migration-fr.pdf”, “background-paper-2-ar.pdf”."""
    return f"{slugify(paper.title)[:80].strip('-') or f'background-paper-{paper.position}'}-{paper.language}.pdf"
