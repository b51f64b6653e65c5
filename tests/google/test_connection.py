"""A connection in the name of an account: tokens that are made anew, kept and refused, and what of them is ever seen."""

from __future__ import annotations

import json
import logging
import traceback
from dataclasses import replace
from urllib.parse import parse_qs

import pytest

from crm_builder import google
from crm_builder.errors import CrmError, LoginError, LostAnswer, RestError
from crm_builder.google import Budget, Client, logins
from crm_builder.google.logins import Login
from crm_builder.sheets import check_call

from .faulty import Break, Faulty, Say, Time, faulty

SECRETS = ("GOCSPX-the-client-secret", "1//the-refresh-token", "ya29.the-first-token", "ya29.the-fresh-token")
FAR, PAST = 4_000_000_000.0, 1.0
LOGIN = Login(
    "main", "client-id", SECRETS[0], SECRETS[1], tuple(sorted(google.SHEET)), 1_700_000_000.0, SECRETS[2], FAR
)
FRESH = Say(
    body={"access_token": SECRETS[3], "expires_in": 3599, "token_type": "Bearer", "scope": " ".join(google.SHEET)}
)
BOOK = Say(body={"spreadsheetId": "x"})
UNAUTHORIZED = Say(401, {"error": {"code": 401, "message": "Invalid Credentials", "status": "UNAUTHENTICATED"}})


def token_error(word: str, status: int = 400, **more: str) -> Say:
    return Say(status, {"error": word, "error_description": "Token has been expired or revoked.", **more})


@pytest.fixture(autouse=True)
def config(tmp_path, monkeypatch):
    monkeypatch.setenv("CRM_BUILDER_CONFIG", str(tmp_path / "config"))


@pytest.fixture
def at(monkeypatch):
    """Logs in at a faulty server, and reads or writes through a connection to it."""

    def start(server: Faulty, login: Login = LOGIN):
        monkeypatch.setenv("CRM_BUILDER_GOOGLE_ENDPOINT", server.url)
        logins.save(login)

    return start


def read(told: list[str] | None = None, write: bool = False):
    time = Time()
    with google.connect(
        tell=(told if told is not None else []).append, budget=Budget(clock=time.clock, sleep=time.sleep),
        clock=time.clock, sleep=time.sleep, random=lambda: 1.0,
    ) as http:  # fmt: skip
        client = Client(http, check_call)
        if write:
            return client.batch_update("x", [{"deleteSheet": {"sheetId": 1}}])
        return client.get("x", fields="spreadsheetId")


def bearers(server: Faulty) -> list[str]:
    return [one.headers.get("authorization", "").removeprefix("Bearer ") for one in server.asked]


def test_a_request_carries_the_kept_token(at):
    with faulty(BOOK) as server:
        at(server)
        assert read() == {"spreadsheetId": "x"}
        assert bearers(server) == [SECRETS[2]]
        assert server.asked[0].path == "/v4/spreadsheets/x?fields=spreadsheetId&alt=json"
        assert "gzip" in server.asked[0].headers["accept-encoding"]


def test_a_token_that_is_over_is_made_anew_before_the_request_and_kept(at):
    with faulty(FRESH, BOOK, BOOK) as server:
        at(server, replace(LOGIN, expiry=PAST))
        read()
        read()
        assert [one.path.partition("?")[0] for one in server.asked] == [
            "/token",
            "/v4/spreadsheets/x",
            "/v4/spreadsheets/x",
        ]
        asked = parse_qs(server.asked[0].body.decode())
        assert (asked["grant_type"], asked["refresh_token"]) == (["refresh_token"], [SECRETS[1]])
        assert bearers(server)[1:] == [SECRETS[3]] * 2
    assert logins.load().access_token == SECRETS[3]


def test_a_token_that_is_refused_in_the_middle_is_made_anew_once(at):
    with faulty(UNAUTHORIZED, FRESH, Say(body={"replies": [{}]})) as server:
        at(server)
        assert read(write=True) == [{}]
        assert bearers(server) == [SECRETS[2], "", SECRETS[3]]
    with faulty(UNAUTHORIZED, FRESH, UNAUTHORIZED) as server:
        at(server)
        with pytest.raises(RestError, match="no longer accepts this login"):
            read(write=True)
        assert len(server.asked) == 3


