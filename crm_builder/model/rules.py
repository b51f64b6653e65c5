"""Conditions and what hangs on them: validation, conditional formats, filters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from crm_builder.model.area import Area
from crm_builder.model.format import CellFormat

# The words are the Sheets API's condition types in lower case; which of them a use allows is in sheets/conditions.py.
ConditionKind = Literal[
    "number_greater", "number_greater_than_eq", "number_less", "number_less_than_eq", "number_eq", "number_not_eq",
    "number_between", "number_not_between",
    "text_contains", "text_not_contains", "text_starts_with", "text_ends_with", "text_eq", "text_not_eq",
    "text_is_email", "text_is_url",
    "date_eq", "date_before", "date_after", "date_on_or_before", "date_on_or_after", "date_between", "date_is_valid",
    "one_of_range", "one_of_list", "blank", "not_blank", "custom_formula", "boolean",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition over a cell. `values` hold text, numbers, one Area (one_of_range) or one formula (custom_formula).

    A formula begins with `=`, separates arguments with `;` and writes `[key]` for the value of that column in the
    same row; the compiler turns it into `$C2`, reading turns it back.
    """

    kind: ConditionKind
    values: tuple[str | float | Area, ...] = ()


@dataclass(frozen=True, slots=True)
class Validation:
    """What a cell accepts. `strict` refuses other input, otherwise it is only marked. `dropdown` shows the choices."""

    condition: Condition
    strict: bool = False
    dropdown: bool = False
    message: str = ""


@dataclass(frozen=True, slots=True)
class ConditionalRule:
    """A conditional format; the first rule of a sheet that matches wins.

    The service gives rules no identity: `key` is ours alone.
    """

    key: str
    areas: tuple[Area, ...]
    condition: Condition
    format: CellFormat


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a filter shows of one column: rows that meet the condition and whose text is not among `hidden`."""

    column: str
    condition: Condition | None = None
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SortKey:
    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class BasicFilter:
    """The filter buttons of a table's header row."""

    area: Area
    criteria: tuple[Criterion, ...] = ()
    sort: tuple[SortKey, ...] = ()


@dataclass(frozen=True, slots=True)
class FilterView:
    """A named filter that each user may switch on without disturbing the others."""

    key: str
    title: str
    area: Area
    criteria: tuple[Criterion, ...] = ()
    sort: tuple[SortKey, ...] = ()
