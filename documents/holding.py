"""Whether a print says what is so: by the digest of what it shows, unless an earlier version of our code read that.

Such a print may read less, or otherwise, than one made now, and yet say nothing false.
"""

from collections.abc import Mapping
from enum import Enum, auto
from typing import Any

from programme import releases
from programme.snapshot import digest

from .editions import Key, editions
from .identity import recipe
from .kinds import KINDS, Extract
from .models import Document


class Holds(Enum):
    """`PERHAPS`: an earlier version read the register for it, whose past nobody knows."""

    YES = auto()
    NO = auto()
    PERHAPS = auto()


def holds_of(shown: Mapping[Document, Extract | None]) -> dict[int, Holds]:
    """Of each print by its key, given what one made now would show; the number of queries does not grow with them."""
    found, earlier = {}, {}
    for row, now in shown.items():
        is_same = now is not None and digest(now.encode()) == row.digest
        found[row.pk] = Holds.YES if is_same else Holds.NO
        if now is not None and not is_same and not row.is_draft and row.recipe != recipe():
            earlier[row] = now
    return found | (_of_earlier(earlier) if earlier else {})


def _of_earlier(shown: Mapping[Document, Extract]) -> dict[int, Holds]:
    stored = dict(Document.objects.filter(pk__in=[row.pk for row in shown]).values_list("pk", "extract"))
    old = {row: KINDS[row.kind].load(stored[row.pk]) for row in shown}
    changed = _changed_since(old)
    return {row.pk: Holds.NO if changed[row] else _of_register(row, old[row], now) for row, now in shown.items()}


def _of_register(row: Document, old: Any, now: Any) -> Holds:
    kind = KINDS[row.kind]
    if not kind.of_register:
        return Holds.YES
    return Holds.NO if kind.changes_of_register(old, now) else Holds.PERHAPS


def _changed_since(shown: Mapping[Document, Any]) -> dict[Document, bool]:
    """Whether the releases say of what a print reads anything else than its edition."""
    keys = {
        row: [Key(reader, subject, row.language) for reader, subject in KINDS[row.kind].readings(row.subject, extract)]
        for row, extract in shown.items()
    }
    changed = {}
    for forum in {row.forum.slug for row in shown}:
        published, own = releases.current(forum), [row for row in shown if row.forum.slug == forum]
        assert published is not None  # something is shown of it
        last = editions(published, {key for row in own for key in keys[row]})
        changed.update({row: max(last[key] for key in keys[row]) != row.edition.number for row in own})
    return changed
