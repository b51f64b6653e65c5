"""Who may call: any bearer token may do everything, but one that says its scopes may do what those allow."""

from __future__ import annotations

from .discovery import Method
from .errors import ApiError, DriveError
from .exchange import Request
from .oauth import OAuth, scopes_of
from .routes import find

_INFO = "type.googleapis.com/google.rpc.ErrorInfo"
_SEE = "See https://developers.google.com/identity/sign-in/web/devconsole-project."
_EXPECTED = f"Expected OAuth 2 access token, login cookie or other valid authentication credential. {_SEE}"
_SERVICES = {"sheets": "sheets.googleapis.com", "drive": "drive.googleapis.com", "script": "script.googleapis.com"}


def check(request: Request, oauth: OAuth, anonymous: bool) -> None:
    """ApiError where the request brings no token, a broken or revoked one, or one whose scopes do not do.

    The texts are Google's: 403 without any credential, 401 where only a key or no usable token is given (reported).
    """
    header = request.headers.get("authorization", "")
    scheme, _, token = header.partition(" ")
    token = token.strip() or request.asked("access_token") or request.asked("oauth_token")
    if not header and not token:
        if anonymous:
            return
        raise _no_token(request)
    if (header and scheme.lower() != "bearer") or not token or oauth.is_revoked(token):
        raise _unauthenticated(f"Request had invalid authentication credentials. {_EXPECTED}", "ACCESS_TOKEN_EXPIRED")
    scopes = scopes_of(token)
    if scopes is not None:
        _check_scopes(request, scopes)


def _check_scopes(request: Request, scopes: frozenset[str]) -> None:
    path = request.path.removeprefix("/upload")
    try:
        method, _ = find(request.headers.get("x-http-method-override", request.method), path)
    except ApiError:
        return  # no call at all: told as such
    if not method.scopes & scopes:
        raise _insufficient(method)


def _insufficient(method: Method) -> ApiError:
    text = "Request had insufficient authentication scopes."
    metadata = {"service": _SERVICES[method.api], "method": method.id}
    details = [
        {
            "@type": _INFO,
            "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
            "domain": "googleapis.com",
            "metadata": metadata,
        }
    ]
    error = ApiError(403, "PERMISSION_DENIED", text, details)
    listed = " ".join(sorted(method.scopes))
    error.headers["www-authenticate"] = (
        f'Bearer realm="https://accounts.google.com/", error="insufficient_scope", scope="{listed}"'
    )
    if method.api == "drive":
        told = "Insufficient Permission"
        error.reasons = [{"message": told, "domain": "global", "reason": "insufficientPermissions"}]
    return error


def _no_token(request: Request) -> ApiError:
    if request.asked("key"):
        error = _unauthenticated(f"Request is missing required authentication credential. {_EXPECTED}", "")
        error.details = [{"@type": _INFO, "reason": "CREDENTIALS_MISSING", "domain": "googleapis.com"}]
        return error
    text = (
        "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other"
        " form of API consumer identity to call this API."
    )
    if "/drive/" in request.path:
        return DriveError(403, "forbidden", text)
    return ApiError(403, "PERMISSION_DENIED", text)


def _unauthenticated(message: str, reason: str) -> ApiError:
    details = [{"@type": _INFO, "reason": reason, "domain": "googleapis.com"}] if reason else None
    error = ApiError(401, "UNAUTHENTICATED", message, details)
    error.headers["www-authenticate"] = 'Bearer realm="https://accounts.google.com/", error="invalid_token"'
    return error
