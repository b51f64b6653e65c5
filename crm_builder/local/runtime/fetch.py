"""UrlFetchApp: no request leaves the local run, unless it was given somebody to answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .blobs import Blob
from .objects import Scripted, ScriptError, method, mismatch
from .world import World

_SCOPE = ("https://www.googleapis.com/auth/script.external_request",)
_OPTIONS = {
    *("contentType", "headers", "method", "payload", "validateHttpsCertificates", "followRedirects"),
    *("muteHttpExceptions", "escaping"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a fetcher gives back."""

    status: int = 200
    content: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


Fetcher = Callable[[str, Mapping[str, Any]], Answer]  # address, and the options as the script gave them


class HTTPResponse(Scripted):
    type = "HTTPResponse"
    service = "UrlFetchApp"

    def __init__(self, answer: Answer):
        self._answer = answer

    @method
    def getResponseCode(self) -> int:
        return self._answer.status

    @method
    def getContentText(self, charset: str = "utf-8") -> str:
        return self._answer.content.decode(charset, "replace")

    @method
    def getContent(self) -> bytes:
        return self._answer.content

    @method
    def getHeaders(self) -> dict[str, str]:
        return dict(self._answer.headers)

    @method
    def getAllHeaders(self) -> dict[str, str]:
        return dict(self._answer.headers)

    @method
    def getBlob(self) -> Blob:
        return Blob(self._answer.content, self._answer.headers.get("Content-Type"))


class UrlFetchApp(Scripted):
    type = "UrlFetchApp"
    scopes = _SCOPE
    limited = False

    def __init__(self, world: World, fetcher: Fetcher | None):
        self._world, self._fetcher = world, fetcher

    @method
    def fetch(self, address: str, options: dict[str, Any] | None = None) -> HTTPResponse:
        if not isinstance(address, str) or not isinstance(options or {}, dict):
            raise mismatch(self, "fetch", [address, options])
        return self._fetched(address, options or {})

    @method
    def fetchAll(self, requests: list[Any]) -> list[HTTPResponse]:
        made = [one if isinstance(one, dict) else {"url": one} for one in requests]
        return [self._fetched(one["url"], {key: value for key, value in one.items() if key != "url"}) for one in made]

    def _fetched(self, address: str, options: dict[str, Any]) -> HTTPResponse:
        unknown = sorted(set(options) - _OPTIONS)
        if unknown:
            raise ScriptError(f"The local run knows no option {unknown[0]!r} of UrlFetchApp.fetch.", "TypeError")
        if self._fetcher is None:
            raise ScriptError(f"No request leaves the local run, so {address} was not fetched.")
        answer = self._fetcher(address, options)
        if answer.status >= 400 and not options.get("muteHttpExceptions"):
            text = f"Truncated server response: {answer.content.decode('utf-8', 'replace')[:100]}"
            raise ScriptError(f"Request failed for {address} returned code {answer.status}. {text}")
        return HTTPResponse(answer)
