"""The whole preview page: all shown sheets of a spreadsheet's JSON and their facts, in one file that needs no other."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from crm_builder.a1 import letters
from crm_builder.preview import cells, printing, text
from crm_builder.preview.charts import Charts
from crm_builder.preview.choices import Choices
from crm_builder.preview.grid import ROWS_SHOWN, Grid, grid_of
from crm_builder.preview.styles import Styles, colour, font_of, theme_of
from crm_builder.preview.words import complete, number, sentence

Json = Mapping[str, Any]

_FOLDER = Path(__file__).parent / "html"
NUMBERS = 46  # pixels of the column of row numbers
ALONE = (960, 540)  # pixels of a chart that is a sheet of its own
TITLE = 200  # characters of a title


@dataclass(frozen=True, slots=True)
class Tab:
    """One sheet, ready for the page."""

    title: str
    key: str  # part of element ids
    right_to_left: bool
    gridlines: bool
    page: bool  # seen as a whole: its letters and numbers are quiet
    colour: str
    table: Markup  # empty for a sheet without a grid
    chart: Markup  # the chart that a sheet without a grid holds
    numbers: Markup  # tables of the figures of its charts, shown on demand
    rows: str
    columns: str
    rules: str  # counts are texts in the page's digits, empty for none
    protected: str
    views: tuple[str, ...]
    more: tuple[str, ...]
    empty: bool


def render(
    spreadsheet: Json, words: Mapping[str, str] | None = None, filled: Mapping[str, int] | None = None
) -> dict[str, str]:
    """The page of one spreadsheet: file name → text, at present `index.html` alone; it needs no network.

    `spreadsheet` is the answer of spreadsheets.get with grid data. `words` are the page's words in another language
    (see words.WORDS for the keys); what it leaves out is English. TemplateError where it holds a word that is unknown.
    `filled`: how many rows each sheet of that title has, where `spreadsheet` holds only the first of them.
    The same input gives the same page, to the byte.
    """
    own = complete(words)
    shown, hidden = [], 0
    for sheet in sorted(spreadsheet.get("sheets", []), key=lambda s: s.get("properties", {}).get("index", 0)):
        if sheet.get("properties", {}).get("hidden"):
            hidden += 1
        else:
            shown.append(sheet)
    book = spreadsheet.get("properties", {})
    right = sum(bool(sheet.get("properties", {}).get("rightToLeft")) for sheet in shown)
    right_to_left = right * 2 > len(shown)
    styles, choices = Styles(theme_of(spreadsheet)), Choices(spreadsheet)
    default = book.get("defaultFormat", {}).get("textFormat", {})
    drawn = Charts(spreadsheet, styles, own)
    titles = {s.get("properties", {}).get("sheetId", 0): _title(s) for s in shown}
    size = float(default.get("fontSize", 10))
    tabs, rules = [], []
    for position, sheet in enumerate(shown):
        rows = (filled or {}).get(sheet.get("properties", {}).get("title", ""), 0)
        properties = sheet.get("properties", {})
        drawing = cells.Drawing(
            grid=grid_of(sheet),
            title=str(properties.get("title", "")),
            right_to_left=bool(properties.get("rightToLeft")),
            styles=styles,
            choices=choices,
            words=own,
            charts=drawn,
            sheets=titles,
            size=size,
        )
        tab, css = _tab(sheet, f"{position}", drawing, rows)
        tabs.append(tab)
        rules += css
    paper = []
    if font := font_of(default):
        paper.append(f"font-family:{font}")
    if size := default.get("fontSize"):
        paper.append(f"font-size:{float(size):g}pt")
    script = _asset("page.js")
    digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    locale = str(book.get("locale", "en")).split("_")[0]
    html = (
        _environment()
        .get_template("index.html")
        .render(
            language=own["language"] or ("fa" if right_to_left else locale if locale.isalpha() else "en"),
            direction="rtl" if right_to_left else "ltr",
            title=text.clean(text.cut(str(book.get("title", "")), TITLE)),
            tabs=tabs,
            hidden=sentence("hidden_sheets", own, count=number(hidden, own)) if hidden else "",
            words=own,
            css=Markup(_asset("page.css")),
            paper=Markup(f".grid{{{';'.join(paper)}}}" if paper else ""),
            rules=Markup("\n".join([styles.sheet(), *rules])),
            script=Markup(script),
            script_hash=digest,
            choices=Markup(_data(choices.lists)),
        )
    )
    return {"index.html": html}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["shown"] = lambda value: Markup(text.content(value))
    return environment


@cache
def _asset(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _data(value: Any) -> str:
    """JSON that may stand inside a script element."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")


def _title(sheet: Json) -> str:
    return text.clean(text.cut(str(sheet.get("properties", {}).get("title", "")), TITLE))


