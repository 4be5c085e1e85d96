"""Under which symbol a paper was issued, and which it would have next.

A print bears the symbol and the mark of the newest issue if it shows the same text. Else it is provisional, under
the symbol that it would be issued by.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .kinds import Kind
from .models import Issue


@dataclass(frozen=True)
class Symbol:
    """Such as GFMD/2018/RT.2.2/1/Rev.1. The first issue has no suffix, and then no number of it."""

    base: str
    suffix: str = ""
    number: int | None = None

    def __str__(self) -> str:
        return f"{self.base}/{self.suffix}.{self.number}" if self.suffix else self.base


def next_symbols(kind: Kind[Any], own: str, issued: Sequence[Issue]) -> list[Symbol]:
    """What the paper may be issued as, the usual first.

    `own` is the symbol by which its kind calls it; once issued it keeps the one it has, whatever else is numbered anew.
    """
    base = issued[0].base if issued else own
    if not issued and not kind.issued_as:
        return [Symbol(base)]
    return [
        Symbol(base, suffix, 1 + len([one for one in issued if one.suffix == suffix]))
        for suffix in kind.issued_as or Issue.Suffix.values
    ]


def shown(kind: Kind[Any], own: str, issued: Sequence[Issue], language: str, digest: str) -> tuple[str, Issue | None]:
    """Symbol and issue that a print bears which shows `digest`."""
    if not own:
        return "", None
    if issued and issued[-1].digests.get(language) == digest:
        return issued[-1].symbol, issued[-1]
    return str(next_symbols(kind, own, issued)[0]), None
