"""Who sits where at a table, and how it looks from above."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

HEAD = 14  # mm from the head of the table to the first seats
PITCH = 6.4  # mm from one seat to the next
FOOT = 4  # mm below the last seats
DRAWN = 64  # seats, more do not stand on a page


@dataclass(frozen=True)
class Group:
    """A delegation that sits together, and whether it takes an accessible seat."""

    places: int
    accessible: bool = False


def seats_of(groups: Sequence[Group], *, seats: int, accessible: Collection[int]) -> dict[int, int]:
    """For each seat that is taken, numbered from 1, the index of its group.

    They sit in the order given. A group that takes an accessible seat takes the nearest one that is free, and the
    others shift by as much. Where none is left, it sits where its turn comes.
    """
    taken: dict[int, int] = {}
    turn = 1
    for index, group in enumerate(groups):
        if group.accessible:
            taken |= dict.fromkeys(_nearest(turn, group.places, seats, accessible, taken), index)
        turn += group.places
    placed = set(taken.values())
    free = (seat for seat in range(1, seats + 1) if seat not in taken)
    others = (index for index, group in enumerate(groups) if index not in placed for _place in range(group.places))
    return dict(sorted((taken | {next(free): index for index in others}).items()))


def _nearest(turn: int, places: int, seats: int, accessible: Collection[int], taken: Collection[int]) -> range:
    """The seats of a group around the accessible one that is nearest to its turn; none where there is none."""
    for seat in sorted(accessible, key=lambda number: (abs(number - turn), number)):
        first = min(seat, seats - places + 1)
        run = range(first, first + places)
        if seat <= seats and not any(number in taken for number in run):
            return run
    return range(0)


def drawn(seats: int) -> Iterator[tuple[int, str, float]]:
    """Number, side and millimetres from the top of each seat: from the right hand of the chair down, then up again."""
    down = (seats + 1) // 2
    for number in range(1, seats + 1):
        row = number if number <= down else seats - number + 1
        yield number, "left" if number <= down else "right", round(HEAD + (row - 1) * PITCH, 1)


def height(seats: int) -> float:
    return round(HEAD + (seats + 1) // 2 * PITCH + FOOT, 1)


def ranges(numbers: Collection[int]) -> str:
    """“3, 6–29”."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
