"""Workbooks that tests share: one small enough to read as requests, one that holds every kind of thing."""

from __future__ import annotations

from crm_builder.model import (
    Area,
    Banding,
    BasicFilter,
    Border,
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
    SortKey,
    Validation,
    Workbook,
)

GREY = CellFormat(color="#666666", italic=True)
HEADER = CellFormat(bold=True, background="#F3F4F6", border_bottom=Border("solid", "#D0D4DA"))


def small() -> Workbook:
    """Two sheets: a table with a computed column, and the list that it chooses from."""
    total = '=VSTACK("Total"; ARRAYFORMULA(IF(deals_id=""; ; deals_amount*2)))'
    stage = Validation(Condition("one_of_range", (Area("lists", "stage"),)), strict=True, dropdown=True)
    deals = Sheet(
        "deals",
        "Deals",
        "table",
        (
            Column("id", "Id", width=60, header=HEADER),
            Column("stage", "Stage", header=HEADER, validation=stage, note="Where it stands"),
            Column("amount", "Amount", header=HEADER, format=CellFormat(number=NumberFormat("number", "#,##0"))),
            Column("total", "Total", header=HEADER, formula=total, format=GREY),
        ),
        rows=50,
        frozen_rows=1,
        rules=(
            ConditionalRule(
                "won",
                (Area("deals"),),
                Condition("custom_formula", ('=[stage]="Won"',)),
                CellFormat(background="#E6F4EA"),
            ),
        ),
        protections=(Protection("total", Area("deals", "total", first_row=1), "A formula stands here"),),
    )
    lists = Sheet(
        "lists",
        "Lists",
        "helper",
        (Column("stage", "Stage"),),
        rows=5,
        hidden=True,
        cells=(Cell(2, "stage", "Open"), Cell(3, "stage", "Won", format=CellFormat(bold=True))),
    )
    return Workbook(
        "Small CRM",
        "en_US",
        "Europe/Berlin",
        (deals, lists),
        names=(NamedRange("deals_amount", Area("deals", "amount")), NamedRange("deals_id", Area("deals", "id"))),
        marks=(("version", "1"),),
    )


def full() -> Workbook:
    """Every kind of thing, a right-to-left sheet with a Persian title, and a default font."""
    return Workbook(
        "مشتریان",
        "en_US",
        "Asia/Tehran",
        (_customers(), _lists(), _dashboard(), _figures(), _pivots()),
        names=(
            NamedRange("customers_name", Area("customers", "name")),
            NamedRange("customers_when", Area("customers", "when")),
            NamedRange("lists_status", Area("lists", "status")),
            NamedRange("settings_today", Area("dashboard", "a", last_row=2)),
        ),
        marks=(("language", "fa"), ("version", "0.1.0")),
        font="Vazirmatn",
        size=10,
    )


def _customers() -> Sheet:
    status = Validation(
        Condition("one_of_range", (Area("lists", "status"),)), strict=True, dropdown=True, message="یکی را برگزینید"
    )
    email = Validation(Condition("custom_formula", ('=OR([email]=""; ISEMAIL([email]))',)))
    return Sheet(
        "customers",
        "مشتری‌ها",
        "table",
        (
            Column("id", "شناسه", width=60, header=HEADER, format=CellFormat(number=NumberFormat("text"))),
            Column("name", "نام", width=180, header=HEADER, note="نام کامل"),
            Column("email", "E-mail", width=180, header=HEADER, validation=email),
            Column("status", "وضعیت", header=HEADER, validation=status),
            Column("when", "Gregorian", hidden=True, format=CellFormat(number=NumberFormat("date", "yyyy-mm-dd"))),
            Column(
                "done",
                "Done",
                validation=Validation(Condition("boolean"), strict=True),
                format=CellFormat(align="center"),
            ),
            Column("score", "Score", formula='=VSTACK("Score"; ARRAYFORMULA(LEN(customers_name)))', format=GREY),
        ),
        rows=200,
        right_to_left=True,
        tab_color="#1A73E8",
        frozen_rows=1,
        frozen_columns=2,
        header_height=34,
        cells=(Cell(2, "name", "نمونه", note="A sample", format=CellFormat(bold=True)), Cell(4, "id", "00123")),
        rules=(
            ConditionalRule(
                "urgent",
                (Area("customers", "name", "status"),),
                Condition("custom_formula", ("=AND([when]<TODAY(); [done]=FALSE)",)),
                CellFormat(color="#B3261E", bold=True),
            ),
            ConditionalRule(
                "active", (Area("customers", "status"),), Condition("text_eq", ("active",)), CellFormat(color="#137333")
            ),
            ConditionalRule(
                "late", (Area("customers", "when"),), Condition("date_before", ("today",)), CellFormat(italic=True)
            ),
        ),
        banding=(Banding("rows", Area("customers"), "#FFFFFF", "#F8F9FA"),),
        filter=BasicFilter(Area("customers", first_row=1)),
        views=(
            FilterView(
                "active",
                "Active",
                Area("customers", first_row=1),
                (Criterion("name", Condition("not_blank")), Criterion("status", hidden=("inactive", "prospect"))),
                (SortKey("name"), SortKey("when", descending=True)),
            ),
            FilterView(
                "mine",
                "Mine",
                Area("customers", first_row=1),
                (Criterion("email", Condition("custom_formula", ('=[email]="me@example.com"',))),),
            ),
        ),
        protections=(
            Protection("header", Area("customers", first_row=1, last_row=1), "Header"),
            Protection("score", Area("customers", "score"), "Computed", warning_only=False),
        ),
        slicers=(
            Slicer("status", "Status", Place(2, "score", 200, 40), Area("customers", "name", "done", 1), "status"),
        ),
    )


