"""Which row of a snapshot is which row now, although people sorted, inserted and edited meanwhile."""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from crm_builder.deploy.entered import Content, Grid, at, is_data

Row = Mapping[str, Content]  # by column; what is empty is left out


@dataclass(frozen=True)
class Rows:
    """The rows of a table, by their line in the grid; those without data are left out."""

    header: int
    by_line: Mapping[int, Row]

    @classmethod
    def of(cls, grid: Grid, header: int, columns: Mapping[str, int]) -> Rows:
        """`columns`: those that people type into, and where each stands."""
        found = {}
        for line in range(header + 1, len(grid)):
            row = {key: at(grid, line, index) for key, index in columns.items()}
            row = {key: content for key, content in row.items() if is_data(content)}
            if row:
                found[line] = row
        return cls(header, found)

    @cached_property
    def last(self) -> int:
        """The last line with data; that of the header where there is none."""
        return max(self.by_line, default=self.header)

    def ids(self, column: str | None) -> dict[str, int]:
        """Line by id, of the ids that stand in one row only."""
        texts = {line: _key(row[column]) for line, row in self.by_line.items() if column and column in row}
        once = {text for text, count in Counter(texts.values()).items() if count == 1}
        return {text: line for line, text in texts.items() if text in once}


def match_rows(old: Rows, new: Rows, common: Collection[str], id_column: str | None) -> dict[int, int]:
    """Line then → line now: by the row's id; without one by what was typed into the common columns; then by place."""
    known, ids = old.ids(id_column), new.ids(id_column)
    found = {line: ids[text] for text, line in known.items() if text in ids}
    loose = [line for line in old.by_line if line not in set(known.values())]
    alike: dict[str, deque[int]] = {}
    for line in sorted(new.by_line.keys() - found.values()):
        alike.setdefault(_contents(new.by_line[line], common), deque()).append(line)
    for line in loose:
        contents = _contents(old.by_line[line], common)
        if contents != _NOTHING and alike.get(contents):
            found[line] = alike[contents].popleft()
    taken = {*found.values(), *ids.values()}
    for line in loose:
        place = line - old.header + new.header
        empty = _contents(old.by_line[line], common) == _NOTHING
        if line not in found and place not in taken and place > new.header and (empty or place in new.by_line):
            found[line] = place
            taken.add(place)
    return found


def missing_rows(old: Rows, new: Rows, id_column: str | None) -> list[int]:
    """Lines of the rows whose id is there no more; of rows without an id, those that nothing there is like."""
    if id_column is None:
        return []
    there = {_key(row[id_column]) for row in new.by_line.values() if id_column in row}
    common = {key for row in old.by_line.values() for key in row}
    alike = Counter(_contents(row, common) for row in new.by_line.values() if id_column not in row)
    missing = []
    for line, row in old.by_line.items():
        if id_column in row:
            if _key(row[id_column]) not in there:
                missing.append(line)
        elif alike[contents := _contents(row, common)]:
            alike[contents] -= 1
        else:
            missing.append(line)
    return missing


_NOTHING = "[]"


def _contents(row: Row, columns: Collection[str]) -> str:
    return json.dumps([[key, _key(row[key])] for key in sorted(columns) if key in row])


def _key(content: Content) -> str:
    """Content as a text that tells a number from the text of its digits."""
    return json.dumps(float(content) if isinstance(content, int) and not isinstance(content, bool) else content)
