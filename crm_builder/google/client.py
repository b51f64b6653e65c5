"""A thin client of Sheets v4 and Drive v3 over any httplib2-like object; the only place that knows HttpError."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from crm_builder.errors import RestError

Json = dict[str, Any]
Check = Callable[[str, object], None]  # (method as in discovery, body or None); raises BodyError

SPREADSHEET = "application/vnd.google-apps.spreadsheet"
PROPERTY = "crm_builder"  # the appProperty of a file that holds the key of its deployment


class Http(Protocol):
    """What httplib2.Http offers; retry, quota and credentials are wrapped around it by whoever makes it."""

    def request(self, uri: str, method: str = "GET", body: Any = None, headers: Any = None, **more: Any) -> Any: ...


@dataclass(frozen=True, slots=True)
class Call:
    """One finished call, failed ones included. Bytes are those of the bodies."""

    method: str  # e.g. "spreadsheets.batchUpdate"
    bytes_sent: int
    bytes_received: int
    seconds: float
    status: int


class Client:
    """`calls` lists what was sent, in order."""

    def __init__(self, http: Http, check: Check):
        self._http = _Meter(http)
        self._check = check
        self.calls: list[Call] = []

    @property
    def sheets(self) -> Any:
        """The Sheets v4 service; its requests are sent by `call`."""
        return _service("sheets", "v4")

    @property
    def drive(self) -> Any:
        """The Drive v3 service; its requests are sent by `call`."""
        return _service("drive", "v3")

    @property
    def spreadsheets(self) -> Any:
        """The methods on spreadsheets."""
        return _spreadsheets()

    @property
    def values(self) -> Any:
        """The methods on values."""
        return _values()

    def call(self, request: Any) -> Json:
        """Sends a request of either service; RestError when the answer is no success, BodyError before it is sent."""
        from googleapiclient.errors import HttpError

        self._check(request.methodId, json.loads(request.body) if request.body else None)
        method = request.methodId.partition(".")[2]
        self._http.reset()
        start = time.perf_counter()
        try:
            return request.execute(http=self._http)
        except HttpError as error:
            raise _rest_error(error.resp.status, error.content, method) from None
        finally:
            seconds = time.perf_counter() - start
            self.calls.append(Call(method, self._http.sent, self._http.received, seconds, self._http.status))

    def find_files(self, key: str) -> list[Json]:
        """Spreadsheets of a deployment (id, name, createdTime, webViewLink), the oldest first; none in the bin."""
        value = key.replace("\\", "\\\\").replace("'", "\\'")
        query = f"appProperties has {{ key='{PROPERTY}' and value='{value}' }} and mimeType='{SPREADSHEET}'"
        found: list[Json] = []
        token = None
        while True:
            answer = self.call(
                _files().list(
                    q=f"{query} and trashed=false",
                    orderBy="createdTime",
                    fields="nextPageToken,files(id,name,createdTime,webViewLink)",
                    pageToken=token,
                )
            )
            found += answer.get("files", [])
            token = answer.get("nextPageToken")
            if not token:
                return found

    def crm_files(self) -> list[Json]:
        """Every spreadsheet that is the CRM of some deployment: id, name and its deployment's key."""
        query = f"mimeType='{SPREADSHEET}' and trashed=false"
        answer = self.call(_files().list(q=query, fields="files(id,name,appProperties)"))
        return [
            {"id": file["id"], "name": file["name"], "key": file["appProperties"][PROPERTY]}
            for file in answer.get("files", ())
            if PROPERTY in file.get("appProperties", {})
        ]

    def create_file(self, name: str, key: str) -> Json:
        """A new spreadsheet with one sheet, found again by `find_files(key)`; answers id, name, webViewLink."""
        body = {"name": name, "mimeType": SPREADSHEET, "appProperties": {PROPERTY: key}}
        return self.call(_files().create(body=body, fields="id,name,webViewLink"))

    def get(self, spreadsheet_id: str, ranges: Sequence[str] = (), fields: str | None = None) -> Json:
        """spreadsheets.get; grid data comes where `fields` names it."""
        return self.call(
            self.spreadsheets.get(spreadsheetId=spreadsheet_id, ranges=list(ranges) or None, fields=fields)
        )

    def batch_update(self, spreadsheet_id: str, requests: Sequence[Json]) -> list[Json]:
        """Applies all requests or none; their replies in order."""
        body = {"requests": list(requests)}
        answer = self.call(self.spreadsheets.batchUpdate(spreadsheetId=spreadsheet_id, body=body))
        return answer.get("replies", [])

    def batch_update_and_get(
        self, spreadsheet_id: str, requests: Sequence[Json], ranges: Sequence[str], fields: str
    ) -> Json:
        """Applies all requests or none, and answers the spreadsheet as it then stands, like `get`."""
        body = {"requests": list(requests), "includeSpreadsheetInResponse": True, "responseRanges": list(ranges)}
        answer = self.call(
            self.spreadsheets.batchUpdate(
                spreadsheetId=spreadsheet_id, body=body, fields=f"updatedSpreadsheet({fields})"
            )
        )
        return answer["updatedSpreadsheet"]

    def values_get(self, spreadsheet_id: str, range_: str, render: str = "UNFORMATTED_VALUE") -> list[list[Any]]:
        """The values of a range, row by row; empty rows and cells at the end are left out."""
        answer = self.call(self.values.get(spreadsheetId=spreadsheet_id, range=range_, valueRenderOption=render))
        return answer.get("values", [])


