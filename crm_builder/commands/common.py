"""What every command shares: its options, its exit codes, how errors and progress are told."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from crm_builder.errors import CrmError, ProblemsError

DONE, FAILED, CHANGES_PENDING = 0, 1, 3  # 2 is click's own for wrong usage


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
    "--target", type=click.Choice(["local"]), default="local", show_default=True, help="Where the CRM lives."
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
        if error.filename is None:
            raise
        reason = f"{error.filename}: {error.strerror}; check the path, its permissions and the free space"
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
        draft.write_bytes(text if isinstance(text, bytes) else text.encode())
        os.replace(draft, folder / name)
    return (folder / next(iter(files))).resolve()


def progress(text: str) -> None:
    click.echo(click.style(f"… {text}", dim=True), err=True)
