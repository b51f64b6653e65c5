"""A PivotTable of the API as values: groups, values, filters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crm_builder.local.formulas.values import Value

HORIZONTAL, VERTICAL = "HORIZONTAL", "VERTICAL"
NOT_BY_VALUE = -1


@dataclass(frozen=True, slots=True)
class Group:
    """What rows or columns of the table stand for."""

    offset: int
    descending: bool
    totals: bool
    repeat: bool
    label: str
    by: int  # index of the value whose totals sort the group, NOT_BY_VALUE = by its own items
    bucket: tuple[Value, ...]  # items of the opposite groups that these totals are of
    collapsed: tuple[Value, ...]
    rule: dict[str, Any]  # PivotGroupRule


@dataclass(frozen=True, slots=True)
class Figure:
    """What the cells of the table hold: one PivotValue."""

    offset: int
    function: str
    name: str
    share: str  # "ROW", "COLUMN", "GRAND": the total that the figure is shown as a share of; "" = as it is


@dataclass(frozen=True, slots=True)
class Definition:
    rows: tuple[Group, ...]
    columns: tuple[Group, ...]
    figures: tuple[Figure, ...]
    layout: str

    @property
    def vertical(self) -> bool:
        """Whether the figures stand under each other; one alone has nothing to stand under."""
        return self.layout == VERTICAL and len(self.figures) > 1


def parsed(table: dict[str, Any]) -> Definition:
    """The Definition of a canonical PivotTable."""
    return Definition(
        tuple(map(_group, table.get("rows", []))),
        tuple(map(_group, table.get("columns", []))),
        tuple(map(_figure, table.get("values", []))),
        table.get("valueLayout", HORIZONTAL),
    )


def _group(group: dict[str, Any]) -> Group:
    bucket = group.get("valueBucket")
    metadata = group.get("valueMetadata", [])
    return Group(
        group.get("sourceColumnOffset", 0),
        group.get("sortOrder") == "DESCENDING",
        group.get("showTotals", False),
        group.get("repeatHeadings", False),
        group.get("label", ""),
        NOT_BY_VALUE if bucket is None else bucket.get("valuesIndex", 0),
        tuple(plain(value) for value in (bucket or {}).get("buckets", [])),
        tuple(plain(one.get("value", {})) for one in metadata if one.get("collapsed")),
        group.get("groupRule", {}),
    )


def _figure(value: dict[str, Any]) -> Figure:
    share = value.get("calculatedDisplayType", "")
    return Figure(
        value.get("sourceColumnOffset", 0),
        value.get("summarizeFunction", "SUM"),
        value.get("name", ""),
        share.removeprefix("PERCENT_OF_").removesuffix("_TOTAL") if share.startswith("PERCENT_OF_") else "",
    )


def plain(value: dict[str, Any]) -> Value:
    """The value of an ExtendedValue; {} is the empty one."""
    for kind, content in value.items():
        return float(content) if kind == "numberValue" else content
    return None
