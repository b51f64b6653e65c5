"""Where the rows of the model stand in a grid that people changed: the header's line, and the rows of a view."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from crm_builder.model import HEADER_ROW, Scalar, Sheet
from crm_builder.sheets import ids
from crm_builder.sheets.cells import decode_value
from crm_builder.sheets.formula_text import canonical
from crm_builder.sheets.grid import Grid
from crm_builder.sheets.layout import Place
from crm_builder.sheets.merges import block_of, grid_block
from crm_builder.sheets.owned import Anchor

Json = dict[str, Any]
Row = frozenset[tuple[str, ...]]  # what a row is known by: its contents and merged areas by their columns

_EMPTY: Row = frozenset()
_MERGE, _PIVOT = "<merge>", "<pivot>"
_BELOW = 60  # lines below the last known row in which displaced ones are looked for


def table_shift(place: Place, grid: Grid, known: Sequence[Sheet], seen: Iterable[Anchor]) -> int:
    """How many lines stand above a table's header: by what begins at it, and by its contents.

    What begins at the rows below counts only where these say nothing: a row inserted right there moves it alone.
    """
    anchors = list(seen)
    votes = Counter(line for row, line in anchors if row == HEADER_ROW)
    heads = _heads(known)
    for line, index, cell in grid.filled():
        key = place.column_key(index)
        if key in heads and decode_value(cell) in heads[key]:
            votes[line] += 1
    if not votes:
        votes = Counter(line - (row - 1) for row, line in anchors)
    return min(votes, key=lambda shift: (-votes[shift], abs(shift)), default=0)


def is_headless(place: Place, grid: Grid, known: Sequence[Sheet], sheet: Json) -> bool:
    """Whether people deleted the header of a table: a row of data is at the top, and what stood on the header alone is
    gone: its protection, or a row in view."""
    heads = _heads(known)
    top = {place.column_key(index): decode_value(cell) for line, index, cell in grid.filled() if line == 0}
    found = {key: content for key, content in top.items() if content != (None, None)}
    alike = any(content in heads.get(key, ()) for key, content in found.items())
    if not heads or not found or alike:
        return False
    frozen = sheet["properties"].get("gridProperties", {}).get("frozenRowCount", 0)
    there = {one.get("protectedRangeId", 0) for one in sheet.get("protectedRanges", ())}
    own = {one.key for held in known for one in held.protections if one.area.last_row == HEADER_ROW}
    bare = bool(own) and not {ids.protection_id(place.stem, key) for key in own} & there
    return bare or all(frozen < held.frozen_rows for held in known)


def _heads(known: Sequence[Sheet]) -> dict[str, set[tuple[Scalar | None, str | None]]]:
    """What the header's cells hold, by column."""
    heads: dict[str, set[tuple[Scalar | None, str | None]]] = {}
    for sheet in known:
        for column in sheet.columns:
            if column.formula is not None:
                heads.setdefault(column.key, set()).add((None, canonical(column.formula)))
            elif column.title:
                heads.setdefault(column.key, set()).add((column.title, None))
    return heads


def with_lines(
    place: Place, grid: Grid, merges: Iterable[Json], known: Sequence[tuple[Sheet, Sequence[Anchor]]], resized: bool
) -> Place:
    """The place of a view or helper with the lines of its rows.

    `known` is the sheet that was applied, then the one that is wanted, each with where its rows were seen. Rows are
    told by their contents, and only when something does not stand where it is known to be. A pivot table counts only
    in a grid that was `resized`: otherwise it was moved alone.
    """
    found = _found_rows(place, grid, merges, resized)
    wanted = [(_known_rows(sheet, resized), Counter(seen)) for sheet, seen in known]
    applied, weights = wanted[0]
    last = max([*applied, *(cell.row for cell in known[0][0].cells)], default=0)
    if not last or (all(line == row - 1 for row, line in weights) and _all_in_place(applied, found)):
        return place
    if known[0][0].kind == "helper" and _is_reordered(applied, found, weights):
        return place
    blank = last - max(applied, default=0)  # rows below the contents, which have their lines there too
    deepest = max((line + 1 for line in found if line < last + _BELOW), default=0)
    count = min(place.rows, max(last, deepest + blank))
    ordered = _aligned(applied, found, weights, last, count)
    lines = ordered | _moved(applied, found, ordered)
    aligned = _fit(applied, found, lines)
    for rows, seen in wanted:
        if _fit(rows, found, {row: row - 1 for row in rows}) >= aligned and not _contradicted(seen):
            return place  # also where a killed run wrote what is wanted, and not yet that it did
    return _placed(place, ordered, lines, last)


def _is_reordered(known: Mapping[int, Row], found: Mapping[int, Row], weights: Iterable[Anchor]) -> bool:
    """Whether rows of a helper hold what others held, as after sorting, while none came or went.

    Formulas count on their order, so that they are told as typed over, and not as moved.
    """
    if any(line != row - 1 for row, line in weights) or any(row - 1 not in found for row in known):
        return False
    below = max(known) - 1
    return not any(found[line] & row for line in found if line > below for row in known.values())


def _contradicted(weights: Mapping[Anchor, int]) -> bool:
    """Whether most of what moves along with rows says that they were displaced."""
    moved = sum(count for (row, line), count in weights.items() if line != row - 1)
    return 2 * moved > sum(weights.values())


