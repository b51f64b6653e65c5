"""Making a CRM: the file, then the batches that build it; what a killed run left is found and finished."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from crm_builder import deployment as deployments
from crm_builder.deploy.sending import TRIES, send
from crm_builder.deployment import Deployment
from crm_builder.errors import CrmError, LostAnswer
from crm_builder.google import Client
from crm_builder.google.client import PROPERTY
from crm_builder.project import FILE_NAME, Project
from crm_builder.sheets import READ_FIELDS, Observed, read, read_ranges, state_of
from crm_builder.sheets.baseline import sheet_of
from crm_builder.sheets.owned import own_sheets
from crm_builder.sheets.progress import marked_batches

Json = dict[str, Any]
Tell = Callable[[str], None]

_LOOK_AGAIN = 2.0  # seconds until a file that was made a moment ago must have come into the list


def ensure_file(
    project: Project,
    client: Client,
    found: Deployment | None,
    tell: Tell,
    *,
    anew: bool = False,
    pause: Callable[[float], object] = time.sleep,
) -> tuple[Deployment, list[Json] | None]:
    """The deployment with an existing spreadsheet; what a former run created is found, not made again.

    Also the permissions of a file that was made a moment ago. `anew`: another CRM of the same name is meant.
    """
    permissions: list[Json] | None = None
    files: list[Json] = []
    if found is None:
        found = _former(project, client, anew) or deployments.new(project.target, project.account)
        deployments.save(project.folder, found)
    elif not found.spreadsheet_id:
        files = client.find_files(found.key)
        if not files and not anew:
            _refuse_beside(project, client)
    if found.spreadsheet_id:
        return found, None
    if not files:
        tell("creating the spreadsheet")
        files = [_create(project.settings.name, found.key, client, pause)]
        permissions = files[0].get("permissions")  # none of one that was found after its answer was lost
    deployment = found.with_spreadsheet(files[0]["id"])
    deployments.save(project.folder, deployment)
    return deployment, permissions


def _create(name: str, key: str, client: Client, pause: Callable[[float], object]) -> Json:
    """A new file; one whose creation was not answered is looked for, twice, before another one is made."""
    for _ in range(TRIES):
        try:
            return client.create_file(name, key)
        except LostAnswer as error:
            lost = error
            for _ in range(2):
                if files := client.find_files(key):
                    return files[0]
                pause(_LOOK_AGAIN)
    raise lost


def _former(project: Project, client: Client, anew: bool) -> Deployment | None:
    """The CRM that a workspace holds although its deployment file is gone. CrmError where it holds several.

    An account may hold many: there it is an error where one of them has the same name, unless another one is meant.
    """
    files = client.crm_files()
    if project.target == deployments.LOCAL:
        if len(files) > 1:
            raise _several(project, files)
        return Deployment(files[0]["key"], project.target, files[0]["id"]) if files else None
    same = [file for file in files if file["name"] == project.settings.name]
    if same and not anew:
        id = same[0]["id"] if len(same) == 1 else "ID"  # of several, people must know which one they mean
        raise CrmError(
            f"this account has a CRM named {project.settings.name} already: {_listed(same)}. To go on with it from "
            f"this folder, say --spreadsheet {id}; to make another one, say --new"
        )
    return None


def _refuse_beside(project: Project, client: Client) -> None:
    """CrmError where a workspace, which is for one CRM, holds another than that of the deployment."""
    if project.target == deployments.LOCAL and (files := client.crm_files()):
        raise _several(project, files)


def _several(project: Project, files: Sequence[Json]) -> CrmError:
    path = deployments.path_of(project.folder, project.target)
    return CrmError(f"{path} is gone or not the one of this workspace, which holds: {_listed(files)}; put it back")


def _listed(files: Sequence[Json]) -> str:
    return ", ".join(f"{file['name']} ({file['id']})" for file in files)


def take_up(project: Project, client: Client, found: Deployment | None, spreadsheet_id: str) -> Deployment:
    """The deployment of a CRM that was made from elsewhere, noted in this folder.

    CrmError where the file is none, or the folder has another CRM.
    """
    if found is not None and found.spreadsheet_id == spreadsheet_id:
        return found
    if found is not None and found.spreadsheet_id:
        raise CrmError(
            f"this folder has the CRM {found.spreadsheet_id} already; go on with the other one from a folder of its own"
        )
    file = client.call(client.drive.files().get(fileId=spreadsheet_id, fields="id,name,appProperties,trashed"))
    key = file.get("appProperties", {}).get(PROPERTY)
    if not key or file.get("trashed"):
        raise CrmError(f"the file {file.get('name', spreadsheet_id)} is no CRM that crm-builder made")
    described = project.settings.name
    if file["name"] != described:
        raise CrmError(
            f"that CRM is named “{file['name']}”, and {project.folder / FILE_NAME} describes “{described}”; copy the "
            "crm.toml that it was made from into this folder first, or give this one its name"
        )
    deployment = Deployment(key, project.target, file["id"], project.account)
    deployments.save(project.folder, deployment)
    return deployment


def look_up(project: Project, client: Client, found: Deployment | None) -> Deployment | None:
    """The deployment with its spreadsheet as `ensure_file` finds it; None where that would make one. Writes nothing."""
    if found is None:
        return _former(project, client, False)
    if found.spreadsheet_id:
        return found
    files = client.find_files(found.key)
    return found.with_spreadsheet(files[0]["id"]) if files else None


def is_built(project: Project, state: Mapping[str, Any]) -> bool:
    """Whether all batches of one description were applied. Where their marks were deleted, whether anything is there
    that came with them."""
    done = marked_batches(state.get("developerMetadata", ()))
    if not done:
        return bool(own_sheets(state, [project.rendered.workbook])[0]) or sheet_of(state.get("sheets", ())) is not None
    return any(len({one.number for one in done if one.digest == batch.digest}) == batch.total for batch in done)


def build(
    project: Project,
    client: Client,
    deployment: Deployment,
    state: Mapping[str, Any],
    more: Sequence[Json],
    tell: Tell,
) -> None:
    """Sends the batches that are not there yet; each carries its own mark, so that none is sent twice.

    `more`: requests that go with the last one, marks of what was done beside.
    CrmError where a run with another description was interrupted.
    """
    done = marked_batches(state.get("developerMetadata", ()))
    if done and not done & project.batches.keys():
        raise CrmError(
            "an earlier run with another description was interrupted; put the former crm.toml back and run `up` again, "
            f"or remove {project.home} and say --new to start anew"
        )
    last = len(project.batches) - 1
    for batch, requests in project.batches.items():
        if batch not in done:
            tell(f"building the workbook ({batch.number + 1}/{batch.total})")
            send(client, deployment.spreadsheet_id, [*(more if batch.number == last else ()), *requests])


def read_back(project: Project, client: Client, deployment: Deployment) -> Observed:
    """The workbook as it was built a moment ago."""
    workbook = project.rendered.workbook
    ranges = read_ranges(state_of(workbook, project.layout), [workbook])
    return read(client.get(deployment.spreadsheet_id, ranges, READ_FIELDS), workbook)
