"""One helper's file → its hidden sheet: named blocks side by side, each a formula that spills or rows of cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crm_builder.model import FIRST_DATA_ROW, Area, Cell, CellFormat, Column, NamedRange, Sheet
from crm_builder.template.formulas import names_in, one_line
from crm_builder.template.kit import Block, Kit
from crm_builder.template.names import cell_range
from crm_builder.template.parts import cell_format, style_format
from crm_builder.template.strings import Renderer


def helper_sheet(key: str, raw: Mapping[str, Any], kit: Kit) -> tuple[Sheet, tuple[NamedRange, ...]]:
    file = f"helpers/{key}.toml"
    columns: list[Column] = []
    cells: list[Cell] = []
    names: list[NamedRange] = []
    blocks = list(_blocks(raw, kit, file))
    spilling = [
        {
            "key": block["key"],
            "name": f"{key}_{block['key']}",
            "sources": [name for name in names_in(block["formula"]) if name in kit.computed],
        }
        for _, block in blocks
        if "formula" in block
    ]
    loops = {**kit.context.loops, "blocks": spilling}
    for path, block in blocks:
        keys = [f"{block['key']}_{column}" for column in block["columns"]]
        titles = kit.context.words["helpers"].get(key, {}).get("columns", {})
        last = FIRST_DATA_ROW + block["height"] - 1 if "height" in block else None
        columns += [
            Column(
                column,
                titles.get(column, f"{block['key']}.{title}"),
                90,
                format=_format(kind, kit),
                header=style_format(kit.styles["pale"]),
            )
            for column, title, kind in zip(keys, block["columns"], block["types"], strict=True)
        ]
        names.append(NamedRange(f"{key}_{block['key']}", Area(key, keys[0], keys[-1], last_row=last)))
        names += [NamedRange(f"{key}_{column}", Area(key, column, last_row=last)) for column in keys if len(keys) > 1]
        if "formula" in block:
            cells.append(Cell(FIRST_DATA_ROW, keys[0], formula=one_line(block["formula"])))
        row = FIRST_DATA_ROW
        for place, entry in enumerate(block.get("row", ())):
            for item in loops[entry["for"]] if "for" in entry else ({},):
                body = kit.renderer.value(
                    {k: v for k, v in entry.items() if k != "for"}, file, f"{path}.row[{place}]", item=item
                )
                special = _format(body["type"], kit) if "type" in body else None
                for column, value in zip(keys, body["values"], strict=True):
                    cells.append(_cell(row, column, value, special if column == keys[-1] else None))
                if "name" in body:
                    names.append(cell_range(body["name"], key, keys[-1], row))
                row += 1
    sheet = Sheet(
        key=key,
        title=kit.context.words["helpers"][key]["title"],
        kind="helper",
        columns=tuple(columns),
        rows=raw.get("rows", kit.workbook["defaults"]["rows"]),
        hidden=raw.get("hidden", True),
        frozen_rows=1,
        cells=tuple(cells),
    )
    return sheet, tuple(names)


def block_places(
    key: str, raw: Mapping[str, Any], loops: Mapping[str, Any], parts: Mapping[str, bool], renderer: Renderer
) -> Iterator[tuple[str, Block]]:
    """(name, block) of each block that is switched on, before any formula is rendered."""
    for number, block in enumerate(raw["block"]):
        if parts.get(block.get("part", ""), True):
            for item in loops[block["for"]] if "for" in block else ({},):
                own = renderer.value(block["key"], f"helpers/{key}.toml", f"block[{number}].key", item=item)
                yield f"{key}_{own}", Block(key, own, tuple(block["columns"]), block.get("height"))


def _blocks(raw: Mapping[str, Any], kit: Kit, file: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(path, block) of each block that is switched on, once for each item of its loop; rows are rendered later."""
    for number, block in enumerate(raw["block"]):
        if not kit.parts.get(block.get("part", ""), True):
            continue
        path = f"block[{number}]"
        own = {name: block[name] for name in ("key", "formula") if name in block}
        for item in kit.context.loops[block["for"]] if "for" in block else ({},):
            yield path, {**block, **kit.renderer.value(own, file, path, item=item)}


def _cell(row: int, column: str, value: Any, look: CellFormat | None) -> Cell:
    if isinstance(value, str) and value.startswith("="):
        return Cell(row, column, formula=one_line(value), format=look)
    return Cell(row, column, value if isinstance(value, str | bool) else float(value), format=look)


def _format(kind: str, kit: Kit) -> CellFormat:
    look = {k: v for k, v in kit.types[kind].items() if k in ("number", "align", "direction")}
    return cell_format({**kit.renderer.value(look, "types.toml", kind), "style": "pale"}, kit.styles)
