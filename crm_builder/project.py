"""One crm.toml with everything that follows from it, computed before anything outside is touched."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from crm_builder import assets, deployment
from crm_builder.data.calendars import date_text
from crm_builder.data.rows import Entry, blocks
from crm_builder.errors import CrmError
from crm_builder.model import FIRST_DATA_ROW, CellFormat
from crm_builder.plan import Wishes
from crm_builder.script import ScriptProject
from crm_builder.script import render as render_script
from crm_builder.settings import FILE_NAME, Settings, load
from crm_builder.sheets import Layout, check_workbook, compile_fresh
from crm_builder.sheets.compile import pack_batches
from crm_builder.sheets.marks import SCRIPT_MARKS
from crm_builder.sheets.progress import Batch, mark_rows, marked
from crm_builder.sheets.rows import add_rows, add_table_rows, compile_rows
from crm_builder.template import Rendered, Source, TableSpec, catalog, read, render, wishes_of
from crm_builder.template.sample import generate
from crm_builder.template.sample_story import tell

Json = dict[str, Any]

_ROWS_A_UNIT = 2000  # rows that go in as one set; keeps a set well below the size of a batch


@dataclass(frozen=True)
class Project:
    """The description, and the desired workbook with its layout."""

    folder: Path
    source: Source
    settings: Settings
    rendered: Rendered
    layout: Layout
    target: str = deployment.LOCAL
    account: str = ""  # the name of a Google account

    @property
    def home(self) -> Path:
        """Where what is remembered of this CRM on its target lies."""
        return deployment.home(self.folder, self.target)

    def on(self, target: str, account: str = "") -> Project:
        """The same project for another target, and the account it is reached by."""
        return replace(self, target=target, account=account)

    @cached_property
    def wishes(self) -> Wishes:
        """What crm.toml and the templates say about changes. DescriptionError where they contradict themselves."""
        return wishes_of(self.settings, self.rendered, self.source)

    def at(self, folder: Path) -> Project:
        """The same project in another folder."""
        return replace(self, folder=folder)

    @cached_property
    def script(self) -> ScriptProject:
        """The script that is bound to the spreadsheet. TemplateError where a word of it is missing."""
        words = self.rendered.context.words
        sources = assets.folder("appsscript")
        facts = self.rendered.script
        return render_script(self.rendered.workbook, self.settings, words, SCRIPT_MARKS, sources, facts)

    @cached_property
    def batches(self) -> dict[Batch, list[Json]]:
        """The requests that build the workbook: each batch ends with its own mark and is checked before it is sent."""
        return marked(compile_fresh(self.rendered.workbook, self.layout))


@dataclass(frozen=True)
class RowSet:
    """Rows that go in together with their mark, or not at all."""

    name: str
    table: str
    first_row: int
    rows: int
    requests: tuple[Json, ...]


def load_project(folder: Path, templates: Path | None = None) -> Project:
    """Reads crm.toml and the templates. DescriptionError, TemplateError and ModelError hold all of their problems."""
    source = read(templates or assets.folder("templates"))
    return project_of(folder, source, load(folder / FILE_NAME, catalog(source)))


def project_of(folder: Path, source: Source, settings: Settings) -> Project:
    """What follows from templates and settings that were read. TemplateError and ModelError as above."""
    rendered = render(source, settings)
    check_workbook(rendered.workbook)
    project = Project(folder, source, settings, rendered, Layout.plan(rendered.workbook))
    if settings.google.script:
        _ = project.script  # its missing words are told before anything is made
    return project


def sample_rows(project: Project, now: datetime) -> dict[str, list[dict[str, Any]]]:
    """The invented rows of every table, spread around `now` in the CRM's time zone."""
    settings, context = project.settings, project.rendered.context
    told = tell(project.source, settings.preset, settings.language, settings.fields)
    choices = {spec.key: {choice.key: choice.title for choice in spec.choices} for spec in context.lists}
    return generate(
        told.story,
        told.words,
        choices | told.choices,
        [member.name for member in settings.team],
        float(context.currency["unit"]),
        now.astimezone(ZoneInfo(settings.time_zone)),
        {table.key: list(table.entries()) for table in project.rendered.tables},
        told.place,
    )


def row_sets(
    project: Project,
    rows: Mapping[str, list[dict[str, Any]]],
    done: Collection[str],
    heights: Mapping[str, int],
    layout: Layout,
) -> list[RowSet]:
    """Rows of data as sets of requests, each with the mark that says that it was written.

    `done`: names of sets that were written before. `heights`: how many rows the grid of each sheet has now; a set
    first adds the rows that it needs, to its table and to the helper sheets, whose blocks are as long as the tables.
    """
    heights = dict(heights)
    workbook = project.rendered.workbook
    sheets = workbook.sheets
    defaults = CellFormat(font=workbook.font, size=workbook.size)
    helpers = [
        one.key
        for one in sheets
        if one.kind == "helper" and one.key in layout.places and any(cell.formula for cell in one.cells)
    ]
    sets = []
    for table in project.rendered.tables:
        content = rows.get(table.key, [])
        for start in range(0, len(content), _ROWS_A_UNIT):
            name = f"sample:{table.key}:{start}"
            if name in done:
                continue
            part = content[start : start + _ROWS_A_UNIT]
            first_row = FIRST_DATA_ROW + start
            requests: list[Json] = []
            for sheet in (table.key, *helpers):
                missing = first_row - 1 + len(part) - heights[sheet]
                requests += (
                    add_table_rows(workbook.sheet(sheet), missing, heights[sheet], layout, defaults)
                    if sheet == table.key
                    else add_rows(sheet, missing, layout)
                )
                heights[sheet] += max(missing, 0)
            requests += _row_requests(project, table, first_row, part, layout)
            requests.append(mark_rows(table.key, name, layout))
            sets.append(RowSet(name, table.key, first_row, len(part), tuple(requests)))
    return sets


def row_batches(sets: Sequence[RowSet]) -> list[list[Json]]:
    """The sets in as few batches as the size limit allows."""
    return pack_batches([one.requests for one in sets])


def _row_requests(
    project: Project, table: TableSpec, first_row: int, rows: list[dict[str, Any]], layout: Layout
) -> list[Json]:
    place = layout.place(table.key)
    gone = [column.title for column in table.entries().values() if column.key not in place.columns]
    if gone:
        raise CrmError(f"{place.title} has no column {', '.join(gone)} any more; no sample data was written")
    entries = [Entry(source, column.key, bool(column.entry)) for source, column in table.entries().items()]
    order = [place.column_key(index) for index in range(place.width)]
    calendar, digits = project.rendered.context.calendar, project.settings.digits
    requests: list[Json] = []
    for block in blocks(table.key, order, entries, rows, calendar, digits):
        requests += compile_rows(table.key, first_row, block.columns, block.rows, layout)
    return requests


def day_text(project: Project, day: date) -> str:
    """A day as people of the CRM write it."""
    calendar, digits = project.rendered.context.calendar, project.settings.digits
    return date_text(day, calendar, digits) if "leap_years" in calendar else day.isoformat()


def now_of(clock: datetime | None) -> datetime:
    return clock or datetime.now(UTC)
