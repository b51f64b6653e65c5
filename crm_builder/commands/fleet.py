"""Many CRMs at once: fleet plan, fleet apply."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import click

from crm_builder.commands.beside import beside_data
from crm_builder.commands.common import (
    CHANGES_PENDING,
    DONE,
    FAILED,
    clock_option,
    errors,
    json_option,
    progress,
    templates_option,
)
from crm_builder.deployment import GOOGLE, LOCAL, TARGETS

if TYPE_CHECKING:
    from crm_builder.fleet import Result

_STYLES: dict[str, dict[str, Any]] = {
    "done": {"fg": "green"}, "added": {"fg": "green"}, "changed": {"fg": "yellow"}, "refused": {"fg": "red"},
    "kept": {"fg": "blue"},
}  # fmt: skip


_NAMED = 5  # clients by their keys; more of them are counted


@dataclass(frozen=True, slots=True)
class Asked:
    """A fleet command's own options."""

    clients: Path
    only: tuple[str, ...]
    jobs: int
    reports: Path | None
    target: str | None
    account: str | None
    templates: Path | None
    clock: datetime | None
    as_json: bool
    typed: str = ""

    def command(self, name: str) -> str:
        """`crm-builder fleet apply clients.toml`: what to type next for the same clients."""
        return " ".join(part for part in ("crm-builder fleet", name, quote(str(self.clients)), self.typed) if part)


_OPTIONS = (
    click.argument("clients", type=click.Path(dir_okay=False, path_type=Path), default="clients.toml"),
    click.option("--only", multiple=True, metavar="KEY", help="Only this client; may be repeated."),
    click.option(
        "--jobs", type=click.IntRange(1, 64), default=8, show_default=True, help="So many clients side by side."
    ),
    click.option(
        "--reports",
        type=click.Path(file_okay=False, path_type=Path),
        help="Folder of the reports, one a client.  [default: reports beside CLIENTS]",
    ),
    click.option(
        "--target", type=click.Choice(TARGETS), help="Where the CRMs live.  [default: what CLIENTS says, else local]"
    ),
    click.option(
        "--account", metavar="NAME", help="The Google account of the clients for which CLIENTS names none of their own."
    ),
    templates_option,
    clock_option,
    json_option,
)


def fleet_command(name: str, **attributes: Any) -> Callable[[Callable[..., None]], click.Command]:
    """A command over a fleet. Its function gets an Asked, then its own options by name."""

    def command(function: Callable[..., None]) -> click.Command:
        @wraps(function)
        def run(**options: Any) -> None:
            asked = {key: options.pop(key) for key in Asked.__slots__ if key in options}
            with errors():
                function(Asked(**asked, typed=_typed(asked)), **options)

        for option in reversed(_OPTIONS):
            run = option(run)
        return fleet_.command(name, **attributes)(run)

    return command


def _typed(options: Mapping[str, Any]) -> str:
    """The options that choose clients, for another command line."""
    parts = [f"--only {quote(key)}" for key in options["only"]]
    for key in ("target", "account", "reports", "templates"):
        if click.get_current_context().get_parameter_source(key) is click.core.ParameterSource.COMMANDLINE:
            parts.append(f"--{key} {quote(str(options[key]))}")
    return " ".join(parts)


@click.group("fleet", short_help="Many CRMs from one description.")
def fleet_() -> None:
    """Many CRMs from one description: CLIENTS is a clients.toml that names a common crm.toml and, for each client, what
    is different there."""


@fleet_command("plan", short_help="Show what `apply` would do to each client.")
def plan(asked: Asked) -> None:
    """Show what `apply` would do to each client, and change no CRM. Exit code 3: there is something to do."""
    _go(asked, "plan")


@fleet_command("apply", short_help="Make or change the CRM of each client.")
@click.option(
    "--yes", is_flag=True, help="Delete filled cells, and take access from people, where the description says so."
)
def apply_(asked: Asked, yes: bool) -> None:
    """Make or change the CRM of each client. One that fails stops no other; the next run goes on where it ended."""
    _go(asked, "apply", yes)


def _go(asked: Asked, what: str, yes: bool = False) -> None:
    from crm_builder import fleet
    from crm_builder.google import Budget

    found = fleet.load_fleet(asked.clients, asked.templates, asked.only)
    target = asked.target or (GOOGLE if asked.account else found.target or LOCAL)
    run = fleet.Run(
        found, asked.clock, yes=yes, target=target, account=asked.account or "", tell=fleet.seldom(progress)
    )
    if found.limits or target == GOOGLE:  # a local workspace has no limit of its own
        run.budget = Budget(found.limits, sleep=fleet.waiting(run.stop))
    folder = asked.reports or asked.clients.parent / "reports"
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
        jobs=asked.jobs,
        stop=run.stop,
        done=done,
        interrupted=lambda: progress("stopping: the requests under way are finished first"),
    )
    if asked.as_json:
        data = fleet.data(results, folder)
        for entry, one in zip(data["clients"], results, strict=True):
            entry |= beside_data(one.beside)
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        _tell(results, folder, asked, what)
    states = {one.state for one in results}
    sys.exit(FAILED if states & set(fleet.BROKEN) else CHANGES_PENDING if states & set(fleet.PENDING) else DONE)


def _tell(results: list[Result], folder: Path, asked: Asked, what: str) -> None:
    from crm_builder.fleet import PENDING, SIGNS, rows, told

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
    for keys, text in told(results):
        named = ", ".join(keys[:_NAMED]) + (f" and {len(keys) - _NAMED} more" if len(keys) > _NAMED else "")
        click.echo(click.style(f"  · {named}: {text}", fg="yellow"))
    for one in results:
        if one.reason:
            click.echo(click.style(f"  {one.client.key}: ", fg="red") + one.reason, err=True)
    if what == "plan" and states.keys() & set(PENDING):
        click.echo(f"  carry it out:  {asked.command('apply')}")
    if states["failed"] or states["stopped"] or states["not begun"]:
        click.echo(f"  go on with the rest:  {asked.command(what)}", err=True)


COMMANDS = (fleet_,)
