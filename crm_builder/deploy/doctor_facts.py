"""What the doctor looks at, asked for part by part: a part that cannot be had holds the reason, and stops no other."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from crm_builder.deploy.examine import Health, examine
from crm_builder.deploy.script_mark import ScriptMark, read_mark
from crm_builder.deploy.script_web import all_pages
from crm_builder.deploy.sharing import Access, Person, decode_shared
from crm_builder.deploy.sharing_steps import permissions_of
from crm_builder.deployment import GOOGLE, Deployment
from crm_builder.errors import CrmError, LoginError, RestError
from crm_builder.google import Account, Client
from crm_builder.project import Project
from crm_builder.sheets.marks import HEARTBEAT, values_of

Json = dict[str, Any]
Part = TypeVar("Part")

_NOTHING = "none"  # asked for where there is nothing yet: a service that is switched on answers that it is not there
_NOT_FOUND, _NONE = 404, 0


class UnseenError(CrmError):
    """A part that was not asked for, as the way to Google failed before."""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The script's latest sign of life, which its dispatcher writes as JSON into the spreadsheet's developer metadata
    (key crm_builder.heartbeat, visible to every project: DOCUMENT).

    `{"at": "2026-11-22T09:00:00Z", "owner": "mina@example.com", "triggers": 2, "mail_mode": "test",
    "spreadsheet": "1AbC…", "every": 60, "unknown": 0, "errors": [{"job": "digest", "message": "…", "at": "…"}]}`: when
    it ran last; whose triggers run it and how many they are; off, test or live; the spreadsheet that it was set up in,
    so that a copy is told from it; every how many minutes it runs; of how many mails nobody knows whether they arrived;
    the jobs that did not go well, each with its latest error.
    """

    at: datetime
    owner: str = ""
    triggers: int = 0
    mail_mode: str = ""
    spreadsheet: str = ""
    every: int = 60
    errors: tuple[str, ...] = ()  # `job: message`
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Script:
    """The bound script as it is at Google. `web_app`: the version that its web app serves, None without one."""

    id: str
    time_zone: str = ""
    web_app: int | None = None
    version: int | None = None  # the last that was made


@dataclass(frozen=True)
class Facts:
    """None: does not apply. An error: could not be had, and why."""

    target: str
    now: datetime
    wanted: Any  # what crm.toml switches on: script, mail, share
    locale: str
    time_zone: str
    team: Sequence[Person] = ()
    account: Account | CrmError | None = None
    spreadsheet_id: str = ""  # "" before the CRM is made
    drive: Json | CrmError | None = None  # about.get: user, storageQuota
    health: Health | CrmError | None = None
    files: Sequence[Json] | CrmError | None = None  # all that say that they are this CRM
    permissions: Sequence[Json] | CrmError | None = None
    script: Script | CrmError | None = None
    noted: ScriptMark | None = None  # what the spreadsheet remembers of its script
    heartbeat: Heartbeat | None = None
    menu: tuple[str, str] = ("", "")  # what the script's menu is called in the sheet, and its item that starts all
    shared: Mapping[str, Access] = field(default_factory=dict)

    @property
    def at_google(self) -> bool:
        return self.target == GOOGLE

    @property
    def errors(self) -> list[CrmError]:
        parts = (self.drive, self.health, self.files, self.permissions, self.script)
        return [part for part in parts if isinstance(part, CrmError)]


