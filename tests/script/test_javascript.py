"""What the script does, in V8: its menu, its pages, and what hostile names do to them (nothing)."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from crm_builder.local.scripts_functions import functions
from crm_builder.project import Project
from tests.script.conftest import NAME
from tests.script.javascript import run

Crm = Callable[..., Project]
EDGE = {"Services", "Store", "Triggers", "Mail", "Inbox", "Web"}  # the files that may name a service of Google's

# Services that note what they are asked for; `marks` are the keys of the sheets that are there.
SERVICES = """
const told = [];
const menu = { addItem: (title, entry) => { told.push([title, entry]); return menu; },
  addSeparator: () => { told.push(null); return menu; }, addToUi: () => { told.push('shown'); } };
const page = (html) => ({ html, setTitle() { return this; }, setWidth() { return this; }, setHeight() { return this; } });
const file = () => '';
const ui = { createMenu: (title) => { told.push(title); return menu; },
  showModalDialog: (page, title) => told.push({ title, html: page.html }) };
const finder = (marks) => ({ createDeveloperMetadataFinder: () => ({ withKey: (key) => ({
  find: () => marks.map((value) => ({ getValue: () => (key === 'crm_builder.sheet' ? value : null) })) }) }) });
const made = (marks) => ({ ui: () => ui, page, file, spreadsheet: () => finder(marks), store: () => ({ get: () => 'secret' }), sign: () => 'pass' });
"""


class Page(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.of: dict[str, dict[str, str | None]] = {}
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.of[tag] = dict(attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_menu_calls_entry_points_that_are_there(crm: Crm, language: str) -> None:
    files = crm(language).script.files
    title, *items, shown = run(files, f"{SERVICES} addMenu(made([]), CONFIG); return told;")
    words = crm(language).rendered.context.words["script"]["menu"]
    main = next(file for file in files if file.name == "Main")
    entries = {one["name"] for one in functions(main.source)}
    assert (title, shown) == (words["title"], "shown")
    assert {item[0] for item in items if item} == {text for key, text in words.items() if key != "title"}
    assert {item[1] for item in items if item} <= entries
    assert items[0] and items[-1] and all(items[at] or items[at + 1] for at in range(len(items) - 1))


def test_without_mail_the_menu_does_not_speak_of_it(crm: Crm) -> None:
    files = crm("en", "[google]\nmail = false").script.files
    entries = run(files, "return menuItems(CONFIG).filter(Boolean).map((item) => item.entry);")
    assert not {"sendNow", "showPreview", "pauseMail", "resumeMail"} & set(entries) and "showSettings" in entries


def test_entry_points_hand_on_what_they_are_given(crm: Crm) -> None:
    """The real services of Google's under their names; the menu comes without any that needs consent."""
    google = f"{SERVICES} globalThis.SpreadsheetApp = {{ getUi: () => ui }}; onOpen(); return told.length;"
    assert run(crm().script.files, google) == run(crm().script.files, "return menuItems(CONFIG).length;") + 2


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("fa", "rtl")])
def test_about_says_whether_all_sheets_are_there(crm: Crm, language: str, direction: str) -> None:
    files = crm(language).script.files
    all_there = f"{SERVICES} openAbout(made(Object.keys(CONFIG.sheets)), CONFIG); return [told[0], Object.keys(CONFIG.sheets).length];"
    shown, number = run(files, all_there)
    page = Page(shown["html"])
    assert page.of["html"].items() >= {"lang": language, "dir": direction}.items()
    assert numeral(number, language) in page.text and NAME in page.text


def numeral(number: int, language: str) -> str:
    return str(number).translate({48 + digit: 0x6F0 + digit for digit in range(10)} if language == "fa" else {})


def test_about_names_the_sheets_that_are_missing(crm: Crm) -> None:
    keys = "Object.keys(CONFIG.sheets).filter((key) => key !== 'leads' && key !== 'report')"
    shown = run(crm().script.files, f"{SERVICES} openAbout(made({keys}), CONFIG); return told[0];")
    assert "Leads, Report" in Page(shown["html"]).text


def test_a_hostile_name_is_text(crm: Crm) -> None:
    shown = run(crm().script.files, f"{SERVICES} openAbout(made([]), CONFIG); return told[0];")
    page = Page(shown["html"])
    assert "img" not in page.tags and "script" not in page.tags and NAME in page.text


@pytest.mark.parametrize("language", ["en", "fa"])
def test_help_says_every_word_that_there_is(crm: Crm, language: str) -> None:
    project = crm(language)
    shown = run(project.script.files, f"{SERVICES} openHelp(made([]), CONFIG); return told[0];")
    text = Page(shown["html"]).text + shown["title"]
    for word in project.rendered.context.words["script"]["help"].values():
        assert all(part in text for part in word.split("%s"))


@pytest.mark.parametrize(
    ("call", "result"),
    [
        ("escaped('<a b=\"c\">&\\'`')", "&#60;a b=&#34;c&#34;&#62;&#38;&#39;&#96;"),
        ("filled('%s of %s', 'a', '%s')", "a of %s"),
        ("filled('%s and %s', '$&')", "$& and "),
        ("numberText(1405, 'persian')", "۱۴۰۵"),
        ("numberText(-12, 'latin')", "-12"),
    ],
)
def test_texts(crm: Crm, call: str, result: str) -> None:
    assert run(crm().script.files, f"return {call};") == result


def test_the_top_of_a_file_only_declares(crm: Crm) -> None:
    """All files share one scope and their order is the service's: backwards they work as well."""
    files = tuple(reversed(crm().script.files))
    assert run(files, "return menuItems(CONFIG).length;") > 10


def test_only_service_files_name_services_and_declare_the_scopes_that_they_need(crm: Crm) -> None:
    scope_of = {
        "SpreadsheetApp": "auth/spreadsheets.currentonly",
        "HtmlService": "auth/script.container.ui",
        "MailApp": "auth/script.send_mail",
        "GmailApp": "//mail.google.com/",
        "ScriptApp": "auth/script.scriptapp",
        "UrlFetchApp": "auth/script.external_request",
    }
    files = [file for file in crm().script.files if file.type == "SERVER_JS"]
    declared = "".join(re.findall(r"@scope (\S+)", "".join(file.source for file in files)))
    for file in files:
        plain = re.sub(r"/\*.*?\*/|//[^\n]*", "", file.source, flags=re.S)
        named = {one for one in re.findall(r"\b[A-Z]\w+(?:App|Service)\b", plain)}
        assert not named or file.name in EDGE, file.name
        assert all(scope_of[service] in declared for service in named & scope_of.keys()), file.name
