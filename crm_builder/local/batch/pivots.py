"""A pivot table's definition, written into its top left cell by updateCells: its checks, and what moves along."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from crm_builder.formulas.tree import Name, walk

from ..errors import invalid
from ..formulas.parse import parse
from ..pivots.definition import plain
from ..pivots.rules import DATE_RULES
from ..pivots.summaries import FUNCTIONS
from .conditions import FILTER, checked, map_condition
from .ranges import stored
from .values import paired

if TYPE_CHECKING:
    from ..book import Book


_UNSUPPORTED = "{} not supported by a local workspace."


def checked_pivot(book: Book, pivot: dict[str, Any], home: int) -> dict[str, Any]:
    """The canonical PivotTable: its range canonical, criteria and filterSpecs both there (reported of the service).

    `home` is the sheet of its anchor, on which its conditions stand. ApiError 400: no source, groups without a sort
    order, values without a summarising function, and what is not computed here.
    """
    if "dataSourceId" in pivot:
        raise invalid(_UNSUPPORTED.format("Pivot tables on data sources are"))
    if "source" not in pivot:
        raise invalid("A pivot table must have a source.")
    out = paired(pivot)
    out["source"] = stored(book, pivot["source"], what="source")
    for group in [*out.get("rows", []), *out.get("columns", [])]:
        if group.get("sortOrder", "SORT_ORDER_UNSPECIFIED") == "SORT_ORDER_UNSPECIFIED":
            raise invalid("PivotGroup.sortOrder must be set.")
        if "groupLimit" in group:
            raise invalid(_UNSUPPORTED.format("PivotGroup.groupLimit is"))
        if "dataSourceColumnReference" in group:
            raise invalid(_UNSUPPORTED.format("Pivot tables on data sources are"))
        _check_rule(group.get("groupRule", {}))
        for value in group.get("valueBucket", {}).get("buckets", []):
            if "formulaValue" in value or "errorValue" in value:
                raise invalid("PivotGroupSortValueBucket.buckets must be strings, numbers or booleans.")
        if not 0 <= group.get("valueBucket", {}).get("valuesIndex", 0) < max(1, len(out.get("values", []))):
            raise invalid("PivotGroupSortValueBucket.valuesIndex is outside of PivotTable.values.")
    for value in out.get("values", []):
        _check_value(value)
    _pair_filters(book, out, home)
    return out


def _check_rule(rule: dict[str, Any]) -> None:
    if "dateTimeRule" in rule and rule["dateTimeRule"].get("type") not in DATE_RULES:
        raise invalid("DateTimeRule.type must be set.")
    if "manualRule" in rule:
        _check_groups(rule["manualRule"].get("groups", []))
    histogram = rule.get("histogramRule")
    if histogram is None:
        return
    if histogram.get("interval", 0) <= 0:
        raise invalid("Histogram group rules require a positive value for interval.")
    if "start" in histogram and "end" in histogram and histogram["start"] >= histogram["end"]:
        raise invalid("Start must be less than end.")


def _check_groups(groups: list[dict[str, Any]]) -> None:
    names = [plain(group.get("groupName", {})) for group in groups]
    for name in names:
        if not isinstance(name, str):
            kind = "boolean" if isinstance(name, bool) else "number" if isinstance(name, float) else "empty"
            raise invalid(f"Found a manual group name of type {kind}. Manual group names must be strings.")
    items = [plain(item) for group in groups for item in group.get("items", [])]
    if len(set(names)) < len(names) or len({(type(item), item) for item in items}) < len(items):
        raise invalid("Names and items of a ManualRule must be unique.")


def _check_value(value: dict[str, Any]) -> None:
    function = value.get("summarizeFunction", "PIVOT_STANDARD_VALUE_FUNCTION_UNSPECIFIED")
    if function == "PIVOT_STANDARD_VALUE_FUNCTION_UNSPECIFIED":
        raise invalid("PivotValue.summarizeFunction must be set.")
    if "formula" in value and function not in ("CUSTOM", "SUM"):
        raise invalid(
            f'Invalid summarizeFunction: {function}. Only "CUSTOM" or "SUM" are valid '
            "if PivotValue.calculatedField is set."
        )
    if "formula" not in value and function == "CUSTOM":
        raise invalid(
            '"CUSTOM" may not be used in PivotValue.summarizeFunction unless PivotValue.calculatedField is set.'
        )
    if "formula" in value:
        raise invalid(_UNSUPPORTED.format("Calculated fields of pivot tables are"))
    if function not in FUNCTIONS or "dataSourceColumnReference" in value:
        raise invalid(_UNSUPPORTED.format(f"The summarizeFunction {function} is"))


def _pair_filters(book: Book, pivot: dict[str, Any], home: int) -> None:
    if "filterSpecs" in pivot:
        pivot["criteria"] = {
            str(spec.get("columnOffsetIndex", 0)): spec.get("filterCriteria", {}) for spec in pivot["filterSpecs"]
        }
    elif "criteria" in pivot:
        pivot["filterSpecs"] = [
            {"columnOffsetIndex": int(key), "filterCriteria": value} for key, value in sorted(pivot["criteria"].items())
        ]
    for spec in pivot.get("filterSpecs", []):
        condition = spec.get("filterCriteria", {}).get("condition")
        if condition is not None:
            _check_names(book, checked(book, condition, FILTER, home))


def _check_names(book: Book, condition: dict[str, Any]) -> None:
    """Refuses what names columns of the source, as "=Cost": such a condition asks about a row, not about a value."""
    names = {named["name"].lower() for named in book.doc.get("namedRanges", [])}
    for value in condition.get("values", []):
        text = value.get("userEnteredValue", "")
        if text.startswith(("=", "+")):
            parts = [part.name.lower() for part in walk(parse("=" + text[1:])) if isinstance(part, Name)]
            if condition["type"] == "CUSTOM_FORMULA" or not names.issuperset(parts):
                raise invalid(_UNSUPPORTED.format("References to source columns in a pivot table's filter are"))


# -- structural edits --------------------------------------------------------------------------------------------------


def map_pivot(extra: dict[str, Any], change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> dict[str, Any]:
    """A cell's extra whose pivot table has the source change(source); without one where that is None."""
    source = extra.get("pivotTable", {}).get("source")
    area = None if source is None else change(source)
    if area == source:
        return extra
    out = copy.deepcopy(extra)
    if area is None:
        out["pivotTable"].pop("source")
    else:
        out["pivotTable"]["source"] = area
    return out


def map_pivot_texts(extra: dict[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    """A cell's extra in whose pivot table every formula of a filter is change(formula)."""
    specs = extra.get("pivotTable", {}).get("filterSpecs", [])
    if not any("condition" in spec.get("filterCriteria", {}) for spec in specs):
        return extra
    out = copy.deepcopy(extra)
    table = out["pivotTable"]
    for spec in table["filterSpecs"]:
        map_condition(spec.get("filterCriteria", {}).get("condition"), change)
        table["criteria"][str(spec.get("columnOffsetIndex", 0))] = copy.deepcopy(spec.get("filterCriteria", {}))
    return out
