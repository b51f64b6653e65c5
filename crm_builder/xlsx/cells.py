"""The cells of one sheet: their values, formulas, links, checkboxes and notes, each with its look."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from crm_builder.xlsx.book import MARK, Area, Sheet, value_of
from crm_builder.xlsx.conditional import header_colours
from crm_builder.xlsx.formats import Formats
from crm_builder.xlsx.plan import Key, Live, Plan
from crm_builder.xlsx.validations import is_checkbox

Json = Mapping[str, Any]
Value = str | float | bool | None

LONGEST_TEXT = 32767  # characters of a cell
_FAULTS = ("#N/A", "#DIV/0!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#VALUE!")
_FROM_RIGHT = 2
_NOTE_LINE = 34  # letters of a line of a note
# LibreOffice has no checkboxes in cells and shows a truth by its number format; Excel draws its box whatever it is.
_BOX = '[=1]"☑";[=0]"☐";General'


def write_cells(worksheet: Any, sheet: Sheet, plan: Plan, formats: Formats, shown: Mapping[Key, str]) -> None:
    """Writes what was read. `shown`: formulas of cells that show what stands on the sheet of arrays."""
    headers = header_colours(sheet, formats)
    filled = _spilled(sheet, plan)
    from_right = bool(sheet.json.get("properties", {}).get("rightToLeft"))
    for row, line in enumerate(sheet.cells):
        for column, cell in enumerate(line):
            if not cell:
                continue
            key = (sheet.title, row, column)
            form = cell.get("userEnteredFormat", {})
            more: dict[str, Any] = {}
            span, tone = headers.get(row, (range(0), ""))
            if column in span and "backgroundColorStyle" not in form and "backgroundColor" not in form:
                more["bg_color"] = tone
            if from_right and "textDirection" not in form:
                more["reading_order"] = _FROM_RIGHT  # a file would leave it to the text
            if is_checkbox(cell):
                more |= {"checkbox": True, "num_format": _BOX, "align": "center"}
            live = plan.live.get(key)
            formula = live is not None or key in filled or key in shown
            look = formats.cell(form, formula, **more) if form or more else None
            if key in shown:
                worksheet.write_formula(row, column, f"={shown[key]}", look, _cached(value_of(cell)))
            elif key in plan.links:
                link = plan.links[key]
                worksheet.write_url(row, column, link.target, look, link.text)
            elif live is not None:
                write_live(worksheet, live, look)
            elif key not in plan.sparklines:
                write_value(worksheet, row, column, value_of(cell), look, cell)
            if note := cell.get("note"):
                lines = sum(math.ceil((len(part) + 1) / _NOTE_LINE) for part in str(note).split("\n"))
                worksheet.write_comment(row, column, note, {"width": 220, "height": 24 + 18 * lines, "author": ""})


def _spilled(sheet: Sheet, plan: Plan) -> set[Key]:
    """Cells that a live formula fills from elsewhere."""
    return {
        (sheet.title, row, column)
        for key, live in plan.live.items()
        if key[0] == sheet.title and not live.area.single
        for row in range(live.area.top, live.area.bottom)
        for column in range(live.area.left, live.area.right)
    }


def write_live(worksheet: Any, live: Live, look: Any) -> None:
    """A formula with the value it has now; the rest of its area is written by its own cells."""
    area, value = live.area, _cached(live.value)
    if live.dynamic:
        ends = (area.bottom - 1, area.right - 1)
        worksheet.write_dynamic_array_formula(area.top, area.left, *ends, f"={live.text}", look, value)
        for row in range(area.top, area.bottom):  # it filled them with zeros
            for column in range(area.left, area.right):
                if (row, column) != (area.top, area.left):
                    worksheet.write_string(row, column, "", look) if look is None else worksheet.write_blank(
                        row, column, None, look
                    )
    else:
        worksheet.write_formula(area.top, area.left, f"={live.text}", look, value)


def write_value(worksheet: Any, row: int, column: int, value: Value, look: Any, cell: Json) -> None:
    """A constant, or what a formula answered that stays a value here."""
    if isinstance(value, bool):
        worksheet.write_boolean(row, column, value, look)
    elif isinstance(value, float):
        worksheet.write_number(row, column, value, look)
    elif value in _FAULTS and "errorValue" in cell.get("effectiveValue", {}):
        worksheet.write_formula(row, column, f"={value}", look, value)
    elif value and not value.startswith(MARK):
        address = cell.get("hyperlink", "")
        if address.startswith(("http://", "https://", "mailto:")):
            worksheet.write_url(row, column, address, look, value[:LONGEST_TEXT])
        else:
            worksheet.write_string(row, column, value[:LONGEST_TEXT], look)
    elif look is not None:
        worksheet.write_blank(row, column, None, look)


def _cached(value: Value) -> Any:
    return "" if value is None else value


def area_values(worksheet: Any, area: Area, values: Mapping[tuple[int, int], Value]) -> None:
    """Values at their places inside of an area that a formula fills."""
    for (row, column), value in values.items():
        if (row, column) != (area.top, area.left) and row < area.bottom and column < area.right:
            write_value(worksheet, row, column, value, None, {})
