"""Number formats that typing gave to cells: they come back with the values, by undo and by restore."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_builder.deploy import snapshots
from crm_builder.deploy.number_formats import format_requests, formats_of, spans_of
from crm_builder.model import NumberFormat
from tests.changes.keeping import DELETED, NICKNAME, Keeping, type_rows

PEOPLE = [{"id": f"C-{n}", "name": f"Name {n}"} for n in range(1, 6)]
DAY, SHARE = NumberFormat("date", "m/d"), NumberFormat("percent", "0%")


@pytest.fixture
def crm(crm_folder: Path, small_templates: Path) -> Keeping:
    """A text column with a date and a share typed into it, and the same on a sheet of people's own."""
    crm = Keeping(crm_folder, small_templates)
    crm.apply(NICKNAME)
    type_rows(crm, "customers", PEOPLE)
    with crm.user() as (user, observed):
        place = observed.layout.place("customers")
        for line, text in ((1, "plain"), (2, "1/2"), (3, "1/3"), (5, "5%")):
            user.type(place.sheet_id, line, place.column("nickname"), text)
        column = place.column("first_contact")
        user.type(place.sheet_id, 2, column, "2026-03-01")
        user.type_block(user.add_sheet("My sheet"), 0, 0, [["When", "2026-03-01 10:00"]])
    return crm


def test_an_undo_brings_them_back(crm: Keeping) -> None:
    before, formats = crm.grids(), crm.formats("Customers")
    assert [*formats.values()].count("DATE") == 3
    crm.apply(DELETED)
    with crm.user() as (user, observed):
        place = observed.layout.place("customers")
        user.sort(place.sheet_id, place.column("name"), descending=True)
    crm.undo()
    with crm.user() as (user, observed):
        place = observed.layout.place("customers")
        user.sort(place.sheet_id, place.column("name"))
    assert crm.grids() == before
    assert crm.formats("Customers") == formats


def test_a_restore_brings_them_back(crm: Keeping, tmp_path: Path) -> None:
    file = crm.backup(tmp_path / "all.json.gz")
    other = Keeping(tmp_path / "other", crm.templates)
    other.restore(file)
    for sheet in ("Customers", "My sheet"):
        assert other.formats(sheet) == crm.formats(sheet), sheet
    assert "DATE_TIME" in other.formats("My sheet").values()


def test_a_row_that_comes_back_has_them(crm: Keeping, tmp_path: Path) -> None:
    file, formats = crm.backup(tmp_path / "all.json.gz"), crm.formats("Customers")
    with crm.user() as (user, observed):
        user.delete_rows(observed.layout.place("customers").sheet_id, 2)
    assert crm.missing(file).rows == {"customers": 1}
    now = crm.formats("Customers")
    assert {index: kind for (line, index), kind in now.items() if line == 5} == {
        index: kind for (line, index), kind in formats.items() if line == 2
    }


def test_only_those_are_kept_that_are_not_their_columns_own(crm: Keeping, tmp_path: Path) -> None:
    snapshot = snapshots.load(crm.backup(tmp_path / "all.json.gz"))
    place = snapshot.sheets["customers"]
    nickname = place["columns"]["nickname"]
    spans = snapshot.formats[str(place["sheet_id"])]
    assert sorted(spans) == [[nickname, 2, 4, "date", "m/d"], [nickname, 5, 6, "percent", "0%"]]
    assert len(snapshot.formats) == 2, "that of the sheet of people's own beside it"


def test_neighbours_alike_share_one_span_and_one_request() -> None:
    formats = {(4, 1): DAY, (5, 1): DAY, (6, 1): SHARE, (4, 2): DAY, (9, 1): DAY, (10, 1): None, (11, 1): None}
    spans = spans_of(formats)
    assert len(spans) == 5 and [1, 4, 6, "date", "m/d"] in spans and [1, 10, 12, "", ""] in spans
    assert formats_of(spans) == formats
    requests = format_requests(7, formats)
    assert [one["repeatCell"]["cell"]["userEnteredFormat"] for one in requests].count({}) == 1
    assert len(requests) == 5
