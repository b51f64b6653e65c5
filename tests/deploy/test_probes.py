"""Locale and time zone as formulas show them: what is told of each mixture, and what a real sheet says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crm_builder.deploy.probes import judge
from crm_builder.sheets import baseline, check_body
from crm_builder.sheets.baseline import baseline_requests
from crm_builder.sheets.probes import Probed, decode_probes
from tests.sheets.living import Living, living
from tests.sheets.sample import small

NOW = datetime(2026, 11, 22, 12, 0, 10, tzinfo=UTC)
HERE = datetime(2026, 11, 22, 15, 30)  # in Tehran
WELL = Probed("en_US", "Asia/Tehran", ".", "2", HERE)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, None),
        ({"clock": HERE + timedelta(minutes=2)}, None),
        ({"clock": None, "decimal": "", "month": ""}, None),  # somebody emptied the cells
        ({"locale": "", "time_zone": ""}, None),
        ({"time_zone": "Iran"}, None),  # another name of the same
        (
            {"locale": "de_DE", "decimal": ",", "month": "3"},
            "the spreadsheet has the locale de_DE, and the CRM was made for en_US: numbers are typed as 0,5, arguments of "
            "formulas are parted by ; (not by ,), days are typed with the day before the month",
        ),
        ({"locale": "ja_JP"}, "the spreadsheet has the locale ja_JP, and the CRM was made for en_US"),
        (
            {"decimal": ","},
            "formulas do not calculate as in the locale en_US: numbers are typed as 0,5, arguments of formulas are "
            "parted by ; (not by ,)",
        ),
        (
            {"time_zone": "Europe/Berlin", "clock": HERE - timedelta(hours=2, minutes=30)},
            "the spreadsheet has the time zone Europe/Berlin, and crm.toml says Asia/Tehran: days begin at another hour "
            "than the CRM takes it to be",
        ),
        ({"time_zone": "GMT-07:00"}, "the spreadsheet has the time zone GMT-07:00, and crm.toml says Asia/Tehran"),
        (
            {"clock": HERE - timedelta(hours=2, minutes=30)},
            "formulas take it to be 2026-11-22 13:00, and in Asia/Tehran it is 2026-11-22 15:30",
        ),
        (
            {"clock": HERE + timedelta(minutes=7)},
            "this computer takes it to be 2026-11-22 15:30, and the spreadsheet 2026-11-22 15:37",
        ),
        (
            {"clock": HERE - timedelta(days=400)},
            "this computer takes it to be 2026-11-22 15:30, and the spreadsheet 2025-10-18 15:30",
        ),
    ],
)
def test_what_is_told(change: dict[str, object], told: str | None):
    found = judge(replace(WELL, **change), "en_US", "Asia/Tehran", NOW)
    if told is None:
        assert found == []
        return
    (finding,) = found
    assert finding.level == "warning" and finding.todo and finding.text.startswith(told)


def test_zones_that_differ_in_summer_only():
    (finding,) = judge(replace(WELL, time_zone="Africa/Lagos").at_rest, "en_US", "Europe/Berlin", NOW)
    assert "Africa/Lagos" in finding.text


def test_a_clock_at_rest_says_nothing():
    assert judge(replace(WELL, clock=HERE - timedelta(days=3)).at_rest, "en_US", "Asia/Tehran", NOW) == []


def test_a_locale_of_which_nothing_is_known_is_judged_by_its_name():
    assert judge(replace(WELL, locale="sv_SE", decimal=",", month="3"), "sv_SE", "Asia/Tehran", NOW) == []


@pytest.mark.parametrize("sheet", [None, {}, {"data": [{}]}, {"data": [{"startRow": 1, "rowData": [{"values": []}]}]}])
def test_where_nothing_was_read_nothing_is_known(sheet: dict[str, object] | None):
    assert decode_probes({"locale": "en_US", "timeZone": "Asia/Tehran"}, sheet) == Probed("en_US", "Asia/Tehran")


@pytest.fixture
def crm(tmp_path: Path) -> Iterator[Living]:
    with living(tmp_path, small()) as made:
        yield made


def test_a_sheet_tells_its_locale_and_its_time(crm: Living):
    book = small()
    probed = crm.observe().probed
    assert (probed.locale, probed.time_zone, probed.decimal, probed.month) == (book.locale, book.time_zone, ".", "2")
    assert judge(probed, book.locale, book.time_zone, datetime.now(UTC)) == []


def test_after_the_zone_was_changed_in_the_sheet_its_clock_tells(crm: Living):
    properties = {"timeZone": "Pacific/Auckland"}
    crm.do({"updateSpreadsheetProperties": {"properties": properties, "fields": "timeZone"}})
    (finding,) = judge(replace(crm.observe().probed, time_zone=""), "en_US", small().time_zone, datetime.now(UTC))
    assert finding.check == "clock" and "File > Settings" in finding.todo


def test_one_made_before_there_were_probes_gets_them(crm: Living):
    beside = {"sheetId": baseline.SHEET_ID, "dimension": "COLUMNS", "startIndex": 1, "endIndex": baseline.WIDTH}
    crm.do({"deleteDimension": {"range": beside}})
    observed = crm.observe()
    assert (observed.baseline_columns, observed.probed.clock) == (1, None)
    requests = baseline_requests(small(), observed.baseline_rows, (), observed.baseline_columns)
    check_body({"requests": requests})
    crm.do(*requests)
    assert crm.observe().probed.decimal == "." and crm.observe().baseline == observed.baseline


def test_cells_that_people_typed_over_are_asked_anew_by_the_next_change(crm: Living):
    start = {"sheetId": baseline.SHEET_ID, "rowIndex": 0, "columnIndex": 1}
    typed = {"values": [{"userEnteredValue": {"numberValue": 7}}] * 3}
    crm.do({"updateCells": {"start": start, "rows": [typed], "fields": "userEnteredValue"}})
    assert crm.observe().probed == Probed(small().locale, small().time_zone)
    crm.do(*baseline_requests(small(), 2))
    assert crm.observe().probed.decimal == "."
