"""A small CRM in the hands of a test: its description, its spreadsheet, the person who works in it, plans and applies."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crm_builder import deploy, deployment
from crm_builder.deploy import Applied, Prepared
from crm_builder.google import Client
from crm_builder.plan import Create, Delete, Forget, Plan, Rename, Update, tree
from crm_builder.project import Project, load_project
from crm_builder.sheets import check_call
from crm_builder.sheets.baseline import SHEET_ID as BASELINE_ID
from crm_builder.sheets.marks import COLUMN, SHEET, TURN, values_of
from tests.changes.typed import Asked, Typed, lost, typed_cells
from tests.changes.user import User
from tests.conftest import CLOCK

HEAD = {
    "name": "Test",
    "language": "en",
    "preset": "general",
    "calendar": "gregorian",
    "currency": "USD",
    "time_zone": "Europe/London",
}
TEAM = ("Maya Collins <maya@example.com>", "Omid Rahimi <omid@example.com>")
_MARKS = "sheets(properties(sheetId,title,index),developerMetadata,data(columnMetadata(developerMetadata)))"

CUSTOMERS = (
    {"id": "C-1", "name": "Ada Stone", "email": "ada@example.com", "status": "Active", "first_contact": "2026-03-01", "owner": "Maya Collins", "consent": True, "notes": "likes tea"},
    {"id": "C-2", "name": "Ben Hill", "status": "Prospect", "first_contact": "2026-05-12", "consent": False, "notes": "=1+1"},
    {"id": "C-3", "name": "Cleo Marsh", "email": "cleo@example.com", "status": "Active", "owner": "Omid Rahimi"},
)  # fmt: skip
DEALS = (
    {"id": "D-1", "customer": "Ada Stone · C-1", "amount": 1200, "stage": "Won", "closed_on": "2026-06-02"},
    {"id": "D-2", "customer": "Ben Hill · C-2", "amount": 300, "stage": "Lost"},
    {"id": "D-3", "customer": "Ada Stone · C-1", "amount": 800, "stage": "Proposal"},
)


_AIMED = ("filter", "view", "rule", "chart", "pivot", "slicer")  # what people aimed at a column goes with it


def description(text: str = "", head: Mapping[str, str] | None = None, team: Sequence[str] = TEAM) -> str:
    """A crm.toml: `head` are the keys of [crm] that are otherwise, `text` all sections beside it."""
    lines = ["[crm]", *(f'{key} = "{value}"' for key, value in (HEAD | dict(head or {})).items())]
    for member in team:
        name, email = re.fullmatch(r"(.+) <(.+)>", member).groups()
        lines += ["[[team]]", f'name = "{name}"', f'email = "{email}"']
    return "\n".join([*lines, text]) + "\n"


def make(folder: Path, templates: Path, text: str, *, data: bool = True) -> Path:
    """A new CRM of a description, with a few rows typed into it."""
    folder.mkdir(parents=True)
    (folder / "crm.toml").write_text(text, "utf-8")
    with deploy.open_target(folder, CLOCK) as http:
        project = load_project(folder, templates)
        deploy.up(project, http, sample_data=False, clock=CLOCK, tell=lambda text: None)
    if data:
        with opened(folder, templates) as crm:
            crm.fill()
    return folder


@contextmanager
def opened(folder: Path, templates: Path) -> Iterator[Crm]:
    with deploy.open_target(folder, CLOCK) as http:
        found = deployment.load(folder, deploy.LOCAL)
        assert found
        yield Crm.of(folder, templates, http, found)


@dataclass
class Crm:
    """An open CRM. `http` may be wrapped to count calls or to let them fail."""

    folder: Path
    templates: Path
    http: Any
    client: Client
    user: User
    deployment: Any
    project: Project

    @classmethod
    def of(cls, folder: Path, templates: Path, http: Any, found: Any) -> Crm:
        client = Client(http, check_call)
        user = User(client, found.spreadsheet_id)
        return cls(folder, templates, http, client, user, found, load_project(folder, templates))

    # -- where things are now

    def marks(self) -> dict[str, tuple[int, dict[str, int]]]:
        """Sheet key → (its id, column key → index)."""
        found: dict[str, tuple[int, dict[str, int]]] = {}
        for sheet in self.client.get(self.user.id, fields=_MARKS)["sheets"]:
            for _, key in values_of(sheet.get("developerMetadata", ()), SHEET):
                columns: dict[str, int] = {}
                for index, one in enumerate(sheet["data"][0].get("columnMetadata", ())):
                    for _, column in values_of(one.get("developerMetadata", ()), COLUMN):
                        columns.setdefault(column, index)
                found.setdefault(key, (sheet["properties"].get("sheetId", 0), columns))
        return found

    def sheet(self, key: str) -> int:
        return self.marks()[key][0]

    def column(self, sheet: str, key: str) -> int:
        return self.marks()[sheet][1][key]

    def header(self, key: str) -> int:
        """The line of a table's header; LookupError where nobody can tell."""
        number, columns = self.marks()[key]
        titles = {one.title for one in self.project.rendered.workbook.sheet(key).columns}
        lines = self.user.values(number, "FORMATTED_VALUE")
        counts = [len(titles & {line[at] for at in columns.values() if at < len(line)}) for line in lines]
        if not any(counts):
            raise LookupError(key)
        return counts.index(max(counts))

    def fill(self) -> None:
        """Types a few rows into the tables that have them."""
        marks = self.marks()
        suffix = self.project.rendered.context.calendar.get("suffix", "")
        titles = self._titles()
        for table, rows in (("customers", CUSTOMERS), ("deals", DEALS)):
            number, columns = marks[table]
            places = {key: columns.get(key + suffix, at) for key, at in columns.items()}
            width = max(columns.values()) + 1
            block: list[list[Any]] = []
            for row in rows:
                line: list[Any] = [None] * width
                for key, value in row.items():
                    if key in places:
                        line[places[key]] = titles.get(value, value) if isinstance(value, str) else value
                block.append(line)
            self.user.type_block(number, 1, 0, block)

    def _titles(self) -> dict[str, str]:
        """The English titles of choices, in this CRM's language."""
        lists = {spec.key: {one.key: one.title for one in spec.choices} for spec in self.project.rendered.context.lists}
        english = {"Active": ("customer_status", "active"), "Prospect": ("customer_status", "prospect")}
        english |= {word: ("deal_stage", word.lower()) for word in ("Won", "Lost", "Proposal")}
        return {word: lists.get(name, {}).get(key, word) for word, (name, key) in english.items()}

    # -- describing, planning, applying

    def describe(self, text: str | None = None, templates: Path | None = None) -> None:
        if text is not None:
            (self.folder / "crm.toml").write_text(text, "utf-8")
        self.templates = templates or self.templates
        self.project = load_project(self.folder, self.templates)

    def prepare(self, http: Any = None) -> Prepared:
        client = Client(http, check_call) if http else self.client
        return deploy.prepare(self.project, client, self.deployment)

    def apply(self, prepared: Prepared | None = None, http: Any = None) -> Applied:
        client = Client(http, check_call) if http else self.client
        prepared = prepared or self.prepare(http)
        return deploy.apply(self.project, client, self.deployment, prepared, now=CLOCK, tell=lambda text: None)

    def typed(self, *workbooks: Any) -> Typed:
        return typed_cells(self.client, self.user.id, *(workbooks or (self.project.rendered.workbook,)))

    def titles(self) -> set[str]:
        return {one["properties"]["title"] for key, one in self.user.sheets().items() if key != BASELINE_ID}


