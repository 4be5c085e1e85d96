"""The one place that renders. Plain values and a template go in, tagged PDF/UA-1 comes out.

Knows no model of ours. Importing it loads WeasyPrint, so only workers do: the web process
sends a task instead.
"""

from . import leaner  # noqa: F401 - before anything else loads WeasyPrint

# isort: split
from .composing import Part, compose
from .errors import RenderError
from .leaves import Leaves, Sheets
from .limits import is_over, limit_child, wind_up
from .qr import qr
from .rendering import Rendered, render
from .wrapping import wrap

__all__ = [
    "Leaves", "Part", "RenderError", "Rendered", "Sheets",
    "compose", "is_over", "limit_child", "qr", "render", "wind_up", "wrap",
]  # fmt: skip
