"""Sheet: one sheet as scripts see it; its name, size and ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...a1 import parse_bounds
from ...batch.ranges import Rect
from ..objects import ScriptError, method
from . import reading, writing
from .arguments import fitting
from .context import SCOPES, SERVICE, Context
from .enums import SHEET_TYPE
from .range import OUTSIDE, Range, RangeList, block
from .rules import Filter, NamedRange
from .sheet_rows import SheetRows

if TYPE_CHECKING:
    from ..objects import Choice
    from .workbook import Spreadsheet

NOT_FOUND = "Range not found"


class Sheet(SheetRows):
    """What inserts, deletes and hides rows and columns is in sheet_rows.py."""

    type = "Sheet"
    service = SERVICE
    scopes = SCOPES

    def __init__(self, context: Context, sheet_id: int):
        super().__init__(context, sheet_id)
        self.sheet_id = sheet_id

    # -- the sheet itself ------------------------------------------------------------------------------------------

    @method
    def getName(self) -> str:
        return self.context.properties(self.sheet_id)["title"]

    @method
    def getSheetName(self) -> str:
        return self.context.properties(self.sheet_id)["title"]

    @method
    def setName(self, *given: Any) -> Sheet:
        (title,) = fitting(self, "setName", given, (str,))
        properties = {"sheetId": self.sheet_id, "title": title}
        self.context.batch_now({"updateSheetProperties": {"properties": properties, "fields": "title"}})
        return self

    @method
    def getSheetId(self) -> int:
        return self.sheet_id

    @method
    def getIndex(self) -> int:
        return self.context.properties(self.sheet_id)["index"] + 1

    @method
    def getType(self) -> Choice:
        kind = self.context.properties(self.sheet_id).get("sheetType", "GRID")
        return SHEET_TYPE["GRID" if kind == "GRID" else "OBJECT"]

    @method
    def isSheetHidden(self) -> bool:
        return bool(self.context.properties(self.sheet_id).get("hidden"))

    @method
    def isRightToLeft(self) -> bool:
        return bool(self.context.properties(self.sheet_id).get("rightToLeft"))

    @method
    def hideSheet(self) -> Sheet:
        return self._hidden(True)

    @method
    def showSheet(self) -> Sheet:
        return self._hidden(False)

    def _hidden(self, hidden: bool) -> Sheet:
        properties = {"sheetId": self.sheet_id, "hidden": hidden}
        self.context.batch_now({"updateSheetProperties": {"properties": properties, "fields": "hidden"}})
        return self

    @method
    def getParent(self) -> Spreadsheet:
        from .workbook import Spreadsheet

        return Spreadsheet(self.context)

    @method
    def getMaxRows(self) -> int:
        return self.context.size(self.sheet_id)[0]

    @method
    def getMaxColumns(self) -> int:
        return self.context.size(self.sheet_id)[1]

    @method
    def getLastRow(self) -> int:
        return self._filled()[0]

    @method
    def getLastColumn(self) -> int:
        return self._filled()[1]

    def _filled(self) -> tuple[int, int]:
        self.context.sheet(self.sheet_id)
        return reading.filled(self.context.book(), self.sheet_id)

    @method
    def getFrozenRows(self) -> int:
        return self._frozen("frozenRowCount")

    @method
    def getFrozenColumns(self) -> int:
        return self._frozen("frozenColumnCount")

    def _frozen(self, name: str) -> int:
        return self.context.properties(self.sheet_id).get("gridProperties", {}).get(name, 0)

    @method
    def getFilter(self) -> Filter | None:
        return Filter(self.context, self.sheet_id) if self.context.sheet(self.sheet_id).get("basicFilter") else None

    @method
    def getNamedRanges(self) -> list[NamedRange]:
        named = self.context.shape().doc.get("namedRanges", ())
        return [NamedRange(self.context, one) for one in named if one["range"].get("sheetId", 0) == self.sheet_id]

    # -- ranges ----------------------------------------------------------------------------------------------------

    @method
    def getRange(self, *given: Any) -> Range:
        values = fitting(
            *(self, "getRange", given),
            *((str,), (int, int), (int, int, int), (int, int, int, int)),
        )
        if isinstance(values[0], str):
            return self.named(values[0])
        return block(self.context, self.sheet_id, *values)

    def named(self, text: str) -> Range:
        """A1 notation on this sheet, or a name; a title before it must be this one's or another sheet's."""
        from .workbook import Spreadsheet

        bounds = None if "!" in text else parse_bounds(text.strip())
        if bounds is None:
            found = Spreadsheet(self.context).find_range(text)
            if found is None:
                raise ScriptError(NOT_FOUND)
            return found
        height, width = self.context.size(self.sheet_id)
        r1 = height if bounds.r1 is None else bounds.r1
        c1 = width if bounds.c1 is None else bounds.c1
        area = Rect(self.sheet_id, bounds.r0 or 0, bounds.c0 or 0, r1, c1)
        if area.r1 > height or area.c1 > width or area.r0 >= area.r1 or area.c0 >= area.c1:
            raise ScriptError(OUTSIDE)
        return Range(self.context, area)

    @method
    def getDataRange(self) -> Range:
        rows, columns = self._filled()
        return Range(self.context, Rect(self.sheet_id, 0, 0, max(rows, 1), max(columns, 1)))

    @method
    def getSheetValues(self, *given: Any) -> list[list[Any]]:
        values = fitting(self, "getSheetValues", given, (int, int, int, int))
        return block(self.context, self.sheet_id, *values).getValues()

    @method
    def appendRow(self, values: Any) -> Sheet:
        (row,) = fitting(self, "appendRow", [values], (list,))
        for value in row:
            writing.check_value(self, "appendRow", value)
        self.context.sheet(self.sheet_id)
        self.context.of_cells(len(row))
        world, sheet_id, kept = self.context.world, self.sheet_id, list(row)
        if kept:
            self.context.write(lambda book: writing.append(world, book, sheet_id, kept), shape=True)
        return self

    # -- what is selected ------------------------------------------------------------------------------------------

    @method
    def activate(self) -> Sheet:
        self.context.select_sheet(self.sheet_id)
        return self

    @method
    def getActiveRangeList(self) -> RangeList:
        return RangeList(self.context, self.context.selections(self.sheet_id))
