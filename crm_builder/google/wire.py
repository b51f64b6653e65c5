"""The network under the client: httplib2 with timeouts and gzip, which sends once and says how far it came."""

from __future__ import annotations

import http.client
import selectors
from typing import Any

import httplib2

from crm_builder.errors import LoginError
from crm_builder.google.hosts import located

TIMEOUT = 180.0  # seconds; the service itself gives a request up after as long


class Unsent(OSError):
    """The request did not leave as a whole: nothing of it took effect. Its cause is the `__cause__`."""


class Unanswered(OSError):
    """The request left, and no whole answer came: whether it took effect is not known."""


class Wire:
    """An httplib2-like object. Raises Unsent and Unanswered, and nothing else for whatever the network does; LoginError
    for a token that no header can hold.

    httplib2 repeats a request by itself when the connection ends before an answer comes, writes included; what it is
    given here never looks like that to it. One thread at a time.
    """

    def __init__(self, root: str = "", timeout: float = TIMEOUT):
        self._root = root
        self._http = httplib2.Http(
            timeout=timeout,
            proxy_info=None if root else httplib2.proxy_info_from_environment,
            decode_limit_ratio=10_000.0,  # thousands of blank cells are nearly nothing when packed
        )
        self._http.follow_redirects = False  # none of the services redirects, and a token must not go elsewhere

    def request(self, uri: str, method: str = "GET", body: Any = None, headers: Any = None, **more: Any) -> Any:
        address = located(uri, self._root)
        kind = _Secure if address.startswith("https:") else _Plain
        try:
            return self._http.request(
                address, method, body=body, headers=dict(headers or {}), connection_type=kind, **more
            )
        except (Unsent, Unanswered):
            self.close()
            raise
        except (OSError, ValueError, http.client.HTTPException, httplib2.HttpLib2Error) as error:
            self.close()  # it happened while the answer was read
            raise Unanswered(_said(error)) from error

    def close(self) -> None:
        self._http.close()


class _Once:
    """Tells what failed before a request was handed over from what failed after it."""

    sock: Any

    def connect(self) -> None:
        try:
            super().connect()  # type: ignore[misc]
        except (OSError, httplib2.HttpLib2Error) as error:
            raise Unsent(_said(error)) from error

    def request(self, *arguments: Any, **named: Any) -> None:
        try:
            if self.sock is not None and _is_over(self.sock):
                self.close()  # type: ignore[attr-defined]  # it is opened again by what follows
            super().request(*arguments, **named)  # type: ignore[misc]
        except Unsent:
            raise
        except (ValueError, http.client.InvalidURL):  # either would tell the token or the address
            raise LoginError(
                "the access token or the address of a request holds characters that cannot be sent, so nothing was "
                "sent; run `crm-builder login` again"
            ) from None
        except (OSError, http.client.HTTPException) as error:
            raise Unsent(_said(error)) from error

    def getresponse(self) -> Any:
        try:
            return super().getresponse()  # type: ignore[misc]
        except (OSError, http.client.HTTPException) as error:
            raise Unanswered(_said(error)) from error


class _Plain(_Once, httplib2.HTTPConnectionWithTimeout):
    pass


class _Secure(_Once, httplib2.HTTPSConnectionWithTimeout):
    pass


def _is_over(sock: Any) -> bool:
    """Whether the other end has closed an idle connection: then there is something to read, its end."""
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_READ)
        return bool(selector.select(0))


def _said(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer came in time"
    if isinstance(error, httplib2.ServerNotFoundError) or type(error).__name__ == "gaierror":
        return "the name of the service was not found; is there a connection to the internet?"
    if isinstance(error, http.client.RemoteDisconnected):
        return "the connection was closed without an answer"
    if isinstance(error, http.client.IncompleteRead):
        return "the answer broke off"
    if isinstance(error, ValueError) and not isinstance(error, OSError):  # it may tell what was sent
        return "the answer cannot be read"
    return str(error) or type(error).__name__
