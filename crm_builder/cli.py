"""The command line: one group, its commands. They alone print; heavy imports happen late, when a command needs them."""

from __future__ import annotations

import gc
import os

import click

from crm_builder import __version__
from crm_builder.commands import change, fleet, google, keep, login, provision, script, serve


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="crm-builder")
def main() -> None:
    """A complete CRM inside Google Sheets, from a text description.

    \b
    Start with:
      crm-builder new my-crm
      crm-builder up -C my-crm --sample-data

    Exit codes: 0 done, 1 failed, 2 wrong usage, 3 changes are pending: they were only shown, declined or refused.
    """
    if os.environ.get("NO_COLOR"):  # https://no-color.org
        click.get_current_context().color = False
    gc.set_threshold(100_000, 20, 20)  # answers are JSON of a million parts without a cycle: search them less often


for _room in (provision, change, keep, google, fleet, login, script, serve):
    for _command in _room.COMMANDS:
        main.add_command(_command)

if __name__ == "__main__":
    main()
