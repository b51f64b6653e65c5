"""Whether a workbook can be compiled at all: every contradiction in it, with its path, at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from crm_builder.errors import ModelError, Problem
from crm_builder.model import CellFormat, Sheet, Workbook
from crm_builder.sheets import ids, marks
from crm_builder.sheets.check_objects import check_objects
from crm_builder.sheets.check_parts import Checked, check_hangings, formats_of, trouble_with_area, trouble_with_format
from crm_builder.sheets.names import trouble_with

MAX_TITLE = 100
MAX_CELL = 50_000  # characters of one cell
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_FORBIDDEN = re.compile(r"[\[\]*?:/\\\x00-\x1f]|^'|'$")


def check_workbook(workbook: Workbook) -> None:
    """ModelError with all contradictions: unknown keys, doubled names, what the service is known to refuse."""
    problems = list(_workbook(workbook))
    if not problems:
        # Digests and ids need keys that lead somewhere.
        problems = [*_collisions(workbook), *_budget(workbook)]
    if problems:
        raise ModelError(problems)


def _workbook(workbook: Workbook) -> Iterator[Problem]:
    if not any(not sheet.hidden for sheet in workbook.sheets):
        yield Problem("a workbook needs a sheet that is not hidden", path="sheets")
    yield from _twice((sheet.key for sheet in workbook.sheets), "sheets", "key")
    yield from _twice((sheet.title.casefold() for sheet in workbook.sheets), "sheets", "title")
    yield from _twice((name.name.casefold() for name in workbook.names), "names", "name")
    yield from _twice((mark for mark, _ in workbook.marks), "marks", "mark")
    for mark, _ in workbook.marks:
        if mark in marks.RESERVED:
            yield Problem("this mark has a meaning of its own", path=f"marks.{mark}", hint="call it otherwise")
    checked = Checked(
        {sheet.key: sheet for sheet in reversed(workbook.sheets)},  # of two alike, the first
        {name.name: name.area.sheet for name in workbook.names},
    )
    for name in workbook.names:
        if reason := trouble_with(name.name):
            yield Problem(reason, path=f"names.{name.name}")
        yield from trouble_with_area(name.area, checked, f"names.{name.name}.area")
    for sheet in workbook.sheets:
        yield from _sheet(sheet, checked)


def _twice(values: Iterable[str], path: str, what: str) -> Iterator[Problem]:
    for value, count in Counter(values).items():
        if count > 1:
            yield Problem(f"the {what} {value!r} is used {count} times", path=path)


def _sheet(sheet: Sheet, checked: Checked) -> Iterator[Problem]:
    path = f"sheets.{sheet.key}"
    if not sheet.title or len(sheet.title) > MAX_TITLE:
        yield Problem(f"a title has 1 to {MAX_TITLE} characters, this one {len(sheet.title)}", path=f"{path}.title")
    if _FORBIDDEN.search(sheet.title):
        yield Problem(r"a title cannot hold [ ] * ? : / \ nor begin or end with '", path=f"{path}.title")
    if not sheet.columns:
        yield Problem("a sheet needs a column", path=f"{path}.columns")
    if sheet.rows < 2:
        yield Problem("a sheet needs a header row and one more", path=f"{path}.rows")
    if sheet.frozen_rows >= max(sheet.rows, 1) or sheet.frozen_columns >= max(len(sheet.columns), 1):
        yield Problem("some row and column must stay unfrozen", path=path)
    yield from _twice((column.key for column in sheet.columns), f"{path}.columns", "key")
    for column in sheet.columns:
        if not _KEY.fullmatch(column.key):
            hint = "use lower-case letters, digits and _"
            yield Problem(
                "a formula could not name this column as [key]", path=f"{path}.columns.{column.key}", hint=hint
            )
    for place, cell_format in formats_of(sheet):
        yield from trouble_with_format(cell_format, f"{path}.{place}")
    for column in sheet.columns:
        where = f"{path}.columns.{column.key}"
        yield from _text(column.title, f"{where}.title")
        yield from _formula(column.formula, f"{where}.formula")
        if sheet.kind == "view" and (column.title or column.formula or column.note or column.header != CellFormat()):
            yield Problem("a view has no header", path=where, hint="use cells of row 1")
    yield from _cells(sheet, checked, path)
    yield from check_hangings(sheet, checked, path)
    yield from check_objects(sheet, checked, path)


def _cells(sheet: Sheet, checked: Checked, path: str) -> Iterator[Problem]:
    keys = {column.key for column in sheet.columns}
    yield from _twice((f"{cell.column}[{cell.row}]" for cell in sheet.cells), f"{path}.cells", "place")
    for cell in sheet.cells:
        where = f"{path}.cells.{cell.column}[{cell.row}]"
        if cell.column not in keys:
            yield Problem(f"there is no column {cell.column!r}", path=where)
        if cell.row == 1 and sheet.kind != "view":
            yield Problem("row 1 belongs to the columns", path=where, hint="use the column's title, formula and note")
        elif not 1 <= cell.row <= sheet.rows:
            yield Problem(f"the sheet has {sheet.rows} rows", path=where)
        if cell.value is not None and cell.formula is not None:
            yield Problem("a cell holds a value or a formula", path=where)
        if cell.link and cell.link not in checked.sheets:
            yield Problem(f"there is no sheet {cell.link!r} to lead to", path=f"{where}.link")
        if cell.link and (not isinstance(cell.value, str) or not cell.value):
            yield Problem("a link needs a text", path=f"{where}.link")
        yield from _formula(cell.formula, f"{where}.formula")
        if isinstance(cell.value, str):
            yield from _text(cell.value, f"{where}.value")


def _formula(formula: str | None, path: str) -> Iterator[Problem]:
    if formula is not None and not formula.startswith("="):
        yield Problem("a formula begins with =", path=path)
    yield from _text(formula or "", path)


def _text(text: str, path: str) -> Iterator[Problem]:
    if len(text) > MAX_CELL:
        yield Problem(f"a cell holds {MAX_CELL} characters, this has {len(text)}", path=path)


def _collisions(workbook: Workbook) -> Iterator[Problem]:
    """Two keys whose ids are the same by chance: rename one of them."""
    numbers: list[tuple[int | str, str]] = [(ids.name_id(name.name), f"names.{name.name}") for name in workbook.names]
    metadata: list[tuple[int | str, str]] = []
    for sheet in workbook.sheets:
        path = f"sheets.{sheet.key}"
        numbers.append((ids.sheet_id(sheet.key), path))
        numbers += [(ids.banding_id(sheet.key, one.key), f"{path}.banding.{one.key}") for one in sheet.banding]
        numbers += [(ids.view_id(sheet.key, one.key), f"{path}.views.{one.key}") for one in sheet.views]
        numbers += [
            (ids.protection_id(sheet.key, one.key), f"{path}.protections.{one.key}") for one in sheet.protections
        ]
        numbers += [(ids.chart_id(sheet.key, one.key), f"{path}.charts.{one.key}") for one in sheet.charts]
        numbers += [(ids.slicer_id(sheet.key, one.key), f"{path}.slicers.{one.key}") for one in sheet.slicers]
        metadata.append((marks.sheet_mark_id(sheet.key), path))
        metadata += [
            (marks.column_mark_id(sheet.key, column.key), f"{path}.columns.{column.key}") for column in sheet.columns
        ]
    for pairs in (numbers, metadata):
        first: dict[int | str, str] = {}
        for number, path in pairs:
            if first.setdefault(number, path) != path:
                yield Problem(f"its id is that of {first[number]} too", path=path, hint="rename one of the two keys")


def _budget(workbook: Workbook) -> Iterator[Problem]:
    for key, used in marks.characters(workbook).items():
        if used > marks.BUDGET:
            path = f"sheets.{key}" if key else "marks"
            yield Problem(f"its marks need {used} characters; the service keeps {marks.BUDGET}", path=path)