def gather(
    project: Project, client: Client, deployment: Deployment | None, account: Account | None, now: datetime
) -> Facts:
    """At most nine calls: one to Drive, three to Sheets, two more to Drive, and up to three to Apps Script.

    Without a deployment, before the CRM is made: whether each service answers.
    """
    asked = _Asked()
    at_google = project.target == GOOGLE
    about = "user(emailAddress),storageQuota"
    drive = asked(lambda: client.call(client.drive.about().get(fields=about))) if at_google else None
    if deployment is None:
        facts = bare(project, account, now)
        if not at_google:
            return facts
        return replace(
            facts, drive=drive, health=asked(lambda: _answers(client)), script=asked(lambda: _script(client))
        )
    health = asked(lambda: examine(project, client, deployment))
    metadata = health.seen.state.get("developerMetadata", []) if isinstance(health, Health) else []
    noted = read_mark(metadata)
    return replace(
        bare(project, account, now),
        spreadsheet_id=deployment.spreadsheet_id,
        drive=drive,
        health=health,
        files=asked(lambda: client.find_files(deployment.key)),
        permissions=asked(lambda: permissions_of(client, deployment.spreadsheet_id)) if at_google else None,
        script=asked(lambda: _script(client, noted)) if at_google or noted else None,
        noted=noted,
        heartbeat=heartbeat_of(metadata),
        shared=decode_shared(metadata),
    )


def bare(project: Project, account: Account | CrmError | None, now: datetime) -> Facts:
    """What is known without asking: all there is where nobody is logged in."""
    settings, workbook = project.settings, project.rendered.workbook
    return Facts(
        project.target,
        now,
        settings.google,
        workbook.locale,
        workbook.time_zone,
        settings.team,
        account,
        menu=_menu(project.rendered.context.words),
    )


def _answers(client: Client) -> None:
    """RestError where Sheets does not even answer that a spreadsheet is not there."""
    try:
        client.get(_NOTHING, fields="spreadsheetId")
    except RestError as error:
        if error.status != _NOT_FOUND:
            raise


def _menu(words: Mapping[str, Any]) -> tuple[str, str]:
    said = words.get("script", {}).get("menu", {})
    return said.get("title", "CRM"), said.get("finish_set_up", "Finish set-up")


class _Asked:
    """Asks for one part after the other; once Google was not reached, or the login does not hold, for none."""

    def __init__(self) -> None:
        self._lost = False

    def __call__(self, ask: Callable[[], Part]) -> Part | CrmError:
        if self._lost:
            return UnseenError("not looked at, as the way to Google does not hold")
        try:
            return ask()
        except CrmError as error:
            self._lost = isinstance(error, LoginError) or (isinstance(error, RestError) and error.status == _NONE)
            return error


def _script(client: Client, noted: ScriptMark | None = None) -> Script | None:
    """None where there is none, though Apps Script answers."""
    projects = client.script.projects()
    id = noted.id if noted else _NOTHING
    try:
        content = client.call(projects.getContent(scriptId=id))
    except RestError as error:
        if error.status == _NOT_FOUND and id == _NOTHING:
            return None
        raise
    manifest = next((one.get("source", "") for one in content.get("files", ()) if one.get("name") == "appsscript"), "")
    served = version = None
    if noted and noted.deployment:
        listed = projects.deployments()
        served_by = all_pages(client, listed.list(scriptId=id, pageSize=50), listed.list_next, "deployments")
        found: Json = next((one for one in served_by if one.get("deploymentId") == noted.deployment), {})
        served = found.get("deploymentConfig", {}).get("versionNumber")
        listed = projects.versions()
        versions = all_pages(client, listed.list(scriptId=id, pageSize=200), listed.list_next, "versions")
        version = max((one.get("versionNumber", 0) for one in versions), default=None)
    return Script(id, _json(manifest).get("timeZone", ""), served, version)


def heartbeat_of(metadata: Iterable[Json]) -> Heartbeat | None:
    """None where the script was never set up, or what it wrote was changed by people."""
    data = _json(next((text for _, text in values_of(metadata, HEARTBEAT)), ""))
    try:
        at = datetime.fromisoformat(data["at"])
        texts = [str(data.get(name, "")) for name in ("owner", "mail_mode", "spreadsheet")]
        numbers = [int(data.get(name, usual)) for name, usual in (("triggers", 0), ("every", 60), ("unknown", 0))]
    except (KeyError, ValueError, TypeError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    told = data.get("errors")
    errors = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    lines = tuple(f"{one.get('job', '')}: {one.get('message', '')}" for one in errors)
    return Heartbeat(at, texts[0], numbers[0], texts[1], texts[2], numbers[1], lines, numbers[2])


def _json(text: str) -> Json:
    try:
        data = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}
