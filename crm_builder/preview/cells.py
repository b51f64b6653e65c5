"""One cell as HTML: its text, checkbox, dropdown, link, sparkline, note and look."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from crm_builder.preview import dark, sparkline
from crm_builder.preview.charts import Charts
from crm_builder.preview.choices import Choices, is_checkbox, is_dropdown
from crm_builder.preview.grid import Float, Grid, Merge
from crm_builder.preview.styles import Styles, border_css, edge
from crm_builder.preview.text import attribute, content, cut, direction, web_address

Json = Mapping[str, Any]

_HYPERLINK = re.compile(r'=\s*HYPERLINK\s*\(\s*"((?:[^"]|"")*)"\s*[;,)]', re.IGNORECASE)
_SHEET = re.compile(r"#gid=(\d{1,10})(?:&|$)")

LINE = 240  # characters of a cell on one line
PARAGRAPH = 2000  # characters of a cell that wraps
FORMULA = 2000
NOTE = 2000
_CHARACTER = 0.62  # width of a letter as a part of its size: an estimate, for text that may run over its neighbours
_HEADING = 0.73  # pixels of a letter for each point of size: whether a title leaves room for its filter button


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the cells of one sheet share while they are drawn."""

    grid: Grid
    title: str
    right_to_left: bool
    styles: Styles
    choices: Choices
    words: Mapping[str, str]
    charts: Charts
    sheets: Mapping[int, str]  # titles of the shown sheets by their id: where links inside the workbook lead
    size: float = 10  # points, where a cell says nothing


def format_of(cell: Json) -> Json:
    """The format a cell is seen with.

    Text is answered as aligned left also where nobody set that; such text stands at the start of its sheet's direction.
    """
    own = cell.get("userEnteredFormat") or {}
    form = cell.get("effectiveFormat") or own
    if form.get("horizontalAlignment") == "LEFT" and "horizontalAlignment" not in own:
        return {name: value for name, value in form.items() if name != "horizontalAlignment"}
    return form


def value_of(cell: Json) -> Json:
    """The ExtendedValue a cell is seen with."""
    return cell.get("effectiveValue") or cell.get("userEnteredValue") or {}


def text_of(cell: Json) -> str:
    """The text of a cell as a person reads it."""
    if "formattedValue" in cell:
        return str(cell["formattedValue"])
    value = value_of(cell)
    if "boolValue" in value:
        return "TRUE" if value["boolValue"] else "FALSE"
    if "numberValue" in value:
        return f"{value['numberValue']:g}"
    return str(value.get("stringValue", ""))


def draw(drawing: Drawing, row: int, column: int) -> str:
    """The <td> of a shown cell, empty for one that a merge covers."""
    grid = drawing.grid
    if (row, column) in grid.covered:
        return ""
    merge = grid.merges.get((row, column), Merge((row, column), 1, 1))
    cell = grid.cell(*merge.source)
    form = format_of(cell)
    classes = [drawing.styles.name(_look(drawing, cell, form, row, column, merge))]
    attributes: list[str] = []
    if merge.columns > 1:
        attributes.append(f"colspan={merge.columns}")
    if merge.rows > 1:
        attributes.append(f"rowspan={merge.rows}")
    if column < grid.frozen_columns:
        classes.append(f"k{column}")
    if row == grid.filter_row and column in grid.filter_columns:
        needed = len(text_of(cell)) * drawing.size * _HEADING + 30
        classes.append("fl tight" if needed > grid.width(column) else "fl")
    rule = cell.get("dataValidation", {})
    inner = ""
    if is_checkbox(rule) and "errorValue" not in value_of(cell):
        inner = _checkbox(cell, rule, drawing.words)
        classes.append("cb")
    else:
        if is_dropdown(rule):
            classes.append("dd")
            attributes.append(f"data-c={drawing.choices.number(rule, drawing.title)}")
        inner, own = _content(drawing, cell, form, row, column, merge)
        attributes += own
        if inner.startswith('<div class="run'):
            classes.append("ov")
    formula = cell.get("userEnteredValue", {}).get("formulaValue")
    if formula:
        attributes.append(f'data-f="{attribute(cut(formula, FORMULA))}"')
    if note := cell.get("note"):
        classes.append("np")
        inner += _note(note, drawing.words)
    if floats := grid.floats.get((row, column)):
        classes.append("ov np")
        inner += "".join(_float(one, drawing) for one in floats)
    if names := " ".join(name for name in classes if name):
        attributes.insert(0, f'class="{names}"' if " " in names else f"class={names}")
    return f"<td {' '.join(attributes)}>{inner}</td>" if attributes else f"<td>{inner}</td>"


