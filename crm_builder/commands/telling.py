"""How what was done is told: to people as a few lines with colours, to machines as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from crm_builder.deploy import Outcome
    from crm_builder.google import Call
    from crm_builder.model import Workbook
    from crm_builder.plan import Line, Plan

# The styles of a plan's lines. A sign stands beside each colour.
_STYLES: dict[str, dict[str, Any]] = {
    "added": {"fg": "green"},
    "changed": {"fg": "yellow"},
    "moved": {"fg": "cyan"},
    "forgotten": {"dim": True},
    "deleted": {"fg": "red"},
    "kept": {"fg": "blue"},
    "refused": {"fg": "red", "bold": True},
    "way": {"dim": True},
    "sheet": {"bold": True},
    "summary": {"bold": True},
}


def sign() -> str:
    return click.style("✔", fg="green")


def plan_lines(lines: Iterable[Line]) -> str:
    """The tree of a plan."""
    told = []
    for line in lines:
        text = f"{line.sign} {line.text}" if line.sign else line.text
        told.append("  " * (line.depth + 1) + click.style(text, **_STYLES.get(line.style, {})))
    return "\n".join(told)


def call_lines(calls: Iterable[Call]) -> str:
    return "\n".join(
        f"  {call.method:32} {call.status}  {call.bytes_sent:>9,} sent {call.bytes_received:>9,} received "
        f"{call.seconds:6.2f} s"
        for call in calls
    )


def call_data(call: Call) -> dict[str, Any]:
    return {
        "method": call.method, "status": call.status, "bytes_sent": call.bytes_sent,
        "bytes_received": call.bytes_received, "seconds": round(call.seconds, 3),
    }  # fmt: skip


def made_of(workbook: Workbook) -> dict[str, int]:
    """What a workbook has, counted."""
    sheets = workbook.sheets
    return {
        "sheets": len(sheets),
        "hidden_sheets": sum(sheet.hidden for sheet in sheets),
        "columns": sum(len(sheet.columns) for sheet in sheets),
        "computed_columns": sum(bool(column.formula) for sheet in sheets for column in sheet.columns),
        "dropdowns_and_checks": sum(bool(column.validation) for sheet in sheets for column in sheet.columns),
        "conditional_rules": sum(len(sheet.rules) for sheet in sheets),
        "filter_views": sum(len(sheet.views) for sheet in sheets),
        "protected_ranges": sum(len(sheet.protections) for sheet in sheets),
        "named_ranges": len(workbook.names),
    }


def outcome_data(outcome: Outcome, page: Path) -> dict[str, Any]:
    """What `up` did, for machines."""
    from crm_builder.plan import as_json

    return {
        "status": outcome.status,
        "name": outcome.name,
        "target": outcome.target,
        "spreadsheet_id": outcome.spreadsheet_id,
        "page": str(page),
        "made": made_of(outcome.workbook),
        "sample_rows": outcome.rows,
        "plan": as_json(outcome.plan) if outcome.plan else None,
        "calls": [call_data(call) for call in outcome.calls],
        "sample_calls": [call_data(call) for call in outcome.sample_calls],
    }


def outcome_text(outcome: Outcome, page: Path, verbose: bool, sample_data: bool) -> str:
    """What `up` did, for people. Its plan was told before it was carried out."""
    name = click.style(outcome.name, bold=True)
    made = made_of(outcome.workbook)
    counts = (
        f"{made['sheets'] - made['hidden_sheets']} sheets, {made['columns']} columns ({made['computed_columns']} "
        f"computed), {made['conditional_rules']} rules, {made['filter_views']} filter views"
    )
    nothing = "; it got no sample data" if sample_data else ""
    drift = len(outcome.plan.drift) if outcome.plan else 0
    done = "" if outcome.rows else "; nothing to do"
    heads = {
        "created": f"{sign()} {name} is ready: {counts}",
        "finished": f"{sign()} {name} is ready: {counts}",
        "unchanged": f"{sign()} {name} is as crm.toml describes it{done}",
        "changed": f"{sign()} {name} is as crm.toml describes it now: {counts}",
        "refused": click.style(
            f"! Not everything could be changed in {outcome.name}{nothing}; see above.", fg="yellow"
        ),
        "declined": click.style(f"{outcome.name} was left as it is{nothing}.", fg="yellow"),
    }
    lines = [heads[outcome.status]]
    if drift:
        lines.append(
            f"  {drift} thing{'s' if drift > 1 else ''} you changed yourselves stay so: `crm-builder status` lists them"
        )
    lines += left_lines(outcome.applied.left if outcome.applied else ())
    if outcome.applied and outcome.applied.snapshot:
        lines.append(f"  how it was before: {outcome.applied.snapshot}; `crm-builder undo` goes back")
    if outcome.rows:
        lines.append(f"  sample data: {sum(outcome.rows.values())} rows in {len(outcome.rows)} tables")
    if verbose:
        lines.append(call_lines([*outcome.calls, *outcome.sample_calls]))
    lines.append(
        f"  {len(outcome.calls)} calls" + (f" and {len(outcome.sample_calls)} for sample data" if outcome.rows else "")
    )
    lines.append(f"  look at it: {page}")
    return "\n".join(lines)


def left_lines(left: Iterable[str]) -> list[str]:
    """What reads back otherwise than planned."""
    found = list(left)
    if not found:
        return []
    head = (
        "  it reads back otherwise than planned; somebody may have been editing meanwhile. Look at `crm-builder plan`:"
    )
    return [click.style(head, fg="yellow"), *(f"    {line}" for line in found[:10])]


def plan_text(plan: Plan, stays: int | None) -> str:
    from crm_builder.plan import tree

    return plan_lines(tree(plan, stays))
