"""How what was done is told: to people as a few lines with colours, to machines as JSON."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterable
from dataclasses import replace
from typing import IO, TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from crm_builder.commands.common import Where
    from crm_builder.deploy import Health, Outcome
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
    "follows": {"dim": True},
    "sheet": {"bold": True},
    "summary": {"bold": True},
}
_NARROWEST = 24  # columns; a terminal that says less is taken to have so many


def is_terminal(stream: IO[str] | None) -> bool:
    """Python has no stream where the shell closed it (`>&-`)."""
    return stream is not None and stream.isatty()


def sign() -> str:
    return click.style("✔", fg="green")


def plan_text(
    plan: Plan, stays: int | None = None, *, whole: bool = False, assure: bool = True, err: bool = False
) -> str:
    """A plan in short, or the `whole` of it. `err`: it is written to standard error."""
    from crm_builder.plan import outline, tree

    terminal = is_terminal(sys.stderr if err else sys.stdout)
    lines = tree(plan, stays, isolate=terminal) if whole else outline(plan, stays, assure=assure, isolate=terminal)
    return plan_lines(_hinted(lines, whole), shutil.get_terminal_size().columns if terminal else 0)


def plan_lines(lines: Iterable[Line], width: int = 0) -> str:
    """The tree of a plan, folded to a width; 0 = not folded."""
    told = []
    for line in lines:
        text = f"{line.sign} {line.text}" if line.sign else line.text
        indent = "  " * (line.depth + 1)
        hanging = indent + ("  " if line.sign or line.style == "way" else "")
        folded = [text]
        if width:
            room = max(width - len(hanging), _NARROWEST)
            folded = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False) or [""]
        style = _STYLES.get(line.style, {})
        told += [(hanging if number else indent) + click.style(part, **style) for number, part in enumerate(folded)]
    return "\n".join(told)


def status_lines(health: Health, where: Where, verbose: bool) -> list[str]:
    """How a CRM stands: what crm.toml asks for, what people changed, what is broken."""
    from crm_builder.plan import Line, outline, tree
    from crm_builder.plan.words import bare

    terminal, told = is_terminal(sys.stdout), health.told
    width = shutil.get_terminal_size().columns if terminal else 0
    lines = []
    if not told.empty:
        lines.append(_head("crm.toml asks for"))
        pending = replace(told, drift=())
        found = tree(pending, isolate=terminal) if verbose else outline(pending, assure=False, isolate=terminal)
        lines.append(plan_lines(_hinted(found, verbose), width))
        lines.append(f"  carry it out:  {where.command('apply')}")
    if told.drift:
        lines.append(_head("People changed, and it stays so"))
        found = tree(replace(told, changes=(), refusals=()), isolate=terminal)
        lines.append(plan_lines([line for line in found if line.style != "summary"], width))
        lines.append(f"  put something back:  {where.command('repair', 'THING')}")
    if health.damage:
        lines.append(_head("Broken"))
        damage = [line if terminal else bare(line) for line in health.damage_lines()]
        lines.append(plan_lines([Line(0, "!", line, "changed") for line in damage], width))
        lines.append(f"  mend it:  {where.command('repair')}")
    return lines or [f"{sign()} all is as crm.toml describes it, nothing is broken"]


def _head(text: str) -> str:
    return click.style(text, bold=True)


def _hinted(lines: Iterable[Line], whole: bool) -> list[Line]:
    """The lines; where some of a plan is only counted, with the way to see it."""
    return [replace(one, text=f"{one.text} (-v tells all)") if one.folded and not whole else one for one in lines]


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


def _counts(workbook: Workbook) -> str:
    """What people see of a workbook: `23 sheets, 11 of them to type into; 44 columns compute themselves`."""
    seen = [sheet for sheet in workbook.sheets if not sheet.hidden]
    tables = [sheet for sheet in seen if sheet.kind == "table"]
    computed = sum(bool(column.formula) for sheet in tables for column in sheet.columns if not column.hidden)
    return f"{len(seen)} sheets, {len(tables)} of them to type into; {computed} columns compute themselves"


def outcome_data(outcome: Outcome, shown: str) -> dict[str, Any]:
    """What `up` did, for machines."""
    from crm_builder.plan import as_json

    return {
        "status": outcome.status,
        "name": outcome.name,
        "target": outcome.target,
        "spreadsheet_id": outcome.spreadsheet_id,
        "page": shown,
        "made": made_of(outcome.workbook),
        "sample_rows": outcome.rows,
        "told": list(outcome.told),
        "plan": as_json(outcome.plan) if outcome.plan else None,
        "calls": [call_data(call) for call in outcome.calls],
        "sample_calls": [call_data(call) for call in outcome.sample_calls],
    }


def outcome_text(outcome: Outcome, shown: str, where: Where, verbose: bool, sample_data: bool) -> str:
    """What `up` did, for people. Its plan was told before it was carried out."""
    from crm_builder.deployment import LOCAL
    from crm_builder.google import endpoint

    name = click.style(outcome.name, bold=True)
    counts = _counts(outcome.workbook)
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
        text = f"{drift} things that people changed stay" if drift > 1 else "one thing that people changed stays"
        lines.append(f"  {text} so: `{where.command('status')}` tells which")
    lines += left_lines(outcome.applied.left if outcome.applied else (), where.command("plan"))
    lines += told_lines(outcome.told)
    if outcome.applied and outcome.applied.snapshot:
        lines.append(f"  how it was before: {outcome.applied.snapshot}; `{where.command('undo')}` goes back")
    if outcome.rows:
        lines.append(f"  sample data: {sum(outcome.rows.values()):,} rows in {len(outcome.rows)} tables")
    if verbose:
        lines.append(call_lines([*outcome.calls, *outcome.sample_calls]))
    lines.append(
        f"  {len(outcome.calls)} calls" + (f" and {len(outcome.sample_calls)} for sample data" if outcome.rows else "")
    )
    trial = f" (a trial at {endpoint()}: the link opens nothing)" if outcome.target != LOCAL and endpoint() else ""
    lines.append(f"  look at it: {shown}{trial}")
    if outcome.click:
        lines.append(f"  {outcome.click}")
    return "\n".join(lines)


def told_lines(told: Iterable[str], indent: str = "  ") -> list[str]:
    """Sentences for people, beside what was done."""
    from crm_builder.plan.words import visible

    return [f"{indent}{click.style(f'· {visible(text)}', fg='yellow')}" for text in told]


def left_lines(left: Iterable[str], plan: str) -> list[str]:
    """What reads back otherwise than planned. `plan`: the command that looks again."""
    from crm_builder.plan.words import visible

    found = [visible(line) for line in left]
    if not found:
        return []
    head = f"  it reads back otherwise than planned; somebody may have been editing meanwhile. Look at `{plan}`:"
    return [click.style(head, fg="yellow"), *(f"    {line}" for line in found[:10])]
