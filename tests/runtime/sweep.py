"""Trying things that are forgotten afterwards: for tests that kill the same run at one call after the other."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from crm_builder.local.workspace import Workspace


@contextmanager
def forgotten(workspace: Workspace) -> Iterator[None]:
    """Whatever is written into the workspace inside is gone at the end; mails in an outbox are not."""
    with closing(sqlite3.connect(":memory:")) as before:
        workspace.db.backup(before)
        try:
            yield
        finally:
            before.backup(workspace.db)
            workspace._books.clear()
