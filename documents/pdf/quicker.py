"""What WeasyPrint works out again and again, kept after the first time. Prints are the same without, byte for byte.

A style has two hundred properties. Each is worked out when it is first asked for, at such length that it took a sixth
of a print, though nearly all are as they are by themselves or as the parent has them. And each piece of text began
with a layout of Pango made ready from its style anew.
"""

from collections.abc import Callable
from typing import Any

from weasyprint.css import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES, AnonymousStyle, ComputedStyle
from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
from weasyprint.text.ffi import ffi, gobject, pango
from weasyprint.text.line_break import Layout

# These depend on more than on whether they are declared.
PARTICULAR = {"page", "position", "float", "display", *(name for name in INITIAL_VALUES if name.startswith("text_dec"))}
INITIAL = {
    name: value
    for name, value in INITIAL_VALUES.items()
    if name not in INHERITED and name not in INITIAL_NOT_COMPUTED and name not in PARTICULAR
}
FROM_PARENT = INHERITED - PARTICULAR
# “margin_inline_start” may be “margin_left” or “margin_right”.
PHYSICAL: dict[str, set[str]] = {}
for _name, _logical in PHYSICAL_FUNCTIONS.items():
    for _direction in ("ltr", "rtl"):
        PHYSICAL.setdefault(_logical(block="ttb", inline=_direction), set()).add(_name)

_begin, _work_out = ComputedStyle.__init__, ComputedStyle.__missing__
_begin_anonymous, _make_ready = AnonymousStyle.__init__, Layout.setup


def begin(style: ComputedStyle, parent: Any, declared: dict[str, Any], *more: Any) -> None:
    _begin(style, parent, declared, *more)
    style.update(INITIAL)
    for name in declared:
        for own in PHYSICAL.get(name, (name,)):
            style.pop(own, None)


def begin_anonymous(style: AnonymousStyle, parent: Any) -> None:
    style.update(INITIAL)
    _begin_anonymous(style, parent)


def work_out(style: ComputedStyle, name: str) -> Any:
    if name in FROM_PARENT and name not in style.cascaded and style.parent_style is not None:
        value = style[name] = style.parent_style[name]
        return value
    return _work_out(style, name)


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


REPLACED: list[tuple[type, str, Callable, Callable]] = [
    (ComputedStyle, "__init__", _begin, begin),
    (ComputedStyle, "__missing__", _work_out, work_out),
    (AnonymousStyle, "__init__", _begin_anonymous, begin_anonymous),
    (Layout, "setup", _make_ready, make_ready),
]


def be_quick() -> None:
    ffi.cdef("PangoLayout * pango_layout_copy (PangoLayout *layout);")
    for owner, name, _theirs, ours in REPLACED:
        setattr(owner, name, ours)
