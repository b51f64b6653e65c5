"""A fresh world for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_builder.google import Client
from crm_builder.local.transport import open_workspace
from crm_builder.sheets import check_call
from tests.sheets.change.world import World, table


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    with open_workspace(tmp_path) as http:
        yield Client(http, check_call)


@pytest.fixture
def world(client: Client) -> World:
    return World(client)


@pytest.fixture
def plain(client: Client) -> World:
    """A world of `table()`."""
    return World(client, table())
