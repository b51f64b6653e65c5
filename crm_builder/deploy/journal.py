"""What was done to a CRM and by whom: one line of JSON for each step, in the journal of its home."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from crm_builder.errors import CrmError

Entry = dict[str, Any]
_BEGUN = "begun"
_ENDED = ("done", "differs")


def path_of(home: Path) -> Path:
    return home / "journal.jsonl"


def write(home: Path, now: datetime, what: str, **more: Any) -> None:
    """Adds one line; it is on the disk when this returns, so that a kill afterwards leaves its trace.

    CrmError where the disk does not take it.
    """
    entry = {"when": now.isoformat(timespec="seconds"), "who": _who(), "what": what, **more}
    path = path_of(home)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab+") as file:
            line = json.dumps(entry, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
            file.write(line if _is_whole(file) else b"\n" + line)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise CrmError(f"the journal {path} cannot be written: {error.strerror}") from error


def _is_whole(file: BinaryIO) -> bool:
    """Whether the last line came to its end: a kill or a full disk may have cut it off."""
    if not file.seek(0, os.SEEK_END):
        return True
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"


def read(home: Path) -> list[Entry]:
    """All entries, the oldest first. A line that a kill cut off, or that somebody else wrote, is left out."""
    try:
        lines = path_of(home).read_text("utf-8", errors="replace").split("\n")
    except FileNotFoundError:
        return []
    entries = []
    for line in lines:
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(entry, Mapping) and _is_sound(entry):
            entries.append(dict(entry))
    return entries


def _is_sound(entry: Mapping[str, Any]) -> bool:
    """Whether the line is one that `write` makes."""
    texts = [entry.get(name) for name in ("when", "what", "result", "digest", "snapshot", "key", "of")]
    undoes = entry.get("undoes", [])
    return (
        all(text is None or isinstance(text, str) for text in texts)
        and isinstance(entry.get("when"), str)
        and isinstance(entry.get("what"), str)
        and isinstance(undoes, list)
        and all(isinstance(name, str) for name in undoes)
    )


def _who() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no name for this user, as in some containers
        return "unknown"


def latest_run(home: Path) -> list[str]:
    """The snapshots of the latest apply that was not undone, the oldest first: those of its interrupted runs too."""
    steps: list[tuple[str, str, bool]] = []  # snapshot, digest, whether it came to its end
    for entry in read(home):
        if entry.get("what") == "undo":
            gone = set(entry.get("undoes", ())) if entry.get("result") != _BEGUN else set()
            steps = [step for step in steps if step[0] not in gone]
        elif entry.get("result") == _BEGUN and entry.get("snapshot"):
            steps.append((entry["snapshot"], entry.get("digest", ""), False))
        elif steps and entry.get("result") in _ENDED and entry.get("digest", "") == steps[-1][1]:
            steps[-1] = (*steps[-1][:2], True)
    run = steps[-1:]
    while len(run) < len(steps) and not steps[-len(run) - 1][2]:
        run.insert(0, steps[-len(run) - 1])
    return [step[0] for step in run]


def interrupted(home: Path) -> Entry | None:
    """The latest change that was begun and did not come to its end; None where it did."""
    last = next((entry for entry in reversed(read(home)) if entry.get("result")), None)
    return last if last and last["result"] == _BEGUN else None
