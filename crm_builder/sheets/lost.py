"""Marks that people or their add-ons deleted: which ones, and the requests that set them again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crm_builder.model import Workbook
from crm_builder.sheets import marks
from crm_builder.sheets.layout import Layout

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, order=True)
class LostMark:
    """A mark that is gone, by its key: from a sheet, a column, or the spreadsheet, which has no `sheet`."""

    sheet: str
    column: str
    mark: str


def lost_marks(
    spreadsheet: Json, ours: Mapping[str, Json], layout: Layout, known: Sequence[Workbook]
) -> Iterator[LostMark]:
    """`ours`: our sheets by key."""
    defaults = known and (known[0].font or known[0].size)
    if defaults and not _has(spreadsheet, marks.DEFAULTS):
        yield LostMark("", "", marks.DEFAULTS)
    columns = _marked_columns(ours)
    for key, place in layout.places.items():
        former = _has(ours[key], marks.FORMER_SHEET)
        for mark in (marks.SHEET, marks.CONTENTS):
            if not _has(ours[key], mark) and not (former and mark == marks.SHEET):
                yield LostMark(key, "", mark)
        bare = [column for column in place.columns if (key, column) not in columns]
        if ours[key].get("data"):  # otherwise nothing was asked about columns
            yield from (LostMark(key, column, marks.COLUMN) for column in bare)


def _has(holder: Json, mark: str) -> bool:
    return bool(marks.values_of(holder.get("developerMetadata", ()), mark))


def _marked_columns(ours: Mapping[str, Json]) -> set[tuple[str, str]]:
    """(sheet, column) of all that bear a mark, be it that of a forgotten one."""
    return {
        (key, column)
        for key, sheet in ours.items()
        for block in sheet.get("data", ())
        for dimension in block.get("columnMetadata", ())
        for mark in (marks.COLUMN, marks.FORMER_COLUMN)
        for _, column in marks.values_of(dimension.get("developerMetadata", ()), mark)
    }


def mark_requests(lost: Sequence[LostMark], layout: Layout, *known: Workbook) -> list[Json]:
    """The requests that set the marks again; the first `known` workbook with a sheet tells what it holds."""
    sheets = {sheet.key: sheet for book in reversed(known) for sheet in book.sheets}
    requests: list[Json] = []
    for one in lost:
        if one.column:
            requests.append(marks.column_mark(layout.place(one.sheet), one.column))
        elif one.sheet:
            grown = replace(sheets[one.sheet], rows=layout.place(one.sheet).rows)
            requests += _only(one.mark, marks.own_marks(grown, layout))
        else:
            requests += _only(one.mark, marks.workbook_marks(known[0]))
    return requests


def _only(mark: str, requests: Sequence[Json]) -> list[Json]:
    return [one for one in requests if one["createDeveloperMetadata"]["developerMetadata"]["metadataKey"] == mark]


def titles_of(lost: Sequence[LostMark], layout: Layout) -> tuple[str, ...]:
    """The titles of the sheets that lack any."""
    return tuple(dict.fromkeys(layout.place(one.sheet).title for one in lost if one.sheet))
