"""Random edits of people, random changes of the description, and applies between them: two assertions always hold.

Nothing is left to do after an apply, and every cell that people typed is what it was and where they put it. As many runs as the
environment variable CRM_RUNS says, each of up to CRM_STEPS steps. Some applies are killed, some taken back, some repaired.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crm_builder import deploy
from crm_builder.deploy import Prepared
from crm_builder.deploy.examine import examine
from crm_builder.errors import CrmError, RestError
from crm_builder.plan import Create, Delete, Rename, Update
from tests.changes.crm import Crm, lines_of, make, opened, prove, said
from tests.changes.described import KINDS, Described, Draw, Templates
from tests.changes.edits import EDITS
from tests.changes.faults import KillAfter, Killed
from tests.changes.typed import Asked, lost
from tests.conftest import CLOCK

RUNS = int(os.environ.get("CRM_RUNS", "6"))
CHANCE = "CRM_RUNS" in os.environ  # otherwise the same runs every time
PHASES = tuple(Phase) if CHANCE else (Phase.generate,)  # to shrink a failure takes minutes
STEPS = int(os.environ.get("CRM_STEPS", "40"))
BAD_REQUEST = 400
SHOWN = r": (format|place)\."
PASSES = 2  # of a full repair, beside the first
CALENDARS = ({}, {"language": "fa", "calendar": "jalali"})
BETWEEN = ("", "", "", "", "", "", "", "", "", "killed", "killed", "undone", "undone", "repaired", "repaired all")


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    return Templates(tmp_path_factory.mktemp("variants"))


@pytest.fixture(scope="module")
def starts(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The CRMs that runs begin with, one for each of CALENDARS."""
    return [begin(templates, tmp_path_factory.mktemp("start") / "crm", head) for head in CALENDARS]


def begin(templates: Templates, folder: Path, head: Mapping[str, str]) -> Path:
    return make(folder, templates.of(frozenset()), Described(dict(head)).text())


