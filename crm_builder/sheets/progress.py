"""Marks of what was written already: each travels in the batch it speaks of, so that both happen or neither."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_builder.sheets import ids
from crm_builder.sheets.compile import LIMIT_BYTES, split_batches
from crm_builder.sheets.discovery import check_body
from crm_builder.sheets.layout import Layout
from crm_builder.sheets.marks import BATCH, ROWS, mark, values_of

Json = dict[str, Any]

_MARK_BYTES = 500  # more than the mark that each batch ends with


@dataclass(frozen=True, slots=True)
class Batch:
    """One of `total` batches that build a workbook; `digest` is that of all its requests. `number` counts from 0."""

    number: int
    total: int
    digest: str


def marked(requests: Sequence[Json], *about: str) -> dict[Batch, list[Json]]:
    """The requests in batches that each end with their own mark, checked before any is sent.

    `about` tells two makings of the same requests apart.
    """
    made = split_batches(requests, LIMIT_BYTES - _MARK_BYTES)
    digest = hashlib.sha256(json.dumps([*about, made] if about else made, sort_keys=True).encode()).hexdigest()[:16]
    batches = {}
    for number, part in enumerate(made):
        batch = Batch(number, len(made), digest)
        batches[batch] = [*part, mark_batch(batch)]
        check_body({"requests": batches[batch]})
    return batches


def mark_batch(batch: Batch) -> Json:
    """The request that marks a batch as applied."""
    value = f"{batch.number}/{batch.total} {batch.digest}"
    return mark(ids.int_id("batch", value), BATCH, value, {"spreadsheet": True})


def marked_batches(metadata: Iterable[Mapping[str, Any]]) -> set[Batch]:
    """The batches that the spreadsheet's own metadata says were applied."""
    found = set()
    for _, text in values_of(metadata, BATCH):
        counted, _, digest = text.partition(" ")
        number, _, total = counted.partition("/")
        if number.isdecimal() and total.isdecimal():  # whatever else is no mark of our making
            found.add(Batch(int(number), int(total), digest))
    return found


def mark_rows(sheet: str, name: str, layout: Layout) -> Json:
    """The request that marks a set of rows of a sheet as written."""
    location = {"sheetId": layout.place(sheet).sheet_id}
    return mark(ids.int_id("rows", sheet, name), ROWS, name, location)


def marked_rows(sheet: Mapping[str, Any]) -> set[str]:
    """The names of the sets of rows that a sheet's metadata says were written."""
    return {text for _, text in values_of(sheet.get("developerMetadata", ()), ROWS)}
