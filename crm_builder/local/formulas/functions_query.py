"""The QUERY function: hands an area and a query text to the query language, and names the columns as Google does."""

from __future__ import annotations

from typing import Any

from crm_builder.a1 import letters
from crm_builder.local.formulas.arrays import read_full
from crm_builder.local.formulas.query import run
from crm_builder.local.formulas.ranges import Range
from crm_builder.local.formulas.registry import Context, Function, table
from crm_builder.local.formulas.values import Array, FormulaError, Value, serial_of, to_number


def query(context: Context, data: Any, text: Value = None, headers: Value = None) -> Array | FormulaError:
    """Columns of a range are called by their letters on the sheet, those of any other array Col1, Col2 …

    A missing query selects everything; missing headers, and negative ones, are guessed from the data.
    """
    if isinstance(data, Range):
        array = read_full(data)  # blank rows below the data take part: as one group, and at an order's top
        ids = [letters(data.c0 + index) for index in range(len(array[0]))]
    else:
        array = context.array_of(data)
        ids = [f"Col{index + 1}" for index in range(len(array[0]))]
    if len(array) == 1 and len(ids) == 1 and isinstance(array[0][0], FormulaError):
        return array[0][0]
    count = -1.0 if headers is None else to_number(headers, "QUERY", 3)
    if isinstance(count, FormulaError):
        return count
    if text is not None and not isinstance(text, str):
        text = ""
    return run(array, text or "", int(count), ids, serial_of(context.now))


TABLE = table(
    Function("QUERY", query, (1, 3), ("any", "scalar", "scalar"), wants_context=True, spills=True),
)
