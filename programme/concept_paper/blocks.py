"""Lines of a text file put together: paragraphs, members of lists, headings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .headings import Heading, event_kinds, heading
from .joining import closed, ended, join, left_open
from .pages import Line

WEAK_MARK = re.compile(r"[-–—(\w]")  # may also stand at a line's beginning in the middle of a sentence
QUOTED = re.compile(r"[“\"«„].*[”\"»]", re.DOTALL)


@dataclass(frozen=True)
class Block:
    line: int
    text: str
    is_item: bool = False
    heading: Heading | None = None
    level: int = 0  # of what a Word file sets as a heading, though it has no number
    doubts: tuple[tuple[int, str], ...] = ()  # lines with which a new paragraph may begin, and may not


def build(lines: Sequence[Line]) -> list[Block]:
    """Built twice: where a title is whole, it says how far the same title goes elsewhere."""
    titles: dict[tuple[str, str], str] = {}
    for block in _Builder(lines, {}).build():
        if block.heading:
            key = block.heading.kind, block.heading.number
            titles[key] = max(titles.get(key, ""), _compact(block.heading.title), key=len)
    return _Builder(lines, titles).build()


def _compact(text: str) -> str:
    return re.sub(r"\s", "", text)


class _Builder:
    def __init__(self, lines: Sequence[Line], titles: dict[tuple[str, str], str]) -> None:
        self.lines, self.titles = lines, titles
        lengths = sorted(len(line.text) for line in lines)
        self.width = lengths[len(lengths) * 9 // 10] if lengths else 0
        self.blocks: list[Block] = []
        self.in_list = False  # below “Guiding questions”, or among workshops

    def build(self) -> list[Block]:
        index = 0
        while index < len(self.lines):
            found = self._heading(index)
            index = self._take_heading(index, found) if found else self._take_text(index)
        return self.blocks

    def _heading(self, index: int) -> Heading | None:
        """What looks like a heading and stands where one can: not in the middle of a sentence."""
        line = self.lines[index]
        found = heading(line.text)
        if not found or line.page or line.marked or not self.blocks or self.blocks[-1].heading:
            return found
        before = self.lines[index - 1]
        if line.gap:
            stands = ended(before.text) or not self._is_full(index)
        else:
            stands = ended(before.text) and not self._is_full(index)
        return found if stands else None

    def _take_heading(self, index: int, found: Heading) -> int:
        line, title, after = self.lines[index], found.title, index + 1
        if found.is_label:
            self.blocks.append(Block(line.number, line.text, heading=replace(found, title="")))
            if title:
                self.blocks.append(Block(line.number, title))
            self.in_list = found.kind == "questions"
            return after
        text = line.text
        while after < len(self.lines) and self._is_of_title(title, found, after):
            title, text = join(title, self.lines[after].text), join(text, self.lines[after].text)
            after += 1
        self.blocks.append(Block(line.number, text, heading=replace(found, title=title)))
        self.in_list = found.kind == "section" and bool(event_kinds(title))
        return after

    def _is_of_title(self, title: str, found: Heading, index: int) -> bool:
        """Whether the line still belongs to the title that has been read so far."""
        line = self.lines[index]
        if heading(line.text):
            return False
        known, so_far = self.titles.get((found.kind, found.number), ""), _compact(title)
        if known.startswith(so_far) and len(known) > len(so_far):
            return known.startswith(_compact(join(title, line.text)))
        if known == so_far and known:
            return False
        if found.kind == "overarching" and title[:1] in tuple('“"«„'):
            return not QUOTED.match(title) and len(title) < 300
        if line.marked or line.gap > 1:
            return False
        if not title or line.text[:1].islower() or left_open(title):
            return True
        return self._is_rest_of_title(index)

    def _is_rest_of_title(self, index: int) -> bool:
        """One or two lines that make no sentence, right below the title or with nothing else under it."""
        run = [self.lines[index]]
        for line in self.lines[index + 1 : index + 3]:
            if heading(line.text) or (line.gap and not run[0].gap):
                break
            run.append(line)
        following = index + len(run)
        alone = following < len(self.lines) and heading(self.lines[following].text) is not None
        short = len(run[-1].text) < self.width * 0.75
        return len(run) <= 2 and short and not ended(run[-1].text) and (alone or not run[0].gap)

    def _take_text(self, index: int) -> int:
        line = self.lines[index]
        last = self.blocks[-1] if self.blocks and not self.blocks[-1].heading else None
        if last and not self._begins(index, last):
            doubts = ((line.number, line.text),) if self._is_doubtful(index, last) else ()
            text = join(last.text, line.glyph + line.text)
            self.blocks[-1] = replace(last, text=text, doubts=last.doubts + doubts)
        else:
            introduced = last is not None and (last.is_item or last.text.endswith(":"))
            is_item = bool(line.glyph) or (line.indent > 0 and (self.in_list or introduced))
            self.blocks.append(Block(line.number, line.text, is_item))
        return index + 1

    def _begins(self, index: int, last: Block) -> bool:
        """Whether a paragraph or a member of a list begins with this line."""
        line, full = self.lines[index], self._is_full(index)
        finished = ended(last.text) or (closed(last.text) and not line.text[:1].islower())
        if line.indent >= 2 or (line.glyph and not WEAK_MARK.match(line.glyph)):
            return True
        if line.marked:
            if finished:
                return self.in_list or last.is_item or bool(line.gap) or not full
            return not (line.page or (full and not line.gap))
        if line.page:
            if last.is_item:
                return finished and not self.in_list
            return finished and not full
        if not line.gap:
            return False
        if not finished:
            return not (last.is_item or full or self._is_spaced_out(index))
        nearly_full = full or (last.is_item and len(self.lines[index - 1].text) > self.width * 0.6)
        return not (nearly_full and self._is_spaced_out(index))

    def _is_doubtful(self, index: int, last: Block) -> bool:
        """A sentence that ends in a full line, where no blank line could tell: one paragraph, or two."""
        line = self.lines[index]
        hidden = line.page or (line.marked and not line.gap) or self._is_spaced_out(index)
        return hidden and not last.is_item and ended(last.text)

    def _is_full(self, index: int) -> bool:
        """Whether the line before had no room for the first word of this one."""
        word = self.lines[index].text.split(" ", 1)[0]
        return len(self.lines[index - 1].text) + 1 + len(word) > self.width * 0.95

    def _is_spaced_out(self, index: int) -> bool:
        """Whether blank lines here stand between all lines, and so part no paragraphs."""
        line, before = self.lines[index], self.lines[index - 1]
        after = self.lines[index + 1] if index + 1 < len(self.lines) else None
        return line.gap == 1 and before.gap > 0 and (after is None or after.gap > 0)
