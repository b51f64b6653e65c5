"""`up`: the one command. A CRM that is not there is made; one that is there becomes as crm.toml describes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from crm_builder import deployment as deployments
from crm_builder.deploy.apply import Applied, apply
from crm_builder.deploy.beside import UNSAID, Ways, look_beside, settle
from crm_builder.deploy.build import build, ensure_file, is_built, read_back, take_up
from crm_builder.deploy.observe import state_of
from crm_builder.deploy.plan import Prepared, prepare
from crm_builder.deploy.probes import told_of
from crm_builder.deploy.sample import fill
from crm_builder.deploy.script import CREATING
from crm_builder.errors import CrmError
from crm_builder.google import Call, Client
from crm_builder.model import Workbook
from crm_builder.model.compare import differences
from crm_builder.plan import Plan
from crm_builder.project import Project, now_of, sample_rows
from crm_builder.sheets import Layout, canonical, check_call

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
    told: tuple[str, ...] = ()  # what people must know of the script, the team, the spreadsheet's settings
    click: str = ""  # what is left to be done in the sheet, by hand

    @property
    def address(self) -> str:
        """Where the spreadsheet is, at Google."""
        return f"https://docs.google.com/spreadsheets/d/{self.spreadsheet_id}/edit"


def up(
    project: Project,
    http: Any,
    *,
    sample_data: bool,
    clock: datetime | None,
    tell: Tell,
    agree: Agree = lambda prepared: True,
    ways: Ways = UNSAID,
) -> Outcome:
    """Makes the CRM, finishes one that was interrupted, or carries out the plan for one that is there, if agreed to.

    A kill leaves one of these behind, and the next run goes on from each: nothing, a key without a file, an empty file
    that is found by its key, a file with its first batches, a complete CRM with some of its sample rows or changes.
    """
    rows = sample_rows(project, now_of(clock)) if sample_data else {}  # its mistakes are told before anything is made
    client = Client(http, check_call)
    found = deployments.load(project.folder, project.target)
    if ways.spreadsheet:
        found = take_up(project, client, found, ways.spreadsheet)
    if ways.anew and found is not None and found.spreadsheet_id:
        raise CrmError(f"this folder has the CRM {found.spreadsheet_id} already; make another one from its own folder")
    deployment, permissions = ensure_file(project, client, found, tell, anew=ways.anew)
    fresh = permissions is not None
    state = {} if fresh else state_of(project, client, deployment)
    outcome = Outcome(project.settings.name, deployment.target, deployment.spreadsheet_id, project.rendered.workbook)
    if is_built(project, state):
        layout = _change(project, client, deployment, state, outcome, clock, tell, agree, ways)
        if outcome.applied and outcome.applied.deployment:
            deployment = outcome.applied.deployment
    else:
        made = any(call.method == "files.create" for call in client.calls)
        outcome.status = "created" if made else "finished"
        metadata = state.get("developerMetadata", [])
        beside = look_beside(project, client, deployment, metadata, ways, permissions)
        settled = settle(project, client, deployment, beside, metadata, tell)
        deployment, outcome.told = settled.deployment, settled.told
        build(project, client, deployment, state, settled.marks, tell)
        tell("reading it back")
        observed = read_back(project, client, deployment)
        if different := differences(canonical(project.rendered.workbook), observed.workbook):
            raise CrmError("what was written reads back differently; please report this:\n" + "\n".join(different[:20]))
        outcome.workbook, layout, state = observed.workbook, observed.layout, {}
        outcome.told += told_of(observed.probed, observed.workbook, project.settings.time_zone, now_of(clock))
        outcome.click = _click(project, deployment)
        if fresh and project.target == deployments.GOOGLE and deployments.has_workspace(project.folder):
            outcome.told += (
                "the CRM on this computer stays where it is, and its rows were not copied: --target local reaches it",
            )
    outcome.calls = list(client.calls)
    if sample_data and outcome.status not in ("refused", "declined"):
        outcome.rows = fill(project, client, deployment, layout, state, rows, tell)
        outcome.sample_calls = client.calls[len(outcome.calls) :]
    if deployments.load(project.folder, project.target) != deployment:
        raise CrmError(
            f"{deployments.path_of(project.folder, project.target)} was changed or removed meanwhile; run `up` again"
        )
    return outcome


def _click(project: Project, deployment: deployments.Deployment) -> str:
    """What only its owner can do, in the sheet: no program may say yes to a script."""
    if project.target == deployments.LOCAL or deployment.script in ("", CREATING):
        return ""
    menu = project.rendered.context.words["script"]["menu"]
    return (
        f"one click is left: open the spreadsheet, menu {menu['title']} > {menu['finish_set_up']}; Google asks once "
        "whether it may run"
    )


def _change(
    project: Project,
    client: Client,
    deployment: deployments.Deployment,
    state: dict[str, Any],
    outcome: Outcome,
    clock: datetime | None,
    tell: Tell,
    agree: Agree,
    ways: Ways,
) -> Layout:
    tell("looking at what is there")
    prepared = prepare(project, client, deployment, state=state, ways=ways)
    outcome.plan, outcome.workbook = prepared.plan, prepared.seen.observed.workbook
    outcome.status = "refused" if prepared.plan.refusals else "unchanged"
    if prepared.pending and not agree(prepared):
        outcome.status = "declined"
        return prepared.seen.layout
    asked = bool(prepared.beside and prepared.beside.leaving)
    outcome.applied = apply(project, client, deployment, prepared, now=now_of(clock), tell=tell, asked=asked)
    outcome.workbook, outcome.told = outcome.applied.observed.workbook, outcome.applied.told
    if prepared.changes and not prepared.plan.refusals:
        outcome.status = "changed"
    return outcome.applied.observed.layout
