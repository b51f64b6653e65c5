"""The checks of a pivot table's definition, which is written into its top left cell by updateCells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import invalid
from .conditions import FILTER, checked
from .ranges import stored
from .values import paired

if TYPE_CHECKING:
    from ..book import Book


def checked_pivot(book: Book, pivot: dict[str, Any]) -> dict[str, Any]:
    """The canonical PivotTable: its range canonical, criteria and filterSpecs both there (reported of the service).

    ApiError 400: no source, groups without a sort order, values without a summarising function.
    """
    if "dataSourceId" in pivot:
        raise invalid("Pivot tables on data sources are not supported by a local workspace.")
    if "source" not in pivot:
        raise invalid("A pivot table must have a source.")
    out = paired(pivot)
    out["source"] = stored(book, pivot["source"], what="source")
    for group in [*out.get("rows", []), *out.get("columns", [])]:
        if group.get("sortOrder", "SORT_ORDER_UNSPECIFIED") == "SORT_ORDER_UNSPECIFIED":
            raise invalid("PivotGroup.sortOrder must be set.")
        _check_rule(group.get("groupRule", {}))
    for value in out.get("values", []):
        _check_value(value)
    _pair_filters(book, out)
    return out


def _check_rule(rule: dict[str, Any]) -> None:
    histogram = rule.get("histogramRule")
    if histogram is None:
        return
    if histogram.get("interval", 0) <= 0:
        raise invalid("Histogram group rules require a positive value for interval.")
    if "start" in histogram and "end" in histogram and histogram["start"] >= histogram["end"]:
        raise invalid("Start must be less than end.")


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


def _pair_filters(book: Book, pivot: dict[str, Any]) -> None:
    for spec in pivot.get("filterSpecs", []):
        condition = spec.get("filterCriteria", {}).get("condition")
        if condition is not None:
            checked(book, condition, FILTER, pivot["source"]["sheetId"])
    if "filterSpecs" in pivot:
        pivot["criteria"] = {
            str(spec.get("columnOffsetIndex", 0)): spec.get("filterCriteria", {}) for spec in pivot["filterSpecs"]
        }
    elif "criteria" in pivot:
        pivot["filterSpecs"] = [
            {"columnOffsetIndex": int(key), "filterCriteria": value} for key, value in sorted(pivot["criteria"].items())
        ]
