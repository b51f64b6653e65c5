"""What the page needs of a spreadsheet: the rows it shows, and those that its dropdowns and charts are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crm_builder.a1 import letters, quote
from crm_builder.preview.grid import CHART, HEIGHT, ROWS_SHOWN, SPARE_ROWS

Json = Mapping[str, Any]

# What has to be known first, as a field mask.
PLAN = "sheets(properties(sheetId,title,hidden,sheetType,gridProperties(rowCount)),charts)"
# What is read of a sheet that is shown: formats in full would make an answer of many megabytes.
FIELDS = (
    "properties,namedRanges,sheets(properties,merges,charts,slicers,basicFilter,filterViews(title),conditionalFormats(ranges),"
    "protectedRanges(range),data(startRow,startColumn,rowMetadata(pixelSize,hiddenByUser,hiddenByFilter),"
    "columnMetadata(pixelSize,hiddenByUser,hiddenByFilter),rowData(values("
    "userEnteredValue(formulaValue),formattedValue,effectiveValue,note,dataValidation,hyperlink,"
    "userEnteredFormat(horizontalAlignment),"
    "effectiveFormat(backgroundColorStyle,borders,horizontalAlignment,verticalAlignment,wrapStrategy,textDirection,"
    "textRotation,textFormat(foregroundColorStyle,fontFamily,fontSize,bold,italic,strikethrough,underline))))))"
)
# And of one that is hidden: its cells are many, and nobody sees their formats.
FIGURES = (
    "sheets(properties,data(startRow,startColumn,rowMetadata(hiddenByUser,hiddenByFilter),"
    "columnMetadata(hiddenByUser,hiddenByFilter),rowData(values(formattedValue,effectiveValue))))"
)


def reads(sheets: Sequence[Json], filled: Mapping[str, int]) -> list[tuple[list[str], str]]:
    """Ranges and field mask of each answer to ask for (spreadsheets.get), to be `joined` for the page; as `ranges`."""
    hidden = {sheet["properties"].get("sheetId", 0) for sheet in sheets if sheet["properties"].get("hidden")}
    areas = _areas(sheets, filled)
    unseen = [text for number, text in areas if number in hidden]
    shown = [text for number, text in areas if number not in hidden]
    parts = [(shown, FIELDS), (unseen, FIGURES)] if shown else [(unseen, FIELDS)]
    return [(texts, fields) for texts, fields in parts if texts]


def joined(answers: Sequence[Json]) -> Json:
    """The answers about parts of one spreadsheet as one; the first says what is not of a sheet."""
    return {**answers[0], "sheets": [sheet for answer in answers for sheet in answer.get("sheets", ())]}


def ranges(sheets: Sequence[Json], filled: Mapping[str, int]) -> list[str]:
    """The A1 ranges to read. `sheets` were read with PLAN; `filled`: how many rows of each shown sheet have values.

    Hidden sheets are read because choices and charts' figures stand there; of the sources of charts only what lies
    below the rows that are read anyhow is asked for in addition.
    """
    return [text for _, text in _areas(sheets, filled)]


def _areas(sheets: Sequence[Json], filled: Mapping[str, int]) -> list[tuple[int, str]]:
    """Sheet id and A1 text of each range to read."""
    rows: dict[int, int] = {}
    titles: dict[int, str] = {}
    for sheet in sheets:
        properties = sheet["properties"]
        if properties.get("sheetType", "GRID") != "GRID":
            continue
        number, title = properties.get("sheetId", 0), properties["title"]
        titles[number] = title
        last = ROWS_SHOWN
        if not properties.get("hidden"):
            shown = max([min(filled.get(title, 0), ROWS_SHOWN), *map(_below, sheet.get("charts", ()))])
            last = shown + SPARE_ROWS
        rows[number] = min(last, properties.get("gridProperties", {}).get("rowCount", last))
    out = {(number, f"{quote(titles[number])}!1:{last}"): None for number, last in rows.items()}
    for sheet in sheets:
        for area in _sources(sheet.get("charts", [])):
            if text := _rest(area, rows, titles):
                out[area.get("sheetId", 0), text] = None
    return list(out)


def _below(chart: Json) -> int:
    """A row below the chart, however low its rows are."""
    place = chart.get("position", {}).get("overlayPosition", {})
    high = place.get("offsetYPixels", 0) + place.get("heightPixels", CHART[1])
    return place.get("anchorCell", {}).get("rowIndex", 0) + high // HEIGHT + 1


def _sources(value: Any) -> list[Json]:
    if isinstance(value, Mapping):
        own = list(value["sourceRange"].get("sources", ())) if "sourceRange" in value else []
        return own + [area for inner in value.values() for area in _sources(inner)]
    return [area for inner in value for area in _sources(inner)] if isinstance(value, list) else []


def _rest(area: Json, rows: Mapping[int, int], titles: Mapping[int, str]) -> str:
    """What of a source lies below the rows that are read anyhow; empty for nothing."""
    number = area.get("sheetId", 0)
    first = max(area.get("startRowIndex", 0), rows.get(number, 0)) + 1
    last = area.get("endRowIndex")
    if number not in titles or (last is not None and last < first):
        return ""
    start, end = area.get("startColumnIndex", 0), area.get("endColumnIndex", 1)
    return f"{quote(titles[number])}!{letters(start)}{first}:{letters(end - 1)}{last or ''}"
