"""Making a CRM: the file, then the batches that build it; what a killed run left is found and finished."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from crm_builder import deployment as deployments
from crm_builder.deploy.target import LOCAL
from crm_builder.deployment import Deployment
from crm_builder.errors import CrmError
from crm_builder.google import Client
from crm_builder.project import Project
from crm_builder.sheets import READ_FIELDS, Observed, read, read_ranges, state_of
from crm_builder.sheets.progress import Batch, marked_batches

Json = dict[str, Any]
Tell = Callable[[str], None]


def ensure_file(project: Project, client: Client, found: Deployment | None, tell: Tell) -> Deployment:
    """The deployment with an existing spreadsheet; what a former run created is found, not made again."""
    files: list[Json] = []
    if found is None:
        found = _former(project, client) or deployments.new(LOCAL)
        deployments.save(project.folder, found)
    elif not found.spreadsheet_id:
        files = client.find_files(found.key)
    if found.spreadsheet_id:
        return found
    if not files:
        tell("creating the spreadsheet")
        files = [client.create_file(project.settings.name, found.key)]
    deployment = found.with_spreadsheet(files[0]["id"])
    deployments.save(project.folder, deployment)
    return deployment


def _former(project: Project, client: Client) -> Deployment | None:
    """The CRM that the workspace holds although its deployment file is gone. CrmError where it holds several."""
    files = client.crm_files()
    if len(files) > 1:
        names = ", ".join(f"{file['name']} ({file['id']})" for file in files)
        path = deployments.path_of(project.folder)
        raise CrmError(f"{path} is gone and the workspace holds several CRMs: {names}; put the file back")
    return Deployment(files[0]["key"], LOCAL, files[0]["id"]) if files else None


def is_built(done: Collection[Batch]) -> bool:
    """Whether all batches of one description are among those that were applied."""
    return any(len({one.number for one in done if one.digest == batch.digest}) == batch.total for batch in done)


def build(project: Project, client: Client, deployment: Deployment, state: Mapping[str, Any], tell: Tell) -> None:
    """Sends the batches that are not there yet; each carries its own mark, so that none is sent twice.

    CrmError where a run with another description was interrupted.
    """
    done = marked_batches(state.get("developerMetadata", ()))
    if done and not done & project.batches.keys():
        raise CrmError(
            "an earlier run with another description was interrupted; put the former crm.toml back and run `up` again, "
            f"or remove {project.folder / deployments.FOLDER} to start anew"
        )
    for batch, requests in project.batches.items():
        if batch not in done:
            tell(f"building the workbook ({batch.number + 1}/{batch.total})")
            client.batch_update(deployment.spreadsheet_id, requests)


def read_back(project: Project, client: Client, deployment: Deployment) -> Observed:
    """The workbook as it was built a moment ago."""
    workbook = project.rendered.workbook
    ranges = read_ranges(state_of(workbook, project.layout), [workbook])
    return read(client.get(deployment.spreadsheet_id, ranges, READ_FIELDS), workbook)
