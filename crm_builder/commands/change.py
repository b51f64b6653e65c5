"""Changing a CRM that is there: plan, apply, status, repair."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from crm_builder.commands.beside import beside_data, beside_lines, script_options, ways
from crm_builder.commands.common import CHANGES_PENDING, DONE, FAILED, Where, crm_command, progress
from crm_builder.commands.telling import (
    call_data,
    call_lines,
    is_terminal,
    left_lines,
    plan_text,
    sign,
    status_lines,
    told_lines,
)
from crm_builder.errors import CrmError

if TYPE_CHECKING:
    from crm_builder.deploy import Prepared
    from crm_builder.deployment import Deployment
    from crm_builder.google import Client
    from crm_builder.project import Project


class Digest(click.ParamType):
    name = "digest"

    def convert(self, value: Any, param: Any, ctx: Any) -> str:
        if not re.fullmatch(r"[0-9a-f]{16}", value):
            self.fail(f"`{value}` is no digest; `crm-builder plan` shows one at its end: 16 of 0-9, a-f", param, ctx)
        return str(value)


@crm_command("plan", short_help="Show what `apply` would change.")
@click.option("--markdown", "as_markdown", is_flag=True, help="The plan as Markdown.")
@click.option("--requests", "as_requests", is_flag=True, help="Exactly the requests that `apply` would send, as JSON.")
@script_options
def plan(where: Where, as_json: bool, as_markdown: bool, as_requests: bool, verbose: bool, **script: Any) -> None:
    """Show what `apply` would change, and change nothing. Exit code 3: there is something to do."""
    from crm_builder import plan as plans
    from crm_builder.deploy import cells_that_stay, prepare

    with where.opened() as (project, client, deployment):
        tell_interrupted(project, where)
        prepared = prepare(project, client, deployment, ways=ways(**script))
        stays = None if prepared.plan.empty or as_requests else cells_that_stay(client, deployment, prepared)
    found = prepared.plan
    if as_requests:
        batches = [{"requests": batch} for batch in prepared.batches]
        click.echo(json.dumps(batches, ensure_ascii=False, indent=1))
    elif as_json:
        data = plans.as_json(found, stays) | beside_data(prepared.beside)
        data |= {"calls": [call_data(call) for call in client.calls]}
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
    elif as_markdown:
        words = project.rendered.context.words.get("plan")
        click.echo(plans.markdown(found, stays, words=words), nl=False)
    else:
        _show(prepared, stays, verbose, err=False)
        if verbose:
            click.echo(call_lines(client.calls))
        if prepared.changes:
            click.echo(f"  carry out exactly this:  {where.command('apply', f'--digest {found.digest}')}")
    sys.exit(CHANGES_PENDING if prepared.changes or found.refusals else DONE)


def _show(prepared: Prepared, stays: int | None, verbose: bool, *, err: bool, assure: bool = True) -> None:
    """A plan for people, with what it does beside the workbook."""
    beside = beside_lines(prepared.beside, verbose)
    if not (beside and prepared.plan.empty and not prepared.plan.drift):
        click.echo(plan_text(prepared.plan, stays, whole=verbose, assure=assure, err=err), err=err)
    for line in beside:
        click.echo(line, err=err)


@crm_command("apply", asks=True, short_help="Carry out the plan, and nothing else.")
@click.option(
    "--digest", type=Digest(), help="Carry out only the plan with this digest; stop if it has become another."
)
@script_options
def apply_(where: Where, digest: str | None, yes: bool, as_json: bool, verbose: bool, **script: Any) -> None:
    """Carry out the plan: show it, keep a snapshot, change that and nothing else."""
    from crm_builder.deploy import prepare

    said = ways(**script)

    def look(project: Project, client: Client, deployment: Deployment) -> Prepared:
        return prepare(project, client, deployment, ways=said)

    _carry_out(where, "apply", look, yes=yes, as_json=as_json, verbose=verbose, digest=digest)


@crm_command("status", short_help="What people changed, what is broken, what is pending.")
def status(where: Where, as_json: bool, verbose: bool) -> None:
    """Tell how the CRM stands beside crm.toml: what people changed, what is broken, what is pending.

    What people changed on purpose is fine. Exit code 3: something is pending or broken."""
    from crm_builder import plan as plans
    from crm_builder.deploy import examine
    from crm_builder.deploy.doctor_state import asked_lines, state_lines
    from crm_builder.project import now_of

    with where.opened() as (project, client, deployment):
        health = examine(project, client, deployment)
        metadata, number = health.seen.state.get("developerMetadata", ()), deployment.spreadsheet_id
        found = state_lines(project, number, metadata, now_of(where.clock))
        found += asked_lines(project, client, number, metadata)
    well = health.well and all(one.level in ("ok", "note") for one in found)
    if as_json:
        data = plans.as_json(health.told) | {"well": well, "damage": health.damage_data()}
        data |= {"findings": [one.data() for one in found]}
        calls = {"calls": [call_data(call) for call in client.calls]}
        click.echo(json.dumps(data | calls, ensure_ascii=False, indent=1))
    else:
        lines = status_lines(health, where, verbose)
        for one in found:
            way = f": {one.todo}" if one.todo else ""
            said = f"{'!' if one.level in ('warning', 'error') else ' '} {one.check}: {one.text}{way}"
            lines.append(click.style(said, dim=one.level == "ok", fg=None if one.level in ("ok", "note") else "yellow"))
        click.echo("\n".join(lines))
    sys.exit(DONE if well else CHANGES_PENDING)


@crm_command("repair", asks=True, short_help="Mend what is broken, or put back what people changed.")
@click.argument("things", nargs=-1, metavar="[THING]...")
@click.option("--all", "everything", is_flag=True, help="All that people changed of what is ours, on purpose or not.")
def repair(where: Where, things: tuple[str, ...], everything: bool, yes: bool, as_json: bool, verbose: bool) -> None:
    """Mend what is broken: rules in pieces, lost dropdowns and names, formulas typed over, deleted helper sheets.

    What people changed on purpose stays, such as titles, widths, colours and the order of columns, unless it is named:
    with a THING such as `customers`, `customers.email` or `"board.chart trend"` exactly that is brought back to what
    was applied last, a sheet with all that stands on it. Rows that people typed stay."""
    from crm_builder.deploy import prepare_repair

    if things and everything:
        raise click.UsageError("name the things, or say --all")

    def look(project: Project, client: Client, deployment: Deployment) -> Prepared:
        return prepare_repair(project, client, deployment, things, everything)

    _carry_out(where, "repair", look, yes=yes, as_json=as_json, verbose=verbose)


def tell_interrupted(project: Project, where: Where) -> None:
    """Says where the latest change did not come to its end."""
    from crm_builder.deploy import journal

    entry = journal.interrupted(project.home)
    if entry is None:
        return
    what, when = entry["what"], entry["when"]
    way = (
        f"`{where.command(what)}` again finishes it"
        if what in ("undo", "restore")
        else "what is left of it follows here"
    )
    click.echo(f"  the {what} of {when} was interrupted; {way}", err=True)


def agreed(prepared: Prepared, yes: bool, look: Callable[[], Prepared], verbose: bool = False) -> bool:
    """Shows the plan; asks only where something with people's data in it goes. `look` makes the plan once more.

    CrmError where nobody can be asked; StaleError where the sheet changed while somebody was asked.
    """
    from crm_builder.deploy import StaleError, check_digest

    _show(prepared, None, verbose, err=True)
    cells, leaving = _going(prepared), _leaving(prepared)
    if yes or not (cells or leaving):
        return True
    words = f"{cells:,} cell{'s' if cells != 1 else ''} that people filled will be emptied" if cells else ""
    people = f"{', '.join(leaving)} will lose access" if leaving else ""
    told = "; ".join(part for part in (words, people) if part)
    if not is_terminal(sys.stdin):
        raise CrmError(f"{told}; nothing was changed, say --yes if that is meant")
    kept = " A snapshot keeps what is there." if cells else ""
    if not click.confirm(f"  {told}.{kept} Go on?", err=True):
        click.echo("  nothing was changed", err=True)
        return False
    again = look()  # an answer may take minutes, and what was agreed to is what was shown
    check_digest(again, prepared.plan.digest)
    if _going(again) != cells:
        raise StaleError(
            f"people typed meanwhile: it is {_going(again):,} cells now; nothing was changed, run it again"
        )
    return True


def _leaving(prepared: Prepared) -> list[str]:
    """Who would lose access."""
    return prepared.beside.leaving if prepared.beside else []


def _going(prepared: Prepared) -> int:
    """How many cells that people filled a plan empties."""
    from crm_builder.plan import Delete, Mend

    changes = prepared.plan.changes
    return sum(
        one.cells for one in changes if isinstance(one, Delete) or (isinstance(one, Mend) and one.what == "clear")
    )


def _carry_out(
    where: Where,
    what: str,
    look: Callable[[Project, Client, Deployment], Prepared],
    *,
    yes: bool,
    as_json: bool,
    verbose: bool,
    digest: str | None = None,
) -> None:
    from crm_builder import deploy
    from crm_builder.plan import as_json as plan_data
    from crm_builder.project import now_of

    with where.opened() as (project, client, deployment):
        tell_interrupted(project, where)
        prepared = look(project, client, deployment)
        deploy.check_digest(prepared, digest)
        if prepared.pending and not agreed(prepared, yes, lambda: look(project, client, deployment), verbose):
            sys.exit(CHANGES_PENDING)
        asked = not yes and bool(_going(prepared) or _leaving(prepared))
        done = deploy.apply(
            project, client, deployment, prepared, now=now_of(where.clock), tell=progress, what=what, asked=asked
        )
    plan = prepared.plan
    if as_json:
        data: dict[str, Any] = plan_data(plan)
        data |= {"snapshot": str(done.snapshot) if done.snapshot else None, "left": done.left}
        data |= beside_data(prepared.beside) | {"told": list(done.told)}
        data |= {"calls": [call_data(call) for call in client.calls]}
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        if plan.refusals and not prepared.pending:
            click.echo(plan_text(plan, whole=verbose, assure=False, err=True), err=True)
        made = f"{prepared.changes:,} change{'s' if prepared.changes != 1 else ''} made"
        nothing = "  nothing was changed" if plan.refusals else f"{sign()} nothing to do"
        click.echo(f"{sign()} {made}" if prepared.changes else nothing)
        for line in told_lines(done.told):
            click.echo(line)
        if done.snapshot:
            click.echo(f"  how it was before: {done.snapshot}; `{where.command('undo')}` goes back")
        if prepared.batches:
            click.echo(f"  look at it:  {where.command('open')}")
        for line in left_lines(done.left, where.command("plan")):
            click.echo(line)
        if verbose:
            click.echo(call_lines(client.calls))
    if done.left:
        sys.exit(FAILED)
    sys.exit(CHANGES_PENDING if plan.refusals else DONE)


COMMANDS = (plan, apply_, status, repair)
