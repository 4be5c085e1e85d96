"""Chosen changes into the tables, in one transaction. Whatever cannot be done whole is not done at all."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from people.editing import refusal
from people.models import User
from programme.draft import draft
from programme.models import Import
from programme.texts import cited
from roundtables.models import ExpectedOutcome, GuidingQuestion, Roundtable
from schedule.models import Forum, Session, Venue
from themes.models import Commitment, Reference, Section, Theme
from workshops.models import SideEvent, Workshop

from .changes import Change, Comparison, Verb
from .comparing import compare
from .rows import ImportRefused, Recorder
from .tree import Paper

MODELS: dict[str, type[models.Model]] = {
    "reference": Reference, "theme": Theme, "section": Section, "roundtable": Roundtable, "outcome": ExpectedOutcome,
    "question": GuidingQuestion, "workshop": Workshop, "side_event": SideEvent,
}  # fmt: skip
PLACES = {"reference": "number", "section": "position", "outcome": "position", "question": "position"}


def apply(*, upload: Import, paper: Paper, chosen: Collection[str], by: User | None, now: datetime) -> Import:
    """Take over the changes with these ids; return the import with what was done.

    Raises `ImportRefused`, also where somebody edited since the changes were shown, and `NotThisForum`.
    """
    try:
        with transaction.atomic():
            return _apply(upload, paper, chosen, by, now)
    except IntegrityError as error:
        raise ImportRefused(refusal(error)) from error


def _apply(upload: Import, paper: Paper, chosen: Collection[str], by: User | None, now: datetime) -> Import:
    upload = Import.objects.select_for_update().get(pk=upload.pk)
    if upload.applied_at:
        raise ImportRefused(_("This paper has been taken over already."))
    forum = lock(upload.forum)
    comparison = compare(paper, draft(forum))
    found = [change for change in comparison.changes if change.id in chosen]
    if len(found) < len(set(chosen)):
        raise ImportRefused(_("The programme was edited since these changes were shown. Look at them again."))
    if not found:
        raise ImportRefused(_("No change is chosen."))
    work = _Work(forum, comparison, found, Recorder(paper.language))
    work.do()
    upload.applied, upload.applied_at, upload.data = work.recorder.steps, now, None
    upload.applied_by = by
    upload.save()
    return upload


def lock(forum: Forum) -> Forum:
    """Whoever edits the rows of the paper waits until we are done, whoever takes a place does not."""
    locked = Forum.objects.select_for_update(no_key=True).get(pk=forum.pk)
    for model, path in (
        (Reference, "forum"),
        (Section, "forum"),
        (Theme, "forum"),
        (Session, "forum"),
        (ExpectedOutcome, "roundtable__forum"),
        (GuidingQuestion, "roundtable__forum"),
    ):
        rows = model._default_manager.filter(**{path: forum}).order_by("pk").values("pk")
        list(rows.select_for_update(of=("self",), no_key=True))
    return locked


@dataclass
class _Work:
    forum: Forum
    comparison: Comparison
    chosen: list[Change]
    recorder: Recorder

    def do(self) -> None:
        self._references_are_there()
        kinds = ["forum", *MODELS]
        for change in sorted(self.chosen, key=lambda change: kinds.index(change.kind)):
            match change.verb:
                case Verb.CHANGED:
                    self._change(change)
                case Verb.ADDED if change.kind not in PLACES:
                    self._add(change)
                case Verb.LINKED:
                    self.recorder.link(self._row(change), Commitment.objects.get(key=change.new))
        for kind, within in self.comparison.orders:
            self._arrange(kind, within)
        self.recorder.save()

    def _row(self, change: Change) -> models.Model:
        if change.kind == "forum":
            return self.forum
        return MODELS[change.kind]._default_manager.get(uuid=change.object)

    def _own(self, name: str) -> str:
        """The column of this field in the language of the paper."""
        return f"{name}_{self.comparison.language}"

    def _change(self, change: Change) -> None:
        row = self._row(change)
        if change.field == "timing":
            for name, value in change.new.items():
                self.recorder.change(row, name, value)
        elif change.field == "venue":
            self.recorder.change(row, "room", None)
            self.recorder.change(row, "venue", self._venue(change.new).pk)
        elif change.field == "urls":
            self.recorder.change(row, "urls", "\n".join(change.new))
        else:
            self.recorder.change(row, self._own(change.field), change.new)

    def _add(self, change: Change) -> None:
        new, own = change.new, self._own
        if change.kind == "theme":
            texts = {own(name): new[name] for name in ("title", "rationale")}
            self.recorder.create(Theme(forum=self.forum, number=int(change.number), **texts))
        elif change.kind == "roundtable":
            self._add_roundtable(change)
        else:
            timing = {name: value for name, value in new.items() if name not in ("title", "venue")}
            row = MODELS[change.kind](
                forum=self.forum,
                slug=self._free_slug(Session, new["title"], 100),
                venue=self._venue(new["venue"]) if new["venue"] else None,
                **{own("title"): new["title"]},
                **timing,
            )
            self.recorder.create(row)

    def _add_roundtable(self, change: Change) -> None:
        """On a day of the summit that nobody knows yet."""
        number, _point, place = change.number.partition(".")
        theme = Theme.objects.filter(forum=self.forum, number=int(number)).first()
        if theme is None:
            raise ImportRefused(
                _("Roundtable %(number)s belongs to theme %(theme)s, which the portal does not have. Tick both.")
                % {"number": change.number, "theme": number}
            )
        row = Roundtable(
            forum=self.forum, theme=theme, place=int(place), position=int(number),
            slug=self._free_slug(Session, f"roundtable {number} {place}", 100),
            timing=Session.Timing.DATED, starts_on=self.forum.starts_on, ends_on=self.forum.ends_on,
            to_confirm=["day", "hours", "room"],
            **{self._own(name): change.new[name] for name in ("title", "summary")},
        )  # fmt: skip
        self.recorder.create(row)
        for model, name in ((ExpectedOutcome, "outcomes"), (GuidingQuestion, "questions")):
            for position, text in enumerate(change.new[name], 1):
                self.recorder.create(model(roundtable=row, position=position, **{self._own("text"): text}))

    def _arrange(self, kind: str, within: str) -> None:
        """Put what is new or has moved behind what stands before it in the paper; take out what was ticked."""
        mine = [change for change in self.chosen if change.kind == kind and change.field in ("", "position", "text")]
        new = {change.id: change for change in mine if change.verb is Verb.ADDED and change.within == within}
        moved = {change.object for change in mine if change.verb is Verb.MOVED and change.within == within}
        left = {change.object for change in mine if change.verb is Verb.MOVED and change.within != within}
        gone = {change.object for change in mine if change.verb is Verb.MISSING and change.within == within}
        rows = {str(row.uuid): row for row in self._list(kind, within)}  # type: ignore[attr-defined]
        if not (new or moved or gone or left & rows.keys()):
            return
        order = [name for name in rows if name not in moved | left | gone]
        paper = self.comparison.orders[kind, within]
        for place, name in enumerate(paper):
            if name in new or name in moved:
                before = next((one for one in reversed(paper[:place]) if one in order), None)
                order.insert(order.index(before) + 1 if before else 0, name)
        for name in gone:
            self.recorder.delete(rows.pop(name))
        fixed = {name: getattr(row, PLACES[kind]) for name, row in rows.items() if name not in moved}
        for name, number in _numbered(order, fixed, dense=kind == "reference"):
            if name in new:
                self.recorder.create(self._new_in_list(new[name], number))
            else:
                row = rows.get(name) or MODELS[kind]._default_manager.get(uuid=name)
                if within and name not in rows:
                    self.recorder.change(row, "roundtable", Roundtable.objects.get(uuid=within).pk)
                self.recorder.change(row, PLACES[kind], number)

    def _list(self, kind: str, within: str) -> Iterator[models.Model]:
        rows = MODELS[kind]._default_manager.order_by(PLACES[kind])
        if within:
            return rows.filter(roundtable__uuid=within).iterator()
        return rows.filter(forum=self.forum, **({"kind": "paper"} if kind == "section" else {})).iterator()

    def _new_in_list(self, change: Change, number: int) -> models.Model:
        own, new = self._own, change.new
        if change.kind == "reference":
            urls = "\n".join(new["urls"])
            return Reference(forum=self.forum, key=new["key"], number=number, urls=urls, **{own("text"): new["text"]})
        if change.kind == "section":
            texts = {own(name): new[name] for name in ("heading", "body")}
            slug = self._free_slug(Section, new["heading"], 50)
            return Section(forum=self.forum, numeral=change.number, position=number, slug=slug, **texts)
        roundtable = Roundtable.objects.get(uuid=change.within)
        return MODELS[change.kind](roundtable=roundtable, position=number, **{own("text"): new})

    def _venue(self, slug: str) -> Venue:
        return Venue.objects.get(forum=self.forum, slug=slug)

    def _free_slug(self, model: type[models.Model], words: str, length: int) -> str:
        stem = slugify(words)[: length - 3].rstrip("-") or "event"
        taken = set(model._default_manager.filter(forum=self.forum).values_list("slug", flat=True))
        return next(slug for turn in range(1, 100) if (slug := f"{stem}-{turn}" if turn > 1 else stem) not in taken)

    def _references_are_there(self) -> None:
        """No text is taken over that cites a new footnote which is not."""
        new = {change.new["key"]: change for change in self.comparison.changes if _adds_reference(change)}
        left_out = {key for key, change in new.items() if change not in self.chosen}
        for change in self.chosen:
            for key in left_out.intersection(cited(str(change.new))) if change.verb is not Verb.LINKED else ():
                raise ImportRefused(
                    _("A text that is chosen cites footnote %(number)s, which is not. Tick it, too (line %(line)s).")
                    % {"number": new[key].number, "line": change.line}
                )


def _adds_reference(change: Change) -> bool:
    return change.kind == "reference" and change.verb is Verb.ADDED


def _numbered(order: list[str], fixed: dict[str, int], *, dense: bool) -> Iterator[tuple[str, int]]:
    """Each with its place: the one it has where that still follows, else the next."""
    last = 0
    for name in order:
        own = fixed.get(name, 0)
        last = own if own > last and not dense else last + 1
        yield name, last
