"""Names that change places: an order of steps in which none is ever taken twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

Thing = TypeVar("Thing")


def one_by_one(
    wanted: Mapping[Thing, str], current: Mapping[Thing, str], spare: Callable[[str], str]
) -> Iterator[tuple[Thing, str]]:
    """The steps from the current to the wanted names. Where two change places one takes a spare name meanwhile."""
    now = dict(current)
    left = {thing: name for thing, name in wanted.items() if now.get(thing) != name}
    while left:
        taken = {name.casefold(): thing for thing, name in now.items()}
        free = [thing for thing, name in left.items() if taken.get(name.casefold(), thing) == thing]
        if free:
            for thing in free:
                now[thing] = left.pop(thing)
                yield thing, now[thing]
        else:
            name = next(iter(left.values()))
            holder = taken[name.casefold()]
            now[holder] = spare(now[holder])
            yield holder, now[holder]
