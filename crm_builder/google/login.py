"""Logging in: the OAuth client of the user's own Google Cloud project, Google's page, and what comes back from it."""

from __future__ import annotations

import json
import os
import re
import time
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from crm_builder.errors import LoginError
from crm_builder.google import hosts, logins
from crm_builder.google.auth import AUDIENCE, CLIENTS, CONNECTIONS
from crm_builder.google.logins import SHEET, Login
from crm_builder.google.messages import NO_SERVER, SWITCH

PATIENCE = 600  # seconds that somebody may look at Google's page
# Nothing listens there: the browser's address bar keeps the answer for the user to copy. PKCE makes the code useless
# to whoever else should see it.
NOWHERE = "http://127.0.0.1:53682/"

STEPS = f"""Google needs to know which program asks. You make that known once, in five minutes and free of charge:
  1. Make a project:                      https://console.cloud.google.com/projectcreate
     and switch three APIs on in it:      https://console.cloud.google.com/apis/library/sheets.googleapis.com
                                          https://console.cloud.google.com/apis/library/drive.googleapis.com
                                          https://console.cloud.google.com/apis/library/script.googleapis.com
  2. Say who may log in, “External”:      {AUDIENCE}
     and press “Publish app” there, or every login ends after 7 days.
  3. “Create client”, type “Desktop app”: {CLIENTS}
     and download its JSON file.
  4. In your own settings, switch on the
     “Google Apps Script API”:            {SWITCH}
Then run:                                 crm-builder login --credentials FILE"""

_NO_CODE = "that holds no code; copy the whole address of the page that could not be shown, and try again"
# A code alone. Google shows them as 4/… (developers.google.com/identity/protocols/oauth2/native-app) and promises no
# form; a word that somebody types is shorter.
_CODE = re.compile(r"(?:4(?:/|%2F)|(?=.{20}))[\w.~%/+-]+", re.ASCII | re.IGNORECASE)
DONE_PAGE = "crm-builder is logged in. You may close this window and go back to the terminal."


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """The program as Google knows it."""

    client_id: str
    client_secret: str = field(repr=False)