def change(crm: Crm, text: str | None, templates: Path | None = None, asked: Asked | None = None) -> Prepared:
    """Describes, plans and applies; then the two assertions that always hold: nothing is left to do, and every cell
    that people typed is what it was and where they put it."""
    former = crm.project.rendered.workbook
    crm.describe(text, templates)
    return prove(crm, former, asked)


def prove(crm: Crm, former: Any = None, asked: Asked | Callable[[Prepared], Asked] | None = None) -> Prepared:
    """Applies, with the two assertions. `former`: the workbook described before, or all that were; `asked` may follow
    from the plan."""
    wanted = crm.project.rendered.workbook
    books = (*(former if isinstance(former, list) else [former or wanted]), wanted)
    before = crm.typed(*books)
    prepared = crm.prepare()
    asked = said(prepared, asked(prepared) if callable(asked) else asked or Asked())
    done = crm.apply(prepared)
    told = "\n".join(["planned:", *lines_of(prepared.plan)])
    assert not done.left, "\n".join(["read back otherwise:", *done.left, told])
    again = crm.prepare()
    assert not again.plan.changes, "\n".join(["planned again:", *lines_of(again.plan), told])
    assert not again.batches, f"something is noted again\n{told}"
    leaves = any(
        isinstance(one, Delete | Forget) and one.id.kind in ("sheet", "column") for one in prepared.plan.changes
    )
    # Which of the empty rows of a view is which cannot be told where rows moved.
    blurred = {("height", key) for key, place in prepared.seen.layout.places.items() if place.lines}
    headless = {key for key, place in prepared.seen.layout.places.items() if place.headless}
    areas = {name.name: name.area for name in prepared.seen.observed.workbook.names}
    headed = {
        str(one.id)
        for one in prepared.plan.drift
        if one.id.sheet in headless or (one.id.key in areas and areas[one.id.key].sheet in headless)
    }
    for name in ("refusals", "drift"):
        then, now = (
            {str(one.id) for one in getattr(plan, name) if (one.id.kind, one.id.sheet) not in blurred}
            for plan in (prepared.plan, again.plan)
        )
        new = {str(one.id) for one in prepared.plan.changes if isinstance(one, Create)}  # where people dressed cells
        grown = {one.id.sheet for one in prepared.plan.changes if isinstance(one, Update) and one.id.kind == "sheet"}
        new |= {one for one in now if one.partition(".")[0] in grown}  # rows that people dressed are ours now
        for sheet, _ in prepared.seen.observed.adopted:  # what is taken back stays where people have it
            new |= {sheet, "workbook"}
        aimed = {str(one.id) for one in prepared.plan.drift if leaves and one.id.kind in _AIMED}
        if name == "drift":
            new |= _repainted(prepared.plan, again.plan)
            aimed |= _repainted(prepared.plan, prepared.plan)
        aimed |= headed  # what a header that comes back pushes down again stands where it stood
        came = [str(one) for one in getattr(again.plan, name) if str(one.id) in now - then - new]
        assert then - aimed <= now and not came, f"{name}: went {then - aimed - now}, came {came}\n{told}"
    gone = lost(before, crm.typed(*books), asked)
    assert not gone, "\n".join(["lost:", *gone, told])
    return prepared


