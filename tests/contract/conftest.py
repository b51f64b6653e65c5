"""The two ways to a cloud: its workspace in this process, and its server over sockets in the name of an account."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crm_builder import google
from crm_builder.google import Budget, Limits, logins
from crm_builder.local.server import serve
from crm_builder.local.transport import LocalTransport, open_workspace
from tests.changes.conftest import make_templates
from tests.conftest import CLOCK
from tests.faults.world import LOGIN, Descriptions

_PLENTY = Limits(100_000, 100_000, 100_000, 100_000)


@dataclass
class Way:
    """`http` answers for the CRM; `workspace` is what stands behind it, for those who made the test to look into."""

    http: Any
    transport: LocalTransport


@pytest.fixture(scope="session")
def descriptions(tmp_path_factory: pytest.TempPathFactory) -> Descriptions:
    folder = tmp_path_factory.mktemp("contract")
    return Descriptions.of(folder, make_templates(folder / "templates"))


@contextmanager
def _logged_in(folder: Path, endpoint: str = "") -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRM_BUILDER_CONFIG", str(folder / "config"))
        patch.setenv(google.ENDPOINT, endpoint)
        logins.save(LOGIN)
        yield


@contextmanager
def _in_process(folder: Path) -> Iterator[Way]:
    with open_workspace(folder / "cloud", CLOCK) as transport, _logged_in(folder):
        yield Way(transport, transport)


@contextmanager
def _over_sockets(folder: Path) -> Iterator[Way]:
    """The token that is kept is over: the first request makes a fresh one."""
    with serve(folder / "cloud", clock=CLOCK) as server, _logged_in(folder, server.url):
        with google.connect("main", budget=Budget(_PLENTY)) as http:
            yield Way(http, server.transport)
        assert any(entry.path == "/token" for entry in server.log)


@pytest.fixture(scope="module", params=[_in_process, _over_sockets], ids=["in process", "over sockets"])
def way(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Way]:
    with request.param(tmp_path_factory.mktemp("way")) as opened:
        yield opened
