"""What a plan and an apply cost in REST calls."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crm_builder.sheets.marks import CONTENTS, SHEET, values_of
from tests.changes.crm import Crm, description, make, opened
from tests.changes.faults import Counting

FIELD = '[[fields.customers]]\nkey = "nickname"\ntitle = "Nickname"\ntype = "text"\n'


@pytest.fixture(scope="module")
def made(small_templates: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("costs") / "crm", small_templates, description())


@pytest.fixture
def crm(made: Path, small_templates: Path, tmp_path: Path) -> Iterator[Crm]:
    with opened(Path(shutil.copytree(made, tmp_path / "crm")), small_templates) as crm:
        yield crm


def cost(crm: Crm, act: Callable[[Counting], object]) -> int:
    counting = Counting(crm.http)
    act(counting)
    return counting.count


def test_nothing_to_do_is_two_reads(crm: Crm) -> None:
    assert cost(crm, crm.prepare) == 2
    assert cost(crm, lambda http: crm.apply(http=http)) == 2


def test_nothing_to_do_is_two_reads_after_many_edits(crm: Crm) -> None:
    crm.user.insert_rows(crm.sheet("customers"), 0)
    crm.user.move_column(crm.sheet("deals"), 3, 0)
    crm.user.insert_rows(crm.sheet("board"), 3)
    crm.user.rename_sheet(crm.sheet("lists"), "Words")
    crm.user.add_sheet("Mine")
    assert cost(crm, crm.prepare) == 2


def test_an_added_column_is_three_calls(crm: Crm) -> None:
    crm.describe(description(FIELD))
    assert cost(crm, lambda http: crm.apply(http=http)) == 3


def test_a_change_of_what_is_there_is_read_once_more_for_the_snapshot_and_once_more_to_be_sure(crm: Crm) -> None:
    crm.describe(description("[thresholds]\nvip_value = 3\n"))
    assert cost(crm, lambda http: crm.apply(http=http)) == 5


def test_a_plan_that_values_decide_is_three_reads(crm: Crm) -> None:
    crm.describe(description(head={"currency": "EUR"}))
    assert cost(crm, crm.prepare) == 3


def contents(crm: Crm) -> dict[str, dict[str, object]]:
    """What the mark on each of our sheets says of it."""
    sheets = crm.client.get(crm.user.id, fields="sheets(developerMetadata)")["sheets"]
    marks = [one["developerMetadata"] for one in sheets if "developerMetadata" in one]
    return {
        values_of(one, SHEET)[0][1]: json.loads(values_of(one, CONTENTS)[0][1])
        for one in marks
        if values_of(one, SHEET)
    }


def test_marks_of_an_earlier_version_get_the_types_of_columns_with_the_next_batch(crm: Crm) -> None:
    """They are no change by themselves, and an added field costs what it always does."""
    first = contents(crm)
    assert first["customers"]["types"]["email"] == "email" and "types" not in first["board"]
    for key, said in first.items():
        value = json.dumps({name: one for name, one in said.items() if name != "types"})
        lookup = {"metadataKey": CONTENTS, "metadataLocation": {"sheetId": crm.sheet(key)}}
        data_filter = {"developerMetadataLookup": {**lookup, "locationMatchingStrategy": "EXACT_LOCATION"}}
        body = {"dataFilters": [data_filter], "developerMetadata": {"metadataValue": value}, "fields": "metadataValue"}
        crm.client.batch_update(crm.user.id, [{"updateDeveloperMetadata": body}])
    assert not crm.prepare().pending and "types" not in contents(crm)["deals"]
    crm.describe(description(FIELD))
    assert cost(crm, lambda http: crm.apply(http=http)) == 3
    now = contents(crm)
    assert now["customers"]["types"] == {**first["customers"]["types"], "nickname": "text"}
    assert {key: one.get("types") for key, one in now.items() if key != "customers"} == {
        key: one.get("types") for key, one in first.items() if key != "customers"
    }
