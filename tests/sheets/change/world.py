"""A small CRM in a local workspace that people and descriptions change, for tests of compiled changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from crm_builder.google import Client
from crm_builder.model import (
    Area,
    Banding,
    BasicFilter,
    Cell,
    CellFormat,
    Chart,
    Column,
    Condition,
    ConditionalRule,
    Criterion,
    FilterView,
    NamedRange,
    NumberFormat,
    Pivot,
    PivotGroup,
    PivotValue,
    Place,
    Protection,
    Series,
    Sheet,
    Slicer,
    Validation,
    Workbook,
)
from crm_builder.model.compare import differences
from crm_builder.plan.changes import Change, Id, Plan, Wishes
from crm_builder.plan.diff import compare
from crm_builder.sheets import (
    READ_FIELDS,
    Layout,
    Observed,
    canonical,
    check_workbook,
    compile_new,
    read,
    split_batches,
)
from crm_builder.sheets.change import compile_changes
from crm_builder.sheets.change.marks import adoption_marks
from crm_builder.sheets.compile import pack_batches

Json = dict[str, Any]
HEADER = CellFormat(bold=True, background="#F3F4F6")
GREY = CellFormat(color="#666666", italic=True)


def crm() -> Workbook:
    """A table with people, the lists it takes from, figures with a pivot table and a chart."""
    return Workbook(
        "CRM",
        "en_US",
        "Europe/Berlin",
        (_people(), _lists(), _board()),
        names=(
            NamedRange("people_name", Area("people", "name")),
            NamedRange("people_worth", Area("people", "worth")),
            NamedRange("lists_stage", Area("lists", "stage")),
        ),
        marks=(("version", "1"),),
        font="Arial",
        size=10,
    )


def table() -> Workbook:
    """The same without what counts the columns of the table: that would be aimed elsewhere by columns of others."""
    sheets = tuple(replace(one, pivots=(), slicers=()) for one in crm().sheets)
    return replace(crm(), sheets=sheets)


def _people() -> Sheet:
    stage = Validation(Condition("one_of_range", (Area("lists", "stage"),)), strict=True, dropdown=True)
    double = '=VSTACK("Double"; ARRAYFORMULA(IF(people_name=""; ; people_worth*2)))'
    return Sheet(
        "people",
        "People",
        "table",
        (
            Column("name", "Name", width=150, header=HEADER, note="Full name"),
            Column("stage", "Stage", header=HEADER, validation=stage, list="stage"),
            Column("worth", "Worth", header=HEADER, format=CellFormat(number=NumberFormat("number", "#,##0"))),
            Column("double", "Double", header=HEADER, formula=double, format=GREY),
        ),
        rows=30,
        frozen_rows=1,
        frozen_columns=1,
        rules=(
            rule("won", '=[stage]="Won"', "#E6F4EA"),
            rule("rich", "=[worth]>100", "#FFF8E1", Area("people", "name", "worth")),
        ),
        banding=(Banding("rows", Area("people"), "#FFFFFF", "#F8F9FA"),),
        filter=BasicFilter(Area("people", first_row=1)),
        views=(FilterView("won", "Won", Area("people", first_row=1), (Criterion("stage", hidden=("Open",)),)),),
        protections=(Protection("double", Area("people", "double", first_row=1), "A formula stands here"),),
    )


def rule(key: str, formula: str, colour: str, area: Area | None = None) -> ConditionalRule:
    condition = Condition("custom_formula", (formula,))
    return ConditionalRule(key, (area or Area("people"),), condition, CellFormat(background=colour))


def _lists() -> Sheet:
    return Sheet(
        "lists",
        "Lists",
        "table",
        (Column("stage", "Stage", header=HEADER), Column("colour", "Colour", header=HEADER), Column("city", "City")),
        rows=8,
        cells=(
            *item("stage/open", 2, stage="Open", colour="#1A73E8"),
            *item("stage/won", 3, stage="Won", colour="#137333"),
            *item("city/berlin", 2, city="Berlin"),
        ),
    )


def item(key: str, row: int, **values: str) -> tuple[Cell, ...]:
    return tuple(Cell(row, column, value, item=key) for column, value in values.items())


def _board() -> Sheet:
    month, sales = (Area("board", key, first_row=12, last_row=15) for key in "ab")
    figures = ((12, "Month", "Sales"), (13, "Jan", 3), (14, "Feb", 5), (15, "Mar", 4))
    return Sheet(
        "board",
        "Board",
        "view",
        tuple(Column(key, width=80) for key in "abcdefgh"),
        rows=40,
        gridlines=False,
        cells=(
            Cell(1, "a", "Board", format=CellFormat(bold=True, size=20)),
            Cell(2, "a", formula='=COUNTIF(people_name; "?*")', format=CellFormat(number=NumberFormat("number", "0"))),
            Cell(3, "a", "People", link="people"),
            *(Cell(row, key, value) for row, *line in figures for key, value in zip("ab", line, strict=True)),
        ),
        merges=(Area("board", "a", "c", 1, 1),),
        heights=((1, 40),),
        charts=(Chart("sales", "Sales", "column", Place(5, "d", 300, 200), month, (Series(sales, "#1A73E8"),)),),
        pivots=(
            Pivot(
                "by_stage", 20, "a", Area("people", first_row=1), (PivotGroup("stage"),),
                (PivotValue("worth", "sum", "Worth"),),
            ),
        ),
        slicers=(Slicer("stage", "Stage", Place(18, "f", 200, 40), Area("people", first_row=1), "stage"),),
    )  # fmt: skip


class World:
    """A spreadsheet that holds `crm()`; `sent` are the requests of the last apply."""

    def __init__(self, client: Client, workbook: Workbook | None = None):
        self.client, self.baseline = client, canonical(workbook or crm())
        check_workbook(self.baseline)
        self.file = client.create_file(self.baseline.title, "test")["id"]
        for batch in split_batches(compile_new(self.baseline, Layout.plan(self.baseline))):
            client.batch_update(self.file, batch)
        self.sent: list[Json] = []

    # -- people

    def do(self, *requests: Json) -> None:
        self.client.batch_update(self.file, list(requests))

    def type(self, sheet: str, column: str, row: int, *values: Any) -> None:
        """Values from a line of the grid (1-based) on downwards, as they are."""
        place = self.observe().layout.place(sheet)
        kinds = {str: "stringValue", bool: "boolValue"}
        rows = [{"values": [{"userEnteredValue": {kinds.get(type(one), "numberValue"): one}}]} for one in values]
        start = {"sheetId": place.sheet_id, "rowIndex": row - 1, "columnIndex": place.column(column)}
        self.do({"updateCells": {"start": start, "rows": rows, "fields": "userEnteredValue"}})

    def insert(self, sheet: str, index: int, dimension: str = "COLUMNS") -> None:
        span = {"sheetId": self.id(sheet), "dimension": dimension, "startIndex": index, "endIndex": index + 1}
        self.do({"insertDimension": {"range": span, "inheritFromBefore": index > 0}})

    def id(self, sheet: str) -> int:
        return self.observe().layout.place(sheet).sheet_id

    # -- looking

    def observe(self, desired: Workbook | None = None) -> Observed:
        answer = self.client.get(self.file, fields=READ_FIELDS)
        return read(answer, self.baseline, desired)

    def raw(self, sheet: str) -> Json:
        number = self.id(sheet)
        answer = self.client.get(self.file, fields="sheets,namedRanges")
        return next(one for one in answer["sheets"] if one["properties"]["sheetId"] == number)

    def column(self, sheet: str, column: str, rows: int = 5) -> list[Any]:
        """What a column shows, from the first line of the grid on."""
        place = self.observe().layout.place(sheet)
        return self.at(sheet, place.column(column), rows)

    def at(self, sheet: str, index: int, rows: int = 5) -> list[Any]:
        lines = self.raw(sheet)["data"][0].get("rowData", [])[:rows]
        found = []
        for line in lines:
            cells = line.get("values", [])
            value = cells[index].get("effectiveValue", {}) if index < len(cells) else {}
            found.append(next(iter(value.values()), None))
        return found

    def cell(self, sheet: str, line: int, column: str) -> Json:
        index = self.observe().layout.place(sheet).column(column)
        return self.raw(sheet)["data"][0]["rowData"][line]["values"][index]

    # -- descriptions

    def plan(self, desired: Workbook, wishes: Wishes | None = None) -> Plan:
        desired = canonical(desired)
        check_workbook(desired)
        return compare(self.baseline, self.observe(desired).workbook, desired, wishes)

    def apply(self, desired: Workbook, wishes: Wishes | None = None) -> Plan:
        """Plans, sends, and reads back: what is found must be what the plan says, and nothing is left to do."""
        desired = canonical(desired)
        plan = self.plan(desired, wishes)
        assert not plan.refusals, plan.refusals
        self.send(plan.changes, plan.result, desired)
        self.baseline = desired
        again = self.observe()
        found = replace(again.workbook, sheets=tuple(map(_placeless, again.workbook.sheets)))
        wanted = replace(plan.result, sheets=tuple(map(_placeless, plan.result.sheets)))
        left = list(differences(wanted, found))
        assert not left, left
        again = compare(desired, again.workbook, desired, wishes).changes
        assert not again, again
        return plan

    def send(self, changes: Sequence[Change], result: Workbook, desired: Workbook) -> None:
        observed = self.observe(desired)
        units = [adoption_marks(observed), *compile_changes(changes, observed, result, desired)]
        units = [unit for unit in units if unit]
        self.sent = [request for unit in units for request in unit]
        for batch in filter(None, pack_batches(units)):
            self.do(*batch)

    def kinds(self) -> list[str]:
        return [next(iter(request)) for request in self.sent]


def _placeless(sheet: Sheet) -> Sheet:
    """Items stand where people put them; a grid may have grown for them."""
    cells = (replace(cell, row=0) if cell.item else cell for cell in sheet.cells)
    return replace(sheet, cells=tuple(sorted(cells, key=lambda cell: (cell.row, cell.column, str(cell.value)))))


def changed(workbook: Workbook, key: str, **fields: Any) -> Workbook:
    """The workbook with other fields of one sheet."""
    sheets = (replace(sheet, **fields) if sheet.key == key else sheet for sheet in workbook.sheets)
    return replace(workbook, sheets=tuple(sheets))


def with_columns(workbook: Workbook, key: str, columns: Iterable[Column]) -> Workbook:
    return changed(workbook, key, columns=tuple(columns))


def inserted(workbook: Workbook, key: str, index: int, column: Column) -> Workbook:
    columns = list(workbook.sheet(key).columns)
    columns.insert(index, column)
    return with_columns(workbook, key, columns)


def edited(workbook: Workbook, sheet: str, column: str, **fields: Any) -> Workbook:
    """The workbook with other fields of one column."""
    columns = (replace(one, **fields) if one.key == column else one for one in workbook.sheet(sheet).columns)
    return with_columns(workbook, sheet, columns)


def deletes(*ids: Id) -> Wishes:
    return Wishes(deletes=frozenset(ids))
