"""Keeping a CRM safe: undo, backup, restore."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from shlex import quote
from typing import Any

import click

from crm_builder.commands.change import json_option, opened, verbose_option, yes_option
from crm_builder.commands.common import (
    DONE,
    FAILED,
    clock_option,
    folder_option,
    progress,
    target_option,
    tells_errors,
    templates_option,
)
from crm_builder.commands.telling import call_data, call_lines, left_lines, plan_text, sign
from crm_builder.errors import CrmError

_DESCRIPTION = "crm.toml still describes the change: put crm.toml back, or `crm-builder plan` will show it again"
_NOT_KEPT = "formats, rules, charts and notes of people's own sheets and cells are not in it"


@click.command()
@folder_option
@target_option
@templates_option
@clock_option
@yes_option
@json_option
@verbose_option
@tells_errors
def undo(
    folder: Path,
    target: str,
    templates: Path | None,
    clock: datetime | None,
    yes: bool,
    as_json: bool,
    verbose: bool,
) -> None:
    """Take back the latest apply, repair or up. What people typed, sorted or changed since stays; what it deleted comes
    back with its values. Again: the one before."""
    from crm_builder import deploy
    from crm_builder import plan as plans
    from crm_builder.project import now_of

    with opened(folder, target, templates, clock) as (project, client, deployment):
        todo = deploy.prepare_undo(project, client, deployment)
        click.echo(f"  taking back: {todo.what} of {todo.when}", err=True)
        click.echo(plan_text(todo.shown, None), err=True)
        for line in todo.kept:
            click.echo(click.style(f"  ○ {line}", dim=True), err=True)
        if not _agreed(yes, "Take this back?"):
            sys.exit(FAILED)
        done = deploy.undo(project, client, deployment, todo, now=now_of(clock), tell=progress)
    applied = done.applied
    left = applied.left if applied else []
    if as_json:
        data: dict[str, Any] = plans.as_json(done.prepared.plan)
        data |= {"undone": done.names, "entered": done.entered, "kept_as_own": done.kept, "lost": done.lost}
        data |= {"left": left, "calls": [call_data(call) for call in client.calls]}
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        cells = f", {done.entered:,} cells are back" if done.entered else ""
        click.echo(f"{sign()} taken back: {done.what} of {done.when}{cells}")
        for line in done.lost:
            click.echo(click.style(f"  ! {line}", fg="yellow"))
        for line in left_lines(left):
            click.echo(line)
        click.echo(f"  {_DESCRIPTION}")
        if verbose:
            click.echo(call_lines(client.calls))
    sys.exit(FAILED if left else DONE)


@click.command()
@folder_option
@target_option
@templates_option
@clock_option
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write; in .crm/backups otherwise."
)
@json_option
@tells_errors
def backup(
    folder: Path, target: str, templates: Path | None, clock: datetime | None, output: Path | None, as_json: bool
) -> None:
    """Write everything into one file: structure, what was last applied, all values and formulas."""
    from crm_builder import deploy
    from crm_builder.project import now_of

    with opened(folder, target, templates, clock) as (project, client, deployment):
        made = deploy.backup(project, client, deployment, output, now_of(clock))
    if as_json:
        data = {"file": str(made.path), "cells": made.cells, "calls": [call_data(call) for call in client.calls]}
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
        return
    click.echo(f"{sign()} wrote {made.path}: {made.sheets} sheets, {made.cells:,} cells")
    click.echo(f"  {_NOT_KEPT}")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@folder_option
@target_option
@templates_option
@clock_option
@click.option("--new", "as_new", is_flag=True, help="Into a new spreadsheet, although there is a CRM.")
@click.option("--missing", is_flag=True, help="Only what is missing, into the CRM that is there.")
@yes_option
@json_option
@verbose_option
@tells_errors
def restore(
    file: Path,
    folder: Path,
    target: str,
    templates: Path | None,
    clock: datetime | None,
    as_new: bool,
    missing: bool,
    yes: bool,
    as_json: bool,
    verbose: bool,
) -> None:
    """Bring a backup back: into a new spreadsheet where there is no CRM (or with --new), or what is missing into the
    one that is there (--missing). Nothing that is there is ever overwritten."""
    if as_new and missing:
        raise click.UsageError("--new and --missing exclude each other")
    if missing:
        _restore_missing(file, folder, target, templates, clock, yes, as_json, verbose)
    else:
        _restore_new(file, folder, target, templates, clock, as_new, yes, as_json, verbose)


def _restore_new(
    file: Path,
    folder: Path,
    target: str,
    templates: Path | None,
    clock: datetime | None,
    as_new: bool,
    yes: bool,
    as_json: bool,
    verbose: bool,
) -> None:
    from crm_builder import deploy
    from crm_builder.google import Client
    from crm_builder.project import load_project, now_of
    from crm_builder.sheets import check_call

    todo = deploy.prepare_restore(file, folder, target, as_new)
    click.echo(
        f"  a new spreadsheet “{todo.snapshot.workbook.title}” as of {todo.snapshot.when}: {todo.sheets} sheets, "
        f"{todo.cells:,} cells",
        err=True,
    )
    for line in todo.notes:
        click.echo(click.style(f"  ! {line}", fg="yellow"), err=True)
    if not _agreed(yes, "Make it?"):
        sys.exit(FAILED)
    if todo.write_description():
        progress("writing crm.toml as it is in the backup")
    project = load_project(folder, templates)
    with deploy.open_target(folder, clock) as http:
        client = Client(http, check_call)
        done = deploy.restore(project, client, todo, now=now_of(clock), tell=progress)
    if as_json:
        data = {"spreadsheet_id": done.spreadsheet_id, "cells": todo.cells, "sheets": todo.sheets, "notes": todo.notes}
        data |= {"left": done.left, "calls": [call_data(call) for call in client.calls]}
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        click.echo(f"{sign()} restored: {todo.sheets} sheets, {todo.cells:,} cells")
        for line in left_lines(done.left):
            click.echo(line)
        click.echo(f"  {_NOT_KEPT}")
        click.echo(f"  look at it:  crm-builder open -C {quote(str(folder))}")
        if verbose:
            click.echo(call_lines(client.calls))
    sys.exit(FAILED if done.left else DONE)


def _restore_missing(
    file: Path,
    folder: Path,
    target: str,
    templates: Path | None,
    clock: datetime | None,
    yes: bool,
    as_json: bool,
    verbose: bool,
) -> None:
    from crm_builder import deploy
    from crm_builder.project import now_of

    with opened(folder, target, templates, clock) as (project, client, deployment):
        todo = deploy.prepare_missing(project, client, deployment, file)
        click.echo(plan_text(todo.prepared.plan, None), err=True)
        for line in todo.told:
            click.echo(f"  {line}", err=True)
        if todo.empty:
            click.echo(f"{sign()} nothing is missing")
            return
        if not _agreed(yes, "Bring it back?"):
            sys.exit(FAILED)
        done = deploy.restore_missing(project, client, deployment, todo, now=now_of(clock), tell=progress)
    if as_json:
        data = {"cells": done.cells, "rows": done.rows, "left": done.left, "lost": done.lost}
        click.echo(
            json.dumps(data | {"calls": [call_data(call) for call in client.calls]}, ensure_ascii=False, indent=1)
        )
    else:
        click.echo(f"{sign()} brought back: {sum(done.rows.values()):,} rows, {done.cells:,} cells in all")
        for line in [*done.lost, *left_lines(done.left)]:
            click.echo(f"  {line}")
        if verbose:
            click.echo(call_lines(client.calls))
    sys.exit(FAILED if done.left else DONE)


def _agreed(yes: bool, question: str) -> bool:
    """CrmError where nobody can be asked."""
    if yes:
        return True
    if not sys.stdin.isatty():
        raise CrmError("nothing was changed; say --yes to go on without being asked")
    if click.confirm(f"  {question}", err=True):
        return True
    click.echo("  nothing was changed", err=True)
    return False


COMMANDS = (undo, backup, restore)
