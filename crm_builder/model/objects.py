"""What lies over the cells or fills them by itself: charts, pivot tables, slicers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from crm_builder.model.area import Area
from crm_builder.model.rules import Criterion

ChartKind = Literal["line", "area", "column", "bar", "combo", "pie", "scatter"]
Legend = Literal["none", "top", "bottom", "left", "right", "labels"]
Summary = Literal["sum", "count", "counta", "countunique", "average", "max", "min", "median"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something floats: the cell under its corner (1-based row, column key), pixels from there, and its size."""

    row: int
    column: str
    width: int
    height: int
    dx: int = 0
    dy: int = 0


@dataclass(frozen=True, slots=True)
class Series:
    """One row of figures of a chart. `area` is one column wide; its first row is the series' name."""

    area: Area
    color: str | None = None
    kind: Literal["line", "column", "area"] | None = None  # in a combo chart
    right_axis: bool = False
    dashed: bool = False
    labels: bool = False  # the figure beside each point


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart over areas of equal height; the first row of each area is its header.

    `description` is what a screen reader says. `reversed` lets the domain run from right to left. `hole` is the share
    of a pie that is left open, 0 to 1.
    """

    key: str
    title: str
    kind: ChartKind
    place: Place
    domain: Area
    series: tuple[Series, ...]
    subtitle: str = ""
    description: str = ""
    stacked: Literal["no", "yes", "percent"] = "no"
    legend: Legend = "none"
    axis_title: str = ""  # of the figures
    reversed: bool = False
    hole: float = 0
    ink: str | None = None  # colour of titles and labels
    font: str | None = None
    background: str | None = None


@dataclass(frozen=True, slots=True)
class PivotGroup:
    """What the rows or columns of a pivot table stand for: a column of the source.

    `by` sorts by the total of the value with that index (0-based) instead of by the group's own name.
    """

    column: str
    title: str = ""
    descending: bool = False
    totals: bool = False
    by: int | None = None


@dataclass(frozen=True, slots=True)
class PivotValue:
    column: str
    summary: Summary
    title: str


@dataclass(frozen=True, slots=True)
class Pivot:
    """A pivot table over an area of a table with its header row; it grows from its top left cell down and aside.

    `filters` tell which rows of the source count. With several values and no column groups the values stand side by
    side.
    """

    key: str
    row: int
    column: str
    source: Area
    rows: tuple[PivotGroup, ...]
    values: tuple[PivotValue, ...]
    columns: tuple[PivotGroup, ...] = ()
    filters: tuple[Criterion, ...] = ()
    untouched: bool = field(default=False, compare=False)  # as it was written last, but for what moved in its source


@dataclass(frozen=True, slots=True)
class Slicer:
    """A control that filters the charts and pivot tables of its sheet by one column of their source."""

    key: str
    title: str
    place: Place
    area: Area
    column: str
    untouched: bool = field(default=False, compare=False)  # as it was written last, but for what moved in its area
