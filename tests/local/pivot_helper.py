"""Short ways to make pivot tables over REST and to read what they show."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
DEALS = [
    ["Product", "Region", "Amount", "Closed"],
    ["Pen", "North", 10, "2026-01-05"],
    ["Ink", "South", 20, "2026-01-20"],
    ["Pen", "South", 30, "2026-02-03"],
    ["Ink", "North", 40, "2026-03-09"],
]


def group(offset: int, **more: Any) -> Json:
    return {"sourceColumnOffset": offset, "sortOrder": "ASCENDING", "showTotals": True, **more}


def value(offset: int, function: str = "SUM", **more: Any) -> Json:
    return {"sourceColumnOffset": offset, "summarizeFunction": function, **more}


def by_product(**more: Any) -> Json:
    """Amount by product over A1:D5 of the first sheet."""
    source = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 5, "startColumnIndex": 0, "endColumnIndex": 4}
    return {"source": source, "rows": [group(0)], "values": [value(2)], **more}


def put(local: Any, cell: str, rows: list[list[Any]], option: str = "USER_ENTERED") -> None:
    local.values.update(spreadsheetId=local.id, range=cell, body={"values": rows}, valueInputOption=option).execute()


def send(local: Any, *requests: Json) -> Json:
    return local.sheets.batchUpdate(spreadsheetId=local.id, body={"requests": list(requests)}).execute()


def pivot_request(pivot: Json | None, row: int = 0, column: int = 5, sheet: int = 0) -> Json:
    start = {"sheetId": sheet, "rowIndex": row, "columnIndex": column}
    cell = {} if pivot is None else {"pivotTable": pivot}
    return {"updateCells": {"start": start, "rows": [{"values": [cell]}], "fields": "pivotTable"}}


def pivot_at(local: Any, pivot: Json | None, row: int = 0, column: int = 5, sheet: int = 0) -> None:
    """Writes the definition into F1 or another cell; None deletes it."""
    send(local, pivot_request(pivot, row, column, sheet))


def shown(local: Any, area: str, option: str = "UNFORMATTED_VALUE") -> list[list[Any]]:
    answer = local.values.get(spreadsheetId=local.id, range=area, valueRenderOption=option).execute()
    return answer.get("values", [])


def cells(local: Any, area: str, fields: str = "*") -> list[list[Json]]:
    """CellData of an area."""
    mask = f"sheets(data(rowData(values({fields}))))" if fields != "*" else "sheets(data(rowData(values)))"
    answer = local.sheets.get(spreadsheetId=local.id, ranges=[area], fields=mask).execute()
    return [row.get("values", []) for row in answer["sheets"][0]["data"][0].get("rowData", [])]
