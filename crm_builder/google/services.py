"""The services of google-api-python-client, made once for all clients from the discovery documents in the package."""

from __future__ import annotations

import json
from functools import cache
from typing import Any


class _Unbound:
    """Stands where a service has its http object: one service serves all clients, each of which has its own."""

    def request(self, uri: str, *arguments: Any, **named: Any) -> Any:
        raise TypeError("requests are sent by Client.call")

    def close(self) -> None:
        pass


# Once for all clients: the library writes the documentation of every method anew for each service and each access,
# which takes longer than most calls do.
@cache
def service(api: str, version: str) -> Any:
    """Made at its first use, from the discovery document in the installed package."""
    from googleapiclient.discovery import build  # late: half a second of imports

    return build(api, version, http=_Unbound(), model=_compact(), static_discovery=True, cache_discovery=False)


@cache
def spreadsheets() -> Any:
    return service("sheets", "v4").spreadsheets()


@cache
def values() -> Any:
    return spreadsheets().values()


@cache
def files() -> Any:
    return service("drive", "v3").files()


def _compact() -> Any:
    """The library's JSON, without spaces and with letters as UTF-8: a Persian workbook takes a quarter less room."""
    from googleapiclient.model import JsonModel

    class Compact(JsonModel):
        def serialize(self, body_value: Any) -> bytes:
            return json.dumps(body_value, ensure_ascii=False, separators=(",", ":")).encode()

    return Compact()
