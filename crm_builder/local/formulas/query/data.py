"""The data of a query: header rows apart, and every column of one kind, as the language demands.

The kind of a column is that of most of its values; values of another kind count as null (documented). A tie goes to the
kind that comes first in the column; a column without any value is text. Error values count as null.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crm_builder.local.formulas.values import Array, FormulaError, Value, to_text

Row = Sequence[Value]


@dataclass(frozen=True, slots=True)
class Data:
    """Columns by position: `ids` as queries name them, `labels` from the header rows, `kinds` number, text or bool."""

    ids: tuple[str, ...]
    labels: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: list[Row]


def read(array: Array, ids: Sequence[str], headers: int) -> Data:
    """`headers` rows of `array` become labels, joined with spaces; a negative number means: find out how many."""
    count = min(guess_headers(array) if headers < 0 else headers, len(array))
    labels = tuple(_label(row[position] for row in array[:count]) for position in range(len(array[0])))
    columns, kinds = [], []
    body = array[count:]
    for values in zip(*body, strict=True) if body else ([] for _ in array[0]):
        kind, typed = _typed(values)
        kinds.append(kind)
        columns.append(typed)
    return Data(tuple(ids), labels, tuple(kinds), list(zip(*columns, strict=True)))


def guess_headers(array: Array) -> int:
    """The rows before the first one that holds something else than text; none when all is text or nothing follows.

    How Google guesses is not documented; it says only that the content decides. A query should state the number.
    """
    for index, row in enumerate(array):
        if any(value is not None and type(value) is not str for value in row):
            return index
        if all(value is None for value in row):
            return 0
    return 0


def _label(values: Iterable[Value]) -> str:
    texts = (to_text(value) for value in values)
    return " ".join(text for text in texts if isinstance(text, str) and text)


_KINDS = {float: "number", int: "number", str: "text", bool: "bool"}


def _typed(values: Sequence[Value]) -> tuple[str, Sequence[Value]]:
    counts: dict[type, int] = {}
    for value in values:
        kind = type(value)
        counts[kind] = counts.get(kind, 0) + 1
    counts.pop(type(None), None)
    errors = counts.pop(FormulaError, 0)
    if not counts:
        return "text", ([None] * len(values) if errors else values)
    winner = max(counts, key=lambda kind: counts[kind])
    if len(counts) == 1 and not errors:
        return _KINDS[winner], values
    return _KINDS[winner], [value if type(value) is winner else None for value in values]
