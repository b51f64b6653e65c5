"""Items of the menu that act on selected rows: found by their marks, done once, with a clear sentence otherwise."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crm_builder.local.runtime import Kill, Outcome
from tests.script.pages.conftest import Desk

Desks = Callable[[str], Desk]
SHEET_WITHOUT_ROWS = "home"


@pytest.fixture
def desk(desks: Desks) -> Desk:
    """A Persian CRM with leads and deals in it."""
    desk = desks("fa")
    if not desk.rows("leads"):
        lead = {"status": desk.choice("lead_status", "new"), "contact_date_jalali": "۱۴۰۵/۰۸/۰۱"}
        names = ("سارا", "بابک", "سارا م.", '=HYPERLINK("x")', "نگار", "مینا", "رضا", "لیلا")
        mails = ("s@example.com", "b@example.com", "S@example.com", "", "n@example.com", "", "", "")
        desk.type(
            "leads",
            *(
                {"id": f"L-0000{n}", "name": name, "email": mail, **lead}
                for n, (name, mail) in enumerate(zip(names, mails, strict=True), 1)
            ),
        )
        stage = desk.choice("deal_stage", "proposal")
        desk.type(
            "deals", *({"id": f"D-0000{n}", "customer": "سارا", "amount": 10, "stage": stage} for n in range(1, 6))
        )
    return desk


def by_id(desk: Desk, table: str) -> dict[str, dict]:
    return {row["id"]: row for row in desk.rows(table)}


def test_selected_leads_become_customers_once(desk: Desk) -> None:
    words = desk.words["convert"]
    (toast,) = desk.act("convertLead", "leads", "B2")
    assert toast["text"] == words["made"].replace("%s", "سارا", 1).replace("%s", "C-00001")
    question, toast = desk.act("convertLead", "leads", "A2:A3 C4:D5", "YES")
    assert all(name in question["text"] for name in ("بابک", "سارا م.", "=HYPERLINK")) and "۳" in toast["text"]
    leads, customers = by_id(desk, "leads"), by_id(desk, "customers")
    converted = {id: row.get("customer") for id, row in leads.items()}
    assert converted["L-00001"] == converted["L-00003"] == "سارا · C-00001"
    assert {id: row["name"] for id, row in customers.items()} == {
        "C-00001": "سارا",
        "C-00002": "بابک",
        "C-00004": '=HYPERLINK("x")',
    }
    assert customers["C-00001"]["first_contact_jalali"] == "۱۴۰۵/۰۸/۰۱" and customers["C-00001"]["created_at"]
    assert {leads[id]["status"] for id in ("L-00001", "L-00004")} == {desk.choice("lead_status", "converted")}
    (toast,) = desk.act("convertLead", "leads", "A2:A5")
    assert toast["text"] == words["nothing"] and by_id(desk, "customers").keys() == customers.keys()


def test_whoever_says_no_changes_nothing(desk: Desk) -> None:
    before = desk.rows("leads"), desk.rows("customers")
    (question,) = desk.act("convertLead", "leads", "A6:A8", "NO")
    assert question["kind"] == "alert" and (desk.rows("leads"), desk.rows("customers")) == before


@pytest.mark.parametrize(
    ("entry", "table", "cells", "word"),
    [
        ("convertLead", "customers", "A2", "other_sheet"),
        ("convertLead", SHEET_WITHOUT_ROWS, "A1", "other_sheet"),
        ("convertLead", "leads", "A1", "no_rows"),
        ("markWon", "leads", "A2", "other_sheet"),
        ("markLost", "deals", "A40:C60", "no_rows"),
    ],
)
def test_another_selection_is_told_what_to_select(desk: Desk, entry: str, table: str, cells: str, word: str) -> None:
    (told,) = desk.act(entry, table, cells)
    wanted = "leads" if entry == "convertLead" else "deals"
    assert told["kind"] == "alert" and told["text"] == desk.words["selection"][word] % desk.title(wanted)


def test_deals_are_closed_on_their_day(desk: Desk) -> None:
    desk.act("markWon", "deals", "A2:B2")
    desk.act("markLost", "deals", "A2:A3", "YES")
    deals = by_id(desk, "deals")
    assert {deals[id]["stage"] for id in ("D-00001", "D-00002")} == {desk.choice("deal_stage", "lost")}
    assert {deals[id]["closed_on_jalali"] for id in ("D-00001", "D-00002")} == {"۱۴۰۵/۰۹/۰۱"}
    assert deals["D-00001"]["stage_since"] and "closed_on_jalali" not in deals["D-00003"]
    (toast,) = desk.act("markLost", "deals", "A2:A3")
    assert toast["text"] == desk.words["closing"]["nothing"]


def test_a_form_whose_run_was_killed_is_saved_once(desk: Desk) -> None:
    """At several calls, with or without what was written and not flushed by then."""

    pass_ = desk.pass_

    def save(name: str) -> Outcome:
        data = {"token": f"token {name}", "fields": {"title": name}}
        return desk.runtime.call_page("pageAction", "newTask", data, pass_)

    whole = save("whole").number
    cases = [(1, True), (3, False), (4, True), (9, True), (14, True)]
    for back, kept in cases:
        desk.runtime.kill = Kill(whole - back + 1, keep_buffer=kept)
        assert save(f"{back}").ended and save(f"{back}").value["good"]
    titles = [row["title"] for row in desk.rows("tasks")]
    assert sorted(titles) == sorted(["whole", *(f"{back}" for back, _ in cases)])


def test_a_conversion_that_was_killed_is_finished_by_the_next(desk: Desk) -> None:
    def convert(row: int) -> Outcome:
        desk.runtime.selected = (desk.title("leads"), [f"A{row}"])
        return desk.runtime.run("convertLead")

    whole = convert(6).number
    for row, back in ((7, 4), (8, 30), (9, 60)):
        desk.runtime.kill = Kill(whole - back, keep_buffer=False)
        assert convert(row).ended and convert(row).ok
    leads = by_id(desk, "leads")
    names = [row["name"] for row in desk.rows("customers")]
    for id in ("L-00005", "L-00006", "L-00007", "L-00008"):
        assert leads[id]["customer"].endswith(" · " + id.replace("L", "C")) and names.count(leads[id]["name"]) == 1
        assert leads[id]["status"] == desk.choice("lead_status", "converted")


def test_a_sheet_that_people_renamed_is_found(desk: Desk) -> None:
    properties = {"sheetId": desk.project.layout.place("deals").sheet_id, "title": "My deals"}
    update = {"updateSheetProperties": {"properties": properties, "fields": "title"}}
    desk.client.batch_update(desk.runtime.spreadsheet_id, [update])
    desk.runtime.selected = ("My deals", ["A5"])
    assert desk.runtime.run("markWon").shown[0]["text"] == desk.words["closing"]["won"] % "سارا"
