"""What all objects of one run share: its world, what is selected, and the ways to read and to write."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crm_builder.a1 import quote

from ...a1 import parse
from ...batch import apply
from ...batch.ranges import Rect, sheet_of
from ...errors import ApiError
from ..objects import ScriptError
from .stillness import Widths

if TYPE_CHECKING:
    from ...book import Book
    from ..world import World

_PLACE = re.compile(r"Invalid requests\[\d+\]\.\w+: ")
FULL = "https://www.googleapis.com/auth/spreadsheets"
SCOPES = (FULL, "https://www.googleapis.com/auth/spreadsheets.currentonly")  # any one is enough
SERVICE = "SpreadsheetApp"


@dataclass(frozen=True, slots=True)
class Pending:
    """A noted change; `shape`: it may move, add or take away sheets, rows, columns or metadata."""

    change: Callable[[Book], Any]
    shape: bool = False

    def __call__(self, book: Book) -> Any:
        try:
            return self.change(book)
        except ApiError as error:
            raise ScriptError(_PLACE.sub("", error.message)) from error


class Context:
    """One run's view of the spreadsheet. `selected` are the cells that somebody looking at it has selected."""

    def __init__(self, world: World):
        self.world = world
        self.selected: Rect | None = None
        self._given: list[Rect] | None = None  # what was selected before the run
        self.widths = Widths()

    # -- reading ---------------------------------------------------------------------------------------------------

    def book(self) -> Book:
        """The spreadsheet with all that was written before."""
        return self.world.book()

    def shape(self) -> Book:
        """The spreadsheet to ask for sheets, sizes and metadata: what was written into cells alone may still wait."""
        if any(getattr(change, "shape", True) for change in self.world.buffer):
            return self.world.book()
        return self.world.workspace.book(self.world.spreadsheet_id)

    def properties(self, sheet_id: int) -> dict[str, Any]:
        return self.sheet(sheet_id)["properties"]

    def sheet(self, sheet_id: int) -> dict[str, Any]:
        """The sheet's document. ScriptError where somebody has deleted it."""
        try:
            return sheet_of(self.shape(), sheet_id)
        except ApiError as error:
            raise ScriptError(f"Sheet {sheet_id} not found") from error

    def size(self, sheet_id: int) -> tuple[int, int]:
        """Rows and columns of the sheet's grid."""
        self.sheet(sheet_id)
        grid = self.shape().grid(sheet_id)
        return grid.rows, grid.columns

    def of_cells(self, count: int) -> None:
        """Lets the time pass that so many cells take."""
        self.world.spend(count * self.world.limits.cell_ms)

    # -- writing ---------------------------------------------------------------------------------------------------

    def write(self, change: Callable[[Book], Any], *, shape: bool = False) -> None:
        self.world.write(Pending(change, shape))

    def batch(self, request: dict[str, Any], *, shape: bool = True) -> None:
        """Notes one request of spreadsheets.batchUpdate."""
        self.write(lambda book: apply(book, [request]), shape=shape)

    def batch_now(self, request: dict[str, Any]) -> dict[str, Any]:
        """Carries one request out, after what was noted; its reply."""
        return self.world.change(Pending(lambda book: apply(book, [request]), shape=True))[0]

    # -- what is selected ------------------------------------------------------------------------------------------

    def selection(self, sheet_id: int | None = None) -> Rect:
        """The selected cells; the first cell of the (first shown) sheet where nobody has selected any."""
        self._begin()
        if self.selected is not None and sheet_id in (None, self.selected.sheet_id):
            return self.selected
        if sheet_id is None:
            sheets = [sheet["properties"] for sheet in self.shape().doc["sheets"]]
            sheet_id = next((one for one in sheets if not one.get("hidden")), sheets[0])["sheetId"]
        return Rect(sheet_id, 0, 0, 1, 1)

    def selections(self, sheet_id: int) -> list[Rect]:
        """All ranges of a sheet that are selected, the active one last."""
        active = self.selection(sheet_id)
        return self._given if self._given and active == self._given[-1] else [active]

    def _begin(self) -> None:
        """Takes over what was selected before the run."""
        if self._given is not None:
            return
        title, ranges = self.world.selected or ("", ())
        areas = [parse(self.shape(), f"{quote(title)}!{one}") for one in ranges]
        self._given = [Rect(one.sheet_id, one.r0, one.c0, one.r1, one.c1) for one in areas]
        self.selected = self.selected or (self._given[-1] if self._given else None)

    def select_sheet(self, sheet_id: int) -> None:
        self.sheet(sheet_id)
        if self.selected is None or self.selected.sheet_id != sheet_id:
            self.selected = Rect(sheet_id, 0, 0, 1, 1)
