"""What a person does at the sheet: typing, pasting and deleting, and the event that scripts hear of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any

from crm_builder.a1 import letters
from crm_builder.errors import RunError

from ..a1 import parse_bounds
from ..values_write import put
from .session import visible
from .spreadsheet import SpreadsheetApp
from .triggers import AUTH_MODES
from .world import World

if TYPE_CHECKING:
    from ..book import Book

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Edit:
    """The cells that somebody changed, half-open, 0-based, and for a single cell what it held before and holds now."""

    sheet_id: int
    r0: int
    c0: int
    r1: int
    c1: int
    old: Any = None
    new: Any = None

    @property
    def is_single(self) -> bool:
        return (self.r1 - self.r0, self.c1 - self.c0) == (1, 1)


def type_in(book: Book, title: str, a1: str, values: Any) -> Edit:
    """Types a value into a cell, or into each cell of a range; pastes a list of rows from its first cell on.

    None and "" empty a cell. The grid grows as for a paste at its edge. RunError for cells that are not there.
    """
    properties = next((one["properties"] for one in book.doc["sheets"] if one["properties"]["title"] == title), None)
    bounds = parse_bounds(a1)
    if properties is None or bounds is None or bounds.r0 is None or bounds.c0 is None:
        raise RunError(f"There are no cells {title}!{a1} to type into.")
    grid = book.grid(properties["sheetId"])
    if bounds.r0 >= grid.rows or bounds.c0 >= grid.columns:
        raise RunError(
            f"There is no cell {title}!{a1}: the sheet ends at row {grid.rows}, column {letters(grid.columns - 1)}."
        )
    if isinstance(values, list | tuple):
        rows = [list(row) for row in values]
    else:
        height = (bounds.r1 or bounds.r0 + 1) - bounds.r0
        rows = [[values] * ((bounds.c1 or bounds.c0 + 1) - bounds.c0) for _ in range(height)]
    width = max(map(len, rows))
    rows = [["" if value is None else value for value in [*row, *[None] * (width - len(row))]] for row in rows]
    id, r1, c1 = properties["sheetId"], bounds.r0 + len(rows), bounds.c0 + width
    if r1 > grid.rows or c1 > grid.columns:
        grid.resize(max(r1, grid.rows), max(c1, grid.columns))
        book.restructured()
    place = (bounds.r0, bounds.c0, r1, c1)
    old = grid.read("entered", *place)
    put(book, id, bounds.r0, bounds.c0, rows, "USER_ENTERED")
    new = grid.read("entered", *place)
    if any(value == "" and type(value) is str for row in new for value in row):
        # Deleting leaves a cell without anything in it, so that a formula may spill there.
        new = [[None if value == "" and type(value) is str else value for value in row] for row in new]
        grid.write("entered", bounds.r0, bounds.c0, new)
    return Edit(id, *place, old[0][0], new[0][0])


def told(value: Any) -> str | None:
    """A cell's value in an event: always a text, days as their numbers; None for an empty cell (seen in many logs)."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return str(int(value)) if float(value).is_integer() else repr(value)
    return str(value)


def _app(world: World) -> SpreadsheetApp:
    app = world.services["SpreadsheetApp"]
    assert isinstance(app, SpreadsheetApp)
    return app


def edit_event(world: World, edit: Edit, trigger: str | None = None) -> Json:
    """The argument of onEdit. `trigger`: the id of the installable one."""
    place = (edit.sheet_id, edit.r0, edit.c0, edit.r1, edit.c1)
    cells = _app(world).range(*place)
    # Fields that only the range of an event has, counted from 1 (not documented, seen in many logs).
    cells.fields = {"rowStart": edit.r0 + 1, "columnStart": edit.c0 + 1, "rowEnd": edit.r1, "columnEnd": edit.c1}
    event = {**open_event(world, trigger), "range": cells}
    if edit.is_single:
        values = {"value": told(edit.new), "oldValue": told(edit.old)}
        event |= {name: value for name, value in values.items() if value is not None}
    return event


def open_event(world: World, trigger: str | None = None) -> Json:
    """The argument of onOpen, and what all events of a spreadsheet have."""
    mode = AUTH_MODES["FULL" if world.authorization == "full" else "LIMITED"]
    event: Json = {"authMode": mode, "source": _app(world).spreadsheet, "user": visible(world)}
    return event if trigger is None else {**event, "triggerUid": trigger}


def time_event(world: World, trigger: str) -> Json:
    """The argument of a function that a time trigger calls; its parts are those of UTC (seen in many logs)."""
    local = world.now().astimezone(UTC)
    _, week, day = local.isocalendar()
    return {
        "authMode": AUTH_MODES["FULL"],
        "triggerUid": trigger,
        "timezone": "UTC",
        "year": local.year,
        "month": local.month,
        "day-of-month": local.day,
        "day-of-week": day,
        "week-of-year": week,
        "hour": local.hour,
        "minute": local.minute,
        "second": local.second,
    }


def web_event(parameters: Sequence[tuple[str, str]], query: str, body: Json | None = None) -> Json:
    """The argument of doGet, and of doPost with `body` {contents, type}; the first value of a name is its parameter."""
    listed: dict[str, list[str]] = {}
    for name, value in parameters:
        listed.setdefault(name, []).append(value)
    event: Json = {
        "parameter": {name: values[0] for name, values in listed.items()},
        "parameters": listed,
        "queryString": query,
        "contextPath": "",
        "contentLength": -1,
    }
    if body is not None:
        size = len(body["contents"].encode())
        event |= {"contentLength": size, "postData": {**body, "length": size, "name": "postData"}}
    return event
