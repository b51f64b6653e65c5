"""The rows of a source sorted into buckets by the items of its groups, totals of every level included."""

from __future__ import annotations

from collections.abc import Sequence

from crm_builder.local.pivots.definition import Group
from crm_builder.local.pivots.rules import Item, columns_of, items_of
from crm_builder.local.pivots.source import Source

Path = tuple[Item, ...]  # items of the first groups; shorter than the groups: the total over the rest
ALL: Path = ()


class Tree:
    """Buckets by row path and column path, and the items that occur under each path."""

    def __init__(self, source: Source, rows: Sequence[Group], columns: Sequence[Group]):
        row_paths, self._row_items = _paths(source, rows)
        column_paths, self._column_items = _paths(source, columns)
        self._buckets: dict[tuple[Path, Path], list[int]] = {}
        # Rows of one pair of full paths first: the number of pairs is small beside the number of rows.
        pairs: dict[tuple[Path, Path], list[int]] = {}
        numbers: dict[tuple[int, int], list[int]] = {}
        known_rows: dict[int, Path] = {}
        for at, (row, column) in enumerate(zip(row_paths, column_paths, strict=True)):
            numbers.setdefault((id(row), id(column)), []).append(at)
            known_rows[id(row)], known_rows[id(column)] = row, column
        for (row, column), found in numbers.items():
            pairs[known_rows[row], known_rows[column]] = found
        for (row, column), found in pairs.items():
            for high in range(len(row) + 1):
                for wide in range(len(column) + 1):
                    self._buckets.setdefault((row[:high], column[:wide]), []).extend(found)
        for bucket in self._buckets.values():
            bucket.sort()

    def bucket(self, row: Path, column: Path) -> Sequence[int]:
        return self._buckets.get((row, column), ())

    def row_items(self, path: Path) -> Sequence[Item]:
        """The items of the next row group under a path."""
        return list(self._row_items.get(path, ()))

    def column_items(self, path: Path) -> Sequence[Item]:
        """The items of the next column group under a path."""
        return list(self._column_items.get(path, ()))


def _paths(source: Source, groups: Sequence[Group]) -> tuple[list[Path], dict[Path, dict[Item, None]]]:
    """The path of every row, one object for equal ones, and the items under each path."""
    columns = [columns_of(source.columns[group.offset], items_of(group.rule)) for group in groups]
    below: dict[Path, dict[Item, None]] = {}
    if not columns:
        return [ALL] * source.rows, below
    known: dict[tuple[int, ...], Path] = {}
    equal: dict[Path, Path] = {}
    paths = []
    for items in zip(*columns, strict=True):
        key = tuple(map(id, items))
        path = known.get(key)
        if path is None:
            path = known[key] = equal.setdefault(items, items)
            for depth, item in enumerate(path):
                below.setdefault(path[:depth], {})[item] = None
        paths.append(path)
    return paths, below
