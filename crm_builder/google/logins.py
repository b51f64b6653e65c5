"""The accounts that are logged in: what is kept of each in the user's config folder, readable by nobody else."""

from __future__ import annotations

import json
import os
import re
import stat
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from shlex import quote

import click

from crm_builder.errors import LoginError
from crm_builder.google.hosts import endpoint

CONFIG = "CRM_BUILDER_CONFIG"
FIRST = "main"  # what the first account is called where it is given no name
SHEET = frozenset({"https://www.googleapis.com/auth/drive.file"})
SCRIPT = SHEET | {
    "https://www.googleapis.com/auth/script.projects",
    "https://www.googleapis.com/auth/script.deployments",
}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}")
_FORMAT = 1
# RFC 6749, appendix A: tokens, ids and secrets are of these characters; an access token goes into a header.
_VISIBLE = re.compile(r"[\x20-\x7e]*")
_TOKEN = re.compile(r"[\x21-\x7e]*")
_LATEST = 253_402_300_799.0  # seconds since 1970; the end of the year 9999, the last that a datetime can hold


@dataclass(frozen=True, slots=True)
class Account:
    """One login, without its secrets. `made` is when; `scopes` are what Google granted."""

    name: str
    mail: str
    scopes: frozenset[str]
    made: datetime
    default: bool = False


@dataclass(frozen=True, slots=True)
class Login:
    """All that is kept of a login. Times in seconds since 1970; an expiry of 0 is one that has passed."""

    name: str
    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)
    scopes: tuple[str, ...]
    made: float
    access_token: str = field(default="", repr=False)
    expiry: float = 0.0
    mail: str = ""


def folder() -> Path:
    """The user's config folder; the environment variable CRM_BUILDER_CONFIG names another."""
    return Path(os.environ.get(CONFIG) or click.get_app_dir("crm-builder"))


def accounts() -> list[Account]:
    """Those that are logged in, by name, without the damaged ones. LoginError where others can read what is kept."""
    chosen = chosen_name()
    found = [(name, read(name)) for name in _names()]
    return [_account(login, name == chosen) for name, login in found if login]


def damaged() -> list[str]:
    """A sentence for each login whose file is damaged, with the way out."""
    return [_damage(name) for name in _names() if read(name) is None]


def chosen_name() -> str:
    """The name of the default account, whatever its file holds; "" without one."""
    return _default(_names())


def granted(account: str | None = None) -> frozenset[str]:
    """The scopes that Google granted to an account, the default one where none is named."""
    return frozenset(load(account).scopes)


def load(account: str | None = None) -> Login:
    """The login of an account, the default one where none is named. LoginError where there is none to be used."""
    name = name_of(account)
    found = read(name)
    if found is None:
        raise LoginError(_damage(name))
    return found


def name_of(account: str | None = None) -> str:
    """The name of the account that is meant. LoginError where none is, or nobody is logged in by that name."""
    names = _names()
    name = account or _default(names)
    if not name and names:
        raise LoginError(
            f"{len(names)} accounts are logged in ({', '.join(names)}) and none is the default; say --account NAME, or "
            "choose one: `crm-builder login --default NAME`"
        )
    if not name or name not in names:
        if not names and name in (None, "", FIRST):
            raise LoginError("no Google account is logged in; run `crm-builder login`")
        known = f"; logged in: {', '.join(names)}" if names else ""
        raise LoginError(f"the account `{name}` is not logged in; run `crm-builder login --account {name}`{known}")
    return name


def read(name: str) -> Login | None:
    """The login of an account that is there; None where its file is damaged."""
    content = read_private(_place() / f"{name}.json")
    try:
        kept = json.loads(content)
        if kept.pop("format") != _FORMAT:
            raise ValueError("it is of a later version")
        return _checked(Login(**{**kept, "name": name, "scopes": tuple(kept["scopes"])}))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _damage(name: str) -> str:
    return f"{_place() / f'{name}.json'} is damaged; run `crm-builder login --account {quote(name)}` again"


