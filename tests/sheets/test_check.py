"""A workbook that contradicts itself is refused with every contradiction and its path."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm_builder.errors import ModelError
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
    Pivot,
    PivotGroup,
    PivotValue,
    Place,
    Protection,
    Series,
    Sheet,
    Slicer,
    SortKey,
    Validation,
    Workbook,
)
from crm_builder.sheets import check_workbook
from tests.sheets.sample import full, small

RED = CellFormat(color="#B3261E")
DEALS = "sheets.deals"


def deals(**changes: object) -> Workbook:
    """The small workbook with its first sheet changed."""
    workbook = small()
    return replace(workbook, sheets=(replace(workbook.sheets[0], **changes), *workbook.sheets[1:]))


def column(**changes: object) -> Workbook:
    columns = small().sheets[0].columns
    return deals(columns=(replace(columns[0], **changes), *columns[1:]))


def rule(condition: Condition, cell_format: CellFormat = RED, sheet: str = "deals") -> Workbook:
    return deals(rules=(ConditionalRule("r", (Area(sheet),), condition, cell_format),))


def names(*found: NamedRange) -> Workbook:
    return replace(small(), names=found)


def view(*criteria: Criterion, **more: object) -> Workbook:
    return deals(views=(FilterView("v", "V", Area("deals", first_row=1), criteria, **more),))


def twin(key: str, title: str) -> Workbook:
    workbook = small()
    return replace(workbook, sheets=(*workbook.sheets, Sheet(key, title, "view", (Column("a"),), 5)))


def chart(kind: str = "line", **changes: object) -> Workbook:
    """The small workbook with one chart; `changes` change the chart or its one series."""
    series = Series(Area("deals", "amount", None, 1, 9))
    own = {key: changes.pop(key) for key in ("area", "color", "dashed", "right_axis") if key in changes}
    drawn = Chart("c", "C", kind, PLACE, Area("deals", "stage", None, 1, 9), (replace(series, **own),))
    return deals(charts=(replace(drawn, **changes),))


def pivot(**changes: object) -> Workbook:
    table = Pivot("p", 1, "stage", WHOLE, (PivotGroup("stage"),), (PivotValue("amount", "sum", "Sum"),))
    return deals(pivots=(replace(table, **changes),))


def merged(*areas: Area, **more: object) -> Workbook:
    return deals(merges=areas, **more)


def linked(cell: Cell) -> Workbook:
    return deals(cells=(cell,))


PLACE = Place(2, "id", 300, 200)
WHOLE = Area("deals", first_row=1)
ID = Area("deals", "id")
FORMULA = "custom_formula"
ELSEWHERE = (NamedRange("elsewhere", Area("lists", "stage")),)
FAULTY = {
    "an unknown key in a rule": (rule(Condition(FORMULA, ("=[sum]>1",))), f"{DEALS}.rules.r.condition", "[sum]"),
    "an unknown key in a validation": (
        column(validation=Validation(Condition(FORMULA, ("=[sum]>1",)))),
        f"{DEALS}.columns.id.validation",
        "[sum]",
    ),
    "an unknown key in a filter": (
        view(Criterion("id", Condition(FORMULA, ("=[sum]>1",)))),
        f"{DEALS}.views.v.criteria.id",
        "[sum]",
    ),
    "an area on no sheet": (names(NamedRange("x", Area("gone"))), "names.x.area", "no sheet 'gone'"),
    "an area on no column": (names(NamedRange("x", Area("deals", "gone"))), "names.x.area", "no column 'gone'"),
    "an area that runs backwards": (names(NamedRange("x", Area("deals", "total", "id"))), "names.x.area", "before"),
    "an area beyond the grid": (names(NamedRange("x", Area("deals", "id", last_row=51))), "names.x.area", "grid of 50"),
    "a rule on another sheet": (rule(Condition("blank"), sheet="lists"), f"{DEALS}.rules.r.areas", "own sheet"),
    "two keys alike": (twin("deals", "Other"), "sheets", "the key 'deals'"),
    "two titles alike": (twin("other", "DEALS"), "sheets", "the title 'deals'"),
    "a name used twice": (names(NamedRange("x_y", ID), NamedRange("X_Y", ID)), "names", "'x_y' is used 2 times"),
    "a name like a cell": (names(NamedRange("Q1", ID)), "names.Q1", "reads like a cell"),
    "a name with a space": (names(NamedRange("a b", ID)), "names.a b", "letters"),
    "a rule that speaks of a name elsewhere": (
        replace(rule(Condition(FORMULA, ('=COUNTIF(elsewhere; [id])>LEN("elsewhere")',))), names=ELSEWHERE),
        f"{DEALS}.rules.r.condition",
        "another sheet (elsewhere)",
    ),
    "a rule that speaks of another sheet": (
        rule(Condition(FORMULA, ("=[id]='Lists'!A2",))),
        f"{DEALS}.rules.r.condition",
        "another sheet (an address)",
    ),
    "a key that no formula could name": (
        deals(columns=(*small().sheets[0].columns, Column("Öl"))),
        f"{DEALS}.columns.Öl",
        "[key]",
    ),
    "a long title": (deals(title="x" * 101), f"{DEALS}.title", "100"),
    "a slash in a title": (deals(title="a/b"), f"{DEALS}.title", "cannot hold"),
    "a long formula": (column(formula="=" + "1" * 50_000), f"{DEALS}.columns.id.formula", "50000"),
    "a formula without its sign": (column(formula="SUM(A1)"), f"{DEALS}.columns.id.formula", "begins with ="),
    "a cell in row 1": (deals(cells=(Cell(1, "id", "x"),)), f"{DEALS}.cells.id[1]", "belongs to the columns"),
    "a cell below the grid": (deals(cells=(Cell(51, "id", "x"),)), f"{DEALS}.cells.id[51]", "50 rows"),
    "a cell in no column": (deals(cells=(Cell(2, "gone", "x"),)), f"{DEALS}.cells.gone[2]", "no column"),
    "a cell twice": (deals(cells=(Cell(2, "id", "x"), Cell(2, "id", "y"))), f"{DEALS}.cells", "used 2 times"),
    "a value and a formula": (deals(cells=(Cell(2, "id", "x", "=1"),)), f"{DEALS}.cells.id[2]", "a value or a formula"),
    "a colour by name": (column(format=CellFormat(color="red")), f"{DEALS}.columns.id.format", "no colour"),
    "too few values": (rule(Condition("number_between", (1.0,))), f"{DEALS}.rules.r.condition", "1 values"),
    "a condition of filters only": (
        column(validation=Validation(Condition("not_blank"))),
        f"{DEALS}.columns.id.validation",
        "for a validation",
    ),
    "a relative date in a validation": (
        column(validation=Validation(Condition("date_after", ("today",)))),
        f"{DEALS}.columns.id.validation",
        "relative date",
    ),
    "a rule that sets a font": (rule(Condition("blank"), CellFormat(font="Arial")), f"{DEALS}.rules.r.format", "font"),
    "a rule that sets nothing": (rule(Condition("blank"), CellFormat()), f"{DEALS}.rules.r.format", "something"),
    "a criterion that says nothing": (view(Criterion("id")), f"{DEALS}.views.v.criteria.id", "needs a condition"),
    "a sort by no column": (view(sort=(SortKey("gone"),)), f"{DEALS}.views.v", "no column 'gone'"),
    "a filter over no column": (
        deals(filter=BasicFilter(Area("deals", "gone", first_row=1))),
        f"{DEALS}.filter.area",
        "no column 'gone'",
    ),
    "bandings over each other": (
        deals(banding=tuple(Banding(key, Area("deals"), "#FFFFFF", "#EEEEEE") for key in "ab")),
        f"{DEALS}.banding.b.area",
        "overlaps 'a'",
    ),
    "a key used twice": (
        deals(protections=(Protection("p", ID, ""), Protection("p", ID, ""))),
        f"{DEALS}.protections",
        "'p' is used 2 times",
    ),
    "a protection elsewhere": (
        deals(protections=(Protection("p", Area("lists"), ""),)),
        f"{DEALS}.protections.p.area",
        "own sheet",
    ),
    "everything frozen": (deals(frozen_columns=4), DEALS, "unfrozen"),
    "a title in a view": (
        replace(small(), sheets=(*small().sheets, Sheet("v", "V", "view", (Column("a", "A"),), 5))),
        "sheets.v.columns.a",
        "no header",
    ),
    "a link to no sheet": (linked(Cell(2, "id", "x", link="gone")), f"{DEALS}.cells.id[2].link", "no sheet 'gone'"),
    "a link without a text": (linked(Cell(2, "id", link="lists")), f"{DEALS}.cells.id[2].link", "needs a text"),
    "a cell that accepts what nobody can mean": (
        linked(Cell(2, "id", validation=Validation(Condition("not_blank")))),
        f"{DEALS}.cells.id[2].validation",
        "for a validation",
    ),
    "merges over each other": (
        merged(Area("deals", "id", "stage", 3, 4), Area("deals", "stage", "amount", 4, 4)),
        f"{DEALS}.merges.stage4:amount4",
        "overlaps id3:stage4",
    ),
    "a merge over a cell": (
        merged(Area("deals", "id", "stage", 3, 3), cells=(Cell(3, "stage", "x"),)),
        f"{DEALS}.merges.id3:stage3",
        "covers the cell stage[3]",
    ),
    "a merge of one cell": (merged(Area("deals", "id", None, 3, 3)), f"{DEALS}.merges.id3:id3", "nothing to merge"),
    "a merge across the frozen rows": (
        merged(Area("deals", "id", None, 1, 2)),
        f"{DEALS}.merges.id1:id2",
        "frozen and other rows",
    ),
    "two heights of a row": (deals(heights=((2, 30), (2, 31))), f"{DEALS}.heights", "row 2 has 2 heights"),
    "a height beyond the grid": (deals(heights=((51, 30),)), f"{DEALS}.heights", "grid of 50"),
    "a chart over no column": (
        chart(domain=Area("deals", "gone", None, 1, 9)),
        f"{DEALS}.charts.c.domain",
        "no column 'gone'",
    ),
    "a series of another height": (
        chart(area=Area("deals", "amount", None, 1, 8)),
        f"{DEALS}.charts.c.series[0]",
        "8 rows, the domain 9",
    ),
    "a chart in no column": (chart(place=replace(PLACE, column="gone")), f"{DEALS}.charts.c.place", "no column 'gone'"),
    "a chart without a series": (chart(series=()), f"{DEALS}.charts.c", "needs a series"),
    "a stacked line": (chart(stacked="yes"), f"{DEALS}.charts.c", "never stacked"),
    "a hole in a line": (chart(hole=0.5), f"{DEALS}.charts.c", "no hole"),
    "a dashed column": (chart("column", dashed=True), f"{DEALS}.charts.c.series[0]", "no line"),
    "a pie with an axis": (chart("pie", axis_title="x"), f"{DEALS}.charts.c", "no axis"),
    "a colour of a series by name": (chart(color="red"), f"{DEALS}.charts.c.series[0].color", "no colour"),
    "a pivot table by no column of its source": (
        pivot(rows=(PivotGroup("gone"),)),
        f"{DEALS}.pivots.p.rows[0]",
        "not in its source",
    ),
    "a pivot table of nothing": (pivot(values=()), f"{DEALS}.pivots.p", "needs a value"),
    "a pivot table whose value has no title": (
        pivot(values=(PivotValue("amount", "sum", ""),)),
        f"{DEALS}.pivots.p.values",
        "titles",
    ),
    "a pivot table sorted by a value that it has not": (
        pivot(rows=(PivotGroup("stage", by=1),)),
        f"{DEALS}.pivots.p",
        "no value 1",
    ),
    "a pivot table that hides values": (
        pivot(filters=(Criterion("stage", hidden=("Won",)),)),
        f"{DEALS}.pivots.p.filters.stage",
        "not by hidden values",
    ),
    "a pivot table over a cell": (
        deals(cells=(Cell(2, "id", "x"),), pivots=(replace(pivot().sheets[0].pivots[0], row=2, column="id"),)),
        f"{DEALS}.pivots",
        "holds more than a pivot table",
    ),
    "a slicer of a column outside": (
        deals(slicers=(Slicer("s", "S", PLACE, Area("deals", "id", "stage", 1), "amount"),)),
        f"{DEALS}.slicers.s.column",
        "not in its source",
    ),
    "a reserved mark": (replace(small(), marks=(("sheet", "x"),)), "marks.sheet", "meaning of its own"),
    "marks beyond the budget": (replace(small(), marks=(("big", "x" * 30_000),)), "marks", "30000"),
    "no visible sheet": (replace(small(), sheets=small().sheets[1:], names=()), "sheets", "not hidden"),
}


@pytest.mark.parametrize("name", FAULTY)
def test_one_fault_gives_one_problem(name):
    workbook, path, words = FAULTY[name]
    with pytest.raises(ModelError) as caught:
        check_workbook(workbook)
    ((found, message),) = [(problem.path, problem.message) for problem in caught.value.problems]
    assert found == path
    assert words in message


def test_all_faults_are_told_at_once():
    workbook = replace(deals(title="a/b", cells=(Cell(1, "id", "x"),)), names=(NamedRange("Q1", ID),))
    with pytest.raises(ModelError) as caught:
        check_workbook(workbook)
    assert [problem.path for problem in caught.value.problems] == ["names.Q1", f"{DEALS}.title", f"{DEALS}.cells.id[1]"]


@pytest.mark.parametrize("workbook", [small(), full()], ids=["small", "full"])
def test_sound_workbooks_pass(workbook):
    check_workbook(workbook)


@pytest.mark.parametrize("formula", ['=INDIRECT("elsewhere")=[id]', "=here=[id]", "=[stage]<>1"])
def test_rules_may_speak_of_their_own_sheet(formula):
    names = (*ELSEWHERE, NamedRange("here", ID), NamedRange("stage", Area("lists", "stage")))
    check_workbook(replace(rule(Condition(FORMULA, (formula,))), names=names))


def test_ids_that_collide_are_told(monkeypatch):
    monkeypatch.setattr("crm_builder.sheets.ids.view_id", lambda sheet, key: 7)
    views = tuple(FilterView(key, key, Area("deals", first_row=1)) for key in "ab")
    with pytest.raises(ModelError, match=r"sheets\.deals\.views\.b: its id is that of sheets\.deals\.views\.a too"):
        check_workbook(deals(views=views))
