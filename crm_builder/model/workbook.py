"""What a workbook is: sheets, columns, cells and all that hangs on them. Frozen; identity is a key, never a place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from crm_builder.model.area import Area
from crm_builder.model.format import CellFormat
from crm_builder.model.objects import Chart, Pivot, Slicer
from crm_builder.model.rules import BasicFilter, ConditionalRule, FilterView, Validation

Scalar = str | float | bool
SheetKind = Literal["table", "view", "helper"]


@dataclass(frozen=True, slots=True)
class Cell:
    """The content of one cell, at a 1-based row and a column key. A formula begins with `=`; a value is written RAW.

    `link` is the key of the sheet that the cell's text leads to. `item` names what a table's cell belongs to, such as
    `deal_stage/won`: people sort and move the rows of a table, so that there a place says nothing.
    """

    row: int
    column: str
    value: Scalar | None = None
    formula: str | None = None
    format: CellFormat | None = None
    note: str = ""
    validation: Validation | None = None
    link: str = ""
    item: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet.

    `title` is the text of the header cell. A computed column has `formula`: the whole formula of its header cell, whose
    first spilled value is the title. `format` and `validation` hold for every row below the header. `type` is the
    template's word for what the column holds, `list` the choice list that it takes from; no sheet shows them.
    """

    key: str
    title: str = ""
    width: int = 100  # pixels
    note: str = ""  # shown on the header cell
    hidden: bool = False
    formula: str | None = None
    format: CellFormat = CellFormat()
    header: CellFormat = CellFormat()
    validation: Validation | None = None
    type: str = field(default="", compare=False)
    list: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Banding:
    """Alternating row colours over an area; `header` None leaves the first row to its own format."""

    key: str
    area: Area
    first: str
    second: str
    header: str | None = None


@dataclass(frozen=True, slots=True)
class Protection:
    """An area that warns (`warning_only`) or refuses when somebody edits it."""

    key: str
    area: Area
    description: str
    warning_only: bool = True


@dataclass(frozen=True, slots=True)
class NamedRange:
    """A name that formulas use for an area. ASCII letters, digits and `_`; unique over the workbook.

    `number` is its id in a spreadsheet; empty where it follows from the name.
    """

    name: str
    area: Area
    number: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, weakref_slot=True)  # what follows from it may be remembered (once.py)
class Sheet:
    """One sheet. `rows` is the size of its grid; the grid is as wide as `columns`."""

    key: str
    title: str
    kind: SheetKind
    columns: tuple[Column, ...]
    rows: int = 1000
    right_to_left: bool = False
    hidden: bool = False
    gridlines: bool = True
    tab_color: str | None = None
    frozen_rows: int = 0
    frozen_columns: int = 0
    header_height: int | None = None  # pixels of row 1; None = the service's own
    cells: tuple[Cell, ...] = ()
    rules: tuple[ConditionalRule, ...] = ()
    banding: tuple[Banding, ...] = ()
    filter: BasicFilter | None = None
    views: tuple[FilterView, ...] = ()
    protections: tuple[Protection, ...] = ()
    merges: tuple[Area, ...] = ()
    heights: tuple[tuple[int, int], ...] = ()  # (1-based row, pixels) of the rows with a height of their own
    charts: tuple[Chart, ...] = ()
    pivots: tuple[Pivot, ...] = ()
    slicers: tuple[Slicer, ...] = ()

    def column(self, key: str) -> Column:
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(f"{self.key}.{key}")


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Workbook:
    """A whole workbook. `marks` are small texts of ours that travel with the file (version, language, digest …)."""

    title: str
    locale: str
    time_zone: str
    sheets: tuple[Sheet, ...]
    names: tuple[NamedRange, ...] = ()
    marks: tuple[tuple[str, str], ...] = ()
    font: str | None = None  # default font of the workbook
    size: int | None = None  # default size, points
    theme: tuple[tuple[str, str], ...] = ()  # (text, background, accent1 … accent6, link; colour): all of them or none
    _by_key: dict[str, Sheet] = field(default_factory=dict, init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        self._by_key.update((sheet.key, sheet) for sheet in self.sheets)

    def sheet(self, key: str) -> Sheet:
        """The sheet with that key; KeyError where there is none."""
        return self._by_key[key]
