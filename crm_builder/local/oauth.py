"""Stand-ins for Google's OAuth pages: consent is given at once, tokens say which scopes they were given for.

Nothing here is secret and nothing is checked but the form: whoever can reach the address can have a token.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import secrets
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from .exchange import Answer, Request, json_answer
from .permissions import OWNER_EMAIL, number

_LIFETIME = 3599  # seconds, what Google answers
_MOST_CODES = 1000
# Addresses of this computer, in printable ASCII only: they go into a header. No "\", which browsers read as "/" and
# others as part of the host; no fragment (RFC 6749, 3.1.2).
_LOOPBACK = re.compile(
    r'http://(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?(?:[/?][!"$-\[\]-~]*)?', re.IGNORECASE | re.ASCII
)
_JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_PATHS = {
    "/o/oauth2/v2/auth": "_consent",
    "/o/oauth2/auth": "_consent",
    "/token": "_token",
    "/oauth2/v4/token": "_token",
    "/revoke": "_revoke",
    "/o/oauth2/revoke": "_revoke",
}
_ACCESS, _REFRESH = "ya29.local-", "1//local-"


@dataclass(frozen=True)
class _Code:
    """What a code was given for."""

    client: str
    redirect: str
    scope: str
    challenge: str
    plain: bool  # the challenge is the verifier itself


def takes(path: str) -> bool:
    return path in _PATHS


def scopes_of(token: str) -> frozenset[str] | None:
    """The scopes that an access token of ours was given for; None for any other token, which may do everything."""
    scope = _scope_in(token, _ACCESS)
    return None if scope is None else frozenset(scope.split())


class OAuth:
    """The codes given and not yet used, and the tokens taken back; forgotten when the server ends."""

    def __init__(self) -> None:
        self._codes: dict[str, _Code] = {}
        self._revoked: set[str] = set()

    def answer(self, request: Request) -> Answer:
        made: Answer = getattr(self, _PATHS[request.path])(request)
        return made

    def is_revoked(self, token: str) -> bool:
        return token in self._revoked

    def _consent(self, request: Request) -> Answer:
        """Redirects with a code and the state; with access_denied where login_hint begins with "denied"."""
        asked = {**dict(request.query), **_form(request)}
        redirect = asked.get("redirect_uri", "")
        for name in ("client_id", "redirect_uri", "response_type", "scope"):
            if not asked.get(name):
                return _page(400, f"Error 400: invalid_request. Missing required parameter: {name}")
        if not _LOOPBACK.fullmatch(redirect):
            return _page(400, "Error 400: redirect_uri_mismatch. Only addresses of this computer are redirected to.")
        if asked["response_type"] != "code":
            return _page(400, "Error 400: unsupported_response_type. Only response_type=code is answered.")
        state = {"state": asked["state"]} if "state" in asked else {}
        if asked.get("login_hint", "").startswith("denied"):
            return _redirect(redirect, {"error": "access_denied", **state})
        code = "4/local-" + secrets.token_urlsafe(24)
        while len(self._codes) >= _MOST_CODES:
            del self._codes[next(iter(self._codes))]
        plain = asked.get("code_challenge_method", "plain") == "plain"
        self._codes[code] = _Code(asked["client_id"], redirect, asked["scope"], asked.get("code_challenge", ""), plain)
        return _redirect(redirect, {**state, "code": code, "scope": asked["scope"]})

    def _token(self, request: Request) -> Answer:
        form = _form(request)
        grant = form.get("grant_type", "")
        if grant == "authorization_code":
            return self._of_code(form)
        if grant == "refresh_token":
            return self._of_refresh(form)
        if grant == _JWT:
            return _of_assertion(form.get("assertion", ""))
        if not grant:
            return _wrong("invalid_request", "Missing required parameter: grant_type")
        return _wrong("unsupported_grant_type", f"Invalid grant_type: {grant}")

    def _of_code(self, form: dict[str, str]) -> Answer:
        code = self._codes.pop(form.get("code", ""), None)
        if code is None:
            return _wrong("invalid_grant", "Malformed auth code.")
        client = form.get("client_id", code.client)  # a client may name itself in the Authorization header instead
        if client != code.client:
            return _wrong("unauthorized_client", "Unauthorized")
        if form.get("redirect_uri", "") != code.redirect:
            return _wrong("redirect_uri_mismatch", "Bad Request")
        if code.challenge:
            verifier = form.get("code_verifier", "")
            digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
            if not verifier:
                return _wrong("invalid_grant", "Missing code verifier.")
            if code.challenge != (verifier if code.plain else digest):
                return _wrong("invalid_grant", "Invalid code verifier.")
        return _granted(code.scope, {"refresh_token": _token_for(_REFRESH, code.scope)}, client)

    def _of_refresh(self, form: dict[str, str]) -> Answer:
        """Any refresh token is taken, but those that were taken back or are called "expired…"."""
        token = form.get("refresh_token", "")
        if not token:
            return _wrong("invalid_request", "Missing required parameter: refresh_token")
        if token.startswith("expired") or token in self._revoked:
            return _wrong("invalid_grant", "Token has been expired or revoked.")
        scope = _scope_in(token, _REFRESH)
        narrower = form.get("scope", "")
        if scope is not None and not set(narrower.split()) <= set(scope.split()):
            return _wrong("invalid_scope", "Some requested scopes were invalid.")
        return _granted(narrower or scope or "")

    def _revoke(self, request: Request) -> Answer:
        token = {**dict(request.query), **_form(request)}.get("token", "")
        if not token or token in self._revoked or token.startswith("expired"):
            return _wrong("invalid_token", "Token expired or revoked")
        self._revoked.add(token)
        return json_answer({})


def _granted(scope: str, more: dict[str, str] | None = None, client: str = "") -> Answer:
    """A token answer. Without a known scope the access token is one that may do everything."""
    token = _token_for(_ACCESS, scope) if scope else "ya29.any-" + secrets.token_urlsafe(24)
    told = {"access_token": token, "expires_in": _LIFETIME, **(more or {}), "scope": scope, "token_type": "Bearer"}
    if "openid" in scope.split():
        told["id_token"] = _id_token(client)
    if not scope:
        del told["scope"]
    return json_answer(told)


def _token_for(prefix: str, scope: str) -> str:
    """The scopes travel in the token itself, so that it says the same after the server was started again."""
    packed = base64.urlsafe_b64encode(scope.encode()).decode().rstrip("=")
    return f"{prefix}{secrets.token_hex(12)}.{packed}"


def _scope_in(token: str, prefix: str) -> str | None:
    if not token.startswith(prefix) or "." not in token[len(prefix) :]:
        return None
    packed = token[len(prefix) :].partition(".")[2]
    try:
        return base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode()
    except ValueError:
        return None


def _id_token(client: str) -> str:
    """Who logged in, unsigned: readers that check signatures refuse it, as they should."""
    claims = {"iss": "https://accounts.google.com", "aud": client, "sub": number(OWNER_EMAIL), "email": OWNER_EMAIL}
    parts = ({"alg": "none", "typ": "JWT"}, {**claims, "email_verified": True})
    packed = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    return ".".join([*packed, ""])


def _of_assertion(assertion: str) -> Answer:
    """A token for what a service account asks for; its signature is not checked."""
    try:
        packed = assertion.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
        scope = claims.get("scope", "")
        scope.encode()  # half a surrogate pair is no text
    except (IndexError, ValueError, AttributeError, RecursionError):
        return _wrong("invalid_grant", "Invalid JWT: its claims cannot be read.")
    return _granted(scope)


def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))


def _wrong(error: str, description: str) -> Answer:
    status = 401 if error in ("unauthorized_client", "invalid_client") else 400
    return json_answer({"error": error, "error_description": description}, status)


def _redirect(address: str, values: dict[str, str]) -> Answer:
    mark = "&" if "?" in address else "?"
    return Answer(302, headers={"location": f"{address}{mark}{urlencode(values)}", "cache-control": "no-store"})


def _page(status: int, text: str) -> Answer:
    page = f"<!doctype html><title>Error</title><p>{html.escape(text)}</p>"
    return Answer(status, page.encode(), {"content-type": "text/html; charset=utf-8"})
