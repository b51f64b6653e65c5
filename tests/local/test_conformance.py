"""Every recorded scenario against the real services, played again in process and through sockets: the same answers."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from crm_builder.local.server import serve
from crm_builder.local.transport import open_workspace

from .replay import RECORDED, Json, Send, needs_the_shared_folder, replay, scenarios

KNOWN = tomllib.loads((Path(__file__).parent / "conformance_known.toml").read_text("utf-8"))
TRANSPORTS = ("in process", "over sockets")


@pytest.fixture(scope="module")
def senders(tmp_path_factory) -> Iterator[dict[str, Send]]:
    """One workspace behind the transport and one behind a server, for all scenarios: they share nothing but that."""
    folder = tmp_path_factory.mktemp("conformance")

    with open_workspace(folder / "inside") as transport, serve(folder / "served") as server:
        connection = HTTPConnection("127.0.0.1", int(server.url.rpartition(":")[2]))

        def inside(method: str, uri: str, body: Json, kind: str) -> tuple[int, Json]:
            answer, content = transport.request(uri, method, _text(body), {"Content-Type": kind})
            return int(answer.status), _value(content)

        def over_sockets(method: str, uri: str, body: Json, kind: str) -> tuple[int, Json]:
            headers = {"Content-Type": kind, "Authorization": "Bearer any"}
            connection.request(method, uri, _text(body), headers)
            answer = connection.getresponse()
            return answer.status, _value(answer.read())

        yield {"in process": inside, "over sockets": over_sockets}
        connection.close()


def _text(body: Json) -> bytes | None:
    return None if body is None else (body if isinstance(body, str) else json.dumps(body)).encode()


def _value(content: bytes) -> Json:
    try:
        return json.loads(content) if content else ""
    except ValueError:
        return content.decode()


@needs_the_shared_folder(RECORDED)
def test_the_recorded_scenarios_are_there():
    assert len(scenarios()) > 90


@pytest.mark.parametrize("how", TRANSPORTS)
@pytest.mark.parametrize("file", scenarios(), ids=lambda file: file.stem)
def test_answers_are_the_recorded_ones(file, how, senders):
    known = KNOWN.get(file.stem)
    if known is None:
        assert replay(file, senders[how])
        return
    with pytest.raises(AssertionError) as caught:  # one that matches has to leave the list
        replay(file, senders[how])
    assert known["difference"] in str(caught.value)


def test_the_list_of_known_differences_names_scenarios():
    names = {file.stem for file in scenarios()}
    assert not names or set(KNOWN) <= names
    assert all(set(one) == {"difference", "reason"} for one in KNOWN.values())
