"""Invented workbooks in the shape of spreadsheets.get with grid data: English, Persian, hostile, large."""

from __future__ import annotations

import json
from typing import Any

from tests.preview.texts import ENGLISH, PERSIAN, PERSIAN_WORDS

__all__ = ["ENGLISH", "PERSIAN", "PERSIAN_WORDS"]

Json = dict[str, Any]

ACCENT, INK, GREY, PALE, RED, GREEN, AMBER = "#1F6F5C", "#1F2328", "#5B6470", "#F3F5F7", "#FDECEA", "#E6F4EA", "#FEF3D6"


def color(text: str) -> Json:
    """`#RRGGBB` as a Color; a channel of 0 is left out, as in real answers."""
    parts = zip(("red", "green", "blue"), (int(text[at : at + 2], 16) / 255 for at in (1, 3, 5)), strict=True)
    return {name: value for name, value in parts if value}


def look(background: str = "#FFFFFF", ink: str = INK, align: str = "", **more: Any) -> Json:
    """An effectiveFormat."""
    text = {"foregroundColor": color(ink), "fontFamily": "Vazirmatn", "fontSize": 10}
    text |= {key: more.pop(key) for key in ("bold", "italic", "fontSize", "strikethrough") if key in more}
    form = {"backgroundColor": color(background), "verticalAlignment": "MIDDLE", "textFormat": text, **more}
    return form | ({"horizontalAlignment": align} if align else {})


def cell(value: Any = None, shown: str | None = None, form: Json | None = None, **more: Any) -> Json:
    """A CellData; `shown` is its formatted value where that differs."""
    out: Json = dict(more)
    if form:
        out["effectiveFormat"] = form
    if value is None:
        return out
    kind = "boolValue" if isinstance(value, bool) else "stringValue" if isinstance(value, str) else "numberValue"
    text = str(value).upper() if isinstance(value, bool) else str(value)
    return out | {"effectiveValue": {kind: value}, "formattedValue": text if shown is None else shown}


def sheet(title: str, rows: list[list[Json]], index: int = 0, widths: list[int] | None = None, **more: Any) -> Json:
    """One entry of `sheets`; unknown keywords go beside `properties`, `properties` and `grid` into them."""
    width = max(map(len, rows), default=1)
    grid = {"rowCount": 1000, "columnCount": width, **more.pop("grid", {})}
    hidden = more.pop("hidden", ())
    columns = [
        {"pixelSize": size, **({"hiddenByUser": True} if at in hidden else {})}
        for at, size in enumerate(widths or [100] * width)
    ]
    heights = more.pop("heights", {})
    data = {
        "rowData": [{"values": row} for row in rows],
        "columnMetadata": columns,
        "rowMetadata": [{"pixelSize": heights.get(at, 28)} for at in range(len(rows) + 20)],
    }
    properties = {"sheetId": index + 1, "title": title, "index": index, "sheetType": "GRID", "gridProperties": grid}
    return {"properties": properties | more.pop("properties", {}), "data": [data], **more}


def spark(data: list[float], **options: Any) -> Json:
    return cell("\u2063sparkline:" + json.dumps({"data": data, "options": options}), shown="\u2063sparkline")


def dropdown(*values: str) -> Json:
    listed = [{"userEnteredValue": value} for value in values]
    return {"condition": {"type": "ONE_OF_LIST", "values": listed}, "showCustomUi": True, "strict": True}


