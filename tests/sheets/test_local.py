"""The whole way: google-api-python-client, a local workspace, and back to the model that was sent."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crm_builder.google import Client
from crm_builder.model import Workbook
from crm_builder.sheets import (
    READ_FIELDS,
    Observed,
    canonical,
    check_call,
    check_workbook,
    compile_fresh,
    read,
    read_ranges,
    split_batches,
    state_of,
)
from crm_builder.sheets.layout import Layout
from tests.sheets.sample import full, small

if importlib.util.find_spec("crm_builder.local.transport") is None and not os.environ.get("CI"):
    pytest.skip("there is no local workspace to talk to", allow_module_level=True)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    from crm_builder.local.transport import open_workspace

    with open_workspace(tmp_path) as http:
        yield Client(http, check_call)


def provision(client: Client, workbook: Workbook) -> tuple[str, Layout]:
    check_workbook(workbook)
    file_id = client.create_file(workbook.title, "test")["id"]
    layout = Layout.plan(workbook)
    for batch in split_batches(compile_fresh(workbook, layout)):
        client.batch_update(file_id, batch)
    return file_id, layout


def observe(client: Client, file_id: str, layout: Layout, workbook: Workbook) -> Observed:
    return read(client.get(file_id, read_ranges(state_of(workbook, layout), [workbook]), READ_FIELDS), workbook)


@pytest.mark.parametrize("workbook", [small(), full()], ids=["small", "full"])
def test_what_was_provisioned_is_read_back(client: Client, workbook: Workbook):
    file_id, layout = provision(client, workbook)
    observed = observe(client, file_id, layout, workbook)
    assert observed.workbook == canonical(workbook)
    assert observed.layout == layout
    assert observed.foreign == ()
    assert [call.method for call in client.calls] == ["files.create", "spreadsheets.batchUpdate", "spreadsheets.get"]


def test_the_file_is_found_by_its_key(client: Client):
    file_id, _ = provision(client, small())
    assert [file["id"] for file in client.find_files("test")] == [file_id]
    assert client.find_files("other") == []


def test_a_whole_read_without_ranges_gives_the_same(client: Client):
    file_id, layout = provision(client, full())
    whole, seen = read(client.get(file_id, fields=READ_FIELDS), full()), observe(client, file_id, layout, full())
    assert replace(whole, filled_lines={}) == replace(seen, filled_lines={})  # below what was read none is known


def test_a_renamed_sheet_and_an_inserted_column_change_no_key(client: Client):
    file_id, layout = provision(client, full())
    customers = layout.place("customers")
    span = {"sheetId": customers.sheet_id, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
    renamed: dict[str, Any] = {"sheetId": customers.sheet_id, "title": "Renamed", "index": 3}
    client.batch_update(
        file_id,
        [
            {"insertDimension": {"range": span, "inheritFromBefore": False}},
            {"updateSheetProperties": {"properties": renamed, "fields": "title,index"}},
        ],
    )
    observed = read(client.get(file_id, fields=READ_FIELDS), full())
    expected = canonical(full())
    moved = replace(expected.sheets[0], title="Renamed")
    assert observed.workbook.sheet("customers").columns == moved.columns
    assert observed.workbook.sheet("customers").rules == moved.rules
    assert observed.workbook.sheet("lists").cells == expected.sheets[1].cells
    assert observed.workbook.names == expected.names
    assert observed.layout.place("customers").columns["id"] == 1
    assert [one.kind for one in observed.foreign] == ["column"]


def test_a_chart_over_moved_columns_and_a_moved_pivot_source_are_read_by_their_keys(client: Client):
    file_id, layout = provision(client, full())
    requests = []
    for key, index in (("figures", 1), ("customers", 0)):
        span = {"sheetId": layout.place(key).sheet_id, "dimension": "COLUMNS"}
        span |= {"startIndex": index, "endIndex": index + 1}
        requests.append({"insertDimension": {"range": span, "inheritFromBefore": False}})
    client.batch_update(file_id, requests)
    observed = observe(client, file_id, layout, full())
    seen, expected = observed.workbook.sheet("analysis"), canonical(full()).sheet("analysis")
    assert seen.charts == expected.charts
    assert seen.pivots == expected.pivots
    assert observed.workbook.sheet("customers").slicers == canonical(full()).sheet("customers").slicers
    assert {one.kind for one in observed.foreign} == {"column"}


def test_a_chart_that_a_user_added_is_counted_and_left(client: Client):
    file_id, layout = provision(client, full())
    source = {"sheetId": layout.place("figures").sheet_id, "startColumnIndex": 0, "endColumnIndex": 1}
    pie = {"domain": {"sourceRange": {"sources": [source]}}, "series": {"sourceRange": {"sources": [source]}}}
    anchor = {"sheetId": layout.place("analysis").sheet_id}
    position = {"overlayPosition": {"anchorCell": anchor}}
    client.batch_update(
        file_id, [{"addChart": {"chart": {"spec": {"title": "Mine", "pieChart": pie}, "position": position}}}]
    )
    observed = observe(client, file_id, layout, full())
    assert observed.workbook == canonical(full())
    assert [(one.kind, one.title) for one in observed.foreign] == [("chart", "Mine")]


def test_one_cell_is_read_by_its_name(client: Client):
    file_id, _ = provision(client, small())
    assert client.values_get(file_id, "'Lists'!A2:A3") == [["Open"], ["Won"]]
