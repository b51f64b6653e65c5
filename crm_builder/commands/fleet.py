"""Many CRMs at once: fleet plan, fleet apply."""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import click

from crm_builder.commands.common import (
    CHANGES_PENDING,
    DONE,
    FAILED,
    clock_option,
    progress,
    target_option,
    tells_errors,
    templates_option,
)

if TYPE_CHECKING:
    from crm_builder.fleet import Result

_STYLES: dict[str, dict[str, Any]] = {
    "done": {"fg": "green"}, "added": {"fg": "green"}, "changed": {"fg": "yellow"}, "refused": {"fg": "red"},
    "kept": {"fg": "blue"},
}  # fmt: skip

clients_argument = click.argument("clients", type=click.Path(dir_okay=False, path_type=Path), default="clients.toml")
only_option = click.option("--only", multiple=True, metavar="KEY", help="Only this client; may be repeated.")
jobs_option = click.option(
    "--jobs", type=click.IntRange(1, 64), default=8, show_default=True, help="So many clients side by side."
)
reports_option = click.option(
    "--reports",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the reports, one a client.  [default: reports beside CLIENTS]",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Report for machines, on standard output.")


@click.group("fleet")
def fleet_() -> None:
    """Many CRMs from one description: CLIENTS is a clients.toml that names a common crm.toml and, for each client, what
    is different there."""


@fleet_.command("plan")
@clients_argument
@only_option
@jobs_option
@reports_option
@target_option
@templates_option
@clock_option
@json_option
@tells_errors
def plan(
    clients: Path,
    only: tuple[str, ...],
    jobs: int,
    reports: Path | None,
    target: str,
    templates: Path | None,
    clock: datetime | None,
    as_json: bool,
) -> None:
    """Show what `apply` would do to each client, and change no CRM. Exit code 3: there is something to do."""
    _go(clients, only, jobs, reports, templates, clock, as_json, what="plan")


@fleet_.command("apply")
@clients_argument
@only_option
@jobs_option
@reports_option
@target_option
@templates_option
@clock_option
@click.option("--yes", is_flag=True, help="Delete what the description asks to delete, filled cells included.")
@json_option
@tells_errors
def apply_(
    clients: Path,
    only: tuple[str, ...],
    jobs: int,
    reports: Path | None,
    target: str,
    templates: Path | None,
    clock: datetime | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Make or change the CRM of each client. One that fails stops no other; the next run goes on where it ended."""
    _go(clients, only, jobs, reports, templates, clock, as_json, what="apply", yes=yes)


def _go(
    clients: Path,
    only: tuple[str, ...],
    jobs: int,
    reports: Path | None,
    templates: Path | None,
    clock: datetime | None,
    as_json: bool,
    *,
    what: str,
    yes: bool = False,
) -> None:
    from crm_builder import fleet
    from crm_builder.google import Budget

    found = fleet.load_fleet(clients, templates, only)
    run = fleet.Run(found, clock, yes=yes)
    if found.limits:  # the local workspace has no limit of its own
        run.budget = Budget(found.limits, sleep=fleet.waiting(run.stop))
    folder = reports or clients.parent / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    number = 0

    def done(result: Result) -> None:
        nonlocal number
        number += 1
        fleet.write_report(folder, result)
        progress(f"{result.client.key}: {result.state} ({number}/{len(found.clients)})")

    results = fleet.side_by_side(
        found.clients,
        run.plan if what == "plan" else run.apply,
        jobs=jobs,
        stop=run.stop,
        done=done,
        interrupted=lambda: progress("stopping: the requests under way are finished first"),
    )
    if as_json:
        click.echo(json.dumps(fleet.data(results, folder), ensure_ascii=False, indent=1))
    else:
        _tell(results, folder, clients, what)
    states = {one.state for one in results}
    sys.exit(FAILED if states & set(fleet.BROKEN) else CHANGES_PENDING if states & set(fleet.PENDING) else DONE)


def _tell(results: list[Result], folder: Path, clients: Path, what: str) -> None:
    from crm_builder.fleet import PENDING, SIGNS, rows

    table = rows(results)
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for one, row in zip(results, table, strict=True):
        style = _STYLES[SIGNS[one.state][1]]
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        shown = "  ".join(cell for cell, width in zip(cells[1:], widths[1:], strict=True) if width)
        click.echo(f"  {click.style(cells[0], **style)} {shown}".rstrip())
    states = Counter(one.state for one in results)
    click.echo(click.style(", ".join(f"{number} {state}" for state, number in states.items()) + ".", bold=True))
    calls = f"{sum(one.reads for one in results)} reads and {sum(one.writes for one in results)} writes"
    click.echo(f"  {calls}; a report a client: {folder}")
    for one in results:
        if one.reason:
            click.echo(click.style(f"  {one.client.key}: ", fg="red") + one.reason, err=True)
    if what == "plan" and states.keys() & set(PENDING):
        click.echo(f"  carry it out:  crm-builder fleet apply {quote(str(clients))}")
    if states["failed"] or states["stopped"] or states["not begun"]:
        click.echo(f"  go on with the rest:  crm-builder fleet {what} {quote(str(clients))}", err=True)


COMMANDS = (fleet_,)
