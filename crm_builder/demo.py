"""`make demo`: an English and a Persian CRM with sample data in local workspaces, and what to open."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from crm_builder.cli import main
from crm_builder.commands.common import CHANGES_PENDING, DONE

# Invented people.
CRMS = {
    "en": (
        "Bright Studio",
        ["Maya Collins <maya@example.com>", "Daniel Reyes <daniel@example.com>", "Priya Nair <priya@example.com>"],
    ),
    "fa": (
        "استودیو روشن",
        ["مینا رحیمی <mina@example.com>", "امید کریمی <omid@example.com>", "سارا نادری <sara@example.com>"],
    ),
}


def demo(folder: Path) -> None:
    """Makes what is not there yet; a CRM that somebody changed is left as it is."""
    for language, (name, people) in CRMS.items():
        home = folder / language
        if not (home / "crm.toml").exists():
            members = [part for person in people for part in ("--member", person)]
            main(["new", str(home), "--language", language, "--name", name, *members], standalone_mode=False)
        try:
            main(["up", "-C", str(home), "--sample-data"], standalone_mode=False)
        except SystemExit as stop:
            if stop.code not in (DONE, CHANGES_PENDING):
                raise
    click.echo("\nOpen these pages in a browser:")
    for language in CRMS:
        click.echo(f"  {(folder / language / '.crm' / 'preview' / 'index.html').resolve()}")


if __name__ == "__main__":
    demo(Path(sys.argv[1] if len(sys.argv) > 1 else "demo"))
