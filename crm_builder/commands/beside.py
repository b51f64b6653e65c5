"""What a CRM has beside its workbook, its script and its team, in the words and options of the commands."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from crm_builder.commands.telling import told_lines

if TYPE_CHECKING:
    from crm_builder.deploy import Beside, Ways

_SIGNS = {"+": "green", "~": "yellow", "-": "red", "!": "red"}
_LINK = re.compile(r"/spreadsheets/d/([^/?#]+)")
_ID = re.compile(r"[A-Za-z0-9_-]{20,}")


def script_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of what has a script: `script`, `new_script`, `overwrite_script`."""
    for option in (
        click.option("--overwrite-script", is_flag=True, help="Put our files back where people edited them."),
        click.option("--new-script", is_flag=True, help="Make another script; the one that is there is left alone."),
        click.option("--script", metavar="ID", default="", help="Go on with this script of the spreadsheet."),
    ):  # fmt: skip
        command = option(command)
    return command


def file_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of what makes a file: `spreadsheet`, `new`."""
    for option in (
        click.option("--new", is_flag=True, help="Make another CRM although the account has one of this name."),
        click.option("--spreadsheet", metavar="ID", default="", help="Go on with this CRM, which was made elsewhere."),
    ):
        command = option(command)
    return command


def ways(
    script: str = "", new_script: bool = False, overwrite_script: bool = False, spreadsheet: str = "", new: bool = False
) -> Ways:
    """What was said on the command line. The address of a spreadsheet is taken for its id."""
    from crm_builder.deploy import Ways

    if script and new_script:
        raise click.UsageError("name the script, or say --new-script")
    if spreadsheet and new:
        raise click.UsageError("name the spreadsheet, or say --new")
    found = _LINK.search(spreadsheet)
    file = found[1] if found else spreadsheet
    if file and not _ID.fullmatch(file):
        raise click.UsageError(f"`{spreadsheet}` is neither the link nor the id of a spreadsheet")
    return Ways(new, file, script, new_script, overwrite_script)


def beside_lines(beside: Beside | None, verbose: bool = False) -> list[str]:
    """What is to be done, and what is not and why; nothing where all is as it should be."""
    if beside is None or not (beside.lines or beside.notes):
        return []
    lines = [click.style("  Script and team", bold=True)]
    lines += [f"    {click.style(f'{sign} {text}', fg=_SIGNS[sign])}" for sign, text in beside.lines]
    lines += told_lines(beside.notes, "    ")
    for refusal in beside.script.plan.refusals if beside.script.plan else ():
        lines += [f"      {line}" for line in _part(refusal.diff.splitlines(), verbose)]
    return lines


def beside_data(beside: Beside | None) -> dict[str, Any]:
    """The same for machines."""
    if beside is None:
        return {"script": None, "sharing": None}
    script = beside.script
    refused = [{"file": one.name, "diff": one.diff} for one in script.plan.refusals] if script.plan else []
    return {
        "script": {
            "status": script.status,
            "id": script.id,
            "lines": [list(line) for line in script.lines],
            "note": script.note,
            "refused": refused,
        },
        "sharing": beside.sharing.data() if beside.sharing else None,
    }


def _part(lines: list[str], whole: bool, shown: int = 20) -> list[str]:
    return lines if whole or len(lines) <= shown else [*lines[:shown], f"… {len(lines) - shown} lines more (-v)"]
