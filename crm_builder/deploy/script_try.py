"""What this folder is about to push as a script, noted so that a kill before the mark is written confuses nobody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from crm_builder.project import Project

_FILE = "script.json"


@dataclass(frozen=True)
class Try:
    """`script`: its id, "" while it is being made. `before`: the digest that the mark had then, "" without one.
    `instead`: the id of the script that this one is to stand for, because people said so."""

    script: str
    before: str = ""
    instead: str = ""
    files: Mapping[str, str] = field(default_factory=dict)


def note_try(project: Project, tried: Try) -> None:
    path = project.home / _FILE
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(asdict(tried)), "utf-8")
    draft.replace(path)


def read_try(project: Project) -> Try | None:
    """The latest one; None where there is none, or it cannot be read: it may be lost."""
    try:
        return Try(**json.loads((project.home / _FILE).read_text("utf-8")))
    except (OSError, ValueError, TypeError, RecursionError):
        return None
