"""What a benchmark found, and how it is shown: one table of measurements, one line for each figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

Cell = str | float | None  # a missing figure is None; it is shown as a dash


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. `limit` is the most that it may be; None = it is only told."""

    name: str
    value: float
    unit: str
    limit: float | None = None

    @property
    def ok(self) -> bool:
        return self.limit is None or self.value <= self.limit


@dataclass(frozen=True, slots=True)
class Report:
    """One benchmark: what was done, how long each step took, and the figures that follow."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def ok(self) -> bool:
        return all(figure.ok for figure in self.figures)

    def data(self) -> dict[str, Any]:
        """The report for machines."""
        figures = [{**asdict(figure), "ok": figure.ok} for figure in self.figures]
        rows = [dict(zip(self.columns, row, strict=True)) for row in self.rows]
        return {
            "name": self.name, "title": self.title, "ok": self.ok, "rows": rows, "figures": figures,
            "notes": list(self.notes),
        }  # fmt: skip


STEP_COLUMNS = ("step", "calls", "kB sent", "kB received", "seconds", "of CPU", "peak MB")


def step_row(label: str, step: Mapping[str, Any]) -> tuple[Cell, ...]:
    """A step of `watch.Watch`, as one row below STEP_COLUMNS."""
    return (
        label, step["calls"], step["sent"] / 1000, step["received"] / 1000, step["seconds"], step["cpu"],
        step["peak"] / 1e6,
    )  # fmt: skip


def text(report: Report) -> str:
    """The report for people: aligned plain text."""
    parts = [f"{report.name}: {report.title}", ""]
    parts += _aligned([report.columns, *([_shown(cell) for cell in row] for row in report.rows)])
    parts.append("")
    parts += _aligned([_line(figure) for figure in report.figures])
    if report.notes:
        parts += ["", *(f"  {note}" for note in report.notes)]
    return "\n".join(parts)


def _line(figure: Figure) -> list[str]:
    if figure.limit is None:
        return [figure.name, _shown(figure.value), figure.unit, ""]
    return [figure.name, _shown(figure.value), figure.unit, f"{'ok' if figure.ok else 'over'}, limit {figure.limit:g}"]


def _shown(cell: Cell) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, str):
        return cell
    if float(cell).is_integer() and abs(cell) < 1e15:
        return f"{int(cell):,}"
    return f"{cell:,.0f}" if abs(cell) >= 100 else f"{cell:.2f}" if abs(cell) >= 0.1 else f"{cell:.4f}"


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """The first column and words to the left, numbers to the right; two spaces in between."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [
            cell.ljust(width) if at == 0 or _is_word(at, rows) else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append(("  " + "  ".join(cells)).rstrip())
    return lines


def _is_word(at: int, rows: Sequence[Sequence[str]]) -> bool:
    return not any(row[at][:1].isdigit() or row[at] == "–" for row in rows)
