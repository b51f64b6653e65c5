"""Who the program acts for: login, logout."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crm_builder.commands.common import progress, tells_errors
from crm_builder.errors import CrmError, LoginError, RestError

if TYPE_CHECKING:
    from crm_builder.google import Account

_LADDER = {"sheet": "the spreadsheet and its sharing", "script": "the spreadsheet, its sharing and its menus"}


@click.command(short_help="Let crm-builder keep its own files in your Google Drive.")
@click.option("--account", metavar="NAME", help="A name for the login, where you have several.  [default: main]")
@click.option(
    "--credentials",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The downloaded file of your OAuth client; needed once.",
)
@click.option(
    "--scopes",
    type=click.Choice(list(_LADDER)),
    default="script",
    show_default=True,
    help="What is asked for: only its own spreadsheets, or their scripts too.",
)
@click.option("--no-browser", is_flag=True, help="Print an address to open elsewhere, and ask for what comes of it.")
@click.option("--list", "only_list", is_flag=True, help="Show who is logged in, and end.")
@click.option("--default", "default", metavar="NAME", help="Make this login the default, and end.")
@tells_errors
def login(
    account: str | None,
    credentials: Path | None,
    scopes: str,
    no_browser: bool,
    only_list: bool,
    default: str | None,
) -> None:
    """Let crm-builder make and change its own files in your Google Drive.

    The first time with --credentials FILE; without it the way to that file is told. Other files are never touched.
    """
    from crm_builder import google
    from crm_builder.google import logins
    from crm_builder.google.login import keep_client, load_client, log_in

    if only_list or default:
        if default:
            logins.choose(default)
        _show(google.accounts(), logins.damaged())
        return
    if credentials:
        click.echo(f"{_sign()} kept {keep_client(credentials)}; {credentials} is not needed any more")
    name = account or logins.chosen_name() or logins.FIRST
    wanted = google.SCRIPT if scopes == "script" else google.SHEET
    if root := google.endpoint():
        click.echo(f"  This is a trial: {root} stands in for Google, for CRM_BUILDER_GOOGLE_ENDPOINT says so.")
    if wanted == google.SHEET:
        click.echo("  Only the spreadsheet is asked for: it will have no menu.")
    made = log_in(
        load_client(),
        name,
        wanted,
        browser=not no_browser,
        tell=click.echo,
        ask=_ask,
    )
    path = logins.save(made)
    click.echo(f"{_sign()} logged in as `{name}`; kept in {path}, which only you can read")
    _look(name)
    if missing := wanted - frozenset(made.scopes):
        short = ", ".join(sorted(one.rpartition("/")[2] for one in missing))
        click.echo(f"  left unticked: {short}; what needs it is left out. `crm-builder login` asks again.")
    _which(google.accounts(), name)


@click.command()
@click.option("--account", metavar="NAME", help="Which login to end.  [default: the default one]")
@click.option("--only-here", is_flag=True, help="Forget it on this computer; others that use it stay logged in.")
@tells_errors
def logout(account: str | None, only_here: bool) -> None:
    """Take the permission back at Google, and forget it here. What was made stays in your Drive."""
    from crm_builder import google
    from crm_builder.google import logins
    from crm_builder.google.auth import CONNECTIONS, take_back

    name = logins.name_of(account)
    found = logins.read(name)
    taken = None
    if found is None:
        click.echo(f"What is kept of the login `{name}` is damaged, so Google is not asked.", err=True)
    elif not only_here:
        try:
            taken = take_back(found, progress)
        except CrmError as error:
            click.echo(f"Google could not be asked ({error}).", err=True)
    logins.remove(name)
    click.echo(f"{_sign()} the login `{name}` is forgotten on this computer")
    if taken and found:
        click.echo("  Its permission is taken back at Google, for every computer that used it.")
        for one in google.accounts():
            if one.mail == found.mail and logins.load(one.name).client_id == found.client_id:
                click.echo(f"  The login `{one.name}` was of the same Google account, so it may have ended too.")
    elif taken is False:
        click.echo("  Google knew nothing of it any more.")
    elif not only_here:
        click.echo(f"  Its permission still holds at Google: remove crm-builder at {CONNECTIONS}")
    rest = google.accounts()
    if len(rest) > 1 and not any(one.default for one in rest):
        names = ", ".join(one.name for one in rest)
        click.echo(f"  None of the others is the default ({names}): choose with `crm-builder login --default NAME`")


def _ask() -> str:
    try:
        return click.prompt("Address", default="", show_default=False, type=str) if sys.stdin else _nothing()
    except click.Abort:  # the end of the input
        click.echo()
        return _nothing()


def _nothing() -> str:
    raise LoginError("nothing was pasted; you are not logged in")


def _look(name: str) -> None:
    """Whose login it is, and whether Drive answers; what it says otherwise does not undo the login."""
    from crm_builder.google.auth import whose

    try:
        if mail := whose(name, progress):
            click.echo(f"  It is the account of {mail}.")
    except RestError as error:
        click.echo(click.style("  But: ", fg="yellow") + str(error))


def _which(found: list[Account], name: str) -> None:
    default = next((one.name for one in found if one.default), "")
    if default == name:
        click.echo("  Next:  crm-builder up --target google")
    else:
        click.echo(f"  The default stays `{default}`; use this one with --account {name}")
        click.echo(f"  or make it the default:  crm-builder login --default {name}")


def _show(found: list[Account], damaged: list[str]) -> None:
    for text in damaged:
        click.echo(text, err=True)
    if not found:
        click.echo("Nobody is logged in; run `crm-builder login`.")
        return
    width = max(len(one.name) for one in found)
    for one in found:
        scopes = ", ".join(sorted(scope.rpartition("/")[2] for scope in one.scopes))
        mark = "*" if one.default else " "
        click.echo(f"{mark} {one.name:<{width}}  {one.mail or '-'}  {one.made:%Y-%m-%d}  {scopes}")
    click.echo("  * the default")


def _sign() -> str:
    return click.style("✔", fg="green")


COMMANDS = (login, logout)
