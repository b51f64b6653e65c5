"""What the JSON of a snapshot must be like: wrong types and numbers are a ValueError, wherever they stand."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any, get_args

from crm_builder.model import Workbook
from crm_builder.model.format import NumberKind
from crm_builder.plan.changes import Kind

Check = Callable[[Any], None]
FORMAT = 1
_SHEET_IDS = 2**31 - 1
_LINES = 10_000_000  # as many as the cells that a spreadsheet may have
_COLUMNS = 18_278


def _fail(data: Any) -> None:
    raise ValueError(f"{data!r:.60} stands where something else must")


def _only(condition: Callable[[Any], bool]) -> Check:
    return lambda data: None if condition(data) else _fail(data)


def _whole(least: int, most: int) -> Check:
    return _only(lambda data: type(data) is int and least <= data <= most)


def _one_of(*texts: str) -> Check:
    return _only(lambda data: isinstance(data, str) and data in texts)


def _list(part: Check) -> Check:
    def checked(data: Any) -> None:
        if not isinstance(data, list):
            _fail(data)
        for one in data:
            part(one)

    return checked


def _tuple(*parts: Check) -> Check:
    def checked(data: Any) -> None:
        if not isinstance(data, list) or len(data) != len(parts):
            _fail(data)
        for part, one in zip(parts, data, strict=True):
            part(one)

    return checked


def _map(key: Check, part: Check) -> Check:
    def checked(data: Any) -> None:
        if not isinstance(data, dict):
            _fail(data)
        for name, one in data.items():
            key(name)
            part(one)

    return checked


def _record(parts: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with all of these fields; those that are not known are skipped, as a later version may add some."""

    def checked(data: Any) -> None:
        if not isinstance(data, dict) or not parts.keys() <= data.keys():
            _fail(data)
        for name, part in (*parts.items(), *(optional or {}).items()):
            if name in data:
                part(data[name])

    return checked


def _text(data: Any) -> None:
    if not isinstance(data, str):
        _fail(data)
    data.encode()  # half a pair of surrogates is a ValueError


def _title(data: Any) -> None:
    _text(data)
    if not data:
        _fail(data)


def _content(data: Any) -> None:
    """What is entered into a cell."""
    if isinstance(data, str):
        _text(data)
    elif isinstance(data, dict):
        _formula(data)
    elif data is not None and not (isinstance(data, int | float) and math.isfinite(data)):
        _fail(data)


_flag = _only(lambda data: isinstance(data, bool))
_formula = _record({"formula": _text})
_line, _column = _whole(0, _LINES), _whole(0, _COLUMNS)
_sheet_id = _whole(0, _SHEET_IDS)
_number_text = _only(lambda data: data.isascii() and data.isdecimal() and int(data) <= _SHEET_IDS)
_id = _tuple(_one_of(*get_args(Kind)), _text, _text)
_grid = _list(_list(_content))
_area = _record(
    {},
    {name: _line for name in ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")}
    | {"sheetId": _sheet_id},
)
_own_sheet = _record({"title": _title, "index": _line, "hidden": _flag, "rows": _line, "columns": _column})
_our_sheet = _record(
    {
        "sheet_id": _sheet_id,
        "title": _title,
        "index": _line,
        "header": _whole(-1, _LINES),
        "columns": _map(_title, _column),
        "lines": _map(_number_text, _line),
    },
    {"shift": _whole(-1, _LINES), "marks": _list(_text)},
)
_span = _tuple(_column, _line, _line, _one_of("", *get_args(NumberKind)), _text)
_parts = _record(
    {
        **dict.fromkeys(("when", "what", "digest", "spreadsheet_id", "description"), _text),
        "sheets": _map(_title, _our_sheet),
        "foreign": _map(_number_text, _own_sheet),
        "values": _map(_number_text, _grid),
        "names": _list(_record({"name": _title, "range": _area})),
        "renames": _list(_tuple(_id, _id)),
        "forgotten": _list(_id),
        "workbook": _only(lambda data: isinstance(data, dict)),
    },
    {
        "formats": _map(_number_text, _list(_span)),
        "cleared": _list(_tuple(_title, _title, _line, _line)),
        "frozen": _list(_tuple(_title, _title, _grid)),
    },
)


def check(data: Any) -> None:
    """ValueError for JSON that is no snapshot; what its workbooks hold is the codec's to check."""
    _parts(data)
    _text(json.dumps(data["workbook"], ensure_ascii=False))
    for number, spans in data.get("formats", {}).items():
        height = len(data["values"].get(number, ()))
        if any(end > height for _, _, end, _, _ in spans):
            _fail(spans)


def check_workbook(workbook: Workbook, sheets: Mapping[str, Any]) -> None:
    """ValueError where a snapshot does not say of each sheet and column of its workbook where it stood."""
    if {sheet.key for sheet in workbook.sheets} != sheets.keys():
        _fail(list(sheets))
    for sheet in workbook.sheets:
        keys = {one.key for one in sheet.columns} | {one.column for one in sheet.cells}
        if not keys <= sheets[sheet.key]["columns"].keys():
            _fail(sorted(keys))