def _names() -> list[str]:
    place = _place()
    return sorted(path.stem for path in place.glob("*.json")) if place.is_dir() else []


def _checked(login: Login) -> Login:
    """TypeError or ValueError where a part is not of its kind, or could not be used."""
    secrets = (login.client_id, login.client_secret, login.refresh_token)
    fits = (
        all(_VISIBLE.fullmatch(one) for one in secrets)
        and _TOKEN.fullmatch(login.access_token)
        and all(one.isprintable() for one in (login.mail, *login.scopes))
        and all(type(one) in (int, float) and 0 <= one <= _LATEST for one in (login.made, login.expiry))
    )
    if not fits:
        raise ValueError("not what crm-builder wrote")
    return login


def save(login: Login) -> Path:
    """Keeps a login; the first one becomes the default."""
    check_name(login.name)
    place = _place()
    path = place / f"{login.name}.json"
    first = not (place.is_dir() and any(place.glob("*.json")))
    write_private(path, json.dumps({"format": _FORMAT, **asdict(login)}, indent=1).encode())
    if first:
        choose(login.name)
    return path


def save_fresh(login: Login, former: str = "") -> None:
    """Keeps a fresh access token, unless somebody logged out or in again meanwhile.

    `former`: the refresh token that it was asked for with, where Google answered another one.
    """
    with suppress(LoginError):
        if load(login.name).refresh_token == (former or login.refresh_token):
            save(login)


def remove(name: str) -> None:
    """Forgets a login. Fine where it is gone already."""
    place = _place()
    for path in (place / f"{name}.json", *place.glob(f".{name}.json.*")):  # drafts that a kill left behind too
        path.unlink(missing_ok=True)
    if _chosen(place) == name:
        (place / "default").unlink(missing_ok=True)


def choose(name: str) -> None:
    """Makes an account that is logged in the default. LoginError for any other."""
    load(name)
    write_private(_place() / "default", name.encode())


def check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise LoginError(f"`{name}` cannot name an account; use up to 64 letters, digits and . _ @ + -")


def with_token(login: Login, access_token: str, expiry: float, refresh_token: str) -> Login:
    return replace(login, access_token=access_token, expiry=expiry, refresh_token=refresh_token)


def write_private(path: Path, content: bytes) -> None:
    """Writes a file as a whole, that only the user can read, in a folder that only the user can enter."""
    for each in (folder(), path.parent):  # the mode is not that of parents which are made along the way
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
    _check_private(path.parent, 0o700)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # made with mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(draft)
        raise


def read_private(path: Path) -> bytes:
    """LoginError where others than the user can read the file or enter its folder: it may have been read already."""
    _check_private(path.parent, 0o700)
    _check_private(path, 0o600)
    return path.read_bytes()


def _check_private(path: Path, mode: int) -> None:
    if os.name == "nt":  # modes mean nothing there: the user's own folder keeps others out
        return
    found = stat.S_IMODE(path.stat().st_mode)
    if found & 0o077:
        raise LoginError(
            f"{path} can be read by others (mode {found:04o}), so it is not used; "
            f"run `chmod {mode:o} {quote(str(path))}`, and log out and in again if somebody else may have read it"
        )


def _place() -> Path:
    """Logins at a stand-in for Google are kept apart: neither is ever shown the other's tokens."""
    return folder() / ("accounts-trial" if endpoint() else "accounts")


def _chosen(place: Path) -> str:
    try:
        return (place / "default").read_text("utf-8").strip()
    except FileNotFoundError:
        return ""


def _default(names: list[str]) -> str:
    chosen = _chosen(_place())
    return chosen if chosen in names else names[0] if len(names) == 1 else ""


def _account(login: Login, default: bool) -> Account:
    return Account(login.name, login.mail, frozenset(login.scopes), datetime.fromtimestamp(login.made, UTC), default)
