"""Menus, questions and pages; and who cannot have them."""

from __future__ import annotations

from collections import deque

import pytest

from crm_builder.local.runtime.html import HtmlOutput
from crm_builder.local.runtime.spreadsheet.enums import BUTTON, BUTTON_SET


def test_a_menu(desk) -> None:
    ui = desk.app.getUi()
    more = ui.createMenu("More").addItem("Deep", "deep")
    ui.createMenu("CRM").addItem("Help", "showHelp").addSeparator().addSubMenu(more).addToUi()
    items = [
        {"title": "Help", "entry": "showHelp"},
        None,
        {"title": "More", "items": [{"title": "Deep", "entry": "deep"}]},
    ]
    assert desk.world.shown == [{"kind": "menu", "title": "CRM", "items": items}]


@pytest.mark.parametrize(
    ("given", "answers", "button", "shown"),
    [
        (("text",), ["OK"], "OK", ("", "text", "OK")),
        (("text", BUTTON_SET["YES_NO"]), ["NO"], "NO", ("", "text", "YES_NO")),
        (("title", "text", BUTTON_SET["OK_CANCEL"]), ["CANCEL"], "CANCEL", ("title", "text", "OK_CANCEL")),
        (("text", BUTTON_SET["YES_NO"]), [None], "CLOSE", ("", "text", "YES_NO")),
        (("text", BUTTON_SET["YES_NO"]), [], "CLOSE", ("", "text", "YES_NO")),
        ((5,), ["OK"], "OK", ("", "5", "OK")),
    ],
)
def test_an_alert(desk, given, answers, button, shown) -> None:
    app = desk.new(answers=deque(answers))
    assert app.getUi().alert(*given) is BUTTON[button]
    (entry,) = app.world.shown
    assert (entry["kind"], entry["title"], entry["text"], entry["buttons"]) == ("alert", *shown)


@pytest.mark.parametrize("given", [(), (None,), ("a", "b"), ("a", "b", "c"), (BUTTON_SET["OK"], "a")])
def test_what_is_no_alert(desk, given) -> None:
    assert "don't match the method signature for Ui.alert" in desk.refused(desk.app.getUi().alert, *given)
    assert desk.world.shown == []


@pytest.mark.parametrize(
    ("answers", "button", "text"),
    [(["name"], "OK", "name"), ([("CANCEL", "na")], "CANCEL", "na"), (["CANCEL"], "CANCEL", ""), ([], "CLOSE", "")],
)
def test_a_prompt(desk, answers, button, text) -> None:
    response = desk.new(answers=deque(answers)).getUi().prompt("Who?", BUTTON_SET["OK_CANCEL"])
    assert (response.getSelectedButton(), response.getResponseText()) == (BUTTON[button], text)


def test_what_is_no_answer(desk) -> None:
    """A test that answers with a button that is not there is wrong itself: no script sees that."""
    with pytest.raises(ValueError, match="YES cannot be answered"):
        desk.new(answers=deque(["YES"])).getUi().alert("text")


def test_pages(desk) -> None:
    ui, page = desk.app.getUi(), HtmlOutput("<p>")
    ui.showModalDialog(page, "Modal")
    ui.showModelessDialog(page, "Beside")
    ui.showSidebar(page.setTitle("Side"))
    shown = [(one["kind"], one["title"], one["modal"]) for one in desk.world.shown]
    assert shown == [("dialog", "Modal", True), ("dialog", "Beside", False), ("sidebar", "Side", False)]
    assert all(one["page"] is page for one in desk.world.shown)
    assert desk.refused(ui.showModalDialog, "<p>", "Title").endswith("Ui.showModalDialog.")


@pytest.mark.parametrize("entry", ["time", "web"])
def test_nobody_looks_on(desk, entry) -> None:
    assert desk.refused(desk.new(entry=entry).getUi) == "Cannot call SpreadsheetApp.getUi() from this context."
