"""What would have to change: the CRM as it stands, beside what was last applied and what crm.toml describes now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from crm_builder.deploy.beside import UNSAID, Beside, Ways, look_beside
from crm_builder.deploy.entered import read_grids
from crm_builder.deploy.lost_rows import compare_with_rows
from crm_builder.deploy.observe import Seen, observe, shown_in, state_of, values_of, with_adopted
from crm_builder.deployment import Deployment
from crm_builder.google import Client
from crm_builder.model import Workbook
from crm_builder.plan import Create, Id, Mend, Plan, Wishes, baseline_after, judge, needed
from crm_builder.plan.diff import finished
from crm_builder.project import Project
from crm_builder.sheets import Observed, canonical, check_body, ids
from crm_builder.sheets.baseline import WIDTH, baseline_requests, rows_after
from crm_builder.sheets.change import compile_changes
from crm_builder.sheets.change.freeze import freeze_requests, places_to_freeze
from crm_builder.sheets.change.marks import adoption_marks
from crm_builder.sheets.compile import LIMIT_BYTES, pack_batches
from crm_builder.sheets.former import former_after
from crm_builder.sheets.lost import mark_requests, titles_of
from crm_builder.sheets.turns import MARK_BYTES, add_to_last, take_turns

Json = dict[str, Any]


@dataclass(frozen=True)
class Prepared:
    """A plan with what it rests on, and the batches of requests that carry it out; none for nothing to do.

    `beside`: what crm.toml asks for beside the workbook; None for a plan that follows from something else. `frozen`:
    what computed columns that are forgotten show, from the grid's first line on.
    """

    plan: Plan
    seen: Seen
    desired: Workbook
    batches: tuple[list[Json], ...]
    beside: Beside | None = None
    frozen: Mapping[tuple[str, str], list[list[Any]]] = field(default_factory=dict)

    @property
    def baseline(self) -> Workbook | None:
        """What was last applied; None where the spreadsheet does not tell."""
        return self.seen.observed.baseline

    @property
    def changes(self) -> int:
        """How many things change, in the workbook and beside it."""
        return len(self.plan.changes) + (len(self.beside.lines) if self.beside else 0)

    @property
    def pending(self) -> bool:
        """Whether there is anything to be done."""
        return bool(self.batches) or bool(self.beside and self.beside.pending)

    def noting(self, marks: Sequence[Json]) -> Prepared:
        """The same with requests in its last batch that note what was done beside."""
        if not marks:
            return self
        batches = add_to_last(self.batches, marks) or take_turns([list(marks)], self.metadata, self.plan.digest)
        return replace(self, batches=tuple(batches))

    @property
    def metadata(self) -> list[Json]:
        """The spreadsheet's own."""
        return self.seen.state.get("developerMetadata", [])

    @property
    def only_adds(self) -> bool:
        """Whether nothing that is there is changed."""
        return all(isinstance(change, Create) for change in self.plan.changes)


def prepare(
    project: Project,
    client: Client,
    deployment: Deployment,
    wishes: Wishes | None = None,
    state: Json | None = None,
    ways: Ways = UNSAID,
) -> Prepared:
    """The plan of this description. Two calls, one where `state` is known; one more where a change can only be judged
    by what people typed, and one each where the script or the team is to change."""
    state = state or state_of(project, client, deployment)
    seen = observe(project, client, deployment, state)
    planned = plan_to(canonical(project.rendered.workbook), wishes or project.wishes, seen, client, deployment)
    if any(one.id.kind == "mark" for one in planned.plan.refusals):  # another language: then its script stays too
        return planned
    beside = look_beside(project, client, deployment, planned.metadata, ways)
    plan = replace(planned.plan, digest=beside.digest(planned.plan.digest))
    return replace(planned, plan=plan, beside=beside)


def plan_to(desired: Workbook, wishes: Wishes, seen: Seen, client: Client, deployment: Deployment) -> Prepared:
    """The plan that leads from what was seen to a workbook in canonical form."""
    baseline = seen.baseline
    if baseline:
        baseline = with_adopted(baseline, seen.observed, desired)
    plan, was, aim = compare_with_rows(baseline, seen.observed.workbook, desired, wishes, seen.layout)
    values = values_of(client, deployment, seen.layout, needed(plan, was, aim))
    plan = judge(plan, was, aim, wishes, values, seen.taken, seen.occupied, seen.own)
    plan = _with_marks(plan, seen.observed, desired)
    frozen = sorted(places_to_freeze(plan.changes, seen.observed.workbook))
    shown = shown_in(client, deployment, seen.layout, frozen)
    sheets = {sheet: seen.layout.place(sheet) for sheet, column in frozen if not column}
    grids = read_grids(client, deployment.spreadsheet_id, [place.title for place in sheets.values()])
    entered = {sheet: grids.get(place.sheet_id, []) for sheet, place in sheets.items()}
    first = freeze_requests(shown, entered, seen.observed)
    applied = baseline_after(plan, baseline, desired)
    former = former_after(seen.observed.former, plan, applied, seen.observed, shown, entered)
    batches = batches_of(plan, seen, desired, applied, former, first)
    return Prepared(plan, seen, desired, batches, frozen={one: rows for one, rows in shown.items() if one[1]})


def _with_marks(plan: Plan, observed: Observed, desired: Workbook) -> Plan:
    """The plan, which sets marks again that were deleted."""
    if not observed.unmarked or plan.baseline is None or plan.observed is None:
        return plan
    mend = Mend(Id("workbook"), "marks", places=titles_of(observed.unmarked, observed.layout))
    return finished((mend, *plan.changes), plan.drift, plan.refusals, plan.observed, plan.baseline, desired, plan.held)


def _numbered(applied: Workbook, plan: Plan) -> Workbook:
    """What was applied, with the ids of names that were called otherwise before: a broken one shows in no answer."""
    sides = [side for side in (plan.baseline, plan.observed) if side]
    there = {name.name: name.number for side in sides for name in side.names}
    other = {name: number for name, number in there.items() if number != ids.name_id(name)}
    return replace(applied, names=tuple(replace(one, number=other.get(one.name, "")) for one in applied.names))


def batches_of(
    plan: Plan, seen: Seen, desired: Workbook, applied: Workbook, former: Workbook | None, first: Sequence[Json] = ()
) -> tuple[list[Json], ...]:
    """Batches as large as the service advises; the last one notes what was applied, and the `former` sheets.

    `first`: requests that come before all others, with a note of what they leave in former sheets.
    """
    observed, applied = seen.observed, _numbered(applied, plan)
    noted = (observed.baseline, observed.former)
    if not plan.changes and (applied, former) == noted and not first and not observed.unmarked:
        return ()
    rows, width = observed.baseline_rows, observed.baseline_columns
    if first and former and observed.baseline and rows is not None:
        note = baseline_requests(observed.baseline, rows, seen.titles, width, former)
        first = [*first, *note]
        rows, width = rows_after(note, rows), max(width, WIDTH)
    lost = mark_requests(observed.unmarked, observed.layout, applied, desired, observed.workbook)
    units = [list(first), adoption_marks(observed), lost]
    units += compile_changes(plan.changes, seen.observed, plan.result, desired)
    note = baseline_requests(applied, rows, seen.titles, width, former)
    units = [*units[:-1], [*units[-1], *note]] if plan.changes else [*units, note]
    packed = pack_batches([unit for unit in units if unit], LIMIT_BYTES - MARK_BYTES)
    batches = take_turns(packed, seen.state.get("developerMetadata", ()), plan.digest)
    for batch in batches:
        check_body({"requests": batch})
    return tuple(batches)
