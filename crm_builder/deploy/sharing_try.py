"""Whom this folder is about to share with, noted so that a kill before the mark is written makes nobody a stranger."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from crm_builder.deploy.sharing import Access, Person, Revoke, SharingPlan, accesses_of, encode_shared, fold
from crm_builder.project import Project

_FILE = "sharing.json"


def given_last(
    project: Project, spreadsheet_id: str, team: Iterable[Person], marked: Mapping[str, Access]
) -> dict[str, Access]:
    """Whom it was shared with last: by the mark, and who left the team since a run that was killed before it wrote one.

    Who is in the team is looked at as if nothing had been done: nobody knows whether it was.
    """
    here = {fold(person.email) for person in team}
    tried = _read(project, spreadsheet_id, marked)
    return {**{address: one for address, one in tried.items() if address not in here}, **marked}


def note_given(project: Project, spreadsheet_id: str, plan: SharingPlan, marked: Mapping[str, Access]) -> None:
    """Notes who will have access by this plan, beside those of runs before it that wrote no mark."""
    given = {fold(step.email): Access(step.role) for step in plan.steps if not isinstance(step, Revoke)}
    if not given:
        return
    kept = {**_read(project, spreadsheet_id, marked), **given}
    data = {"spreadsheet": spreadsheet_id, "before": encode_shared(marked), "given": encode_shared(kept)}
    path = _path(project)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(data), "utf-8")
    draft.replace(path)


def forget_given(project: Project) -> None:
    """To be called where all is done and no mark is to be written."""
    _path(project).unlink(missing_ok=True)


def _read(project: Project, spreadsheet_id: str, marked: Mapping[str, Access]) -> dict[str, Access]:
    """None of another file, and none once the mark was written. It may be lost."""
    try:
        data = json.loads(_path(project).read_text("utf-8"))
        if (data["spreadsheet"], data["before"]) == (spreadsheet_id, encode_shared(marked)):
            return dict(accesses_of(data["given"]))
    except (OSError, ValueError, TypeError, KeyError):
        pass
    return {}


def _path(project: Project) -> Path:
    return project.home / _FILE
