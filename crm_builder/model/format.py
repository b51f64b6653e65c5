"""How a cell looks: colours, fonts, number formats, alignment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "center", "right"]
Vertical = Literal["top", "middle", "bottom"]
Wrap = Literal["overflow", "clip", "wrap"]
Direction = Literal["ltr", "rtl"]
NumberKind = Literal["text", "number", "percent", "currency", "date", "time", "datetime", "scientific"]


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A number format: its kind and, where the kind alone does not say it, a pattern such as `#,##0`."""

    kind: NumberKind
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Border:
    """One edge line of a cell."""

    style: Literal["solid", "solid_medium", "solid_thick", "dotted", "dashed", "double"]
    color: str


@dataclass(frozen=True, slots=True)
class CellFormat:
    """What is set on a cell; None = not set. Colours are `#RRGGBB`, sizes are points."""

    background: str | None = None
    color: str | None = None
    bold: bool | None = None
    italic: bool | None = None
    strikethrough: bool | None = None
    font: str | None = None
    size: int | None = None
    number: NumberFormat | None = None
    align: Align | None = None
    vertical: Vertical | None = None
    wrap: Wrap | None = None
    direction: Direction | None = None
    border_bottom: Border | None = None
    border_top: Border | None = None
    border_left: Border | None = None
    border_right: Border | None = None