def from_range(area: str) -> Json:
    condition = {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": area}]}
    return {"condition": condition, "showCustomUi": True}


TICK = {"condition": {"type": "BOOLEAN"}, "strict": True}
LINE = {"bottom": {"style": "SOLID", "colorStyle": {"rgbColor": color("#E5E7EB")}}}
HEAD = look(PALE, GREY, bold=True, borders={"bottom": {"style": "SOLID", "color": color("#C4C9CF")}})
PLAIN, PALE_ID = look(borders=LINE), look(ink="#66707B", borders=LINE, fontSize=8)
COMPUTED = look(ink=GREY, italic=True, borders=LINE)


def digits(text: str, persian: bool) -> str:
    return text.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")) if persian else text


def customers(words: Json, count: int = 60) -> Json:
    persian = words is PERSIAN
    header = [cell(title, form=HEAD) for title in words["customers"]]
    header[5] |= {"note": words["note"]}
    formula = f'=VSTACK("{words["customers"][8]}"; ARRAYFORMULA(COUNTIF(deals_customer; customers_id)))'
    header[8] |= {"userEnteredValue": {"formulaValue": formula}}
    rows = [header]
    for at in range(count):
        state = at * 7 % 3
        shade = (AMBER, GREEN, "#FFFFFF")[state]
        ink = ("#7A5200", "#1B5E20", GREY)[state]
        day = words["date"].format(month=at % 12 + 1, day=at * 5 % 28 + 1)
        rows.append(
            [
                cell(f"cu{at + 1:04}", form=PALE_ID),
                cell(words["names"][at % 6], form=PLAIN),
                cell(words["companies"][at * 5 % 6], form=PLAIN),
                cell(f"person{at + 1}@example.com", form=PLAIN),
                cell(f"+98 912 000 {1000 + at * 37}", form=PLAIN),
                cell(
                    words["status"][state],
                    form=look(shade, ink, borders=LINE),
                    dataValidation=from_range("=lists_status"),
                ),
                cell(46000 + at, shown="2026-01-01", form=PLAIN),
                cell(digits(day, persian), form=look(borders=LINE, align="RIGHT")),
                cell(at % 9, form=COMPUTED),
                cell(at * 1250.0, shown=f"{at * 1250:,}", form=COMPUTED),
            ]
        )
    rows[4][9] = {
        "effectiveValue": {"errorValue": {"type": "DIVIDE_BY_ZERO", "message": "Function DIVIDE parameter 2 is zero."}},
        "formattedValue": "#DIV/0!",
        "effectiveFormat": COMPUTED,
    }
    area = {"sheetId": 2, "startRowIndex": 1}
    return sheet(
        words["sheets"][1],
        rows,
        1,
        [64, 150, 140, 190, 150, 110, 90, 130, 80, 110],
        hidden=(6,),
        grid={"frozenRowCount": 1, "frozenColumnCount": 2},
        heights={0: 34},
        properties={"rightToLeft": persian, "tabColorStyle": {"rgbColor": color(ACCENT)}},
        basicFilter={"range": {"sheetId": 2, "startRowIndex": 0, "endRowIndex": 1000, "endColumnIndex": 10}},
        conditionalFormats=[{"ranges": [area]}, {"ranges": [area]}, {"ranges": [area]}],
        protectedRanges=[{"protectedRangeId": 1, "range": area, "warningOnly": True}],
        filterViews=[{"filterViewId": at, "title": title} for at, title in enumerate(words["views"])],
    )


def tasks(words: Json) -> Json:
    persian = words is PERSIAN
    rows = [[cell(title, form=HEAD) for title in words["tasks"]]]
    for at in range(12):
        late = look(RED, "#8C1D18", borders=LINE, bold=True) if at % 5 == 1 else PLAIN
        wrapped = look(borders=LINE, wrapStrategy="WRAP")
        rows.append(
            [
                cell(at % 3 == 0, form=PLAIN, dataValidation=TICK),
                cell(words["todo"][at % 3], form=late),
                cell(words["names"][at % 6], form=PLAIN),
                cell(digits(words["date"].format(month=9, day=at + 3), persian), form=late),
                cell(words["urgency"][at % 3], form=PLAIN, dataValidation=dropdown(*words["urgency"])),
                cell(words["text"] if at % 4 == 0 else words["todo"][0], form=wrapped),
            ]
        )
    rows += [[cell(False, form=PLAIN, dataValidation=TICK)] for _ in range(80)]
    return sheet(
        words["sheets"][2],
        rows,
        2,
        [70, 230, 150, 110, 110, 330],
        grid={"frozenRowCount": 1},
        properties={"rightToLeft": persian},
        conditionalFormats=[{}],
    )


def dashboard(words: Json) -> Json:
    persian = words is PERSIAN
    blank = [cell() for _ in range(13)]
    rows = [list(blank) for _ in range(14)]
    rows[1][1] = cell(words["title"], form=look(fontSize=20, bold=True))
    rows[2][1] = cell(words["heading"], form=look(ink=GREY))
    for number, (name, figure, change) in enumerate(words["cards"]):
        at = 1 + number * 4
        ink = "#B3261E" if "▼" in change else "#1B6E3A"
        forms = [look(PALE, GREY, fontSize=9), look(PALE, INK, fontSize=24, bold=True), look(PALE, ink, fontSize=9)]
        for offset, (text, form) in enumerate(zip((name, figure, change), forms, strict=True)):
            rows[4 + offset][at] = cell(text, form=form)
            rows[4 + offset][at + 1] = rows[4 + offset][at + 2] = cell(form=form)
    rows[7][1] = spark([3, 5, 4, 8, 7, 11, 9, 14], charttype="line", color=ACCENT, linewidth=2)
    rows[7][5] = spark([3, 5, -2, 8, -1, 6], charttype="column", color=ACCENT, negcolor="#B3261E")
    rows[7][9] = spark([62, 38], charttype="bar", max=100, color1=ACCENT, color2="#D0D7DE", rtl=persian)
    merges = [
        {"startRowIndex": row, "endRowIndex": row + 1, "startColumnIndex": at, "endColumnIndex": at + 3}
        for row in (4, 5, 6, 7)
        for at in (1, 5, 9)
    ]
    anchor = {"sheetId": 1, "rowIndex": 9, "columnIndex": 1}
    place = {"overlayPosition": {"anchorCell": anchor, "widthPixels": 760, "heightPixels": 260}}
    return sheet(
        words["sheets"][0],
        rows,
        0,
        [24, 90, 90, 90, 24, 90, 90, 90, 24, 90, 90, 90, 24],
        grid={"hideGridlines": True},
        heights={1: 44, 5: 52, 7: 46},
        properties={"rightToLeft": persian},
        merges=merges,
        charts=[{"chartId": 1, "position": place, "spec": {"title": words["chart"]}}],
    )


def workbook(words: Json, count: int = 60) -> Json:
    """The whole sample in the language of `words` (ENGLISH or PERSIAN)."""
    right = {"rightToLeft": words is PERSIAN}
    lists = [[cell(words["customers"][5], form=HEAD)], *([cell(status, form=PLAIN)] for status in words["status"])]
    link = cell("example.com", form=look(ink="#1155CC"), hyperlink="https://example.com/help?a=1&b=2")
    settings = [[cell("key", form=HEAD), cell("value", form=HEAD)], [cell("help"), link]]
    sheets = [
        dashboard(words),
        customers(words, count),
        tasks(words),
        sheet(words["sheets"][3], lists, 3, [180], grid={"frozenRowCount": 1}, properties=right),
        sheet(words["sheets"][4], settings, 4, properties=right),
        sheet("_helper", [[cell("x")]], 5, properties={"hidden": True}),
    ]
    names = [
        {
            "name": "lists_status",
            "range": {"sheetId": 4, "startRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1},
        }
    ]
    properties = {
        "title": words["title"],
        "locale": "en_US",
        "defaultFormat": {"textFormat": {"fontFamily": "Vazirmatn", "fontSize": 10}},
    }
    return {"spreadsheetId": "sample", "properties": properties, "sheets": sheets, "namedRanges": names}


HOSTILE_TEXTS = (
    "<script>document.documentElement.dataset.owned=1</script>",
    '"><img src=x onerror="document.documentElement.dataset.owned=1">',
    "' onmouseover='x",
    "</td></tr></table></style></script><!--",
    "\u202egnp.exe\u202c and \u2066isolated\u2069",
    "\x00\x07\ud800 broken",
    "{{ 7 * 7 }} {% raw %}",
    "]]>&amp;&#60;",
    "Z" * 50_000,
)


def hostile() -> Json:
    """Every text that can come from a person, in every place of the JSON that holds text."""
    rows = [[cell(text, note=text, hyperlink="javascript:alert(1)//" + text[:40])] for text in HOSTILE_TEXTS]
    rows.append([cell(text, dataValidation=dropdown(text)) for text in HOSTILE_TEXTS])
    rows.append(
        [{"effectiveValue": {"errorValue": {"message": text}}, "formattedValue": "#N/A"} for text in HOSTILE_TEXTS]
    )
    rows.append([cell("x", userEnteredValue={"formulaValue": "=" + text}) for text in HOSTILE_TEXTS])
    rows.append([cell("\u2063sparkline:" + text) for text in HOSTILE_TEXTS])
    rows.append([cell("f", form={"textFormat": {"fontFamily": text}}) for text in HOSTILE_TEXTS])
    rows.append([spark([1, 2], charttype="bar", color1=text, color2=text) for text in HOSTILE_TEXTS])
    views = [{"title": text} for text in HOSTILE_TEXTS]
    chart = {"position": {"overlayPosition": {}}, "spec": {"title": HOSTILE_TEXTS[0]}}
    sheets = [
        sheet(text[:90] + str(at), rows if at == 0 else [[cell(text)]], at, filterViews=views, charts=[chart])
        for at, text in enumerate(HOSTILE_TEXTS)
    ]
    return {"properties": {"title": HOSTILE_TEXTS[0], "locale": "x<y"}, "sheets": sheets}


def large(sheets: int = 14, rows: int = 900) -> Json:
    """As much as a busy small firm has: every sheet full of customers."""
    one = customers(ENGLISH, rows)
    wide = [row["values"] + row["values"] for row in one["data"][0]["rowData"]]
    data = [{"rowData": [{"values": row} for row in wide]}]
    entries = [
        one | {"properties": one["properties"] | {"title": f"S{n}", "index": n}, "data": data} for n in range(sheets)
    ]
    return {"properties": {"title": "Large"}, "sheets": entries}
