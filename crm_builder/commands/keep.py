"""Keeping a CRM safe: undo, backup, restore."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crm_builder.commands.common import CHANGES_PENDING, DONE, FAILED, Where, crm_command, progress
from crm_builder.commands.telling import call_data, call_lines, is_terminal, left_lines, plan_text, sign
from crm_builder.errors import CrmError

if TYPE_CHECKING:
    from crm_builder.google import Client

_DESCRIPTION = "crm.toml still describes the change: put crm.toml back, or `{}` will show it again"
_NOT_KEPT = "formats, rules, charts and notes of people's own sheets and cells are not in it"


@crm_command("undo", asks=True, short_help="Take back the latest apply, repair or up.")
def undo(where: Where, yes: bool, as_json: bool, verbose: bool) -> None:
    """Take back the latest apply, repair or up. What people typed, sorted or changed since stays; what it deleted or
    emptied comes back with its values. Again: the one before."""
    from crm_builder import deploy
    from crm_builder.plan import as_json as plan_data
    from crm_builder.plan.words import count
    from crm_builder.project import now_of

    with where.opened() as (project, client, deployment):
        todo = deploy.prepare_undo(project, client, deployment)
        click.echo(f"  taking back: {todo.what} of {todo.when}", err=True)
        if todo.shown.changes or not todo.emptied:
            click.echo(plan_text(todo.shown, whole=verbose, assure=False, err=True), err=True)
        if todo.emptied:
            click.echo(f"  + {count(todo.emptied, 'cell')} that it emptied: what was in there", err=True)
        for line in todo.kept:
            click.echo(click.style(f"  ○ {line}", dim=True), err=True)
        _ask(yes, "Take this back?")
        done = deploy.undo(project, client, deployment, todo, now=now_of(where.clock), tell=progress)
    left = done.applied.left if done.applied else []
    data = plan_data(done.prepared.plan) | {"undone": done.names, "entered": done.entered}
    cells = f", {count(done.entered, 'cell')} entered again" if done.entered else ""
    lines = [
        f"{sign()} taken back: {done.what} of {done.when}{cells}",
        *_lost(done.lost, done.names),
        *left_lines(left, where.command("plan")),
    ]
    data |= {"kept_as_own": done.kept, "lost": done.lost, "left": left}
    _finish([*lines, f"  {_DESCRIPTION.format(where.command('plan'))}"], data, client, as_json, verbose)
    sys.exit(FAILED if left else DONE)


def _lost(lost: Sequence[str], files: Sequence[str]) -> list[str]:
    """What could not be put back, and where it is."""
    lines = [click.style(f"  ! {line}", fg="yellow") for line in lost]
    return [*lines, f"  all that was there before is in {', '.join(files)}"] if lines else []


@crm_command("backup", verbose=False, short_help="Write everything into one file.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write; in .crm/backups otherwise."
)
def backup(where: Where, output: Path | None, as_json: bool) -> None:
    """Write everything into one file: structure, what was last applied, all values and formulas."""
    from crm_builder import deploy
    from crm_builder.project import now_of

    with where.opened() as (project, client, deployment):
        made = deploy.backup(project, client, deployment, output, now_of(where.clock))
    lines = [f"{sign()} wrote {made.path}: {made.sheets} sheets, {made.cells:,} cells", f"  {_NOT_KEPT}"]
    _finish(lines, {"file": str(made.path), "cells": made.cells}, client, as_json)


@crm_command("restore", asks=True, short_help="Bring a backup back.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--new", "as_new", is_flag=True, help="Into a new spreadsheet, although there is a CRM.")
@click.option("--missing", is_flag=True, help="Only what is missing, into the CRM that is there.")
@click.option("--from-another", is_flag=True, help="With --missing: the backup may be of another CRM.")
def restore(
    where: Where,
    file: Path,
    as_new: bool,
    missing: bool,
    from_another: bool,
    yes: bool,
    as_json: bool,
    verbose: bool,
) -> None:
    """Bring a backup back: into a new spreadsheet where there is no CRM (or with --new), or what is missing into the
    one that is there (--missing). Nothing that is there is ever overwritten."""
    if as_new and missing:
        raise click.UsageError("--new and --missing exclude each other")
    if from_another and not missing:
        raise click.UsageError("--from-another goes with --missing")
    if missing:
        _restore_missing(where, file, from_another, yes, as_json, verbose)
    else:
        _restore_new(where, file, as_new, yes, as_json, verbose)


def _restore_new(where: Where, file: Path, as_new: bool, yes: bool, as_json: bool, verbose: bool) -> None:
    from crm_builder import deploy
    from crm_builder.google import Client
    from crm_builder.project import now_of
    from crm_builder.sheets import check_call

    todo = deploy.prepare_restore(file, where.folder, where.target, as_new, where.account or "")
    click.echo(
        f"  a new spreadsheet “{todo.snapshot.workbook.title}” as of {todo.snapshot.when}: {todo.sheets} sheets, "
        f"{todo.cells:,} cells",
        err=True,
    )
    for line in todo.notes:
        click.echo(click.style(f"  ! {line}", fg="yellow"), err=True)
    _ask(yes, "Make it?")
    if todo.write_description():
        progress("writing crm.toml as it is in the backup")
    project = where.project()
    with where.answering() as http:
        client = Client(http, check_call)
        done = deploy.restore(project, client, todo, now=now_of(where.clock), tell=progress)
    plan = where.command("plan")
    lines = [f"{sign()} restored: {todo.sheets} sheets, {todo.cells:,} cells", *left_lines(done.left, plan)]
    lines += [f"  {_NOT_KEPT}", f"  look at it:  {where.command('open')}"]
    data = {"spreadsheet_id": done.spreadsheet_id, "cells": todo.cells, "sheets": todo.sheets, "notes": todo.notes}
    _finish(lines, data | {"left": done.left}, client, as_json, verbose)
    sys.exit(FAILED if done.left else DONE)


def _restore_missing(where: Where, file: Path, from_another: bool, yes: bool, as_json: bool, verbose: bool) -> None:
    from crm_builder import deploy
    from crm_builder.plan.words import count
    from crm_builder.project import now_of

    with where.opened() as (project, client, deployment):
        todo = deploy.prepare_missing(project, client, deployment, file, from_another)
        if not todo.empty:
            click.echo(plan_text(todo.prepared.plan, whole=verbose, assure=False, err=True), err=True)
        for line in todo.told:
            click.echo(f"  {line}", err=True)
        if not todo.empty:
            _ask(yes, "Bring it back?")
        deploy.restore_missing(project, client, deployment, todo, now=now_of(where.clock), tell=progress)
    rows = count(sum(todo.rows.values()), "row")
    head = "nothing is missing" if todo.empty else f"brought back: {rows}, {count(todo.cells, 'cell')} in all"
    lines = [f"{sign()} {head}", *_lost(todo.lost, [str(file)]), *left_lines(todo.left, where.command("plan"))]
    data = {"cells": todo.cells, "rows": todo.rows, "left": todo.left, "lost": todo.lost}
    _finish(lines, data, client, as_json, verbose)
    sys.exit(FAILED if todo.left else DONE)


def _ask(yes: bool, question: str) -> None:
    """Goes on where that is agreed to. CrmError where nobody can be asked."""
    if yes:
        return
    if not is_terminal(sys.stdin):
        raise CrmError("nothing was changed; say --yes to go on without being asked")
    if not click.confirm(f"  {question}", err=True):
        click.echo("  nothing was changed", err=True)
        sys.exit(CHANGES_PENDING)


def _finish(
    lines: Sequence[str], data: Mapping[str, Any], client: Client, as_json: bool, verbose: bool = False
) -> None:
    """Tells people the lines, or machines the data."""
    if as_json:
        calls = {"calls": [call_data(call) for call in client.calls]}
        click.echo(json.dumps({**data, **calls}, ensure_ascii=False, indent=1))
        return
    click.echo("\n".join(lines))
    if verbose:
        click.echo(call_lines(client.calls))


COMMANDS = (undo, backup, restore)
