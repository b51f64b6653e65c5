"""Logging in and out: the real OAuth libraries against the stand-in of Google's pages, and the command's words."""

from __future__ import annotations

import json
import logging
import re
import stat
import threading
import traceback
import urllib.error
import urllib.request
import webbrowser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner

from crm_builder import google
from crm_builder.cli import main
from crm_builder.errors import LoginError
from crm_builder.google import Client, logins
from crm_builder.google.login import code_of, keep_client, load_client, log_in
from crm_builder.local.server import serve
from crm_builder.sheets import check_call

from .faulty import Asked, Say, faulty

CODE, TOKEN = "4/the-code", "1//a-token"
INSTALLED = {"installed": {"client_id": "1.apps.googleusercontent.com", "project_id": "p", "client_secret": "GOCSPX-secret",
                           "auth_uri": "https://evil.example/auth", "token_uri": "https://evil.example/token"}}  # fmt: skip


@pytest.fixture(autouse=True)
def config(tmp_path, monkeypatch):
    monkeypatch.setenv("CRM_BUILDER_CONFIG", str(tmp_path / "config"))
    monkeypatch.delenv("CRM_BUILDER_GOOGLE_ENDPOINT", raising=False)
    monkeypatch.delenv("BROWSER", raising=False)


@pytest.fixture
def server(tmp_path, monkeypatch):
    with serve(tmp_path / "workspace") as server:
        monkeypatch.setenv("CRM_BUILDER_GOOGLE_ENDPOINT", server.url)
        yield server


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments):
        return None


def consent(address: str) -> str:
    """Where the page of consent sends the browser to."""
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.build_opener(_Stay).open(address)
    return caught.value.headers["location"]


class Person:
    """Reads what is told, opens the address in it, and pastes what `copies` makes of where it led to."""

    def __init__(self, copies=lambda location: location):
        self.told: list[str] = []
        self._copies = copies

    def paste(self) -> str:
        return self._copies(consent(re.search(r"^http\S+$", "\n".join(self.told), re.MULTILINE)[0]))


@pytest.fixture
def browser(monkeypatch):
    """A browser that says yes, beside the terminal as real ones are."""

    class Browser:
        def open(self, address, new=0, autoraise=True):
            threading.Thread(target=lambda: urllib.request.urlopen(address).read(), daemon=True).start()
            return True

    monkeypatch.setattr(webbrowser, "get", lambda using=None: Browser())


@pytest.mark.parametrize(
    "copies",
    [
        lambda location: location,
        lambda location: f"  '{location}' \n",
        lambda location: location.partition("?")[2],
        lambda location: re.search("code=([^&]*)", location)[1],
    ],
    ids=["the address", "in quotes", "what follows the ?", "the code alone"],
)
def test_a_login_without_a_browser_here(server, copies):
    person = Person(copies)
    made = log_in(load_client(), "main", google.SCRIPT, browser=False, tell=person.told.append, ask=person.paste)
    assert frozenset(made.scopes) == google.SCRIPT
    assert "code_challenge_method=S256" in person.told[0]
    logins.save(made)
    with google.connect() as http:
        assert Client(http, check_call).find_files("k") == []


def test_a_login_through_the_browser(server, browser, capsys):
    made = log_in(load_client(), "main", google.SHEET, browser=True, tell=lambda text: None, ask=lambda: "")
    assert frozenset(made.scopes) == google.SHEET
    assert made.refresh_token
    assert made.access_token
    assert "If no browser opens" in capsys.readouterr().out


