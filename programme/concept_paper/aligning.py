"""Which text of one list is which of another, when words, order and number have changed."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from difflib import SequenceMatcher

SAME = 0.35  # from which two texts are two wordings of one
NEIGHBOURS = 0.15  # enough where both stand alone between texts that are known
STEM = 5
MARK = re.compile(r"\[\^[\w.-]+\]")


def squeezed(text: str) -> str:
    """White space is no difference."""
    return " ".join(text.split())


def likeness(one: str, other: str) -> float:
    """From 0 to 1: the share of words in common, by their first letters, with a little for their order."""
    one, other = MARK.sub("", one), MARK.sub("", other)
    if squeezed(one) == squeezed(other):
        return 1.0
    words = [[word[:STEM] for word in re.findall(r"\w+", text.casefold()) if len(word) > 3] for text in (one, other)]
    first, second = (set(own) for own in words)
    shared = 2 * len(first & second) / ((len(first) + len(second)) or 1)
    if not shared:
        return 0.0
    order = SequenceMatcher(None, words[0], words[1], autojunk=False).ratio()
    return 0.9 * shared + 0.09 * order


def align(old: Sequence[str], new: Sequence[str], *, least: float = SAME, neighbours: bool = True) -> dict[int, int]:
    """Places in `new` → places in `old`, one to one, the most alike first.

    With `neighbours`, two that are left alone between the same two known ones are one, if they share anything.
    """
    scores = {(b, a): likeness(x, y) for b, y in enumerate(new) for a, x in enumerate(old)}
    found: dict[int, int] = {}
    taken: set[int] = set()
    for (b, a), score in sorted(scores.items(), key=lambda item: (-item[1], abs(item[0][0] - item[0][1]), item[0])):
        if score < least:
            break
        if b not in found and a not in taken:
            found[b] = a
            taken.add(a)
    if neighbours:
        for b in [place for place in range(len(new)) if place not in found]:
            before, after = found.get(b - 1, -1 if b == 0 else None), found.get(b + 1)
            if b == len(new) - 1:
                after = len(old)
            if before is not None and after == before + 2 and scores[b, before + 1] >= NEIGHBOURS:
                found[b] = before + 1
    return found


def staying(places: Sequence[int]) -> set[int]:
    """The longest run of `places` that is in order already: what is not in it has moved."""
    ends: list[int] = []
    chains: list[tuple[int, ...]] = []
    for place in places:
        at = bisect_left(ends, place)
        chain = (*(chains[at - 1] if at else ()), place)
        ends[at : at + 1] = [place]
        chains[at : at + 1] = [chain]
    return set(chains[-1]) if chains else set()
