"""How a CRM stands: what is pending, what people changed, and what is broken, in three calls."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from crm_builder.deploy.observe import Seen, observe, state_of
from crm_builder.deployment import Deployment
from crm_builder.google import Client
from crm_builder.plan import Id, Plan, Rename, compare, judge, needed
from crm_builder.plan.report import Titles
from crm_builder.plan.words import KINDS
from crm_builder.project import Project
from crm_builder.sheets import canonical
from crm_builder.sheets.damage import Damage, LostHeader, LostMarks, damage_data, sentence
from crm_builder.sheets.deep import DEEP_FIELDS, Deep, address, deep_ranges
from crm_builder.sheets.diagnose import Diagnosis, diagnose, header_of


@dataclass(frozen=True)
class Health:
    """`plan` is what `apply` would do; of its drift, what is damage is told as such."""

    plan: Plan
    seen: Seen
    diagnosis: Diagnosis

    @property
    def damage(self) -> tuple[Damage, ...]:
        return self.diagnosis.damage

    @property
    def well(self) -> bool:
        return self.plan.empty and not self.damage

    @property
    def told(self) -> Plan:
        """The plan, of its drift only what people can have meant: what is broken is told as damage."""
        broken = {one.id for one in self.damage if not isinstance(one, LostHeader | LostMarks)}
        headless = {one.id.sheet for one in self.damage if isinstance(one, LostHeader)}
        drift = (one for one in self.plan.drift if one.id not in broken)
        known = self.diagnosis.things
        return replace(self.plan, drift=tuple(one for one in drift if header_of(one, known) not in headless))

    def damage_data(self) -> list[dict[str, Any]]:
        return [damage_data(one) for one in self.damage]

    def damage_lines(self) -> list[str]:
        return [sentence(one, self._title) for one in self.damage]

    def _title(self, one: Id) -> str:
        titles = Titles.of(replace(self.plan, baseline=self.diagnosis.base), {})
        home = f"{titles.sheet(one.sheet)}: " if one.sheet else ""
        if one.kind == "workbook":
            return "the workbook"
        if one.kind == "sheet":
            return f"the sheet {titles.sheet(one.sheet)}"
        if one.kind == "cell":
            cell, place = self.diagnosis.things[one], self.seen.layout.places.get(one.sheet)
            if place and cell.column in place.columns:
                return f"{home}the cell {address(place.columns[cell.column], place.line(cell.row))}"
        return f"{home}the {KINDS[one.kind][0]} {titles.thing(one)}"


def examine(project: Project, client: Client, deployment: Deployment) -> Health:
    """Three calls; what a plan must read of people's values comes with the third."""
    seen = observe(project, client, deployment, state_of(project, client, deployment))
    observed, desired, wishes = seen.observed, canonical(project.rendered.workbook), project.wishes
    baseline = seen.baseline
    plan = compare(baseline, observed.workbook, desired, wishes)
    asked = needed(plan, baseline, desired)
    base, described = baseline or desired, desired
    if any(isinstance(change, Rename) for change in plan.changes):
        described = base  # what is there has the former keys still
    elif baseline and plan.baseline:
        base = plan.baseline
    ranges = deep_ranges(base, seen.layout, asked)
    answer = client.get(deployment.spreadsheet_id, ranges, DEEP_FIELDS) if ranges else {}
    deep = Deep.of(answer, seen.layout)
    plan = judge(plan, baseline, desired, wishes, deep.values(asked), seen.taken, seen.occupied, seen.own)
    return Health(plan, seen, diagnose(observed, base, described, deep))
