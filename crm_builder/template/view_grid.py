"""The grid that a view's items stand on: equal units with gutters, or plain columns; units → columns, pixels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

UNITS = 12
_EM = 4 / 3  # pixels of one point
_GLYPH = 0.53  # of an em: a letter's width on average, rather too wide than too narrow
_LINE = 1.75  # of the size: a line of Persian needs more height than a Latin one
_PADDING = 8


@dataclass(frozen=True, slots=True)
class Grid:
    """The columns of a view, and for each unit the index of its first and of its last column.

    A unit of the usual grid is two columns: a narrow one, the distance of a card's content from its edge, and the body.
    """

    columns: tuple[tuple[str, int], ...]  # (key, pixels)
    units: tuple[tuple[int, int], ...]
    plain: bool

    def keys(self, at: int, span: int, *, inside: bool = False, after: bool = False) -> tuple[str, ...]:
        """The columns under `span` units from unit `at` (1-based) on; `inside` leaves out the narrow one at first,
        `after` takes the gutter behind them too."""
        first = self.units[at - 1][1 if inside else 0]
        last = self.units[at + span - 1][0] - 1 if after else self.units[at + span - 2][1]
        return tuple(key for key, _ in self.columns[first : last + 1])

    def width(self, at: int, span: int, *, inside: bool = False) -> int:
        """Pixels, gutters included."""
        widths = dict(self.columns)
        return sum(widths[key] for key in self.keys(at, span, inside=inside))

    def unit_of(self, key: str) -> int | None:
        """The 1-based unit that begins with that column."""
        for number, (first, _) in enumerate(self.units, 1):
            if self.columns[first][0] == key:
                return number
        return None


def make_grid(columns: str | Sequence[Mapping[str, Any]], look: Mapping[str, Any]) -> Grid:
    """The grid of twelve units with the widths of look.toml, or the plain columns that a view lists itself."""
    if not isinstance(columns, str):
        own = tuple((key, column["width"]) for column in columns for key in _keys(column))
        return Grid(own, tuple((number, number) for number in range(len(own))), True)
    made = [("margin_start", look["margin"])]
    units = []
    for number in range(1, UNITS + 1):
        if number > 1:
            made.append((f"gutter_{number}", look["gutter"]))
        units.append((len(made), len(made) + 1))
        made += [(f"edge_{number}", look["edge"]), (f"unit_{number}", look["column"] - look["edge"])]
    made.append(("margin_end", look["margin"]))
    return Grid(tuple(made), tuple(units), False)


def _keys(column: Mapping[str, Any]) -> list[str]:
    """The key of a plain column, or with `count` as many: `region_1`, `region_2` …"""
    if "count" not in column:
        return [column["key"]]
    return [f"{column['key']}_{number}" for number in range(1, column["count"] + 1)]


def text_height(text: str, width: int, size: int) -> int:
    """Pixels that a wrapped text needs at that width, estimated from its length."""
    letters = max(1, int((width - _PADDING) / (size * _EM * _GLYPH)))
    lines = sum(max(1, ceil(len(paragraph) / letters)) for paragraph in text.split("\n"))
    return ceil(lines * size * _LINE) + _PADDING
