"""Pages as people use them: a CRM in its local workspace, its script in V8, its pages in Chromium, one browser for all."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from crm_builder import assets, deploy, deployment
from crm_builder.a1 import letters, quote
from crm_builder.google import Client
from crm_builder.local.runtime import Outcome, Runtime
from crm_builder.local.transport import LocalTransport
from crm_builder.local.workspace import Workspace
from crm_builder.project import Project, load_project
from crm_builder.settings import write_new
from crm_builder.template import catalog, read
from tests.conftest import CLOCK, TEAM, Once
from tests.preview.browser import needed

# google.script.run of a page, answered by the script; and what a page does to the window around it.
BRIDGE = """
(() => {
  window.told = { closed: false, asked: [] };
  const run = (good, bad) => ({
    withSuccessHandler: (handler) => run(handler, bad),
    withFailureHandler: (handler) => run(good, handler),
    pageAction: (...given) => {
      window.told.asked.push(given[0]);
      window.askScript(...given).then(([value, error]) => (error ? bad(new Error(error)) : good(value)));
    },
  });
  const host = { close: () => { window.told.closed = true; }, editor: { focus() {} } };
  window.google = { script: { run: run(() => {}, () => {}), host } };
})();
"""


@dataclass
class Desk:
    """Somebody at the sheet: `show` opens what an item of the menu shows; `refuse` answers pages with that error."""

    project: Project
    runtime: Runtime
    client: Client
    page: Page
    refuse: str = ""
    lose: bool = False  # the script is run, and its answer does not arrive
    opened: Outcome | None = None  # what a page opened instead of itself
    broken: list[str] = field(default_factory=list)  # errors in pages, and dialogs that a page opened

    @property
    def words(self) -> Mapping[str, Any]:
        return self.project.rendered.context.words["script"]

    @property
    def pass_(self) -> str:
        """What pages show of themselves with each question."""
        found = re.search(r'data-pass="(\w+)"', self.runtime.shown_page(self.runtime.run("showHelp")).content)
        assert found
        return found[1]

    def answer(self, name: str, *given: Any) -> list[Any]:
        if self.refuse:
            return [None, self.refuse]
        outcome = self.runtime.call_page("pageAction", name, *given)
        if any(one["kind"] == "sidebar" for one in outcome.shown):
            self.opened = outcome
        return [None, "NetworkError: Connection failure due to HTTP 0"] if self.lose else [outcome.value, outcome.error]

    def show(self, entry: str, at: tuple[str, str] | None = None) -> Page:
        """`at`: the key of a table and the cells that are selected there."""
        self.runtime.selected = (self.title(at[0]), [at[1]]) if at else None
        outcome = self.runtime.run(entry)
        assert not outcome.error, outcome.error + outcome.stack
        return self.display(outcome)

    def display(self, outcome: Outcome) -> Page:
        shown = self.runtime.shown_page(outcome)
        size = {"width": shown.width or 300, "height": shown.height or 700}
        self.page.set_viewport_size(size)  # a sidebar is 300 pixels wide
        self.page.goto("about:blank")  # nothing is left of the page before
        self.page.set_content(shown.content)
        return self.page

    def act(self, entry: str, table: str, cells: str, *answers: str) -> list[dict[str, Any]]:
        """What an item of the menu shows that acts upon selected cells."""
        self.runtime.selected = (self.title(table), cells.split())
        self.runtime.answers = list(answers)
        outcome = self.runtime.run(entry)
        assert not outcome.error, outcome.error + outcome.stack
        return list(outcome.shown)

    def title(self, table: str) -> str:
        return self.project.rendered.workbook.sheet(table).title

    def rows(self, table: str) -> list[dict[str, Any]]:
        """What is typed into a table, by column key, without blank cells."""
        sheet = self.project.rendered.workbook.sheet(table)
        found = self.values.get(
            spreadsheetId=self.runtime.spreadsheet_id,
            range=f"{quote(sheet.title)}!A2:{letters(len(sheet.columns) - 1)}",
            valueRenderOption="UNFORMATTED_VALUE",
        )
        typed = [(place, column.key) for place, column in enumerate(sheet.columns) if column.formula is None]
        rows = [
            {key: row[place] for place, key in typed if place < len(row) and row[place] not in ("", False)}
            for row in self.client.call(found).get("values", [])
        ]
        return [row for row in rows if row]

    def type(self, table: str, *rows: Mapping[str, Any]) -> None:
        """Rows as an import writes them, from the second on."""
        sheet = self.project.rendered.workbook.sheet(table)
        places = {column.key: place for place, column in enumerate(sheet.columns)}
        data = [
            {"range": f"{quote(sheet.title)}!{letters(places[key])}{number}", "values": [[value]]}
            for number, row in enumerate(rows, 2)
            for key, value in row.items()
        ]
        body = {"valueInputOption": "RAW", "data": data}
        self.client.call(self.values.batchUpdate(spreadsheetId=self.runtime.spreadsheet_id, body=body))

    def choice(self, list_: str, key: str) -> str:
        return self.project.rendered.context.words["choices"][list_][key]

    @property
    def values(self) -> Any:
        return self.client.sheets.spreadsheets().values()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=needed(), args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def desks(browser: Browser, once: Once, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Desk]]:
    """`desks("fa")`: a CRM of that language without rows, made once and copied for each module."""
    made: dict[str, Desk] = {}

    def make(draft: Path, language: str) -> None:
        write_new(draft, catalog(read(assets.folder("templates"))), language=language, name="Test", members=TEAM)
        with deploy.open_target(draft, CLOCK) as http:
            deploy.up(load_project(draft), http, sample_data=False, clock=CLOCK, tell=lambda text: None)

    def desk(language: str) -> Desk:
        if language not in made:
            folder = tmp_path_factory.mktemp("pages") / language
            shutil.copytree(once(f"provisioned-{language}", lambda draft: make(draft, language)), folder)
            made[language] = _desk(folder, browser)
        return made[language]

    yield desk
    for one in made.values():
        one.page.close()
        one.runtime.workspace.close()


def _desk(folder: Path, browser: Browser) -> Desk:
    found = deployment.load(folder, deploy.LOCAL)
    assert found
    workspace = Workspace(folder / ".crm" / "workspace", CLOCK)
    email = TEAM[0].partition("<")[2].rstrip(">")
    runtime = Runtime(workspace, found.spreadsheet_id, clock=CLOCK, outbox=folder / "outbox", user=email)
    page = browser.new_page()
    desk = Desk(load_project(folder), runtime, Client(LocalTransport(workspace), lambda *given: None), page)
    page.on("pageerror", lambda error: desk.broken.append(str(error)))
    page.on("dialog", lambda dialog: (desk.broken.append(dialog.message), dialog.dismiss()))
    page.expose_function("askScript", desk.answer)
    page.add_init_script(BRIDGE)
    return desk
