"""Fonts are cut to the letters of a print, which takes two arrays of numbers for each font.

WeasyPrint asks for each array by its length, and CFFI parses the description of every length anew, for a millisecond or
two: hundreds of lengths until a worker has met them all. As arrays of any length they have one.
"""

import re
from collections.abc import Sequence
from typing import Any

from weasyprint.pdf import fonts
from weasyprint.text.ffi import ffi

LENGTH = re.compile(r"\[\d+\]$")


class _AnyLength:
    """CFFI's interface as WeasyPrint uses it for fonts."""

    def __getattr__(self, name: str) -> Any:
        return getattr(ffi, name)

    def new(self, kind: str, content: Any = None) -> Any:
        return ffi.new(LENGTH.sub("[]", kind) if isinstance(content, Sequence) else kind, content)


def cut_quickly() -> None:
    fonts.ffi = _AnyLength()
