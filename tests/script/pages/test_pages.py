"""Pages by keyboard alone, in both languages, among names that would do harm: what is typed arrives once."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.script.pages.conftest import Desk

AXE = find_spec("axe_playwright_python")  # a package that carries axe.min.js; its own Python is not used
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
HOSTILE = (
    '<img src=x onerror="alert(1)">',
    '"><script>alert(1)</script>',
    '=HYPERLINK("http://example.com";"x")',
    "\u202egnorw eht yaw\u202c",
    "'); alert(1); ('",
    "W" * 50_000,
)
NAMES = {"en": ("Sara Blake", "Tom Reed"), "fa": ("سارا مرادی", "بابک نوری")}
LANGUAGES = pytest.mark.parametrize("language", ["en", "fa"])
Desks = Callable[[str], Desk]


@pytest.fixture
def desk(desks: Desks, language: str) -> Desk:
    desk = desks(language)
    desk.refuse, desk.lose, desk.opened = "", False, None
    desk.broken.clear()
    if not desk.rows("customers"):
        people(desk, language)
    return desk


def people(desk: Desk, language: str) -> None:
    names = (*NAMES[language], *HOSTILE)
    status = desk.choice("customer_status", "active")
    rows = [
        {
            "id": f"C-{number:05}",
            "name": name,
            "company": HOSTILE[0],
            "email": f"p{number}@example.com",
            "status": status,
        }
        for number, name in enumerate(names, 1)
    ]
    desk.type("customers", *rows)
    customer = f"{names[0]} · C-00001"
    stage = desk.choice("deal_stage", "negotiation")
    desk.type(
        "deals", *({"id": f"D-0000{n}", "customer": customer, "amount": 1250000, "stage": stage} for n in (1, 2, 3))
    )
    desk.type("feedback", {"id": "F-00001", "customer": customer, "score": 4, "comment": HOSTILE[0]})


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.name || document.activeElement.id || document.activeElement.tagName")


def said(page: Page, kind: str = "good") -> str:
    expect(page.locator(f"#said.{kind}")).to_be_visible()
    return page.locator("#said").inner_text()


def closed(page: Page) -> bool:
    return page.evaluate("window.told.closed")


@LANGUAGES
def test_a_lead_is_typed_and_saved_by_keyboard(desk: Desk, language: str) -> None:
    page = desk.show("showAddLead")
    assert page.evaluate("document.documentElement.dir") == ("rtl" if language == "fa" else "ltr")
    assert focused(page) == "name"
    page.keyboard.press("Enter")
    assert desk.words["form"]["wrong"] in said(page, "bad")
    assert page.locator("#f-name").get_attribute("aria-invalid") == "true" and focused(page) == "name"
    page.keyboard.type(HOSTILE[2])
    for text in ("", "not an address"):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    assert said(page, "bad") and focused(page) == "email"
    assert page.locator("#f-email-error").inner_text() == desk.words["form"]["no_email"]
    assert not desk.rows("leads")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("new@example.com")
    page.keyboard.press("Tab")
    page.keyboard.type("+98 912 ۱۲۳ ۴۵۶۷")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # at once, as a double click does
    assert HOSTILE[2] in said(page)
    (lead,) = desk.rows("leads")
    wanted = {"name": HOSTILE[2], "email": "new@example.com", "phone": "+989121234567"}
    assert lead.items() >= wanted.items() and lead["status"] == desk.choice("lead_status", "new")
    assert lead["id"].startswith("L-") and lead["owner"] == "Maya Collins"
    assert focused(page) == "name" and page.locator("#f-name").input_value() == ""


@LANGUAGES
def test_what_is_typed_is_not_closed_away(desk: Desk, language: str) -> None:
    page = desk.show("showNewTask")
    page.keyboard.type("x")
    page.keyboard.press("Escape")
    assert page.locator("#said").inner_text() == desk.words["page"]["unsaved"] and not closed(page)
    page.keyboard.press("Escape")
    assert closed(page)


@LANGUAGES
def test_a_customer_is_chosen_with_the_arrows(desk: Desk, language: str) -> None:
    page = desk.show("showLogInteraction")
    assert focused(page) == "customer"
    page.keyboard.type("p1@exa")
    expect(page.locator("[role=option]")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    assert page.locator("#f-customer").get_attribute("aria-activedescendant") == "f-customer-list-0"
    page.keyboard.press("Enter")
    customer = page.locator("#f-customer").input_value()
    assert customer == f"{NAMES[language][0]} · C-00001" and page.locator("[role=option]:visible").count() == 0
    page.locator("#f-details").focus()
    page.keyboard.type("first\nsecond")
    page.keyboard.press("Control+Enter")
    said(page)
    (row,) = desk.rows("interactions")
    assert (row["customer"], row["details"]) == (customer, "first\nsecond")
    assert row.get("date_jalali", row.get("date")) in ("۱۴۰۵/۰۹/۰۱", 46348)


@LANGUAGES
def test_a_lost_answer_and_another_account_say_what_to_do(desk: Desk, language: str) -> None:
    page = desk.show("showNewTask")
    page.keyboard.type("Once")
    desk.refuse = "PERMISSION_DENIED"
    page.keyboard.press("Enter")
    text = said(page, "bad")
    assert f"{desk.words['menu']['title']} › {desk.words['menu']['new_task']}" in text and desk.title("tasks") in text
    desk.refuse, desk.lose = "", True
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("HTTP 0")
    desk.lose = False
    page.keyboard.press("Enter")
    assert said(page) == desk.words["form"]["saved_before"] % "Once"
    assert [row["title"] for row in desk.rows("tasks")] == ["Once"]


@LANGUAGES
def test_people_are_found_and_shown_in_the_sheet(desk: Desk, language: str) -> None:
    page = desk.show("showFindPerson")
    page.keyboard.type("example.com")
    page.keyboard.press("Enter")
    expect(page.locator(".card")).not_to_have_count(0)
    assert page.locator("img").count() == 0 and page.evaluate("document.documentElement.scrollWidth") <= 300
    page.locator(".card button").first.focus()
    page.keyboard.press("Enter")
    assert "C-0000" in said(page)
    page.locator("#f-query").fill(NAMES[language][0])
    page.keyboard.press("Enter")
    expect(page.locator(".card .what").first).to_have_text(NAMES[language][0])
    page.locator('[data-action="open"]').first.press("Enter")
    expect(page.locator("#said")).to_be_empty()
    assert desk.opened
    desk.display(desk.opened)
    assert page.locator("h1").inner_text() == NAMES[language][0] and page.locator(".card").count() >= 4
    assert HOSTILE[0] in page.locator("main").inner_text()


@LANGUAGES
def test_settings_are_checked_and_live_mail_is_asked_for(desk: Desk, language: str) -> None:
    page = desk.show("showSettings")
    live, test = desk.choice("mail_mode", "live"), desk.choice("mail_mode", "test")
    page.locator("#f-mail_daily_cap").fill("many")
    page.keyboard.press("Enter")
    assert said(page, "bad") and focused(page) == "mail_daily_cap"
    page.locator("#f-mail_daily_cap").fill("۲۵")
    page.locator("#f-mail_mode").select_option(live)
    page.locator("#f-mail_daily_cap").press("Enter")
    expect(page.locator("#asked")).to_be_visible()
    assert page.evaluate("document.activeElement.textContent") == desk.words["settings"]["live_no"]
    page.keyboard.press("Escape")
    assert page.locator("#asked").is_hidden() and setting(desk, "mail_mode") == desk.choice("mail_mode", "off")
    page.locator("#f-mail_mode").select_option(test)
    page.locator("#f-mail_daily_cap").press("Enter")
    said(page)
    assert (setting(desk, "mail_mode"), setting(desk, "mail_daily_cap")) == (test, 25)
    page = desk.show("showSettings")
    page.locator("button.main").press("Enter")
    expect(page.locator("#said")).to_have_text(desk.words["settings"]["same"])


def setting(desk: Desk, key: str) -> object:
    return next(row.get("value") for row in desk.rows("settings") if row["key"] == key)


@LANGUAGES
def test_every_page_is_accessible_and_harmless(desk: Desk, language: str) -> None:
    assert AXE and AXE.origin
    axe = Path(AXE.origin).with_name("axe.min.js").read_text("utf-8")
    entries = ("showAddLead", "showLogInteraction", "showNewTask", "showFindPerson", "showTimeline", "showPreview")
    for entry in (*entries, "showSettings", "showHelp", "showAbout"):
        page = desk.show(entry, ("customers", "A2:B2"))
        page.evaluate(axe)
        found = page.evaluate(
            "async (rules) => (await axe.run({ runOnly: rules })).violations.map((one) => [one.id, one.nodes[0].html])",
            RULES,
        )
        assert found == [], entry
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), entry
        assert page.locator("img, script[src]").count() == 0
        page.keyboard.press("Escape")
        assert closed(page), entry
    assert desk.broken == []