def keep_client(path: Path) -> Path:
    """Copies a downloaded client file into the config folder; the path of the copy. LoginError for any other file."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise LoginError(
            f"{path}: {error.strerror}; say where the downloaded JSON file of your OAuth client is"
        ) from None
    client = _client(content, str(path))
    kept = {"installed": {"client_id": client.client_id, "client_secret": client.client_secret}}
    target = _client_path()
    logins.write_private(target, json.dumps(kept, indent=1).encode())
    return target


def load_client() -> OAuthClient:
    """The kept client; at a stand-in for Google one of its own will do. LoginError with the way to get one."""
    path = _client_path()
    if path.exists():
        return _client(logins.read_private(path), str(path))
    if hosts.endpoint():
        return OAuthClient("crm-builder-trial", "trial")
    raise LoginError(f"there are no credentials yet.\n{STEPS}")


def log_in(
    client: OAuthClient,
    name: str,
    scopes: frozenset[str],
    *,
    browser: bool,
    tell: Callable[[str], object],
    ask: Callable[[], str],
) -> Login:
    """Leads the user over Google's page. Without a browser here `ask` gives what the user copied from one elsewhere.

    The login is not kept yet. LoginError where nothing came of it.
    """
    from google_auth_oauthlib.flow import InstalledAppFlow

    logins.check_name(name)
    root = hosts.endpoint()
    config = {
        "client_id": client.client_id,
        "client_secret": client.client_secret,
        "auth_uri": hosts.located(hosts.AUTH, root),
        "token_uri": hosts.located(hosts.TOKEN, root),
    }
    flow = InstalledAppFlow.from_client_config({"installed": config}, scopes=sorted(scopes))
    flow.oauth2session.trust_env = not root  # no proxy stands between two ends of one computer
    with _oauthlib(root), _told(root):
        if browser and _has_browser():
            _through_browser(flow)
        else:
            _by_hand(flow, tell, ask)
    return _login(flow, client, name, scopes)


def _through_browser(flow: Any) -> None:
    # prompt: otherwise a second login brings no refresh token
    flow.run_local_server(
        host="127.0.0.1",
        port=0,
        authorization_prompt_message="If no browser opens, open this address:\n{url}",
        success_message=DONE_PAGE,
        timeout_seconds=PATIENCE,
        prompt="consent",
    )


def _by_hand(flow: Any, tell: Callable[[str], object], ask: Callable[[], str]) -> None:
    flow.redirect_uri = NOWHERE
    address, state = flow.authorization_url(prompt="consent")
    tell(
        f"Open this address in a browser on any computer:\n\n{address}\n\n"
        "Log in and allow it. The browser then tries to show a page that begins with\n"
        f"{NOWHERE} and says that it cannot: that is as it should be.\n"
        "Copy the whole address of that page, and paste it here."
    )
    flow.fetch_token(code=code_of(ask(), state), timeout=60)


def code_of(pasted: str, state: str) -> str:
    """The code in what the user pasted: the whole address, a part of it, or the code alone."""
    text = pasted.strip().strip("'\"")
    if "code=" not in text and "error=" not in text:
        if not text or text.startswith("http"):
            raise LoginError(_NO_CODE)
        if not _CODE.fullmatch(text):
            raise LoginError(f"that is not the address; it begins with {NOWHERE}")
        return unquote(text)
    given = parse_qs(urlsplit(text).query or text.lstrip("?"))
    if "error" in given:
        raise LoginError(_refused(given["error"][0]))
    if given.get("state", [state]) != [state]:
        raise LoginError("that address belongs to another attempt to log in; run `crm-builder login` again")
    if not given.get("code"):
        raise LoginError(_NO_CODE)
    return given["code"][0]


def _login(flow: Any, client: OAuthClient, name: str, scopes: frozenset[str]) -> Login:
    credentials = flow.credentials
    given = credentials.granted_scopes
    granted = frozenset((given.split() if isinstance(given, str) else given) or scopes)
    if not granted >= SHEET:
        raise LoginError(
            "Google's page was left without the box that lets crm-builder make its own files, so nothing can be done; "
            "run `crm-builder login` again and tick it"
        )
    if not credentials.refresh_token:
        raise LoginError(f"Google gave a login for one hour only; remove crm-builder at {CONNECTIONS} and log in again")
    return Login(
        name=name,
        client_id=client.client_id,
        client_secret=client.client_secret,
        refresh_token=credentials.refresh_token,
        scopes=tuple(sorted(granted)),
        made=time.time(),
        access_token=credentials.token,
        expiry=credentials.expiry.replace(tzinfo=UTC).timestamp(),
    )


def _client_path() -> Path:
    return logins.folder() / ("credentials-trial" if hosts.endpoint() else "credentials") / "client.json"


def _client(content: bytes, where: str) -> OAuthClient:
    try:
        found = json.loads(content)
        kind = found.get("type", "")
    except (ValueError, AttributeError, RecursionError):
        raise LoginError(f"{where} is no JSON file of an OAuth client.\n{STEPS}") from None
    if kind == "service_account":
        raise LoginError(
            f"{where} belongs to a service account, which can own no files and run no scripts; make a client of the "
            f"type “Desktop app” at {CLIENTS}"
        )
    if "web" in found:
        raise LoginError(f"{where} is of the type “Web application”; make one of the type “Desktop app” at {CLIENTS}")
    try:
        client = OAuthClient(found["installed"]["client_id"], found["installed"]["client_secret"])
        parts = (client.client_id, client.client_secret)
        if not all(isinstance(one, str) and one and one.isprintable() for one in parts):
            raise ValueError
    except (KeyError, TypeError, ValueError):
        raise LoginError(f"{where} is not the file of an OAuth client.\n{STEPS}") from None
    return client


@contextmanager
def _oauthlib(root: str) -> Iterator[None]:
    """What oauthlib only takes from the environment: that fewer boxes may be ticked, and plain HTTP at a stand-in."""
    switches = {"OAUTHLIB_RELAX_TOKEN_SCOPE": "1", **({"OAUTHLIB_INSECURE_TRANSPORT": "1"} if root else {})}
    before = {name: os.environ.get(name) for name in switches}
    os.environ.update(switches)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _told(root: str) -> Iterator[None]:
    """Without the causes: they may hold the code, the tokens or the client's secret."""
    from google_auth_oauthlib.flow import WSGITimeoutError
    from oauthlib.oauth2 import MismatchingStateError, OAuth2Error
    from requests import ConnectionError, RequestException

    try:
        yield
    except MismatchingStateError:
        raise LoginError("the answer belongs to another attempt to log in; run `crm-builder login` again") from None
    except OAuth2Error as error:
        raise LoginError(_refused(str(error.error))) from None
    except WSGITimeoutError:
        raise LoginError(
            f"nobody answered on Google's page in {PATIENCE // 60} minutes; run `crm-builder login` again, with "
            "--no-browser where the browser is on another computer"
        ) from None
    except RequestException as error:
        if root and isinstance(error, ConnectionError):
            raise LoginError(NO_SERVER.format(root=root)) from None
        raise LoginError(
            f"Google was not reached ({type(error).__name__}); check the connection to the internet and log in again"
        ) from None


def _refused(word: str) -> str:
    """Google's word for a login that came to nothing."""
    if word == "access_denied":
        return (
            "Google's page was left with “No”. If it did not let you say yes: publish the app, or add yourself as a "
            f"test user, at {AUDIENCE}; then run `crm-builder login` again"
        )
    if word in ("invalid_client", "deleted_client", "unauthorized_client"):
        return (
            f"Google does not know these credentials any more; download the file of your client again at {CLIENTS} and "
            "run `crm-builder login --credentials FILE`"
        )
    if word in ("admin_policy_enforced", "org_internal"):
        return "your organisation does not allow this program; log in with another account, or ask its administrators"
    if word == "invalid_grant":
        return "the code was used already or is too old; run `crm-builder login` again and paste the new one"
    if word == "invalid_scope":
        return "Google does not know one of the permissions asked for; please report this"
    return f"Google refused the login ({word}); run `crm-builder login` again"


def _has_browser() -> bool:
    """One that shows a page beside the terminal: a browser inside of it would wait for us, and we for it."""
    try:
        found = webbrowser.get()
    except webbrowser.Error:
        return False
    return bool(os.environ.get("BROWSER")) or type(found) is not webbrowser.GenericBrowser
