"""What was last applied travels in the spreadsheet, whole, and says so when somebody damaged it."""

from __future__ import annotations

import base64
import hashlib
import json
import lzma
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from crm_builder.model import Cell, Column, Sheet, Workbook
from crm_builder.sheets import baseline, canonical, check_body, codec
from crm_builder.sheets.baseline import BaselineError, baseline_requests, decode, encode
from tests.sheets.living import Living, living
from tests.sheets.sample import full, small
from tests.sheets.test_read import workbooks


def labelled() -> Workbook:
    """Labels that no comparison sees."""
    first = small().sheets[0]
    columns = (replace(first.columns[0], type="id", list="stages"), *first.columns[1:])
    cells = (Cell(2, "id", "1", item="deal/one"), Cell(3, "id", 0.0), Cell(4, "id", False))
    return replace(small(), sheets=(replace(first, columns=columns, cells=cells), *small().sheets[1:]))


def packed(text: str) -> list[str]:
    """What somebody may write who knows how it is done."""
    chunk = base64.b64encode(lzma.compress(text.encode())).decode()
    digest = hashlib.sha256(chunk.encode()).hexdigest()[:16]
    return [json.dumps({"format": 1, "chunks": 1, "digest": digest, "written": "0"}), chunk]


@pytest.mark.parametrize("workbook", [small(), full(), labelled(), Workbook("", "", "", ())])
def test_it_comes_back_whole(workbook: Workbook):
    found = decode(encode(workbook))
    assert found == workbook
    assert repr(found) == repr(workbook)  # labels too


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(workbooks())
def test_any_mixture_comes_back(workbook: Workbook):
    assert repr(decode(encode(workbook))) == repr(workbook)


def test_the_same_workbook_is_written_alike():
    assert encode(full()) == encode(full())


def test_a_large_one_goes_into_several_cells():
    some = random.Random(7)
    letters = "".join(chr(some.randrange(0x4E00, 0x9FFF)) for _ in range(60_000))
    columns = (Column("a"),)
    cells = tuple(Cell(2 + at, "a", letters[at * 20_000 : (at + 1) * 20_000]) for at in range(3))
    workbook = Workbook("", "", "", (Sheet("s", "S", "view", columns, 9, cells=cells),))
    texts = encode(workbook)
    assert len(texts) > 2 and max(map(len, texts)) <= 45_000
    assert decode(texts) == workbook
    assert decode([*texts, "", ""]) == workbook


@pytest.mark.parametrize(
    "texts",
    [
        [],
        [""],
        ["{}"],
        ["[]"],
        encode(small())[:1],
        [encode(small())[0], "eA=="],
        [encode(full())[0], encode(small())[1]],
        ["[" * 40_000],
        packed("[" * 40_000),
        packed("[]"),
    ],
    ids=lambda texts: f"{len(texts)} {texts[0][:20] if texts else ''}",
)
def test_a_damaged_one_says_so(texts: list[str]):
    with pytest.raises(BaselineError, match="damaged"):
        decode(texts)


def test_one_of_a_later_version_says_so():
    header, *chunks = encode(small())
    with pytest.raises(BaselineError, match="update it"):
        decode([header.replace('"format": 1', '"format": 2'), *chunks])


@pytest.mark.parametrize(
    "data", [[], {"title": 1}, {"title": "a"}, {"title": "a", "locale": "", "time_zone": "", "sheets": {}}]
)
def test_json_of_another_shape_is_an_error(data: object):
    with pytest.raises(codec.CodecError):
        codec.decode(data, Workbook)


@pytest.mark.parametrize("rows", [None, 1, 2, 9])
def test_the_requests_that_write_it(rows: int | None):
    requests = baseline_requests(small(), rows)
    check_body({"requests": requests})
    kinds = [next(iter(one)) for one in requests]
    assert kinds == [*{None: ["addSheet"], 1: ["appendDimension"]}.get(rows, []), "updateCells"]
    assert len(requests[-1]["updateCells"]["rows"]) == max(rows or 0, 2)


def test_a_title_that_is_taken_is_left_to_its_owner():
    added = baseline_requests(small(), None, ["_CRM", "_crm_2"])[0]
    assert added["addSheet"]["properties"]["title"] == "_crm_3"


@pytest.fixture
def crm(tmp_path: Path) -> Iterator[Living]:
    with living(tmp_path, small()) as made:
        yield made


def test_a_fresh_workbook_holds_it(crm: Living):
    observed = crm.observe()
    assert observed.baseline == canonical(small())
    assert (observed.baseline_rows, observed.damage, observed.foreign) == (2, "", ())
    hidden = [one["properties"] for one in crm.client.get(crm.id)["sheets"] if one["properties"].get("hidden")]
    assert [one["title"] for one in hidden] == ["Lists", "_crm"]


def test_it_is_written_over_a_longer_and_a_shorter_one(crm: Living):
    crm.do(*baseline_requests(canonical(full()), 2))
    assert crm.observe().baseline == canonical(full())
    crm.do({"appendDimension": {"sheetId": baseline.SHEET_ID, "dimension": "ROWS", "length": 3}})
    crm.do(*baseline_requests(canonical(small()), 5))
    assert crm.observe().baseline == canonical(small())


def test_its_sheet_may_be_renamed(crm: Living):
    renamed = {"sheetId": baseline.SHEET_ID, "title": "Do not touch"}
    crm.do({"updateSheetProperties": {"properties": renamed, "fields": "title"}})
    assert crm.observe().baseline == canonical(small())


def test_where_people_deleted_it_there_is_none(crm: Living):
    crm.do({"deleteSheet": {"sheetId": baseline.SHEET_ID}})
    observed = crm.observe()
    assert (observed.baseline, observed.baseline_rows, observed.damage) == (None, None, "")
    assert observed.workbook == canonical(small())


def test_where_people_typed_into_it_it_is_damaged(crm: Living):
    start = {"sheetId": baseline.SHEET_ID, "rowIndex": 1, "columnIndex": 0}
    cell = {"userEnteredValue": {"stringValue": "x"}}
    crm.do({"updateCells": {"start": start, "rows": [{"values": [cell]}], "fields": "userEnteredValue"}})
    observed = crm.observe()
    assert observed.baseline is None and "damaged" in observed.damage
    assert observed.workbook == canonical(small())


def test_names_that_are_gone_and_names_under_a_former_id(crm: Living):
    ids = crm.observe().name_ids
    renamed = {"namedRangeId": ids["deals_id"], "name": "deals_number"}
    crm.do(
        {"deleteNamedRange": {"namedRangeId": ids["deals_amount"]}},
        {"updateNamedRange": {"namedRange": renamed, "fields": "name"}},
    )
    observed = crm.observe()
    assert observed.broken == ("deals_amount",)
    assert observed.name_ids == {"deals_number": ids["deals_id"]}
    again = {"name": "deals_amount", "range": {"sheetId": crm.sheet_id("deals"), "startRowIndex": 1}}
    crm.do({"addNamedRange": {"namedRange": again}})
    assert "deals_amount" in crm.observe().name_ids


def test_sheets_of_others_are_told_though_no_cell_of_them_is_read(crm: Living):
    crm.do({"addSheet": {"properties": {"title": "Mine"}}})
    assert [(one.kind, one.title) for one in crm.observe().foreign] == [("sheet", "Mine")]
