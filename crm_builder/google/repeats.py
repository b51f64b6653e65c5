"""Which requests may be sent again where nobody knows whether they took effect the first time: a table of cases.

What was refused for sure (a rate limit, a request that never left) is sent again whatever it is; this is about the
rest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Case:
    http_method: str
    path: str  # a regular expression that matches the whole path
    repeat: bool
    reason: str
    query: str = ""  # what the address must also say

    @property
    def reads(self) -> bool:
        return self.reason == _READS


_READS = "it only reads"
_ID = "[^/:]+"
# The first that matches decides. Every method of the three services that the discovery documents name matches one.
CASES = (
    Case("GET", ".*", True, _READS),
    Case("POST", f"/v4/spreadsheets/{_ID}:getByDataFilter", True, _READS),
    Case("POST", f"/v4/spreadsheets/{_ID}/values:batchGetByDataFilter", True, _READS),
    Case("POST", f"/v4/spreadsheets/{_ID}/developerMetadata:search", True, _READS),
    Case("POST", "/token", True, "a refresh gives another access token and leaves the refresh token as it is"),
    Case("POST", "/revoke", True, "what is revoked stays revoked"),
    Case("POST", f"/v4/spreadsheets/{_ID}:batchUpdate", False, "it would add, insert and move a second time"),
    Case("PUT", f"/v4/spreadsheets/{_ID}/values/.*", False, "rows may have moved under the address meanwhile"),
    Case("POST", f"/v4/spreadsheets/{_ID}/values.*", False, "rows may have moved, and an append would come twice"),
    Case("POST", "/v4/spreadsheets.*", False, "there would be two spreadsheets, or two sheets"),
    Case(
        "POST", f"/drive/v3/files/{_ID}/permissions", True, "somebody has one permission, with the same id each time",
        query="sendNotificationEmail=false",
    ),
    Case("POST", f"/drive/v3/files/{_ID}/permissions", False, "two mails might be sent"),
    Case("PATCH", "/drive/v3/.*", True, "it sets the same properties to the same values"),
    Case("PATCH", "/upload/drive/v3/.*", True, "it puts the same content in the same place"),
    Case("DELETE", "/drive/v3/files/trash", False, "people may have thrown something away meanwhile"),
    Case("DELETE", ".*", True, "what is gone stays gone; a second answer 404 says that it worked"),
    Case("PUT", f"/v1/projects/{_ID}/content", True, "it puts the same files"),
    Case("PUT", f"/v1/projects/{_ID}/deployments/.*", True, "it points to the same version"),
    Case("POST", "/v1/projects.*", False, "there would be two projects, versions or deployments"),
    Case("POST", "/batch/.*", False, "its parts decide: whoever made it knows them"),
    Case("POST", ".*", False, "it makes or does something, and would a second time"),
)  # fmt: skip
_OTHER = Case("", "", False, "nothing is known of it")


def case_of(http_method: str, uri: str, headers: Mapping[str, str] | None = None) -> Case:
    """The case that a request belongs to. A GET too long for an address is a POST that says so in a header."""
    given = {name.lower(): value for name, value in (headers or {}).items()}
    method, parts = given.get("x-http-method-override", http_method).upper(), urlsplit(uri)
    for one in CASES:
        if one.http_method == method and re.fullmatch(one.path, parts.path) and one.query in parts.query:
            return one
    return _OTHER
