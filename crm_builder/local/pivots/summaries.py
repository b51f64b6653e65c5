"""The figures of a pivot table: what each bucket of rows comes to, and its share of a total."""

from __future__ import annotations

from collections.abc import Sequence

from crm_builder.local.formulas.functions_aggregate import TABLE, divide_by_zero
from crm_builder.local.formulas.values import FormulaError, Value, reference_error
from crm_builder.local.pivots.definition import Figure
from crm_builder.local.pivots.source import Source
from crm_builder.local.pivots.tree import ALL, Path, Tree

FUNCTIONS = frozenset(
    (
        *("SUM", "COUNTA", "COUNT", "COUNTUNIQUE", "AVERAGE", "MAX", "MIN", "MEDIAN", "PRODUCT"),
        *("STDEV", "STDEVP", "VAR", "VARP"),
    )
)
NO_COLUMN = reference_error("The pivot table refers to a column outside of its source.")


class Summaries:
    """The figures by figure, row path and column path; each is computed once."""

    def __init__(self, source: Source, figures: Sequence[Figure], tree: Tree):
        self._source = source
        self._figures = figures
        self._tree = tree
        self._known: dict[tuple[int, Path, Path], Value] = {}

    def shown(self, index: int, row: Path, column: Path) -> Value:
        """The figure as its cell shows it: blank without rows, a share where the value is displayed as one."""
        value = self.figure(index, row, column)
        share = self._figures[index].share
        if not share or type(value) is not float:
            return value
        whole = self.figure(index, ALL if share != "ROW" else row, ALL if share != "COLUMN" else column)
        if type(whole) is not float:
            return whole
        return value / whole if whole else divide_by_zero("DIVIDE")

    def figure(self, index: int, row: Path, column: Path) -> Value:
        """What the rows of the bucket come to; None where there are none."""
        key = (index, row, column)
        if key not in self._known:
            self._known[key] = self._computed(self._figures[index], self._tree.bucket(row, column))
        return self._known[key]

    def _computed(self, figure: Figure, rows: Sequence[int]) -> Value:
        if not rows:
            return None
        if not self._source.has(figure.offset):
            return NO_COLUMN
        column = self._source.columns[figure.offset]
        result = TABLE[figure.function].call([[column[row] for row in rows]])
        return result if isinstance(result, FormulaError) else float(result)