def _look(drawing: Drawing, cell: Json, form: Json, row: int, column: int, merge: Merge) -> str:
    """Declarations of the cell: its format, what its kind of value brings, its lines."""
    value = value_of(cell)
    parts = [drawing.styles.format(form)]
    if "horizontalAlignment" not in form:
        if "numberValue" in value:
            parts.append("text-align:right")
        elif "boolValue" in value or "errorValue" in value:
            parts.append("text-align:center")
    if "numberValue" in value:
        parts.append("font-variant-numeric:tabular-nums")
    if "errorValue" in value:
        parts.append("color:#b3261e;background-color:#fdecea;font-weight:600")
        parts += dark.either("color", "#b3261e", dark.ink("#b3261e", dark.paper("#fdecea")))[1:]
        parts += dark.either("background-color", "#fdecea", dark.paper("#fdecea"))[1:]
    if drawing.grid.borders:
        parts += _lines(drawing, row, column, merge)
    return ";".join(part for part in parts if part)


def _lines(drawing: Drawing, row: int, column: int, merge: Merge) -> list[str]:
    """The cell's border lines. A line between two cells is drawn once, by the one above or before it."""
    grid, theme = drawing.grid, drawing.styles.theme
    after, before = ("left", "right") if drawing.right_to_left else ("right", "left")

    def line(at_row: int, at_column: int, side: str) -> str:
        borders = grid.borders.get((at_row, at_column))
        return edge(borders, side, theme) if borders else ""

    bottom = row + merge.rows - 1
    last = column + merge.columns - 1
    out = []
    if text := line(bottom, column, "bottom") or line(bottom + 1, column, "top"):
        out += border_css("border-bottom", text)
    if text := line(row, last, after) or line(row, last + 1, before):
        out += border_css(f"border-{after}", text)
    if row == grid.rows[0] and (text := line(row, column, "top")):
        out += border_css("border-top", text)
    if column == grid.columns[0] and (text := line(row, column, before)):
        out += border_css(f"border-{before}", text)
    return out


def _content(drawing: Drawing, cell: Json, form: Json, row: int, column: int, merge: Merge) -> tuple[str, list[str]]:
    """Inner HTML of a cell with text, and attributes for its <td>."""
    text = text_of(cell)
    if not text:
        return "", []
    grid, value = drawing.grid, value_of(cell)
    at = grid.columns.index(column)
    width = sum(grid.width(c) for c in grid.columns[at : at + merge.columns])
    if text.startswith("\u2063"):
        marked = value.get("stringValue", text)
        if spark := sparkline.parse(marked):
            top = grid.rows.index(row)
            height = sum(grid.height(r) for r in grid.rows[top : top + merge.rows])
            return sparkline.svg(*spark, max(8, width - 13), max(8, height - 7)), []
    if "errorValue" in value:
        message = str(value["errorValue"].get("message", ""))
        return content(cut(text, LINE)), ["dir=ltr", f'title="{attribute(cut(message, NOTE))}"']
    wraps = form.get("wrapStrategy") == "WRAP"
    shown = cut(text, PARAGRAPH if wraps else LINE)
    inner = _linked(drawing, cell, form, content(shown))
    way = {"LEFT_TO_RIGHT": "ltr", "RIGHT_TO_LEFT": "rtl"}.get(form.get("textDirection", ""), direction(shown[:LINE]))
    turned = way != ("rtl" if drawing.right_to_left else "ltr")
    size = form.get("textFormat", {}).get("fontSize", drawing.size) * 4 / 3
    needed = len(shown) * size * _CHARACTER + 12
    if wraps and needed > width * 12:
        return f'<div class="tall"{" dir=" + way if turned else ""}>{inner}</div>', []
    if not wraps and needed > width and "numberValue" not in value:
        room = width + _room(drawing, form, row, at + merge.columns)
        if room > width:
            way_out = f" dir={way}" if turned else ""
            return f'<div class="run" style="width:{min(room, 4000) - 11}px"{way_out}>{inner}</div>', []
    return inner, [f"dir={way}"] if turned else []


