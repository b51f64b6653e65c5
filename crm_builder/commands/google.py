"""The CRM and its account: doctor, open."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING, Any

import click

from crm_builder.commands.common import DONE, FAILED, Where, crm_command, write_files
from crm_builder.commands.telling import call_data, call_lines
from crm_builder.errors import LoginError

if TYPE_CHECKING:
    from crm_builder.deploy.doctor import Facts, Finding
    from crm_builder.google import Account, Call

_SIGNS: dict[str, tuple[str, dict[str, Any]]] = {
    "ok": ("✔", {"fg": "green"}),
    "note": ("·", {"fg": "cyan"}),
    "warning": ("!", {"fg": "yellow"}),
    "error": ("✘", {"fg": "red"}),
}


@crm_command(
    "doctor", needs_login=False, short_help="Look at every part of the CRM and of the way to it, and say what to do."
)
def doctor(where: Where, as_json: bool, verbose: bool) -> None:
    """Look at every part of the CRM and of the way to it, and say what is wrong and what to do. Nothing is changed.

    \b
    ✔  as it should be
    ·  nothing is wrong, but worth knowing
    !  it works, and yet not as crm.toml says, or not for long
    ✘  a part of the CRM does not work; only then the exit code is 1
    """
    from crm_builder.deploy import doctor as examination

    facts, calls = _facts(where)
    found = examination.findings(facts)
    worst = examination.worst(found)
    if as_json:
        told = {"target": where.target, "worst": worst, "findings": [one.data() for one in found]}
        click.echo(json.dumps(told | {"calls": [call_data(call) for call in calls]}, ensure_ascii=False, indent=1))
    else:
        for line in _lines(found, where):
            click.echo(line)
        if verbose:
            click.echo(call_lines(calls))
    sys.exit(FAILED if worst == "error" else DONE)


def _facts(where: Where) -> tuple[Facts, list[Call]]:
    from crm_builder import deployment
    from crm_builder.deploy import doctor as examination
    from crm_builder.google import Client
    from crm_builder.project import now_of
    from crm_builder.sheets import check_call

    project, now = where.project(), now_of(where.clock)
    found = deployment.load(where.folder, where.target)
    if found is not None and not found.spreadsheet_id:
        found = None
    if found is None and where.target == deployment.LOCAL:
        return examination.bare(project, None, now), []
    try:
        account = _account(where.account or (found.account if found else "")) if where.target != "local" else None
        with where.answering() as http:
            client = Client(http, check_call)
            return examination.gather(project, client, found, account, now), client.calls
    except LoginError as error:
        return examination.bare(project, error, now), []


def _account(name: str) -> Account:
    """LoginError where nobody is logged in, or nobody of that name."""
    from crm_builder.google import accounts

    known = accounts()
    found = next((one for one in known if one.name == name or (not name and one.default)), None)
    if found is None:
        who = f"the account `{name}` is not" if name else "no account is"
        raise LoginError(f"{who} logged in; run `crm-builder login`")
    return found


def _lines(found: list[Finding], where: Where) -> list[str]:
    width = max(len(one.check) for one in found)
    lines = []
    former = ""
    for one in found:
        sign, style = _SIGNS[one.level]
        name = "" if one.check == former else one.check  # several findings of one check read as one
        former = one.check
        lines.append(f"  {click.style(sign, **style)} {name:<{width}}  {one.text}")
        if one.todo:
            lines.append(f"    {'':<{width}}  {click.style(f'→ {_typed(one.todo, where)}', dim=True)}")
    return lines


def _typed(todo: str, where: Where) -> str:
    """The commands in it as they are to be typed for this CRM."""
    return re.sub(r"crm-builder (?!login)([a-z]+)", lambda match: where.command(match[1]), todo)


@crm_command(
    "open", machine=False, verbose=False, needs_login=False, short_help="Show the CRM as it stands, in the browser."
)
@click.option("--print", "only_print", is_flag=True, help="Print where it is instead of opening it.")
def open_(where: Where, only_print: bool) -> None:
    """Show the CRM as it stands, in the browser: the spreadsheet itself at Google, a page of it for a local one."""
    from crm_builder import deploy
    from crm_builder.deployment import LOCAL, home
    from crm_builder.google import endpoint

    found = where.deployment()
    if where.target == LOCAL:
        with where.answering() as http:
            pages = deploy.look(where.project(), http, found.spreadsheet_id)
        page = write_files(home(where.folder) / "preview", pages)
        shown, address = str(page), page.as_uri()
    else:
        shown = address = f"https://docs.google.com/spreadsheets/d/{found.spreadsheet_id}/edit"
    click.echo(shown)
    if where.target != LOCAL and endpoint():
        click.echo(f"  a trial at {endpoint()}: the link opens nothing", err=True)
        only_print = True
    if not only_print:
        click.launch(address)


COMMANDS = (doctor, open_)
