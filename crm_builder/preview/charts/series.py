"""What a chart shows, as plain values: the labels of its domain, and the name and numbers of each of its series."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from crm_builder.preview.charts.source import Source, Value

Json = Mapping[str, Any]

DRAWN = ("LINE", "AREA", "STEPPED_AREA", "COLUMN", "BAR", "COMBO", "SCATTER", "PIE", "SCORECARD", "HISTOGRAM")
POINTS = 5000  # of one series
_ROWS = ("", "SKIP_HIDDEN_ROWS_AND_COLUMNS", "SKIP_HIDDEN_ROWS", "CHART_HIDDEN_DIMENSION_STRATEGY_UNSPECIFIED")
_COLUMNS = ("", "SKIP_HIDDEN_ROWS_AND_COLUMNS", "SKIP_HIDDEN_COLUMNS", "CHART_HIDDEN_DIMENSION_STRATEGY_UNSPECIFIED")


@dataclass(frozen=True, slots=True)
class Series:
    """One row of figures: its name, its numbers (None = no number there) and how their cells show them."""

    name: str
    values: tuple[float | None, ...]
    shown: tuple[str, ...]
    at: int = 0  # its place among the series of the chart's JSON, of which some may be hidden


@dataclass(frozen=True, slots=True)
class ChartData:
    """One chart's figures. `kind` is BasicChartType's word, or PIE, SCORECARD, HISTOGRAM or OTHER."""

    sheet: str
    title: str
    kind: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    positions: tuple[float | None, ...] = ()  # the labels as numbers: where points of a scatter chart lie


def chart_series(spreadsheet: Json) -> dict[int, ChartData]:
    """The figures of every chart of a spreadsheet's JSON (spreadsheets.get with grid data) by chart id."""
    source = Source(spreadsheet)
    return {
        chart.get("chartId", 0): series_of(chart, source, str(sheet.get("properties", {}).get("title", "")))
        for sheet in spreadsheet.get("sheets", [])
        for chart in sheet.get("charts", [])
    }


def series_of(chart: Json, source: Source, sheet: str = "") -> ChartData:
    """The figures of one EmbeddedChart. Blank rows at the end are dropped, others keep their place."""
    spec = chart.get("spec", {})
    title = str(spec.get("title", ""))
    strategy = str(spec.get("hiddenDimensionStrategy", ""))
    if basic := spec.get("basicChart"):
        domains = [domain.get("domain", {}) for domain in basic.get("domains", [])][:1]
        data = [entry.get("series", {}) for entry in basic.get("series", [])]
        kind = str(basic.get("chartType", "OTHER"))
        header = basic.get("headerCount")
    elif pie := spec.get("pieChart"):
        domains, data, kind, header = [pie.get("domain", {})], [pie.get("series", {})], "PIE", None
    elif histogram := spec.get("histogramChart"):
        domains, data = [], [entry.get("data", {}) for entry in histogram.get("series", [])]
        kind, header = "HISTOGRAM", None
    elif card := spec.get("scorecardChart"):
        return ChartData(sheet, title, "SCORECARD", (), tuple(_card(card, source)))
    else:
        domains, data, kind, header = [], list(_found(spec)), "OTHER", None
    columns = [source.values(entry)[:POINTS] for entry in data]
    domain = source.values(domains[0])[:POINTS] if domains else ()
    domain = _shown(domain, strategy)
    left = {at: kept for at, column in enumerate(columns) if (kept := _shown(column, strategy)) or not column}
    columns = list(left.values())
    heads = _heads(domain, columns) if header is None else header
    length = _length([domain, *columns], heads)
    labels = tuple(value.text for value in _part(domain, heads, length)) if domains else ()
    return ChartData(
        sheet=sheet,
        title=title,
        kind=kind,
        labels=labels,
        series=tuple(_series(column, heads, length, at) for at, column in left.items()),
        positions=tuple(value.number for value in _part(domain, heads, length)) if domains else (),
    )


def _shown(values: Sequence[Value], strategy: str) -> tuple[Value, ...]:
    """The cells that the chart's treatment of hidden rows and columns leaves."""
    return tuple(
        value
        for value in values
        if not ((value.row_hidden and strategy in _ROWS) or (value.column_hidden and strategy in _COLUMNS))
    )


def _heads(domain: Sequence[Value], columns: Sequence[Sequence[Value]]) -> int:
    """How many header rows there are where nothing says so: one, if text stands over numbers or over nothing else."""
    for column in columns or [domain]:
        if column and column[0].text and column[0].number is None:
            return 1
    return 0


def _length(columns: Sequence[Sequence[Value]], heads: int) -> int:
    """Points up to the last row that holds anything."""
    filled = (at for column in columns for at, value in enumerate(column, 1) if value.text or value.number is not None)
    return max(0, max(filled, default=0) - heads)


def _part(column: Sequence[Value], heads: int, length: int) -> list[Value]:
    own = list(column[heads : heads + length])
    return own + [Value()] * (length - len(own))


def _series(column: Sequence[Value], heads: int, length: int, at: int) -> Series:
    name = " ".join(value.text for value in column[:heads] if value.text)
    own = _part(column, heads, length)
    return Series(name, tuple(value.number for value in own), tuple(value.text for value in own), at)


def _card(card: Json, source: Source) -> Iterator[Series]:
    """Key value and baseline of a scorecard; several cells become one number by its aggregate, if it has one."""
    summary = {
        "SUM": sum,
        "AVERAGE": lambda numbers: sum(numbers) / len(numbers),
        "COUNT": lambda numbers: float(len(numbers)),
        "MAX": max,
        "MIN": min,
        "MEDIAN": median,
    }.get(card.get("aggregateType", ""))
    for name in ("keyValueData", "baselineValueData"):
        if name not in card:
            continue
        values = [value for value in source.values(card[name]) if value.number is not None]
        numbers = [value.number for value in values if value.number is not None]
        if summary and numbers:
            one = float(summary(numbers))
            yield Series("", (one,), (values[0].text if len(values) == 1 else "",))
        else:
            yield Series("", tuple(numbers[:1]) or (None,), tuple(value.text for value in values[:1]) or ("",))


def _found(value: Any) -> Iterator[Json]:
    """Every ChartData of a kind of chart that is not drawn, in the order of the spec."""
    if isinstance(value, Mapping):
        if "sourceRange" in value:
            yield value
        else:
            for inner in value.values():
                yield from _found(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _found(inner)
