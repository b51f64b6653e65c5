"""Provisioned CRMs to look into: made once for each language and clock, driven and read through the REST client."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crm_builder import assets, deploy, deployment
from crm_builder.a1 import letters, quote
from crm_builder.google import Client
from crm_builder.model import Column, Sheet
from crm_builder.project import Project, load_project
from crm_builder.settings import write_new
from crm_builder.sheets import check_call
from crm_builder.template import catalog, read
from tests.conftest import Once
from tests.spine.reference import Crm, number_of

TEAM = ("Maya Collins <maya@example.com>", "Omid Rahimi <omid@example.com>", "Iris Falk <iris@example.com>")
# Where the day differs from the one in UTC: Honolulu lags at the first two clocks, Tehran turns to 2026 at the third.
ZONES = {"en": "Pacific/Honolulu", "fa": "Asia/Tehran"}
MONEY = {"en": "${:,.0f}", "fa": "{:,.0f} تومان"}  # in the currencies that the languages bring along
CLOCKS = {
    "autumn": datetime(2026, 11, 22, 9, tzinfo=UTC),
    "nowruz": datetime(2026, 3, 21, 8, tzinfo=UTC),
    "midnight": datetime(2025, 12, 31, 20, 30, tzinfo=UTC),
}
Grid = list[list[Any]]


@dataclass(frozen=True)
class Opened:
    """One CRM in its local workspace, open at a clock."""

    project: Project
    client: Client
    id: str
    clock: datetime

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(f"<{self.project.folder}>")  # a failing property prints it, and hypothesis would show all of it

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        return self.project.rendered.workbook.sheets

    def grids(self, render: str = "UNFORMATTED_VALUE") -> dict[str, Grid]:
        """Every cell of every sheet, by sheet key."""
        ranges = [quote(sheet.title) for sheet in self.sheets]
        answer = self.client.call(self._values.batchGet(spreadsheetId=self.id, ranges=ranges, valueRenderOption=render))
        return {
            sheet.key: found.get("values", []) for sheet, found in zip(self.sheets, answer["valueRanges"], strict=True)
        }

    def errors(self) -> list[str]:
        """Every cell whose value is an error: its place and what it says."""
        answer = self.client.get(
            self.id,
            [quote(sheet.title) for sheet in self.sheets],
            "sheets(properties(title),data(startRow,startColumn,rowData(values(effectiveValue(errorValue)))))",
        )
        found = []
        for sheet in answer["sheets"]:
            for row, cells in enumerate(sheet["data"][0].get("rowData", ()), 1):
                for column, cell in enumerate(cells.get("values", ())):
                    if "errorValue" in cell.get("effectiveValue", {}):
                        said = cell["effectiveValue"]["errorValue"]
                        found.append(f"{sheet['properties']['title']}!{letters(column)}{row}: {said}")
        return found

    def type(self, table: str, row: int, values: Mapping[str, Any], option: str = "USER_ENTERED") -> None:
        """Types values into a row, by column key; None deletes what is there."""
        self.type_rows(table, row, [values], option)

    def type_rows(self, table: str, row: int, rows: Sequence[Mapping[str, Any]], option: str = "USER_ENTERED") -> None:
        """Types rows one below the other; all of them name the same columns."""
        data = [
            {
                "range": self.cell(table, key, row),
                "values": [["" if one[key] is None else one[key]] for one in rows],
            }
            for key in rows[0]
        ]
        body = {"valueInputOption": option, "data": data}
        self.client.call(self._values.batchUpdate(spreadsheetId=self.id, body=body))

    def clear(self, table: str, row: int, key: str) -> None:
        """Deletes what a cell holds, as the delete key does; an empty text would go on blocking a spill."""
        where = {"spreadsheetId": self.id, "range": self.cell(table, key, row), "body": {}}
        self.client.call(self._values.clear(**where))

    def append(self, table: str, values: Mapping[str, Any]) -> None:
        """A new row under the data; computed columns are left alone."""
        sheet = self.sheet(table)
        self.client.call(
            self._values.append(
                spreadsheetId=self.id,
                range=f"{quote(sheet.title)}!A1",
                valueInputOption="USER_ENTERED",
                insertDataOption="OVERWRITE",
                body={"values": [[values.get(column.key) for column in sheet.columns]]},
            )
        )

    def change_rows(self, kind: str, table: str, first: int, last: int) -> None:
        """Inserts or deletes whole rows, `first` to `last` as people count them."""
        sheet_id = self.project.layout.place(table).sheet_id
        area = {"sheetId": sheet_id, "dimension": "ROWS", "startIndex": first - 1, "endIndex": last}
        self.client.batch_update(self.id, [{kind: {"range": area}}])

    def cell(self, table: str, key: str, row: int) -> str:
        sheet = self.sheet(table)
        index = [column.key for column in sheet.columns].index(key)
        return f"{quote(sheet.title)}!{letters(index)}{row}"

    def sheet(self, key: str) -> Sheet:
        return self.project.rendered.workbook.sheet(key)

    def crm(self, grids: Mapping[str, Grid]) -> Crm:
        """What is typed into the tables, and the day it is where the CRM is."""
        tables = {
            sheet.key: {
                number: {
                    column.key: value
                    for column, value in zip(sheet.columns, row, strict=False)
                    if column.formula is None and value != ""
                }
                for number, row in enumerate(grids[sheet.key][1:], 2)
            }
            for sheet in self.sheets
            if sheet.kind == "table"
        }
        settings = self.project.settings
        today = number_of(self.clock.astimezone(ZoneInfo(settings.time_zone)).date())
        return Crm(tables, choice_titles(settings.language), today)

    @cached_property
    def _values(self) -> Any:
        return self.client.sheets.spreadsheets().values()


def computed(sheet: Sheet) -> list[Column]:
    return [column for column in sheet.columns if column.formula is not None]


@cache
def choice_titles(language: str) -> dict[str, dict[str, str]]:
    """The titles of the choices by list and key, and the texts that computed columns show."""
    folder = assets.folder("templates") / "words" / language
    words = [tomllib.loads(file.read_text("utf-8")) for file in sorted(folder.glob("*.toml"))]
    texts = {view: body.get("texts", {}) for part in words for view, body in part.get("views", {}).items()}
    bands = {key: texts["pivots"][f"band_{key}"] for key in ("first", "second", "third", "fourth")}
    shown = {"value_band": {**bands, "money": MONEY[language]}, "stuck": {"stuck": texts["pipeline"]["stuck"]}}
    return next(part["choices"] for part in words if "choices" in part) | shown


@contextmanager
def opened(project: Project, clock: datetime) -> Iterator[Opened]:
    found = deployment.load(project.folder, deploy.LOCAL)
    assert found
    with deploy.open_target(project.folder, clock) as http:
        yield Opened(project, Client(http, check_call), found.spreadsheet_id, clock)


def copied(project: Project, folder: Path) -> Project:
    """The whole CRM, workspace included, in a folder of its own."""
    shutil.copytree(project.folder, folder)
    return replace(project, folder=folder)


@pytest.fixture(scope="session")
def empty_crm(once: Once, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Project]:
    """A CRM without rows, made once for each language; this process's own copy, as one process at a time opens it."""

    def fill(folder: Path, language: str) -> None:
        path = write_new(folder, catalog(read(assets.folder("templates"))), language=language, members=TEAM)
        text = re.sub(r'^time_zone = ".*"$', f'time_zone = "{ZONES[language]}"', path.read_text("utf-8"), flags=re.M)
        path.write_text(text, "utf-8")
        project = load_project(folder)
        assert project.settings.time_zone == ZONES[language]
        with deploy.open_target(folder, CLOCKS["autumn"]) as http:
            deploy.up(project, http, sample_data=False, clock=CLOCKS["autumn"], tell=lambda text: None)

    @cache
    def make(language: str) -> Project:
        made = once(f"empty-{language}", lambda folder: fill(folder, language))
        return copied(load_project(made), tmp_path_factory.mktemp("computed") / language)

    return make


