"""A PDF written object by object: what was written takes no memory but its place in a table."""

import hashlib
import io
import itertools
import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import pikepdf
from pikepdf import Dictionary, Stream, String

HEADER = b"%PDF-1.7\n%\xbf\xf7\xa2\xfe\n"
TOGETHER = 400  # objects that are compressed as one
PRESSED = 1  # of 9: the last 3 KB of a pack would cost 2 ms
ROW = struct.Struct(">BLH")  # of the cross-reference table: kind, place, and place within
# qpdf writes no parenthesis within a string without a backslash, and no byte that does not print.
STRING_OR_REFERENCE = re.compile(rb"\((?:[^\\)]++|\\.)*+\)|<[0-9a-f]++>|(\d++) 0 R", re.DOTALL)
BETWEEN = b"\0"
Blank = str | int | bytes


class Writer:
    def __init__(self) -> None:
        self.file = io.BytesIO()
        self.file.write(HEADER)
        self.rows = [(0, 0, 0xFFFF)]
        self.together: list[tuple[int, bytes]] = []

    def reserve(self, count: int = 1) -> int:
        """The first of so many numbers of objects that will be written."""
        self.rows += count * [(0, 0, 0)]
        return len(self.rows) - count

    def write(self, number: int, text: bytes, data: bytes | None = None) -> None:
        """`data` is that of a stream, whose dictionary then is `text`."""
        if data is not None:
            self.rows[number] = (1, self.file.tell(), 0)
            self.file.writelines((b"%d 0 obj\n%b\nstream\n" % (number, text), data, b"\nendstream\nendobj\n"))
            return
        self.together.append((number, text))
        if len(self.together) == TOGETHER:
            self._write_together()

    def close(self, trailer: bytes) -> bytes:
        """The whole file. `trailer` are entries that lead to its root."""
        if self.together:
            self._write_together()
        name = hashlib.md5(self.file.getbuffer(), usedforsecurity=False).hexdigest().encode()
        number, place = self.reserve(), self.file.tell()
        self.rows[number] = (1, place, 0)
        entries = b"/Type /XRef /W [ 1 4 2 ] /Size %d /ID [ <%b> <%b> ] %b" % (len(self.rows), name, name, trailer)
        self._write_packed(number, entries, b"".join(itertools.starmap(ROW.pack, self.rows)))
        self.file.write(b"startxref\n%d\n%%%%EOF\n" % place)
        return self.file.getvalue()

    def _write_together(self) -> None:
        numbers, texts = zip(*self.together, strict=True)
        places = itertools.accumulate((len(text) + 1 for text in texts), initial=0)
        head = b"".join(b"%d %d " % pair for pair in zip(numbers, places, strict=False))
        stream = self.reserve()
        for within, number in enumerate(numbers):
            self.rows[number] = (2, stream, within)
        entries = b"/Type /ObjStm /N %d /First %d" % (len(numbers), len(head))
        self._write_packed(stream, entries, head + b"\n".join(texts))
        self.together.clear()

    def _write_packed(self, number: int, entries: bytes, data: bytes) -> None:
        packed = zlib.compress(data, PRESSED)
        self.write(number, b"<< %b /Filter /FlateDecode /Length %d >>" % (entries, len(packed)), packed)


class Template:
    """What of `pdf` goes into files: the objects whose place is asked for, all that they lead to, and blanks."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.objects: list[int] = []  # the numbers in `pdf`
        self.blanks: list[Blank] = []
        self.places: dict[int, int] = {}  # by the number in `pdf`; those of blanks count from the end
        self.references: list[int] = []  # in the order of the text
        self.stand_ins: dict[Blank, pikepdf.Object] = {}
        self.strings: dict[bytes, int] = {}  # that are blanks, as places are
        self.data: list[bytes | None] = []
        self.text = b""

    def __len__(self) -> int:
        return len(self.objects)

    def place(self, item: pikepdf.Object) -> int:
        """Of the object among those that are written, whose numbers follow each other."""
        return self._place((item if item.is_indirect else self.pdf.make_indirect(item)).objgen[0])

    def blank(self, name: Blank) -> pikepdf.Object:
        """What stands in `pdf` for text that is another in each file."""
        if name not in self.stand_ins:
            self.stand_ins[name] = item = self.pdf.make_indirect(Dictionary())
            self.places[item.objgen[0]] = self._number(name)
        return self.stand_ins[name]

    def blank_text(self, text: bytes) -> None:
        """Each string that is `text` becomes a blank of that name: no text of a print is like one of its identifiers,
        which hold its code."""
        self.strings[_escaped(String(text))] = self._number(text)

    def read(self) -> None:
        """Take over all of it: `pdf` is not needed afterwards."""
        texts = []
        for number in self.objects:  # there are more and more
            item: Any = self.pdf.get_object(number, 0)
            data = None
            if isinstance(item, Stream):
                data, item = item.read_raw_bytes(), item.stream_dict
                item.Length = len(data)
            self.data.append(data)
            texts.append(STRING_OR_REFERENCE.sub(self._found, _escaped(item)))
        self.text = BETWEEN.join(texts)
        del self.pdf, self.stand_ins, self.strings

    def fill(self, first: int, blanks: Mapping[Blank, bytes]) -> Iterator[tuple[int, bytes, bytes | None]]:
        """The objects as they are written from the number `first` on."""
        numbers = range(first, first + len(self))
        texts = [b"%d 0 R" % number for number in numbers] + [blanks[name] for name in reversed(self.blanks)]
        filled = self.text % tuple(map(texts.__getitem__, self.references))
        return zip(numbers, filled.split(BETWEEN), self.data, strict=True)

    def _number(self, blank: Blank) -> int:
        self.blanks.append(blank)
        return -len(self.blanks)

    def _place(self, number: int) -> int:
        if number not in self.places:
            self.places[number] = len(self.objects)
            self.objects.append(number)
        return self.places[number]

    def _found(self, found: re.Match[bytes]) -> bytes:
        if found[1] is not None:
            self.references.append(self._place(int(found[1])))
        elif found[0] in self.strings:
            self.references.append(self.strings[found[0]])
        else:
            return found[0]
        return b"%b"


def _escaped(item: pikepdf.Object) -> bytes:
    return item.unparse(resolved=True).replace(b"%", b"%%")
