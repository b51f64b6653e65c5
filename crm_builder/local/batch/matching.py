"""Which cells a BooleanCondition holds for: one test a condition, formulas evaluated as seldom as they can be."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from crm_builder.formulas.scan import A1, Corner, read_a1, tokens

from ..a1 import parse
from ..calc import effective
from ..entered import parse_entered
from ..formulas.text_format import format_value

if TYPE_CHECKING:
    from ..book import Book

Test = Callable[[Any, int, int], bool]  # effective value, row, column
Cell = tuple[int, int, int]

_EPOCH = date(1899, 12, 30).toordinal()
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z")
_URL = re.compile(r"(?:https?://|ftp://|www\.)\S+\Z|\S+\.[a-z]{2,}(?:/\S*)?\Z", re.IGNORECASE)
# What a formula with one of these gives depends on more than the values it reads.
_PLACED = frozenset(
    (
        *("ROW", "COLUMN", "ROWS", "COLUMNS", "INDIRECT", "OFFSET", "CELL", "ADDRESS", "SHEET"),
        *("RAND", "RANDBETWEEN", "RANDARRAY", "FORMULATEXT", "ISFORMULA"),
    )
)
# Functions that read a range as a whole: inside them it does not depend on the place of the formula.
_WHOLE = frozenset(
    (
        *("COUNTIF", "COUNTIFS", "SUMIF", "SUMIFS", "AVERAGEIF", "AVERAGEIFS", "MINIFS", "MAXIFS"),
        *("MATCH", "XMATCH", "VLOOKUP", "HLOOKUP", "XLOOKUP", "LOOKUP", "INDEX", "SUMPRODUCT"),
        *("SUM", "COUNT", "COUNTA", "COUNTBLANK", "COUNTUNIQUE", "MIN", "MAX", "AVERAGE", "MEDIAN"),
        *("RANK", "PERCENTILE", "LARGE", "SMALL"),
    )
)
_LIMIT = 64  # cells of one relative range that are still compared one by one


def today(book: Book) -> float:
    """The serial number of the current day in the spreadsheet's time zone."""
    zone = ZoneInfo(book.doc["properties"].get("timeZone") or "Etc/GMT")
    return float((book.clock or datetime.now(UTC)).astimezone(zone).date().toordinal() - _EPOCH)


