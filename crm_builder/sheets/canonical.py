"""One writing for what can be written in two ways: reading gives this one, so compare with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from crm_builder.model import (
    HEADER_ROW,
    Area,
    Banding,
    BasicFilter,
    Border,
    Cell,
    CellFormat,
    Chart,
    Column,
    Condition,
    ConditionalRule,
    FilterView,
    NumberFormat,
    Pivot,
    Sheet,
    Slicer,
    Validation,
    Workbook,
)
from crm_builder.model.once import once
from crm_builder.sheets import formula_text
from crm_builder.sheets.charts import canonical_chart
from crm_builder.sheets.conditions import canonical_value
from crm_builder.sheets.dimensions import heights_of
from crm_builder.sheets.formats import canonical_pattern, difference
from crm_builder.sheets.merges import block_of
from crm_builder.sheets.pivots import canonical_pivot
from crm_builder.sheets.properties import THEME_COLOURS
from crm_builder.sheets.validation import canonical_validation

Held = TypeVar("Held", BasicFilter, FilterView)


@once
def canonical(workbook: Workbook) -> Workbook:
    """The same workbook as `read` gives it back.

    Lists whose order says nothing are sorted by key, ends at the grid's end are open, formulas separate by `;`,
    colours are upper case, and a format does not repeat what lies under it. Expects a workbook that passed its check.
    """
    sheets = {sheet.key: sheet for sheet in workbook.sheets}
    defaults = CellFormat(font=workbook.font, size=workbook.size)
    return replace(
        workbook,
        sheets=tuple(_sheet(sheet, sheets, defaults) for sheet in workbook.sheets),
        names=tuple(
            sorted(
                (replace(name, area=_area(name.area, sheets)) for name in workbook.names), key=lambda name: name.name
            )
        ),
        marks=tuple(sorted(workbook.marks)),
        theme=tuple(sorted(((name, colour.upper()) for name, colour in workbook.theme), key=_theme_order)),
    )


def canonical_rule(rule: ConditionalRule, sheet: Sheet) -> ConditionalRule:
    """A rule as reading gives it back."""
    sheets = {sheet.key: sheet}
    return replace(
        rule,
        areas=tuple(dict.fromkeys(_area(area, sheets) for area in rule.areas)),
        condition=_condition(rule.condition, sheets),
        format=_format(rule.format),
    )


def _sheet(sheet: Sheet, sheets: dict[str, Sheet], defaults: CellFormat) -> Sheet:
    columns = tuple(_column(column, sheets, defaults) for column in sheet.columns)
    order = {column.key: index for index, column in enumerate(columns)}
    formats = {column.key: column.format for column in columns}
    validations = {column.key: column.validation for column in columns}
    cells = (_cell(cell, formats[cell.column], validations[cell.column], sheets, defaults) for cell in sheet.cells)
    heights = heights_of(sheet)
    header_height = heights.pop(HEADER_ROW, None)
    return replace(
        sheet,
        columns=columns,
        tab_color=_colour(sheet.tab_color),
        header_height=header_height,
        heights=tuple(sorted(heights.items())),
        cells=tuple(sorted((cell for cell in cells if cell), key=lambda cell: (cell.row, order[cell.column]))),
        rules=tuple(canonical_rule(rule, sheet) for rule in sheet.rules),
        banding=tuple(sorted((_banding(banding, sheets) for banding in sheet.banding), key=lambda one: one.key)),
        filter=_filter(sheet.filter, sheets) if sheet.filter else None,
        views=tuple(sorted((_filter(view, sheets) for view in sheet.views), key=lambda one: one.key)),
        protections=tuple(
            sorted((replace(one, area=_area(one.area, sheets)) for one in sheet.protections), key=lambda one: one.key)
        ),
        merges=_merges(sheet, sheets),
        charts=tuple(
            sorted((canonical_chart(one, lambda area: _area(area, sheets)) for one in sheet.charts), key=_key)
        ),
        pivots=tuple(sorted((_pivot(one, sheets) for one in sheet.pivots), key=_key)),
        slicers=tuple(sorted((replace(one, area=_area(one.area, sheets)) for one in sheet.slicers), key=_key)),
    )


def _key(held: Chart | Pivot | Slicer) -> str:
    return held.key


def _merges(sheet: Sheet, sheets: dict[str, Sheet]) -> tuple[Area, ...]:
    def corner(area: Area) -> tuple[int, int]:
        block = block_of(area, sheet)
        return block.top, block.left

    return tuple(_area(area, sheets) for area in sorted(sheet.merges, key=corner))


def _pivot(pivot: Pivot, sheets: dict[str, Sheet]) -> Pivot:
    order = {column.key: index for index, column in enumerate(sheets[pivot.source.sheet].columns)}
    return canonical_pivot(
        pivot, lambda area: _area(area, sheets), lambda condition: _condition(condition, sheets), order
    )


def _column(column: Column, sheets: dict[str, Sheet], defaults: CellFormat) -> Column:
    return replace(
        column,
        formula=_formula(column.formula),
        format=difference(_format(column.format), defaults),
        header=difference(_format(column.header), defaults),
        validation=_validation(column.validation, sheets),
    )


def _validation(validation: Validation | None, sheets: dict[str, Sheet]) -> Validation | None:
    if validation is None:
        return None
    return replace(canonical_validation(validation), condition=_condition(validation.condition, sheets))


def _cell(
    cell: Cell, base: CellFormat, under: Validation | None, sheets: dict[str, Sheet], defaults: CellFormat
) -> Cell | None:
    """None for a cell that holds nothing; `base` and `under` are what its column says already."""
    own = CellFormat()
    if cell.format:
        own = _format(cell.format)
        font = CellFormat(font=base.font or defaults.font, size=base.size or defaults.size)
        own = difference(difference(own, base), font)
    validation = _validation(cell.validation, sheets)
    made = replace(
        cell,
        value=None if cell.value == "" else cell.value,
        formula=_formula(cell.formula),
        format=None if own == CellFormat() else own,
        validation=None if validation == under else validation,
    )
    return None if made == Cell(cell.row, cell.column) else made


def _formula(formula: str | None) -> str | None:
    return None if formula is None else formula_text.canonical(formula)


def _area(area: Area, sheets: dict[str, Sheet]) -> Area:
    sheet = sheets[area.sheet]
    last_row = None if area.last_row is None or area.last_row >= sheet.rows else area.last_row
    keys = [column.key for column in sheet.columns]
    first, last = area.first_column, area.last_column
    if first is None:
        first, last = keys[0], keys[-1]
    last = first if last is None else last
    if (first, last) == (keys[0], keys[-1]) and len(keys) > 1:
        return Area(area.sheet, None, None, area.first_row, last_row)
    return Area(area.sheet, first, None if last == first else last, area.first_row, last_row)


def _condition(condition: Condition, sheets: dict[str, Sheet]) -> Condition:
    values: Iterable[str | float | Area] = (canonical_value(condition.kind, value) for value in condition.values)
    return Condition(
        condition.kind,
        tuple(
            _area(value, sheets)
            if isinstance(value, Area)
            else formula_text.canonical(value)
            if isinstance(value, str) and value.startswith("=") and condition.kind != "one_of_list"
            else value
            for value in values
        ),
    )


def _filter(held: Held, sheets: dict[str, Sheet]) -> Held:
    order = {column.key: index for index, column in enumerate(sheets[held.area.sheet].columns)}
    criteria = (
        replace(one, condition=_condition(one.condition, sheets) if one.condition else None) for one in held.criteria
    )
    return replace(
        held,
        area=_area(held.area, sheets),
        criteria=tuple(sorted(criteria, key=lambda one: order[one.column])),
    )


def _banding(banding: Banding, sheets: dict[str, Sheet]) -> Banding:
    return replace(
        banding,
        area=_area(banding.area, sheets),
        first=_colour(banding.first),
        second=_colour(banding.second),
        header=_colour(banding.header),
    )


def _format(cell_format: CellFormat) -> CellFormat:
    number = cell_format.number
    if number:
        number = NumberFormat(number.kind, canonical_pattern(number.kind, number.pattern))
    return replace(
        cell_format,
        background=_colour(cell_format.background),
        color=_colour(cell_format.color),
        number=number,
        border_bottom=_border(cell_format.border_bottom),
        border_top=_border(cell_format.border_top),
        border_left=_border(cell_format.border_left),
        border_right=_border(cell_format.border_right),
    )


def _border(border: Border | None) -> Border | None:
    return replace(border, color=_colour(border.color)) if border else None


def _theme_order(pair: tuple[str, str]) -> int:
    return THEME_COLOURS.index(pair[0])


def _colour(colour: str | None) -> str | None:
    return colour.upper() if colour else None
