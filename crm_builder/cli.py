"""The command line: options, one call, printing, exit codes. The only place that prints; heavy imports happen late."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import click

from crm_builder import __version__, assets
from crm_builder.errors import CrmError, ProblemsError

if TYPE_CHECKING:
    from crm_builder.deploy import Outcome

_DIFFERENCES_SHOWN = 10
DONE, FAILED, CHANGES_PENDING = 0, 1, 3  # 2 is click's own for wrong usage


class _Time(click.ParamType):
    name = "time"

    def convert(self, value: Any, param: Any, ctx: Any) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"`{value}` is no time such as 2026-11-22T09:00+01:00", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _presets() -> dict[str, str]:
    """Each preset with what its file says first: "# General: a small business …"."""
    paths = (assets.folder("templates") / "presets").glob("*/preset.toml")
    first_lines = {path.parent.name: path.read_text("utf-8").partition("\n")[0] for path in sorted(paths)}
    return {key: line.lstrip("# ").rstrip(".") for key, line in first_lines.items()}


def _help_of_presets() -> str:
    presets = _presets()
    width = max(map(len, presets), default=0)
    rows = "\n".join(f"  {key:<{width}}  {text}" for key, text in presets.items())
    return f"Write DIR/crm.toml, the commented description of a new CRM.\n\n\b\nPresets:\n{rows}"


def _languages() -> list[str]:
    return sorted(path.name for path in (assets.folder("templates") / "words").iterdir() if path.is_dir())


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
    type=_Time(),
    envvar="CRM_BUILDER_CLOCK",
    help="The time it is taken to be; the computer's own otherwise.",
)


@contextmanager
def _errors() -> Iterator[None]:
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


def _tells_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(command)
    def wrapped(*args: Any, **options: Any) -> Any:
        with _errors():
            return command(*args, **options)

    return wrapped


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="crm-builder")
def main() -> None:
    """A complete CRM inside Google Sheets, from a text description.

    Start with:  crm-builder new my-crm  and then  crm-builder up -C my-crm --sample-data
    """


@main.command(help=_help_of_presets())
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--language", metavar=f"[{'|'.join(_languages())}]", default="en", show_default=True)
@click.option("--preset", metavar="PRESET", default="general", show_default=True, help="The trade.")
@click.option("--name", help="What the CRM is called.")
@click.option(
    "--member", "members", multiple=True, metavar="'NAME <MAIL>'", help="Somebody of the team; may be repeated."
)
@templates_option
@_tells_errors
def new(
    folder: Path, language: str, preset: str, name: str | None, members: tuple[str, ...], templates: Path | None
) -> None:
    from crm_builder.settings import write_new
    from crm_builder.template import catalog, read

    offered = catalog(read(templates or assets.folder("templates")))
    path = write_new(folder, offered, language=language, preset=preset, name=name, members=members, templates=templates)
    click.echo(f"{click.style('✔', fg='green')} wrote {path}")
    own = f" --templates {quote(str(templates))}" if templates else ""
    click.echo(f"  Read it, change what you like, then:  crm-builder up -C {quote(str(folder))}{own} --sample-data")


@main.command()
@folder_option
@target_option
@templates_option
@clock_option
@click.option("--sample-data", is_flag=True, help="Fill it with invented customers, leads, deals …")
@click.option("--json", "as_json", is_flag=True, help="Report for machines, on standard output.")
@click.option("-v", "--verbose", is_flag=True, help="Show every REST call with its size and time.")
@_tells_errors
def up(
    folder: Path,
    target: str,
    templates: Path | None,
    clock: datetime | None,
    sample_data: bool,
    as_json: bool,
    verbose: bool,
) -> None:
    """Make the CRM that crm.toml describes, and say where it is."""
    from crm_builder import deploy
    from crm_builder.project import load_project

    project = load_project(folder, templates)
    with deploy.open_target(folder, clock) as http:
        outcome = deploy.up(project, http, sample_data=sample_data, clock=clock, tell=_progress)
        pages = _write(folder / ".crm" / "preview", deploy.look(project, http, outcome.spreadsheet_id))
    if as_json:
        click.echo(json.dumps(_report(outcome, pages), ensure_ascii=False, indent=1))
    else:
        _tell(outcome, pages, verbose, sample_data)
    sys.exit(CHANGES_PENDING if outcome.status == "differs" else DONE)


@main.command()
@folder_option
@templates_option
@clock_option
@click.option(
    "-o", "--output", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder to write."
)
@click.option(
    "--sample-data/--no-sample-data", default=True, show_default=True, help="Show invented rows in the pages."
)
@_tells_errors
def build(folder: Path, templates: Path | None, clock: datetime | None, output: Path, sample_data: bool) -> None:
    """Write what would be sent (requests.json), how it will look (preview/) and a file of it for Excel and LibreOffice
    (workbook.xlsx, and workbook-notes.md on what differs in it), touching no CRM."""
    from tempfile import TemporaryDirectory

    from crm_builder import deploy
    from crm_builder.project import load_project

    project = load_project(folder, templates)
    requests = json.dumps([{"requests": batch} for batch in project.batches.values()], ensure_ascii=False, indent=1)
    with TemporaryDirectory() as scratch:
        trial = project.at(Path(scratch))
        with deploy.open_target(trial.folder, clock) as http:
            outcome = deploy.up(trial, http, sample_data=sample_data, clock=clock, tell=lambda text: None)
            pages = deploy.look(trial, http, outcome.spreadsheet_id)
            files = deploy.workbook_file(trial, http, outcome.spreadsheet_id, clock)
    page = _write(output / "preview", pages)
    _write(output, {"requests.json": requests, **files})
    for name in ("requests.json", *files):
        click.echo(f"{click.style('✔', fg='green')} wrote {(output / name).resolve()}")
    click.echo(f"  look at it: {page}")


@main.command("open")
@folder_option
@target_option
@templates_option
@clock_option
@click.option("--print", "only_print", is_flag=True, help="Print where the page is instead of opening it.")
@_tells_errors
def open_(folder: Path, target: str, templates: Path | None, clock: datetime | None, only_print: bool) -> None:
    """Show the CRM as it stands, in the browser."""
    from crm_builder import deploy, deployment
    from crm_builder.project import load_project

    project = load_project(folder, templates)
    found = deployment.load(folder, target)
    if found is None or not found.spreadsheet_id:
        raise CrmError(f"there is no CRM in {folder.resolve()} yet; run `crm-builder up -C {quote(str(folder))}`")
    with deploy.open_target(folder, clock) as http:
        page = _write(folder / ".crm" / "preview", deploy.look(project, http, found.spreadsheet_id))
    click.echo(str(page))
    if not only_print:
        click.launch(page.as_uri())


def _write(folder: Path, files: Mapping[str, bytes | str]) -> Path:
    """Writes the files, each as a whole; gives the path of the first."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        draft = folder / f"{name}.new"
        draft.write_bytes(text if isinstance(text, bytes) else text.encode())
        os.replace(draft, folder / name)
    return (folder / next(iter(files))).resolve()