def _lists() -> Sheet:
    cells = tuple(Cell(row, "status", text) for row, text in enumerate(("prospect", "active", "inactive"), 2))
    colours = (Cell(2, "colour", "#1A73E8"), Cell(3, "colour", 0.5), Cell(4, "colour", True))
    return Sheet(
        "lists", "Lists", "table", (Column("status", "Status"), Column("colour", "Colour")), 20, cells=cells + colours
    )


def _dashboard() -> Sheet:
    big = CellFormat(size=24, bold=True, number=NumberFormat("number", "#,##0"))
    return Sheet(
        "dashboard",
        "It's live",
        "view",
        tuple(Column(key, width=70) for key in "abcd"),
        rows=30,
        gridlines=False,
        cells=(
            Cell(2, "a", formula="=TODAY()", format=CellFormat(number=NumberFormat("date"))),
            Cell(3, "b", "Customers", format=CellFormat(color="#5F6368")),
            Cell(4, "b", formula='=COUNTIF(customers_name; "?*")', format=big),
            Cell(4, "c", -5.5, format=big),
            Cell(6, "d", format=CellFormat(background="#FFFFFF", wrap="wrap", vertical="top", direction="rtl")),
            Cell(7, "d", "=not a formula", note="Kept as text"),
        ),
        protections=(Protection("all", Area("dashboard", first_row=1), "Made of formulas"),),
    )


def _figures() -> Sheet:
    """A hidden sheet of figures with a block of four rows, which charts show."""
    keys = ("month", "sales", "rate")
    rows = ((1, 10, 0.1), (2, 20, 0.2), (3, 30, 0.4), (4, 25, 0.3))
    cells = (Cell(row, key, value) for row, line in enumerate(rows, 2) for key, value in zip(keys, line, strict=True))
    return Sheet(
        "figures",
        "Figures",
        "helper",
        (Column("month", "Month"), Column("sales", "Sales"), Column("rate", "Rate")),
        rows=40,
        hidden=True,
        cells=tuple(cells),
    )


def _pivots() -> Sheet:
    """A view with charts, pivot tables, merged areas and a field to choose in."""
    line = Border("solid", "#E0E3E7")
    card = CellFormat(background="#FFFFFF", border_left=line, border_right=line)
    choice = Validation(Condition("one_of_list", ("This month", "Last month")), strict=True, dropdown=True)
    month, sales, rate = (Area("figures", key, first_row=1, last_row=5) for key in ("month", "sales", "rate"))
    table = Area("customers", first_row=1)
    return Sheet(
        "analysis",
        "تحلیل",
        "view",
        tuple(Column(key, width=90) for key in "abcdefghij"),
        rows=60,
        right_to_left=True,
        gridlines=False,
        frozen_rows=1,
        header_height=44,
        cells=(
            Cell(1, "a", "تحلیل", format=CellFormat(size=20, bold=True)),
            Cell(3, "a", "Period", format=card),
            Cell(3, "d", "This month", validation=choice, format=CellFormat(background="#FFF8E1")),
            *(Cell(row, "a", f'Item "{row}"', format=card) for row in (5, 6, 7)),
            Cell(8, "a", "مشتری‌ها", link="customers"),
        ),
        rules=(
            ConditionalRule(
                "up",
                (Area("analysis", "a", "c", 5, 7),),
                Condition("custom_formula", ("=[a]>[d]",)),
                CellFormat(color="#137333"),
            ),
        ),
        merges=(
            Area("analysis", "a", "c", 3, 3),
            *(Area("analysis", "a", "c", row, row) for row in (5, 6, 7)),
            Area("analysis", "e", "f", 5, 7),
        ),
        heights=((3, 30), (5, 24), (6, 24), (7, 24)),
        charts=(
            Chart(
                "trend",
                "Sales",
                "combo",
                Place(10, "a", 480, 260, dx=4),
                month,
                (
                    Series(sales, "#1A73E8", "column", labels=True),
                    Series(rate, "#E37400", "line", right_axis=True, dashed=True),
                ),
                subtitle="By month",
                description="Sales rose until March.",
                stacked="yes",
                legend="bottom",
                axis_title="EUR",
                reversed=True,
                ink="#3C4043",
                font="Vazirmatn",
                background="#FFFFFF",
            ),
            Chart(
                "share", "Share", "pie", Place(10, "f", 300, 260), month, (Series(sales),), legend="labels", hole=0.5
            ),
        ),
        pivots=(
            Pivot(
                "by_status",
                30,
                "b",
                table,
                (PivotGroup("status", "Status", descending=True, totals=True, by=0),),
                (PivotValue("id", "counta", "Customers"), PivotValue("score", "average", "Score")),
                columns=(PivotGroup("done"),),
                filters=(Criterion("id", Condition("not_blank")),),
            ),
        ),
    )
