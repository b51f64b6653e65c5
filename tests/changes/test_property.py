"""Random edits of people, random changes of the description, and applies between them: two assertions always hold.

Nothing is left to do after an apply, and every cell that people typed is what it was and where they put it. As many runs as the
environment variable CRM_RUNS says, each of up to CRM_STEPS steps.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_builder.deploy import Prepared
from crm_builder.errors import RestError
from crm_builder.plan import Update
from tests.changes.crm import Crm, description, make, opened, prove
from tests.changes.edits import EDITS
from tests.changes.typed import Asked

RUNS = int(os.environ.get("CRM_RUNS", "15"))
STEPS = int(os.environ.get("CRM_STEPS", "40"))
TYPES = ("text", "long_text", "date", "money", "number", "percent", "checkbox", "choice")
BAD_REQUEST = 400


@dataclass
class Described:
    """A description that changes step by step."""

    fields: dict[str, list[dict[str, str]]] = field(default_factory=lambda: {"customers": [], "deals": []})
    choices: list[dict[str, str]] = field(default_factory=list)
    thresholds: dict[str, int] = field(default_factory=dict)
    feedback: bool = True
    accent: str = "blue"
    deletes: list[str] = field(default_factory=list)
    count: int = 0

    def text(self) -> str:
        lines = []
        for table, fields in self.fields.items():
            for one in fields:
                lines.append(f"[[fields.{table}]]")
                lines += [f'{key} = "{value}"' for key, value in one.items()]
                if one["type"] == "choice":
                    lines.append('choices = ["One", "Two"]')
        if self.choices:
            rows = (", ".join(f'{key} = "{value}"' for key, value in one.items()) for one in self.choices)
            lines += ["[lists.deal_stage]", "extend = true", f"choices = [{', '.join(f'{{ {row} }}' for row in rows)}]"]
        lines += ["[thresholds]", *(f"{key} = {value}" for key, value in self.thresholds.items())]
        lines += ["[parts]", f"feedback = {str(self.feedback).lower()}"]
        lines += ["[changes]", *(f'delete = ["{one}"]' for one in self.deletes)]
        return description("\n".join(lines), {"accent": self.accent})

    def change(self, draw: Callable[[Any], Any], kinds: tuple[str, ...]) -> Asked:
        """One random change; what was only said for the last apply is said no more."""
        self.deletes = []
        for fields in self.fields.values():
            for one in fields:
                one.pop("was", None)
        for choice in self.choices:
            choice.pop("was", None)
        asked = getattr(self, f"_{draw(st.sampled_from(kinds))}")(draw)
        return asked or Asked()

    def _add(self, draw: Any) -> None:
        self.count += 1
        fields = self.fields[draw(st.sampled_from(sorted(self.fields)))]
        one = {"key": f"own_{self.count}", "title": f"Own {self.count}", "type": draw(st.sampled_from(TYPES))}
        fields.insert(draw(st.integers(0, len(fields))), one)

    def _some(self, draw: Any) -> tuple[str, dict[str, str]] | None:
        known = [(table, one) for table, fields in self.fields.items() for one in fields]
        return draw(st.sampled_from(known)) if known else None

    def _rename(self, draw: Any) -> None:
        if some := self._some(draw):
            self.count += 1
            some[1].update(was=some[1]["key"], key=f"own_{self.count}")

    def _retitle(self, draw: Any) -> None:
        if some := self._some(draw):
            self.count += 1
            some[1]["title"] = f"Title {self.count}"

    def _retype(self, draw: Any) -> None:
        if some := self._some(draw):
            some[1]["type"] = draw(st.sampled_from(TYPES))

    def _forget(self, draw: Any) -> None:
        if some := self._some(draw):
            self.fields[some[0]].remove(some[1])

    def _delete(self, draw: Any) -> Asked | None:
        some = self._some(draw)
        if some is None:
            return None
        self.fields[some[0]].remove(some[1])
        self.deletes.append(f"{some[0]}.{some[1]['key']}")
        return Asked(deleted=tuple(self.deletes))

    def _order(self, draw: Any) -> None:
        for fields in self.fields.values():
            fields[:] = draw(st.permutations(fields))

    def _choice(self, draw: Any) -> None:
        self.count += 1
        if self.choices and draw(st.booleans()):
            one = draw(st.sampled_from(self.choices))
            one.update(title=f"Choice {self.count}", was=one["title"])
        else:
            self.choices.append({"title": f"Choice {self.count}"})

    def _threshold(self, draw: Any) -> None:
        self.thresholds[draw(st.sampled_from(["vip_value", "new_days"]))] = draw(st.integers(1, 900))

    def _part(self, draw: Any) -> None:
        self.feedback = not self.feedback

    def _accent(self, draw: Any) -> None:
        self.accent = draw(st.sampled_from(["blue", "green", "#123456"]))


KINDS = (
    "add",
    "add",
    "rename",
    "retitle",
    "retype",
    "forget",
    "delete",
    "order",
    "choice",
    "threshold",
    "accent",
    "part",
)


@pytest.fixture(scope="module")
def start(small_templates: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("start") / "crm", small_templates, Described().text())


def edit(crm: Crm, draw: Callable[[Any], Any]) -> str:
    """One edit of a person; one that the sheet refuses changes nothing."""
    name = draw(st.sampled_from(sorted(EDITS)))
    try:
        told = EDITS[name](crm, draw)
    except RestError as error:
        if error.status != BAD_REQUEST:
            raise
        return f"{name}: refused"
    return f"{name}: {told}"


def test_whatever_people_do(start: Path, small_templates: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("runs")
    runs = iter(range(10**9))

    @settings(max_examples=RUNS, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def run(data: st.DataObject) -> None:
        folder = Path(shutil.copytree(start, home / str(next(runs))))
        try:
            with opened(folder, small_templates) as crm:
                live(crm, data)
        finally:
            shutil.rmtree(folder)

    run()


def _renamed_choices(prepared: Prepared) -> dict[tuple[str, str], dict[str, str]]:
    """What the plan says of choices with other titles: cells that hold them change along."""
    changed = {
        one.before: one.after
        for change in prepared.plan.changes
        if isinstance(change, Update) and change.id.kind == "item" and change.id.key.startswith("deal_stage/")
        for one in change.differences
        if one.name == "deal_stage.value"
    }
    return {("deals", "stage"): changed}


def live(crm: Crm, data: st.DataObject, kinds: tuple[str, ...] = KINDS) -> None:
    described, told = Described(), []
    steps = data.draw(st.integers(1, STEPS))
    while steps > 0:
        edits = min(steps, data.draw(st.integers(1, 12)))
        steps -= edits
        told += [edit(crm, data.draw) for _ in range(edits)]
        former = crm.project.rendered.workbook
        asked = described.change(data.draw, kinds)
        crm.describe(described.text())
        told.append(f"described: {described.text()[described.text().index('Omid') :]}")
        try:
            prove(crm, former, lambda prepared, asked=asked: replace(asked, replaced=_renamed_choices(prepared)))
        except AssertionError as error:
            raise AssertionError("\n".join([*told, str(error)])) from error
        except Exception as error:
            error.add_note("\n".join(told))
            raise
