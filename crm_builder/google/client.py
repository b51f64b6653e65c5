"""A thin client of Sheets, Drive and Apps Script over any httplib2-like object; the only place that knows HttpError."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from crm_builder.errors import LostAnswer, RestError
from crm_builder.google.messages import LOST, told
from crm_builder.google.refusals import refusal
from crm_builder.google.repeats import case_of
from crm_builder.google.services import files, service, spreadsheets, values

Json = dict[str, Any]
Check = Callable[[str, object], None]  # (method as in discovery, body or None); raises BodyError

SPREADSHEET = "application/vnd.google-apps.spreadsheet"
_BATCH, _TRIES = 100, 3  # Drive takes so many calls in one batch
_PAGE = 1000  # the most that Drive answers at a time (documented)
PROPERTY = "crm_builder"  # the appProperty of a file that holds the key of its deployment
_LIVE = f"mimeType='{SPREADSHEET}' and trashed=false"


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
        return service("sheets", "v4")

    @property
    def drive(self) -> Any:
        """The Drive v3 service; its requests are sent by `call`."""
        return service("drive", "v3")

    @property
    def script(self) -> Any:
        """The Apps Script v1 service; its requests are sent by `call`."""
        return service("script", "v1")

    @property
    def spreadsheets(self) -> Any:
        """The methods on spreadsheets."""
        return spreadsheets()

    @property
    def values(self) -> Any:
        """The methods on values."""
        return values()

    def call(self, request: Any) -> Json:
        """Sends a request of any service; RestError when the answer is no success, BodyError before it is sent.

        LostAnswer where it may have taken effect and must not be sent again without a look.
        """
        self._check_body(request)
        method = request.methodId.partition(".")[2]
        return self._sent(method, lambda: request.execute(http=self._http))

    def batch(self, requests: Sequence[Any]) -> list[Json | RestError]:
        """Sends requests to Drive in one HTTP call for each hundred; for each its answer or its refusal, in order.

        What is refused for a moment only is sent again by itself. LostAnswer, as for `call`, where one of them must
        not be sent a second time.
        """
        for request in requests:
            self._check_body(request)
        answers: list[Json | RestError] = []
        for start in range(0, len(requests), _BATCH):
            answers += self._batch(requests[start : start + _BATCH])
        return answers

    def _batch(self, requests: Sequence[Any]) -> list[Json | RestError]:
        parts = self._parts(requests)
        for number in (number for number, part in enumerate(parts) if part.again):
            try:
                parts[number] = _Part(self.call(requests[number]))
            except RestError as error:
                parts[number] = _Part(error)
        return [part.answer for part in parts]

    def _parts(self, requests: Sequence[Any]) -> list[_Part]:
        harmless = all(case_of(request.method, request.uri).repeat for request in requests)
        tries = _TRIES if harmless else 1
        while True:
            tries -= 1
            try:
                return self._sent("batch", lambda: _together(self.drive, requests, self._http))
            except LostAnswer:
                if not tries:
                    raise

    def _check_body(self, request: Any) -> None:
        self._check(request.methodId, json.loads(request.body) if request.body else None)

    def _sent(self, method: str, send: Callable[[], Any]) -> Any:
        from googleapiclient.errors import BatchError, HttpError

        self._http.reset()
        start = time.perf_counter()
        try:
            return send()
        except BatchError:
            raise LostAnswer(self._http.status, "UNREADABLE", "the answer is no batch", method, LOST) from None
        except HttpError as error:
            raise _rest_error(error, method) from None
        except RestError as error:
            error.method = error.method or method
            raise
        finally:
            seconds = time.perf_counter() - start
            self.calls.append(Call(method, self._http.sent, self._http.received, seconds, self._http.status))

    def find_files(self, key: str) -> list[Json]:
        """Spreadsheets of a deployment (id, name, createdTime, webViewLink), the oldest first; none in the bin."""
        value = key.replace("\\", "\\\\").replace("'", "\\'")
        query = f"appProperties has {{ key='{PROPERTY}' and value='{value}' }} and {_LIVE}"
        return self._files(query, "files(id,name,createdTime,webViewLink)")

    def crm_files(self) -> list[Json]:
        """Every spreadsheet that is the CRM of some deployment: id, name and its deployment's key, the oldest first."""
        return [
            {"id": file["id"], "name": file["name"], "key": file["appProperties"][PROPERTY]}
            for file in self._files(_LIVE, "files(id,name,appProperties)")
            if PROPERTY in file.get("appProperties", {})
        ]

    def _files(self, query: str, fields: str) -> list[Json]:
        found: list[Json] = []
        token = None
        while True:
            list_ = files().list(
                q=query, orderBy="createdTime", pageSize=_PAGE, fields=f"nextPageToken,{fields}", pageToken=token
            )
            answer = self.call(list_)
            found += answer.get("files", [])
            token = answer.get("nextPageToken")
            if not token:
                return found

    def create_file(self, name: str, key: str) -> Json:
        """A new spreadsheet with one sheet, found by `find_files(key)`; answers id, name, webViewLink, permissions."""
        body = {"name": name, "mimeType": SPREADSHEET, "appProperties": {PROPERTY: key}}
        return self.call(files().create(body=body, fields="id,name,webViewLink,permissions(id,type,role,emailAddress)"))

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


@dataclass(frozen=True, slots=True)
class _Part:
    """The answer to a part of a batch; `again`: it is a refusal for a moment only, and may be sent again."""

    answer: Json | RestError
    again: bool = False


def _together(drive: Any, requests: Sequence[Any], http: Any) -> list[_Part]:
    parts: dict[int, _Part] = {}

    def received(number: str, answer: Json | None, error: Any) -> None:
        request = requests[int(number)]
        if error is None:
            parts[int(number)] = _Part(answer or {})
            return
        kind = refusal(int(error.resp.status), error.content).kind
        again = kind == "quota" or (kind == "service" and case_of(request.method, request.uri).repeat)
        parts[int(number)] = _Part(_rest_error(error, request.methodId.partition(".")[2]), again)

    batch = drive.new_batch_http_request(callback=received)
    for number, request in enumerate(requests):
        if request.body:  # the library counts letters where bytes are meant: so that both are the same
            request.body = json.dumps(json.loads(request.body))
        batch.add(request, request_id=str(number))
    try:
        batch.execute(http=http)
    except (KeyError, IndexError, ValueError):  # an answer to one of the requests is missing, or cut off
        raise LostAnswer(200, "UNREADABLE", "the answer is not whole", told=LOST) from None
    return [parts[number] for number in range(len(requests))]


def _rest_error(error: Any, method: str) -> RestError:
    found = refusal(int(error.resp.status), error.content)
    return RestError(found.status, found.code, found.message, method, told(found))
