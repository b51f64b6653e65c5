"""Invented workbooks full of charts: every kind, in both directions, with blanks, long names and large numbers."""

from __future__ import annotations

from typing import Any

from tests.preview.samples import cell, color, look, sheet

Json = dict[str, Any]
DATA, VIEW = 77, 1  # sheet ids

PRODUCTS = {
    False: ["Oak dining table", "Walnut bookshelf with sliding glass doors", "Lamp", "Armchair, reading", "Rug"],
    True: ["میز ناهارخوری بلوط", "قفسهٔ کتاب گردویی با درهای کشویی شیشه‌ای", "چراغ", "صندلی مطالعه", "فرش"],
}
MONTHS = {
    False: ["Dec 2025", "Jan 2026", "Feb 2026", "Mar 2026", "Apr 2026", "May 2026", "Jun 2026"],
    True: ["آذر ۱۴۰۴", "دی ۱۴۰۴", "بهمن ۱۴۰۴", "اسفند ۱۴۰۴", "فروردین ۱۴۰۵", "اردیبهشت ۱۴۰۵", "خرداد ۱۴۰۵"],
}
NAMES = {False: ["Month", "Sales", "Target", "Orders", "Product"], True: ["ماه", "فروش", "هدف", "سفارش‌ها", "محصول"]}


def area(column: int, rows: int, first: int = 0, sheet_id: int = DATA) -> Json:
    """A ChartData over one column."""
    box = {"sheetId": sheet_id, "startRowIndex": first, "endRowIndex": rows}
    return {"sourceRange": {"sources": [{**box, "startColumnIndex": column, "endColumnIndex": column + 1}]}}


def basic(kind: str, columns: list[int], rows: int, domain: int = 0, rtl: bool = False, **more: Any) -> Json:
    """A basicChart over columns of the data sheet; `more` goes into it, `each` gives what each series adds."""
    each = more.pop("each", [{}] * len(columns))
    first: Json = {"domain": area(domain, rows)}
    if rtl and kind != "BAR":
        first["reversed"] = True
    return {
        "chartType": kind,
        "headerCount": 1,
        "legendPosition": "TOP_LEGEND",
        "domains": [first],
        "series": [{"series": area(column, rows), **own} for column, own in zip(columns, each, strict=True)],
        **more,
    }


def chart(number: int, title: str, at: tuple[int, int], size: tuple[int, int] = (420, 250), **spec: Any) -> Json:
    """An EmbeddedChart on the view."""
    anchor = {"sheetId": VIEW, "rowIndex": at[0], "columnIndex": at[1]}
    place = {"anchorCell": anchor, "widthPixels": size[0], "heightPixels": size[1]}
    return {"chartId": number, "spec": {"title": title, **spec}, "position": {"overlayPosition": place}}


def digits(value: float, rtl: bool) -> str:
    text = f"{value:,.0f}"
    return text.translate(str.maketrans("0123456789,", "۰۱۲۳۴۵۶۷۸۹٬")) if rtl else text


def data_sheet(rtl: bool) -> Json:
    """Columns: month, sales, target, orders, product, sold, returned, share; two blank rows at the end."""
    names = NAMES[rtl]
    sales = [12_400_000, 15_800_000, None, 14_100_000, 21_900_000, 19_300_000, 24_650_000]
    target = [14_000_000, 14_500_000, 15_000_000, 16_000_000, 18_000_000, 20_000_000, 22_000_000]
    orders = [31, 38, 29, 35, 52, 47, 61]
    sold, returned, share = [48, 31, 22, 17, 9], [2, 5, 0, 1, 3], [0.42, 0.27, 0.16, 0.1, 0.05]

    def number(value: float | None) -> Json:
        return cell() if value is None else cell(value, shown=digits(value, rtl))

    rows = [[cell(name) for name in [*names[:4], names[4], names[3], names[2], "%"]]]
    for at in range(9):
        line = [cell() for _ in range(8)]
        if at < 7:
            line[:4] = [cell(MONTHS[rtl][at]), number(sales[at]), number(target[at]), number(orders[at])]
        if at < 5:
            line[4:7] = [cell(PRODUCTS[rtl][at]), number(sold[at]), number(returned[at])]
            percent = f"{share[at] * 100:.0f}%"
            line[7] = cell(share[at], shown=digits(share[at] * 100, rtl) + "٪" if rtl else percent)
        rows.append(line)
    return sheet("_data", rows, 3, properties={"sheetId": DATA, "hidden": True})


