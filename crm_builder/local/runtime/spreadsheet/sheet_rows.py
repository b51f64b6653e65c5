"""The part of Sheet that inserts, deletes, hides and sorts rows and columns, as the batch requests do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...batch import apply
from ...batch.ranges import COLUMNS, ROWS, Rect, as_range
from ..objects import ScriptError, method
from .arguments import fitting
from .checks import check_editable
from .whole import Whole

if TYPE_CHECKING:
    from ...book import Book

_ONE = ((int,), (int, int))


class SheetRows(Whole):
    """Positions count from 1. Everything that speaks of the cells is rewritten at the next flush."""

    if TYPE_CHECKING:  # given by Sheet
        sheet_id: int

    # -- inserting -------------------------------------------------------------------------------------------------

    @method
    def insertRowsAfter(self, *given: Any) -> Any:
        at, count = fitting(self, "insertRowsAfter", given, (int, int))
        return self._insert(ROWS, at, count, before=False)

    @method
    def insertRowAfter(self, *given: Any) -> Any:
        (at,) = fitting(self, "insertRowAfter", given, (int,))
        return self._insert(ROWS, at, 1, before=False)

    @method
    def insertRowsBefore(self, *given: Any) -> Any:
        at, count = fitting(self, "insertRowsBefore", given, (int, int))
        return self._insert(ROWS, at, count, before=True)

    @method
    def insertRowBefore(self, *given: Any) -> Any:
        (at,) = fitting(self, "insertRowBefore", given, (int,))
        return self._insert(ROWS, at, 1, before=True)

    @method
    def insertRows(self, *given: Any) -> None:
        at, *count = fitting(self, "insertRows", given, *_ONE)
        self._insert(ROWS, at, *(count or [1]), before=True)

    @method
    def insertColumnsAfter(self, *given: Any) -> Any:
        at, count = fitting(self, "insertColumnsAfter", given, (int, int))
        return self._insert(COLUMNS, at, count, before=False)

    @method
    def insertColumnAfter(self, *given: Any) -> Any:
        (at,) = fitting(self, "insertColumnAfter", given, (int,))
        return self._insert(COLUMNS, at, 1, before=False)

    @method
    def insertColumnsBefore(self, *given: Any) -> Any:
        at, count = fitting(self, "insertColumnsBefore", given, (int, int))
        return self._insert(COLUMNS, at, count, before=True)

    @method
    def insertColumnBefore(self, *given: Any) -> Any:
        (at,) = fitting(self, "insertColumnBefore", given, (int,))
        return self._insert(COLUMNS, at, 1, before=True)

    @method
    def insertColumns(self, *given: Any) -> None:
        at, *count = fitting(self, "insertColumns", given, *_ONE)
        self._insert(COLUMNS, at, *(count or [1]), before=True)

    def _insert(self, dimension: str, position: int, count: int, *, before: bool) -> Any:
        """New lines take formats and rules of the line named by `position`, before or after which they come."""
        self._check(dimension, position, 1)
        if count < 1:
            raise ScriptError(f"The number of {_noun(dimension)}s to insert must be at least 1.")
        start = position - 1 if before else position
        place = self._place(dimension, start, start + count)
        request = {"insertDimension": {"range": place, "inheritFromBefore": not before}}

        def insert(book: Book) -> None:
            self._moving(book, dimension)
            apply(book, [request])

        self.context.write(insert, shape=True)
        return self

    # -- deleting --------------------------------------------------------------------------------------------------

    @method
    def deleteRows(self, *given: Any) -> None:
        self._delete(ROWS, *fitting(self, "deleteRows", given, (int, int)))

    @method
    def deleteRow(self, *given: Any) -> Any:
        return self._delete(ROWS, *fitting(self, "deleteRow", given, (int,)))

    @method
    def deleteColumns(self, *given: Any) -> None:
        self._delete(COLUMNS, *fitting(self, "deleteColumns", given, (int, int)))

    @method
    def deleteColumn(self, *given: Any) -> Any:
        return self._delete(COLUMNS, *fitting(self, "deleteColumn", given, (int,)))

    def _delete(self, dimension: str, position: int, count: int = 1) -> Any:
        self._check(dimension, position, count)
        height, width = self.context.size(self.sheet_id)
        size, name = (height, "frozenRowCount") if dimension == ROWS else (width, "frozenColumnCount")
        if count >= size:
            raise ScriptError(f"You can't delete all the {_noun(dimension)}s on the sheet.")
        frozen = self.context.properties(self.sheet_id).get("gridProperties", {}).get(name, 0)
        if position - 1 <= frozen and position - 1 + count >= size:
            raise ScriptError(f"Sorry, it is not possible to delete all non-frozen {_noun(dimension)}s.")
        place = self._place(dimension, position - 1, position - 1 + count)
        area = self._lines(dimension, position, count)
        world = self.context.world

        def delete(book: Book) -> None:
            check_editable(world, book, area)
            self._moving(book, dimension)
            apply(book, [{"deleteDimension": {"range": place}}])

        self.context.write(delete, shape=True)
        return self

    # -- showing, hiding -------------------------------------------------------------------------------------------

    @method
    def hideRows(self, *given: Any) -> None:
        self._hide(ROWS, True, *fitting(self, "hideRows", given, *_ONE))

    @method
    def showRows(self, *given: Any) -> None:
        self._hide(ROWS, False, *fitting(self, "showRows", given, *_ONE))

    @method
    def hideColumns(self, *given: Any) -> None:
        self._hide(COLUMNS, True, *fitting(self, "hideColumns", given, *_ONE))

    @method
    def showColumns(self, *given: Any) -> None:
        self._hide(COLUMNS, False, *fitting(self, "showColumns", given, *_ONE))

    def _hide(self, dimension: str, hidden: bool, position: int, count: int = 1) -> None:
        self._check(dimension, position, count)
        place = self._place(dimension, position - 1, position - 1 + count)
        body = {"range": place, "properties": {"hiddenByUser": hidden}, "fields": "hiddenByUser"}
        self.context.batch({"updateDimensionProperties": body})

    @method
    def isRowHiddenByUser(self, *given: Any) -> bool:
        (at,) = fitting(self, "isRowHiddenByUser", given, (int,))
        return self._is_hidden(ROWS, at, "hiddenByUser")

    @method
    def isRowHiddenByFilter(self, *given: Any) -> bool:
        (at,) = fitting(self, "isRowHiddenByFilter", given, (int,))
        return self._is_hidden(ROWS, at, "hiddenByFilter")

    @method
    def isColumnHiddenByUser(self, *given: Any) -> bool:
        (at,) = fitting(self, "isColumnHiddenByUser", given, (int,))
        return self._is_hidden(COLUMNS, at, "hiddenByUser")

    def _is_hidden(self, dimension: str, position: int, name: str) -> bool:
        self._check(dimension, position, 1)
        known = self.context.shape().grid(self.sheet_id).dimension(dimension)
        return bool(known.get(position - 1, {}).get(name))

    # -- order -----------------------------------------------------------------------------------------------------

    @method
    def sort(self, *given: Any) -> Any:
        """Sorts all rows below the frozen ones by a column."""
        column, *rest = fitting(self, "sort", given, (int,), (int, bool))
        height, width = self.context.size(self.sheet_id)
        first = self.context.properties(self.sheet_id).get("gridProperties", {}).get("frozenRowCount", 0)
        order = "ASCENDING" if not rest or rest[0] else "DESCENDING"
        body = {
            "range": as_range(Rect(self.sheet_id, first, 0, height, width)),
            "sortSpecs": [{"dimensionIndex": column - 1, "sortOrder": order}],
        }
        self.context.batch({"sortRange": body})
        return self

    # -- parts -----------------------------------------------------------------------------------------------------

    def _moving(self, book: Book, dimension: str) -> None:
        if dimension == ROWS:
            self.context.widths.note(book, self.sheet_id)
        else:
            self.context.widths.forget(self.sheet_id)

    def _check(self, dimension: str, position: int, count: int) -> None:
        """ScriptError where the lines are none of the sheet's (the service's text)."""
        size = self.context.size(self.sheet_id)[0 if dimension == ROWS else 1]
        if position < 1 or count < 1 or position + count - 1 > size:
            raise ScriptError(f"Those {_noun(dimension)}s are out of bounds.")

    def _place(self, dimension: str, start: int, end: int) -> dict[str, Any]:
        return {"sheetId": self.sheet_id, "dimension": dimension, "startIndex": start, "endIndex": end}

    def _lines(self, dimension: str, position: int, count: int) -> Rect:
        height, width = self.context.size(self.sheet_id)
        start, end = position - 1, position - 1 + count
        return Rect(self.sheet_id, *((start, 0, end, width) if dimension == ROWS else (0, start, height, end)))


def _noun(dimension: str) -> str:
    return "row" if dimension == ROWS else "column"
