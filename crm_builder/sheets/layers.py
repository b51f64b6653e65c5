"""Neighbours alike as few spans: what most of a stretch looks like is laid first, and over it what looks otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Generic, TypeVar

Look = TypeVar("Look", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Span(Generic[Look]):
    """From `start` to before `end`; `under` is the look that an earlier span gave these places, None for none."""

    look: Look
    start: int
    end: int
    under: Look | None = None


def spans(looks: Iterable[tuple[int, Look]], plain: Look, may_lie_under: Callable[[Look], bool]) -> list[Span[Look]]:
    """What has to be written, in this order, where every place looks `plain` before. `looks`: (index, look), rising."""
    found: list[Span[Look]] = []
    for _, stretch in groupby(enumerate(looks), key=lambda item: item[1][0] - item[0]):
        runs: list[Span[Look]] = []
        for look, run in groupby((pair for _, pair in stretch), key=lambda pair: pair[1]):
            indexes = [index for index, _ in run]
            runs.append(Span(look, indexes[0], indexes[-1] + 1))
        found += _layered([run for run in runs if run.look != plain], runs, may_lie_under)
    return found


def _layered(
    written: list[Span[Look]], runs: list[Span[Look]], may_lie_under: Callable[[Look], bool]
) -> list[Span[Look]]:
    counted = Counter(run.look for run in runs if may_lie_under(run.look))
    if not counted:
        return written
    base = counted.most_common(1)[0][0]
    over = [Span(run.look, run.start, run.end, base) for run in runs if run.look != base]
    if len(over) + 1 >= len(written):
        return written
    return [Span(base, runs[0].start, runs[-1].end), *over]