def view(rtl: bool) -> Json:
    """A page of charts: 12 of them, three beside each other."""
    names = NAMES[rtl]
    accent = {"colorStyle": {"rgbColor": color("#1F6F5C")}}
    grey = {"colorStyle": {"rgbColor": color("#9AA3AF")}, "lineStyle": {"type": "MEDIUM_DASHED"}}
    shown = {"dataLabel": {"type": "DATA"}}
    specs: list[Json] = [
        {"basicChart": basic("LINE", [1, 2], 10, rtl=rtl, each=[accent, grey]), "subtitle": names[0]},
        {"basicChart": basic("AREA", [3], 10, rtl=rtl, each=[accent])},
        {"basicChart": basic("COLUMN", [1], 10, rtl=rtl, each=[{**accent, **shown}])},
        {"basicChart": basic("COLUMN", [5, 6], 10, 4, rtl, stackedType="STACKED", each=[accent, grey])},
        {"basicChart": basic("COLUMN", [5, 6], 10, 4, rtl)},
        {"basicChart": basic("BAR", [5], 10, 4, rtl, each=[{**accent, **shown}])},
        {"basicChart": basic("BAR", [5, 6], 10, 4, rtl, stackedType="PERCENT_STACKED", each=[accent, grey])},
        {
            "basicChart": basic(
                "COMBO",
                [1, 3],
                10,
                rtl=rtl,
                each=[{"type": "COLUMN", **accent}, {"type": "LINE", "targetAxis": "RIGHT_AXIS"}],
            )
        },
        {"pieChart": {"domain": area(4, 10), "series": area(5, 10), "pieHole": 0.55}},
        {"basicChart": basic("SCATTER", [1], 10, 3, rtl, each=[accent])},
        {"histogramChart": {"series": [{"data": area(5, 10)}]}},
        {"scorecardChart": {"keyValueData": area(1, 10), "aggregateType": "SUM"}},
        {"basicChart": basic("AREA", [1, 2], 10, rtl=rtl, stackedType="STACKED", each=[accent, {}])},
        {"basicChart": basic("LINE", [7], 10, 4, rtl, each=[{**shown, **accent}])},
        {"treemapChart": {"labels": area(4, 10), "sizeData": area(5, 10)}},
    ]
    charts = [
        chart(at + 1, f"{at + 1}. {names[at % 5]} / {names[1]}", (2 + at // 3 * 13, 1 + at % 3 * 4), **spec)
        for at, spec in enumerate(specs)
    ]
    rows = [[cell() for _ in range(14)] for _ in range(4)]
    rows[0][1] = cell(names[1], form=look(fontSize=20, bold=True))
    slicer = {"spec": {"title": names[4]}, "position": {"overlayPosition": {"anchorCell": {"columnIndex": 9}}}}
    return sheet(
        names[1],
        rows,
        0,
        [24, *[108] * 12, 24],
        grid={"hideGridlines": True, "rowCount": 90},
        heights={0: 44},
        properties={"sheetId": VIEW, "rightToLeft": rtl},
        charts=charts,
        slicers=[slicer],
    )


def workbook(rtl: bool = False) -> Json:
    """A view of charts over a hidden sheet of figures."""
    default = {"textFormat": {"fontFamily": "Vazirmatn", "fontSize": 10}}
    properties = {"title": NAMES[rtl][1], "locale": "en_US", "defaultFormat": default}
    return {"properties": properties, "sheets": [view(rtl), data_sheet(rtl)]}


def book(rows: list[list[Json]], *specs: Json, **more: Any) -> Json:
    """A data sheet, and charts over it."""
    charts = [chart(at, f"C{at}", (0, 0), **spec) for at, spec in enumerate(specs)]
    data = sheet("D", rows, 1, properties={"sheetId": DATA}, **more)
    return {"sheets": [sheet("V", [], properties={"sheetId": 1}, charts=charts), data]}


TABLE = [
    [cell("Month"), cell("Sales"), cell("Cost")],
    [cell("Jan"), cell(10), cell(4)],
    [cell("Feb"), cell(), cell("typed")],
    [cell("Mar"), cell(30, shown="30.00"), cell(6)],
    [cell(), cell(), cell()],
    [cell(""), cell(), cell()],
]