@pytest.fixture(scope="session")
def sample_crm(
    empty_crm: Callable[[str], Project], once: Once, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, str], Project]:
    """The same with sample data, for each language and clock."""

    def fill(folder: Path, language: str, at: str) -> None:
        project = copied(empty_crm(language), folder)
        with deploy.open_target(folder, CLOCKS[at]) as http:
            made = deploy.up(project, http, sample_data=True, clock=CLOCKS[at], tell=lambda text: None)
        assert made.rows["customers"] > 100

    @cache
    def make(language: str, at: str) -> Project:
        name = f"{language}-{at}"
        made = once(f"sample-{name}", lambda folder: fill(folder, language, at))
        return copied(load_project(made), tmp_path_factory.mktemp("computed") / name)

    return make


@pytest.fixture(params=["en", "fa"])
def language(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def sample(sample_crm: Callable[..., Project], language: str, tmp_path: Path) -> Iterator[Opened]:
    """A copy of the CRM with sample data, to be changed."""
    with opened(copied(sample_crm(language, "autumn"), tmp_path / "crm"), CLOCKS["autumn"]) as crm:
        yield crm


@pytest.fixture
def empty(empty_crm: Callable[..., Project], language: str, tmp_path: Path) -> Iterator[Opened]:
    """A copy of the CRM without rows, to be filled."""
    with opened(copied(empty_crm(language), tmp_path / "crm"), CLOCKS["autumn"]) as crm:
        yield crm