def _room(drawing: Drawing, form: Json, row: int, after: int) -> int:
    """Pixels of empty cells that a text may run over: those after it, unless it is aligned to the other side."""
    start = "RIGHT" if drawing.right_to_left else "LEFT"
    overflows = form.get("wrapStrategy", "OVERFLOW_CELL") in ("OVERFLOW_CELL", "LEGACY_WRAP")
    if not overflows or form.get("horizontalAlignment", start) != start:
        return 0
    room = 0
    for column in drawing.grid.columns[after:]:
        taken = (row, column) in drawing.grid.merges or (row, column) in drawing.grid.covered
        if taken or text_of(drawing.grid.cell(row, column)):
            break
        room += drawing.grid.width(column)
    return room


def _linked(drawing: Drawing, cell: Json, form: Json, inner: str) -> str:
    """The text as a link where the whole cell is one, to the web or to a shown sheet; other addresses stay text."""
    link = cell.get("hyperlink") or form.get("textFormat", {}).get("link", {}).get("uri")
    if link is None and (found := _HYPERLINK.match(cell.get("userEnteredValue", {}).get("formulaValue", ""))):
        link = found[1]
    if not isinstance(link, str):
        return inner
    if (inside := _SHEET.match(link)) and (title := drawing.sheets.get(int(inside[1]))) is not None:
        return f'<a href="#sheet={attribute(quote(title, errors="replace"))}">{inner}</a>'
    address = web_address(link)
    if address is None:
        return inner
    return f'<a href="{attribute(address)}" target=_blank rel="noopener noreferrer">{inner}</a>'


def _checkbox(cell: Json, rule: Json, words: Mapping[str, str]) -> str:
    value = value_of(cell)
    own = [str(entry.get("userEnteredValue", "")) for entry in rule.get("condition", {}).get("values", [])]
    on = text_of(cell) == own[0] if own else value.get("boolValue") is True
    label = attribute(words["checked"] if on else words["unchecked"])
    return f'<i role=checkbox aria-disabled=true aria-checked={"true" if on else "false"} aria-label="{label}"></i>'


def _note(note: str, words: Mapping[str, str]) -> str:
    text = attribute(cut(note, NOTE))
    return f'<button type=button class=nt title="{text}" aria-label="{attribute(words["note"])}: {text}"></button>'


def _float(one: Float, drawing: Drawing) -> str:
    """A chart or slicer over the cells, mirrored as its sheet is."""
    side = "right" if drawing.right_to_left else "left"
    place = f"{side}:{one.x}px;top:{one.y}px;width:{one.width}px;height:{one.height}px"
    if not one.slicer:
        return drawing.charts.figure(one.json, (one.width, one.height), place, drawing.right_to_left)
    title = content(cut(str(one.json.get("spec", {}).get("title", "")), LINE))
    return f'<div class=slicer style="{place}"><bdi>{title}</bdi><b>{content(drawing.words["all"])}</b></div>'
