"""Copies of what is ours in a helper, left by sorting, moving or pasting: formulas and charts would count them too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm_builder.model import Cell, Scalar, Sheet
from crm_builder.sheets.cells import decode_value
from crm_builder.sheets.formula_text import canonical
from crm_builder.sheets.grid import Grid
from crm_builder.sheets.layout import Place
from crm_builder.sheets.read_cells import Spot

Content = tuple[Scalar | None, str | None]
_ALIKE = 2  # values in one line that are those of one of our rows are no accident


def copies_in(sheet: Sheet, place: Place, grid: Grid, known: Mapping[Spot, Any]) -> dict[int, list[int]]:
    """Index of a column → the lines in which it holds what is ours elsewhere. `known`: where cells of ours stand."""
    ours = {index: key for key, index in place.columns.items()}
    rows: dict[int, dict[str, Content]] = {}
    for cell in sheet.cells:
        if not cell.item:
            rows.setdefault(cell.row, {})[cell.column] = _content(cell)
    lines: dict[int, dict[int, Content]] = {}
    for line, index, cell in grid.filled():
        if line >= place.below and index in ours and (line, index) not in known:
            lines.setdefault(line, {})[index] = decode_value(cell)
    found: dict[int, list[int]] = {}
    for line, held in lines.items():
        for row in rows.values():
            alike = [index for index, content in held.items() if _same(row.get(ours[index]), content)]
            if len(alike) >= _ALIKE or any(held[index][1] for index in alike):
                for index in alike:
                    found.setdefault(index, []).append(line)
                break
    return found


def _content(cell: Cell) -> Content:
    return cell.value, canonical(cell.formula) if cell.formula else None


def _same(known: Content | None, found: Content) -> bool:
    if known is None or known == (None, None) or isinstance(known[0], bool) != isinstance(found[0], bool):
        return False
    return known[0] == found[0] and known[1] == (canonical(found[1]) if found[1] else None)
