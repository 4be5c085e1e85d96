"""Does a print look right? What no checker of tags asks: where each piece of text stands on its page.

Positions are in points, from the lower left corner of a page.
"""

import io
from collections import defaultdict
from collections.abc import Iterator
from ctypes import c_float
from itertools import starmap

import numpy as np
import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

MM = 72 / 25.4
EDGE = 8 * MM
FOOT = 40 * MM  # what of a page may be the foot of its first page, which is text as any other
SPOKEN_ONLY = 3  # points: text this small is there to be read aloud
LINES_TOUCH = 0.35  # how far, in parts of its height, the box of a line may reach into the next
HEADINGS = {"/H1", "/H2", "/H3", "/H4", "/H5", "/H6"}


def faults(data: bytes, *, is_cut: bool = False, has_headings: bool = True) -> list[str]:
    """What is wrong, a phrase each. Where the sheet `is_cut`, text may stand near to its edge."""
    headings = _headings(data) if has_headings else defaultdict(set)
    found = []
    with pypdfium2.PdfDocument(data) as pdf:
        for number, page in enumerate(pdf):
            pieces = _Pieces(page)
            wrong = [
                *pieces.outside(0 if is_cut else EDGE),
                *pieces.cut_off(),
                *pieces.overlapping(),
                *pieces.widowed(headings[number], is_first=number == 0),
            ]
            found += [f"page {number + 1}: {fault}" for fault in wrong]
    return found


def _headings(data: bytes) -> dict[int, set[int]]:
    """The marked contents of headings, by page, and but for the last page those of the heads of columns."""
    found, columns = defaultdict(set), defaultdict(set)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        waiting = [(kid, None) for kid in pdf.Root.StructTreeRoot.K]
        while waiting:
            element, within = waiting.pop()
            if element.S == "/TH" and element.get("/A", {}).get("/Scope") == "/Column":
                within = columns
            elif str(element.S) in HEADINGS:
                within = found
            kids = element.get("/K", [])
            for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
                if isinstance(kid, int):
                    if within is not None:
                        within[pages[element.Pg.objgen]].add(kid)
                elif kid.get("/Type") != "/OBJR":
                    waiting.append((kid, within))
    columns.pop(len(pages) - 1, None)
    for number, heads in columns.items():
        found[number] |= heads
    return found


class _Pieces:
    """The pieces of text on a page that are seen, each with its box."""

    def __init__(self, page: pypdfium2.PdfPage):
        self.width, self.height = page.get_size()
        seen = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], textpage=page.get_textpage())
        self.objects = [one for one in seen if one.get_font_size() >= SPOKEN_ONLY and one.extract().strip()]
        boxes = [one.get_bounds() for one in self.objects]
        self.left, self.bottom, self.right, self.top = np.array(boxes or np.empty((0, 4))).T
        self.marked = np.array([pdfium.FPDFPageObj_GetMarkedContentID(one) for one in self.objects], dtype=int)

    def called(self, *places: int) -> str:
        return " / ".join(repr(self.objects[place].extract().strip()[:60]) for place in places)

    def outside(self, edge: float) -> Iterator[str]:
        near = (
            (self.left < edge)
            | (self.bottom < edge)
            | (self.right > self.width - edge)
            | (self.top > self.height - edge)
        )
        for place in np.flatnonzero(near):
            yield f"too near to the edge: {self.called(place)}"

    def cut_off(self) -> Iterator[str]:
        """Seen in part only, because its box hides what does not fit."""
        for place, piece in enumerate(self.objects):
            for left, bottom, right, top in _windows(piece):
                if (
                    self.left[place] < left - 1
                    or self.right[place] > right + 1
                    or self.bottom[place] < bottom - 1
                    or self.top[place] > top + 1
                ):
                    yield f"cut off: {self.called(place)}"

    def overlapping(self) -> Iterator[str]:
        height = self.top - self.bottom
        across = np.minimum.outer(self.right, self.right) - np.maximum.outer(self.left, self.left)
        along = np.minimum.outer(self.top, self.top) - np.maximum.outer(self.bottom, self.bottom)
        meet = (across > 2) & (along > 1.5) & (along > LINES_TOUCH * np.minimum.outer(height, height))
        # Letters of one Arabic word are drawn above each other
        meet &= ~(np.equal.outer(self.marked, self.marked) & (self.marked >= 0))
        for one, other in np.argwhere(np.triu(meet, 1)):
            yield f"overlapping: {self.called(one, other)}"

    def widowed(self, headings: set[int], *, is_first: bool) -> Iterator[str]:
        """A heading, or the head of a table, with text above it and none beside or below."""
        is_heading = np.isin(self.marked, list(headings))
        is_text = (self.marked >= 0) & ~is_heading & ((self.bottom > FOOT) | (not is_first))
        for place in np.flatnonzero(is_heading):
            follows = (is_text & (self.bottom < self.top[place] - 2)) | (
                is_heading & (self.top < self.bottom[place] + 2)
            )
            if is_text.any() and not follows.any():
                yield f"heading without what it heads: {self.called(place)}"


def _windows(piece: pypdfium2.PdfObject) -> Iterator[tuple[float, float, float, float]]:
    """Left, bottom, right and top of what its page shows of it."""
    clip = pdfium.FPDFPageObj_GetClipPath(piece)
    for path in range(max(pdfium.FPDFClipPath_CountPaths(clip), 0)):
        count = pdfium.FPDFClipPath_CountPathSegments(clip, path)
        points = list(starmap(_point, ((clip, path, number) for number in range(count))))
        across, along = zip(*points, strict=True)
        yield min(across), min(along), max(across), max(along)


def _point(clip: pdfium.FPDF_CLIPPATH, path: int, number: int) -> tuple[float, float]:
    x, y = c_float(), c_float()
    pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFClipPath_GetPathSegment(clip, path, number), x, y)
    return x.value, y.value
