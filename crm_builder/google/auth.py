"""Tokens on their way: each request carries an access token, which is made anew when it is over or refused."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from crm_builder.errors import LoginError, LostAnswer, RestError
from crm_builder.google import hosts, logins
from crm_builder.google.client import Http
from crm_builder.google.logins import Login
from crm_builder.google.refusals import refusal

Tell = Callable[[str], object]

AUDIENCE = "https://console.cloud.google.com/auth/audience"
CONNECTIONS = "https://myaccount.google.com/connections"
CLIENTS = "https://console.cloud.google.com/auth/clients"
_NOT_NOW = "the login could not be renewed just now; run the same command again in a few minutes"
_FORM = {"content-type": "application/x-www-form-urlencoded"}

# What these libraries log when somebody turns logging on holds tokens and the client's secret.
for _name in ("google.auth", "google.oauth2", "google_auth_httplib2", "oauthlib", "requests_oauthlib"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class Authorized:
    """An http object whose requests carry the account's access token.

    `tokens` is what requests for a fresh token go through: an http object that repeats them. LoginError where Google
    no longer accepts the login.
    """

    def __init__(self, http: Http, login: Login, tokens: Http):
        from google.oauth2.credentials import Credentials  # late: cryptography and more

        self._http, self._login, self._tokens = http, login, tokens
        self._credentials = Credentials(
            login.access_token or None,
            refresh_token=login.refresh_token,
            token_uri=hosts.TOKEN,
            client_id=login.client_id,
            client_secret=login.client_secret,
            expiry=datetime.fromtimestamp(login.expiry, UTC).replace(tzinfo=None),
        )

    def request(self, uri: str, method: str = "GET", body: Any = None, headers: Any = None, **more: Any) -> Any:
        if not self._credentials.valid:
            self.renew()
        carried = dict(headers or {})
        self._credentials.apply(carried)
        return self._http.request(uri, method=method, body=body, headers=carried, **more)

    def renew(self) -> None:
        """Gets a fresh access token and keeps it. RestError where the service of the tokens does not answer."""
        from google.auth.exceptions import RefreshError

        try:
            self._credentials.refresh(_Ask(self._tokens))
        except RefreshError as error:
            raise LoginError(no_longer(self._login, _words(error), time.time())) from None
        except LostAnswer as error:  # of the token: what the caller asked for was not sent
            raise RestError(0, error.code, error.message, told=_NOT_NOW) from None
        expiry = self._credentials.expiry
        former = self._login.refresh_token
        self._login = logins.with_token(
            self._login,
            self._credentials.token,
            expiry.replace(tzinfo=UTC).timestamp() if expiry else 0.0,
            self._credentials.refresh_token or former,  # the service may answer another one
        )
        logins.save_fresh(self._login, former)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What google-auth expects of a transport's answer."""

    status: int
    headers: Mapping[str, str]
    data: bytes


class _Ask:
    """What google-auth expects of a transport."""

    def __init__(self, http: Http):
        self._http = http

    def __call__(
        self, url: str, method: str = "GET", body: Any = None, headers: Any = None, timeout: Any = None, **more: Any
    ) -> _Answer:
        response, content = self._http.request(url, method=method, body=body, headers=dict(headers or {}))
        return _Answer(int(response.status), response, content)


def take_back(login: Login, tell: Tell = lambda text: None) -> bool:
    """Takes the permission back at Google; False where it knew nothing of it. RestError where it is not reached."""
    from urllib.parse import urlencode

    from crm_builder.google.retry import Patience, Retrying
    from crm_builder.google.wire import Wire

    wire = Wire(hosts.endpoint(), timeout=30)
    try:
        http = Retrying(wire, tell=tell, patience=Patience(quota=20, service=20, network=10))
        body = urlencode({"token": login.refresh_token})
        response, content = http.request(hosts.REVOKE, method="POST", body=body, headers=_FORM)
    finally:
        wire.close()
    if response.status in (200, 400):  # 400: expired or revoked before
        return bool(response.status == 200)
    raise RestError(int(response.status), "", refusal(int(response.status), content).message, "revoke")


def whose(name: str, tell: Tell = lambda text: None) -> str:
    """The mail address of an account, which is then kept with its login; "" where Drive does not say. RestError."""
    from crm_builder.google.client import Client
    from crm_builder.google.connection import connect

    with connect(name, tell=tell) as http:
        client = Client(http, lambda method, body: None)
        answer = client.call(client.drive.about().get(fields="user(emailAddress)"))
    mail = str(answer.get("user", {}).get("emailAddress", ""))
    logins.save(replace(logins.load(name), mail=mail))
    return mail


def no_longer(login: Login, said: str, now: float) -> str:
    """Why a login no longer holds, and the way out. `said` is the word of Google's token service."""
    again = f"run `crm-builder login --account {login.name}` again"
    days = int((now - login.made) // 86_400)
    who = f"Google no longer accepts the login of the account `{login.name}`, made {_days(days)}, and nothing was done"
    if said in ("invalid_client", "deleted_client", "unauthorized_client"):
        return (
            f"{who}: the OAuth client that it was made with is gone, or its secret is another one; download its file "
            f"again at {CLIENTS}, and {again} with --credentials FILE"
        )
    if said in ("invalid_rapt", "reauth"):
        return f"{who}: your organisation asks for a new login now and then; {again}"
    if said in ("invalid_grant", ""):
        return (
            f"{who}; {again}. If this happens every 7 days: that is how long a login holds while the app's "
            f"publishing status is “Testing”; press “Publish app” at {AUDIENCE} first, then log in. Otherwise the "
            f"access was taken away at {CONNECTIONS}, or was not used for six months"
        )
    return f"{who} ({said}); {again}"


def _days(days: int) -> str:
    return "today" if days < 1 else "yesterday" if days == 1 else f"{days} days ago"


def _words(error: Any) -> str:
    """The service's word for it, and no more: what else the exception holds may not be for every eye."""
    for part in error.args:
        if isinstance(part, Mapping):
            return str(part.get("error_subtype") or part.get("error") or "")
        if isinstance(part, str) and "eauthentication" in part:
            return "reauth"
    return ""