@pytest.mark.parametrize(
    "fault", [Say(503, b""), Say(500, {"error": "internal_failure"}), Say(429, b""), Break(effect=True), Say(200, b"{"), Say(200, b"<html>")]
)  # fmt: skip
def test_the_token_service_is_asked_again_where_it_fails(at, fault):
    with faulty(fault, fault, FRESH, BOOK) as server:
        at(server, replace(LOGIN, expiry=PAST))
        assert read() == {"spreadsheetId": "x"}


def test_a_token_whose_answer_stays_lost_leaves_nobody_in_doubt_of_the_request_itself(at):
    with faulty(Break(effect=True)) as server:
        at(server, replace(LOGIN, expiry=PAST))
        with pytest.raises(RestError, match="the login could not be renewed just now") as caught:
            read(write=True)
        assert not isinstance(caught.value, LostAnswer)
        assert {one.path for one in server.asked} == {"/token"}


@pytest.mark.parametrize("token", ["bad\r\nX: 1", "tök€n"])
def test_an_answered_token_that_cannot_be_sent_is_told_without_it(at, token):
    with faulty(Say(body={**FRESH.body, "access_token": token}), BOOK) as server:
        at(server, replace(LOGIN, expiry=PAST))
        with pytest.raises(LoginError, match="holds characters that cannot be sent, so nothing was sent") as caught:
            read(write=True)
        assert {one.path for one in server.asked} == {"/token"}
    assert token[-4:] not in "".join(traceback.format_exception(caught.value))


def test_a_stand_in_that_does_not_run_is_told_as_one(at):
    with faulty(BOOK) as server:
        at(server)
    with pytest.raises(RestError, match=f"^no server answers at {server.url}; is crm-builder serve running") as caught:
        read()
    assert "internet" not in str(caught.value)


def test_another_refresh_token_is_kept(at):
    with faulty(Say(body={**FRESH.body, "refresh_token": "1//another"}), BOOK) as server:
        at(server, replace(LOGIN, expiry=PAST))
        read()
    assert (logins.load().refresh_token, logins.load().access_token) == ("1//another", SECRETS[3])


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (token_error("invalid_grant"), ["made ", "days ago", "nothing was done", "crm-builder login --account main", "7 days", "Publish app", "Testing"]),
        (token_error("invalid_grant", error_subtype="invalid_rapt"), ["your organisation asks for a new login"]),
        (token_error("invalid_client", 401), ["OAuth client", "gone", "--credentials FILE"]),
        (token_error("deleted_client", 401), ["OAuth client", "gone"]),
        (token_error("something_new"), ["(something_new)", "crm-builder login --account main"]),
        (Say(403, b"{}"), ["crm-builder login --account main"]),
    ],
)  # fmt: skip
def test_a_login_that_no_longer_holds_is_explained(at, answer, words):
    with faulty(answer) as server:
        at(server, replace(LOGIN, expiry=PAST))
        with pytest.raises(LoginError) as caught:
            read()
        assert len(server.asked) == 1
    for word in words:
        assert word in str(caught.value)


def test_a_connection_needs_a_login(monkeypatch):
    monkeypatch.delenv("CRM_BUILDER_GOOGLE_ENDPOINT", raising=False)
    with pytest.raises(LoginError, match="no Google account is logged in"), google.connect():
        pass


def test_connections_of_one_account_share_a_budget(at):
    from crm_builder.google.connection import _budget

    with faulty(BOOK) as server:
        at(server, replace(LOGIN, mail="me@example.com"))
        before = sum(len(window._times) for key, window in _budget()._windows.items() if key[1] == "me@example.com")
        for _ in range(2):
            with google.connect() as http:
                Client(http, check_call).get("x", fields="spreadsheetId")
        after = sum(len(window._times) for key, window in _budget()._windows.items() if key[1] == "me@example.com")
        assert after - before == 2


