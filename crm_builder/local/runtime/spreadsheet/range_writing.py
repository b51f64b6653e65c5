"""The part of Range that writes: values, formulas, formats, notes, checkboxes, order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ...batch import apply
from ...batch.ranges import Rect, as_range
from ..objects import Scripted, ScriptError, method, mismatch
from . import writing
from .arguments import fitting

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...book import Book
    from .context import Context

_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})\Z", re.IGNORECASE)
_COLOURS = {  # of those that CSS names, some
    "white": "#ffffff",
    "black": "#000000",
    "red": "#ff0000",
    "green": "#008000",
    "blue": "#0000ff",
    "yellow": "#ffff00",
    "orange": "#ffa500",
    "gray": "#808080",
    "grey": "#808080",
}


class RangeWriting(Scripted):
    """Each call is noted at once and carried out at the next flush; what Google says at once is said at once."""

    if TYPE_CHECKING:  # given by Range
        context: Context
        area: Rect

    def _note(self, change: Callable[[Book], Any], *, shape: bool = False) -> Any:
        """Notes the change; the sheet must be there and still as large as the range."""
        height, width = self.context.size(self.area.sheet_id)
        if self.area.r1 > height or self.area.c1 > width:
            raise ScriptError("The coordinates of the range are outside the dimensions of the sheet.")
        self.context.of_cells(self.area.height * self.area.width)
        self.context.write(change, shape=shape)
        return self

    def _batch(self, request: dict[str, Any], *, shape: bool = False) -> Any:
        return self._note(lambda book: apply(book, [request]), shape=shape)

    def _everywhere(self, value: Any) -> list[list[Any]]:
        return [[value] * self.area.width for _ in range(self.area.height)]

    # -- contents --------------------------------------------------------------------------------------------------

    @method
    def setValues(self, values: Any) -> Any:
        rows = writing.checked(self, "setValues", values, self.area.height, self.area.width)
        return self._enter(rows)

    @method
    def setValue(self, value: Any) -> Any:
        writing.check_value(self, "setValue", value)
        return self._enter(self._everywhere(value))

    @method
    def setFormulas(self, formulas: Any) -> Any:
        rows = writing.checked(self, "setFormulas", formulas, self.area.height, self.area.width)
        if not all(isinstance(text, str) for row in rows for text in row):
            raise mismatch(self, "setFormulas", [formulas])
        return self._enter([[_formula(text) for text in row] for row in rows])

    @method
    def setFormula(self, *given: Any) -> Any:
        (text,) = fitting(self, "setFormula", given, (str,))
        return self._enter(self._everywhere(_formula(text)))

    def _enter(self, rows: list[list[Any]]) -> Any:
        context, area = self.context, self.area

        def enter(book: Book) -> None:
            if any(isinstance(value, str) and value[:1] in ("=", "+") for row in rows for value in row):
                context.widths.forget(area.sheet_id)
            writing.enter(context.world, book, area, rows)

        return self._note(enter)

    @method
    def clearContent(self) -> Any:
        world, area = self.context.world, self.area
        return self._note(lambda book: writing.empty(world, book, area))

    @method
    def setRichTextValue(self, *given: Any) -> Any:
        raise ScriptError("Rich text is not part of the local run: setRichTextValue would lose its links and styles.")

    # -- notes, formats --------------------------------------------------------------------------------------------

    @method
    def setNotes(self, notes: Any) -> Any:
        rows = writing.checked(self, "setNotes", notes, self.area.height, self.area.width)
        if not all(note is None or isinstance(note, str) for row in rows for note in row):
            raise mismatch(self, "setNotes", [notes])
        return self._cells([[{"note": note} if note else {} for note in row] for row in rows], "note")

    @method
    def setNote(self, note: Any) -> Any:
        if note is not None and not isinstance(note, str):
            raise mismatch(self, "setNote", [note])
        return self._repeat({"note": note} if note else {}, "note")

    @method
    def clearNote(self) -> Any:
        return self._repeat({}, "note")

    @method
    def setNumberFormats(self, formats: Any) -> Any:
        rows = writing.checked(self, "setNumberFormats", formats, self.area.height, self.area.width)
        if not all(isinstance(pattern, str) for row in rows for pattern in row):
            raise mismatch(self, "setNumberFormats", [formats])
        return self._cells([[_shape(pattern) for pattern in row] for row in rows], "userEnteredFormat.numberFormat")

    @method
    def setNumberFormat(self, *given: Any) -> Any:
        (pattern,) = fitting(self, "setNumberFormat", given, (str,))
        return self._repeat(_shape(pattern), "userEnteredFormat.numberFormat")

    @method
    def setBackground(self, colour: Any) -> Any:
        if colour is not None and not isinstance(colour, str):
            raise mismatch(self, "setBackground", [colour])
        look = {} if colour is None else {"userEnteredFormat": {"backgroundColor": _colour(colour)}}
        return self._repeat(look, "userEnteredFormat.backgroundColor,userEnteredFormat.backgroundColorStyle")

    def _cells(self, rows: list[list[dict[str, Any]]], fields: str) -> Any:
        area = self.area
        return self._note(lambda book: writing.cells(book, area, rows, fields))

    def _repeat(self, cell: dict[str, Any], fields: str) -> Any:
        return self._batch({"repeatCell": {"range": as_range(self.area), "cell": cell, "fields": fields}})

    # -- checkboxes ------------------------------------------------------------------------------------------------

    @method
    def insertCheckboxes(self, *given: Any) -> Any:
        values = [{"userEnteredValue": _as_typed(value)} for value in given[:2]]
        condition = {"type": "BOOLEAN", **({"values": values} if values else {})}
        rule = {"condition": condition, "strict": True, "showCustomUi": True}
        self._batch({"setDataValidation": {"range": as_range(self.area), "rule": rule}})
        return self._enter(self._everywhere(given[1] if len(given) > 1 else "" if given else False))

    @method
    def removeCheckboxes(self) -> Any:
        world, area = self.context.world, self.area
        self._batch({"setDataValidation": {"range": as_range(area)}})
        return self._note(lambda book: writing.empty(world, book, area))

    @method
    def check(self) -> Any:
        world, area = self.context.world, self.area
        return self._note(lambda book: writing.tick(world, book, area, True))

    @method
    def uncheck(self) -> Any:
        world, area = self.context.world, self.area
        return self._note(lambda book: writing.tick(world, book, area, False))

    # -- order -----------------------------------------------------------------------------------------------------

    @method
    def sort(self, spec: Any) -> Any:
        """By a column's number, {column, ascending}, or several of these (documented); columns count from the sheet."""
        specs = [_sort_spec(self, one) for one in (spec if isinstance(spec, list) else [spec])]
        if not specs:
            raise mismatch(self, "sort", [spec])
        return self._batch({"sortRange": {"range": as_range(self.area), "sortSpecs": specs}}, shape=True)


