"""How sharing and script stand, by what the spreadsheet remembers of them: for `status`, without any further call."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from crm_builder.deploy.doctor_crm import copied_from
from crm_builder.deploy.doctor_facts import Facts, bare, heartbeat_of
from crm_builder.deploy.doctor_finding import Finding
from crm_builder.deploy.doctor_script import heartbeat
from crm_builder.deploy.script_mark import read_mark
from crm_builder.deploy.sharing import decode_shared, missing_access, needs_look
from crm_builder.deployment import GOOGLE
from crm_builder.errors import RestError
from crm_builder.google import Client
from crm_builder.plan.words import count
from crm_builder.project import Project
from crm_builder.script import decode, diff


def state_lines(
    project: Project, spreadsheet_id: str, metadata: Iterable[dict[str, Any]], now: datetime
) -> list[Finding]:
    """One line each for sharing, script, and what runs by itself; none for a local workspace.

    `metadata`: the spreadsheet's own. Whether people changed it at Google since, only the doctor asks.
    """
    if project.target != GOOGLE:
        return []
    entries = list(metadata)
    facts = replace(
        bare(project, None, now),
        spreadsheet_id=spreadsheet_id,
        noted=read_mark(entries),
        heartbeat=heartbeat_of(entries),
        shared=decode_shared(entries),
    )
    return [*_sharing(facts), *_script(project, facts), *heartbeat(facts)]


def asked_lines(
    project: Project, client: Client, spreadsheet_id: str, metadata: Iterable[dict[str, Any]]
) -> list[Finding]:
    """What only a question can tell: whether the file lies in the bin, and whether people edited the script.

    Two calls, one for a local workspace. What cannot be asked is told by the doctor.
    """
    found = []
    with suppress(RestError):
        if project.target == GOOGLE:
            answer = client.call(client.drive.files().get(fileId=spreadsheet_id, fields="trashed"))
            if answer.get("trashed"):
                text = "the spreadsheet lies in the bin, which Google empties after 30 days"
                found.append(Finding("workbook", "error", text, "take it out of the bin at drive.google.com"))
    mark = read_mark(metadata)
    if mark is None or not project.settings.google.script:
        return found
    with suppress(RestError):
        there = decode(client.call(client.script.projects().getContent(scriptId=mark.id)))
        edited = ", ".join(one.name for one in diff(project.script, there, mark.files).refusals)
        if edited:
            text = f"somebody edited {edited} in the script editor; it stays so, and is not renewed"
            found.append(Finding("script", "warning", text, "crm-builder plan --overwrite-script puts ours back"))
    return found


def _sharing(facts: Facts) -> list[Finding]:
    if not facts.wanted.share:
        return []
    if not needs_look(facts.team, facts.shared):
        members = count(len([one for one in facts.shared.values() if one.role != "owner"]), "member")
        return [Finding("sharing", "ok", f"shared with {members} of the team")]
    names = missing_access(facts.team, facts.shared)
    told = f"not shared as crm.toml says with {', '.join(names)}" if names else "somebody who left the team has access"
    return [Finding("sharing", "note", told, "crm-builder apply")]


def _script(project: Project, facts: Facts) -> list[Finding]:
    if not facts.wanted.script:
        return []
    if facts.noted is None:
        return [Finding("script", "note", "there is none yet", "crm-builder up")]
    if copied_from(facts):
        todo = "crm-builder up --new-script gives it one of its own"
        return [Finding("script", "warning", "it belongs to the spreadsheet that this one is a copy of", todo)]
    if facts.noted.digest != project.script.digest:
        return [Finding("script", "note", "it is not yet as crm.toml describes it", "crm-builder apply")]
    return [Finding("script", "ok", "it is as crm.toml describes it")]
