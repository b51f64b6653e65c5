"""Making a CRM: new, up, build."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from shlex import quote
from typing import Any

import click

from crm_builder import assets
from crm_builder.commands.beside import file_options, script_options, ways
from crm_builder.commands.change import agreed
from crm_builder.commands.common import (
    CHANGES_PENDING,
    DONE,
    Where,
    crm_command,
    progress,
    tells_errors,
    templates_option,
    write_files,
)
from crm_builder.commands.telling import outcome_data, outcome_text, plan_text
from crm_builder.deployment import LOCAL


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


@click.command(help=_help_of_presets(), short_help="Write DIR/crm.toml, the description of a new CRM.")
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


@crm_command("up", asks=True, short_help="Make the CRM, or change it to what crm.toml says now.")
@click.option("--sample-data", is_flag=True, help="Fill it with invented customers, leads, deals …")
@file_options
@script_options
def up(where: Where, sample_data: bool, yes: bool, as_json: bool, verbose: bool, **said: Any) -> None:
    """Make the CRM that crm.toml describes, or change it to what crm.toml describes now, and say where it is."""
    from crm_builder import deploy
    from crm_builder.google import Client
    from crm_builder.sheets import check_call

    project, meant = where.project(), ways(**said)
    with where.answering() as http:

        def agree(prepared: deploy.Prepared) -> bool:
            client = Client(http, check_call)

            def look() -> deploy.Prepared:
                return deploy.prepare(project, client, where.deployment(), ways=meant)

            return agreed(prepared, yes, look, verbose)

        outcome = deploy.up(
            project,
            http,
            sample_data=sample_data,
            clock=where.clock,
            tell=progress,
            agree=agree,
            ways=meant,
        )
        shown = outcome.address
        if where.target == LOCAL:
            pages = deploy.look(project, http, outcome.spreadsheet_id)
            shown = str(write_files(project.home / "preview", pages))
    if as_json:
        click.echo(json.dumps(outcome_data(outcome, shown), ensure_ascii=False, indent=1))
    else:
        if outcome.plan and outcome.plan.refusals and not outcome.plan.changes:  # nobody had to agree to it
            click.echo(plan_text(outcome.plan, whole=verbose, assure=False, err=True), err=True)
        click.echo(outcome_text(outcome, shown, where, verbose, sample_data))
    sys.exit(CHANGES_PENDING if outcome.status in ("refused", "declined") else DONE)


@crm_command(
    "build", target=False, machine=False, verbose=False, short_help="Write what would be sent, and how it will look."
)
@click.option(
    "-o", "--output", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder to write."
)
@click.option(
    "--sample-data/--no-sample-data", default=True, show_default=True, help="Show invented rows in the pages."
)
def build(where: Where, output: Path, sample_data: bool) -> None:
    """Write what would be sent (requests.json), how it will look (preview/), the script (appsscript/) and a file of it
    for Excel and LibreOffice (workbook.xlsx, and workbook-notes.md on what differs in it), touching no CRM."""
    from tempfile import TemporaryDirectory

    from crm_builder import deploy

    project = where.project()
    requests = json.dumps([{"requests": batch} for batch in project.batches.values()], ensure_ascii=False, indent=1)
    with TemporaryDirectory() as scratch:
        trial = project.at(Path(scratch))
        with deploy.open_target(trial.folder, where.clock) as http:
            outcome = deploy.up(trial, http, sample_data=sample_data, clock=where.clock, tell=lambda text: None)
            pages = deploy.look(trial, http, outcome.spreadsheet_id)
            files = deploy.workbook_file(trial, http, outcome.spreadsheet_id, where.clock)
    page = write_files(output / "preview", pages)
    write_files(output, {"requests.json": requests, **files})
    if script := deploy.script_files(project):
        write_files(output / "appsscript", script)
    for name in ("requests.json", *files, *(["appsscript"] if script else [])):
        click.echo(f"{click.style('✔', fg='green')} wrote {(output / name).resolve()}")
    click.echo(f"  look at it: {page}")


COMMANDS = (new, up, build)
