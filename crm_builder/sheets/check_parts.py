"""Checks of what hangs on a sheet: areas, conditions, validation, rules, banding, filters, protections."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from crm_builder.errors import Problem
from crm_builder.model import Area, BasicFilter, CellFormat, Condition, FilterView, Sheet
from crm_builder.sheets.conditions import KINDS, RELATIVE_DATES, Use
from crm_builder.sheets.formats import names_set
from crm_builder.sheets.formula_text import keys_in, names_in, speaks_of_sheets
from crm_builder.sheets.rules import RULE_FORMAT

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


@dataclass(frozen=True, slots=True)
class Checked:
    """The sheets that areas may speak of, and the sheet that each name lies on."""

    sheets: dict[str, Sheet]
    names: dict[str, str]

    def columns(self, sheet: str) -> list[str]:
        return [column.key for column in self.sheets[sheet].columns]


def formats_of(sheet: Sheet) -> Iterator[tuple[str, CellFormat]]:
    """Every format of a sheet with its place; colours that stand alone come as backgrounds."""
    if sheet.tab_color:
        yield "tab_color", CellFormat(background=sheet.tab_color)
    for column in sheet.columns:
        yield f"columns.{column.key}.format", column.format
        yield f"columns.{column.key}.header", column.header
    for cell in sheet.cells:
        if cell.format:
            yield f"cells.{cell.column}[{cell.row}].format", cell.format
    for chart in sheet.charts:
        for name in ("ink", "background"):
            if getattr(chart, name):
                yield f"charts.{chart.key}.{name}", CellFormat(background=getattr(chart, name))
        for index, series in enumerate(chart.series):
            yield f"charts.{chart.key}.series[{index}].color", CellFormat(background=series.color)
    for rule in sheet.rules:
        yield f"rules.{rule.key}.format", rule.format
    for banding in sheet.banding:
        for name in ("first", "second", "header"):
            if getattr(banding, name):
                yield f"banding.{banding.key}.{name}", CellFormat(background=getattr(banding, name))


def trouble_with_format(cell_format: CellFormat, path: str) -> Iterator[Problem]:
    borders = (
        cell_format.border_top,
        cell_format.border_bottom,
        cell_format.border_left,
        cell_format.border_right,
    )
    colours = (cell_format.background, cell_format.color, *(border.color for border in borders if border))
    for colour in colours:
        if colour is not None and not _COLOUR.fullmatch(colour):
            yield Problem(f"{colour!r} is no colour", path=path, hint="write #RRGGBB")


def trouble_with_area(area: Area, checked: Checked, path: str, home: str | None = None) -> Iterator[Problem]:
    """Unknown sheet or columns, rows outside of the grid; with `home`, any other sheet."""
    if area.sheet not in checked.sheets:
        yield Problem(f"there is no sheet {area.sheet!r}", path=path)
        return
    if home is not None and area.sheet != home:
        yield Problem(f"this must lie on its own sheet, not on {area.sheet!r}", path=path)
    columns = checked.columns(area.sheet)
    named = [key for key in (area.first_column, area.last_column) if key is not None]
    unknown = [key for key in named if key not in columns]
    for key in unknown:
        yield Problem(f"sheet {area.sheet!r} has no column {key!r}", path=path)
    if area.last_column is not None and area.first_column is None:
        yield Problem("an area with a last column needs a first one", path=path)
    elif not unknown and len(named) == 2 and columns.index(named[0]) > columns.index(named[1]):
        yield Problem(f"column {named[1]!r} stands before {named[0]!r}", path=path)
    rows = checked.sheets[area.sheet].rows
    last = rows if area.last_row is None else area.last_row
    if not 1 <= area.first_row <= last <= rows:
        yield Problem(f"rows {area.first_row} to {last} do not lie in a grid of {rows}", path=path)


def trouble_with_condition(
    condition: Condition, use: Use, sheet: Sheet, checked: Checked, path: str
) -> Iterator[Problem]:
    kind = KINDS.get(condition.kind)
    if kind is None or use not in kind.uses:
        yield Problem(f"the condition {condition.kind!r} cannot be used for a {use}", path=path)
        return
    least, most = kind.values
    if len(condition.values) < least or (most is not None and len(condition.values) > most):
        yield Problem(f"the condition {condition.kind!r} does not take {len(condition.values)} values", path=path)
    columns = checked.columns(sheet.key)
    for value in condition.values:
        if isinstance(value, Area):
            if condition.kind != "one_of_range":
                yield Problem(f"the condition {condition.kind!r} takes no area", path=path)
            yield from trouble_with_area(value, checked, path)
            continue
        if condition.kind == "one_of_range":
            yield Problem("one_of_range takes an area", path=path)
        if condition.kind == "custom_formula" and not str(value).startswith("="):
            yield Problem("a formula begins with =", path=path)
        if use == "validation" and condition.kind.startswith("date_") and value in RELATIVE_DATES:
            yield Problem("a validation takes no relative date", path=path, hint="write =TODAY()")
        if isinstance(value, str) and value.startswith("=") and condition.kind != "one_of_list":
            for key in keys_in(value):
                if key not in columns:
                    yield Problem(f"[{key}] is no column of sheet {sheet.key!r}", path=path)


def check_hangings(sheet: Sheet, checked: Checked, path: str) -> Iterator[Problem]:
    for name in ("rules", "banding", "views", "protections", "charts", "pivots", "slicers"):
        for key, count in Counter(one.key for one in getattr(sheet, name)).items():
            if count > 1:
                yield Problem(f"the key {key!r} is used {count} times", path=f"{path}.{name}")
    for column in sheet.columns:
        if column.validation:
            where = f"{path}.columns.{column.key}.validation"
            yield from trouble_with_condition(column.validation.condition, "validation", sheet, checked, where)
    for cell in sheet.cells:
        if cell.validation:
            where = f"{path}.cells.{cell.column}[{cell.row}].validation"
            yield from trouble_with_condition(cell.validation.condition, "validation", sheet, checked, where)
    yield from _rules(sheet, checked, path)
    for banding in sheet.banding:
        yield from trouble_with_area(banding.area, checked, f"{path}.banding.{banding.key}.area", sheet.key)
    yield from _overlaps(sheet, path)
    for protection in sheet.protections:
        yield from trouble_with_area(protection.area, checked, f"{path}.protections.{protection.key}.area", sheet.key)
    if sheet.filter:
        yield from _filter(sheet.filter, sheet, checked, f"{path}.filter")
    for title, count in Counter(view.title for view in sheet.views).items():
        if count > 1 or not title:
            yield Problem(f"the title {title!r} does not tell filter views apart", path=f"{path}.views")
    for view in sheet.views:
        yield from _filter(view, sheet, checked, f"{path}.views.{view.key}")


def _rules(sheet: Sheet, checked: Checked, path: str) -> Iterator[Problem]:
    for rule in sheet.rules:
        where = f"{path}.rules.{rule.key}"
        if not rule.areas:
            yield Problem("a rule needs an area", path=where)
        for area in rule.areas:
            yield from trouble_with_area(area, checked, f"{where}.areas", sheet.key)
        yield from trouble_with_condition(rule.condition, "rule", sheet, checked, f"{where}.condition")
        yield from _elsewhere(rule.condition, sheet, checked, f"{where}.condition")
        more = sorted(names_set(rule.format) - RULE_FORMAT)
        if more:
            yield Problem(f"a rule cannot set {', '.join(more)}", path=f"{where}.format")
        if not names_set(rule.format):
            yield Problem("a rule must set something", path=f"{where}.format")


def _elsewhere(condition: Condition, sheet: Sheet, checked: Checked, path: str) -> Iterator[Problem]:
    """Reported by many: a conditional format cannot reference a different sheet, by address or by name."""
    for value in condition.values:
        if not isinstance(value, str) or not value.startswith("="):
            continue
        names = sorted(name for name in names_in(value) if checked.names.get(name, sheet.key) != sheet.key)
        if names or speaks_of_sheets(value):
            what = ", ".join(names) or "an address"
            hint = "bring the value into a column of this sheet, or use INDIRECT"
            yield Problem(f"a rule cannot speak of another sheet ({what})", path=path, hint=hint)


def _filter(held: BasicFilter | FilterView, sheet: Sheet, checked: Checked, path: str) -> Iterator[Problem]:
    yield from trouble_with_area(held.area, checked, f"{path}.area", sheet.key)
    columns = checked.columns(sheet.key)
    for column in (*(one.column for one in held.criteria), *(one.column for one in held.sort)):
        if column not in columns:
            yield Problem(f"there is no column {column!r}", path=path)
    for column, count in Counter(one.column for one in held.criteria).items():
        if count > 1:
            yield Problem(f"column {column!r} has {count} criteria", path=path)
    for criterion in held.criteria:
        where = f"{path}.criteria.{criterion.column}"
        if criterion.condition is None and not criterion.hidden:
            yield Problem("a criterion needs a condition or hidden values", path=where)
        if criterion.condition is not None:
            yield from trouble_with_condition(criterion.condition, "filter", sheet, checked, where)


def _overlaps(sheet: Sheet, path: str) -> Iterator[Problem]:
    """The service refuses a second banding over the same cells."""
    keys = [column.key for column in sheet.columns]
    seen: list[tuple[str, int, int, int, int]] = []
    for banding in sheet.banding:
        area = banding.area
        if not {area.first_column, area.last_column} <= {None, *keys}:
            continue
        left = keys.index(area.first_column) if area.first_column else 0
        right = keys.index(area.last_column) if area.last_column else (left if area.first_column else len(keys))
        bottom = sheet.rows if area.last_row is None else area.last_row
        for key, top, low, start, end in seen:
            if area.first_row <= low and top <= bottom and left <= end and start <= right:
                yield Problem(f"it overlaps {key!r}", path=f"{path}.banding.{banding.key}.area")
        seen.append((banding.key, area.first_row, bottom, left, right))
