"""A spreadsheet's JSON as cells, sizes and named areas that the other files ask; nothing here knows XlsxWriter."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crm_builder.a1 import letters, quote
from crm_builder.formulas.scan import A1

Json = Mapping[str, Any]
Place = tuple[int, int]  # row and column, 0-based

HEIGHT = 21  # pixels, where nothing is said
WIDTH = 100
SPARE = 500  # rows of a table for new entries: Google's grid grows by itself, an area of Excel's does not
MARK = "\u2063sparkline:"  # what the value of a sparkline begins with in a local workspace
LONGEST_TITLE = 31
_REFUSED = str.maketrans("", "", "[]:*?/\\")
_FAULTS = {
    "N_A": "#N/A", "DIVIDE_BY_ZERO": "#DIV/0!", "REF": "#REF!", "NAME": "#NAME?", "NUM": "#NUM!",
    "NULL_VALUE": "#NULL!",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Area:
    """Cells of one sheet; rows and columns are 0-based, the ends lie behind the last."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    def meets(self, other: Area) -> bool:
        return (
            self.sheet == other.sheet
            and self.top < other.bottom
            and other.top < self.bottom
            and self.left < other.right
            and other.left < self.right
        )

    @property
    def single(self) -> bool:
        return self.bottom - self.top == 1 and self.right - self.left == 1

    def text(self, absolute: bool = True, sheet: bool = True) -> str:
        """In A1 notation, with the sheet's title before it."""
        sign = "$" if absolute else ""
        first = f"{sign}{letters(self.left)}{sign}{self.top + 1}"
        last = f"{sign}{letters(self.right - 1)}{sign}{self.bottom}"
        cells = first if self.single else f"{first}:{last}"
        return f"{quote(self.sheet)}!{cells}" if sheet else cells


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `grid_rows` and `columns` are the size of its grid; `rows` is where its areas end in the file, `read`
    how many of its rows came with content."""

    json: Json
    title: str
    identity: int
    rows: int
    grid_rows: int
    columns: int
    read: int
    cells: Sequence[Sequence[Json]]
    heights: Mapping[int, int]
    widths: Mapping[int, int]
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]

    def cell(self, row: int, column: int) -> Json:
        line = self.cells[row] if row < len(self.cells) else ()
        return line[column] if column < len(line) else {}

    def each(self) -> Iterator[tuple[int, int, Json]]:
        for row, line in enumerate(self.cells):
            for column, cell in enumerate(line):
                if cell:
                    yield row, column, cell

    def area(self, box: Json) -> Area:
        """A GridRange of this sheet; one that reaches the end of the grid has the sheet's end."""
        return Area(
            self.title,
            box.get("startRowIndex", 0),
            box.get("startColumnIndex", 0),
            self.rows if box.get("endRowIndex", self.grid_rows) >= self.grid_rows else box["endRowIndex"],
            min(box.get("endColumnIndex", self.columns), self.columns),
        )

    @property
    def merges(self) -> list[Area]:
        return [self.area(box) for box in self.json.get("merges", ())]


@dataclass(frozen=True, slots=True)
class Book:
    json: Json
    sheets: tuple[Sheet, ...]
    by_title: Mapping[str, Sheet]  # keys in small letters
    by_id: Mapping[int, Sheet]
    names: Mapping[str, Area]  # keys in small letters
    spelled: Mapping[str, str]  # name in small letters → as it is written

    def area(self, a1: A1, home: str) -> Area | None:
        """What a reference means; None where there is no such sheet. Open ends are the grid's."""
        found = self.by_title.get((a1.sheet or home).lower())
        if found is None:
            return None
        first, last = a1.first, a1.last or a1.first
        top, bottom = first.row or 0, found.rows if last.row is None else last.row + 1
        left, right = first.column or 0, found.columns if last.column is None else last.column + 1
        return Area(found.title, min(top, bottom - 1), min(left, right - 1), max(bottom, top + 1), max(right, left + 1))

    def box(self, box: Json) -> Area | None:
        """A GridRange that names its sheet."""
        sheet = self.by_id.get(box.get("sheetId", 0))
        return None if sheet is None else sheet.area(box)


