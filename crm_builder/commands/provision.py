"""Making a CRM and looking at it: new, up, build, open."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from shlex import quote

import click

from crm_builder import assets
from crm_builder.commands.change import agreed, json_option, verbose_option, yes_option
from crm_builder.commands.common import (
    CHANGES_PENDING,
    DONE,
    clock_option,
    folder_option,
    progress,
    target_option,
    tells_errors,
    templates_option,
    write_files,
)
from crm_builder.commands.telling import outcome_data, outcome_text
from crm_builder.errors import CrmError


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


@click.command(help=_help_of_presets())
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--language", metavar=f"[{'|'.join(_languages())}]", default="en", show_default=True)
@click.option("--preset", metavar="PRESET", default="general", show_default=True, help="The trade.")
@click.option("--name", help="What the CRM is called.")
@click.option(
    "--member", "members", multiple=True, metavar="'NAME <MAIL>'", help="Somebody of the team; may be repeated."
)
@templates_option
@tells_errors
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


@click.command()
@folder_option
@target_option
@templates_option
@clock_option
@click.option("--sample-data", is_flag=True, help="Fill it with invented customers, leads, deals …")
@yes_option
@json_option
@verbose_option
@tells_errors
def up(
    folder: Path,
    target: str,
    templates: Path | None,
    clock: datetime | None,
    sample_data: bool,
    yes: bool,
    as_json: bool,
    verbose: bool,
) -> None:
    """Make the CRM that crm.toml describes, or change it to what crm.toml describes now, and say where it is."""
    from crm_builder import deploy
    from crm_builder.project import load_project

    project = load_project(folder, templates)
    with deploy.open_target(folder, clock) as http:
        outcome = deploy.up(
            project,
            http,
            sample_data=sample_data,
            clock=clock,
            tell=progress,
            agree=lambda prepared: agreed(prepared, yes),
        )
        pages = write_files(folder / ".crm" / "preview", deploy.look(project, http, outcome.spreadsheet_id))
    if as_json:
        click.echo(json.dumps(outcome_data(outcome, pages), ensure_ascii=False, indent=1))
    else:
        click.echo(outcome_text(outcome, pages, verbose, sample_data))
    sys.exit(CHANGES_PENDING if outcome.status in ("refused", "declined") else DONE)


@click.command()
@folder_option
@templates_option
@clock_option
@click.option(
    "-o", "--output", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder to write."
)
@click.option(
    "--sample-data/--no-sample-data", default=True, show_default=True, help="Show invented rows in the pages."
)
@tells_errors
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
    page = write_files(output / "preview", pages)
    write_files(output, {"requests.json": requests, **files})
    for name in ("requests.json", *files):
        click.echo(f"{click.style('✔', fg='green')} wrote {(output / name).resolve()}")
    click.echo(f"  look at it: {page}")


@click.command("open")
@folder_option
@target_option
@templates_option
@clock_option
@click.option("--print", "only_print", is_flag=True, help="Print where the page is instead of opening it.")
@tells_errors
def open_(folder: Path, target: str, templates: Path | None, clock: datetime | None, only_print: bool) -> None:
    """Show the CRM as it stands, in the browser."""
    from crm_builder import deploy, deployment
    from crm_builder.project import load_project

    project = load_project(folder, templates)
    found = deployment.load(folder, target)
    if found is None or not found.spreadsheet_id:
        raise CrmError(f"there is no CRM in {folder.resolve()} yet; run `crm-builder up -C {quote(str(folder))}`")
    with deploy.open_target(folder, clock) as http:
        page = write_files(folder / ".crm" / "preview", deploy.look(project, http, found.spreadsheet_id))
    click.echo(str(page))
    if not only_print:
        click.launch(page.as_uri())


COMMANDS = (new, up, build, open_)
