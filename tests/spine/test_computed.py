"""Every computed cell of the CRM against an independent computation, in both languages, at fixed clocks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crm_builder.project import Project
from tests.spine.computed_check import BEHIND_COLUMNS, blocks, check, has_computed, value, wanted
from tests.spine.conftest import CLOCKS, computed, opened
from tests.spine.reference import BLOCKS

Make = Callable[..., Project]

pytestmark = pytest.mark.parametrize("language", ["en", "fa"])


@pytest.mark.parametrize("at", CLOCKS)
def test_sample_data_at_every_clock(sample_crm: Make, language: str, at: str) -> None:
    with opened(sample_crm(language, at), CLOCKS[at]) as crm:
        grids = check(crm)
        if at == "autumn":
            assert not crm.errors()  # the other way to see them; the values are looked at in any case
        segments = {value(crm, grids, "customers", row, "segment") for row in range(2, len(grids["customers"]) + 1)}
        assert len(segments) >= 5, "too few segments occur to prove anything"


def test_every_formula_has_a_reference(sample_crm: Make, language: str) -> None:
    with opened(sample_crm(language, "autumn"), CLOCKS["autumn"]) as crm:
        grids = crm.grids("FORMULA")
        given = crm.crm(crm.grids())
    places = {
        (sheet.key, number, column.key)
        for sheet in crm.sheets
        for number, row in enumerate(grids[sheet.key], 1)
        for column, entered in zip(sheet.columns, row, strict=False)
        if (sheet.kind == "table" or sheet.key in BEHIND_COLUMNS)
        and isinstance(entered, str)
        and entered.startswith("=")
    }
    tables = {sheet.key for sheet in crm.sheets if sheet.kind == "table"}
    assert {(table, key) for table, number, key in places if table in tables and number == 1} == {
        (sheet.key, column.key) for sheet in crm.sheets if sheet.kind == "table" for column in computed(sheet)
    }
    assert {number for table, number, _ in places if table in tables} == {1}
    missing = []
    for table, number, key in sorted(places):
        sheet = crm.sheet(table)
        typed = {column.key for column in sheet.columns if column.formula is None}
        try:
            if table in tables:
                wanted(given, table, key, given.rows(table)[0] if given.rows(table) else {"name": "-"}, typed)
            else:
                BLOCKS[sheet.column(key).title.partition(".")[0]](given)
        except KeyError:
            missing.append(f"{table}.{key} row {number}")
    assert not missing
    assert BLOCKS.keys() - {"years", "starts"} <= blocks(crm, grids).keys(), "a reference without a block"


@pytest.mark.parametrize("at", CLOCKS)
def test_nothing_typed_yet(empty_crm: Make, language: str, at: str) -> None:
    with opened(empty_crm(language), CLOCKS[at]) as crm:
        grids = check(crm)
        assert not crm.errors()
        tables = [sheet.key for sheet in crm.sheets if has_computed(sheet)]
        assert {table: len(grids[table]) for table in tables if table != "mail_templates"} == {
            table: 1 for table in tables if table != "mail_templates"
        }
