"""Home and Guide in use: the numbers against the rows themselves, the day in the calendar, links to every sheet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from crm_builder import assets, deploy
from crm_builder.google import Client
from crm_builder.project import Project, load_project
from crm_builder.sheets import check_call
from crm_builder.template import read, render

NUMBERS = ("home_follow_ups", "home_overdue_tasks", "home_open_deals", "home_new_leads")
ZERO = date(1899, 12, 30)


def values(project: Project, clock: datetime, ranges: list[str], *, sample_data: bool = False) -> list[Any]:
    """What the ranges hold in the CRM of that folder, made where it is not there yet."""
    with deploy.open_target(project.folder, clock) as http:
        outcome = deploy.up(project, http, sample_data=sample_data, clock=clock, tell=lambda text: None)
        client = Client(http, check_call)
        where = {"spreadsheetId": outcome.spreadsheet_id, "ranges": ranges}
        answer = client.call(client.values.batchGet(**where, valueRenderOption="UNFORMATTED_VALUE"))
        return [one.get("values", []) for one in answer["valueRanges"]]


def rows(table: list[list[Any]]) -> list[dict[str, Any]]:
    """A table's rows by the titles of its columns; what is empty is left out."""
    header, *body = table
    pairs = [zip(header, row, strict=False) for row in body]
    return [{title: value for title, value in pair if value != ""} for pair in pairs]


def expected(today: date, customers: Any, leads: Any, tasks: Any, deals: Any) -> list[int]:
    """The four numbers counted from the rows, each by its definition."""
    now = (today - ZERO).days
    monday = now - today.weekday()
    due = [
        one for one in rows(customers) if one.get("Next follow-up", now + 1) <= now and one.get("Status") != "Inactive"
    ]
    open_leads = [one for one in rows(leads) if one.get("Status") not in ("Converted", "Lost")]
    return [
        len(due) + sum(one.get("Next action on", now + 1) <= now for one in open_leads),
        sum(one.get("Due", now) < now and one.get("Done") is not True for one in rows(tasks)),
        sum("Customer" in one and one.get("Stage") not in ("Won", "Lost") for one in rows(deals)),
        sum(monday <= one.get("First contact", 0) <= now for one in rows(leads)),
    ]


def test_the_numbers_of_home_are_zero_without_rows_and_right_with_them(
    describe: Callable[..., Path], clock: datetime
) -> None:
    project = load_project(describe())
    assert values(project, clock, list(NUMBERS)) == [[[0]]] * 4
    found = values(project, clock, [*NUMBERS, "Customers", "Leads", "Tasks", "Deals"], sample_data=True)
    numbers = [one[0][0] for one in found[:4]]
    assert numbers == expected(clock.date(), *found[4:])
    assert all(numbers)


@pytest.mark.parametrize(
    ("language", "day", "greeting"),
    [
        ("en", "2026-12-31", "Good to see you. Today is Thursday, 31 Dec 2026."),
        ("fa", "2026-03-21", "خوش آمدید. امروز شنبه، ۱ فروردین ۱۴۰۵ است."),
        ("fa", "2025-03-20", "خوش آمدید. امروز پنجشنبه، ۳۰ اسفند ۱۴۰۳ است."),
    ],
)
def test_home_greets_with_the_day_of_the_calendar(
    describe: Callable[..., Path], language: str, day: str, greeting: str
) -> None:
    project = load_project(describe(language))
    home = project.rendered.workbook.sheet("home")
    noon = datetime.fromisoformat(f"{day}T12:00:00+00:00")
    (column,) = values(project, noon, [f"'{home.title}'!B1:B6"])
    assert [greeting] in column


@pytest.mark.parametrize("language", ["en", "fa"])
def test_home_leads_to_every_sheet_that_people_see(describe: Callable[..., Path], language: str) -> None:
    workbook = load_project(describe(language)).rendered.workbook
    links = [cell.link for cell in workbook.sheet("home").cells if cell.link]
    shown = {sheet.key for sheet in workbook.sheets if not sheet.hidden}
    assert sorted(links) == sorted(shown - {"home"})


def test_parts_that_are_off_leave_no_gap(describe: Callable[..., Path]) -> None:
    settings = load_project(describe()).settings
    settings = replace(settings, parts=dict.fromkeys(settings.parts, False))
    workbook = render(read(assets.folder("templates")), settings).workbook
    links = {cell.link for cell in workbook.sheet("home").cells if cell.link}
    assert links <= {sheet.key for sheet in workbook.sheets}


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_guide_speaks_of_sheets_and_choices_by_their_titles(describe: Callable[..., Path], language: str) -> None:
    workbook = load_project(describe(language)).rendered.workbook
    text = "\n".join(str(cell.value) for cell in workbook.sheet("guide").cells if cell.value)
    assert all(workbook.sheet(key).title in text for key in ("home", "customers", "leads", "deals", "tasks"))
    assert "%" not in text and "{{" not in text
