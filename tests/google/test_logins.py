"""What is kept of a login: where, readable by whom, which is the default; and what a stand-in for Google may see."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from crm_builder import google
from crm_builder.errors import CrmError, LoginError
from crm_builder.google import logins
from crm_builder.google.hosts import located
from crm_builder.google.logins import Login

LOGIN = Login(
    "main", "id", "the-secret", "the-refresh-token", tuple(sorted(google.SHEET)), 1_700_000_000.0, "the-access-token"
)


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CRM_BUILDER_CONFIG", str(tmp_path / "config"))
    monkeypatch.delenv("CRM_BUILDER_GOOGLE_ENDPOINT", raising=False)
    return tmp_path / "config"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_login_comes_back_as_it_was_kept(config):
    path = logins.save(LOGIN)
    assert logins.load() == logins.load("main") == LOGIN
    assert (mode(path), mode(path.parent), mode(config)) == (0o600, 0o700, 0o700)
    assert not [one for one in path.parent.iterdir() if one.name.startswith(".")]
    account = google.accounts()[0]
    assert (account.name, account.default, account.scopes) == ("main", True, google.SHEET)
    assert google.granted() == google.SHEET


@pytest.mark.parametrize("bits", [0o640, 0o604, 0o666, 0o620])
def test_a_login_that_others_can_read_is_refused_with_the_way_out(bits):
    path = logins.save(LOGIN)
    path.chmod(bits)
    for call in (logins.load, google.accounts, google.granted):
        with pytest.raises(LoginError, match=rf"can be read by others \(mode {bits:04o}\).*`chmod 600 {path}`"):
            call()
    path.chmod(0o600)
    assert logins.load() == LOGIN


def test_a_folder_that_others_can_enter_is_refused_for_reading_and_for_writing():
    path = logins.save(LOGIN)
    path.parent.chmod(0o755)
    for call in (logins.load, lambda: logins.save(LOGIN)):
        with pytest.raises(LoginError, match=f"`chmod 700 {path.parent}`"):
            call()


def test_nobody_is_logged_in():
    assert google.accounts() == []
    for name in (None, "main"):
        with pytest.raises(LoginError, match=r"^no Google account is logged in; run `crm-builder login`$"):
            logins.load(name)


def test_the_first_login_stays_the_default_until_another_is_chosen():
    for name in ("work", "home"):
        logins.save(replace(LOGIN, name=name))
    assert logins.load().name == "work"
    logins.choose("home")
    assert logins.load().name == "home"
    assert [one.default for one in google.accounts()] == [True, False]
    with pytest.raises(
        LoginError, match="`away` is not logged in; run `crm-builder login --account away`; logged in: home, work"
    ):
        logins.choose("away")


def test_where_the_default_is_gone_one_of_several_must_be_named():
    for name in ("a", "b", "c"):
        logins.save(replace(LOGIN, name=name))
    logins.remove("a")
    with pytest.raises(LoginError, match=r"2 accounts are logged in .b, c. and none is the default"):
        logins.load()
    assert not any(one.default for one in google.accounts())
    logins.remove("b")
    assert logins.load().name == "c"
    left = logins.folder() / "accounts" / ".c.json.x1"
    left.write_text("what a kill left behind")
    logins.remove("c")
    logins.remove("c")
    assert not left.exists()


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../x", "-x", " ", "a b", "x" * 65, "ä", "default.json/"])
def test_names_that_are_no_file_names_are_refused(name):
    with pytest.raises(LoginError, match="cannot name an account"):
        logins.save(replace(LOGIN, name=name))


@pytest.mark.parametrize("name", ["me@example.com", "client-1", "A.b_c+d"])
def test_names_that_people_choose_are_taken(name):
    logins.save(replace(LOGIN, name=name))
    assert logins.load(name).name == name


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"{}", b'{"format": 2}', b'{"format": 1, "name": "main"}', b"\xff", b"[" * 40_000],
    ids=lambda content: content[:9].decode("latin-1") or "nothing",
)
def test_a_damaged_file_is_told(content):
    path = logins.save(LOGIN)
    path.write_bytes(content)
    with pytest.raises(LoginError, match=r"main\.json is damaged; run `crm-builder login --account main` again"):
        logins.load()


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("access_token", "bad\r\nX: 1"), ("access_token", "tök€n"), ("access_token", 5), ("refresh_token", "a\nb"),
        ("refresh_token", None), ("client_id", "\ud800"), ("client_secret", []), ("mail", 1), ("scopes", [1, 2]),
        ("scopes", None), ("expiry", "x"), ("expiry", 1e300), ("expiry", None), ("expiry", float("nan")),
        ("expiry", True), ("made", None), ("made", -1), ("made", 10**30),
    ],
)  # fmt: skip
def test_a_part_of_another_kind_is_damage_and_is_not_shown(part, value):
    path = logins.save(LOGIN)
    path.write_text(json.dumps({**json.loads(path.read_text()), part: value}))
    with pytest.raises(LoginError) as caught:
        logins.load()
    assert str(caught.value) == f"{path} is damaged; run `crm-builder login --account main` again"


def test_a_write_that_is_cut_off_leaves_what_was_there(monkeypatch):
    logins.save(LOGIN)

    def cut(handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", cut)
    with pytest.raises(KeyboardInterrupt):
        logins.save(replace(LOGIN, access_token="another"))
    assert logins.load() == LOGIN
    assert sorted(path.name for path in (logins.folder() / "accounts").iterdir()) == ["default", "main.json"]


def test_a_fresh_token_is_not_kept_for_who_logged_out_or_in_again_meanwhile():
    path = logins.save(LOGIN)
    logins.save_fresh(replace(LOGIN, access_token="fresh"))
    assert logins.load().access_token == "fresh"
    logins.save(replace(LOGIN, refresh_token="of the new login"))
    logins.save_fresh(replace(LOGIN, access_token="fresher"))
    assert logins.load().refresh_token == "of the new login"
    assert logins.load().access_token == LOGIN.access_token
    path.unlink()
    logins.save_fresh(replace(LOGIN, access_token="freshest"))
    assert google.accounts() == []


def test_no_secret_is_shown_by_a_login():
    assert not {"the-secret", "the-refresh-token", "the-access-token"} & set(repr(LOGIN).replace("'", " ").split())
    assert "the-" not in repr(LOGIN) + str(LOGIN)


def test_logins_at_a_stand_in_are_kept_apart(monkeypatch):
    logins.save(LOGIN)
    monkeypatch.setenv("CRM_BUILDER_GOOGLE_ENDPOINT", "http://127.0.0.1:1")
    assert google.accounts() == []
    logins.save(replace(LOGIN, refresh_token="trial"))
    monkeypatch.delenv("CRM_BUILDER_GOOGLE_ENDPOINT")
    assert logins.load().refresh_token == "the-refresh-token"


@pytest.mark.parametrize(
    "root",
    [
        "http://example.com",
        "https://127.0.0.1:1",
        "http://127.0.0.1.example.com",
        "127.0.0.1:80",
        "http://10.0.0.1",
        "x",
        "http://[::1",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:0",
        "http://127.0.0.1:abc",
        "http://127.0.0.1:1 /x",
        "http://me@127.0.0.1:1",
    ],
)
def test_only_this_computer_may_stand_in_for_google(root, monkeypatch):
    monkeypatch.setenv("CRM_BUILDER_GOOGLE_ENDPOINT", root)
    with pytest.raises(CrmError, match="may only name this computer"):
        google.endpoint()


@pytest.mark.parametrize("root", ["http://[::1]:8080", "http://localhost", "HTTP://127.0.0.1:65535/a/b"])
def test_a_root_on_this_computer_is_taken(root, monkeypatch):
    monkeypatch.setenv("CRM_BUILDER_GOOGLE_ENDPOINT", root)
    assert google.endpoint() == root


def test_every_host_of_google_is_found_at_the_root(monkeypatch):
    monkeypatch.setenv("CRM_BUILDER_GOOGLE_ENDPOINT", "http://127.0.0.1:8080/")
    root = google.endpoint()
    assert (
        located("https://sheets.googleapis.com/v4/spreadsheets/x?fields=a%2Cb", root)
        == "http://127.0.0.1:8080/v4/spreadsheets/x?fields=a%2Cb"
    )
    assert located("https://www.googleapis.com/drive/v3/files", root) == "http://127.0.0.1:8080/drive/v3/files"
    assert located("https://script.googleapis.com/v1/projects", root) == "http://127.0.0.1:8080/v1/projects"
    with pytest.raises(CrmError, match=r"example\.com is no host of Google's"):
        located("https://example.com/", root)
    assert located("https://example.com/", "") == "https://example.com/"


def test_what_is_kept_names_its_format(config):
    path = logins.save(LOGIN)
    assert json.loads(path.read_text())["format"] == 1
    assert path == config / "accounts" / "main.json"
