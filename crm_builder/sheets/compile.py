"""Workbook → the batchUpdate requests that build it, ordered so that each can succeed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from crm_builder.model import CellFormat, Sheet, Workbook
from crm_builder.sheets import (
    banding,
    cells,
    charts,
    dimensions,
    filters,
    marks,
    merges,
    names,
    paint,
    pivots,
    properties,
    protections,
    rules,
    slicers,
)
from crm_builder.sheets.baseline import baseline_requests
from crm_builder.sheets.canonical import canonical
from crm_builder.sheets.layout import Layout

Json = dict[str, Any]

LIMIT_BYTES = 2_000_000  # the documented advice: at most 2 MB a request


def compile_new(workbook: Workbook, layout: Layout, first_sheet_id: int = 0) -> list[Json]:
    """The requests that turn a spreadsheet just created, with its one sheet of id `first_sheet_id`, into the workbook.

    Sheets come first, since everything stands on them; names come before the formulas that speak them, cells before
    the pivot tables that sum them up, and these before the charts that show them.
    Expects a workbook that passed `check_workbook`.
    """
    defaults = CellFormat(font=workbook.font, size=workbook.size)
    requests = [properties.update_spreadsheet(workbook)]
    requests += _sheets(workbook, layout, first_sheet_id)
    requests += [names.add_name(name, layout) for name in workbook.names]
    for sheet in workbook.sheets:
        requests += cells.column_requests(sheet, layout, defaults)
        requests += dimensions.set_widths(sheet, layout)
        requests += dimensions.set_heights(sheet, layout)
    for sheet in workbook.sheets:
        requests += cells.header_requests(sheet, layout)
        requests += paint.format_requests(sheet, layout, defaults)
        requests += cells.cell_requests(sheet, layout)
        requests += paint.validation_requests(sheet, layout)
        requests += merges.merge_requests(sheet, layout)
    for sheet in workbook.sheets:
        requests += [pivots.set_pivot(pivot, layout, sheet.key) for pivot in sheet.pivots]
    for sheet in workbook.sheets:
        requests += hanging_requests(sheet, layout)
    requests += marks.workbook_marks(workbook)
    for sheet in workbook.sheets:
        requests += marks.sheet_marks(sheet, layout)
    return requests


def compile_fresh(workbook: Workbook, layout: Layout) -> list[Json]:
    """The same, and at its end what was applied, for the runs to come."""
    titles = [sheet.title for sheet in workbook.sheets]
    return [*compile_new(workbook, layout), *baseline_requests(canonical(workbook), None, titles)]


def _sheets(workbook: Workbook, layout: Layout, first_sheet_id: int) -> list[Json]:
    requests: list[Json] = []
    if any(sheet.title[-1:].isdigit() for sheet in workbook.sheets):
        # The first sheet is called "Sheet1" in the account's language: a title of ours could be the same.
        renamed = {"sheetId": first_sheet_id, "title": "crm_builder, to be deleted"}
        requests.append({"updateSheetProperties": {"properties": renamed, "fields": "title"}})
    requests += [properties.add_sheet(sheet, layout) for sheet in workbook.sheets]
    requests.append({"deleteSheet": {"sheetId": first_sheet_id}})
    return requests


def hanging_requests(sheet: Sheet, layout: Layout) -> list[Json]:
    """All that hangs on a new sheet beside its cells and pivot tables."""
    requests = [banding.add_banding(one, layout, sheet.key) for one in sheet.banding]
    if sheet.filter:
        requests.append(filters.set_basic_filter(sheet.filter, layout))
    requests += [filters.add_view(view, layout, sheet.key) for view in sheet.views]
    requests += [rules.add_rule(rule, layout, index) for index, rule in enumerate(sheet.rules)]
    requests += [protections.add_protection(one, layout, sheet.key) for one in sheet.protections]
    requests += [charts.add_chart(chart, layout, sheet.key) for chart in sheet.charts]
    requests += [slicers.add_slicer(slicer, layout, sheet.key) for slicer in sheet.slicers]
    return requests


def split_batches(requests: Sequence[Json], limit_bytes: int = LIMIT_BYTES) -> list[list[Json]]:
    """The requests in batches whose JSON body stays within the limit; a larger single request stands alone."""
    return pack_batches([[request] for request in requests], limit_bytes)


def pack_batches(units: Iterable[Sequence[Json]], limit_bytes: int = LIMIT_BYTES) -> list[list[Json]]:
    """The same for units of several requests, which are never torn apart."""
    batches: list[list[Json]] = []
    used = 0
    for unit in units:
        size = sum(len(json.dumps(request, ensure_ascii=False, separators=(",", ":")).encode()) + 1 for request in unit)
        if not batches or used + size > limit_bytes:
            batches.append([])
            used = len('{"requests": []}')
        batches[-1] += unit
        used += size
    return batches
