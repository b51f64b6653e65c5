"""Functions of Google's own: SPARKLINE as data for whoever draws the cell, and those that need Google's servers."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from crm_builder.local.formulas.arrays import read
from crm_builder.local.formulas.registry import Context, Function, table
from crm_builder.local.formulas.values import Array, FormulaError, Value, not_available, to_text, value_error

SPARKLINE_MARK = "\u2063sparkline:"
"""What a sparkline's value begins with: an invisible separator, which no person types, then JSON
`{"data": [[…], …], "options": {"charttype": "line", …}}`. Data rows hold numbers and null."""

CHART_TYPES = ("line", "bar", "column", "winloss")
REMOTE = (
    "GOOGLETRANSLATE", "DETECTLANGUAGE", "GOOGLEFINANCE", "IMPORTRANGE", "IMPORTDATA", "IMPORTFEED", "IMPORTHTML",
    "IMPORTXML",
)  # fmt: skip


def sparkline(data: Any, options: Array | None = None) -> Value:
    """Options are pairs in two columns, as documented: charttype, color, max, ymin, linewidth, rtl …"""
    settings: dict[str, Value] = {"charttype": "line"}
    for row in options or ():
        name = to_text(row[0])
        if isinstance(name, FormulaError):
            return name
        if name and len(row) > 1:
            settings[name.strip().lower()] = None if isinstance(row[1], FormulaError) else row[1]
    kind = str(settings["charttype"]).lower()
    if kind not in CHART_TYPES:
        known = ", ".join(CHART_TYPES)
        return value_error(f"Chart type '{kind}' is not recognized by SPARKLINE; it is one of {known}.")
    settings["charttype"] = kind
    rows = [[value if type(value) is float else None for value in row] for row in read(data)]
    if len(rows) == 1 and len(rows[0]) == 1 and isinstance(read(data)[0][0], FormulaError):
        return read(data)[0][0]
    return SPARKLINE_MARK + json.dumps({"data": rows, "options": settings}, ensure_ascii=False, separators=(",", ":"))


def _remote(name: str, context: Context, *arguments: Any) -> FormulaError:
    return not_available(f"{name} needs Google's servers: not available in a local workspace. (in {context.where})")


TABLE = {
    **table(Function("SPARKLINE", sparkline, (1, 2), ("any", "array"))),
    **table(*(Function(name, partial(_remote, name), (0, None), ("any",), wants_context=True) for name in REMOTE)),
}
