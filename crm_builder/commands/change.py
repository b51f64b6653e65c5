"""Changing a CRM that is there: plan, apply, status, repair."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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
    folder_option,
    progress,
    target_option,
    tells_errors,
    templates_option,
)
from crm_builder.commands.telling import call_data, call_lines, left_lines, plan_text, sign
from crm_builder.errors import CrmError

if TYPE_CHECKING:
    from crm_builder.deploy import Prepared
    from crm_builder.deployment import Deployment
    from crm_builder.google import Client
    from crm_builder.project import Project

yes_option = click.option("--yes", is_flag=True, help="Do not ask.")
json_option = click.option("--json", "as_json", is_flag=True, help="Report for machines, on standard output.")
verbose_option = click.option("-v", "--verbose", is_flag=True, help="Show every REST call with its size and time.")


@click.command()
@folder_option
@target_option
@templates_option
@clock_option
@json_option
@click.option("--markdown", "as_markdown", is_flag=True, help="The plan as Markdown.")
@click.option("--requests", "as_requests", is_flag=True, help="Exactly the requests that `apply` would send, as JSON.")
@verbose_option
@tells_errors
def plan(
    folder: Path,
    target: str,
    templates: Path | None,
    clock: datetime | None,
    as_json: bool,
    as_markdown: bool,
    as_requests: bool,
    verbose: bool,
) -> None:
    """Show what `apply` would change, and change nothing. Exit code 3: there is something to do."""
    from crm_builder import plan as plans
    from crm_builder.deploy import cells_that_stay, prepare

    with opened(folder, target, templates, clock) as (project, client, deployment):
        tell_interrupted(project.folder)
        prepared = prepare(project, client, deployment)
        stays = None if prepared.plan.empty or as_requests else cells_that_stay(client, deployment, prepared)
    found = prepared.plan
    if as_requests:
        batches = [{"requests": batch} for batch in prepared.batches]
        click.echo(json.dumps(batches, ensure_ascii=False, indent=1))
    elif as_json:
        data = plans.as_json(found, stays) | {"calls": [call_data(call) for call in client.calls]}
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
    elif as_markdown:
        click.echo(plans.markdown(found, stays), nl=False)
    else:
        click.echo(plan_text(found, stays))
        if verbose:
            click.echo(call_lines(client.calls))
        if found.changes:
            click.echo(f"  carry out exactly this:  crm-builder apply -C {quote(str(folder))} --digest {found.digest}")
    sys.exit(DONE if found.empty else CHANGES_PENDING)


@click.command("apply")
@folder_option
@target_option
@templates_option
@clock_option
@click.option("--digest", help="Carry out only the plan with this digest; stop if it has become another.")
@yes_option
@json_option
@verbose_option
@tells_errors
def apply_(
    folder: Path,
    target: str,
    templates: Path | None,
    clock: datetime | None,
    digest: str | None,
    yes: bool,
    as_json: bool,
    verbose: bool,
) -> None:
    """Carry out the plan: show it, keep a snapshot, change that and nothing else."""
    from crm_builder.deploy import prepare

    with opened(folder, target, templates, clock) as (project, client, deployment):
        tell_interrupted(project.folder)
        prepared = prepare(project, client, deployment)
        _carry_out(project, client, deployment, prepared, clock, digest, yes, as_json, verbose, "apply")


@click.command()
@folder_option
@target_option
@templates_option
@clock_option
@json_option
@tells_errors
def status(folder: Path, target: str, templates: Path | None, clock: datetime | None, as_json: bool) -> None:
    """Tell how the CRM stands beside crm.toml: what people changed, what is broken, what is pending.

    What people changed on purpose is fine. Exit code 3: something is pending or broken."""
    from crm_builder import plan as plans
    from crm_builder.deploy import examine

    with opened(folder, target, templates, clock) as (project, client, deployment):
        health = examine(project, client, deployment)
    if as_json:
        data = plans.as_json(health.told) | {"well": health.well, "damage": health.damage_data()}
        calls = {"calls": [call_data(call) for call in client.calls]}
        click.echo(json.dumps(data | calls, ensure_ascii=False, indent=1))
    else:
        told = health.told
        if not told.empty or told.drift or not health.damage:
            click.echo(plan_text(told, None))
        for line in health.damage_lines():
            click.echo(click.style(f"  ! {line}", fg="yellow"))
        if health.damage:
            click.echo(f"  mend it:  crm-builder repair -C {quote(str(folder))}")
        if not told.empty:
            click.echo(f"  carry it out:  crm-builder apply -C {quote(str(folder))}")
    sys.exit(DONE if health.well else CHANGES_PENDING)


@click.command()
@folder_option
@target_option
@templates_option
@clock_option
@click.argument("things", nargs=-1, metavar="[THING]...")
@click.option("--all", "everything", is_flag=True, help="All that people changed of what is ours, on purpose or not.")
@yes_option
@json_option
@verbose_option
@tells_errors
def repair(
    folder: Path,
    target: str,
    templates: Path | None,
    clock: datetime | None,
    things: tuple[str, ...],
    everything: bool,
    yes: bool,
    as_json: bool,
    verbose: bool,
) -> None:
    """Mend what is broken: rules in pieces, lost dropdowns and names, formulas typed over, deleted helper sheets.

    What people changed on purpose stays, such as titles, widths, colours and the order of columns, unless it is named:
    with a THING such as `customers`, `customers.email` or `"board.chart trend"` exactly that is brought back to what
    was applied last, a sheet with all that stands on it. Rows that people typed stay."""
    from crm_builder.deploy import prepare_repair

    if things and everything:
        raise click.UsageError("name the things, or say --all")

    with opened(folder, target, templates, clock) as (project, client, deployment):
        prepared = prepare_repair(project, client, deployment, things, everything)
        _carry_out(project, client, deployment, prepared, clock, None, yes, as_json, verbose, "repair")


@contextmanager
def opened(
    folder: Path, target: str, templates: Path | None, clock: datetime | None
) -> Iterator[tuple[Project, Client, Deployment]]:
    """The CRM of a folder. CrmError where there is none yet."""
    from crm_builder import deploy, deployment
    from crm_builder.google import Client
    from crm_builder.project import load_project
    from crm_builder.sheets import check_call

    project = load_project(folder, templates)
    found = deployment.load(folder, target)
    if found is None or not found.spreadsheet_id:
        raise CrmError(f"there is no CRM in {folder.resolve()} yet; run `crm-builder up -C {quote(str(folder))}`")
    with deploy.open_target(folder, clock) as http:
        yield project, Client(http, check_call), found


def tell_interrupted(folder: Path) -> None:
    """Says where the latest change did not come to its end."""
    from crm_builder.deploy import journal

    entry = journal.interrupted(folder)
    if entry is None:
        return
    what, when = entry["what"], entry["when"]
    way = (
        f"`crm-builder {what}` again finishes it" if what in ("undo", "restore") else "what is left of it follows here"
    )
    click.echo(f"  the {what} of {when} was interrupted; {way}", err=True)


def agreed(prepared: Prepared, yes: bool) -> bool:
    """Shows the plan; asks only where something with people's data in it goes. CrmError where nobody can be asked."""
    from crm_builder.plan import Delete, Mend

    click.echo(plan_text(prepared.plan, None), err=True)
    going = [
        change
        for change in prepared.plan.changes
        if isinstance(change, Delete) or (isinstance(change, Mend) and change.what == "clear")
    ]
    cells = sum(change.cells for change in going)
    if yes or not cells:
        return True
    words = f"{cells} cell{'s' if cells != 1 else ''} that people filled"
    if not sys.stdin.isatty():
        raise CrmError(f"{words} would be emptied; say --yes if that is meant")
    return click.confirm(f"  {words} will be emptied. A snapshot keeps what is there. Go on?", err=True)


