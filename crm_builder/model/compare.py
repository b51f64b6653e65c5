"""Where two workbooks differ, as sentences for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

from crm_builder.model.area import Area
from crm_builder.model.workbook import Sheet, Workbook

_SHORT = 60


def differences(wanted: Workbook, found: Workbook) -> list[str]:
    """One line for each thing that is missing in the CRM, more or different: its path, what is wanted, what was found.

    A sheet that has grown is no difference: people add rows every day.
    """
    rows = {sheet.key: sheet.rows for sheet in wanted.sheets}
    sheets = [_as_planned(one, rows.get(one.key, one.rows)) for one in found.sheets]
    return list(_compare("", wanted, replace(found, sheets=tuple(sheets))))


def _as_planned(sheet: Sheet, rows: int) -> Sheet:
    """The sheet without its growth: no more rows than planned, and a filter that ended at the grid's end then."""
    if sheet.filter and sheet.filter.area.last_row is not None and sheet.filter.area.last_row >= rows:
        sheet = replace(sheet, filter=replace(sheet.filter, area=replace(sheet.filter.area, last_row=None)))
    return replace(sheet, rows=min(sheet.rows, rows))


def _compare(path: str, wanted: Any, found: Any) -> Iterator[str]:
    if wanted == found:
        return
    if is_dataclass(wanted) and type(wanted) is type(found):
        for field in fields(wanted):
            if field.compare:
                yield from _compare(_join(path, field.name), getattr(wanted, field.name), getattr(found, field.name))
    elif isinstance(wanted, tuple) and isinstance(found, tuple) and _keyed(wanted) and _keyed(found):
        yield from _compare_keyed(path, wanted, found)
    elif _rows_of_things(wanted) and _rows_of_things(found) and len(wanted) == len(found):
        for index, (left, right) in enumerate(zip(wanted, found, strict=True)):
            yield from _compare(f"{path}[{index}]", left, right)
    else:
        yield f"{path}: the CRM has {_short(found)}, the description {_short(wanted)}"


def _compare_keyed(path: str, wanted: tuple[Any, ...], found: tuple[Any, ...]) -> Iterator[str]:
    left, right = {_key(one): one for one in wanted}, {_key(one): one for one in found}
    yield from (f"{_join(path, key)}: is missing in the CRM" for key in left.keys() - right.keys())
    yield from (f"{_join(path, key)}: is not in the description" for key in right.keys() - left.keys())
    for key in left:
        if key in right:
            yield from _compare(_join(path, key), left[key], right[key])
    if [key for key in left if key in right] != [key for key in right if key in left]:
        yield f"{path}: stands in another order in the CRM"


def _rows_of_things(values: Any) -> bool:
    """Whether these are things without keys, such as the series of a chart: they are told apart by their place."""
    return isinstance(values, tuple) and all(is_dataclass(value) for value in values)


def _keyed(values: tuple[Any, ...]) -> bool:
    keys = [_key(value) for value in values]
    return all(keys) and len(set(keys)) == len(keys)


def _key(value: Any) -> str:
    if key := getattr(value, "key", "") or getattr(value, "name", ""):
        return key
    if isinstance(value, Area):
        return f"{value.first_column or ''}{value.first_row}:{value.last_column or ''}{value.last_row or ''}"
    if hasattr(value, "row") and hasattr(value, "column"):
        return f"{value.column} row {value.row}"
    if isinstance(value, tuple) and len(value) == 2:  # heights by their row, marks by their name
        return str(value[0])
    return ""


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"
