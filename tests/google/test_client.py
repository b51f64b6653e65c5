"""The client over a scripted transport: what it sends, what it counts, what it makes of errors."""

from __future__ import annotations

import json
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import httplib2
import pytest

from crm_builder.errors import BodyError, Problem, RestError
from crm_builder.google import Client
from crm_builder.sheets import check_call


class Scripted:
    """Answers what it was given, in order, and remembers what it was asked."""

    def __init__(self, *answers: tuple[int, object]):
        self.answers = list(answers)
        self.asked: list[tuple[str, str, object]] = []

    def request(self, uri, method="GET", body=None, headers=None, **more):
        self.asked.append((method, uri, json.loads(body) if body else None))
        status, answer = self.answers.pop(0)
        content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        return httplib2.Response({"status": str(status), "content-type": "application/json"}), content


def client(*answers: tuple[int, object]) -> tuple[Client, Scripted]:
    http = Scripted(*answers)
    return Client(http, lambda method, body: None), http


def test_batch_update_sends_all_requests_in_one_body():
    one, http = client((200, {"spreadsheetId": "x", "replies": [{}, {}]}))
    requests = [{"deleteSheet": {"sheetId": 1}}, {"deleteSheet": {"sheetId": 2}}]
    assert one.batch_update("x", requests) == [{}, {}]
    method, uri, body = http.asked[0]
    assert (method, urlsplit(uri).path, body) == ("POST", "/v4/spreadsheets/x:batchUpdate", {"requests": requests})


def test_calls_are_recorded_with_their_size():
    one, _ = client((200, {"replies": [{}]}), (404, {"error": {"code": 404, "message": "no", "status": "NOT_FOUND"}}))
    one.batch_update("x", [{"deleteSheet": {"sheetId": 1}}])
    with pytest.raises(RestError):
        one.get("x", fields="spreadsheetId")
    first, second = one.calls
    assert (first.method, first.status, second.method, second.status) == (
        "spreadsheets.batchUpdate",
        200,
        "spreadsheets.get",
        404,
    )
    assert first.bytes_sent == len(b'{"requests":[{"deleteSheet":{"sheetId":1}}]}')
    assert first.bytes_received == len(json.dumps({"replies": [{}]}))
    assert second.bytes_sent == 0


def test_an_error_body_becomes_a_rest_error():
    message = "Invalid requests[0].deleteSheet: No grid with id: 1"
    one, _ = client((400, {"error": {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}}))
    with pytest.raises(RestError) as caught:
        one.batch_update("x", [{"deleteSheet": {"sheetId": 1}}])
    assert (caught.value.status, caught.value.code, caught.value.message) == (400, "INVALID_ARGUMENT", message)
    assert caught.value.method == "spreadsheets.batchUpdate"


def test_the_reason_stands_in_for_a_missing_status():
    error = {"error": {"code": 403, "message": "full", "errors": [{"reason": "storageQuotaExceeded"}]}}
    one, _ = client((403, error))
    with pytest.raises(RestError) as caught:
        one.create_file("CRM", "k")
    assert caught.value.code == "storageQuotaExceeded"


def test_an_error_that_is_no_json_is_told_as_it_is():
    one, _ = client((502, b"<html>bad gateway</html>"))
    with pytest.raises(RestError, match="bad gateway"):
        one.get("x")


def test_a_refused_body_is_never_sent():
    def refuse(method: str, body: object) -> None:
        raise BodyError([Problem(f"{method} with {sorted(body)}")])

    http = Scripted()
    with pytest.raises(BodyError, match=r"sheets\.spreadsheets\.batchUpdate with \['requests'\]"):
        Client(http, refuse).batch_update("x", [])
    assert http.asked == []


def test_files_are_found_by_key_over_all_pages():
    one, http = client((200, {"files": [{"id": "a"}], "nextPageToken": "t"}), (200, {"files": [{"id": "b"}]}))
    assert [file["id"] for file in one.find_files("it's")] == ["a", "b"]
    query = parse_qs(urlsplit(http.asked[0][1]).query)["q"][0]
    assert "key='crm_builder' and value='it\\'s'" in query and "trashed=false" in query
    assert parse_qs(urlsplit(http.asked[1][1]).query)["pageToken"] == ["t"]


def test_a_new_file_carries_its_key():
    one, http = client((200, {"id": "a", "name": "CRM"}))
    assert one.create_file("CRM", "k")["id"] == "a"
    assert http.asked[0][2] == {
        "name": "CRM",
        "mimeType": "application/vnd.google-apps.spreadsheet",
        "appProperties": {"crm_builder": "k"},
    }


def test_values_come_without_their_wrapping():
    one, http = client((200, {"range": "A1", "values": [["a", 1]]}), (200, {"range": "A1"}))
    assert one.values_get("x", "deals_amount") == [["a", 1]]
    assert one.values_get("x", "deals_amount", render="FORMULA") == []
    assert parse_qs(urlsplit(http.asked[1][1]).query)["valueRenderOption"] == ["FORMULA"]


def test_importing_the_client_imports_no_google_library():
    script = "import sys, crm_builder.google, crm_builder.sheets; print([m for m in sys.modules if 'googleapi' in m])"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_bodies_for_drive_and_apps_script_are_checked_too():
    http = Scripted((200, {"scriptId": "s"}), (200, {"id": "p"}))
    one = Client(http, check_call)
    project = one.script.projects()
    assert one.call(project.create(body={"title": "CRM", "parentId": "x"})) == {"scriptId": "s"}
    wrong = [
        (
            project.updateContent(scriptId="s", body={"files": [{"name": "Code", "kind": "SERVER_JS"}]}),
            r"files\[0\]\.kind: File has no field",
        ),
        (
            project.updateContent(scriptId="s", body={"files": [{"type": "JS"}]}),
            r"files\[0\]\.type: 'JS' is none of the",
        ),
        (one.drive.permissions().create(fileId="f", body={"roles": "writer"}), "did you mean role"),
    ]
    for request, words in wrong:
        with pytest.raises(BodyError, match=words):
            one.call(request)
    with pytest.raises(BodyError):
        one.batch([wrong[2][0]])
    assert len(http.asked) == 1
    assert [call.method for call in one.calls] == ["projects.create"]
