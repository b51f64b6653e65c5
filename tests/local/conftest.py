"""A local workspace behind the real client library."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError

from crm_builder.local.discovery import document
from crm_builder.local.transport import open_workspace

NOW = datetime(2026, 10, 30, 8, 15, tzinfo=UTC)


@pytest.fixture
def local(tmp_path) -> Iterator[SimpleNamespace]:
    """sheets, values, files: the client's resources; id: a fresh spreadsheet; refused(call) -> the error's body."""
    with open_workspace(tmp_path, clock=NOW) as transport:
        sheets = build_from_document(document("sheets"), http=transport).spreadsheets()
        files = build_from_document(document("drive"), http=transport).files()
        body = {"name": "Test", "mimeType": "application/vnd.google-apps.spreadsheet"}
        id = files.create(body=body).execute()["id"]
        yield SimpleNamespace(
            folder=tmp_path, transport=transport, sheets=sheets, values=sheets.values(), files=files, id=id, refused=refused
        )


def refused(call) -> dict:
    import json

    with pytest.raises(HttpError) as caught:
        call.execute()
    return json.loads(caught.value.content)["error"]