def _carry_out(
    project: Project,
    client: Client,
    deployment: Deployment,
    prepared: Prepared,
    clock: datetime | None,
    digest: str | None,
    yes: bool,
    as_json: bool,
    verbose: bool,
    what: str,
) -> None:
    from crm_builder import deploy
    from crm_builder.plan import as_json as plan_data
    from crm_builder.project import now_of

    deploy.check_digest(prepared, digest)
    if prepared.batches and not agreed(prepared, yes):
        click.echo("  nothing was changed", err=True)
        sys.exit(FAILED)
    done = deploy.apply(project, client, deployment, prepared, now=now_of(clock), tell=progress, what=what)
    if as_json:
        data: dict[str, Any] = plan_data(prepared.plan)
        data |= {"snapshot": str(done.snapshot) if done.snapshot else None, "left": done.left}
        click.echo(
            json.dumps(data | {"calls": [call_data(call) for call in client.calls]}, ensure_ascii=False, indent=1)
        )
    else:
        changes = len(prepared.plan.changes)
        text = f"{changes} change{'s' if changes != 1 else ''} made" if changes else "nothing to do"
        click.echo(f"{sign()} {text}")
        if done.snapshot:
            click.echo(
                f"  how it was before: {done.snapshot}; `crm-builder undo -C {quote(str(project.folder))}` goes back"
            )
        if prepared.batches:
            click.echo(f"  look at it:  crm-builder open -C {quote(str(project.folder))}")
        for line in left_lines(done.left):
            click.echo(line)
        if verbose:
            click.echo(call_lines(client.calls))
    if done.left:
        sys.exit(FAILED)
    sys.exit(CHANGES_PENDING if prepared.plan.refusals else DONE)


COMMANDS = (plan, apply_, status, repair)
