"""A whole CRM to look into: any preset, language and clock, its typed rows as plain Python, and everything it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from crm_builder import assets, deploy, deployment
from crm_builder.a1 import quote
from crm_builder.google import Client
from crm_builder.preview import ChartData, chart_series
from crm_builder.project import Project, load_project, row_batches, row_sets, sample_rows
from crm_builder.settings import write_new
from crm_builder.sheets import check_call
from crm_builder.template import catalog, read
from tests.conftest import Once
from tests.spine.conftest import MONEY, TEAM, ZONES, Grid, Opened, copied
from tests.spine.reference import EPOCH, Crm

PRESETS = ("personality_courses", "web_design", "seo", "handmade", "online_courses", "adsense")
CLOCKS = {"autumn": date(2026, 11, 22), "nowruz": date(2026, 3, 21), "new_years_eve": date(2025, 12, 31)}
_HOURS = {"en": time(23, 50), "fa": time(0, 10)}  # it is already tomorrow in UTC, and still yesterday
Rows = list[tuple[Any, ...]]
_CHART_ROWS = 60  # more than any block that a chart draws has
_CHART_FIELDS = (
    "sheets(properties(sheetId,title),charts,data(startRow,startColumn,"
    "rowData(values(formattedValue,effectiveValue)),"
    "rowMetadata(hiddenByUser,hiddenByFilter),columnMetadata(hiddenByUser,hiddenByFilter)))"
)


@dataclass(frozen=True)
class Whole(Opened):
    """One CRM open at a clock. `grids()` reads every cell anew, everything else takes what it read."""

    @property
    def words(self) -> Mapping[str, Any]:
        """Every word of the CRM's language and trade."""
        return self.project.rendered.context.words

    @cached_property
    def titles(self) -> dict[str, dict[str, str]]:
        """The titles of the choices by list and key, and the texts that computed columns show."""
        lists = {
            one.key: {choice.key: choice.title for choice in one.choices} for one in self.project.rendered.context.lists
        }
        texts = {view: body.get("texts", {}) for view, body in self.words["views"].items()}
        bands = {key: texts["pivots"][f"band_{key}"] for key in ("first", "second", "third", "fourth")}
        money = MONEY[self.project.settings.language]
        return lists | {
            "value_band": {**bands, "money": money},
            "stuck": {"stuck": texts["pipeline"]["stuck"]},
        }

    @property
    def parts(self) -> set[str]:
        """The parts of the CRM that are switched on, by the tables that they bring."""
        return {sheet.key for sheet in self.sheets if sheet.kind == "table"}

    def crm(self, grids: Mapping[str, Grid]) -> Crm:
        return replace(super().crm(grids), words=self.titles)

    def place(self, sheet: str, column: str) -> int:
        """Where a column stands in its sheet, from 0."""
        return [one.key for one in self.sheet(sheet).columns].index(column)

    def named(self, grids: Mapping[str, Grid], name: str) -> Rows:
        """What a named range holds, down to the last row that has anything; blanks are None."""
        area = self._names[name]
        first = self.place(area.sheet, area.first_column)
        last = self.place(area.sheet, area.last_column) if area.last_column else first
        rows = [
            tuple(blank(row[at]) if at < len(row) else None for at in range(first, last + 1))
            for row in grids[area.sheet][area.first_row - 1 : area.last_row]
        ]
        while rows and all(value is None for value in rows[-1]):
            rows.pop()
        return rows

    def blocks(self, helper: str) -> dict[str, tuple[str, ...]]:
        """The blocks of a helper sheet with their columns: a block's name is how its columns' keys begin."""
        keys, found = [column.key for column in self.sheet(helper).columns], {}
        for name, area in self._names.items():
            block = name.removeprefix(f"{helper}_")
            if area.sheet == helper and block != name and area.first_column.startswith(f"{block}_"):
                first, last = (keys.index(key) for key in (area.first_column, area.last_column or area.first_column))
                found[block] = tuple(key.removeprefix(f"{block}_") for key in keys[first : last + 1])
        return found

    def charts(self, views: Sequence[str], helpers: Sequence[str]) -> dict[tuple[str, str], ChartData]:
        """The figures of the charts of some views by view and key, drawn from blocks of those helpers."""
        present = [sheet for sheet in self.sheets if sheet.key in (*views, *helpers)]
        ranges = [f"{quote(sheet.title)}!1:{min(_CHART_ROWS, sheet.rows)}" for sheet in present]
        answer = self.client.get(self.id, ranges, _CHART_FIELDS)
        shown = {(data.sheet, data.title): data for data in chart_series(answer).values()}
        wanted = [(sheet, chart) for sheet in present if sheet.key in views for chart in sheet.charts]
        assert len(shown) == len(wanted), "two charts of one view have the same title"
        return {(sheet.key, chart.key): shown[sheet.title, chart.title] for sheet, chart in wanted}

    def choose(self, name: str, text: str) -> None:
        """Types into a field of a view."""
        where = {"spreadsheetId": self.id, "range": name, "valueInputOption": "RAW"}
        self.client.call(self.client.sheets.spreadsheets().values().update(**where, body={"values": [[text]]}))

    @cached_property
    def _names(self) -> dict[str, Any]:
        return {one.name: one.area for one in self.project.rendered.workbook.names}


