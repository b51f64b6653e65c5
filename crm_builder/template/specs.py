"""What a table is, once the templates are read: its columns with their roles, before anything of a workbook is made.

A column of the templates may stand as two in the sheet: with a calendar of its own, people see and type the date as
text (`first_contact_jalali`) and the date itself lies hidden beside it (`first_contact`), which is the one that
formulas name. Whoever enters data needs both, so these specs outlive the rendering.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Role = Literal["input", "computed", "stamp"]


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One column as it stands in the sheet.

    `entry` says how a value is written into it: "" as it is, or the name of a calendar for a date as text.
    `source` is the key under which data names it: the same as `key`, or the date's own key for its text column.
    """

    key: str
    type: str
    title: str
    role: Role
    formula: str = ""  # the expression of a computed column, as written in the template
    note: str = ""
    hidden: bool = False
    entry: str = ""
    source: str = ""
    list: str = ""
    table: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False
    was: str = ""  # the key that it had before; only its own, as what stands beside it goes along
    look: Mapping[str, Any] = field(default_factory=dict)  # the type's keys, with the column's own over them
    path: str = ""  # where in the template it stands

    @property
    def typed(self) -> bool:
        return self.role != "computed"


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One table: its columns in order. `anchor` is the typed column whose content makes a row a row."""

    key: str
    title: str
    columns: tuple[ColumnSpec, ...]
    anchor: str = ""
    prefix: str = ""

    @property
    def computed(self) -> bool:
        return any(not column.typed for column in self.columns)

    def entries(self) -> dict[str, ColumnSpec]:
        """The columns that data goes into, by the key under which data names them."""
        return {column.source or column.key: column for column in self.columns if column.typed}
