"""Where everything of a pivot table stands: headers, labels, figures, totals.

Documented (PivotGroup.label, .repeatHeadings, DateTimeRule, HistogramRule): the name of a single figure in the corner,
the name of a column group beside it, the names of the row groups under them, "Grand Total", "<item> Total", headings
that are not repeated. Seen in the editor, but written down nowhere: "Values" over several figures, "Total <figure>"
for their grand totals; and that the totals of a group are what is summed over its items (the first one's is the
grand total).
"""

from __future__ import annotations

from collections.abc import Sequence

from crm_builder.local.formulas.values import Array, Value, general, room_for
from crm_builder.local.pivots.definition import Definition, Group
from crm_builder.local.pivots.lines import Line, lines_of
from crm_builder.local.pivots.rules import Item
from crm_builder.local.pivots.source import Source
from crm_builder.local.pivots.summaries import NO_COLUMN, Summaries
from crm_builder.local.pivots.tree import Tree

GRAND_TOTAL, TOTAL_OF, ITEM_TOTAL, VALUES = "Grand Total", "Total {}", "{} Total", "Values"
_COUNTS = ("COUNT", "COUNTA", "COUNTUNIQUE")
PERCENT = "%"


def tabulated(definition: Definition, source: Source) -> Array:
    """The whole output of a pivot table, from its anchor on; raises TooLarge."""
    offsets = [group.offset for group in (*definition.rows, *definition.columns)]
    if not all(map(source.has, offsets)):
        return [[NO_COLUMN]]
    if not (offsets or definition.figures):
        return [[None]]
    return _Layout(definition, source).array()


def label_columns(definition: Definition) -> int:
    """Columns to the left of the figures."""
    if definition.vertical:
        return len(definition.rows) + 1
    return len(definition.rows) or (1 if definition.columns else 0)


def header_rows(definition: Definition) -> int:
    """Rows above the figures."""
    if not definition.columns:
        return 1
    return len(definition.columns) + 1 + (len(definition.figures) > 1 and not definition.vertical)


class Formats:
    """Which number format a cell of the output takes.

    The samples of the API's reference show amounts and dates as their source does; a count is a plain number.
    """

    def __init__(self, definition: Definition):
        self._of = definition
        self._head, self._left = header_rows(definition), label_columns(definition)

    def source(self, row: int, column: int) -> int | str | None:
        """The source column whose format it is, PERCENT for a share, None for neither."""
        if row < self._head:
            if column < self._left or not 1 <= row <= len(self._of.columns):
                return None
            return _offset(self._of.columns[row - 1])
        if column < len(self._of.rows):
            return _offset(self._of.rows[column])
        if column < self._left or not self._of.figures:
            return None
        at = (row - self._head) if self._of.vertical else column - self._left
        figure = self._of.figures[at % len(self._of.figures)]
        if figure.share:
            return PERCENT
        return None if figure.function in _COUNTS else figure.offset


def _offset(group: Group) -> int | None:
    return None if group.rule else group.offset