FAULTS = {
    "429": [Say(429, b"{}")], "500": [Say(500, b"{}")], "401": [UNAUTHORIZED, FRESH, UNAUTHORIZED], "reset": [Break(effect=True)],
    "403": [Say(403, {"error": {"code": 403, "message": "The caller does not have permission", "status": "PERMISSION_DENIED"}})],
    "no JSON": [Say(200, b"<html>")], "an ended login": [UNAUTHORIZED, token_error("invalid_grant")],
    "a client that is gone": [UNAUTHORIZED, token_error("invalid_client")], "a token without its answer": [UNAUTHORIZED, Break(effect=True)],
    "an answer that repeats what it was told": [UNAUTHORIZED, Say(400, {"error": "invalid_request", "error_description": SECRETS[1], "detail": SECRETS[0]})],
}  # fmt: skip


@pytest.mark.parametrize("write", [False, True], ids=["read", "write"])
@pytest.mark.parametrize("script", FAULTS.values(), ids=FAULTS)
def test_no_fault_shows_a_secret(at, script, write, caplog, capsys):
    """Not in messages, tracebacks, progress, logs of any level, or on standard output."""
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    with faulty(*script) as server:
        at(server)
        with pytest.raises(CrmError) as caught:
            read(told, write)
        shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + repr(vars(caught.value))
        shown += "".join(told) + caplog.text + "".join(capsys.readouterr())
        assert any(one.headers.get("authorization") for one in server.asked)
    for secret in SECRETS:
        assert secret not in shown


def test_a_batch_is_one_call(at):
    def part(number: int, status: int, body: dict) -> str:
        text = json.dumps(body)
        return (
            f"--b\r\nContent-Type: application/http\r\nContent-ID: <response-base + {number}>\r\n\r\n"
            f"HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n{text}\r\n"
        )

    def parts(*given: str) -> Say:
        return Say(200, ("".join(given) + "--b--").encode(), {"content-type": "multipart/mixed; boundary=b"})

    rate = {
        "error": {"code": 403, "message": "slow", "errors": [{"domain": "global", "reason": "userRateLimitExceeded"}]}
    }
    nobody = {
        "error": {
            "code": 400,
            "message": "Bad Request",
            "errors": [{"domain": "global", "reason": "invalidSharingRequest"}],
        }
    }
    whole = parts(part(0, 200, {"id": "1"}), part(1, 403, rate), part(2, 400, nobody))

    def share(**more):
        with google.connect(clock=(time := Time()).clock, sleep=time.sleep, random=lambda: 1.0) as http:
            client = Client(http, check_call)
            permissions = client.drive.permissions()
            bodies = [{"type": "user", "role": "writer", "emailAddress": f"ü{n}@example.com"} for n in range(3)]
            return client, client.batch([permissions.create(fileId="x", body=body, **more) for body in bodies])

    with faulty(whole, Say(body={"id": "2"})) as server:
        at(server)
        client, answers = share(sendNotificationEmail=False)
        assert answers[:2] == [{"id": "1"}, {"id": "2"}]
        assert isinstance(answers[2], RestError)
        assert "no Google account" in str(answers[2])
        assert [call.method for call in client.calls] == ["batch", "permissions.create"]
        assert [one.path.partition("?")[0] for one in server.asked] == [
            "/batch/drive/v3",
            "/drive/v3/files/x/permissions",
        ]
        assert server.asked[0].body.count(b"POST /drive/v3/files/x/permissions") == 3

    fine = parts(*(part(number, 200, {"id": str(number)}) for number in range(3)))
    with faulty(Break(effect=True), Say(200, b"<html>"), fine) as server:  # without mails a second time does no harm
        at(server)
        assert [answer["id"] for answer in share(sendNotificationEmail=False)[1]] == ["0", "1", "2"]
    for fault in (Break(effect=True), parts(part(0, 200, {})), Say(503, b"")):
        with faulty(fault) as server:
            at(server)
            with pytest.raises(LostAnswer) as caught:
                share()
            assert caught.value.method == "batch"
            assert len(server.asked) == 1
