"""A blank spreadsheet under SpreadsheetApp, without a script: the objects are called as the bridge would call them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from crm_builder.local import create, drive, values
from crm_builder.local.batch import apply
from crm_builder.local.runtime.objects import ScriptError
from crm_builder.local.runtime.spreadsheet import SpreadsheetApp
from crm_builder.local.runtime.world import World
from crm_builder.local.workspace import Workspace, new_file_id

NOW = datetime(2026, 10, 30, 8, 15, tzinfo=UTC)
OWNER = "owner@example.com"
ZONE = "Asia/Tehran"


@pytest.fixture
def desk(tmp_path) -> Iterator[SimpleNamespace]:
    """app, spreadsheet, sheet (20 x 6), world · write(a1, *rows) as REST · batch(request) · new(**world) · refused(call)."""
    workspace = Workspace(tmp_path, clock=NOW)
    id = new_file_id()
    size = {"rowCount": 20, "columnCount": 6}
    body = {
        "properties": {"title": "Test", "timeZone": ZONE},
        "sheets": [{"properties": {"sheetId": 7, "title": "One", "gridProperties": size}}],
    }
    with workspace.request():
        create.create(workspace, id, body)
        drive.record(workspace, id, "Test")

    def new(**named) -> SpreadsheetApp:
        settings = {"user": OWNER, "owner": OWNER, "clock": NOW, "time_zone": ZONE} | named
        return SpreadsheetApp(World(workspace, id, {"scriptId": "script"}, **settings))

    def write(where, *rows) -> None:
        options = {"valueInputOption": "USER_ENTERED"}
        values.update(workspace.book(id), where, {"values": [list(row) for row in rows]}, options)

    with workspace.request():
        app = new()
        yield SimpleNamespace(
            app=app,
            world=app.world,
            spreadsheet=app.spreadsheet,
            sheet=app.spreadsheet.getSheetByName("One"),
            write=write,
            batch=lambda request: apply(workspace.book(id), [request])[0],
            book=lambda: workspace.book(id),
            new=new,
            refused=refused,
        )
    workspace.close()


def refused(call, *given) -> str:
    """The message of a call that must throw."""
    with pytest.raises(ScriptError) as caught:
        call(*given)
    return str(caught.value)
