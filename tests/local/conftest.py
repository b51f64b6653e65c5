"""A local workspace behind the real client library."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError

from crm_builder.local.discovery import document
from crm_builder.local.transport import LocalTransport, open_workspace

NOW = datetime(2026, 10, 30, 8, 15, tzinfo=UTC)


class _Current:
    """The http object of the client, which is slow to build: it hands every call to the workspace of the test."""

    transport: LocalTransport

    def request(self, *arguments, **named):
        return self.transport.request(*arguments, **named)


@pytest.fixture(scope="session")
def client() -> SimpleNamespace:
    current = _Current()
    sheets = build_from_document(document("sheets"), http=current).spreadsheets()
    files = build_from_document(document("drive"), http=current).files()
    return SimpleNamespace(current=current, sheets=sheets, values=sheets.values(), files=files)


@pytest.fixture
def local(tmp_path, client) -> Iterator[SimpleNamespace]:
    """sheets, values, files: the client's resources; id: a fresh spreadsheet; refused(call) -> the error's body."""
    with open_workspace(tmp_path, clock=NOW) as transport:
        client.current.transport = transport
        body = {"name": "Test", "mimeType": "application/vnd.google-apps.spreadsheet"}
        id = client.files.create(body=body).execute()["id"]
        yield SimpleNamespace(
            folder=tmp_path,
            transport=transport,
            sheets=client.sheets,
            values=client.values,
            files=client.files,
            id=id,
            refused=refused,
        )


def refused(call) -> dict:
    """The error's body of a call that must be refused."""
    with pytest.raises(HttpError) as caught:
        call.execute()
    return json.loads(caught.value.content)["error"]
