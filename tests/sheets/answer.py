"""What spreadsheets.get answers after a list of requests: just enough of the service for reading tests."""

from __future__ import annotations

import copy
import re
from typing import Any

Json = dict[str, Any]

_ROW = re.compile(r"(\$[A-Z]+)(\d+)")


def answer(requests: list[Json], computed: dict[str, str] | None = None) -> Json:
    """The answer; `computed` maps a formula to the text that it shows."""
    service = _Service(computed or {})
    for request in copy.deepcopy(requests):
        ((kind, body),) = request.items()
        getattr(service, kind)(body)
    return service.answer()


class _Service:
    def __init__(self, computed: dict[str, str]):
        self.book: Json = {"properties": {}, "namedRanges": [], "developerMetadata": []}
        self.sheets: dict[int, Json] = {0: {"properties": {"sheetId": 0, "title": "Sheet1"}}}
        self.cells: dict[int, dict[tuple[int, int], Json]] = {}
        self.lines: dict[tuple[int, str], dict[int, Json]] = {}
        self.computed = computed

    def updateSpreadsheetProperties(self, body: Json) -> None:
        self.book["properties"] |= body["properties"]

    def updateSheetProperties(self, body: Json) -> None:
        self.sheets[body["properties"]["sheetId"]]["properties"] |= body["properties"]

    def addSheet(self, body: Json) -> None:
        self.sheets[body["properties"]["sheetId"]] = {"properties": body["properties"]}

    def deleteSheet(self, body: Json) -> None:
        del self.sheets[body["sheetId"]]

    def addNamedRange(self, body: Json) -> None:
        self.book["namedRanges"].append(body["namedRange"])

    def addBanding(self, body: Json) -> None:
        self._on(body["bandedRange"]["range"]).setdefault("bandedRanges", []).append(body["bandedRange"])

    def setBasicFilter(self, body: Json) -> None:
        self._on(body["filter"]["range"])["basicFilter"] = body["filter"]

    def addFilterView(self, body: Json) -> None:
        self._on(body["filter"]["range"]).setdefault("filterViews", []).append(body["filter"])

    def addConditionalFormatRule(self, body: Json) -> None:
        held = self._on(body["rule"]["ranges"][0]).setdefault("conditionalFormats", [])
        held.insert(body["index"], body["rule"])

    def addProtectedRange(self, body: Json) -> None:
        self._on(body["protectedRange"]["range"]).setdefault("protectedRanges", []).append(body["protectedRange"])

    def mergeCells(self, body: Json) -> None:
        grid, merges = body["range"], self._on(body["range"]).setdefault("merges", [])
        size = self._on(grid)["properties"]["gridProperties"]
        whole = {"startRowIndex": 0, "endRowIndex": size["rowCount"]}
        whole |= {"startColumnIndex": 0, "endColumnIndex": size["columnCount"], **grid}
        if body["mergeType"] == "MERGE_ALL":
            merges.append(whole)
            return
        for row in range(whole["startRowIndex"], whole["endRowIndex"]):
            merges.append(whole | {"startRowIndex": row, "endRowIndex": row + 1})

    def addChart(self, body: Json) -> None:
        self._float("charts", body["chart"])

    def addSlicer(self, body: Json) -> None:
        self._float("slicers", body["slicer"])

    def _float(self, kind: str, held: Json) -> None:
        sheet = self._on(held["position"]["overlayPosition"]["anchorCell"])
        sheet.setdefault(kind, []).append(without_zeros(held))

    def createDeveloperMetadata(self, body: Json) -> None:
        mark = body["developerMetadata"]
        location = mark.pop("location")
        if "spreadsheet" in location:
            self.book["developerMetadata"].append(mark)
        elif "sheetId" in location:
            self.sheets[location["sheetId"]].setdefault("developerMetadata", []).append(mark)
        else:
            span = location["dimensionRange"]
            line = self._line(span["sheetId"], span["dimension"], span["startIndex"])
            line.setdefault("developerMetadata", []).append(mark)

    def updateDimensionProperties(self, body: Json) -> None:
        span = body["range"]
        for index in range(span["startIndex"], span["endIndex"]):
            self._line(span["sheetId"], span["dimension"], index).update(body["properties"])

    def repeatCell(self, body: Json) -> None:
        for cell in self._cells(body["range"]):
            _put(cell, body["cell"], body["fields"])

    def setDataValidation(self, body: Json) -> None:
        width = self._width(body["range"])
        for number, cell in enumerate(self._cells(body["range"])):
            cell["dataValidation"] = _below(body["rule"], number // width)

    def updateCells(self, body: Json) -> None:
        start = body["start"]
        held = self.cells.setdefault(start["sheetId"], {})
        for row, line in enumerate(body["rows"], start["rowIndex"]):
            for column, data in enumerate(line["values"], start["columnIndex"]):
                cell = held.setdefault((row, column), {})
                _put(cell, data, body["fields"])
                if "pivotTable" in data:
                    cell["pivotTable"] = without_zeros(data["pivotTable"])
                formula = data.get("userEnteredValue", {}).get("formulaValue")
                if formula in self.computed:
                    cell["effectiveValue"] = {"stringValue": self.computed[formula]}

    def _on(self, grid: Json) -> Json:
        return self.sheets[grid["sheetId"]]

    def _line(self, sheet_id: int, dimension: str, index: int) -> Json:
        return self.lines.setdefault((sheet_id, dimension), {}).setdefault(index, {})

    def _width(self, grid: Json) -> int:
        size = self._on(grid)["properties"]["gridProperties"]
        return grid.get("endColumnIndex", size["columnCount"]) - grid.get("startColumnIndex", 0)

    def _cells(self, grid: Json) -> list[Json]:
        size = self._on(grid)["properties"]["gridProperties"]
        held = self.cells.setdefault(grid["sheetId"], {})
        return [
            held.setdefault((row, column), {})
            for row in range(grid.get("startRowIndex", 0), grid.get("endRowIndex", size["rowCount"]))
            for column in range(grid.get("startColumnIndex", 0), grid.get("endColumnIndex", size["columnCount"]))
        ]

    def answer(self) -> Json:
        sheets = sorted(self.sheets.values(), key=lambda sheet: sheet["properties"]["index"])
        return {**self.book, "sheets": [{**sheet, "data": [self._data(sheet)]} for sheet in sheets]}

    def _data(self, sheet: Json) -> Json:
        sheet_id, size = sheet["properties"]["sheetId"], sheet["properties"]["gridProperties"]
        held = self.cells.get(sheet_id, {})
        columns, rows = self.lines.get((sheet_id, "COLUMNS"), {}), self.lines.get((sheet_id, "ROWS"), {})
        return {
            "rowData": [
                {"values": [held.get((row, column), {}) for column in range(size["columnCount"])]}
                for row in range(size["rowCount"])
            ],
            "rowMetadata": [{"pixelSize": 21, **rows.get(row, {})} for row in range(size["rowCount"])],
            "columnMetadata": [{"pixelSize": 100, **columns.get(index, {})} for index in range(size["columnCount"])],
        }


def _below(rule: Json, rows: int) -> Json:
    """The rule as it stands so many rows further down: the rows of its references follow, but for those in texts."""
    rule = copy.deepcopy(rule)
    for value in rule["condition"].get("values", ()):
        text = value.get("userEnteredValue", "")
        if text.startswith("=") and rule["condition"]["type"] != "ONE_OF_LIST":
            pieces = text.split('"')
            pieces[::2] = [_ROW.sub(lambda m: m[1] + str(int(m[2]) + rows), piece) for piece in pieces[::2]]
            value["userEnteredValue"] = '"'.join(pieces)
    return rule


def without_zeros(value: Any) -> Any:
    """Zeros, falses and empty texts are left out of answers."""
    if isinstance(value, dict):
        return {key: without_zeros(item) for key, item in value.items() if item not in (0, False, "")}
    return [without_zeros(item) for item in value] if isinstance(value, list) else value


def _put(cell: Json, data: Json, fields: str) -> None:
    for path in fields.split(","):
        *steps, last = path.split(".")
        target, source = cell, data
        for step in steps:
            target, source = target.setdefault(step, {}), source.get(step, {})
        if last in source:
            target[last] = copy.deepcopy(source[last])
        else:
            target.pop(last, None)
