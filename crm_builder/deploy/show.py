"""The CRM to look at: as pages, and as a file for Excel and LibreOffice."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from crm_builder.a1 import quote
from crm_builder.google import Client
from crm_builder.project import Project, day_text, now_of
from crm_builder.sheets import check_call
from crm_builder.sheets.baseline import SHEET_ID as BASELINE_ID

_WHOLE_ROWS = 300  # a sheet of at most so many rows is read whole for the file; of longer ones what lies below is alike


def look(project: Project, http: Any, spreadsheet_id: str) -> dict[str, str]:
    """The pages that show the CRM as it stands: file name → HTML."""
    from crm_builder import preview  # late: only commands that show something pay for it

    client = Client(http, check_call)
    sheets = client.get(spreadsheet_id, fields=preview.PLAN)["sheets"]
    titles = [sheet["properties"]["title"] for sheet in sheets if not sheet["properties"].get("hidden")]
    get = client.values.batchGet(
        spreadsheetId=spreadsheet_id,
        ranges=[quote(title) for title in titles],
        valueRenderOption="UNFORMATTED_VALUE",  # only counted: how they would look need not be worked out
    )
    found = client.call(get)["valueRanges"]
    filled = {title: len(one.get("values", ())) for title, one in zip(titles, found, strict=True)}
    answers = [client.get(spreadsheet_id, ranges, fields) for ranges, fields in preview.reads(sheets, filled)]
    return preview.render(preview.joined(answers), project.rendered.context.words.get("preview", {}), filled)


def workbook_file(project: Project, http: Any, spreadsheet_id: str, clock: datetime | None) -> dict[str, bytes | str]:
    """The CRM as a file for Excel and LibreOffice, and the notes on what differs in it: file name → content.

    Its formulas keep to the day of `clock` where one is given, so that they say the same on every day.
    """
    from crm_builder import xlsx  # late: only a build pays for it

    client = Client(http, check_call)
    sheets = client.get(spreadsheet_id, fields="sheets(properties(sheetId,title,gridProperties(rowCount)))")["sheets"]
    sheets = [sheet for sheet in sheets if sheet["properties"].get("sheetId", 0) != BASELINE_ID]
    titles = [sheet["properties"]["title"] for sheet in sheets]
    get = client.values.batchGet(spreadsheetId=spreadsheet_id, ranges=[quote(title) for title in titles])
    ranges = []
    for sheet, found in zip(sheets, client.call(get)["valueRanges"], strict=True):
        rows = sheet["properties"]["gridProperties"]["rowCount"]
        read = rows if rows <= _WHOLE_ROWS else min(rows, len(found.get("values", ())) + 1)
        ranges.append(f"{quote(sheet['properties']['title'])}!1:{read}")
    answer = client.get(spreadsheet_id, ranges, xlsx.FIELDS)
    now = now_of(clock).astimezone(ZoneInfo(project.settings.time_zone))
    words = project.rendered.context.words.get("xlsx", {})
    return xlsx.workbook_files(answer, words, now, clock is not None, day_text(project, now.date()))
