"""What a chart shows, as plain values: which cells count, what is left out, and where the names come from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crm_builder.google import Client
from crm_builder.local.transport import open_workspace
from crm_builder.preview import FIELDS, PLAN, chart_series, ranges
from crm_builder.preview.charts.numbers import Style, buckets, free_ticks, ticks
from crm_builder.preview.words import WORDS
from tests.preview import charted
from tests.preview.charted import DATA, TABLE, area, basic, book
from tests.preview.samples import cell

Json = dict[str, Any]


def one(rows: list[list[Json]], spec: Json, **more: Any) -> Any:
    return chart_series(book(rows, spec, **more))[0]


def test_labels_names_and_numbers_of_each_series() -> None:
    data = one(TABLE, {"basicChart": basic("LINE", [1, 2], 6)})
    assert (data.title, data.sheet, data.kind) == ("C0", "V", "LINE")
    assert data.labels == ("Jan", "Feb", "Mar")
    assert [(series.name, series.values) for series in data.series] == [
        ("Sales", (10, None, 30)),
        ("Cost", (4, None, 6)),
    ]
    assert data.series[0].shown == ("10", "", "30.00")


def test_blank_rows_are_dropped_at_the_end_only() -> None:
    rows = [*TABLE[:2], [cell(), cell(), cell()], [cell("Mar"), cell(), cell()], TABLE[4]]
    assert one(rows, {"basicChart": basic("COLUMN", [1], 6)}).labels == ("Jan", "", "Mar")


def test_a_range_without_an_end_goes_as_far_as_the_data() -> None:
    spec = {"basicChart": basic("COLUMN", [1], 6)}
    for data in (spec["basicChart"]["domains"][0]["domain"], spec["basicChart"]["series"][0]["series"]):
        del data["sourceRange"]["sources"][0]["endRowIndex"]
    assert one(TABLE, spec).labels == ("Jan", "Feb", "Mar")


def test_without_a_number_of_headers_text_over_numbers_is_one() -> None:
    pie = {"pieChart": {"domain": area(0, 6), "series": area(1, 6)}}
    assert [series.name for series in one(TABLE, pie).series] == ["Sales"]
    bare = {"pieChart": {"domain": area(0, 6, 1), "series": area(1, 6, 1)}}
    assert (one(TABLE, bare).labels, one(TABLE, bare).series[0].name) == (("Jan", "Feb", "Mar"), "")


def test_hidden_rows_and_columns_count_only_where_the_chart_says_so() -> None:
    def entry(strategy: str) -> Any:
        spec = {"basicChart": basic("LINE", [1, 2], 6), "hiddenDimensionStrategy": strategy}
        whole = book(TABLE, spec, hidden=(2,))
        whole["sheets"][1]["data"][0]["rowMetadata"][1]["hiddenByFilter"] = True
        return chart_series(whole)[0]

    shown = entry("SHOW_ALL")
    assert (shown.labels, shown.series[1].values) == (("Jan", "Feb", "Mar"), (4, None, 6))
    skipped = entry("SKIP_HIDDEN_ROWS_AND_COLUMNS")
    assert (skipped.labels, skipped.series[0].values) == (("Feb", "Mar"), (None, 30))
    assert [series.values for series in skipped.series[1:]] == []


def test_errors_are_no_numbers() -> None:
    broken = {"effectiveValue": {"errorValue": {"type": "REF"}}, "formattedValue": "#REF!"}
    data = one([TABLE[0], [cell("Jan"), broken, cell(1)]], {"basicChart": basic("LINE", [1], 6)})
    assert data.series[0].values == (None,) and data.series[0].shown == ("#REF!",)


@pytest.mark.parametrize(
    ("summary", "value"), [("SUM", 40), ("AVERAGE", 20), ("COUNT", 2), ("MAX", 30), ("MIN", 10), ("MEDIAN", 20)]
)
def test_a_scorecard_sums_up_its_cells(summary: str, value: float) -> None:
    card = {"scorecardChart": {"keyValueData": area(1, 6), "aggregateType": summary}}
    assert one(TABLE, card).series[0].values == (value,)


def test_a_kind_that_is_not_drawn_has_its_columns_all_the_same() -> None:
    data = one(TABLE, {"treemapChart": {"labels": area(0, 6), "sizeData": area(1, 6)}})
    assert data.kind == "OTHER" and [series.name for series in data.series] == ["Month", "Sales"]


def test_charts_read_hidden_sheets() -> None:
    found = chart_series(charted.workbook())
    assert len(found) == 15 and found[1].series[0].values[:3] == (12_400_000, 15_800_000, None)


def test_a_chart_in_the_local_workspace_shows_what_its_formulas_give(tmp_path: Path) -> None:
    client = Client(open_workspace(tmp_path), lambda method, body: None)
    file = client.create_file("T", "k")["id"]
    rows = [["n", "square"], *([number, f"=A{number + 1}^2"] for number in range(1, 1301))]
    values = [{"values": [{"userEnteredValue": _entered(value)} for value in row]} for row in rows]
    spec = {"title": "Squares", "basicChart": basic("LINE", [1], 1301)}
    for data in (spec["basicChart"]["domains"][0]["domain"], spec["basicChart"]["series"][0]["series"]):
        data["sourceRange"]["sources"][0]["sheetId"] = DATA
    grid = {"rowCount": 1400, "columnCount": 3}
    requests: list[Json] = [
        {"addSheet": {"properties": {"sheetId": DATA, "title": "It's data", "gridProperties": grid}}},
        {"updateCells": {"start": {"sheetId": DATA}, "rows": values, "fields": "userEnteredValue"}},
        {"addChart": {"chart": {"chartId": 5, "spec": spec, "position": {"overlayPosition": _at(DATA)}}}},
    ]
    client.batch_update(file, requests)
    wanted = ranges(client.get(file, fields=PLAN)["sheets"], {"It's data": 1301})
    assert wanted[-2:] == ["'It''s data'!A1011:A1301", "'It''s data'!B1011:B1301"]
    data = chart_series(client.get(file, wanted, FIELDS))[5]
    assert data.labels[-1] == "1300" and data.series[0].values == tuple(float(n * n) for n in range(1, 1301))


def _entered(value: Any) -> Json:
    if isinstance(value, int):
        return {"numberValue": value}
    return {"formulaValue": value} if value.startswith("=") else {"stringValue": value}


def _at(sheet_id: int) -> Json:
    return {"anchorCell": {"sheetId": sheet_id, "rowIndex": 1, "columnIndex": 1}}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], [0, 1]),
        ([0, 0], [0, 1]),
        ([3, 17], [0, 5, 10, 15, 20]),
        ([-4, 9], [-5, 0, 5, 10]),
        ([0.02, 0.31], [0, 0.1, 0.2, 0.3, 0.4]),
        ([12e6], [0, 5e6, 10e6, 15e6]),
    ],
)
def test_axes_have_round_steps(values: list[float], expected: list[float]) -> None:
    assert ticks(values, 4) == expected


def test_an_axis_without_zero_keeps_to_its_numbers() -> None:
    assert free_ticks([981, 1004], 4) == [980, 990, 1000, 1010]
    assert free_ticks([5, 5], 2)[0] < 5 < free_ticks([5, 5], 2)[-1]


@pytest.mark.parametrize(
    ("value", "english", "persian"),
    [
        (0, "0", "۰"),
        (950, "950", "۹۵۰"),
        (1234.5, "1,234", "۱٬۲۳۴"),
        (84_200, "84.2K", "۸۴٫۲ هزار"),
        (-12_400_000, "-12.4M", "\u2212۱۲٫۴ میلیون"),
        (3_000_000_000, "3B", "۳ میلیارد"),
    ],
)
def test_numbers_are_short_and_in_the_digits_of_the_page(value: float, english: str, persian: str) -> None:
    words = WORDS | {"thousands": "{number} هزار", "millions": "{number} میلیون", "billions": "{number} میلیارد"}
    assert Style(WORDS, WORDS["digits"]).write(value) == english
    assert Style(words, "۰۱۲۳۴۵۶۷۸۹").write(value) == persian


def test_buckets_hold_every_number_once() -> None:
    edges, counts = buckets([1, 2, 2, 9, 10], 5)
    assert edges == [0, 5, 10, 15] and counts == [3, 1, 1]
