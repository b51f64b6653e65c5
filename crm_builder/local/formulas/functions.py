"""All functions of the formula language by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from crm_builder.local.formulas import (
    functions_aggregate,
    functions_array,
    functions_criteria,
    functions_date,
    functions_google,
    functions_lambda,
    functions_logic,
    functions_lookup,
    functions_math,
    functions_query,
    functions_regex,
    functions_sort,
    functions_statistics,
    functions_text,
    library,
)
from crm_builder.local.formulas.registry import Function

FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        **functions_aggregate.TABLE,
        **functions_array.TABLE,
        **functions_criteria.TABLE,
        **functions_date.TABLE,
        **functions_google.TABLE,
        **functions_lambda.TABLE,
        **functions_logic.TABLE,
        **functions_lookup.TABLE,
        **functions_math.TABLE,
        **functions_query.TABLE,
        **functions_regex.TABLE,
        **functions_sort.TABLE,
        **functions_statistics.TABLE,
        **functions_text.TABLE,
    }
)


def find(name: str) -> Function | None:
    """The function of a name in capitals: our own, else one of the library's; None when Google has none, or we."""
    return FUNCTIONS.get(name) or library.available().get(name)