def _progress(text: str) -> None:
    click.echo(click.style(f"… {text}", dim=True), err=True)


def _made(outcome: Outcome) -> dict[str, int]:
    sheets = outcome.workbook.sheets
    return {
        "sheets": len(sheets),
        "hidden_sheets": sum(sheet.hidden for sheet in sheets),
        "columns": sum(len(sheet.columns) for sheet in sheets),
        "computed_columns": sum(bool(column.formula) for sheet in sheets for column in sheet.columns),
        "dropdowns_and_checks": sum(bool(column.validation) for sheet in sheets for column in sheet.columns),
        "conditional_rules": sum(len(sheet.rules) for sheet in sheets),
        "filter_views": sum(len(sheet.views) for sheet in sheets),
        "protected_ranges": sum(len(sheet.protections) for sheet in sheets),
        "named_ranges": len(outcome.workbook.names),
    }


def _report(outcome: Outcome, page: Path) -> dict[str, Any]:
    return {
        "status": outcome.status,
        "name": outcome.name,
        "target": outcome.target,
        "spreadsheet_id": outcome.spreadsheet_id,
        "page": str(page),
        "made": _made(outcome),
        "sample_rows": outcome.rows,
        "differences": outcome.differences,
        "calls": [_call(call) for call in outcome.calls],
        "sample_calls": [_call(call) for call in outcome.sample_calls],
    }


def _call(call: Any) -> dict[str, Any]:
    return {
        "method": call.method, "status": call.status, "bytes_sent": call.bytes_sent,
        "bytes_received": call.bytes_received, "seconds": round(call.seconds, 3),
    }  # fmt: skip


def _tell(outcome: Outcome, page: Path, verbose: bool, sample_data: bool) -> None:
    made = _made(outcome)
    sign = click.style("✔", fg="green")
    shown = made["sheets"] - made["hidden_sheets"]
    counts = (
        f"{shown} sheets, {made['columns']} columns ({made['computed_columns']} computed), "
        f"{made['conditional_rules']} rules, {made['filter_views']} filter views"
    )
    if outcome.status in ("created", "finished"):
        click.echo(f"{sign} {click.style(outcome.name, bold=True)} is ready: {counts}")
    elif outcome.status == "unchanged":
        done = "" if outcome.rows else "; nothing to do"
        click.echo(f"{sign} {click.style(outcome.name, bold=True)} is as crm.toml describes it{done}")
    else:
        _tell_differences(outcome, sample_data)
    if outcome.rows:
        click.echo(f"  sample data: {sum(outcome.rows.values())} rows in {len(outcome.rows)} tables")
    calls = [*outcome.calls, *outcome.sample_calls]
    if verbose:
        for call in calls:
            click.echo(
                f"  {call.method:32} {call.status}  {call.bytes_sent:>9,} sent {call.bytes_received:>9,} received "
                f"{call.seconds:6.2f} s"
            )
    click.echo(
        f"  {len(outcome.calls)} calls" + (f" and {len(outcome.sample_calls)} for sample data" if outcome.rows else "")
    )
    click.echo(f"  look at it: {page}")


def _tell_differences(outcome: Outcome, sample_data: bool) -> None:
    nothing = " and got no sample data" if sample_data else ""
    click.secho(f"{outcome.name} is there and differs from crm.toml; it was left as it is{nothing}.", fg="yellow")
    for line in outcome.differences[:_DIFFERENCES_SHOWN]:
        click.echo(f"  {line}")
    if (more := len(outcome.differences) - _DIFFERENCES_SHOWN) > 0:
        click.echo(f"  … and {more} more (all of them: --json)")
    click.echo(
        "  This version does not change a CRM that is there: put crm.toml back, or make a new CRM in another folder."
    )


if __name__ == "__main__":
    main()