def _tab(sheet: Json, key: str, drawing: cells.Drawing, filled: int) -> tuple[Tab, list[str]]:
    """One sheet, and the CSS that is its alone."""
    properties = sheet.get("properties", {})
    grid, own, styles, right_to_left = drawing.grid, drawing.words, drawing.styles, drawing.right_to_left
    has_grid = properties.get("sheetType", "GRID") in ("GRID", "DATA_SOURCE")
    counts = properties.get("gridProperties", {})
    more = []
    more_rows = max(grid.more_rows, filled - ROWS_SHOWN)
    if more_rows > 0:
        more.append(sentence("more_rows", own, count=number(more_rows, own)))
    if grid.more_columns:
        more.append(sentence("more_columns", own, count=number(grid.more_columns, own)))
    known = len(drawing.charts.tables)
    table = Markup("".join(_table(drawing, key))) if has_grid else Markup("")
    alone = Markup("")
    if not has_grid:
        chart = next(iter(sheet.get("charts", [])), {})
        place = f"width:{ALONE[0]}px;height:{ALONE[1]}px"
        alone = Markup(drawing.charts.figure(chart, ALONE, place, right_to_left))
    tab = Tab(
        title=_title(sheet),
        key=key,
        right_to_left=right_to_left,
        gridlines=not counts.get("hideGridlines"),
        page=grid.page,
        colour=colour(properties, "tabColor", styles.theme) or "",
        table=table,
        chart=alone,
        numbers=Markup("".join(drawing.charts.tables[known:])),
        rows=number(counts.get("rowCount", len(grid.cells)), own),
        columns=number(counts.get("columnCount", len(grid.columns)), own),
        rules=_count(sheet.get("conditionalFormats", []), own),
        protected=_count(sheet.get("protectedRanges", []), own),
        views=tuple(text.clean(text.cut(str(v.get("title", "")), TITLE)) for v in sheet.get("filterViews", [])),
        more=tuple(more),
        empty=has_grid and not grid.cells and not grid.floats,
    )
    css = _own_css(grid, key, right_to_left)
    return tab, [*css, *printing.css(grid, key, page=grid.page)] if has_grid else css


def _count(things: Sequence[Any], own: Mapping[str, str]) -> str:
    return number(len(things), own) if things else ""


def _own_css(grid: Grid, key: str, right_to_left: bool) -> list[str]:
    """Where frozen columns stand, and from which size of window on there is no room for freezing."""
    side, at, out = "right" if right_to_left else "left", NUMBERS, []
    frozen = [column for column in grid.columns if column < grid.frozen_columns]
    for column in frozen:
        last = f";border-{'left' if right_to_left else 'right'}:2px solid var(--edge)" if column == frozen[-1] else ""
        out.append(f"#t{key} .k{column}{{{side}:{at}px{last}}}")
        at += grid.width(column)
    if frozen:
        names = ",".join(f"#t{key} .k{column}" for column in frozen)
        out.append(f"#t{key} :is({names}){{position:sticky;z-index:2}}")
        out.append(f"@media (max-width:{round(at * 1.7)}px){{#t{key} :is({names}){{position:static}}}}")
    out.append(f"#sheet-{key} .scroll{{scroll-padding-{side}:{at}px}}")
    height = 25 + sum(grid.height(row) for row in grid.rows if row < grid.frozen_rows)
    out.append(f"#sheet-{key} .scroll{{scroll-padding-top:{height}px}}")
    if height > 120:
        out.append(f"@media (max-height:{height * 2 + 120}px){{#t{key} thead{{position:static}}}}")
    return out


def _table(drawing: cells.Drawing, key: str) -> Iterator[str]:
    """The sheet's <table>: column letters and frozen rows in its head, which stays in sight as one."""
    grid = drawing.grid
    whole = NUMBERS + sum(grid.width(column) for column in grid.columns)
    look = "grid rtl" if drawing.right_to_left else "grid ltr"
    yield f'<table id="t{key}" class="{look}" dir={"rtl" if drawing.right_to_left else "ltr"} style="width:{whole}px">'
    yield f'<colgroup><col style="width:{NUMBERS}px">'
    yield from (f'<col style="width:{grid.width(column)}px">' for column in grid.columns)
    yield "</colgroup>\n<thead><tr class=cl><td class=cn></td>"
    for before, column in pairwise((-1, *grid.columns)):
        yield _letter(drawing, before, column)
    yield "</tr>\n"
    for row in grid.rows:
        if row < grid.frozen_rows:
            yield _row(drawing, row)
    yield "</thead>\n<tbody>\n"
    for row in grid.rows:
        if row >= grid.frozen_rows:
            yield _row(drawing, row)
    yield "</tbody></table>"


def _letter(drawing: cells.Drawing, before: int, column: int) -> str:
    """The letter above a column, with a mark where columns before it are hidden."""
    skipped = [letters(hidden) for hidden in range(before + 1, column) if hidden in drawing.grid.hidden_columns]
    names = [f"k{column}"] if column < drawing.grid.frozen_columns else []
    hint = ""
    if skipped:
        names.append("hid")
        span = skipped[0] if len(skipped) == 1 else f"{skipped[0]}–{skipped[-1]}"
        label = text.attribute(sentence("hidden_columns", drawing.words, names=span))
        hint = f'<span class=mark role=img aria-label="{label}" title="{label}"></span>'
    shown = f' class="{" ".join(names)}"' if names else ""
    return f"<th scope=col{shown}>{letters(column)}{hint}</th>"


def _row(drawing: cells.Drawing, row: int) -> str:
    height = drawing.styles.name(f"height:{drawing.grid.height(row)}px")
    drawn = "".join(cells.draw(drawing, row, column) for column in drawing.grid.columns)
    return f"<tr class={height}><th scope=row>{row + 1}</th>{drawn}</tr>\n"