def test_the_commands_from_login_to_logout(server, browser):
    def run(*arguments: str) -> str:
        result = CliRunner().invoke(main, arguments, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    assert "Nobody is logged in" in run("login", "--list")
    first = run("login")
    assert re.search(r"logged in as `main`; kept in \S+main.json, which only you can read", first)
    assert "owner@example.com" in first
    assert "up --target google" in first
    second = run("login", "--account", "work", "--scopes", "sheet")
    assert "The default stays `main`" in second
    assert [(one.name, one.mail, one.default, one.scopes) for one in google.accounts()] == [
        ("main", "owner@example.com", True, google.SCRIPT),
        ("work", "owner@example.com", False, google.SHEET),
    ]
    assert re.search(
        r"^\* work +owner@example.com  \d{4}-\d\d-\d\d  drive.file$", run("login", "--default", "work"), re.MULTILINE
    )
    assert "taken back at Google, for every computer" in run("logout")
    assert [one.name for one in google.accounts()] == ["main"]
    assert "taken back" not in run("logout", "--only-here")
    assert google.accounts() == []
    result = CliRunner().invoke(main, ["logout"])
    assert (result.exit_code, result.output.strip()) == (
        1,
        "error: no Google account is logged in; run `crm-builder login`",
    )
    kept = [one.path for one in server.log if one.path.startswith("/revoke")]
    assert len(kept) == 1


def test_a_logout_that_does_not_reach_google_says_so_and_forgets_all_the_same(tmp_path, monkeypatch, server, browser):
    CliRunner().invoke(main, ["login"], catch_exceptions=False)
    with faulty(Say(403, b"{}")) as other:
        monkeypatch.setenv("CRM_BUILDER_GOOGLE_ENDPOINT", other.url)
        result = CliRunner().invoke(main, ["logout"], catch_exceptions=False)
        assert result.exit_code == 0
        assert (
            "permission still holds at Google: remove crm-builder at https://myaccount.google.com/connections"
            in result.output
        )
        assert google.accounts() == []


def test_a_damaged_login_stops_no_other_and_can_be_ended_and_made_again(server, browser):
    def run(*arguments: str) -> str:
        result = CliRunner().invoke(main, arguments, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    run("login")
    run("login", "--account", "work")
    path = logins.folder() / "accounts-trial" / "main.json"
    path.write_text("{")
    listed = run("login", "--list")
    assert "main.json is damaged; run `crm-builder login --account main` again" in listed
    assert re.search(r"^  work ", listed, re.MULTILINE)
    assert "logged in as `main`" in run("login")
    assert {one.name: one.default for one in google.accounts()} == {"main": True, "work": False}
    path.write_text("{")
    revoked = len([one for one in server.log if one.path.startswith("/revoke")])
    assert "is forgotten on this computer" in run("logout")
    assert [one.name for one in google.accounts()] == ["work"]
    assert len([one for one in server.log if one.path.startswith("/revoke")]) == revoked


def test_a_login_says_what_is_switched_off(monkeypatch, browser):
    """The login itself holds: switching the API on is all that is left to do."""
    message = "Google Drive API has not been used in project 1 before or it is disabled."
    off = {"error": {"code": 403, "message": message, "status": "PERMISSION_DENIED", "errors": [
        {"reason": "accessNotConfigured", "extendedHelp": "https://console.developers.google.com/x"}]}}  # fmt: skip
    token = {
        "access_token": "a",
        "refresh_token": "r",
        "expires_in": 3599,
        "token_type": "Bearer",
        "scope": " ".join(google.SHEET),
    }

    def page(asked: Asked) -> Say:
        given = parse_qs(urlsplit(asked.path).query)
        return Say(302, b"", {"location": f"{given['redirect_uri'][0]}?state={given['state'][0]}&code=4/x"}, keep=False)

    with faulty(page, Say(body=token), Say(403, off)) as server:
        monkeypatch.setenv("CRM_BUILDER_GOOGLE_ENDPOINT", server.url)
        result = CliRunner().invoke(main, ["login"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert "Google Drive API is switched off" in result.output
    assert "left unticked: script.deployments, script.projects" in result.output
    assert google.granted() == google.SHEET


@pytest.mark.parametrize(
    ("token", "words"),
    [
        (Say(400, {"error": "invalid_grant", "error_description": "Bad Request"}), "used already or is too old"),
        (Say(401, {"error": "invalid_client", "error_description": f"{CODE} of {TOKEN}"}), "does not know these credentials"),
        (Say(403, {"error": "org_internal"}), "organisation does not allow"),
        (Say(body={"access_token": "a", "expires_in": 1, "token_type": "Bearer", "refresh_token": "r", "scope": "openid"}), "left without the box"),
        (Say(body={"access_token": "a", "expires_in": 1, "token_type": "Bearer"}), "for one hour only"),
        (Say(500, b"<html>"), "Google refused the login"),
        (Say(200, b"{", cut=0, headers={"content-length": "9"}), "was not reached"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_login_that_comes_to_nothing_is_explained_without_a_secret(token, words, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    with faulty(token) as server:
        monkeypatch.setenv("CRM_BUILDER_GOOGLE_ENDPOINT", server.url)
        client = load_client()
        with pytest.raises(LoginError, match=words) as caught:
            log_in(client, "main", google.SHEET, browser=False, tell=lambda text: None, ask=lambda: CODE)
    shown = "".join(traceback.format_exception(caught.value)) + caplog.text
    assert TOKEN not in shown
    assert CODE not in shown
    assert client.client_secret not in shown.replace("crm-builder-trial", "")


def test_what_is_pasted():
    assert code_of("http://127.0.0.1:53682/?state=s&code=4%2F0Ab&scope=x", "s") == "4/0Ab"
    assert code_of("x" * 40, "s") == "x" * 40, "Google promises no form"
    assert code_of("4%2F0Ab", "s") == code_of("4/0Ab", "s") == "4/0Ab"
    for pasted, words in [
        ("http://127.0.0.1:53682/?state=other&code=4", "another attempt"),
        ("http://127.0.0.1:53682/?error=access_denied", "“No”.*test user"),
        ("http://127.0.0.1:53682/", "holds no code"),
        ("http://127.0.0.1:53682/?code=&state=s", "holds no code"),
        ("", "holds no code"),
        ("hello", "^that is not the address; it begins with http://127.0.0.1:53682/$"),
        ("I do not know what to paste", "that is not the address"),
    ]:
        with pytest.raises(LoginError, match=words):
            code_of(pasted, "s")


@pytest.mark.parametrize("closed", [True, False], ids=["closed", "at its end"])
def test_where_nothing_can_be_pasted_it_is_said_who_is_logged_in(server, monkeypatch, closed):
    with CliRunner().isolation(input="") as (out, err, _):
        if closed:
            monkeypatch.setattr("sys.stdin", None)
        with pytest.raises(SystemExit) as caught:
            main(["login", "--no-browser", "--scopes", "sheet"], standalone_mode=False)
        said, failed = out.getvalue().decode(), err.getvalue().decode()
    assert caught.value.code == 1
    assert f"This is a trial: {server.url} stands in for Google" in said
    assert said.index("it will have no menu") < said.index("Open this address")
    assert "error: nothing was pasted; you are not logged in" in failed
    assert "Aborted" not in said + failed


def test_a_login_at_a_stand_in_that_does_not_run_speaks_of_it(monkeypatch):
    with faulty(Say()) as server:
        pass
    monkeypatch.setenv("CRM_BUILDER_GOOGLE_ENDPOINT", server.url)
    with pytest.raises(LoginError, match=f"^no server answers at {server.url}; is crm-builder serve running"):
        log_in(load_client(), "main", google.SHEET, browser=False, tell=lambda text: None, ask=lambda: CODE)


def test_the_client_of_the_user_is_kept_for_the_user_alone(tmp_path):
    path = tmp_path / "client_secret_1.json"
    path.write_text(json.dumps(INSTALLED))
    kept = keep_client(path)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    client = load_client()
    assert (client.client_id, client.client_secret) == (INSTALLED["installed"]["client_id"], "GOCSPX-secret")
    assert "GOCSPX" not in repr(client)
    assert "evil" not in kept.read_text(), "where tokens are sent is not the file's to say"
    kept.chmod(0o644)
    with pytest.raises(LoginError, match=f"chmod 600 {kept}"):
        load_client()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"web": INSTALLED["installed"]}, "“Web application”; make one of the type “Desktop app”"),
        ({"type": "service_account", "private_key": "k"}, "service account, which can own no files"),
        ({"installed": {"client_id": "x"}}, "not the file of an OAuth client"),
        ({"installed": []}, "not the file of an OAuth client"),
        ({"type": "authorized_user", "refresh_token": "r"}, "not the file of an OAuth client"),
        ([], "is no JSON file of an OAuth client"),
        ("x", "is no JSON file of an OAuth client"),
    ],
    ids=["web", "service account", "no secret", "a list", "a login", "nothing", "a text"],
)
def test_other_files_are_refused_with_the_way_to_the_right_one(tmp_path, content, words):
    path = tmp_path / "given.json"
    path.write_text(json.dumps(content))
    with pytest.raises(LoginError, match=words) as caught:
        keep_client(path)
    assert "Desktop app" in str(caught.value)
    assert not (logins.folder() / "credentials").exists()


def test_without_credentials_the_way_to_them_is_told():
    result = CliRunner().invoke(main, ["login"])
    assert result.exit_code == 1
    for step in (
        "projectcreate",
        "library/sheets.googleapis.com",
        "library/drive",
        "library/script",
        "Publish app",
        "Desktop app",
        "https://script.google.com/home/usersettings",
        "--credentials FILE",
    ):
        assert step in result.output
    assert re.findall(r"^  (\d)\. ", result.output, re.MULTILINE) == ["1", "2", "3", "4"], "as in the README"
    missing = CliRunner().invoke(main, ["login", "--credentials", "/nowhere/x.json"])
    assert missing.exit_code == 1
    assert "/nowhere/x.json: No such file" in missing.output


def test_the_environment_is_as_before(server):
    import os

    before = dict(os.environ)
    with pytest.raises(LoginError):
        log_in(load_client(), "main", google.SHEET, browser=False, tell=lambda text: None, ask=lambda: "wrong")
    assert dict(os.environ) == before


def test_a_terminal_browser_counts_as_none(monkeypatch):
    """It would wait for this program, and this program for it."""
    from crm_builder.google.login import _has_browser

    monkeypatch.setattr(webbrowser, "get", lambda using=None: webbrowser.GenericBrowser("w3m"))
    assert not _has_browser()
    monkeypatch.setenv("BROWSER", "w3m")
    assert _has_browser()

    def none(using=None):
        raise webbrowser.Error("none")

    monkeypatch.setattr(webbrowser, "get", none)
    assert not _has_browser()


def test_the_folder_is_where_the_platform_keeps_such_things(monkeypatch):
    monkeypatch.delenv("CRM_BUILDER_CONFIG")
    monkeypatch.setenv("XDG_CONFIG_HOME", "/somewhere")
    monkeypatch.setattr("sys.platform", "linux")
    assert logins.folder() == Path("/somewhere/crm-builder")
