"""What a run over a fleet is told as: a table of one line a client, a report a client, and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from crm_builder.deployment import GOOGLE
from crm_builder.fleet.files import write_whole
from crm_builder.fleet.result import BROKEN, Result, State
from crm_builder.plan import as_json, markdown
from crm_builder.plan.outline import summary

# State → (sign, style).
SIGNS: dict[State, tuple[str, str]] = {
    "as described": ("✔", "done"),
    "to be created": ("+", "added"),
    "to be finished": ("+", "added"),
    "to be changed": ("~", "changed"),
    "created": ("✔", "done"),
    "finished": ("✔", "done"),
    "changed": ("✔", "done"),
    "refused": ("!", "refused"),
    "failed": ("✗", "refused"),
    "stopped": ("…", "kept"),
    "not begun": ("…", "kept"),
}


def counts(result: Result) -> str:
    """What changes, in few words; empty for a CRM that is made as a whole."""
    plan, beside = result.plan, len(result.beside.lines) if result.beside else 0
    workbook = summary(plan).rstrip(".") if plan and (plan.changes or plan.refusals) else ""
    return ", ".join(part for part in (workbook, f"{beside} of script and team" if beside else "") if part)


def rows(results: Iterable[Result]) -> list[tuple[str, ...]]:
    """(sign, key, state, counts, name) of each. The name stands last: nobody knows how wide it is shown."""
    return [(SIGNS[one.state][0], one.client.key, one.state, counts(one), one.client.name) for one in results]


def told(results: Iterable[Result]) -> list[tuple[list[str], str]]:
    """(keys, sentence) of all that people must know or do; what is the same for many is told once."""
    found: dict[str, list[str]] = {}
    for one in results:
        for text in (*one.told, *([one.click] if one.click else ())):
            found.setdefault(text, []).append(one.client.key)
    return [(keys, text) for text, keys in found.items()]


def write_report(folder: Path, result: Result) -> Path:
    """`KEY.md` in the folder, written only where it says something new."""
    path = folder / f"{result.client.key}.md"
    write_whole(path, report(result))
    return path


def report(result: Result) -> str:
    """One client, for people, as Markdown."""
    client = result.client
    where = " on Google" if result.target == GOOGLE else ""
    lines = [f"# {client.name}", "", f"Client `{client.key}`{where}, in `{client.folder}`: **{result.state}**"]
    if result.address:
        lines += ["", f"The spreadsheet: <{result.address}>"]
    if result.reason:
        lines += ["", f"Why: {result.reason}"]
    if result.state in BROKEN:
        lines += ["", "What was done stays done; the next run goes on from there."]
    for text in result.told:
        lines += ["", f"To know: {text}"]
    if result.click:
        lines += ["", f"To do: {result.click}"]
    if result.snapshot:
        lines += ["", f"How it was before: `{result.snapshot}`; `crm-builder undo -C {client.folder}` goes back."]
    text = "\n".join(lines) + "\n"
    if result.plan:
        text += "\n" + "".join(f"#{line}" if line.startswith("#") else line for line in _plan_lines(result))
    if result.beside and result.beside.lines:
        text += "\n## Script and team\n\n" + "".join(f"- `{sign} {line}`\n" for sign, line in result.beside.lines)
    if result.trace:
        text += f"\n```\n{result.trace.rstrip()}\n```\n"
    return text


def _plan_lines(result: Result) -> list[str]:
    assert result.plan is not None
    return markdown(result.plan, result.stays).splitlines(keepends=True)


def data(results: Sequence[Result], reports: Path) -> dict[str, Any]:
    """The same for programs."""
    return {
        "clients": [
            {
                "key": one.client.key,
                "name": one.client.name,
                "folder": str(one.client.folder),
                "state": one.state,
                "reason": one.reason or None,
                "plan": as_json(one.plan, one.stays) if one.plan else None,
                "told": list(one.told),
                "todo": one.click or None,
                "address": one.address or None,
                "snapshot": str(one.snapshot) if one.snapshot else None,
                "reads": one.reads,
                "writes": one.writes,
                "report": str(reports / f"{one.client.key}.md"),
            }
            for one in results
        ],
        "reads": sum(one.reads for one in results),
        "writes": sum(one.writes for one in results),
    }