def _sort_spec(owner: Scripted, spec: Any) -> dict[str, Any]:
    known = spec if isinstance(spec, dict) else {"column": spec}
    column, ascending = known.get("column"), known.get("ascending", True)
    if isinstance(column, bool) or not isinstance(column, int | float) or not isinstance(ascending, bool):
        raise mismatch(owner, "sort", [spec])
    return {"dimensionIndex": int(column) - 1, "sortOrder": "ASCENDING" if ascending else "DESCENDING"}


def _formula(text: str) -> str:
    return text if text.startswith("=") or not text else "=" + text


def _shape(pattern: str) -> dict[str, Any]:
    shape = writing.number_format(pattern)
    return {"userEnteredFormat": {"numberFormat": shape}} if shape else {}


def _as_typed(value: Any) -> str:
    return str(value).upper() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)


def _colour(text: str) -> dict[str, float]:
    known = _COLOURS.get(text.lower(), text)
    if not _HEX.match(known):
        raise ScriptError(f"The local run knows no colour {text!r}: write it as #rrggbb.")
    digits = known[1:] if len(known) == 7 else "".join(sign * 2 for sign in known[1:])
    return {name: int(digits[at : at + 2], 16) / 255 for name, at in (("red", 0), ("green", 2), ("blue", 4))}