def relative_day(book: Book, name: str) -> float:
    """The serial number of a relative date: one week, month or year before today, yesterday, today, tomorrow."""
    now = today(book)
    steps = {"TODAY": 0, "YESTERDAY": -1, "TOMORROW": 1, "PAST_WEEK": -7}
    if name in steps:
        return now + steps[name]
    day = date.fromordinal(int(now) + _EPOCH)
    back = 12 if name == "PAST_YEAR" else 1
    year, month = divmod(day.year * 12 + day.month - 1 - back, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return float(date(year, month + 1, min(day.day, last)).toordinal() - _EPOCH)


def test_of(book: Book, condition: dict[str, Any], base: Cell, area: tuple[int, int, int, int]) -> Test:
    """The test of one condition written for the cell `base`, to be asked about cells of the area r0, c0, r1, c1."""
    kind, values = condition["type"], condition.get("values", [])
    sources = [_source(book, kind, value, base, area) for value in values]
    if kind == "CUSTOM_FORMULA":
        formula = sources[0]
        return lambda value, row, column: _true(formula(row, column))
    compare = _TESTS.get(kind)
    if compare is None:
        return _listed(book, kind, values, base)
    if all(isinstance(source, _Constant) for source in sources):
        fixed = [source(0, 0) for source in sources]
        return lambda value, row, column: compare(value, fixed)
    return lambda value, row, column: compare(value, [source(row, column) for source in sources])


@dataclass(frozen=True, slots=True)
class _Constant:
    value: Any

    def __call__(self, row: int, column: int) -> Any:
        return self.value


def _source(
    book: Book, kind: str, value: dict[str, Any], base: Cell, area: tuple[int, int, int, int]
) -> Callable[[int, int], Any]:
    if "relativeDate" in value:
        return _Constant(relative_day(book, value["relativeDate"]))
    text = value.get("userEnteredValue", "")
    if text.startswith(("=", "+")):
        return Evaluated(book, "=" + text[1:], base, area)
    return _Constant(text if kind.startswith(("TEXT_", "ONE_OF_", "BOOLEAN")) else parse_entered(text)[0])


@dataclass(slots=True)
class Evaluated:
    """A formula over an area: evaluated once for all cells at which everything it reads is the same."""

    book: Book
    text: str
    base: Cell
    area: tuple[int, int, int, int]
    _known: dict[Any, Any] = field(default_factory=dict)
    _reads: list[tuple[bool, bool, int, int, list[list[Any]]]] = field(default_factory=list)
    _placed: bool = False
    _by_row: bool = True

    def __post_init__(self) -> None:
        calls: list[str] = []
        before = ""
        for token in tokens(self.text):
            if token.text == "(":
                calls.append(before)
            elif token.text == ")" and calls:
                calls.pop()
            if token.kind == "reference":
                a1 = read_a1(token.text)
                if a1 is not None:
                    self._note(a1, calls[-1] if calls else "")
            elif token.kind == "word" and token.text.upper() in _PLACED:
                self._placed, self._by_row = True, self._by_row and token.text.upper() in ("ROW", "ROWS")
            if token.kind != "space":
                before = token.text.upper() if token.kind == "word" else ""
        if self._has_names():
            self._placed, self._by_row = True, True

    def _has_names(self) -> bool:
        listed = [token for token in tokens(self.text) if token.kind != "space"]
        after = [token.text for token in listed[1:]] + [""]
        return any(
            token.kind == "word" and follows != "(" and token.text.upper() not in ("TRUE", "FALSE")
            for token, follows in zip(listed, after, strict=True)
        )

    def _note(self, a1: A1, call: str) -> None:
        first, last = a1.first, a1.last or a1.first
        corners = (first, last)
        fixed_rows = all(corner.fixed_row or corner.row is None for corner in corners)
        fixed_columns = all(corner.fixed_column or corner.column is None for corner in corners)
        if not fixed_columns:
            self._by_row = False
        closed = all(corner.row is not None and corner.column is not None for corner in corners)
        if fixed_rows and fixed_columns:
            self._placed = self._placed or (a1.last is not None and call not in _WHOLE)
            return
        mixed = a1.last is not None and _moves(first) != _moves(last)
        if a1.sheet is not None or not closed or mixed or not self._read(first, last, fixed_rows, fixed_columns):
            self._placed = True

    def _read(self, first: Corner, last: Corner, fixed_rows: bool, fixed_columns: bool) -> bool:
        """Reads what a relative reference stands for all over the area; False where that is too much or outside."""
        assert first.row is not None and first.column is not None and last.row is not None and last.column is not None
        top, bottom = sorted((first.row, last.row))
        left, right = sorted((first.column, last.column))
        height, width = bottom - top + 1, right - left + 1
        if height * width > _LIMIT:
            return False
        sheet_id, base_row, base_column = self.base
        r0, c0, r1, c1 = self.area
        row = top if fixed_rows else top + r0 - base_row
        column = left if fixed_columns else left + c0 - base_column
        if row < 0 or column < 0:
            return False
        rows = height if fixed_rows else r1 - r0 + height - 1
        columns = width if fixed_columns else c1 - c0 + width - 1
        block = effective(self.book, sheet_id, row, column, row + rows, column + columns)
        self._reads.append((fixed_rows, fixed_columns, height, width, block))
        return True

    def __call__(self, row: int, column: int) -> Any:
        key = self._key(row, column)
        if key not in self._known:
            sheet_id = self.base[0]
            self._known[key] = self.book.engine.evaluate(self.text, self.base, (sheet_id, row, column))
        return self._known[key]

    def _key(self, row: int, column: int) -> Any:
        if self._placed:
            return row if self._by_row else (row, column)
        key = []
        for fixed_rows, fixed_columns, height, width, block in self._reads:
            top = 0 if fixed_rows else row - self.area[0]
            left = 0 if fixed_columns else column - self.area[1]
            for line in block[top : top + height]:
                for value in line[left : left + width]:
                    key.append(value.__class__)
                    key.append(value)
        return tuple(key)


def _moves(corner: Corner) -> tuple[bool, bool]:
    return corner.fixed_row, corner.fixed_column


def _true(value: Any) -> bool:
    return value is True or (type(value) is float and value != 0)


def text_of(value: Any) -> str:
    """A value as text conditions compare it."""
    if value is None:
        return ""
    return (value if isinstance(value, str) else format_value(value)).casefold()


def _numbers(compare: Callable[[float, list[float]], bool]) -> Callable[[Any, list[Any]], bool]:
    def test(value: Any, wanted: list[Any]) -> bool:
        return type(value) is float and all(type(one) is float for one in wanted) and compare(value, wanted)

    return test


def _days(compare: Callable[[int, list[int]], bool]) -> Callable[[Any, list[Any]], bool]:
    return _numbers(lambda value, wanted: compare(int(value // 1), [int(one // 1) for one in wanted]))


def _texts(compare: Callable[[str, str], bool]) -> Callable[[Any, list[Any]], bool]:
    return lambda value, wanted: compare(text_of(value), text_of(wanted[0]))


def _listed(book: Book, kind: str, values: list[dict[str, Any]], base: Cell) -> Test:
    """The kinds that compare with a list: of values, of a range's cells, of a checkbox."""
    texts = [value.get("userEnteredValue", "") for value in values]
    if kind == "ONE_OF_RANGE":
        title = next(s["properties"]["title"] for s in book.doc["sheets"] if s["properties"]["sheetId"] == base[0])
        text = texts[0].removeprefix("=")
        found = parse(book, text if "!" in text else f"'{title}'!{text}".replace("$", ""))
        block = effective(book, found.sheet_id, found.r0, found.c0, found.r1, found.c1)
        texts = [text_of(cell) for row in block for cell in row if cell is not None]
    elif kind == "BOOLEAN":
        texts = texts or ["TRUE", "FALSE"]
    wanted = {text.casefold() for text in texts}
    return lambda value, row, column: text_of(value) in wanted


_TESTS: dict[str, Callable[[Any, list[Any]], bool]] = {
    "NUMBER_GREATER": _numbers(lambda value, wanted: value > wanted[0]),
    "NUMBER_GREATER_THAN_EQ": _numbers(lambda value, wanted: value >= wanted[0]),
    "NUMBER_LESS": _numbers(lambda value, wanted: value < wanted[0]),
    "NUMBER_LESS_THAN_EQ": _numbers(lambda value, wanted: value <= wanted[0]),
    "NUMBER_EQ": _numbers(lambda value, wanted: value == wanted[0]),
    "NUMBER_NOT_EQ": _numbers(lambda value, wanted: value != wanted[0]),
    "NUMBER_BETWEEN": _numbers(lambda value, wanted: min(wanted) <= value <= max(wanted)),
    "NUMBER_NOT_BETWEEN": _numbers(lambda value, wanted: not min(wanted) <= value <= max(wanted)),
    "TEXT_CONTAINS": _texts(lambda value, wanted: wanted in value),
    "TEXT_NOT_CONTAINS": _texts(lambda value, wanted: wanted not in value),
    "TEXT_STARTS_WITH": _texts(lambda value, wanted: bool(value) and value.startswith(wanted)),
    "TEXT_ENDS_WITH": _texts(lambda value, wanted: bool(value) and value.endswith(wanted)),
    "TEXT_EQ": _texts(lambda value, wanted: value == wanted),
    "TEXT_IS_EMAIL": lambda value, wanted: isinstance(value, str) and bool(_MAIL.match(value)),
    "TEXT_IS_URL": lambda value, wanted: isinstance(value, str) and bool(_URL.match(value)),
    "DATE_EQ": _days(lambda value, wanted: value == wanted[0]),
    "DATE_BEFORE": _days(lambda value, wanted: value < wanted[0]),
    "DATE_AFTER": _days(lambda value, wanted: value > wanted[0]),
    "DATE_ON_OR_BEFORE": _days(lambda value, wanted: value <= wanted[0]),
    "DATE_ON_OR_AFTER": _days(lambda value, wanted: value >= wanted[0]),
    "DATE_BETWEEN": _days(lambda value, wanted: min(wanted) <= value <= max(wanted)),
    "DATE_NOT_BETWEEN": _days(lambda value, wanted: not min(wanted) <= value <= max(wanted)),
    "DATE_IS_VALID": lambda value, wanted: type(value) is float,
    "BLANK": lambda value, wanted: value is None or value == "",
    "NOT_BLANK": lambda value, wanted: value is not None and value != "",
}
