"""Marks of what was written already: each travels in the batch it speaks of, so that both happen or neither."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crm_builder.sheets import ids
from crm_builder.sheets.layout import Layout
from crm_builder.sheets.marks import BATCH, ROWS, values_of

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """One of `total` batches that build a workbook; `digest` is that of all its requests. `number` counts from 0."""

    number: int
    total: int
    digest: str


def mark_batch(batch: Batch) -> Json:
    """The request that marks a batch as applied."""
    value = f"{batch.number}/{batch.total} {batch.digest}"
    return _create(ids.int_id("batch", value), BATCH, value, {"spreadsheet": True})


def marked_batches(metadata: Iterable[Mapping[str, Any]]) -> set[Batch]:
    """The batches that the spreadsheet's own metadata says were applied."""
    found = set()
    for _, text in values_of(metadata, BATCH):
        counted, _, digest = text.partition(" ")
        number, _, total = counted.partition("/")
        found.add(Batch(int(number), int(total), digest))
    return found


def mark_rows(sheet: str, name: str, layout: Layout) -> Json:
    """The request that marks a set of rows of a sheet as written."""
    location = {"sheetId": layout.place(sheet).sheet_id}
    return _create(ids.int_id("rows", sheet, name), ROWS, name, location)


def marked_rows(sheet: Mapping[str, Any]) -> set[str]:
    """The names of the sets of rows that a sheet's metadata says were written."""
    return {text for _, text in values_of(sheet.get("developerMetadata", ()), ROWS)}


def _create(metadata_id: int, key: str, value: str, location: Json) -> Json:
    entry = {"metadataId": metadata_id, "metadataKey": key, "metadataValue": value}
    return {"createDeveloperMetadata": {"developerMetadata": {**entry, "location": location, "visibility": "DOCUMENT"}}}
