"""A paper and a programme, compared: typed changes from what the tables say to what the paper says.

Pure: the programme is the draft as a snapshot. Whoever applies a change compares anew and takes
those whose ids are found again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from programme.snapshot import ParagraphNode, Programme, QuestionNode, SectionNode, SessionNode, Text

from . import fitting
from .aligning import align, squeezed, staying
from .changes import Absent, Change, Comparison, Verb
from .commitments import cited
from .gatherings import compare_events
from .references import keys, named
from .tree import Paper, Passage, Roundtable, Section, Theme, Unplaced

ALMOST = 0.8  # from which a question that left one roundtable is the one that came to another


def compare(paper: Paper, programme: Programme) -> Comparison:
    """Raises `NotThisForum`."""
    fitting.check(paper, programme)
    return _Comparing(paper, programme).run()


@dataclass
class _Place:
    """A question or outcome of the paper, or of a roundtable of the tables."""

    roundtable: str  # its UUID
    number: str
    place: int
    text: str
    uuid: str = ""
    line: int = 0
    commitments: tuple[str, ...] = ()


@dataclass
class _Comparing:
    paper: Paper
    programme: Programme
    changes: list[Change] = field(default_factory=list)
    absent: list[Absent] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    orders: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    def run(self) -> Comparison:
        self.names = keys(self.paper.footnotes, self.programme.references, self.paper.language)
        self.known = {commitment.key for commitment in self.programme.commitments}
        self._forum()
        self._references()
        self._sections()
        self._themes()
        self._roundtables()
        events = compare_events(self.paper, self.programme)
        return Comparison(
            language=self.paper.language,
            changes=(*self.changes, *events.changes),
            absent=(*self.absent, *events.absent),
            unplaced=(*self.paper.unplaced, *self.unplaced, *events.unplaced),
            orders=self.orders,
        )

    def _said(self, text: Text) -> str:
        return text.get(self.paper.language, "")

    def _text(self, kind: str, name: str, old: Text, new: str, **more: Any) -> None:
        """One text of one object. White space is no difference."""
        was, now = self._said(old), named(new, self.names)
        if [squeezed(part) for part in was.split("\n\n")] != [squeezed(part) for part in now.split("\n\n")]:
            self.changes.append(Change(verb=Verb.CHANGED, kind=kind, field=name, old=was, new=now, **more))

    def _links(self, kind: str, passages: Iterable[Passage | None], linked: Iterable[str], **more: Any) -> None:
        """Commitments that the texts cite and that exist, but are not linked yet."""
        known = {key for key in self.known if key not in linked}
        for passage in filter(None, passages):
            for key in [key for key in cited(passage.text) if key in known]:
                known.remove(key)
                link: dict[str, Any] = {"field": "commitments", "new": key, "line": passage.line}
                self.changes.append(Change(verb=Verb.LINKED, kind=kind, **link, **more))

    def _forum(self) -> None:
        if self.paper.overarching_theme:
            forum = self.programme.forum
            self._text("forum", "overarching_theme", forum.overarching_theme, self.paper.overarching_theme)

    def _references(self) -> None:
        by_key = {reference.key: reference for reference in self.programme.references}
        order = []
        for note in self.paper.footnotes:
            key = self.names[note.number]
            own = by_key.get(key)
            if own is None:
                new = {"key": key, "text": note.text or note.urls[0], "urls": list(note.urls)}
                change = Change(verb=Verb.ADDED, kind="reference", number=str(note.number), new=new, line=note.line)
                self.changes.append(change)
                order.append(change.id)
                continue
            more: dict[str, Any] = {"object": own.uuid, "number": str(note.number), "line": note.line}
            if note.text:  # others are an address, which we may know to describe
                self._text("reference", "text", own.text, note.text, **more)
            if note.urls and list(own.urls) != list(note.urls):
                urls: dict[str, Any] = {"old": list(own.urls), "new": list(note.urls)}
                self.changes.append(Change(verb=Verb.CHANGED, kind="reference", field="urls", **urls, **more))
            order.append(own.uuid)
        numbers = {reference.uuid: reference.number for reference in self.programme.references}
        lines = {name: note.line for name, note in zip(order, self.paper.footnotes, strict=True)}
        self._moves("reference", "", order, numbers, {}, lines)
        for reference in self.programme.references:
            if reference.key not in self.names.values():
                self.absent.append(Absent(kind="reference", number=str(reference.number), title=reference.key))

    def _sections(self) -> None:
        own = {section.numeral: section for section in self.programme.sections if section.kind == "paper"}
        order = []
        for section in self.paper.sections:
            node = own.pop(section.numeral, None)
            if node is not None:
                self._section(section, node)
                order.append(node.uuid)
            elif section.body is not None:
                new = {"heading": section.heading, "body": named(section.body.text, self.names)}
                change = Change(
                    verb=Verb.ADDED, kind="section", number=section.numeral, new=new, line=section.line
                )  # fmt: skip
                self.changes.append(change)
                order.append(change.id)
        self.orders["section", ""] = tuple(order)
        for node in own.values():
            self.absent.append(Absent(kind="section", number=node.numeral, title=self._said(node.heading)))

    def _section(self, section: Section, node: SectionNode) -> None:
        more = {"object": node.uuid, "number": section.numeral}
        self._text("section", "heading", node.heading, section.heading, line=section.line, **more)
        if section.body:
            self._text("section", "body", node.body, section.body.text, line=section.body.line, **more)
        self._links("section", [section.body], node.commitments, **more)

    def _themes(self) -> None:
        for theme in self.paper.themes:
            node = self.programme.theme(theme.number)
            number = str(theme.number)
            if node is None:
                self._new_theme(theme)
                continue
            more = {"object": node.uuid, "number": number}
            self._text("theme", "title", node.title, theme.title, line=theme.line, **more)
            if theme.rationale:
                self._text(
                    "theme", "rationale", node.rationale, theme.rationale.text, line=theme.rationale.line, **more
                )
            self._links("theme", [theme.rationale], node.commitments, **more)
        numbers = {theme.number for theme in self.paper.themes}
        for node in self.programme.themes:
            if node.number not in numbers:
                self.absent.append(Absent(kind="theme", number=str(node.number), title=self._said(node.title)))

    def _new_theme(self, theme: Theme) -> None:
        rationale = named(theme.rationale.text, self.names) if theme.rationale else ""
        new = {"title": theme.title, "rationale": rationale}
        self.changes.append(
            Change(verb=Verb.ADDED, kind="theme", number=str(theme.number), new=new, line=theme.line)
        )  # fmt: skip

    def _roundtables(self) -> None:
        own = {node.number: node for node in self.programme.sessions if node.kind == "roundtable"}
        pairs: list[tuple[Roundtable, SessionNode]] = []
        for theme in self.paper.themes:
            for roundtable in theme.roundtables:
                node = own.pop(roundtable.number, None)
                if node is None:
                    self._new_roundtable(roundtable)
                    continue
                pairs.append((roundtable, node))
                more = {"object": node.uuid, "number": node.number}
                self._text("roundtable", "title", node.title, roundtable.title, line=roundtable.line, **more)
                if roundtable.summary:
                    line = roundtable.summary.line
                    self._text("roundtable", "summary", node.summary, roundtable.summary.text, line=line, **more)
                texts = [roundtable.summary, *roundtable.outcomes]
                self._links("roundtable", texts, node.commitments, **more)
        for node in own.values():
            self.absent.append(Absent(kind="roundtable", number=node.number, title=self._said(node.title)))
        self._lists("outcome", pairs)
        self._lists("question", pairs)

    def _new_roundtable(self, roundtable: Roundtable) -> None:
        texts = {
            name: [named(passage.text, self.names) for passage in getattr(roundtable, name)]
            for name in ("outcomes", "questions")
        }
        summary = named(roundtable.summary.text, self.names) if roundtable.summary else ""
        new = {"title": roundtable.title, "summary": summary, **texts}
        self.changes.append(
            Change(verb=Verb.ADDED, kind="roundtable", number=roundtable.number, new=new, line=roundtable.line)
        )  # fmt: skip

    def _lists(self, kind: str, pairs: Sequence[tuple[Roundtable, SessionNode]]) -> None:
        """Questions, or outcomes, of all roundtables that are in both: first within each, then from one to another."""
        known: dict[str, _Place] = {}  # of the paper, by roundtable and place → of the tables
        papers: dict[str, list[_Place]] = {}
        spare: list[_Place] = []
        for roundtable, node in pairs:
            new = list(_of_paper(kind, roundtable, node, self.names))
            old = list(self._of_tables(kind, node))
            papers[node.uuid] = new
            if not new:
                continue  # a roundtable whose list the paper does not give
            found = align([one.text for one in old], [one.text for one in new])
            known.update({f"{node.uuid} {new[b].place}": old[a] for b, a in found.items()})
            spare += [one for place, one in enumerate(old) if place not in found.values()]
        came = [one for new in papers.values() for one in new if f"{one.roundtable} {one.place}" not in known]
        across = align([one.text for one in spare], [one.text for one in came], least=ALMOST, neighbours=False)
        known.update({f"{came[b].roundtable} {came[b].place}": spare[a] for b, a in across.items()})
        for uuid, new in papers.items():
            self._list(kind, uuid, new, known)
        for place, one in enumerate(spare):
            if place not in across.values():
                where: dict[str, Any] = {"within": one.roundtable, "number": one.number, "title": str(one.place)}
                self.changes.append(
                    Change(verb=Verb.MISSING, kind=kind, object=one.uuid, field="text", old=one.text, **where)
                )

    def _list(self, kind: str, roundtable: str, new: Sequence[_Place], known: dict[str, _Place]) -> None:
        order, places, from_elsewhere, lines = [], {}, {}, {}
        for one in new:
            was = known.get(f"{roundtable} {one.place}")
            more: dict[str, Any] = {"within": roundtable, "number": one.number, "title": str(one.place)}
            if was is None:
                change = Change(verb=Verb.ADDED, kind=kind, new=one.text, line=one.line, **more)
                self.changes.append(change)
                order.append(change.id)
                continue
            order.append(was.uuid)
            lines[was.uuid] = one.line
            if was.roundtable == roundtable:
                places[was.uuid] = was.place
            else:
                from_elsewhere[was.uuid] = was
            self._text(
                kind, "text", {self.paper.language: was.text}, one.text, object=was.uuid, line=one.line, **more
            )  # fmt: skip
            if kind == "question":
                node = self.programme.by_uuid[roundtable]
                linked = {*was.commitments, *node.commitments}
                passage = Passage(text=one.text, line=one.line)
                self._links(kind, [passage], linked, object=was.uuid, **more)
        self._moves(kind, roundtable, order, places, from_elsewhere, lines)

    def _moves(
        self,
        kind: str,
        within: str,
        order: list[str],
        places: dict[str, int],
        from_elsewhere: dict[str, _Place],
        lines: dict[str, int],
    ) -> None:
        """Rows that do not stand in the order of the paper: as few as possible."""
        self.orders[kind, within] = tuple(order)
        stay = staying([places[name] for name in order if name in places])
        for place, name in enumerate(order, 1):
            was = from_elsewhere.get(name)
            if was is None and (name not in places or places[name] in stay):
                continue
            number = self.programme.by_uuid[within].number if within else str(place)
            before = f"{was.number}, {was.place}" if was else str(places[name])
            self.changes.append(
                Change(
                    verb=Verb.MOVED, kind=kind, object=name, field="position", within=within, number=number,
                    title=str(place), old=before, new=f"{number}, {place}" if was else str(place), line=lines[name],
                )
            )  # fmt: skip

    def _of_tables(self, kind: str, node: SessionNode) -> Iterator[_Place]:
        rows: Sequence[QuestionNode | ParagraphNode] = node.questions if kind == "question" else node.outcomes
        for place, one in enumerate(rows, 1):
            linked = one.commitments if isinstance(one, QuestionNode) else ()
            yield _Place(node.uuid, node.number, place, self._said(one.text), one.uuid, commitments=linked)


def _of_paper(kind: str, roundtable: Roundtable, node: SessionNode, names: dict[int, str]) -> Iterator[_Place]:
    passages = roundtable.questions if kind == "question" else roundtable.outcomes
    for place, passage in enumerate(passages, 1):
        yield _Place(node.uuid, node.number, place, named(passage.text, names), line=passage.line)
