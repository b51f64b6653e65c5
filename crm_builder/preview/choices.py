"""The choices behind a dropdown: a list in the rule itself, or the cells that the rule points at."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from crm_builder.a1 import column_index

Json = Mapping[str, Any]
Area = tuple[str, int, int, int | None, int | None]  # sheet title, first row and column, ends (None = open)

SHOWN = 200
_CELL = r"\$?([A-Za-z]{1,3})?\$?([0-9]{1,8})?"
_AREA = re.compile(rf"=?(?:(?:'((?:[^']|'')+)'|([^'!]+))!)?{_CELL}(?::{_CELL})?")
_KINDS = ("ONE_OF_LIST", "ONE_OF_RANGE")


def is_dropdown(rule: Json) -> bool:
    """Whether a DataValidationRule shows a dropdown in its cell."""
    return rule.get("condition", {}).get("type") in _KINDS and bool(rule.get("showCustomUi"))


def is_checkbox(rule: Json) -> bool:
    """Whether a DataValidationRule turns its cell into a checkbox."""
    return rule.get("condition", {}).get("type") == "BOOLEAN"


class Choices:
    """The lists of all dropdowns of a page; equal ones are kept once."""

    def __init__(self, spreadsheet: Json):
        self._sheets = {sheet.get("properties", {}).get("title", ""): sheet for sheet in spreadsheet.get("sheets", [])}
        titles = {s.get("properties", {}).get("sheetId", 0): title for title, s in self._sheets.items()}
        self._names: dict[str, Area] = {}
        for named in spreadsheet.get("namedRanges", []):
            box = named.get("range", {})
            self._names[str(named.get("name", "")).lower()] = (
                titles.get(box.get("sheetId", 0), ""),
                box.get("startRowIndex", 0),
                box.get("startColumnIndex", 0),
                box.get("endRowIndex"),
                box.get("endColumnIndex"),
            )
        self._found: dict[str, int] = {}
        self.lists: list[tuple[str, ...]] = []

    def number(self, rule: Json, home: str) -> int:
        """Which of `lists` a dropdown rule offers; `home` is the title of the sheet it stands on."""
        key = repr((rule.get("condition"), home))
        if key not in self._found:
            offered = self._read(rule.get("condition", {}), home)
            if offered not in self.lists:
                self.lists.append(offered)
            self._found[key] = self.lists.index(offered)
        return self._found[key]

    def _read(self, condition: Json, home: str) -> tuple[str, ...]:
        values = [str(value.get("userEnteredValue", "")) for value in condition.get("values", [])]
        if condition.get("type") == "ONE_OF_LIST":
            return tuple(values[:SHOWN])
        area = self._area(values[0], home) if values else None
        return () if area is None else self._texts(area)

    def _area(self, text: str, home: str) -> Area | None:
        name = text.strip().removeprefix("=").lower()
        if name in self._names:
            return self._names[name]
        found = _AREA.fullmatch(text.strip())
        if not found:
            return None
        quoted, bare, left, top, right, bottom = found.groups()
        title = quoted.replace("''", "'") if quoted else bare or home
        first_row, first_column = int(top or 1) - 1, column_index(left) if left else 0
        if ":" not in text:
            return title, first_row, first_column, first_row + 1, first_column + 1
        return (
            title,
            first_row,
            first_column,
            int(bottom) if bottom else None,
            column_index(right) + 1 if right else None,
        )

    def _texts(self, area: Area) -> tuple[str, ...]:
        title, top, left, bottom, right = area
        out: dict[str, None] = {}
        for block in self._sheets.get(title, {}).get("data", []):
            for row, line in enumerate(block.get("rowData", []), block.get("startRow", 0)):
                if row < top or (bottom is not None and row >= bottom):
                    continue
                out.update(dict.fromkeys(_row_texts(line.get("values", []), block.get("startColumn", 0), left, right)))
        return tuple(out)[:SHOWN]


def _row_texts(values: Sequence[Json], start: int, left: int, right: int | None) -> list[str]:
    return [
        value["formattedValue"]
        for column, value in enumerate(values, start)
        if column >= left and (right is None or column < right) and value.get("formattedValue")
    ]
