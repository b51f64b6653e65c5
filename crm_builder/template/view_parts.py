"""What the kinds of items of a view share: the item, its place, what it makes, and the merged cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from crm_builder.model import (
    Area,
    Cell,
    CellFormat,
    Chart,
    ConditionalRule,
    NamedRange,
    Pivot,
    Scalar,
    Slicer,
    Validation,
)
from crm_builder.template.formulas import columns_in, one_line
from crm_builder.template.kit import Kit, near
from crm_builder.template.names import cell_range
from crm_builder.template.parts import cell_format
from crm_builder.template.view_grid import Grid


@dataclass(frozen=True, slots=True)
class Item:
    """One item, its strings rendered: which kind, where in the file, on which units."""

    kind: str
    path: str
    body: Mapping[str, Any]
    at: int
    span: int


@dataclass(frozen=True, slots=True)
class Made:
    """What an item adds to its sheet. `changes` are (better, area) of figures coloured by their sign; `free` are the
    areas that people type into; `paths` say where in the file a cell's formula stands."""

    cells: tuple[Cell, ...] = ()
    merges: tuple[Area, ...] = ()
    rules: tuple[ConditionalRule, ...] = ()
    charts: tuple[Chart, ...] = ()
    pivots: tuple[Pivot, ...] = ()
    slicers: tuple[Slicer, ...] = ()
    names: tuple[NamedRange, ...] = ()
    changes: tuple[tuple[str, Area], ...] = ()
    free: tuple[Area, ...] = ()
    paths: tuple[tuple[str, int, str], ...] = ()

    def __add__(self, other: Made) -> Made:
        return Made(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Made)))


@dataclass(frozen=True, slots=True)
class View:
    """What every item of one view is made with."""

    key: str
    file: str
    grid: Grid
    kit: Kit
    pivots: Mapping[str, tuple[Pivot, int]] = field(default_factory=dict)  # those above, with the last row of each

    def problem(self, message: str, path: str, hint: str = "") -> None:
        self.kit.problem(message, self.file, path, hint)

    def format(self, style: str, path: str, kind: str = "", **more: Any) -> CellFormat:
        """The format of a style of look.toml with the number format of a type of types.toml, for the entry at `path`.

        Both must exist.
        """
        if style not in self.kit.styles:
            self.problem(f"unknown style `{style}`", f"{path}.style", near(style, self.kit.styles))
            style = "paragraph"
        look: dict[str, Any] = {"style": style}
        if kind and kind not in self.kit.types:
            self.problem(f"unknown type `{kind}`", f"{path}.type", near(kind, self.kit.types))
        elif kind:
            raw = {key: value for key, value in self.kit.types[kind].items() if key in ("number", "direction")}
            look |= self.kit.renderer.value(raw, "types.toml", kind)
        look |= {key: value for key, value in more.items() if value}
        return cell_format({**look, **self.kit.sided(look)}, self.kit.styles)

    def size(self, style: str) -> int:
        """Points of a style's letters."""
        size: int = self.kit.styles.get(style, {}).get("size", self.kit.workbook["size"])
        return size

    def card(self, style: str, path: str, kind: str = "") -> CellFormat:
        """The format on the ground of a card."""
        return replace(self.format(style, path, kind), background=self.kit.styles["card"]["background"])

    def height(self, style: str) -> int:
        """Pixels of a row in that style."""
        heights = self.kit.look["heights"]
        height: int = heights.get(style, heights["row"])
        return height


def strip(
    view: View,
    item: Item,
    row: int,
    content: Any,
    look: CellFormat,
    path: str,
    *,
    keys: tuple[str, ...] = (),
    rows: int = 1,
    link: str = "",
    validation: Validation | None = None,
    name: str = "",
) -> Made:
    """One cell merged over the item's columns (or `keys`) and rows, with a text, a number or a formula in it."""
    keys = keys or view.grid.keys(item.at, item.span)
    area = Area(view.key, keys[0], keys[-1], row, row + rows - 1)
    cell = replace(_cell(view, row, keys[0], content, look, path), link=link, validation=validation)
    return Made(
        cells=(cell,),
        merges=(area,) if len(keys) * rows > 1 else (),
        names=(cell_range(name, view.key, keys[0], row),) if name else (),
        paths=((keys[0], row, path),),
    )


def _cell(view: View, row: int, column: str, content: Any, look: CellFormat, path: str) -> Cell:
    if isinstance(content, str) and content.startswith("="):
        for word in columns_in(content):
            view.problem(f"`[{word}]` stands for nothing here", path, "a cell of a view speaks in names only")
        return Cell(row, column, formula=one_line(content), format=look)
    return Cell(row, column, scalar(content), format=look)


def scalar(content: Any) -> Scalar | None:
    if content is None or content == "":
        return None
    return content if isinstance(content, str | bool) else float(content)
