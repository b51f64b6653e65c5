"""A workbook in a local workspace that people change: what tests of lines, items and the baseline look into."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crm_builder.google import Client
from crm_builder.local.transport import open_workspace
from crm_builder.model import Workbook
from crm_builder.sheets import (
    READ_FIELDS,
    STATE_FIELDS,
    Layout,
    Observed,
    check_call,
    check_workbook,
    compile_fresh,
    read,
    read_ranges,
    split_batches,
)


@dataclass(frozen=True)
class Living:
    """One spreadsheet, the workbook that it was made from, and what its users do."""

    client: Client
    id: str
    workbook: Workbook
    layout: Layout

    def do(self, *requests: dict[str, Any]) -> None:
        self.client.batch_update(self.id, requests)

    def observe(self, desired: Workbook | None = None) -> Observed:
        """What two calls tell."""
        desired = desired or self.workbook
        state = self.client.get(self.id, fields=STATE_FIELDS)
        return read(self.client.get(self.id, read_ranges(state, [desired]), READ_FIELDS), None, desired, state)

    def rows(self, sheet: str, start: int, end: int) -> dict[str, Any]:
        """Lines of a sheet, 0-based and half-open, as a DimensionRange."""
        return {"sheetId": self.sheet_id(sheet), "dimension": "ROWS", "startIndex": start, "endIndex": end}

    def insert(self, sheet: str, line: int, count: int = 1) -> None:
        self.do({"insertDimension": {"range": self.rows(sheet, line, line + count)}})

    def delete(self, sheet: str, line: int, count: int = 1) -> None:
        self.do({"deleteDimension": {"range": self.rows(sheet, line, line + count)}})

    def move(self, sheet: str, line: int, before: int) -> None:
        self.do({"moveDimension": {"source": self.rows(sheet, line, line + 1), "destinationIndex": before}})

    def type(self, sheet: str, line: int, column: int, *values: str) -> None:
        """Texts into neighbouring cells."""
        start = {"sheetId": self.sheet_id(sheet), "rowIndex": line, "columnIndex": column}
        cells = [{"userEnteredValue": {"stringValue": value}} if value else {} for value in values]
        self.do({"updateCells": {"start": start, "rows": [{"values": cells}], "fields": "userEnteredValue"}})

    def sheet_id(self, sheet: str) -> int:
        return self.layout.place(sheet).sheet_id


@contextmanager
def living(folder: Path, workbook: Workbook) -> Iterator[Living]:
    check_workbook(workbook)
    layout = Layout.plan(workbook)
    with open_workspace(folder) as http:
        client = Client(http, check_call)
        file_id = client.create_file(workbook.title, "test")["id"]
        for batch in split_batches(compile_fresh(workbook, layout)):
            client.batch_update(file_id, batch)
        yield Living(client, file_id, workbook, layout)
