"""Formulas of helpers and views that show the error of what they look at, instead of counting its emptiness.

A computed column whose formula is broken, since somebody typed under it, shows an error in its header and nothing
below; a column that looks at it shows that error in its rows, the last one included. A block of a helper sheet shows
its error in its first cell. Every figure made of them would silently become 0 or blank.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from crm_builder.model import FIRST_DATA_ROW, Cell, NamedRange, Sheet
from crm_builder.template.formulas import names_in

_ALONE = ("=SPARKLINE(", "=HYPERLINK(")  # pictures and links: their figures stand beside them
_TOLD = "ISERROR(INDEX("  # the formula looks for itself


def guard_formulas(
    sheets: Iterable[Sheet], names: Iterable[NamedRange], computed: Mapping[str, str]
) -> tuple[Sheet, ...]:
    """The sheets with every formula of a helper or view guarded by the telling cells of what it names.

    `computed`: the name of each computed column of a table → the name of the cell with that table's last row.
    """
    sheets = tuple(sheets)
    heads = {name: f"INDEX({name}; 1)&INDEX({name}; {last})" for name, last in computed.items()}
    heads |= _block_heads(sheets, names)
    return tuple(
        replace(sheet, cells=tuple(_guarded(cell, sheet, heads) for cell in sheet.cells)) if _follows(sheet) else sheet
        for sheet in sheets
    )


def _follows(sheet: Sheet) -> bool:
    return sheet.kind in ("helper", "view")


def _block_heads(sheets: tuple[Sheet, ...], names: Iterable[NamedRange]) -> dict[str, str]:
    """Name of a block that a formula fills, or of one of its columns → the first cell of that block."""
    order = {sheet.key: [column.key for column in sheet.columns] for sheet in sheets if sheet.kind == "helper"}
    filled = {
        (sheet.key, cell.column)
        for sheet in sheets
        for cell in sheet.cells
        if sheet.key in order and cell.formula and cell.row == FIRST_DATA_ROW
    }
    heads: dict[str, str] = {}
    open_names = [name for name in names if name.area.sheet in order and name.area.last_row != FIRST_DATA_ROW]
    for block in open_names:
        area = block.area
        if (area.sheet, area.first_column) not in filled:
            continue
        keys = order[area.sheet]
        last = keys.index(area.last_column or area.first_column)
        inside = keys[keys.index(area.first_column) : last + 1]
        for name in open_names:
            if name.area.sheet == area.sheet and name.area.first_column in inside and len(inside) > 1:
                heads[name.name] = f"INDEX({block.name}; 1; 1)"
        heads.setdefault(block.name, f"INDEX({block.name}; 1; 1)")
    return heads


def _guarded(cell: Cell, sheet: Sheet, heads: Mapping[str, str]) -> Cell:
    formula = cell.formula
    if formula is None or formula.startswith(_ALONE) or _TOLD in formula:
        return cell
    own = f"{sheet.key}_{cell.column}" if cell.row == FIRST_DATA_ROW else ""
    looked_at = dict.fromkeys(heads[name] for name in names_in(formula) if name in heads)
    told = "&".join(head for head in looked_at if head != heads.get(own))  # an error in any of them is that of all
    if not told:
        return cell
    return replace(cell, formula=f"=IF(ISERROR({told}); {told}; {formula.removeprefix('=')})")
