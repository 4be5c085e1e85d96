"""Files that others made, wrapped: tagged as pictures with a description, so that they go behind a print of ours.

Nobody can tell what the tags of a file from elsewhere are worth, and most have none. So each of its pages becomes
one figure, what was marked in it is forgotten, and what was to be clicked or filled in becomes ink.
"""

import io
from collections.abc import Sequence
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from ..failures import Failure
from .errors import RenderError
from .stamping import Stamp

MARKS = {"BMC", "BDC", "EMC", "MP", "DP"}
OF_ELSEWHERE = ("/Annots", "/AA", "/B", "/Metadata", "/PieceInfo", "/StructParents", "/Tabs", "/Thumb")
BEGIN, END = b"/Figure <</MCID 0>> BDC\n", b"\nEMC\n"


def wrap(data: bytes, *, title: str, language: str, descriptions: Sequence[str], stamp: bytes = b"") -> bytes:
    """The PDF in `data` as one that `compose` can join. `descriptions`, one for each page, are in `language`.
    `stamp`, a PDF of one small page, is put on each.

    Equal input gives equal bytes. Raises `RenderError` for a file that cannot be read.
    """
    try:
        with pikepdf.open(io.BytesIO(data)) as source, pikepdf.new() as out:
            source.flatten_annotations("print")
            for page in source.pages:
                _forget(page.obj)
            out.pages.extend(source.pages)
            mark = Stamp(out, stamp) if stamp else None
            _unmark_forms(out)
            _tag(out, language, descriptions, mark)
            _outline(out, title)
            buffer = io.BytesIO()
            out.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
            return buffer.getvalue()
    except (pikepdf.PikepdfError, ValueError, KeyError) as error:
        raise RenderError(Failure.FOREIGN, title) from error


def _forget(page: pikepdf.Object) -> None:
    for key in OF_ELSEWHERE:
        if key in page:
            del page[key]


def _unmark_forms(out: pikepdf.Pdf) -> None:
    """What pages draw with the help of forms is marked in the forms."""
    for found in out.objects:
        if isinstance(found, pikepdf.Stream):
            for key in ("/StructParent", "/StructParents", "/Metadata", "/PieceInfo"):
                if key in found.stream_dict:
                    del found.stream_dict[key]
            if found.stream_dict.get("/Subtype") == "/Form":
                found.write(_unmarked(found))


def _unmarked(content: pikepdf.Page | pikepdf.Object) -> bytes:
    kept = [part for part in pikepdf.parse_content_stream(content) if str(part.operator) not in MARKS]
    return pikepdf.unparse_content_stream(kept)


def _stamped(content: bytes, page: pikepdf.Page, mark: Stamp) -> bytes:
    """With the mark on top, whatever the content has left open or moved."""
    operators = [str(part.operator) for part in pikepdf.parse_content_stream(page)]
    left_open = max(operators.count("q") - operators.count("Q"), 0)
    return b"q\n" + content + b"Q\n" * (1 + left_open) + mark.over(page)


def _tag(out: pikepdf.Pdf, language: str, descriptions: Sequence[str], mark: Stamp | None) -> None:
    root = out.make_indirect(Dictionary(Type=Name.StructTreeRoot, ParentTreeNextKey=len(out.pages)))
    document = out.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root, K=Array()))
    nums: Any = Array()
    for number, (page, description) in enumerate(zip(out.pages, descriptions, strict=True)):
        content = BEGIN + _unmarked(page) + END
        page.obj.Contents = out.make_stream(_stamped(content, page, mark) if mark else content)
        page.obj.StructParents, page.obj.Tabs = number, Name.S
        figure = out.make_indirect(
            Dictionary(
                Type=Name.StructElem,
                S=Name.Figure,
                P=document,
                Pg=page.obj,
                K=0,
                Alt=String(description),
                Lang=String(language),
                A=Dictionary(O=Name.Layout, BBox=Array(list(page.cropbox)), Placement=Name.Block),
            )
        )
        document.K.append(figure)
        nums.extend([number, Array([figure])])
    root.K, root.ParentTree = Array([document]), out.make_indirect(Dictionary(Nums=nums))
    out.Root.StructTreeRoot = root


def _outline(out: pikepdf.Pdf, title: str) -> None:
    item = out.make_indirect(Dictionary(Title=String(title), Dest=Array([out.pages[0].obj, Name.Fit])))
    out.Root.Outlines = out.make_indirect(Dictionary(Type=Name.Outlines, First=item, Last=item, Count=1))
    item.Parent = out.Root.Outlines
