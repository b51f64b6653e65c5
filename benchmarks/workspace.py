"""The local workspace as a store: many rows written, opened again and read, beside one record a cell in SQLite."""

from __future__ import annotations

import json
import sqlite3
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.crm import client_of
from benchmarks.report import STEP_COLUMNS, Cell, Figure, Report, step_row
from benchmarks.watch import Json, Watch, apart
from crm_builder.a1 import letters

COLUMNS = 15
_READ = 10  # rows
_WRITING, _OPENING, _SIZE = "writing", "opening and reading 10 rows", "size"
_CITIES = ("Aarhus", "Bergen", "Cork", "Dover", "Espoo")


def run(rows: int = 100_000, calls: int = 20) -> Report:
    """Writes so many rows of 15 columns by values.update in so many calls, then reads 10 from the middle."""
    ways = {"workspace": (write, read), "beside: one record a cell": (write_records, read_records)}
    table: list[tuple[Cell, ...]] = []
    found: dict[str, Json] = {}
    for name, (writer, reader) in ways.items():
        with TemporaryDirectory() as folder:
            steps = apart(writer, folder=folder, rows=rows, calls=calls) | apart(reader, folder=folder, rows=rows)
            size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        found[name] = {_SIZE: size, **{step: taken["seconds"] for step, taken in steps.items()}}
        table += [(name, *[""] * (len(STEP_COLUMNS) - 1))]
        table += [step_row(f"  {step}", taken) for step, taken in steps.items()]
    ours, records = found.values()
    return Report(
        "workspace",
        f"{rows:,} rows of {COLUMNS} columns",
        STEP_COLUMNS,
        tuple(table),
        (
            Figure("on disk", ours[_SIZE] / 1e6, "MB"),
            Figure("on disk, one record a cell", records[_SIZE] / 1e6, "MB"),
            *(
                Figure(f"{what}, beside one record a cell", ours[what] / records[what], "times")
                for what in (_SIZE, _WRITING, _OPENING)
            ),
        ),
        (
            "The workspace answers checked REST calls in JSON and keeps more than values: formats, notes, results.",
            "One record a cell is SQLite alone: (row, column, value), inserted in as many transactions.",
        ),
    )


def write(folder: str, rows: int, calls: int) -> Json:
    watch = Watch()
    with client_of(Path(folder)) as client:
        sheets = client.sheets.spreadsheets()
        grid = {"rowCount": rows + 1, "columnCount": COLUMNS}
        body = {"sheets": [{"properties": {"title": "Data", "gridProperties": grid}}]}
        found = client.call(sheets.create(body=body))["spreadsheetId"]
        (Path(folder) / "id").write_text(found, "utf-8")
        with watch.step(_WRITING, client.calls):
            for first, last in _parts(rows, calls):
                range_ = f"Data!A{first + 1}:{letters(COLUMNS - 1)}{last}"
                values = {"values": [_row(number) for number in range(first, last)]}
                client.call(
                    sheets.values().update(spreadsheetId=found, range=range_, valueInputOption="RAW", body=values)
                )
    return watch.steps


def read(folder: str, rows: int) -> Json:
    watch = Watch()
    found, first = (Path(folder) / "id").read_text("utf-8"), rows // 2
    with client_of(Path(folder)) as client, watch.step(_OPENING, client.calls):
        values = client.values_get(found, f"Data!A{first + 1}:{letters(COLUMNS - 1)}{first + _READ}")
    _check(values, first)
    return watch.steps


def write_records(folder: str, rows: int, calls: int) -> Json:
    watch = Watch()
    base = sqlite3.connect(Path(folder) / "cells.db")
    base.execute("CREATE TABLE cells (row INTEGER, column INTEGER, value, PRIMARY KEY (row, column)) WITHOUT ROWID")
    with watch.step(_WRITING):
        for first, last in _parts(rows, calls):
            with base:
                base.executemany(
                    "INSERT OR REPLACE INTO cells VALUES (?,?,?)",
                    (
                        (row, column, json.dumps(value))
                        for row in range(first, last)
                        for column, value in enumerate(_row(row))
                    ),
                )
    base.close()
    return watch.steps


def read_records(folder: str, rows: int) -> Json:
    watch, first = Watch(), rows // 2
    with watch.step(_OPENING):
        base = sqlite3.connect(Path(folder) / "cells.db")
        asked = "SELECT row, value FROM cells WHERE row>=? AND row<? ORDER BY row, column"
        values: dict[int, list[object]] = {}
        for row, value in base.execute(asked, (first, first + _READ)):
            values.setdefault(row, []).append(json.loads(value))
        base.close()
    _check(list(values.values()), first)
    return watch.steps


def _parts(rows: int, calls: int) -> list[tuple[int, int]]:
    """The rows in as many parts as there are calls: (first, behind the last)."""
    bounds = [rows * part // calls for part in range(calls + 1)]
    return list(pairwise(bounds))


def _row(number: int) -> list[str | float | bool]:
    """15 cells as tables hold them: an id, names, numbers, dates, choices, a few words."""
    return [
        f"R-{number:06}", f"Customer {number}", f"customer{number}@example.com", _CITIES[number % len(_CITIES)],
        number * 1.5, number % 97, 45_000 + number % 700, number % 3 == 0, "Active" if number % 4 else "Inactive",
        f"+44 7700 9{number % 100_000:05}", number % 13 / 13, "Prefers to be called in the afternoon.",
        45_000.25 + number % 700, "Website" if number % 2 else "Referral", f"Note {number % 1000}",
    ]  # fmt: skip


def _check(values: list[list[object]], first: int) -> None:
    expected = [_row(number) for number in range(first, first + _READ)]
    if values != expected:
        raise ValueError(f"what was read is not what was written: {values[:1]} instead of {expected[:1]}")