class _Layout:
    def __init__(self, definition: Definition, source: Source):
        self._of = definition
        self._source = source
        tree = Tree(source, definition.rows, definition.columns)
        self._sums = Summaries(source, definition.figures, tree)
        shown = self._sums.figure
        self._rows = lines_of(definition.rows, tree.row_items, shown, tree.column_items)
        self._columns = lines_of(
            definition.columns, tree.column_items, lambda at, here, there: shown(at, there, here), tree.row_items
        )
        self._names = [
            figure.name or f"{figure.function} of {self._column_name(figure.offset)}" for figure in definition.figures
        ]

    def array(self) -> Array:
        figures = range(len(self._names))
        vertical = self._of.vertical
        across: list[tuple[Line, int | None]] = [
            (line, at) for line in self._columns for at in (figures if figures and not vertical else [None])
        ]
        down: list[tuple[Line, int | None]] = [
            (line, at) for line in self._rows for at in (figures if vertical else [None])
        ]
        if not figures and not self._of.columns:
            across = []
        left = label_columns(self._of)
        room_for(header_rows(self._of) + len(down), left + len(across))
        array: Array = self._header(across)
        before: Line | None = None
        for line, at in down:
            array.append(self._labels(line, at, before) + [self._cell(line, at, *place) for place in across])
            before = line
        width = max(1, *map(len, array))
        return [row + [None] * (width - len(row)) for row in array]

    def _cell(self, row: Line, down: int | None, column: Line, across: int | None) -> Value:
        at = across if down is None else down
        return None if at is None else self._sums.shown(at, row.path, column.path)

    # ---- headers ----

    def _header(self, across: Sequence[tuple[Line, int | None]]) -> Array:
        columns, several = self._of.columns, len(self._names) > 1
        left = label_columns(self._of)
        titles: list[Value] = [self._group_name(group) for group in self._of.rows]
        titles += [VALUES] if self._of.vertical else []
        titles += [None] * (left - len(titles))
        names: list[Value] = [None if at is None else self._names[at] for _, at in across]
        if not columns:
            return [titles + names]
        blank: list[Value] = [None] * left
        corner = list(blank)
        if len(self._names) == 1 and self._of.rows:
            corner[0] = self._names[0]
        side_by_side = several and not self._of.vertical
        fields: list[Value] = [self._group_name(group) for group in columns]
        array: Array = [corner + fields + ([VALUES] if side_by_side else [])]
        for depth in range(len(columns)):
            array.append(list(blank) + self._headings(depth, across))
        if side_by_side:
            totals = [not line.path and line.total for line, _ in across]
            array.append(list(blank) + [None if total else name for total, name in zip(totals, names, strict=True)])
        array[-1][:left] = titles
        return array

    def _headings(self, depth: int, across: Sequence[tuple[Line, int | None]]) -> list[Value]:
        """One row of the column groups' items: each once, over the first of its columns."""
        found: list[Value] = []
        before: Line | None = None
        for line, at in across:
            first = line is not before
            if line.total and not line.path and depth == 0:
                several = at is not None and len(self._names) > 1
                found.append(TOTAL_OF.format(self._names[at or 0]) if several else GRAND_TOTAL if first else None)
            elif not first:
                found.append(None)
            else:
                found.append(self._heading(self._of.columns, line, depth, before, repeat=False))
            before = line
        return found

    # ---- labels ----

    def _labels(self, line: Line, at: int | None, before: Line | None) -> list[Value]:
        groups = self._of.rows
        first = line is not before
        labels: list[Value]
        if line.total and not line.path and groups:
            name = GRAND_TOTAL if at is None else TOTAL_OF.format(self._names[at])
            return [name] + [None] * (label_columns(self._of) - 1)
        labels = [
            self._heading(groups, line, depth, before, repeat=group.repeat)
            if first or (group.repeat and not (line.total and depth == len(line.path) - 1))
            else None
            for depth, group in enumerate(groups)
        ]
        if at is not None:
            labels.append(self._names[at])
        elif not groups and self._of.columns:
            labels.append(self._names[0] if len(self._names) == 1 else None)
        return labels

    def _heading(self, groups: Sequence[Group], line: Line, depth: int, before: Line | None, *, repeat: bool) -> Value:
        """What a line writes for the group of a depth; None where the line before it says the same."""
        last = len(line.path) - 1
        if depth > last:
            return None
        item = line.path[depth]
        if depth == last and line.total:
            return ITEM_TOTAL.format(self._text(groups[depth], item)).strip()
        same = before is not None and before.path[: depth + 1] == line.path[: depth + 1]
        if same and not repeat and depth < len(groups) - 1:
            return None
        return item.label

    # ---- names ----

    def _text(self, group: Group, item: Item) -> str:
        label = item.label
        if group.rule:
            return general(label) if type(label) is float else str(label or "")
        return self._source.show(group.offset, label)

    def _group_name(self, group: Group) -> str:
        name = self._column_name(group.offset)
        return group.label or (f"Grouped {name}" if group.rule else name)

    def _column_name(self, offset: int) -> str:
        return self._source.names[offset] if self._source.has(offset) else ""
