"""Workbooks that tests share: one small enough to read as requests, one that holds every kind of thing."""

from __future__ import annotations

from crm_builder.model import (
    Area,
    Banding,
    BasicFilter,
    Border,
    Cell,
    CellFormat,
    Column,
    Condition,
    ConditionalRule,
    Criterion,
    FilterView,
    NamedRange,
    NumberFormat,
    Protection,
    Sheet,
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
        (_customers(), _lists(), _dashboard()),
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
