"""What WeasyPrint works out again and again, kept after the first time. Prints are the same without, byte for byte.

A style has two hundred properties. Each is worked out when it is first asked for, at such length that it took a sixth
of a print, though nearly all are as they are by themselves or as the parent has them. Boxes resolve their measures from
their style each time they are laid out, pieces of text began with a layout of Pango made ready from their style anew,
and pictures were drawn anew wherever they stand.
"""

from collections.abc import Callable
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from weasyprint.css import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES, AnonymousStyle, ComputedStyle
from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
from weasyprint.formatting_structure import boxes
from weasyprint.images import SVGImage
from weasyprint.layout import absolute, block, column, grid, inline, page, percent, table
from weasyprint.layout import float as floats
from weasyprint.text.ffi import ffi, gobject, pango
from weasyprint.text.line_break import Layout

SIDES = ("top", "right", "bottom", "left")
# Without a border its width is nothing, which WeasyPrint finds out of “medium” for each side.
INITIAL = {
    name: value
    for name, value in INITIAL_VALUES.items()
    if name not in INHERITED and name not in INITIAL_NOT_COMPUTED and name != "page" and name[:9] != "text_deco"
} | {"outline_width": 0, **{f"border_{side}_width": 0 for side in SIDES}}
# What is not inherited by name, but taken from the parent all the same, where nothing is declared
FROM_PARENT = INHERITED | {"page", *(name for name in INITIAL_VALUES if name[:9] == "text_deco")}
# “margin_inline_start” may be “margin_left” or “margin_right”, and a style of border decides about its width.
DECIDES: dict[str, set[str]] = {}
for _name, _logical in PHYSICAL_FUNCTIONS.items():
    for _direction in ("ltr", "rtl"):
        for _declared in (_name, _logical(block="ttb", inline=_direction)):
            DECIDES.setdefault(_declared, set()).update({_name, _name.replace("_style", "_width")})
DECIDES |= {"outline_style": {"outline_style", "outline_width"}, "position": {"position", "float"}}

LENGTHS = [
    *(f"{limit}{size}" for limit in ("", "min_", "max_") for size in ("width", "height")),
    *(f"{space}_{side}" for space in ("margin", "padding") for side in SIDES),
]
BORDERS = [f"border_{side}_width" for side in SIDES]
MEASURES = LENGTHS + BORDERS
# Their borders may be decided by those of their neighbours.
OF_TABLES = (boxes.TableBox, boxes.TableRowGroupBox, boxes.TableRowBox, boxes.TableCellBox)

_begin, _begin_anonymous = ComputedStyle.__init__, AnonymousStyle.__init__
_resolve, _make_ready, _draw = percent.resolve_percentages, Layout.setup, SVGImage.draw


def begin(style: ComputedStyle, parent: Any, declared: dict[str, Any], *more: Any) -> None:
    _begin(style, parent, declared, *more)
    style.update(INITIAL)
    style.specified.update(position="static", float="none")
    for name in declared:
        for decided in DECIDES.get(name, (name,)):
            style.pop(decided, None)
    if parent is not None:
        style.update({name: parent[name] for name in FROM_PARENT if name not in declared})


def begin_anonymous(style: AnonymousStyle, parent: Any) -> None:
    style.update(INITIAL)
    style.update({name: parent[name] for name in FROM_PARENT})
    _begin_anonymous(style, parent)


def resolve(box: Any, containing_block: Any) -> None:
    """Once for all boxes of the style, unless what contains them has a say."""
    used = box.style.__dict__.get("used")
    if used is None:
        style = box.style
        used = box.style.used = _measures(style["box_sizing"], *[style[name] for name in MEASURES])
    if used and not isinstance(box, OF_TABLES):
        box.__dict__.update(used)
    else:
        _resolve(box, containing_block)


@lru_cache(maxsize=1000)
def _measures(box_sizing: str, *values: Any) -> dict[str, Any]:
    """Most styles have those of another."""
    lengths = dict(zip(MEASURES, values, strict=True))
    borders = {name: lengths.pop(name) for name in BORDERS}
    if any(length != "auto" and getattr(length, "unit", "") != "px" for length in lengths.values()):
        return {}
    used = SimpleNamespace(style={"box_sizing": box_sizing}, **borders)
    for name, length in lengths.items():
        least = 0 if name.startswith("min") else "auto"
        setattr(used, name, least if length == "auto" else length.value)
    percent.adjust_box_sizing(used, "width")
    percent.adjust_box_sizing(used, "height")
    del used.style
    return vars(used)


def make_ready(layout: Layout, style: Any) -> None:
    """As a copy of the one that was made ready for the style first."""
    ready = style.__dict__.get("ready")
    if ready is None:
        before = layout.__dict__.copy()
        _make_ready(layout, style)
        ready = {name: value for name, value in layout.__dict__.items() if name not in before and name != "style"}
        style.ready = ready
    layout.__dict__.update(ready, style=style)
    layout.layout = ffi.gc(pango.pango_layout_copy(ready["layout"]), gobject.g_object_unref)


def draw(picture: SVGImage, stream: Any, width: float, height: float, style: Any) -> None:
    """As it was drawn first in that size, if it is by itself on the stream and has shapes only."""
    resources = stream._resources
    is_alone = not any(resources[kind] for kind in ("ExtGState", "XObject", "Pattern", "Shading"))
    drawn = picture.__dict__.setdefault("drawn", {})
    if is_alone and (width, height) in drawn:
        operators, states = drawn[width, height]
        stream.stream += operators
        resources["ExtGState"] |= states
        return
    begins = len(stream.stream)
    _draw(picture, stream, width, height, style)
    picture._svg.stream = None  # it would keep the fonts of the print
    if is_alone and not any(resources[kind] for kind in ("XObject", "Pattern", "Shading")):
        drawn[width, height] = stream.stream[begins:], dict(resources["ExtGState"])


REPLACED: list[tuple[Any, str, Callable, Callable]] = [
    (ComputedStyle, "__init__", _begin, begin),
    (AnonymousStyle, "__init__", _begin_anonymous, begin_anonymous),
    *(
        (module, "resolve_percentages", _resolve, resolve)
        for module in (absolute, block, column, floats, grid, inline, page, percent, table)
    ),
    (Layout, "setup", _make_ready, make_ready),
    (SVGImage, "draw", _draw, draw),
]


def be_quick() -> None:
    ffi.cdef("PangoLayout * pango_layout_copy (PangoLayout *layout);")
    for owner, name, _theirs, ours in REPLACED:
        setattr(owner, name, ours)