def test_whatever_people_do(starts: list[Path], templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("runs")
    runs = iter(range(10**9))

    @settings(
        max_examples=RUNS, deadline=None, derandomize=not CHANCE, phases=PHASES, suppress_health_check=list(HealthCheck)
    )
    @given(st.data())
    def run(data: st.DataObject) -> None:
        which = data.draw(st.sampled_from(range(len(CALENDARS))))
        folder = Path(shutil.copytree(starts[which], home / str(next(runs))))
        try:
            with opened(folder, templates.of(frozenset())) as crm:
                Life(crm, data.draw, templates, Described(dict(CALENDARS[which]))).live(STEPS)
        finally:
            shutil.rmtree(folder)

    run()


class Life:
    """One CRM for some years. `told` says all that happened."""

    def __init__(self, crm: Crm, draw: Draw, templates: Templates, described: Described):
        self.crm, self.draw, self.templates, self.described = crm, draw, templates, described
        self.told: list[str] = []
        self.edits = self.applies = 0
        self.books = [crm.project.rendered.workbook]

    def live(self, most: int, kinds: tuple[str, ...] = KINDS) -> None:
        steps = self.draw(st.integers(1, most))
        try:
            while steps > 0:
                count = min(steps, self.draw(st.integers(1, 12)))
                steps -= count
                for _ in range(count):
                    self.edit()
                self.turn(kinds)
        except AssertionError as error:
            raise AssertionError("\n".join([*self.told, str(error)])) from error
        except Exception as error:
            error.add_note("\n".join(self.told))
            raise

    def edit(self) -> None:
        """One edit of a person; one that the sheet refuses changes nothing."""
        name = self.draw(st.sampled_from(sorted(EDITS)))
        self.edits += 1
        try:
            self.told.append(f"{name}: {EDITS[name](self.crm, self.draw)}")
        except RestError as error:
            if error.status != BAD_REQUEST:
                raise
            self.told.append(f"{name}: refused")

    def turn(self, kinds: tuple[str, ...]) -> None:
        """The description changes and is applied; before that something else may have happened."""
        between = self.draw(st.sampled_from(BETWEEN))
        if between == "undone":
            self.undo()
        elif between.startswith("repaired"):
            self.repair(everything=between.endswith("all"))
        asked = self.described.change(self.draw, kinds)
        text = self.described.text()
        self.crm.describe(text, self.templates.of(frozenset(self.described.variants)))
        self.told.append(f"described: {sorted(self.described.variants)} {text[text.index('Omid') :]}")
        if between == "killed":
            self.kill(asked)
        self.books.append(self.crm.project.rendered.workbook)
        prove(self.crm, self.books, lambda prepared: replace(asked, replaced=_replaced(prepared)))
        self.applies += 1

    def kill(self, asked: Asked) -> None:
        """An apply that does not come to its end, and the typed cells whatever it did until then."""
        prepared = self.crm.prepare()
        asked = said(prepared, replace(asked, replaced=_replaced(prepared)))
        books = (*self.books, self.crm.project.rendered.workbook)
        before = self.crm.typed(*books)
        number, when = self.draw(st.integers(1, 8)), self.draw(st.sampled_from(("before", "after")))
        try:
            self.crm.apply(http=KillAfter(self.crm.http, number, when))
        except Killed:
            self.told.append(f"killed {when} call {number}")
        after = self.crm.typed(*books)
        gone = lost(before, after, asked)
        assert not gone or not lost(before, after), "\n".join(["lost by a kill:", *gone])

    def undo(self) -> None:
        """The latest apply is taken back; what was typed before it and since stays."""
        crm = self.crm
        try:
            todo = deploy.prepare_undo(crm.project, crm.client, crm.deployment)
        except CrmError as error:
            self.told.append(f"undone: {error}")
            return
        before = crm.typed(*self.books)
        done = deploy.undo(crm.project, crm.client, crm.deployment, todo, now=CLOCK, tell=lambda text: None)
        self.told.append(f"undone: {todo.names}")
        # The looks that people gave to a cell that became ours after that, and where a chart stood in a view whose rows
        # people moved, may not come back: they are told.
        left = [one for one in (done.applied.left if done.applied else ["all"]) if not re.search(SHOWN, one)]
        assert not left, "\n".join(["undone otherwise:", *left])
        deleted = [str(one.id) for one in todo.prepared.plan.changes if isinstance(one, Delete)]
        asked = said(todo.prepared, Asked(deleted, _replaced(todo.prepared), computing=_computing(todo.prepared)))
        # What comes back is typed too, and what a computed column left when it was forgotten is computed again.
        back = re.compile(r" came in row | is nowhere$")
        gone = [line for line in lost(before, crm.typed(*self.books), asked) if not back.search(line)]
        assert not gone, "\n".join(["lost by undo:", *gone])

    def repair(self, everything: bool) -> None:
        """What is broken is mended. Of what people typed only that may go which stands in the way of a formula."""
        crm = self.crm
        prepared = deploy.prepare_repair(crm.project, crm.client, crm.deployment, (), everything)
        before = {number: one for number, one in crm.typed(*self.books).items() if not one.key}
        # Where people typed over a view, rows are told apart again only once it is mended: what is left is told.
        deploy.apply(
            crm.project, crm.client, crm.deployment, prepared, now=CLOCK, tell=lambda text: None, what="repair"
        )
        self.told.append(f"repaired{' all' if everything else ''}: {[str(one.id) for one in prepared.plan.changes]}")
        after = {number: one for number, one in crm.typed(*self.books).items() if number in before}
        gone = lost(before, after)
        assert not gone, "\n".join(["lost by repair:", *gone])
        if everything:
            self.check_whole()

    def check_whole(self) -> None:
        """Nothing is broken after a full repair, and neither repair nor plan find anything left to do. What only shows
        once the rest is mended, such as the looks of a column below a merged area, goes with the next one."""
        crm = self.crm
        for _ in range(PASSES):
            again = deploy.prepare_repair(crm.project, crm.client, crm.deployment, (), True)
            if not again.plan.changes:
                break
            self.told.append(f"repaired again: {[str(one.id) for one in again.plan.changes]}")
            deploy.apply(crm.project, crm.client, crm.deployment, again, now=CLOCK, tell=_silent, what="repair")
        again = deploy.prepare_repair(crm.project, crm.client, crm.deployment, (), True)
        assert not again.plan.changes, "\n".join(["repaired again and again:", *lines_of(again.plan)])
        health = examine(crm.project, crm.client, crm.deployment)
        assert not health.damage, "\n".join(["broken still:", *health.damage_lines()])
        plan = crm.prepare().plan
        # What could not be made before, as people had deleted what it needs, is pending still.
        assert all(isinstance(one, Create) for one in plan.changes), "\n".join(
            ["planned after a repair:", *lines_of(plan)]
        )


def _silent(text: str) -> None:
    """Tells nobody."""


def _computing(prepared: Prepared) -> set[tuple[str, int]]:
    """Where the columns stand now that nobody typed into since they were left as values."""
    seen = prepared.seen
    return {
        (one.sheet, seen.layout.place(one.sheet).column(one.column)) for one in seen.observed.unmarked if one.column
    }


def _replaced(prepared: Prepared) -> dict[tuple[str, str], dict[Any, Any]]:
    """What the plan says of choices with other titles: cells that hold them change along."""
    found: dict[tuple[str, str], dict[Any, Any]] = {}
    for change in prepared.plan.changes:
        if isinstance(change, Update) and change.id.kind == "item":
            name = change.id.key.partition("/")[0]
            uses = [
                (sheet.key, column.key)
                for sheet in prepared.desired.sheets
                for column in sheet.columns
                if column.list == name and sheet.kind == "table"
            ]
            for one in change.differences:
                if one.name == f"{name}.value":
                    for use in uses:
                        found.setdefault(use, {})[one.before] = one.after
        elif isinstance(change, Rename) and change.id.kind == "item":
            column, _, title = change.id.key.partition("/")
            found.setdefault((change.new.sheet, column), {})[title] = change.new.key.partition("/")[2]
    return found
