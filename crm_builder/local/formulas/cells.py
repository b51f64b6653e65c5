"""What the formula room asks of the place where cells are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Protocol

from crm_builder.local.formulas.registry import Cell
from crm_builder.local.formulas.values import Array

if TYPE_CHECKING:
    from crm_builder.local.formulas.graph import Facts
    from crm_builder.local.formulas.ranges import Reader
    from crm_builder.local.formulas.session import Session

NamedRange = tuple[int, int, int, int | None, int | None]  # sheet id, r0, c0, r1, c1; None = open-ended


class Table(Protocol):
    """What fills cells from its own one on without being a formula: a pivot table."""

    @property
    def text(self) -> str:
        """Says all that the output depends on beside the values it reads."""
        ...

    def facts(self, reader: Reader) -> Facts:
        """As of a formula."""
        ...

    def result(self, session: Session) -> Array:
        """The output from its own cell on."""
        ...


class CellStore(Protocol):
    """Cells, sheets and names of one spreadsheet. Indices are 0-based, rectangles half-open."""

    time_zone: str  # IANA name

    def sheets(self) -> Mapping[str, int]:
        """Title → sheet id, in tab order."""
        ...

    def size(self, sheet_id: int) -> tuple[int, int]:
        """Rows and columns of the grid."""
        ...

    def extent(self, sheet_id: int) -> tuple[int, int]:
        """Rows and columns up to which any entered value or result exists."""
        ...

    def names(self) -> Mapping[str, NamedRange]:
        """Named ranges by name, as spelled; on a sheet that is not there where they lost all of their cells."""
        ...

    def values(self, sheet_id: int, r0: int, c0: int, r1: int, c1: int) -> Array:
        """Effective values; the caller may keep the lists but never changes them."""
        ...

    def formulas(self) -> Iterable[tuple[Cell, str]]:
        """Every formula cell with its text, which begins with `=`."""
        ...

    def tables(self) -> Iterable[tuple[Cell, Table]]:
        """Every pivot table by its anchor, in whose cell there is no formula."""
        ...

    def spills(self) -> Mapping[Cell, tuple[int, int]]:
        """Rows and columns of every stored result that is larger than its own cell, by formula cell."""
        ...

    def entered_in(self, sheet_id: int, r0: int, c0: int, r1: int, c1: int, but: Cell) -> Cell | None:
        """A cell with entered content, formulas included, in the rectangle, other than `but`; None: there is none."""
        ...

    def write_result(self, cell: Cell, array: Array) -> None:
        """Stores a formula's result; a larger array is spilled. Replaces the former result and spill of that cell."""
        ...

    def dirty(self) -> set[Cell]:
        """The formula cells that were to be evaluated when the store was last written."""
        ...

    def set_dirty(self, cells: set[Cell]) -> None:
        """Keeps them, within the same transaction as the cells."""
        ...
