"""One table's file and its ColumnSpecs → the sheet: its columns with their formulas, and the rows it is born with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from crm_builder.model import (
    FIRST_DATA_ROW,
    HEADER_ROW,
    Area,
    Banding,
    BasicFilter,
    Cell,
    CellFormat,
    Column,
    NamedRange,
    Scalar,
    Sheet,
)
from crm_builder.template.formulas import names_in, one_line, with_names
from crm_builder.template.kit import Kit
from crm_builder.template.names import cell_range, column_name, column_range, last_name
from crm_builder.template.parts import cell_format, style_format, validation
from crm_builder.template.rules import choice_rules, missing_rules, protections, rules, unread_rules, views
from crm_builder.template.specs import ColumnSpec, TableSpec

_SPARE_ROWS = 100  # below the rows that a table is born with


def table_sheet(spec: TableSpec, raw: Mapping[str, Any], kit: Kit) -> tuple[Sheet, tuple[NamedRange, ...]]:
    """The sheet of one table, and the names of its columns and of its named cells."""
    file, defaults = f"tables/{spec.key}.toml", kit.workbook["defaults"]
    cells, cell_names = _rows(spec, raw, kit, file)
    banding = kit.renderer.value(defaults["banding"], "workbook.toml", "defaults.banding")
    whole = Area(spec.key, first_row=HEADER_ROW)
    tab = kit.context.values["choices"].get(raw.get("tab", ""), {})
    sheet = Sheet(
        key=spec.key,
        title=spec.title,
        kind="table",
        columns=tuple(_column(column, spec, kit, file) for column in spec.columns),
        rows=max(raw.get("rows", defaults["rows"]), max((cell.row for cell in cells), default=0) + _SPARE_ROWS),
        right_to_left=kit.right_to_left,
        hidden=raw.get("hidden", False),
        gridlines=defaults["gridlines"],
        tab_color=tab.get("color"),
        frozen_rows=raw.get("frozen_rows", defaults["frozen_rows"]),
        frozen_columns=raw.get("frozen_columns", defaults["frozen_columns"]),
        header_height=defaults["header_height"],
        cells=tuple(cells),
        rules=(
            *rules(spec, raw, kit, file),
            *unread_rules(spec, kit),
            *missing_rules(spec, kit),
            *choice_rules(spec, kit),
        ),
        banding=(Banding(spec.key, whole, **banding),),
        filter=BasicFilter(whole) if raw.get("filter", True) else None,
        views=tuple(views(spec, raw, kit, file)),
        protections=tuple(protections(spec, raw, kit)),
    )
    return sheet, (*(column_range(spec.key, column.key) for column in spec.columns), *cell_names)


def _column(column: ColumnSpec, spec: TableSpec, kit: Kit, file: str) -> Column:
    own = {key: value for key, value in column.look.items() if key != "unread"}
    look = kit.renderer.value(own, file, column.path, column={"key": column.key})
    style = kit.styles["header" if column.typed else "header_computed"]
    warning = "" if column.typed else kit.context.words["messages"]["computed"]
    return Column(
        key=column.key,
        title=column.title,
        type=column.entry or column.type,  # of a date in text, the calendar
        list=column.list,
        width=look.get("width", 100),
        note=f"{column.note} {warning}".strip(),
        hidden=column.hidden,
        formula=None if column.typed else _computed(column, spec, kit, file),
        format=cell_format(look, kit.styles),
        header=style_format({**style, "align": look.get("align")}),
        validation=validation(replace(column, look=look), kit.dropdown, kit.open_lists) if column.typed else None,
    )


def _computed(column: ColumnSpec, spec: TableSpec, kit: Kit, file: str) -> str | None:
    """The formula of a computed column's header cell: its title, then one value for each row with content.

    None where the template's expression is at fault.
    """
    expression = kit.renderer.value(column.formula, file, f"{column.path}.formula")
    if not kit.check_formula(expression, spec.key, file, f"{column.path}.formula"):
        return None
    named = with_names(expression, spec.key)
    for name in names_in(named):
        if name in kit.computed:
            named = kit.renderer.value(
                kit.workbook["formulas"]["guard"], "workbook.toml", "formulas.guard", name=name, expression=named
            )
    return one_line(
        kit.renderer.value(
            kit.workbook["formulas"]["computed"],
            "workbook.toml",
            "formulas.computed",
            title=column.title,
            anchor=column_name(spec.key, spec.anchor),
            last=last_name(spec.key),
            expression=named,
        )
    )


def _rows(spec: TableSpec, raw: Mapping[str, Any], kit: Kit, file: str) -> tuple[list[Cell], list[NamedRange]]:
    """The rows that a table is born with, and the names of single cells in them."""
    cells: list[Cell] = []
    names: list[NamedRange] = []
    row = FIRST_DATA_ROW
    items: set[str] = set()
    for number, entry in enumerate(raw.get("row", ())):
        path = f"row[{number}]"
        for item in kit.context.loops[entry["for"]] if "for" in entry else ({},):
            values = item
            if entry.get("values_from") != "item":
                values = kit.renderer.value(entry["values"], file, f"{path}.values", item=item)
            known = _item(item, values, items)
            cells += [
                _cell(row, key, value, known, kit)
                for key, value in values.items()
                if kit.check_column(key, spec.key, file, f"{path}.values")
            ]
            if "name" in entry:
                name = kit.renderer.value(entry["name"], file, f"{path}.name", item=item)
                names.append(cell_range(name["name"], spec.key, name["column"], row))
            row += 1
    return cells, names


def _item(item: Mapping[str, Any], values: Mapping[str, Any], items: set[str]) -> str:
    """What the row is known by, unlike every other of `items`: the key of its loop's item, or its first text."""
    texts = (value for value in values.values() if value and isinstance(value, str))
    known = first = str(item.get("key") or next(texts, "row"))
    number = 1
    while known in items:
        number += 1
        known = f"{first}/{number}"
    items.add(known)
    return known


def _cell(row: int, key: str, value: Any, item: str, kit: Kit) -> Cell:
    """A cell with a plain value, or with `{ value }` and its own `type` or `item`, not those of its column and row."""
    if not isinstance(value, dict):
        return Cell(row, key, _scalar(value), item=item)
    item = value.get("item", item)
    if "type" not in value:
        return Cell(row, key, _scalar(value["value"]), item=item)
    kind = kit.renderer.value(kit.types[value["type"]], "types.toml", value["type"])
    if value.get("between"):
        kind["validation"] = _between(value["between"], kit)
    spec = ColumnSpec(key, value["type"], "", "input", list=value.get("list", ""), look=kind)
    accepts = validation(spec, kit.dropdown, kit.open_lists)
    content = None if value["value"] == "" else _scalar(value["value"])
    return Cell(row, key, content, format=_format(value["type"], kit), validation=accepts, item=item)


def _between(limits: Sequence[float], kit: Kit) -> dict[str, Any]:
    """The validation of a number that has a least and a most."""
    message = kit.context.words["messages"]["between"].replace("%s", "{}").format(*limits)
    return {"kind": "number_between", "values": list(limits), "strict": True, "message": message}


def _format(kind: str, kit: Kit) -> CellFormat:
    return cell_format(kit.renderer.value(kit.types[kind], "types.toml", kind), kit.styles)


def _scalar(value: Any) -> Scalar:
    return value if isinstance(value, str | bool) else float(value)
