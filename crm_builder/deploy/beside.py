"""What a CRM has beside its workbook: its script, and the people it is shared with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from crm_builder.deploy.script import PreparedScript, plan_script, push
from crm_builder.deploy.script_mark import mark_requests
from crm_builder.deploy.sharing import SharingPlan, decode_shared, shared_mark, sign_of, text_of
from crm_builder.deploy.sharing_steps import Shared, carry_out, left_out, prepare_sharing
from crm_builder.deploy.sharing_try import forget_given, given_last, note_given
from crm_builder.deployment import GOOGLE, Deployment
from crm_builder.errors import RestError
from crm_builder.google import Client
from crm_builder.project import Project

Json = dict[str, Any]
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Ways:
    """What people say about things that nobody but they can know or may decide.

    `anew`: another CRM of the same name is meant; `spreadsheet`: the id of the CRM to go on with. `script`: the id of
    the script that is there; `new_script`: another one is meant; `overwrite_script`: what people edited of ours goes.
    """

    anew: bool = False
    spreadsheet: str = ""
    script: str = ""
    new_script: bool = False
    overwrite_script: bool = False


UNSAID = Ways()


@dataclass(frozen=True, slots=True)
class Beside:
    """What is to be done beside the workbook. `sharing` is None where the team is what it was, or nobody may look who
    has access: then `unshared` says why."""

    script: PreparedScript
    sharing: SharingPlan | None = None
    unshared: str = ""

    @property
    def pending(self) -> bool:
        """Whether there is anything to do, be it only to note what is so already."""
        return self.script.pending or self.sharing is not None

    @property
    def lines(self) -> list[tuple[str, str]]:
        """(sign, text) of each change."""
        sharing = self.sharing.steps if self.sharing else ()
        return [*self.script.lines, *((sign_of(step), text_of(step)) for step in sharing)]

    @property
    def leaving(self) -> list[str]:
        """Who would lose access."""
        return [step.email for step in self.sharing.leaving] if self.sharing else []

    @property
    def notes(self) -> list[str]:
        """Sentences for people where something is not done."""
        refused = self.sharing.refused if self.sharing else ()
        return [*(note for note in (self.script.note, self.unshared) if note), *refused]

    def digest(self, of_workbook: str) -> str:
        """The digest of a plan with all of this in it; that of the workbook's alone where nothing is to be done."""
        if not self.lines:
            return of_workbook
        sharing = self.sharing.data() if self.sharing else None
        told = json.dumps([self.lines, self.script.wanted, sharing], sort_keys=True)
        return hashlib.sha256(f"{of_workbook}\0{told}".encode()).hexdigest()[: len(of_workbook)]


@dataclass(frozen=True, slots=True)
class Settled:
    """What was done. `marks`: the requests that note it, for the next batch; `told`: sentences for people."""

    deployment: Deployment
    marks: tuple[Json, ...] = ()
    told: tuple[str, ...] = ()


def look_beside(
    project: Project,
    client: Client,
    deployment: Deployment,
    metadata: Sequence[Json],
    ways: Ways,
    permissions: Sequence[Json] | None = None,
) -> Beside:
    """What is to be done. No call where crm.toml asks for nothing new; `permissions` are known of a file just made."""
    script = plan_script(
        project,
        client,
        deployment,
        metadata,
        overwrite=ways.overwrite_script,
        script_id=ways.script,
        anew=ways.new_script,
        permitted=_may_script(project),
    )
    if project.target != GOOGLE or not project.settings.google.share:
        return Beside(script)
    team, id = project.settings.team, deployment.spreadsheet_id
    last = given_last(project, id, team, decode_shared(metadata))
    try:
        return Beside(script, prepare_sharing(client, id, team, last, permissions))
    except RestError as error:
        return Beside(script, unshared=left_out(error))


def _may_script(project: Project) -> bool:
    """Whether the login was granted what scripts need; for whom no login is known, the service will tell."""
    if project.target != GOOGLE or not project.account:
        return True
    from crm_builder.google import SCRIPT, granted

    return granted(project.account) >= SCRIPT


def settle(
    project: Project,
    client: Client,
    deployment: Deployment,
    beside: Beside,
    metadata: Sequence[Json],
    tell: Tell,
) -> Settled:
    """Does it. Killed in the middle, the next look finds what is done: the marks are written after it."""
    marks: list[Json] = []
    told: list[str] = []
    if beside.sharing is not None:
        if beside.sharing.steps:
            tell("sharing it with the team")
        shared = _share(project, client, deployment, beside.sharing, metadata)
        if isinstance(shared, str):
            told.append(shared)
        else:
            marks += shared_mark(metadata, shared.shared)
            told += [*shared.lines(), *beside.sharing.refused]
            if not marks and not shared.failed:
                forget_given(project)
    elif beside.unshared:
        told.append(beside.unshared)
    pushed = push(project, client, deployment, beside.script, tell)
    if pushed.mark is not None:
        marks += mark_requests(pushed.mark, metadata)
    if pushed.note:
        told.append(pushed.note)
    return Settled(pushed.deployment, tuple(marks), tuple(told))


def _share(
    project: Project, client: Client, deployment: Deployment, plan: SharingPlan, metadata: Sequence[Json]
) -> Shared | str:
    """What came of it, or the sentence why it is left out."""
    note_given(project, deployment.spreadsheet_id, plan, decode_shared(metadata))
    try:
        return carry_out(client, deployment.spreadsheet_id, plan)
    except RestError as error:
        return left_out(error)
