"""Lines of a text file put together: paragraphs, members of lists, headings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .headings import Heading, event_kinds, heading
from .joining import closed, ended, join, left_open
from .pages import Line

WEAK_MARK = re.compile(r"[-–—(\w]")  # may also stand at a line's beginning in the middle of a sentence
LONGEST_TITLE, LONGEST_PARAGRAPH = 300, 20_000  # of a paper; in other files reading must end, too
SURELY, PERHAPS = "surely", "perhaps"
QUOTED = re.compile(r"[“\"«„].*[”\"»]", re.DOTALL)


@dataclass(frozen=True)
class Block:
    line: int
    text: str
    is_item: bool = False
    mark: str = ""  # of a member of a list, as typed or counted: “•”, “2.”
    heading: Heading | None = None
    level: int = 0  # of what a Word file sets as a heading, though it has no number
    doubts: tuple[
        tuple[int, str], ...
    ] = ()  # lines with which a new paragraph may begin; of a title, that may belong to it


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
        finished, full = ended(before.text) or closed(before.text), self._is_full(index)
        stands = line.gap > 1 or finished or not full if line.gap else finished and not full
        return found if stands else None

    def _take_heading(self, index: int, found: Heading) -> int:
        line, title, after = self.lines[index], found.title, index + 1
        if found.is_label:
            self.blocks.append(Block(line.number, line.text, heading=replace(found, title="")))
            if title:
                self.blocks.append(Block(line.number, title))
            self.in_list = found.kind == "questions"
            return after
        text, doubts = line.text, []
        while after < len(self.lines) and (belongs := self._is_of_title(title, found, after)):
            line = self.lines[after]
            doubts += [(line.number, line.text)] if belongs == PERHAPS else []
            title, text, after = join(title, line.text), join(text, line.text), after + 1
        heading_of = replace(found, title=title)
        self.blocks.append(Block(self.lines[index].number, text, heading=heading_of, doubts=tuple(doubts)))
        self.in_list = found.kind == "section" and bool(event_kinds(title))
        return after

    def _is_of_title(self, title: str, found: Heading, index: int) -> str:
        """Whether the line still belongs to the title that has been read so far: SURELY, PERHAPS, or not."""
        line = self.lines[index]
        if heading(line.text) or len(title) > LONGEST_TITLE:
            return ""
        known, so_far = self.titles.get((found.kind, found.number), ""), _compact(title)
        if known == so_far and known:
            return ""
        if known.startswith(so_far) and known:
            return SURELY if known.startswith(_compact(join(title, line.text))) else ""
        if found.kind == "overarching" and title[:1] in tuple('“"«„'):
            return SURELY if not QUOTED.match(title) else ""
        if line.marked or line.gap > 1:
            return ""
        if not title or line.text[:1].islower() or left_open(title):
            return SURELY
        return self._is_rest_of_title(index)

    def _is_rest_of_title(self, index: int) -> str:
        """A line or two that make no sentence: right below the title, or with nothing else under it, or alone."""
        run = [self.lines[index]]
        for line in self.lines[index + 1 : index + 3]:
            if heading(line.text) or (line.gap and not run[0].gap):
                break
            run.append(line)
        following = index + len(run)
        nothing_else = following < len(self.lines) and heading(self.lines[following].text) is not None
        if len(run) <= 2 and self._is_scrap(run[-1]) and (nothing_else or not run[0].gap):
            return SURELY
        isolated = len(run) == 1 or run[1].gap > 0
        wrapped = len(self.lines[index - 1].text) > self.width * 0.4
        return PERHAPS if isolated and wrapped and self._is_scrap(run[0]) else ""

    def _is_scrap(self, line: Line) -> bool:
        return len(line.text) < self.width * 0.75 and not ended(line.text)

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
            self.blocks.append(Block(line.number, line.text, is_item, mark=line.glyph))
        return index + 1

    def _begins(self, index: int, last: Block) -> bool:
        """Whether a paragraph or a member of a list begins with this line."""
        line, full = self.lines[index], self._is_full(index)
        finished = ended(last.text) or (closed(last.text) and not line.text[:1].islower())
        if line.indent >= 2 or (line.glyph and not WEAK_MARK.match(line.glyph)) or len(last.text) > LONGEST_PARAGRAPH:
            return True
        if line.marked:
            if finished:
                announced = last.text.endswith(":") and not line.text[:1].islower()
                return self.in_list or last.is_item or announced or line.gap > 0 or not full
            dash = line.glyph and not line.indent and self._is_spaced_out(index)
            return not (line.page or dash or (full and not line.gap))
        if line.page:
            if last.is_item:
                return finished and not (self.in_list and ended(last.text))
            return finished and not full
        if not line.gap:
            return False
        if not finished:
            return not (last.is_item or full or self._is_spaced_out(index))
        if self.in_list:  # set narrower than other text
            full = ended(last.text) and len(self.lines[index - 1].text) > self.width * 0.6
        return not (full and self._is_spaced_out(index))

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
        line, start = self.lines[index], self.blocks[-1].line
        above = [each for each in self.lines[max(index - 3, 0) : index] if each.number > start]
        after = self.lines[index + 1] if index + 1 < len(self.lines) else None
        apart = all(each.gap or each.page or each.indent for each in above)
        return line.gap == 1 and apart and (after is None or after.gap > 0 or after.page or after.marked)