def _known_rows(sheet: Sheet, pivots: bool) -> dict[int, Row]:
    order = [column.key for column in sheet.columns]
    parts: dict[int, set[tuple[str, ...]]] = {}
    for column in sheet.columns:
        if column.title or column.formula:
            shown = _text(None if column.formula else column.title, column.formula, "")
            parts.setdefault(HEADER_ROW, set()).add((column.key, shown))
    for cell in sheet.cells:
        if cell.link or cell.formula is not None or cell.value not in (None, ""):
            parts.setdefault(cell.row, set()).add((cell.column, _text(cell.value, cell.formula, cell.link)))
    for pivot in sheet.pivots if pivots else ():
        parts.setdefault(pivot.row, set()).add((_PIVOT, pivot.column))
    for area in sheet.merges:
        block = block_of(area, sheet)
        for row in range(block.top, block.bottom):
            parts.setdefault(row + 1, set()).add((_MERGE, order[block.left], order[block.right - 1]))
    return {row: frozenset(found) for row, found in parts.items()}


def _found_rows(place: Place, grid: Grid, merges: Iterable[Json], pivots: bool) -> dict[int, Row]:
    parts: dict[int, set[tuple[str, ...]]] = {}
    for line, index, cell in grid.filled():
        value, formula = decode_value(cell)
        if pivots and "pivotTable" in cell:
            parts.setdefault(line, set()).add((_PIVOT, place.column_key(index)))
        if value is not None or formula is not None:
            link = "link" if formula and formula.upper().startswith('=HYPERLINK("#GID=') else ""
            parts.setdefault(line, set()).add((place.column_key(index), _text(value, formula, link)))
    for data in merges:
        block = grid_block(data)
        for line in range(block.top, block.bottom):
            merge = (_MERGE, place.column_key(block.left), place.column_key(block.right - 1))
            parts.setdefault(line, set()).add(merge)
    return {line: frozenset(found) for line, found in parts.items()}


def _text(value: Scalar | None, formula: str | None, link: str) -> str:
    if link:
        return "link"  # its text may be translated, its target is an id
    if formula is not None:
        return canonical(formula)
    return repr(value) if isinstance(value, str | bool) or value is None else repr(float(value))


def _all_in_place(known: Mapping[int, Row], found: Mapping[int, Row]) -> bool:
    return all(_content(row) & found.get(number - 1, _EMPTY) for number, row in known.items())


def _content(row: Row) -> Row:
    """What tells a row best: its contents, or its merged areas where it has no other."""
    return frozenset(part for part in row if part[0] != _MERGE) or row


def _fit(known: Mapping[int, Row], found: Mapping[int, Row], lines: Mapping[int, int]) -> float:
    """The share of what is known that stands at those lines."""
    held = sum(len(row & found.get(lines[number], _EMPTY)) for number, row in known.items() if number in lines)
    return held / max(1, sum(map(len, known.values())))


def _aligned(
    known: Mapping[int, Row], found: Mapping[int, Row], weights: Mapping[Anchor, int], last: int, count: int
) -> dict[int, int]:
    """row → line of the rows that are most alike, in their order."""
    best = [[0] * (count + 1) for _ in range(last + 1)]
    for row in range(last - 1, -1, -1):
        for line in range(count - 1, -1, -1):
            pair = _alike(known.get(row + 1, _EMPTY), found.get(line, _EMPTY)) + 4 * weights.get((row + 1, line), 0)
            best[row][line] = max(best[row + 1][line + 1] + pair, best[row + 1][line], best[row][line + 1])
    lines: dict[int, int] = {}
    row = line = 0
    while row < last and line < count:
        pair = _alike(known.get(row + 1, _EMPTY), found.get(line, _EMPTY)) + 4 * weights.get((row + 1, line), 0)
        if pair and best[row][line] == best[row + 1][line + 1] + pair:
            lines[row + 1] = line
            row, line = row + 1, line + 1
        elif best[row][line] == best[row][line + 1]:
            line += 1
        else:
            row += 1
    return lines


def _moved(known: Mapping[int, Row], found: Mapping[int, Row], ordered: Mapping[int, int]) -> dict[int, int]:
    """row → line of the rows that stand elsewhere, as they were."""
    taken = set(ordered.values())
    free = {found[line]: line for line in sorted(found, reverse=True) if line not in taken}
    return {
        number: free.pop(parts)
        for number, parts in sorted(known.items())
        if number not in ordered and parts in free and any(part[0] != _MERGE for part in parts)
    }


def _alike(known: Row, found: Row) -> int:
    """How alike two rows are; a row that people changed wholly is still rather that one than an empty one."""
    if not known or not found:
        return 1 if known == found else 0
    return 2 + 4 * len(known & found) - min(1, len(found - known))


def _placed(place: Place, ordered: Mapping[int, int], lines: Mapping[int, int], last: int) -> Place:
    below = max(ordered.values(), default=-1) + 1
    while below in lines.values():  # rows that only changed places with each other push nothing up
        below += 1
    whole, after = {}, below
    for row in range(last, 0, -1):
        after = ordered.get(row, after)
        whole[row] = lines.get(row, after)
    gone = frozenset(whole.keys() - lines.keys())
    while below <= max(lines.values(), default=-1):  # rows that were put among the empty ones below
        if below not in lines.values():
            last += 1
            whole[last] = below
        below += 1
    return replace(place, shift=below - last, lines=dict(sorted(whole.items())), gone=gone)
