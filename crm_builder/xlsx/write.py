"""A spreadsheet's JSON as one .xlsx file and the notes on what differs in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

from crm_builder.xlsx.about import About, about, as_markdown, write_about
from crm_builder.xlsx.book import HEIGHT, Area, Book, Sheet, fitting_title, formula_of, read_book
from crm_builder.xlsx.cells import area_values, write_cells, write_live
from crm_builder.xlsx.charts import write_charts
from crm_builder.xlsx.conditional import write_conditional
from crm_builder.xlsx.formats import Formats, colour_of
from crm_builder.xlsx.plan import Key, Plan, make_plan, sparkline_range
from crm_builder.xlsx.sparklines import figures_of, is_series, read_mark, write_sparkline
from crm_builder.xlsx.validations import write_validations
from crm_builder.xlsx.words import complete
from crm_builder.xlsx.writer import excel_name

Json = Mapping[str, Any]

WORKBOOK, NOTES = "workbook.xlsx", "workbook-notes.md"
FIELDS = (
    "properties(title,locale,timeZone,defaultFormat,spreadsheetTheme),namedRanges,"
    "sheets(properties,merges,charts,slicers,basicFilter,filterViews(title),conditionalFormats,bandedRanges,"
    "protectedRanges(range),data(startRow,startColumn,rowMetadata(pixelSize,hiddenByUser),"
    "columnMetadata(pixelSize,hiddenByUser),rowData(values(userEnteredValue(formulaValue,stringValue,numberValue,"
    "boolValue),effectiveValue,note,dataValidation,hyperlink,pivotTable(rows(sourceColumnOffset)),userEnteredFormat))))"
)
"""What this room reads of a spreadsheet, as a field mask."""


@dataclass
class _Arrays:
    """The hidden sheet for what cannot stand in its own place: arrays over merged cells, figures of sparklines."""

    title: str
    column: int = 0
    figures: list[tuple[int, Sequence[float | None]]] = field(default_factory=list)

    def add(self, figures: Sequence[float | None]) -> Area:
        self.figures.append((self.column, figures))
        self.column += 1
        return Area(self.title, 1, self.column - 1, 1 + max(1, len(figures)), self.column)


def workbook_files(
    spreadsheet: Json, words: Mapping[str, str] | None, now: datetime, pinned: bool, day: str
) -> dict[str, bytes | str]:
    """The files: name → content. The same input gives the same bytes.

    `now`: when it was computed, in the spreadsheet's time zone; `pinned`: formulas keep to that day. `day` is how the
    day is told to people.
    """
    import xlsxwriter  # late: only a build needs it

    own = complete(words)
    book = read_book(spreadsheet)
    taken = {sheet.title.lower() for sheet in book.sheets}
    hidden = fitting_title(own["arrays"], taken)
    plan = make_plan(book, hidden, now if pinned else None)
    stream = BytesIO()
    default = spreadsheet.get("properties", {}).get("defaultFormat", {}).get("textFormat", {})
    workbook = xlsxwriter.Workbook(stream, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    title = str(spreadsheet.get("properties", {}).get("title", ""))
    workbook.set_properties({"title": title, "created": now.replace(tzinfo=None, microsecond=0)})
    formats = Formats(workbook, spreadsheet)
    if default.get("fontSize"):
        workbook.formats[0].set_font_size(default["fontSize"])
        workbook.formats[0].set_font_name(formats.usual.get("font_name", "Arial"))
    worksheets = {sheet.title: workbook.add_worksheet(sheet.title) for sheet in book.sheets}
    last = workbook.add_worksheet(fitting_title(own["title"], taken))
    arrays = _Arrays(hidden)
    shown: dict[Key, str] = {}
    for stored in plan.stored:
        for key, (row, column) in stored.cells.items():
            cell = Area(hidden, row, column, row + 1, column + 1).text()
            shown[key] = f'IF({cell}="","",{cell})'
        arrays.column = max(arrays.column, stored.live.area.right + 1)
    more: list[tuple[str, str]] = []
    for sheet in book.sheets:
        more += _write_sheet(
            workbook, worksheets[sheet.title], book, sheet, plan, formats, shown, arrays, own, now if pinned else None
        )
    _write_arrays(workbook, arrays, plan)
    for key, area in book.names.items():
        workbook.define_name(excel_name(book.spelled[key]), f"={area.text()}")
    visible = next((sheet for sheet in book.sheets if not sheet.json.get("properties", {}).get("hidden")), None)
    if visible:
        worksheets[visible.title].activate()
        worksheets[visible.title].set_first_sheet()
    told: About = about(book, plan, own, day, pinned, more)
    if sum(bool(one.json.get("properties", {}).get("rightToLeft")) for one in book.sheets) * 2 > len(book.sheets):
        last.right_to_left()
    write_about(last, told, formats)
    workbook.close()
    return {WORKBOOK: stream.getvalue(), NOTES: as_markdown(told)}


def _write_sheet(
    workbook: Any,
    worksheet: Any,
    book: Book,
    sheet: Sheet,
    plan: Plan,
    formats: Formats,
    shown: Mapping[Key, str],
    arrays: _Arrays,
    words: Mapping[str, str],
    now: datetime | None,
) -> list[tuple[str, str]]:
    """One sheet. Gives what differs on it beyond its formulas."""
    living = [one.area for one in plan.live.values()]
    _frame(worksheet, sheet, formats)
    for merge in sheet.merges:
        if not merge.single:
            worksheet.merge_range(merge.top, merge.left, merge.bottom - 1, merge.right - 1, "")
    write_cells(worksheet, sheet, plan, formats, shown)
    for (title, row, column), mark in plan.sparklines.items():
        if title == sheet.title:
            _sparkline(worksheet, book, sheet, row, column, mark, formats, arrays)
    out = [
        (sheet.title, f"{words['chart']}: {name}")
        for name in write_charts(workbook, worksheet, book, sheet.json, formats, living)
    ]
    rules = write_conditional(worksheet, book, sheet, formats, plan.empties, now)
    out += [(sheet.title, words["rule"].format(reason=reason)) for _, reason, _ in rules]
    checks = write_validations(worksheet, book, sheet, plan.empties, now)
    out += [(sheet.title, words["check"].format(reason=reason)) for _, reason, _ in checks]
    return out


def _frame(worksheet: Any, sheet: Sheet, formats: Formats) -> None:
    """Everything about a sheet but its cells."""
    properties = sheet.json.get("properties", {})
    grid = properties.get("gridProperties", {})
    if properties.get("rightToLeft"):
        worksheet.right_to_left()
    if colour := colour_of(properties.get("tabColorStyle"), formats.theme, properties.get("tabColor")):
        worksheet.set_tab_color(colour)
    if grid.get("hideGridlines"):
        worksheet.hide_gridlines(2)
    if grid.get("frozenRowCount") or grid.get("frozenColumnCount"):
        worksheet.freeze_panes(grid.get("frozenRowCount", 0), grid.get("frozenColumnCount", 0))
    worksheet.set_default_row(HEIGHT * 0.75)
    for row, height in sheet.heights.items():
        if height != HEIGHT or row in sheet.hidden_rows:
            worksheet.set_row_pixels(row, height, None, {"hidden": row in sheet.hidden_rows})
    below = sheet.cells[sheet.read - 1] if sheet.read < sheet.rows and len(sheet.cells) == sheet.read else ()
    for column, width in sheet.widths.items():
        form = below[column].get("userEnteredFormat") if column < len(below) else None
        look = formats.cell(form) if form else None
        worksheet.set_column_pixels(column, column, width, look, {"hidden": column in sheet.hidden_columns})
    if box := sheet.json.get("basicFilter", {}).get("range"):
        area = sheet.area(box)
        worksheet.autofilter(area.top, area.left, area.bottom - 1, area.right - 1)
    if "basicFilter" in sheet.json:
        worksheet.set_landscape()
    worksheet.set_paper(9)  # A4
    worksheet.fit_to_pages(1, 0)
    if grid.get("frozenRowCount"):
        worksheet.repeat_rows(0, grid["frozenRowCount"] - 1)
    if properties.get("hidden"):
        worksheet.hide()


def _sparkline(
    worksheet: Any, book: Book, sheet: Sheet, row: int, column: int, mark: str, formats: Formats, arrays: _Arrays
) -> None:
    data, options = read_mark(mark)
    figures = figures_of(data)
    cell = sheet.cell(row, column)
    source = sparkline_range(formula_of(cell), book, sheet.title)
    if source is None or not is_series(source):
        source = (
            arrays.add(figures)
            if options.get("charttype") != "bar"
            else Area(sheet.title, row, column, row + 1, column + 1)
        )
    look = formats.cell(cell.get("userEnteredFormat", {}), True)
    value = write_sparkline(worksheet, row, column, source, figures, options)
    if value is None:
        worksheet.write_blank(row, column, None, look)
    else:
        worksheet.write_number(row, column, value, look)


def _write_arrays(workbook: Any, arrays: _Arrays, plan: Plan) -> None:
    if not plan.stored and not arrays.figures:
        return
    worksheet = workbook.add_worksheet(arrays.title)
    worksheet.hide()
    for stored in plan.stored:
        write_live(worksheet, stored.live, None)
        area_values(worksheet, stored.live.area, stored.values)
    for column, figures in arrays.figures:
        for row, figure in enumerate(figures, 1):
            if figure is not None:
                worksheet.write_number(row, column, figure)
