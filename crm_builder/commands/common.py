"""What every command shares: options, the CRM that it is about, exit codes, how errors and progress are told."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import click

from crm_builder.deployment import LOCAL, TARGETS
from crm_builder.errors import CrmError, LoginError, ProblemsError

if TYPE_CHECKING:
    from crm_builder.deployment import Deployment
    from crm_builder.google import Client
    from crm_builder.project import Project

DONE, FAILED, CHANGES_PENDING = 0, 1, 3  # 2 is click's own for wrong usage
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)  # writing to a file that is open names no file


class Time(click.ParamType):
    name = "time"

    def convert(self, value: Any, param: Any, ctx: Any) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"`{value}` is no time such as 2026-11-22T09:00+01:00", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


folder_option = click.option(
    "-C",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=".",
    help="Folder of crm.toml.  [default: .]",
)
target_option = click.option(
    "--target",
    type=click.Choice(TARGETS),
    help="Where the CRM lives.  [default: where it is; for a new one google if you are logged in, else local]",
)
account_option = click.option(
    "--account", metavar="NAME", help="The Google account, by the name it was logged in with."
)
templates_option = click.option(
    "--templates",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    envvar="CRM_BUILDER_TEMPLATES",
    help="A templates folder of your own; the shipped one otherwise.",
)
clock_option = click.option(
    "--clock",
    type=Time(),
    envvar="CRM_BUILDER_CLOCK",
    help="The time it is taken to be; the computer's own otherwise.",
)
yes_option = click.option("--yes", is_flag=True, help="Do not ask.")
json_option = click.option("--json", "as_json", is_flag=True, help="Report for machines, on standard output.")
verbose_option = click.option("-v", "--verbose", is_flag=True, help="Tell all, every REST call included.")


@dataclass(frozen=True, slots=True)
class Where:
    """The CRM that a command is about. `typed`: the options that name it, as somebody typed them."""

    folder: Path
    target: str = LOCAL
    account: str = ""  # of Google, by its name
    templates: Path | None = None
    clock: datetime | None = None
    typed: str = ""

    def command(self, name: str, rest: str = "") -> str:
        """`crm-builder undo -C my-crm`: what to type next for the same CRM."""
        return " ".join(part for part in ("crm-builder", name, self.typed, rest) if part)

    def project(self) -> Project:
        from crm_builder.project import load_project

        return load_project(self.folder, self.templates).on(self.target, self.account)

    def deployment(self) -> Deployment:
        """CrmError where there is no CRM yet."""
        from crm_builder import deployment

        found = deployment.load(self.folder, self.target)
        if found is None or not found.spreadsheet_id:
            raise CrmError(f"there is no CRM in {self.folder.resolve()} yet; run `{self.command('up')}`")
        return found

    def answering(self) -> Any:
        """The http object that answers for this CRM, as a context manager."""
        from crm_builder import deploy

        return deploy.open_target(self.folder, self.clock, self.target, self.account, progress)

    @contextmanager
    def opened(self) -> Iterator[tuple[Project, Client, Deployment]]:
        """A CRM that is there, ready to be looked at and changed."""
        from crm_builder.google import Client
        from crm_builder.sheets import check_call

        project = self.project()
        found = self.deployment()
        with self.answering() as http:
            yield project, Client(http, check_call), found


def crm_command(
    name: str,
    *,
    asks: bool = False,
    machine: bool = True,
    verbose: bool = True,
    target: bool = True,
    needs_login: bool = True,
    **attributes: Any,
) -> Callable[[Callable[..., Any]], click.Command]:
    """A command over one CRM. Its function gets a Where, then by name what it has of `yes` (`asks`), `as_json`
    (`machine`), `verbose`, and its own options. `attributes` are click's, such as `short_help`."""
    shared = [folder_option, *([target_option, account_option] if target else []), templates_option, clock_option]
    shared += [yes_option] * asks + [json_option] * machine + [verbose_option] * verbose

    def command(function: Callable[..., Any]) -> click.Command:
        @wraps(function)
        def run(**options: Any) -> Any:
            named = {
                key: options.pop(key) for key in ("folder", "target", "account", "templates", "clock") if key in options
            }
            with errors():
                return function(_where(needs_login, **named), **options)

        for option in reversed(shared):
            run = option(run)
        return click.command(name, **attributes)(run)

    return command


def _where(
    needs_login: bool,
    folder: Path,
    templates: Path | None,
    clock: datetime | None,
    target: str | None = LOCAL,
    account: str | None = None,
) -> Where:
    from crm_builder.deploy import chosen_account, chosen_target

    where = chosen_target(folder, target, account)
    typed = _typed(click.get_current_context())
    try:
        account = chosen_account(folder, where, account)
    except LoginError:
        if needs_login:
            raise
    return Where(folder, where, account or "", templates, clock, typed)


def _typed(context: click.Context) -> str:
    """The options that say which CRM is meant, for another command line: those only that came from this one."""
    parts = []
    for key, option in (
        ("folder", "-C"),
        ("target", "--target"),
        ("account", "--account"),
        ("templates", "--templates"),
    ):
        if context.get_parameter_source(key) is click.core.ParameterSource.COMMANDLINE:
            parts.append(f"{option} {quote(str(context.params[key]))}")
    return " ".join(parts)


@contextmanager
def errors() -> Iterator[None]:
    """A user's error is told here and ends with exit code 1; anything else is a bug and shows its traceback."""
    try:
        yield
    except ProblemsError as error:
        click.secho(f"{error.title}:", fg="red", err=True)
        for problem in error.problems:
            click.echo(f"  {problem}", err=True)
        count = len(error.problems)
        click.echo(f"{count} problem{'s' if count > 1 else ''}; nothing was changed.", err=True)
        sys.exit(FAILED)
    except CrmError as error:
        click.echo(click.style("error: ", fg="red") + str(error), err=True)
        sys.exit(FAILED)
    except OSError as error:
        if error.filename is None and error.errno not in _NO_ROOM:
            raise
        where = f"{error.filename}: " if error.filename else ""
        reason = f"{where}{error.strerror}; check the path, its permissions and the free space"
        click.echo(click.style("error: ", fg="red") + reason, err=True)
        sys.exit(FAILED)


def tells_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(command)
    def wrapped(*args: Any, **options: Any) -> Any:
        with errors():
            return command(*args, **options)

    return wrapped


def write_files(folder: Path, files: Mapping[str, bytes | str]) -> Path:
    """Writes the files, each as a whole; gives the path of the first."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        draft = folder / f"{name}.new"
        draft.parent.mkdir(exist_ok=True)  # of a file in a folder of its own
        draft.write_bytes(text if isinstance(text, bytes) else text.encode())
        os.replace(draft, folder / name)
    return (folder / next(iter(files))).resolve()


def progress(text: str) -> None:
    click.echo(click.style(f"… {text}", dim=True), err=True)
