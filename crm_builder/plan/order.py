"""Orders of sheets, columns and rules: the fewest moves, and the order that comes of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence


def moves(
    base: Sequence[str], found: Sequence[str], wanted: Sequence[str], gone: Collection[str], mend: bool
) -> tuple[list[tuple[str, str | None]], bool]:
    """((key, the key before it) …, whether people changed the order). `gone`: keys that leave.

    Ours are brought into the wanted order where the description changed it, or where they are to be mended.
    """
    there = [key for key in found if key not in gone]
    both = set(there) & set(wanted)
    was = [key for key in base if key in both]
    aim = [key for key in wanted if key in set(was)]
    changed = [key for key in there if key in set(was)] != was
    if not mend and aim == was:
        return [], changed
    now = [key for key in there if key in both]
    aim = [key for key in wanted if key in both]
    if now == aim:
        return [], False
    stay = _longest_run([aim.index(key) for key in now])
    steps, order = [], list(there)
    for index, key in enumerate(aim):
        if index not in stay:
            after = aim[index - 1] if index else None
            order = moved(order, key, after)
            steps.append((key, after))
    return steps, False


def moved(order: Sequence[str], key: str, after: str | None) -> list[str]:
    """The order once a key stands right after another, or first."""
    left = [one for one in order if one != key]
    place = left.index(after) + 1 if after in left else 0
    return [*left[:place], key, *left[place:]]


def with_new(order: Sequence[str], new: Collection[str], wanted: Sequence[str]) -> list[str]:
    """The order with new keys, each after the one that it follows in the wanted order."""
    result = list(order)
    before: str | None = None
    for key in wanted:
        if key in new and key not in result:
            result = moved(result, key, before)
        if key in result:
            before = key
    return result


def _longest_run(numbers: Sequence[int]) -> set[int]:
    """The numbers of a longest rising subsequence: those need not move."""
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        place = bisect_left(ends, number)
        before[number] = ends[place - 1] if place else None
        ends[place:] = [number, *ends[place + 1 :]]
    run: set[int] = set()
    last: int | None = ends[-1] if ends else None
    while last is not None:
        run.add(last)
        last = before[last]
    return run
