"""serve: the local workspace over HTTP, for any client of Google's services."""

from __future__ import annotations

import signal
import threading
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import click

from crm_builder.commands.common import clock_option, folder_option, tells_errors

_PORT = 8765


@click.command(short_help="Answer the calls of Google Sheets on this computer.")
@folder_option
@click.option(
    "--port", type=click.IntRange(0, 65535), default=_PORT, show_default=True, help="0 takes one that is free."
)
@click.option(
    "--log", type=click.Path(dir_okay=False, path_type=Path), help="A file to which each request adds a line."
)
@click.option("--anonymous", is_flag=True, help="Answer requests without a token too.")
@clock_option
@tells_errors
def serve(folder: Path, port: int, log: Path | None, anonymous: bool, clock: datetime | None) -> None:
    """Answer Sheets, Drive and Apps Script calls on this computer from the local workspace of the folder.

    Any bearer token is accepted. The first line says the address; Ctrl-C ends it.
    """
    from crm_builder.deployment import FOLDER
    from crm_builder.local.server import serve as served

    ended = threading.Event()
    with ExitStack() as stack:
        file = stack.enter_context(log.open("a", encoding="utf-8")) if log else None
        server = stack.enter_context(served(folder / FOLDER / "workspace", port, clock, anonymous, file))
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.set())
        click.echo(server.url)
        click.echo(f"  answers for {folder.resolve()}; point a client at it with", err=True)
        click.echo(f"  export CRM_BUILDER_GOOGLE_ENDPOINT={server.url}", err=True)
        ended.wait()


COMMANDS = (serve,)
