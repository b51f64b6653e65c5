"""Rows that people add, insert, delete and type over: every computed cell follows, and none is stale."""

from __future__ import annotations

import pytest

from tests.spine.computed_check import check, value
from tests.spine.conftest import Opened
from tests.spine.typed_rows import TODAY, choice, proved, typed_rows, written


def test_one_row_in_each_table(empty: Opened) -> None:
    for table, row in typed_rows(empty).items():
        empty.type(table, 2, written(empty, table, row))
        check(empty)
    proved(empty, 2)


def test_one_row_with_its_anchor_alone(empty: Opened) -> None:
    for table, key in (("customers", "name"), ("leads", "name"), ("campaigns", "name"), ("tasks", "title")):
        empty.type(table, 2, {key: "Only this"})
    for table in ("interactions", "feedback"):
        empty.type(table, 2, written(empty, table, {"date": 0}))
    empty.type("mail_templates", 2, {"key": "only_this"})
    empty.type("deals", 2, {"customer": "Nobody", "created_at": TODAY[empty.project.settings.language]})
    check(empty)


@pytest.mark.parametrize("language", ["fa"], indirect=True)
def test_rows_under_the_data(sample: Opened) -> None:
    last = len(sample.grids()["customers"])
    for table, row in typed_rows(sample).items():
        sample.append(table, written(sample, table, row))
    proved(sample, last + 1)
    gap = len(sample.grids()["deals"]) + 4
    won = choice(sample, "deal_stage", "won")
    sample.type("deals", gap, written(sample, "deals", {"customer": "Some · C-0001", "stage": won, "closed_on": 0}))
    assert value(sample, sample.grids(), "deals", gap, "customer_id") == "C-0001"
    sample.type("deals", gap, {"created_at": 46000})
    check(sample)


@pytest.mark.parametrize("language", ["fa"], indirect=True)
def test_inserted_and_deleted_rows(sample: Opened) -> None:
    before = sample.grids()
    sample.change_rows("insertDimension", "customers", 5, 6)
    check(sample)
    sample.change_rows("deleteDimension", "deals", 3, 40)
    after = check(sample)
    total = [sum(row[1] for row in grids["figures"][1:] if row[0] == "deals") for grids in (before, after)]
    assert total[0] - total[1] == 38


@pytest.mark.parametrize("language", ["en"], indirect=True)
def test_rows_right_below_the_headers(empty: Opened) -> None:
    """The newest row on top is an everyday act; the first row is inside every column's name."""
    rows = typed_rows(empty)
    for table, row in rows.items():
        empty.type(table, 2, written(empty, table, row))
    for table, row in rows.items():
        empty.change_rows("insertDimension", table, 2, 2)
        check(empty)
        again = {key: content.replace("-9001", "-9002") if key == "id" else content for key, content in row.items()}
        empty.type(table, 2, written(empty, table, again))
        check(empty)
    for table in rows:
        empty.change_rows("deleteDimension", table, 2, 2)
    proved(empty, 2)


def test_something_typed_under_a_formula(empty: Opened) -> None:
    """The column is blocked, and whoever looks at it shows the error instead of counting its emptiness."""
    for table, row in typed_rows(empty).items():
        empty.type(table, 2, written(empty, table, row))
    empty.type("customers", 2, {"orders": "x"})
    grids = empty.grids()
    for key in ("average_order", "segment"):
        assert value(empty, grids, "customers", 2, key) == "#REF!"
    assert value(empty, grids, "customers", 2, "total_value") == 120
    empty.clear("customers", 2, "orders")
    empty.type("deals", 2, {"customer_id": "x"})
    assert value(empty, empty.grids(), "customers", 2, "orders") == "#REF!"
    empty.clear("deals", 2, "customer_id")
    proved(empty, 2)


def test_a_row_above_the_headers(empty: Opened) -> None:
    """Somebody writes a title above the table: every figure moves down with its row."""
    rows = typed_rows(empty)
    for table, row in rows.items():
        empty.type(table, 2, written(empty, table, row))
    before = empty.grids()
    for table in rows:
        empty.change_rows("insertDimension", table, 1, 1)
    empty.type("customers", 1, {"name": "Our customers"})
    after = empty.grids()
    for table in rows:
        assert after[table][1:3] == before[table][:2]
    assert not empty.errors()


@pytest.mark.parametrize("language", ["en"], indirect=True)
def test_more_rows_than_the_sheets_had(sample: Opened) -> None:
    """The helper sheet grows with its tables."""
    last = len(sample.grids()["leads"])
    rows = [{"name": f"Lead {n}", "email": f"lead{n}@example.com", "phone": str(n)} for n in range(1100)]
    sheet_id = sample.project.layout.place("leads").sheet_id
    sample.client.batch_update(
        sample.id, [{"appendDimension": {"sheetId": sheet_id, "dimension": "ROWS", "length": 1100}}]
    )
    sample.type_rows("leads", last + 1, rows, "RAW")
    check(sample)
