"""What has to be written so that a script project becomes the desired one, and what people made of ours.

Three states of each file decide, as for sheets: what was pushed last, what is there, what is desired. What is not ours
is kept; what is ours and was edited is refused, as pushing replaces all files and there is no way back.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from crm_builder.script.values import MANIFEST, ScriptFile, ScriptProject

Action = Literal["create", "update", "delete"]


@dataclass(frozen=True, slots=True)
class Change:
    """One of our files that is created, updated or deleted."""

    action: Action
    name: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file of ours that people edited or deleted: `diff` shows what they would lose, as a unified diff."""

    name: str
    deleted: bool
    diff: str


@dataclass(frozen=True)
class ScriptPlan:
    """`files` is all that the project holds afterwards, people's own files in it included."""

    changes: tuple[Change, ...]
    refusals: tuple[Refusal, ...]
    foreign: tuple[str, ...]
    files: tuple[ScriptFile, ...]


def diff(
    desired: ScriptProject, there: Sequence[ScriptFile], *pushed: Mapping[str, str], overwrite: bool = False
) -> ScriptPlan:
    """The plan. `pushed`: first the digests of what was pushed last, {} for nothing; then those of a push that may have
    taken effect. `overwrite`: what people edited of ours goes."""
    found = {file.name: file for file in there}
    if set(found) <= {MANIFEST} and not any(pushed[:1]):  # as it is made: nobody has written anything into it
        pushed = ({name: file.digest for name, file in found.items()}, *pushed)

    def ours(name: str, digest: str | None) -> bool:
        return digest in {state.get(name) for state in pushed or ({},)}

    changes: list[Change] = []
    refusals: list[Refusal] = []
    for file in desired.files:
        present = found.get(file.name)
        if present and present.digest == file.digest and present.type == file.type:
            continue
        if not overwrite and not ours(file.name, present.digest if present else None):
            refusals.append(Refusal(file.name, present is None, _unified(present, file)))
        changes.append(Change("update" if present else "create", file.name))
    wanted = {file.name for file in desired.files}
    left = [file for file in there if file.name not in wanted]
    # One that we do not need any more and people have edited is theirs from now on.
    gone = {file.name for file in left if ours(file.name, file.digest)}
    changes += [Change("delete", file.name) for file in left if file.name in gone]
    foreign = tuple(file for file in left if file.name not in gone)
    return ScriptPlan(tuple(changes), tuple(refusals), tuple(file.name for file in foreign), (*desired.files, *foreign))


def _unified(present: ScriptFile | None, file: ScriptFile) -> str:
    there = present.source.splitlines() if present else []
    names = (f"{file.name} (in the script editor)", f"{file.name} (crm-builder)")
    return "\n".join(difflib.unified_diff(there, file.source.splitlines(), *names, n=2, lineterm=""))
