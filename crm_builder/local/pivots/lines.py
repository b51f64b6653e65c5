"""The lines of a pivot table along one side: its items in order, with the totals of every level."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from crm_builder.local.formulas.values import Value
from crm_builder.local.pivots.definition import NOT_BY_VALUE, Group
from crm_builder.local.pivots.rules import Item, own
from crm_builder.local.pivots.tree import ALL, Path

Below = Callable[[Path], Sequence[Item]]
Figures = Callable[[int, Path, Path], Value]  # the figure with an index for a path here and a path of the other side


@dataclass(frozen=True, slots=True)
class Line:
    """One row or column of figures. A total has a shorter path, the empty one is the grand total."""

    path: Path
    total: bool = False


def lines_of(groups: Sequence[Group], below: Below, figures: Figures, opposite: Below) -> list[Line]:
    """All lines of a side. `opposite` gives the items of the other side, for groups sorted by one of its buckets."""
    buckets = [_bucket(group.bucket, opposite) if group.by != NOT_BY_VALUE else None for group in groups]

    def ordered(group: Group, path: Path, bucket: Path | None) -> list[Item]:
        items = sorted(below(path), key=lambda item: item.order)
        if group.by == NOT_BY_VALUE:
            return items[::-1] if group.descending else items
        if bucket is None:  # no such bucket: all are equally empty
            return items
        return sorted(items, key=lambda item: _size(figures(group.by, (*path, item), bucket)), reverse=group.descending)

    def walk(path: Path) -> Iterator[Line]:
        depth = len(path)
        if depth == len(groups):
            yield Line(path)
            return
        group = groups[depth]
        closed = {_named(own(value)) for value in group.collapsed}
        for item in ordered(group, path, buckets[depth]):
            child = (*path, item)
            if depth + 1 < len(groups) and _named(item) in closed:
                yield Line(child, total=True)
            else:
                yield from walk(child)
        if group.totals:
            yield Line(path, total=True)

    return list(walk(ALL))


def _named(item: Item) -> tuple[type, Value]:
    """What a definition calls an item by: its label, in which 1 and TRUE are two."""
    return type(item.label), item.label


def _size(value: Value) -> float:
    return value if type(value) is float else float("-inf")


def _bucket(values: Sequence[Value], opposite: Below) -> Path | None:
    """The path of the other side that a bucket's values name; None where it has no such items."""
    path = ALL
    for value in values:
        wanted = _named(own(value))
        item = next((one for one in opposite(path) if _named(one) == wanted), None)
        if item is None:
            return None
        path = (*path, item)
    return path
