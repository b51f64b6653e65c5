"""What would have to change: the CRM as it stands, beside what was last applied and what crm.toml describes now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crm_builder.deploy.observe import Seen, grids_of, observe, state_of, values_of, with_adopted
from crm_builder.deployment import Deployment
from crm_builder.google import Client
from crm_builder.model import Workbook
from crm_builder.plan import Create, Plan, Wishes, baseline_after, compare, judge, needed
from crm_builder.project import Project
from crm_builder.sheets import canonical, check_body
from crm_builder.sheets.baseline import baseline_requests
from crm_builder.sheets.change import compile_changes
from crm_builder.sheets.change.freeze import freeze_requests, places_to_freeze
from crm_builder.sheets.change.marks import adoption_marks
from crm_builder.sheets.compile import pack_batches

Json = dict[str, Any]


@dataclass(frozen=True)
class Prepared:
    """A plan with what it rests on, and the batches of requests that carry it out; none for nothing to do."""

    plan: Plan
    seen: Seen
    desired: Workbook
    batches: tuple[list[Json], ...]

    @property
    def baseline(self) -> Workbook | None:
        """What was last applied; None where the spreadsheet does not tell."""
        return self.seen.observed.baseline

    @property
    def only_adds(self) -> bool:
        """Whether nothing that is there is changed."""
        return all(isinstance(change, Create) for change in self.plan.changes)


def prepare(
    project: Project, client: Client, deployment: Deployment, wishes: Wishes | None = None, state: Json | None = None
) -> Prepared:
    """The plan of this description. Two calls, one where `state` is known; one more where a change can only be judged
    by what people typed."""
    state = state or state_of(project, client, deployment)
    seen = observe(project, client, deployment, state)
    return plan_to(canonical(project.rendered.workbook), wishes or project.wishes, seen, client, deployment)


def plan_to(desired: Workbook, wishes: Wishes, seen: Seen, client: Client, deployment: Deployment) -> Prepared:
    """The plan that leads from what was seen to a workbook in canonical form."""
    baseline = seen.baseline
    if baseline:
        baseline = with_adopted(baseline, seen.observed)
    plan = compare(baseline, seen.observed.workbook, desired, wishes)
    values = values_of(client, deployment, seen.layout, needed(plan, baseline, desired))
    occupied = [(one.kind, one.sheet) for one in seen.observed.foreign]
    plan = judge(plan, baseline, desired, wishes, values, seen.taken, occupied)
    frozen = sorted(places_to_freeze(plan.changes, seen.observed.workbook))
    shown = grids_of(client, deployment, seen.layout, frozen, "UNFORMATTED_VALUE")
    sheets = [place for place in frozen if not place[1]]
    entered = grids_of(client, deployment, seen.layout, sheets, "FORMULA")
    first = freeze_requests(shown, entered, seen.observed)
    return Prepared(
        plan, seen, desired, batches_of(plan, seen, desired, baseline_after(plan, baseline, desired), first)
    )


def batches_of(
    plan: Plan, seen: Seen, desired: Workbook, applied: Workbook, first: Sequence[Json] = ()
) -> tuple[list[Json], ...]:
    """Batches as large as the service advises; the last one notes what was applied.

    `first`: requests that come before all others.
    """
    former = seen.observed.baseline
    if not plan.changes and applied == former and not first:
        return ()
    units = [list(first), adoption_marks(seen.observed)]
    units += compile_changes(plan.changes, seen.observed, plan.result, desired)
    note = baseline_requests(applied, seen.observed.baseline_rows, seen.titles)
    units = [*units[:-1], [*units[-1], *note]] if plan.changes else [*units, note]
    batches = pack_batches([unit for unit in units if unit])
    for batch in batches:
        check_body({"requests": batch})
    return tuple(batches)
