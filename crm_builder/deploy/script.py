"""The bound script of a CRM: made once, remembered in the spreadsheet, written where it differs.

Nothing lists the scripts that are bound to a file, and each creation makes another one. So `creating` is noted before
one is made, and where no answer came people decide: they can see in the sheet which scripts there are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from crm_builder import deployment as deployments
from crm_builder.deploy.script_mark import ScriptMark, read_mark
from crm_builder.deploy.script_try import Try, note_try, read_try
from crm_builder.deploy.script_web import publish
from crm_builder.deployment import Deployment
from crm_builder.errors import CrmError, LostAnswer, RestError
from crm_builder.google import Client
from crm_builder.project import Project
from crm_builder.script import ScriptPlan, decode, diff, encode, on_disk

Json = dict[str, Any]
Tell = Callable[[str], None]
# off: crm.toml does not want one. unknown: people have to say which one it is. disabled: this login may not.
Status = Literal["off", "unchanged", "create", "update", "refused", "unknown", "disabled"]

CREATING = "creating"
_UNAUTHORIZED, _NOT_FOUND = 401, 404
_WAYS = (
    "https://script.google.com/home lists your scripts: where one belongs to this spreadsheet, open it, take its id "
    "from Project Settings and say --script ID; where none does, or it is not wanted, say --new-script"
)
_LOST = f"it is not known whether the script of this CRM was made, as the answer was lost; none was made again. {_WAYS}"
_COPIED = f"this spreadsheet is a copy, and which script came along with it Google does not tell. {_WAYS}"
_TWO = (
    "another machine made a script for this CRM at the same moment, so the sheet has two scripts and two menus; delete "
    "this folder's at https://script.google.com/d/{id}/edit (Overview, the bin)"
)
_NO_SCOPE = (
    "without a script: this login may only make and change spreadsheets; run `crm-builder login` to let it write "
    "scripts too, or say script = false under [google] in crm.toml"
)
_UNPUBLISHED = "the script was written, but Google does not publish its web app, so that links in mails do not work"
_GONE = "the script of this CRM is gone, or this login may not see it; say --new-script to make another one"


@dataclass(frozen=True)
class PreparedScript:
    """What is to be done about the script. `note` is a sentence for people where they must know or do something.

    `instead`: the id of the script that the mark names, where another one is to stand for it. `wanted`: the digest of
    the desired script.
    """

    status: Status
    id: str = ""
    mark: ScriptMark | None = None  # what the spreadsheet remembers now
    plan: ScriptPlan | None = None
    note: str = ""
    instead: str = ""
    wanted: str = ""

    @property
    def pending(self) -> bool:
        """Whether `push` has something to do."""
        return self.status in ("create", "update")

    @property
    def lines(self) -> list[tuple[str, str]]:
        """(sign, text) of each change for the plan that people see; nothing where only the mark is to be written."""
        if self.status == "create":
            return [("+", "script: new")]
        signs = {"create": "+", "update": "~", "delete": "-"}
        return [(signs[one.action], f"script {one.name}") for one in self.plan.changes] if self.plan else []


@dataclass(frozen=True)
class Pushed:
    """`mark` is to be written into the spreadsheet by the next batch (script_mark.mark_requests); None for nothing."""

    deployment: Deployment
    mark: ScriptMark | None = None
    note: str = ""


def plan_script(
    project: Project,
    client: Client,
    deployment: Deployment,
    metadata: Iterable[Json],
    *,
    overwrite: bool = False,
    script_id: str = "",
    anew: bool = False,
    permitted: bool = True,
) -> PreparedScript:
    """What has to be done. No call where what was pushed last is what is desired, else one.

    `metadata`: the spreadsheet's own. `overwrite`: what people edited of our files goes. `script_id`: the script that
    people name, which is looked at first; `anew`: they want another one. `permitted`: whether the login has the scopes
    of scripts. CrmError for a script that is bound elsewhere.
    """
    if not project.settings.google.script:
        return PreparedScript("off")
    there, tried = read_mark(metadata), read_try(project)
    meant = _meant(deployment, there, tried, script_id, anew)
    id, mark = meant.id, meant.mark
    create = PreparedScript("create", instead=meant.instead, wanted=project.script.digest)
    if meant.unknown:
        return PreparedScript("unknown", note=meant.unknown)
    if mark and mark.digest == project.script.digest and not (overwrite or meant.other or _to_publish(project, mark)):
        return PreparedScript("unchanged", id, mark)
    if not permitted:
        return PreparedScript("disabled", id, mark, note=_NO_SCOPE)
    if not id:
        return create
    try:
        if script_id:
            _check_bound(client, script_id, deployment)
        found = decode(client.call(client.script.projects().getContent(scriptId=id)))
    except RestError as error:
        if not _is_refusal(error):
            raise
        gone = error.status == _NOT_FOUND
        if gone and anew and not script_id:
            return create
        lost = gone and deployment.script == CREATING
        return PreparedScript("unknown" if gone else "disabled", id, mark, note=_LOST if lost else _told(error))
    pushed = [mark.files if mark else {}]
    if tried and (tried.script, tried.before) == (id, mark.digest if mark else ""):
        pushed.append(tried.files)
    plan = diff(project.script, found, *pushed, overwrite=overwrite)
    if plan.refusals:
        return PreparedScript("refused", id, mark, plan, _refused(plan))
    note = _TWO.format(id=meant.other) if meant.other else ""
    return PreparedScript("update", id, mark, plan, note, meant.instead, project.script.digest)


@dataclass(frozen=True)
class _Meant:
    """Which script is meant: `id`, "" for another one. `instead`: of the mark's where it is not that one; `other`: of
    this folder's where it is not the mark's; `unknown`: why only people can say which one it is."""

    id: str
    mark: ScriptMark | None
    instead: str = ""
    other: str = ""
    unknown: str = ""


def _meant(deployment: Deployment, there: ScriptMark | None, tried: Try | None, script_id: str, anew: bool) -> _Meant:
    copied = there is not None and there.spreadsheet != deployment.spreadsheet_id
    marked = there.id if there else ""
    noted = "" if deployment.script == CREATING else deployment.script
    # Made by a run that was killed before it was marked: it is the one to go on with, asked for anew once more or not.
    begun = noted not in ("", marked) and tried and tried.script in ("", noted) and tried.instead == marked
    if anew and not begun:
        noted = ""
    mark = None if copied or anew or begun or (there and script_id not in ("", there.id)) else there
    id = script_id or (mark.id if mark else noted)
    if not id and not anew and (copied or deployment.script == CREATING):
        return _Meant("", None, unknown=_COPIED if copied else _LOST)
    other = noted if mark and noted not in ("", mark.id) else ""
    return _Meant(id, mark, "" if mark else marked, other)


def push(project: Project, client: Client, deployment: Deployment, prepared: PreparedScript, tell: Tell) -> Pushed:
    """Makes the script where there is none, and writes what differs; the deployment comes back as it is noted then.

    Two calls for a new script, one or none for one that is there. Where Google refuses, the script is left out and
    `note` says why. Killed anywhere, the next plan goes on.
    """
    if not prepared.pending:
        return Pushed(deployment, note=prepared.note)
    made = deployment
    if prepared.status == "create":
        tell("creating the script")
        made, note = _create(project, client, deployment, prepared.instead)
        if note:
            return Pushed(made, note=note)
    elif deployment.script != prepared.id:
        made = _noted(project, deployment, prepared.id)
    id = made.script
    mark = prepared.mark or ScriptMark(id, made.spreadsheet_id)
    files = prepared.plan.files if prepared.plan else project.script.files
    if prepared.plan is None or prepared.plan.changes:
        tell("writing the script")
        before = prepared.mark.digest if prepared.mark else ""
        note_try(project, Try(id, before, prepared.instead, project.script.digests))
        try:
            client.call(client.script.projects().updateContent(scriptId=id, body=encode(files)))
        except RestError as error:
            if not _is_refusal(error):
                raise
            return Pushed(made, mark, _told(error))
    mark = replace(mark, files=project.script.digests)
    done = _published(project, client, made, mark, tell, prepared.status == "create")
    return replace(done, note=" ".join(note for note in (prepared.note, done.note) if note))


def script_files(project: Project) -> dict[str, str]:
    """The script as a folder for clasp; with its settings where the CRM on Google is known to have a script."""
    if not project.settings.google.script:
        return {}
    files = on_disk(project.script)
    found = deployments.load(project.folder, deployments.GOOGLE)
    if found and found.script not in ("", CREATING):
        files[".clasp.json"] = json.dumps({"scriptId": found.script, "rootDir": "."}, indent=1) + "\n"
    return files


def _published(project: Project, client: Client, made: Deployment, mark: ScriptMark, tell: Tell, fresh: bool) -> Pushed:
    if not _to_publish(project, mark):
        return Pushed(made, mark)
    tell("publishing the web app")
    try:
        mark, note = publish(client, mark, project.script.digest, fresh)
    except RestError as error:
        if not _is_refusal(error):
            raise
        note = f"{_UNPUBLISHED}: {error}"
    return Pushed(made, mark, note)


def _create(project: Project, client: Client, deployment: Deployment, instead: str) -> tuple[Deployment, str]:
    noted = _noted(project, deployment, CREATING)
    note_try(project, Try("", instead=instead))
    body = {"title": project.script.title, "parentId": deployment.spreadsheet_id}
    try:
        answer = client.call(client.script.projects().create(body=body))
    except LostAnswer:
        return noted, _LOST
    except RestError as error:  # refused before anything was done: the next run may ask again
        noted = _noted(project, deployment, "")
        if not _is_refusal(error):
            raise
        return noted, _told(error)
    except OSError:  # of a connection that tells nothing of how far the request came
        raise
    except Exception:  # a login that does not hold, a run that is to end: it was not sent
        _noted(project, deployment, "")
        raise
    return _noted(project, deployment, answer["scriptId"]), ""


def _noted(project: Project, deployment: Deployment, script: str) -> Deployment:
    changed = replace(deployment, script=script)
    deployments.save(project.folder, changed)
    return changed


def _to_publish(project: Project, mark: ScriptMark) -> bool:
    return project.script.web_app is not None and mark.published != project.script.digest


def _check_bound(client: Client, id: str, deployment: Deployment) -> None:
    """CrmError where a script that people named belongs to another file: writing there would replace what it does."""
    parent = client.call(client.script.projects().get(scriptId=id)).get("parentId")
    if parent != deployment.spreadsheet_id:
        raise CrmError(f"the script {id} is not bound to the spreadsheet of this CRM; nothing was written into it")


def _is_refusal(error: RestError) -> bool:
    """Whether the service will not do it for this login or this script, while all else may go on."""
    return 400 <= error.status < 500 and error.status != _UNAUTHORIZED and not isinstance(error, LostAnswer)


def _told(error: RestError) -> str:
    return _GONE if error.status == _NOT_FOUND else f"without a script: {error}"


def _refused(plan: ScriptPlan) -> str:
    names = ", ".join(f"{one.name} (deleted)" if one.deleted else one.name for one in plan.refusals)
    return (
        f"somebody changed files of the script: {names}; the script stays as it is. Move what you added into a file of "
        "its own, which is always kept, or say --overwrite-script to put ours back"
    )