def _repainted(before: Plan, after: Plan) -> set[str]:
    """What drifts by its looks alone where cells came, went or were rearranged by people: another one shows the looks
    of its column."""
    sheets = {one.id.sheet for one in (*before.drift, *before.changes) if one.id.kind in ("cell", "merge")}
    looks = ("format.", "header.", "validation")
    other = {str(one.id) for one in after.drift if not one.difference.name.startswith(looks)}
    return {str(one.id) for one in after.drift if one.id.sheet in sheets} - other


def said(prepared: Prepared, asked: Asked) -> Asked:
    """With the columns that are renamed, and what was forgotten and is taken back."""
    renames = [one for one in prepared.plan.changes if isinstance(one, Rename) and one.id.kind == "column"]
    return replace(
        asked,
        names={
            one.id.key: one.new.key
            for one in prepared.plan.changes
            if isinstance(one, Rename) and one.id.kind == "name"
        },
        renamed={str(one.id): one.new.key for one in renames},
        going={
            str(one.id)
            for one in prepared.plan.changes
            if isinstance(one, Delete) and one.id.kind == "column" and not one.asked
            if prepared.seen.observed.workbook.sheet(one.id.sheet).kind != "table"
        },
        adopted={f"{sheet}.{column}" if column else sheet for sheet, column in prepared.seen.observed.adopted},
        retitled={
            (change.id.sheet, one.before): one.after
            for change in prepared.plan.changes
            if isinstance(change, Update) and change.id.kind == "column"
            for one in change.differences
            if one.name == "title"
        },
    )


def lines_of(plan: Plan) -> list[str]:
    """The plan as people are told it, without the sentence that counts."""
    return ["  " * one.depth + f"{one.sign} {one.text}".strip() for one in tree(plan) if one.style != "summary"]


def kinds_of(prepared: Prepared) -> list[str]:
    """The kinds of all requests but turns in their order, equal neighbours as one with their number."""
    kinds: list[list[Any]] = []
    for batch in prepared.batches:
        for request in batch:
            kind = next(iter(request))
            if TURN in json.dumps(request):
                continue
            if kinds and kinds[-1][0] == kind:
                kinds[-1][1] += 1
            else:
                kinds.append([kind, 1])
    return [kind if count == 1 else f"{kind} ×{count}" for kind, count in kinds]


def copied(make_one: Callable[[], Path], target: Path) -> Path:
    return Path(shutil.copytree(make_one(), target))
