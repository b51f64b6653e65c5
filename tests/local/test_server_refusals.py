"""What nobody should send to the local server: each gets a plain refusal, and nothing of it reaches a header or stderr."""

from __future__ import annotations

import base64
import http.client
import json
import socket
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from crm_builder.local.handler import Handler
from crm_builder.local.server import serve


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serve(tmp_path_factory.mktemp("served")) as running:
        yield running


@pytest.fixture
def ask(server):
    connection = http.client.HTTPConnection("127.0.0.1", port_of(server))

    def send(method, path, body=None):
        connection.request(method, path, body, {"Authorization": "Bearer any"})
        answer = connection.getresponse()
        return answer, answer.read()

    yield send
    connection.close()


def port_of(server):
    return int(server.url.rpartition(":")[2])


def told_raw(server, text):
    """Everything that is answered to these bytes until the connection is closed: head, content."""
    with socket.create_connection(("127.0.0.1", port_of(server))) as raw:
        raw.sendall(text)
        head, _, content = raw.makefile("rb").read().partition(b"\r\n\r\n")
    return head, content


@pytest.mark.parametrize(
    "redirect",
    [
        "http://127.0.0.1/%0d%0aSet-Cookie:a",
        "http://127.0.0.1/%09",
        "http://127.0.0.1/%e2%82%ac",
        "http://127.0.0.1%5c@example.com/",
        "http://example.com%5c@127.0.0.1/",
        "http://127.0.0.1/%23part",
        "http://[::1",
    ],
)
def test_consent_redirects_to_plain_addresses_of_this_computer_only(server, capsys, redirect):
    path = f"/o/oauth2/v2/auth?client_id=a&response_type=code&scope=s&redirect_uri={redirect}"
    head, page = told_raw(server, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    assert head.startswith(b"HTTP/1.1 400 ") and b"redirect_uri_mismatch" in page
    assert b"set-cookie" not in head.lower()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("redirect", ["http://127.0.0.1:80/", "http://localhost", "http://[::1]:9/back?a=%C3%A9"])
def test_consent_redirects_to_this_computer(ask, redirect):
    asked = {"client_id": "a", "response_type": "code", "scope": "s", "state": "\r\nر", "redirect_uri": redirect}
    answer, _ = ask("GET", f"/o/oauth2/v2/auth?{urlencode(asked)}")
    sent = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert (answer.status, sent["state"]) == (302, ["\r\nر"])
    assert answer.headers["Location"].startswith(redirect)


def test_a_kind_of_content_that_no_header_can_hold_is_refused(ask):
    for kind in ("text/a\r\nset-cookie: a", "text/ر"):
        file = json.loads(ask("POST", "/drive/v3/files", json.dumps({"name": "a", "mimeType": kind}))[1])
        answer, content = ask("GET", f"/drive/v3/files/{file['id']}?alt=media")
        assert (answer.status, answer.headers["Set-Cookie"]) == (400, None)
        assert json.loads(content)["error"]["status"] == "INVALID_ARGUMENT"


@pytest.mark.parametrize(
    "line", ["GET http://[::1/drive HTTP/1.1", "GET /token HTTP/1.1\r\nContent-Length: " + "9" * 5000]
)
def test_a_head_that_cannot_be_read_is_told_in_json(server, capsys, line):
    head, content = told_raw(server, f"{line}\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    status = json.loads(content)["error"]["code"]
    assert status in (400, 413) and head.startswith(f"HTTP/1.1 {status} ".encode())
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("claims", ['{"scope": [1]}', '{"scope": "\\ud800"}', "[" * 100_000, "[]", "no JSON"])
def test_claims_that_cannot_be_read_are_an_invalid_grant(ask, capsys, claims):
    assertion = f"e30.{base64.urlsafe_b64encode(claims.encode()).decode()}."
    form = urlencode({"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion})
    answer, content = ask("POST", "/token", form)
    assert (answer.status, json.loads(content)["error"]) == (400, "invalid_grant")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("begun", "status"),
    [
        (b"", b""),
        (b"POST /v4/spreadsheets HTTP/1.1\r\nHost: loc", b""),
        (b"POST /v4/spreadsheets HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{", b"HTTP/1.1 408 "),
    ],
    ids=["nothing", "half a head", "half a body"],
)
def test_a_client_that_only_waits_is_let_go(server, monkeypatch, capsys, begun, status):
    monkeypatch.setattr(Handler, "timeout", 0.02)
    head, _ = told_raw(server, begun)  # would never end otherwise
    assert head[:13] == status
    assert capsys.readouterr().err == ""