def value_of(cell: Json) -> str | float | bool | None:
    """What a cell holds: text, number, truth, an error's code such as "#N/A", None for nothing."""
    value = cell.get("effectiveValue") or {}
    if "numberValue" in value:
        return float(value["numberValue"])
    if "stringValue" in value:
        return str(value["stringValue"])
    if "boolValue" in value:
        return bool(value["boolValue"])
    if "errorValue" in value:
        return _FAULTS.get(str(value["errorValue"].get("type")), "#VALUE!")
    return None


def formula_of(cell: Json) -> str:
    return str((cell.get("userEnteredValue") or {}).get("formulaValue", ""))


def read_book(spreadsheet: Json) -> Book:
    """The whole spreadsheet, sheets in their order."""
    found = sorted(spreadsheet.get("sheets", ()), key=lambda one: one.get("properties", {}).get("index", 0))
    sheets = tuple(_sheet(one) for one in found if one.get("properties", {}).get("sheetType", "GRID") == "GRID")
    sheets = _fitted(sheets)
    by_id = {sheet.identity: sheet for sheet in sheets}
    names, spelled = {}, {}
    for one in spreadsheet.get("namedRanges", ()):
        box = one.get("range", {})
        if home := by_id.get(box.get("sheetId", 0)):
            key = str(one["name"]).lower()
            names[key], spelled[key] = home.area(box), str(one["name"])
    by_title = {str(one.json["properties"].get("title", "")).lower(): one for one in sheets}
    return Book(spreadsheet, sheets, by_title | {one.title.lower(): one for one in sheets}, by_id, names, spelled)


def _fitted(sheets: tuple[Sheet, ...]) -> tuple[Sheet, ...]:
    """The sheets with titles that Excel takes: at most 31 characters, some not among them, no two alike."""
    taken: set[str] = set()
    out = []
    for sheet in sheets:
        title = fitting_title(sheet.title, taken)
        taken.add(title.lower())
        out.append(sheet if title == sheet.title else replace(sheet, title=title))
    return tuple(out)


def fitting_title(title: str, taken: Container[str]) -> str:
    """The nearest title that Excel takes and that is free. `taken` holds titles in small letters."""
    title = title.translate(_REFUSED).strip("'")[:LONGEST_TITLE] or "_"
    number = 1
    name = title
    while name.lower() in taken:
        number += 1
        name = f"{title[: LONGEST_TITLE - len(str(number)) - 1]} {number}"
    return name


def _sheet(sheet: Json) -> Sheet:
    properties = sheet.get("properties", {})
    size = properties.get("gridProperties", {})
    cells: list[list[Json]] = []
    heights, widths = {}, {}
    hidden_rows, hidden_columns = set(), set()
    read = 0
    for block in sheet.get("data", ()):
        top, left = block.get("startRow", 0), block.get("startColumn", 0)
        read = max(read, top + len(block.get("rowMetadata", ())), top + len(block.get("rowData", ())))
        for offset, row in enumerate(block.get("rowData", ())):
            while len(cells) <= top + offset:
                cells.append([])
            line, values = cells[top + offset], row.get("values", [])
            line.extend({} for _ in range(left + len(values) - len(line)))
            line[left : left + len(values)] = values
        for index, one in enumerate(block.get("rowMetadata", ()), top):
            heights[index] = one.get("pixelSize", HEIGHT)
            if one.get("hiddenByUser"):
                hidden_rows.add(index)
        for index, one in enumerate(block.get("columnMetadata", ()), left):
            widths[index] = one.get("pixelSize", WIDTH)
            if one.get("hiddenByUser"):
                hidden_columns.add(index)
    rows = max(size.get("rowCount", 0), len(cells), 1)
    filled = max(
        (row + 1 for row, line in enumerate(cells) if any("effectiveValue" in cell for cell in line)), default=0
    )
    return Sheet(
        json=sheet,
        title=str(properties.get("title", "")),
        identity=properties.get("sheetId", 0),
        rows=max(rows, filled + SPARE) if "basicFilter" in sheet else rows,
        grid_rows=rows,
        columns=max(size.get("columnCount", 0), 1),
        read=read,
        cells=cells,
        heights=heights,
        widths=widths,
        hidden_rows=frozenset(hidden_rows),
        hidden_columns=frozenset(hidden_columns),
    )
