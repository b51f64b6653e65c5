"""The local workspace over real sockets: bodies, tokens, the log, how it starts and stops."""

from __future__ import annotations

import gzip
import http.client
import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import zlib

import pytest

from crm_builder.errors import WorkspaceError
from crm_builder.local.server import serve

SHEET = "application/vnd.google-apps.spreadsheet"
TOKEN = {"Authorization": "Bearer secret-of-mine"}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serve(tmp_path_factory.mktemp("served")) as running:
        yield running


@pytest.fixture
def ask(server):
    connection = http.client.HTTPConnection("127.0.0.1", port_of(server))

    def send(method, path, body=None, headers=TOKEN, **more):
        connection.request(method, path, json.dumps(body) if isinstance(body, dict) else body, headers, **more)
        answer = connection.getresponse()
        content = answer.read()
        return answer, content

    yield send
    connection.close()


def port_of(server):
    return int(server.url.rpartition(":")[2])


def value(exchange):
    return json.loads(exchange[1])


def test_one_connection_carries_many_calls(server):
    connection = http.client.HTTPConnection("127.0.0.1", port_of(server))
    connection.request("POST", "/v4/spreadsheets", b'{"properties": {"title": "One"}}', TOKEN)
    id = json.loads(connection.getresponse().read())["spreadsheetId"]
    own = connection.sock
    connection.request("GET", f"/v4/spreadsheets/{id}?fields=properties.title", headers=TOKEN)
    assert json.loads(connection.getresponse().read()) == {"properties": {"title": "One"}}
    connection.request("DELETE", f"/drive/v3/files/{id}", headers=TOKEN)
    gone = connection.getresponse()
    assert (gone.status, gone.read(), connection.sock) == (204, b"", own)
    connection.close()


def test_answers_are_packed_for_those_who_take_it(ask):
    headers = {**TOKEN, "Accept-Encoding": "gzip, deflate"}
    answer, content = ask("POST", "/v4/spreadsheets", {"properties": {"title": "Packed"}}, headers)
    assert (answer.status, answer.headers["Content-Encoding"]) == (200, "gzip")
    plain = json.loads(gzip.decompress(content))
    assert plain["properties"]["title"] == "Packed"
    again, content = ask("GET", f"/v4/spreadsheets/{plain['spreadsheetId']}")
    assert again.headers["Content-Encoding"] is None
    assert json.loads(content) == plain


