"""Range: a block of cells as scripts see it; where it lies and what it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_builder.a1 import letters

from ...batch.ranges import Rect, known_rect
from ...formulas.text_format import DEFAULTS
from ..objects import Scripted, ScriptError, method
from . import reading
from .arguments import fitting
from .context import SCOPES, SERVICE, Context
from .range_writing import RangeWriting
from .rules import DataValidation

if TYPE_CHECKING:
    from .metadata import DeveloperMetadata, DeveloperMetadataFinder
    from .sheet import Sheet

OUTSIDE = "The coordinates of the range are outside the dimensions of the sheet."
_GENERAL = "General"


def block(context: Context, sheet_id: int, row: int, column: int, rows: int = 1, columns: int = 1) -> Range:
    """The range from row and column (from 1) on. ScriptError where it is no part of the sheet (the service's texts)."""
    if row < 1:
        raise ScriptError("The starting row of the range is too small.")
    if column < 1:
        raise ScriptError("The starting column of the range is too small.")
    if rows < 1:
        raise ScriptError("The number of rows in the range must be at least 1.")
    if columns < 1:
        raise ScriptError("The number of columns in the range must be at least 1.")
    height, width = context.size(sheet_id)
    if row + rows - 1 > height or column + columns - 1 > width:
        raise ScriptError(OUTSIDE)
    return Range(context, Rect(sheet_id, row - 1, column - 1, row + rows - 1, column + columns - 1))


class RangeList(Scripted):
    """What is selected, where people hold the control key while they select."""

    type = "RangeList"
    service = SERVICE
    scopes = SCOPES

    def __init__(self, context: Context, areas: list[Rect]):
        self.context = context
        self.areas = areas

    @method
    def getRanges(self) -> list[Range]:
        return [Range(self.context, area) for area in self.areas]


class Range(RangeWriting):
    """Writing methods are in range_writing.py. It keeps its coordinates when rows are inserted above it."""

    type = "Range"
    service = SERVICE
    scopes = SCOPES

    def __init__(self, context: Context, area: Rect):
        self.context = context
        self.area = area

    def first(self) -> Range:
        return Range(
            self.context, Rect(self.area.sheet_id, self.area.r0, self.area.c0, self.area.r0 + 1, self.area.c0 + 1)
        )

    # -- where it lies ---------------------------------------------------------------------------------------------

    @method
    def getRow(self) -> int:
        return self.area.r0 + 1

    @method
    def getRowIndex(self) -> int:
        return self.area.r0 + 1

    @method
    def getColumn(self) -> int:
        return self.area.c0 + 1

    @method
    def getLastRow(self) -> int:
        return self.area.r1

    @method
    def getLastColumn(self) -> int:
        return self.area.c1

    @method
    def getNumRows(self) -> int:
        return self.area.height

    @method
    def getNumColumns(self) -> int:
        return self.area.width

    @method
    def getHeight(self) -> int:
        return self.area.height

    @method
    def getWidth(self) -> int:
        return self.area.width

    @method
    def getGridId(self) -> int:
        return self.area.sheet_id

    @method
    def getA1Notation(self) -> str:
        first = f"{letters(self.area.c0)}{self.area.r0 + 1}"
        last = f"{letters(self.area.c1 - 1)}{self.area.r1}"
        return first if first == last else f"{first}:{last}"

    @method
    def getSheet(self) -> Sheet:
        from .sheet import Sheet

        return Sheet(self.context, self.area.sheet_id)

    @method
    def getCell(self, *given: Any) -> Range:
        row, column = fitting(self, "getCell", given, (int, int))
        if not (1 <= row <= self.area.height and 1 <= column <= self.area.width):
            raise ScriptError("Cell reference out of range")
        return block(self.context, self.area.sheet_id, self.area.r0 + row, self.area.c0 + column)

    @method
    def offset(self, *given: Any) -> Range:
        values = fitting(self, "offset", given, (int, int), (int, int, int), (int, int, int, int))
        size = (*values[2:], *(self.area.height, self.area.width)[len(values) - 2 :])
        return block(
            self.context, self.area.sheet_id, self.area.r0 + 1 + values[0], self.area.c0 + 1 + values[1], *size
        )

    @method
    def getMergedRanges(self) -> list[Range]:
        book = self.context.shape()
        merged = [known_rect(book, one) for one in self.context.sheet(self.area.sheet_id).get("merges", ())]
        return [Range(self.context, one) for one in merged if one.meets(self.area)]

    @method
    def activate(self) -> Range:
        self.context.selected = self.area
        return self

    @method
    def canEdit(self) -> bool:
        from .checks import check_editable

        try:
            check_editable(self.context.world, self.context.shape(), self.area)
        except ScriptError:
            return False
        return True

    # -- what it holds ---------------------------------------------------------------------------------------------

    def _read(self, area: Rect | None = None) -> Any:
        """The spreadsheet to read cells from, with all that was written; the time passes that reading takes."""
        wanted = area or self.area
        self.context.sheet(wanted.sheet_id)
        book = self.context.book()
        grid = book.grid(wanted.sheet_id)
        if wanted.r1 > grid.rows or wanted.c1 > grid.columns:  # rows were deleted since the range was got
            raise ScriptError(OUTSIDE)
        self.context.of_cells(wanted.height * wanted.width)
        return book

    @method
    def getValues(self) -> list[list[Any]]:
        return self._values()

    @method
    def getValue(self) -> Any:
        return self._values(self.first().area)[0][0]

    def _values(self, area: Rect | None = None) -> list[list[Any]]:
        return reading.values(self._read(area), area or self.area, self.context.widths)

    @method
    def getDisplayValues(self) -> list[list[str]]:
        return reading.texts(self._read(), self.area)

    @method
    def getDisplayValue(self) -> str:
        area = self.first().area
        return reading.texts(self._read(area), area)[0][0]

    @method
    def getFormulas(self) -> list[list[str]]:
        return reading.formulas(self._read(), self.area)

    @method
    def getFormula(self) -> str:
        area = self.first().area
        return reading.formulas(self._read(area), area)[0][0]

    @method
    def getNotes(self) -> list[list[str]]:
        return [[note or "" for note in row] for row in self._plane("note")]

    @method
    def getNote(self) -> str:
        return self._plane("note", self.first().area)[0][0] or ""

    @method
    def getNumberFormats(self) -> list[list[str]]:
        return [[_pattern(shape) for shape in row] for row in self._plane("format")]

    @method
    def getNumberFormat(self) -> str:
        return _pattern(self._plane("format", self.first().area)[0][0])

    @method
    def getDataValidations(self) -> list[list[DataValidation | None]]:
        return [[DataValidation(rule) if rule else None for rule in row] for row in self._plane("validation")]

    @method
    def getDataValidation(self) -> DataValidation | None:
        rule = self._plane("validation", self.first().area)[0][0]
        return DataValidation(rule) if rule else None

    @method
    def isBlank(self) -> bool:
        return all(value == "" for row in self._values() for value in row) and not any(
            text for row in reading.formulas(self._read(), self.area) for text in row
        )

    @method
    def isChecked(self) -> bool | None:
        """null where the cells are no checkboxes, or some are ticked and some are not (documented)."""
        rules = self._plane("validation")
        if not all(rule and rule["condition"]["type"] == "BOOLEAN" for row in rules for rule in row):
            return None
        found = set()
        for row, listed in zip(self._values(), rules, strict=True):
            for value, rule in zip(row, listed, strict=True):
                given = [one.get("userEnteredValue", "") for one in rule["condition"].get("values", ())]
                found.add(value is True if not given else str(value).casefold() == given[0].casefold())
        return found.pop() if len(found) == 1 else None

    def _plane(self, plane: str, area: Rect | None = None) -> list[list[Any]]:
        wanted = area or self.area
        return self._read(wanted).grid(wanted.sheet_id).read(plane, *wanted.area)

    # -- metadata --------------------------------------------------------------------------------------------------

    @method
    def createDeveloperMetadataFinder(self) -> DeveloperMetadataFinder:
        from .metadata import DeveloperMetadataFinder

        return DeveloperMetadataFinder(self.context, self.area)

    @method
    def getDeveloperMetadata(self) -> list[DeveloperMetadata]:
        from .metadata import found_on

        return found_on(self.context, self.area)

    @method
    def addDeveloperMetadata(self, *given: Any) -> Range:
        from .metadata import add, dimension_place

        add(self.context, self, given, dimension_place(self.context, self.area))
        return self


def _pattern(shape: dict[str, Any] | None) -> str:
    number = (shape or {}).get("numberFormat")
    return (number.get("pattern") or DEFAULTS[number.get("type", "")] or _GENERAL) if number else _GENERAL