def blank(value: Any) -> Any:
    return None if value == "" else value


def day(number: int) -> date:
    """The day that a spreadsheet's number means."""
    return EPOCH + timedelta(number)


class Workshop:
    """Makes CRMs once: an empty one for each preset and language, copies of it with rows for each clock."""

    def __init__(self, once: Once, folder: Path):
        self._once = once
        self._folder = folder  # for this process's own copies, as a workspace is opened by one process at a time
        self.empty: Callable[[str, str], Project] = cache(self._empty)
        self.sample: Callable[[str, str, str], Project] = cache(self._sample)

    def _empty(self, preset: str, language: str) -> Project:
        name = f"{preset}-{language}"
        made = self._once(f"whole-{name}", lambda folder: _make(folder, preset, language))
        return copied(load_project(made), self._folder / name)

    def _sample(self, preset: str, language: str, at: str) -> Project:
        empty, name = self.empty(preset, language), f"{preset}-{language}-{at}"
        made = self._once(f"whole-{name}", lambda folder: _fill(copied(empty, folder), at))
        return copied(load_project(made), self._folder / name)


def _make(folder: Path, preset: str, language: str) -> None:
    known = catalog(read(assets.folder("templates")))
    path = write_new(folder, known, language=language, preset=preset, members=TEAM)
    old = path.read_text("utf-8")
    zone = next(line for line in old.splitlines() if line.startswith("time_zone = "))
    path.write_text(old.replace(zone, f'time_zone = "{ZONES[language]}"'), "utf-8")
    project = load_project(folder)
    key = deployment.new(deploy.LOCAL)
    with deploy.open_target(folder, clock(language, "autumn")) as http:
        client = Client(http, check_call)
        made = key.with_spreadsheet(client.create_file(project.settings.name, key.key)["id"])
        for requests in project.batches.values():
            client.batch_update(made.spreadsheet_id, requests)
    deployment.save(folder, made)


def _fill(project: Project, at: str) -> None:
    heights = {sheet.key: sheet.rows for sheet in project.rendered.workbook.sheets}
    now = clock(project.settings.language, at)
    with entered(project, now) as crm:
        for requests in row_batches(row_sets(project, sample_rows(project, now), (), heights, project.layout)):
            crm.client.batch_update(crm.id, requests)


def clock(language: str, at: str) -> datetime:
    """A moment of that day where the CRM is, near midnight."""
    return datetime.combine(CLOCKS[at], _HOURS[language], ZoneInfo(ZONES[language]))


@contextmanager
def entered(project: Project, now: datetime) -> Iterator[Whole]:
    found = deployment.load(project.folder, deploy.LOCAL)
    assert found
    with deploy.open_target(project.folder, now) as http:
        yield Whole(project, Client(http, check_call), found.spreadsheet_id, now)
