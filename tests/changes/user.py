"""What people do in a sheet, each as one short call; places are those that the sheet has at that moment, from 0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crm_builder.a1 import letters, quote
from crm_builder.google import Client

Json = dict[str, Any]
Area = tuple[int, int, int, int]  # first row, first column, and the ones behind the last
_STATE = (
    "sheets(properties,charts(chartId),basicFilter,conditionalFormats,bandedRanges,protectedRanges,merges),namedRanges"
)
_RED = {"red": 1.0}


class User:
    """Somebody who works in one spreadsheet. Whatever makes a thing gives its id."""

    def __init__(self, client: Client, id: str):
        self.client, self.id = client, id

    def send(self, *requests: Json) -> list[Json]:
        return self.client.batch_update(self.id, requests)

    # -- what there is ---------------------------------------------------------------------------------------------

    def state(self) -> Json:
        """The spreadsheet without its cells."""
        return self.client.get(self.id, fields=_STATE)

    def sheets(self) -> dict[int, Json]:
        """Every sheet by its id, in their order."""
        return {sheet["properties"].get("sheetId", 0): sheet for sheet in self.state()["sheets"]}

    def size(self, sheet_id: int) -> tuple[int, int]:
        grid = self.sheets()[sheet_id]["properties"]["gridProperties"]
        return grid["rowCount"], grid["columnCount"]

    def title(self, sheet_id: int) -> str:
        return self.sheets()[sheet_id]["properties"]["title"]

    def names(self) -> dict[str, Json]:
        return {one["name"]: one for one in self.state().get("namedRanges", ())}

    def values(self, sheet_id: int, render: str = "UNFORMATTED_VALUE") -> list[list[Any]]:
        return self.client.values_get(self.id, quote(self.title(sheet_id)), render)

    def find(self, sheet_id: int, text: str) -> tuple[int, int]:
        """Row and column of the first cell that shows the text. LookupError where there is none."""
        for row, line in enumerate(self.values(sheet_id, "FORMATTED_VALUE")):
            if text in line:
                return row, line.index(text)
        raise LookupError(text)

    # -- cells -----------------------------------------------------------------------------------------------------

    def type(self, sheet_id: int, row: int, column: int, value: Any) -> None:
        """As if typed: "5%" is a number, "=A1" a formula. Over a formula or another value too."""
        self.type_block(sheet_id, row, column, [[value]])

    def type_block(self, sheet_id: int, row: int, column: int, values: Sequence[Sequence[Any]]) -> None:
        """Several cells; None leaves a cell as it is."""
        self.client.call(
            self.client.values.update(
                spreadsheetId=self.id,
                range=f"{quote(self.title(sheet_id))}!{letters(column)}{row + 1}",
                valueInputOption="USER_ENTERED",
                body={"values": [list(line) for line in values]},
            )
        )

    def retitle(self, sheet_id: int, row: int, column: int, text: str) -> None:
        """Another title into a header cell, as a text whatever it looks like."""
        self._write(sheet_id, (row, column, row + 1, column + 1), {"userEnteredValue": {"stringValue": text}})

    def clear(self, sheet_id: int, area: Area) -> None:
        """The delete key: contents go, formats stay."""
        r0, c0, r1, c1 = area
        where = f"{quote(self.title(sheet_id))}!{letters(c0)}{r0 + 1}:{letters(c1 - 1)}{r1}"
        self.client.call(self.client.values.clear(spreadsheetId=self.id, range=where, body={}))

    def note(self, sheet_id: int, row: int, column: int, text: str) -> None:
        self._write(sheet_id, (row, column, row + 1, column + 1), {"note": text})

    def recolour(self, sheet_id: int, area: Area, colour: Json | None = None) -> None:
        look = {"backgroundColorStyle": {"rgbColor": colour or _RED}}
        self._write(sheet_id, area, {"userEnteredFormat": look}, "userEnteredFormat.backgroundColorStyle")

    def number_format(self, sheet_id: int, area: Area, pattern: str, kind: str = "NUMBER") -> None:
        look = {"numberFormat": {"type": kind, "pattern": pattern}}
        self._write(sheet_id, area, {"userEnteredFormat": look}, "userEnteredFormat.numberFormat")

    def validate(self, sheet_id: int, area: Area, choices: Sequence[str] | None) -> None:
        """A dropdown of one's own; None takes away what is there."""
        values = [{"userEnteredValue": choice} for choice in choices or ()]
        rule = {"condition": {"type": "ONE_OF_LIST", "values": values}, "showCustomUi": True}
        body: Json = {"range": grid_range(sheet_id, area)}
        self.send({"setDataValidation": body if choices is None else body | {"rule": rule}})

    def paste(self, sheet_id: int, source: Area, row: int, column: int, to: int | None = None) -> None:
        """Copies a block with all that its cells hold: rules go into pieces, dropdowns are overwritten."""
        r0, c0, r1, c1 = source
        target = (row, column, row + r1 - r0, column + c1 - c0)
        areas = grid_range(sheet_id, source), grid_range(sheet_id if to is None else to, target)
        self.send({"copyPaste": {"source": areas[0], "destination": areas[1], "pasteType": "PASTE_NORMAL"}})

    def cut(self, sheet_id: int, source: Area, row: int, column: int, to: int | None = None) -> None:
        """Drags a block somewhere else."""
        place = {"sheetId": sheet_id if to is None else to, "rowIndex": row, "columnIndex": column}
        self.send({"cutPaste": {"source": grid_range(sheet_id, source), "destination": place}})

    def merge(self, sheet_id: int, area: Area) -> None:
        self.send({"mergeCells": {"range": grid_range(sheet_id, area), "mergeType": "MERGE_ALL"}})

    def unmerge(self, sheet_id: int, area: Area) -> None:
        self.send({"unmergeCells": {"range": grid_range(sheet_id, area)}})

    def _write(self, sheet_id: int, area: Area, cell: Json, fields: str = "") -> None:
        body = {"range": grid_range(sheet_id, area), "cell": cell, "fields": fields or ",".join(cell)}
        self.send({"repeatCell": body})

    # -- rows and columns ------------------------------------------------------------------------------------------

    def insert_rows(self, sheet_id: int, at: int, count: int = 1, *, like_above: bool = False) -> None:
        self._insert(sheet_id, "ROWS", at, count, like_above)

    def insert_column(self, sheet_id: int, at: int, count: int = 1, *, like_left: bool = False) -> None:
        self._insert(sheet_id, "COLUMNS", at, count, like_left)

    def _insert(self, sheet_id: int, dimension: str, at: int, count: int, before: bool) -> None:
        body = {"range": span(sheet_id, dimension, at, at + count), "inheritFromBefore": before}
        self.send({"insertDimension": body})

    def delete_rows(self, sheet_id: int, at: int, count: int = 1) -> None:
        self.send({"deleteDimension": {"range": span(sheet_id, "ROWS", at, at + count)}})

    def delete_column(self, sheet_id: int, at: int, count: int = 1) -> None:
        self.send({"deleteDimension": {"range": span(sheet_id, "COLUMNS", at, at + count)}})

    def move_rows(self, sheet_id: int, at: int, before: int, count: int = 1) -> None:
        """Drags rows to stand before another one, as rows are counted before the move."""
        self.send({"moveDimension": {"source": span(sheet_id, "ROWS", at, at + count), "destinationIndex": before}})

    def move_column(self, sheet_id: int, at: int, before: int, count: int = 1) -> None:
        self.send({"moveDimension": {"source": span(sheet_id, "COLUMNS", at, at + count), "destinationIndex": before}})

    def add_rows(self, sheet_id: int, count: int) -> None:
        """At the end, by the button there."""
        self.send({"appendDimension": {"sheetId": sheet_id, "dimension": "ROWS", "length": count}})

    def hide_column(self, sheet_id: int, at: int, hidden: bool = True) -> None:
        self._shape(sheet_id, "COLUMNS", at, {"hiddenByUser": hidden})

    def hide_row(self, sheet_id: int, at: int, hidden: bool = True) -> None:
        self._shape(sheet_id, "ROWS", at, {"hiddenByUser": hidden})

    def resize(self, sheet_id: int, at: int, pixels: int, dimension: str = "COLUMNS") -> None:
        self._shape(sheet_id, dimension, at, {"pixelSize": pixels})

    def _shape(self, sheet_id: int, dimension: str, at: int, properties: Mapping[str, Any]) -> None:
        body = {"range": span(sheet_id, dimension, at, at + 1), "properties": dict(properties)}
        self.send({"updateDimensionProperties": body | {"fields": ",".join(properties)}})

    def sort(self, sheet_id: int, column: int, *, header: int = 0, descending: bool = False) -> None:
        """All rows below the header by one column."""
        rows, columns = self.size(sheet_id)
        area = grid_range(sheet_id, (header + 1, 0, rows, columns))
        order = {"dimensionIndex": column, "sortOrder": "DESCENDING" if descending else "ASCENDING"}
        self.send({"sortRange": {"range": area, "sortSpecs": [order]}})

    def filter(self, sheet_id: int, column: int, hidden: Sequence[str]) -> None:
        """Hides values of a column by the sheet's filter; one over the whole sheet where there is none."""
        rows, columns = self.size(sheet_id)
        old = self.sheets()[sheet_id].get("basicFilter", {"range": grid_range(sheet_id, (0, 0, rows, columns))})
        specs = [one for one in old.get("filterSpecs", ()) if one.get("columnIndex", 0) != column]
        if hidden:
            specs.append({"columnIndex": column, "filterCriteria": {"hiddenValues": list(hidden)}})
        new = {key: value for key, value in old.items() if key != "criteria"} | {"filterSpecs": specs}
        self.send({"setBasicFilter": {"filter": new}})

    def clear_filter(self, sheet_id: int) -> None:
        self.send({"clearBasicFilter": {"sheetId": sheet_id}})

    # -- sheets ----------------------------------------------------------------------------------------------------

    def add_sheet(self, title: str, index: int | None = None) -> int:
        properties: Json = {"title": title, "gridProperties": {"rowCount": 20, "columnCount": 6}}
        properties |= {} if index is None else {"index": index}
        return self.send({"addSheet": {"properties": properties}})[0]["addSheet"]["properties"]["sheetId"]

    def delete_sheet(self, sheet_id: int) -> None:
        self.send({"deleteSheet": {"sheetId": sheet_id}})

    def duplicate_sheet(self, sheet_id: int, title: str) -> int:
        body = {"sourceSheetId": sheet_id, "newSheetName": title}
        return self.send({"duplicateSheet": body})[0]["duplicateSheet"]["properties"]["sheetId"]

    def rename_sheet(self, sheet_id: int, title: str) -> None:
        self._sheet(sheet_id, "title", {"title": title})

    def move_sheet(self, sheet_id: int, index: int) -> None:
        self._sheet(sheet_id, "index", {"index": index})

    def hide_sheet(self, sheet_id: int, hidden: bool = True) -> None:
        self._sheet(sheet_id, "hidden", {"hidden": hidden})

    def recolour_tab(self, sheet_id: int, colour: Json | None = None) -> None:
        self._sheet(sheet_id, "tabColorStyle", {"tabColorStyle": {"rgbColor": colour or _RED}})

    def freeze(self, sheet_id: int, rows: int) -> None:
        self._sheet(sheet_id, "gridProperties.frozenRowCount", {"gridProperties": {"frozenRowCount": rows}})

    def _sheet(self, sheet_id: int, fields: str, properties: Json) -> None:
        self.send({"updateSheetProperties": {"properties": {"sheetId": sheet_id, **properties}, "fields": fields}})

    # -- things on sheets ------------------------------------------------------------------------------------------

    def add_rule(self, sheet_id: int, area: Area, formula: str, index: int = 0) -> None:
        condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": formula}]}
        look = {"condition": condition, "format": {"backgroundColorStyle": {"rgbColor": _RED}}}
        rule = {"ranges": [grid_range(sheet_id, area)], "booleanRule": look}
        self.send({"addConditionalFormatRule": {"rule": rule, "index": index}})

    def delete_rule(self, sheet_id: int, index: int) -> None:
        self.send({"deleteConditionalFormatRule": {"sheetId": sheet_id, "index": index}})

    def add_chart(self, sheet_id: int, area: Area, row: int = 0, column: int = 0, title: str = "Mine") -> int:
        """Columns of the area's last column over its first one, in its own sheet."""
        r0, c0, r1, c1 = area
        domain, series = (
            {"sourceRange": {"sources": [grid_range(sheet_id, (r0, at, r1, at + 1))]}} for at in (c0, c1 - 1)
        )
        basic = {"chartType": "COLUMN", "domains": [{"domain": domain}], "series": [{"series": series}]}
        anchor = {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}
        chart = {"spec": {"title": title, "basicChart": basic}, "position": {"overlayPosition": {"anchorCell": anchor}}}
        return self.send({"addChart": {"chart": chart}})[0]["addChart"]["chart"]["chartId"]

    def move_chart(self, chart_id: int, sheet_id: int, row: int, column: int) -> None:
        place = {"overlayPosition": {"anchorCell": {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}}}
        self.send(
            {"updateEmbeddedObjectPosition": {"objectId": chart_id, "newPosition": place, "fields": "anchorCell"}}
        )

    def delete_chart(self, chart_id: int) -> None:
        """A slicer goes in the same way."""
        self.send({"deleteEmbeddedObject": {"objectId": chart_id}})

    def add_named_range(self, name: str, sheet_id: int, area: Area) -> str:
        body = {"namedRange": {"name": name, "range": grid_range(sheet_id, area)}}
        return self.send({"addNamedRange": body})[0]["addNamedRange"]["namedRange"]["namedRangeId"]

    def rename_named_range(self, name: str, new: str) -> None:
        own = {"namedRangeId": self.names()[name]["namedRangeId"], "name": new}
        self.send({"updateNamedRange": {"namedRange": own, "fields": "name"}})

    def delete_named_range(self, name: str) -> None:
        self.send({"deleteNamedRange": {"namedRangeId": self.names()[name]["namedRangeId"]}})

    def add_filter_view(self, title: str, sheet_id: int, area: Area) -> int:
        body = {"filter": {"title": title, "range": grid_range(sheet_id, area)}}
        return self.send({"addFilterView": body})[0]["addFilterView"]["filter"]["filterViewId"]

    def delete_filter_view(self, view_id: int) -> None:
        self.send({"deleteFilterView": {"filterId": view_id}})

    def protect(self, sheet_id: int, area: Area) -> int:
        body = {"protectedRange": {"range": grid_range(sheet_id, area), "warningOnly": True, "description": "Mine"}}
        return self.send({"addProtectedRange": body})[0]["addProtectedRange"]["protectedRange"]["protectedRangeId"]

    def unprotect(self, protection_id: int) -> None:
        self.send({"deleteProtectedRange": {"protectedRangeId": protection_id}})

    def add_banding(self, sheet_id: int, area: Area) -> int:
        white, red = ({"rgbColor": one} for one in ({"red": 1.0, "green": 1.0, "blue": 1.0}, _RED))
        rows = {"firstBandColorStyle": white, "secondBandColorStyle": red}
        body = {"bandedRange": {"range": grid_range(sheet_id, area), "rowProperties": rows}}
        return self.send({"addBanding": body})[0]["addBanding"]["bandedRange"]["bandedRangeId"]

    def delete_banding(self, banding_id: int) -> None:
        self.send({"deleteBanding": {"bandedRangeId": banding_id}})


def grid_range(sheet_id: int, area: Area) -> Json:
    names = ("startRowIndex", "startColumnIndex", "endRowIndex", "endColumnIndex")
    return {"sheetId": sheet_id, **dict(zip(names, area, strict=True))}


def span(sheet_id: int, dimension: str, start: int, end: int) -> Json:
    return {"sheetId": sheet_id, "dimension": dimension, "startIndex": start, "endIndex": end}
