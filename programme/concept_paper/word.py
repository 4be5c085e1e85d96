"""A Word file as the same paragraphs, members of lists and headings that a text file has."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from docx.document import Document
from docx.oxml.ns import qn
from lxml import etree

from .blocks import Block
from .footnotes import footnote
from .headings import Heading, heading
from .joining import URL, ended, join, tidy
from .numbering import Numbering
from .package import open_word, whole
from .pages import GLYPH
from .refusal import NotAPaper
from .styles import Styles
from .tree import Footnote, Unplaced

LINE_BREAK = "\n"
SIGNS = {"w:tab": " ", "w:cr": LINE_BREAK, "w:br": LINE_BREAK, "w:noBreakHyphen": "-", "w:softHyphen": ""}
TRACKED = [qn(tag) for tag in ("w:ins", "w:del", "w:moveFrom", "w:moveTo", "w:cellIns", "w:cellDel")]
TEXT_BOX = qn("w:txbxContent")
MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


@dataclass
class WordPaper:
    blocks: list[Block] = field(default_factory=list)
    footnotes: list[Footnote] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)

    def leave(self, line: int, text: str, reason: str) -> None:
        self.unplaced.append(Unplaced(line=line, text=text, reason=reason))


def read_word(contents: bytes) -> WordPaper:
    with whole():
        return _Reader(open_word(contents)).read()


class _Reader:
    def __init__(self, document: Document) -> None:
        self.body, self.part = _plain(document.element).body, document.part
        self.paper = WordPaper()
        self.styles = Styles(document)
        self.notes = self._related("footnotes")
        self.endnotes = self._related("endnotes")
        numbering = self._related("numbering")
        self.numbering = Numbering(numbering[0] if numbering else None)
        paragraphs = [each for each in self.body.iter(qn("w:p")) if _inside(each, TEXT_BOX) is None]
        self.numbers = {each: number for number, each in enumerate(paragraphs, 1)}
        self.cited: dict[str, int] = {}  # the footnotes in their order

    def _related(self, kind: str):
        """Another part of the package as XML, with that part; neither entities nor addresses are followed."""
        for relation in self.part.rels.values():
            if not relation.is_external and relation.reltype.endswith(f"/{kind}"):
                parser = etree.XMLParser(resolve_entities=False, no_network=True)
                return _plain(etree.fromstring(relation.target_part.blob, parser)), relation.target_part
        return None

    def read(self) -> WordPaper:
        self._refuse_tracked_changes()
        self._walk(self.body)
        return self.paper

    # Tracked changes

    def _refuse_tracked_changes(self) -> None:
        for element in self.body.iter(TRACKED):
            paragraph = _inside(element, qn("w:p"))
            if paragraph is None:  # a row of a table
                row = _inside(element, qn("w:tr"))
                paragraph = next(row.iter(qn("w:p")), None) if row is not None else None
            number = self.numbers.get(paragraph, len(self.numbers))
            words = _words(element) or _words(paragraph)
            raise NotAPaper(
                _(
                    "Paragraph %(number)s holds a tracked change: “%(text)s”. Accept or reject all changes in Word, "
                    "then save the file."
                )
                % {"number": number, "text": _start(words)}
            )
        for element in self.notes[0].iter(TRACKED) if self.notes else ():
            note = _inside(element, qn("w:footnote"))
            order = [each.get(qn("w:id")) for each in self.body.iter(qn("w:footnoteReference"))]
            identity = "" if note is None else note.get(qn("w:id"))
            number = order.index(identity) + 1 if identity in order else 1
            raise NotAPaper(
                _(
                    "Footnote %(number)s holds a tracked change: “%(text)s”. Accept or reject all changes in Word, "
                    "then save the file."
                )
                % {"number": number, "text": _start(_words(element) or _words(note))}
            )

    # The body, in its order

    def _walk(self, element) -> None:
        for child in element:
            if child.tag == qn("w:p"):
                self._take(child)
            elif child.tag == qn("w:tbl"):
                self._take_table(child)
            elif child.tag == qn("w:sdt"):
                gallery = child.find(f"{qn('w:sdtPr')}/{qn('w:docPartObj')}/{qn('w:docPartGallery')}")
                if gallery is None or gallery.get(qn("w:val")) != "Table of Contents":
                    self._walk(child)
            elif child.tag in {qn(tag) for tag in ("w:sdtContent", "w:customXml", "w:tr", "w:tc", "w:smartTag")}:
                self._walk(child)

    def _take_table(self, table) -> None:
        """Tables serve as layout, so cells are read in their order; one of several columns may mean more."""
        start = len(self.paper.blocks)
        self._walk(table)
        blocks = self.paper.blocks[start:]
        columns = max((len(row.findall(qn("w:tc"))) for row in table.findall(qn("w:tr"))), default=0)
        if columns > 1 and blocks and not any(block.heading for block in blocks):
            reason = _("The cells of this table were read one after another, as paragraphs.")
            self.paper.leave(blocks[0].line, _start(blocks[0].text), reason)

    def _take(self, paragraph) -> None:
        line, style = self.numbers[paragraph], self.styles.of(paragraph)
        if style.name.lower().startswith("toc "):
            return
        text, doubts = self._text(paragraph, line)
        mark = self.numbering.mark(style.list_id, style.list_level) if style.list_id and text else ""
        if not text:
            return
        found = heading(f"{mark} {text}") if mark else None
        found = found or heading(text)
        if found and (
            found.is_label or mark or style.level or self.styles.is_bold(paragraph) or not text.endswith(".")
        ):
            self._take_heading(line, text, found)
            return
        typed = GLYPH.match(text)
        if typed and not style.list_id and typed.end() < len(text):
            mark, text = typed[0], text[typed.end() :]
        is_item = bool(style.list_id or typed) and not style.level
        level = style.level if not is_item else 0
        self.paper.blocks.append(Block(line, text, is_item, mark=mark if is_item else "", level=level, doubts=doubts))

    def _take_heading(self, line: int, text: str, found: Heading) -> None:
        if found.is_label and found.title:
            self.paper.blocks.append(Block(line, text, heading=Heading(found.kind, "", "", found.language)))
            self.paper.blocks.append(Block(line, found.title))
        else:
            self.paper.blocks.append(Block(line, text, heading=found))

    # Words

    def _text(self, paragraph, line: int) -> tuple[str, tuple[tuple[int, str], ...]]:
        """The paragraph’s words. A line broken by hand after a sentence may have been meant as a paragraph."""
        lines = [tidy(part) for part in "".join(self._pieces(paragraph, line)).split(LINE_BREAK)]
        text, doubts = "", []
        for each in filter(None, lines):
            if ended(text):
                doubts.append((line, each))
            text = join(text, each)
        return text, tuple(doubts)

    def _pieces(self, element, line: int) -> Iterator[str]:
        for child in element:
            tag = child.tag
            if tag in {qn("w:t"), MATH_TEXT}:
                yield (child.text or "").replace(LINE_BREAK, " ")
            elif tag == qn("w:footnoteReference"):
                yield self._cite(child.get(qn("w:id")), line)
            elif tag == qn("w:endnoteReference"):
                words = _words(self._note(self.endnotes, child.get(qn("w:id"))))
                self.paper.leave(line, words, _("This is an endnote; only footnotes are read."))
            elif tag == TEXT_BOX:
                self.paper.leave(line, _words(child), _("This stands in a text box."))
            elif tag == qn("w:sym"):
                yield chr(int(child.get(qn("w:char"), "20"), 16))
            elif tag == qn("w:hyperlink"):
                words = "".join(self._pieces(child, line))
                self._note_link(child, words, line)
                yield words
            elif tag == qn("w:r") and child.find(f"{qn('w:rPr')}/{qn('w:vanish')}") is not None:
                continue
            elif sign := next((sign for name, sign in SIGNS.items() if tag == qn(name)), None):
                yield sign
            elif tag not in {qn("w:pPr"), qn("w:rPr"), qn("w:instrText"), FALLBACK}:
                yield from self._pieces(child, line)

    def _note_link(self, link, words: str, line: int) -> None:
        relation = self.part.rels.get(link.get(qn("r:id")))
        if relation is not None and relation.is_external and not URL.search(words):
            reason = _("These words link to %(url)s, and a text of the portal carries no links.")
            self.paper.leave(line, tidy(words), reason % {"url": relation.target_ref})

    # Footnotes

    def _cite(self, identity: str, line: int) -> str:
        note = self._note(self.notes, identity)
        if note is None:
            return ""
        if identity not in self.cited:
            self.cited[identity] = len(self.cited) + 1
            relations = self.notes[1].rels
            targets = [relations.get(link.get(qn("r:id"))) for link in note.iter(qn("w:hyperlink"))]
            text = tidy(" ".join(tidy(_words(each)) for each in note.iter(qn("w:p"))))
            links = [each.target_ref for each in targets if each is not None and each.is_external]
            self.paper.footnotes.append(footnote(self.cited[identity], line, text, links))
        return f"[^{self.cited[identity]}]"

    @staticmethod
    def _note(notes, identity: str):
        found = [each for each in notes[0] if each.get(qn("w:id")) == identity] if notes else []
        return found[0] if found else None


def _plain(root):
    """No file that Word wrote declares entities."""
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("entities")
    return root


def _inside(element, tag: str):
    return next(element.iterancestors(tag), None)


def _words(element) -> str:
    """Plain words, for a note or a message."""
    if element is None:
        return ""
    tags = [qn("w:t"), qn("w:delText"), qn("w:tab"), qn("w:br"), qn("w:noBreakHyphen")]
    spoken = {qn(name): sign for name, sign in SIGNS.items()}
    return tidy("".join(each.text or spoken.get(each.tag, "") for each in element.iter(tags)))


def _start(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60].rstrip()}…"