class _Unbound:
    """Stands where a service has its http object: one service serves all clients, each of which has its own."""

    def request(self, uri: str, *arguments: Any, **named: Any) -> Any:
        raise TypeError("requests are sent by Client.call")

    def close(self) -> None:
        pass


# Once for all clients: the library writes the documentation of every method anew for each service and each access,
# which takes longer than most calls do.
@cache
def _service(api: str, version: str) -> Any:
    """Made at its first use, from the discovery document in the installed package."""
    from googleapiclient.discovery import build  # late: half a second of imports

    return build(api, version, http=_Unbound(), model=_compact(), static_discovery=True, cache_discovery=False)


@cache
def _spreadsheets() -> Any:
    return _service("sheets", "v4").spreadsheets()


@cache
def _values() -> Any:
    return _spreadsheets().values()


@cache
def _files() -> Any:
    return _service("drive", "v3").files()


def _compact() -> Any:
    """The library's JSON, without spaces and with letters as UTF-8: a Persian workbook takes a quarter less room."""
    from googleapiclient.model import JsonModel

    class Compact(JsonModel):
        def serialize(self, body_value: Any) -> bytes:
            return json.dumps(body_value, ensure_ascii=False, separators=(",", ":")).encode()

    return Compact()


class _Meter:
    """Counts the bytes and keeps the status of what passes through."""

    def __init__(self, http: Http):
        self._http = http
        self.reset()

    def reset(self) -> None:
        self.sent = self.received = self.status = 0

    def request(self, uri: str, method: str = "GET", body: Any = None, headers: Any = None, **more: Any) -> Any:
        response, content = self._http.request(uri, method=method, body=body, headers=headers, **more)
        self.sent += len(body.encode() if isinstance(body, str) else body or b"")
        self.received += len(content)
        self.status = int(response.status)
        return response, content


def _rest_error(status: int, content: bytes, method: str) -> RestError:
    """Google's body {"error": {code, message, status}}; the older APIs name a reason instead of a status."""
    try:
        error = json.loads(content)["error"]
        reasons = [one.get("reason", "") for one in error.get("errors", ())]
        return RestError(status, error.get("status") or next(iter(reasons), ""), error.get("message", ""), method)
    except (ValueError, KeyError, TypeError, AttributeError):
        return RestError(status, "", content.decode(errors="replace")[:200], method)
