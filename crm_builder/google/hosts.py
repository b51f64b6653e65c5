"""Where Google's hosts are: at Google, or all of them at one root on this computer, for trials and tests."""

from __future__ import annotations

import os
import re
from urllib.parse import urlsplit, urlunsplit

from crm_builder.errors import CrmError

ENDPOINT = "CRM_BUILDER_GOOGLE_ENDPOINT"
HOSTS = (
    "sheets.googleapis.com",
    "www.googleapis.com",
    "script.googleapis.com",
    "oauth2.googleapis.com",
    "accounts.google.com",
)
AUTH = "https://accounts.google.com/o/oauth2/v2/auth"
TOKEN = "https://oauth2.googleapis.com/token"
REVOKE = "https://oauth2.googleapis.com/revoke"
_LOOPBACK = re.compile(
    r"http://(?:127\.0\.0\.1|\[::1\]|localhost)(?::([0-9]{1,5}))?(?:/[A-Za-z0-9._~/-]*)?", re.IGNORECASE
)


def endpoint() -> str:
    """The root that stands in for all of Google's hosts, without a slash at its end; "" for Google itself.

    CrmError for one that is no address, or not on this computer: it would be given the tokens.
    """
    given = os.environ.get(ENDPOINT, "").rstrip("/")
    if not given:
        return ""
    found = _LOOPBACK.fullmatch(given)
    if not found or not 1 <= int(found[1] or 80) <= 65_535:
        raise CrmError(
            f"{ENDPOINT} is {given!a}; it may only name this computer, with a port from 1 to 65535, such as "
            "http://127.0.0.1:8080"
        )
    return given


def located(uri: str, root: str) -> str:
    """The address of one of Google's hosts, at the root that stands in for them. CrmError for any other host."""
    if not root:
        return uri
    parts = urlsplit(uri)
    if parts.netloc not in HOSTS:
        raise CrmError(f"{ENDPOINT} stands in for Google, and {parts.netloc} is no host of Google's that is used here")
    stand_in = urlsplit(root)
    return urlunsplit((stand_in.scheme, stand_in.netloc, stand_in.path + parts.path, parts.query, parts.fragment))
