"""`up`: the one command. A CRM that is not there is made; one that is there becomes as crm.toml describes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from crm_builder import deployment as deployments
from crm_builder.deploy.apply import Applied, apply
from crm_builder.deploy.build import build, ensure_file, is_built, read_back
from crm_builder.deploy.observe import state_of
from crm_builder.deploy.plan import Prepared, prepare
from crm_builder.deploy.sample import fill
from crm_builder.deploy.target import LOCAL
from crm_builder.errors import CrmError
from crm_builder.google import Call, Client
from crm_builder.model import Workbook
from crm_builder.model.compare import differences
from crm_builder.plan import Plan
from crm_builder.project import Project, now_of, sample_rows
from crm_builder.sheets import Layout, canonical, check_call
from crm_builder.sheets.progress import marked_batches

Tell = Callable[[str], None]
Agree = Callable[[Prepared], bool]
Status = Literal["created", "finished", "unchanged", "changed", "refused", "declined"]


@dataclass
class Outcome:
    """What one run of `up` did. `plan` and `applied` only for a CRM that was there."""

    name: str
    target: str
    spreadsheet_id: str
    workbook: Workbook
    status: Status = "created"
    plan: Plan | None = None
    applied: Applied | None = None
    rows: dict[str, int] = field(default_factory=dict)  # sample rows written in this run, by table
    calls: list[Call] = field(default_factory=list)
    sample_calls: list[Call] = field(default_factory=list)


def up(
    project: Project,
    http: Any,
    *,
    sample_data: bool,
    clock: datetime | None,
    tell: Tell,
    agree: Agree = lambda prepared: True,
) -> Outcome:
    """Makes the CRM, finishes one that was interrupted, or carries out the plan for one that is there, if agreed to.

    A kill leaves one of these behind, and the next run goes on from each: nothing, a key without a file, an empty file
    that is found by its key, a file with its first batches, a complete CRM with some of its sample rows or changes.
    """
    rows = sample_rows(project, now_of(clock)) if sample_data else {}  # its mistakes are told before anything is made
    client = Client(http, check_call)
    deployment = ensure_file(project, client, deployments.load(project.folder, LOCAL), tell)
    fresh = any(call.method == "files.create" for call in client.calls)
    state = {} if fresh else state_of(project, client, deployment)
    outcome = Outcome(project.settings.name, deployment.target, deployment.spreadsheet_id, project.rendered.workbook)
    if is_built(marked_batches(state.get("developerMetadata", ()))):
        layout = _change(project, client, deployment, state, outcome, clock, tell, agree)
    else:
        outcome.status = "created" if fresh else "finished"
        build(project, client, deployment, state, tell)
        tell("reading it back")
        observed = read_back(project, client, deployment)
        if different := differences(canonical(project.rendered.workbook), observed.workbook):
            raise CrmError("what was written reads back differently; please report this:\n" + "\n".join(different[:20]))
        outcome.workbook, layout, state = observed.workbook, observed.layout, {}
    outcome.calls = list(client.calls)
    if sample_data and outcome.status not in ("refused", "declined"):
        outcome.rows = fill(project, client, deployment, layout, state, rows, tell)
        outcome.sample_calls = client.calls[len(outcome.calls) :]
    if deployments.load(project.folder, LOCAL) != deployment:
        raise CrmError(f"{deployments.path_of(project.folder)} was changed or removed meanwhile; run `up` again")
    return outcome


def _change(
    project: Project,
    client: Client,
    deployment: deployments.Deployment,
    state: dict[str, Any],
    outcome: Outcome,
    clock: datetime | None,
    tell: Tell,
    agree: Agree,
) -> Layout:
    tell("looking at what is there")
    prepared = prepare(project, client, deployment, state=state)
    outcome.plan, outcome.workbook = prepared.plan, prepared.seen.observed.workbook
    outcome.status = "refused" if prepared.plan.refusals else "unchanged"
    if prepared.batches and not agree(prepared):
        outcome.status = "declined"
        return prepared.seen.layout
    outcome.applied = apply(project, client, deployment, prepared, now=now_of(clock), tell=tell)
    outcome.workbook = outcome.applied.observed.workbook
    if prepared.plan.changes and not prepared.plan.refusals:
        outcome.status = "changed"
    return outcome.applied.observed.layout