@pytest.mark.parametrize(
    ("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("identity", lambda data: data)]
)
def test_packed_bodies_are_read(ask, coding, pack):
    body = pack(json.dumps({"properties": {"title": coding}}).encode())
    made = value(ask("POST", "/v4/spreadsheets", body, {**TOKEN, "Content-Encoding": coding}))
    assert made["properties"]["title"] == coding


def test_a_body_in_chunks_is_read(ask):
    pieces = [b'{"properties": {"ti', 'tle": "سلام"}}'.encode()]
    made = value(ask("POST", "/v4/spreadsheets", iter(pieces), TOKEN, encode_chunked=True))
    assert made["properties"]["title"] == "سلام"


@pytest.mark.parametrize(
    ("head", "body", "status"),
    [
        ("Content-Length: many", b"", 400),
        ("Content-Length: 99999999999", b"", 413),
        ("Content-Encoding: br\r\nContent-Length: 2", b"{}", 415),
        ("Content-Encoding: gzip\r\nContent-Length: 2", b"{}", 400),
        ("Transfer-Encoding: chunked", b"zz\r\n", 400),
        ("Transfer-Encoding: gzip", b"", 501),
    ],
)
def test_a_body_that_cannot_be_read_ends_the_connection_with_a_reason(server, head, body, status):
    with socket.create_connection(("127.0.0.1", port_of(server))) as raw:
        raw.sendall(f"POST /v4/spreadsheets HTTP/1.1\r\nHost: localhost\r\n{head}\r\n\r\n".encode() + body)
        told = raw.makefile("rb").read()
    assert told.startswith(f"HTTP/1.1 {status} ".encode())
    assert json.loads(told.partition(b"\r\n\r\n")[2])["error"]["code"] == status


def test_what_is_no_request_is_told_in_json(server):
    with socket.create_connection(("127.0.0.1", port_of(server))) as raw:
        raw.sendall(b"NONSENSE\r\n\r\n")
        told = raw.makefile("rb").read()
    assert json.loads(told.partition(b"\r\n\r\n")[2])["error"]["code"] == 400


def test_head_is_get_without_content_and_options_names_the_methods(ask):
    head, content = ask("HEAD", "/drive/v3/files")
    assert (head.status, content) == (200, b"") and int(head.headers["Content-Length"]) > 0
    options, _ = ask("OPTIONS", "/drive/v3/files", headers={"Origin": "https://example.com"})
    assert "PATCH" in options.headers["Allow"] and "Access-Control-Allow-Origin" not in options.headers


def test_the_query_of_a_long_get_may_come_as_a_form(ask):
    headers = {**TOKEN, "X-HTTP-Method-Override": "GET", "Content-Type": "application/x-www-form-urlencoded"}
    assert value(ask("POST", "/drive/v3/files", b"q=name%3D%27none%27&fields=files(id)", headers)) == {"files": []}


@pytest.mark.parametrize(
    ("path", "headers", "status", "part"),
    [
        ("/v4/spreadsheets/x", {}, 403, "Method doesn't allow unregistered callers"),
        ("/drive/v3/files", {}, 403, "Method doesn't allow unregistered callers"),
        ("/v4/spreadsheets/x?key=abc", {}, 401, "Request is missing required authentication credential."),
        ("/v4/spreadsheets/x", {"Authorization": "Bearer "}, 401, "invalid authentication credentials"),
        ("/v4/spreadsheets/x", {"Authorization": "Basic abc"}, 401, "invalid authentication credentials"),
        ("/v4/spreadsheets/x", TOKEN, 404, "Requested entity was not found."),
        ("/v4/spreadsheets/x?access_token=abc", {}, 404, "Requested entity was not found."),
        ("/v4/spreadsheets/x", {**TOKEN, "Host": "rebound.example.com"}, 403, "does not answer for the host"),
        ("/v4/spreadsheets/x", {**TOKEN, "Host": "sheets.googleapis.com"}, 404, "Requested entity was not found."),
    ],
)
def test_who_may_call(ask, path, headers, status, part):
    answer, content = ask("GET", path, headers=headers)
    error = json.loads(content)["error"]
    assert (answer.status, error["code"]) == (status, status)
    assert part in error["message"]


def test_the_log_tells_what_was_answered_and_no_secret(tmp_path):
    file = io.StringIO()
    with serve(tmp_path, log=file) as server:
        connection = http.client.HTTPConnection("127.0.0.1", port_of(server))
        paths = ("/v4/spreadsheets/none?fields=sheets&access_token=secret-one", "/token?client_secret=secret-two")
        for path in paths:
            connection.request("GET", path, headers={"Authorization": "Bearer secret-three"})
            connection.getresponse().read()
        connection.close()
        first, second = server.log
    assert (first.method, first.path, first.status) == ("GET", "/v4/spreadsheets/none?fields=sheets", 404)
    assert (second.path, second.status) == ("/token", 400)
    assert first.bytes > 50 and first.milliseconds > 0
    assert file.getvalue().splitlines() == [str(first), str(second)]
    assert "secret" not in file.getvalue()


def test_anonymous_callers_are_let_in_where_that_is_asked_for(tmp_path):
    with serve(tmp_path, anonymous=True) as server:
        connection = http.client.HTTPConnection("127.0.0.1", port_of(server))
        connection.request("GET", "/drive/v3/files")
        assert connection.getresponse().status == 200
        connection.close()


def test_many_at_once_lose_nothing(server):
    """Ten threads append to one sheet; every row is there in the end."""
    made = http.client.HTTPConnection("127.0.0.1", port_of(server))
    made.request("POST", "/v4/spreadsheets", b"{}", TOKEN)
    id = json.loads(made.getresponse().read())["spreadsheetId"]
    append = f"/v4/spreadsheets/{id}/values/A1:append?valueInputOption=RAW&insertDataOption=INSERT_ROWS"
    failed = []

    def work(number):
        connection = http.client.HTTPConnection("127.0.0.1", port_of(server))
        for at in range(4):
            connection.request("POST", append, json.dumps({"values": [[f"{number}-{at}"]]}), TOKEN)
            answer = connection.getresponse()
            answer.read()
            failed.extend([answer.status] if answer.status != 200 else [])
        connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made.request("GET", f"/v4/spreadsheets/{id}/values/A:A", headers=TOKEN)
    rows = json.loads(made.getresponse().read())["values"]
    made.close()
    assert not failed
    assert sorted(row[0] for row in rows) == sorted(f"{number}-{at}" for number in range(10) for at in range(4))


def test_a_taken_port_and_a_held_workspace_are_told(server, tmp_path):
    with pytest.raises(WorkspaceError, match="choose another port"), serve(tmp_path, port=port_of(server)):
        pass
    with (
        serve(tmp_path),
        pytest.raises(WorkspaceError, match="in use by process"),
        serve(tmp_path),
    ):
        pass


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_says_its_address_and_ends_when_it_is_told_to(tmp_path, number):
    command = [
        sys.executable,
        "-m",
        "crm_builder",
        "serve",
        "-C",
        str(tmp_path),
        "--port",
        "0",
        "--log",
        str(tmp_path / "log"),
    ]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ}, text=True)
    try:
        address = running.stdout.readline().strip()
        connection = http.client.HTTPConnection(address.removeprefix("http://"))
        connection.request("POST", "/v4/spreadsheets", b"{}", TOKEN)
        assert connection.getresponse().status == 200  # and the connection stays open
        running.send_signal(number)
        _, told = running.communicate(timeout=30)
    finally:
        running.kill()
    assert running.returncode == 0
    assert "Traceback" not in told
    assert (tmp_path / "log").read_text().startswith("POST /v4/spreadsheets 200 ")
    assert (tmp_path / ".crm" / "workspace" / "workspace.sqlite3").is_file()
