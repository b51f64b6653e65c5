"""A script that may not be written, belongs elsewhere or is gone: it is left out with a sentence."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crm_builder import deployment as deployments
from crm_builder.errors import CrmError
from crm_builder.google import Client
from crm_builder.google.retry import Retrying
from crm_builder.google.wire import Unanswered, Wire
from crm_builder.local.server import serve
from crm_builder.project import Project
from crm_builder.settings.values import Google
from crm_builder.sheets import check_call
from tests.changes.script.sheet import NO_SCOPE, SWITCHED_OFF, Refusing, Sheet, with_file
from tests.changes.script.test_script_web import published, web
from tests.conftest import CLOCK


@pytest.mark.parametrize(("message", "told"), [(SWITCHED_OFF, "home/usersettings"), (NO_SCOPE, "crm-builder login")])
def test_without_permission_only_the_script_is_left_out(sheet: Sheet, message: str, told: str) -> None:
    sheet.over(Refusing(sheet.transport, message))
    _, pushed = sheet.up()
    assert told in pushed.note and pushed.mark is None and sheet.deployment.script == ""
    sheet.over(sheet.transport)
    sheet.up()
    sheet.describe(with_file("Menu", "function menuItems() {}"))
    sheet.over(Refusing(sheet.transport, message))
    assert sheet.plan().status == "disabled" and told in sheet.plan().note
    sheet.over(sheet.transport)
    sheet.up()
    assert sheet.desires() and len(sheet.projects()) == 1


def test_a_script_of_another_file_is_not_written_into(sheet: Sheet) -> None:
    other = sheet.client.create_file("Other", "other")["id"]
    body = {"title": "Theirs", "parentId": other}
    theirs = sheet.client.call(sheet.client.script.projects().create(body=body))["scriptId"]
    with pytest.raises(CrmError, match="not bound to the spreadsheet"):
        sheet.plan(script_id=theirs)


def test_a_copy_of_the_spreadsheet_does_not_write_into_the_original(sheet: Sheet) -> None:
    sheet.up()
    original = sheet.deployment.script
    copy = sheet.client.call(sheet.client.drive.files().copy(fileId=sheet.deployment.spreadsheet_id, body={}))["id"]
    sheet.deployment = replace(sheet.deployment, spreadsheet_id=copy, script="")
    deployments.save(sheet.project.folder, sheet.deployment)
    prepared, _ = sheet.up()
    assert prepared.status == "unknown" and "is a copy" in prepared.note
    (own,) = set(sheet.projects()) - {original}
    sheet.up(script_id=own)
    assert sheet.deployment.script == own and sheet.plan().status == "unchanged"


def test_a_script_that_is_gone_is_told(sheet: Sheet) -> None:
    sheet.up()
    sheet.transport.workspace.drop_document("script", sheet.deployment.script)
    sheet.transport.workspace.db.commit()
    sheet.describe(with_file("Menu", "function menuItems() {}"))
    prepared, _ = sheet.up()
    assert prepared.status == "unknown" and "--new-script" in prepared.note
    sheet.up(anew=True)
    assert sheet.desires() and sheet.plan().status == "unchanged"


def test_switched_off_nothing_is_asked(sheet: Sheet) -> None:
    settings = replace(sheet.project.settings, google=Google(script=False))
    sheet.project = replace(sheet.project, settings=settings)
    prepared, _ = sheet.up()
    assert (prepared.status, sheet.calls(), sheet.projects()) == ("off", [], [])


class Cut:
    """The connection ends before the answer to the first creation of a project is read."""

    def __init__(self, wire: Wire):
        self.wire, self.cuts = wire, 0

    def request(self, uri: str, method: str = "GET", **more: Any) -> Any:
        answer = self.wire.request(uri, method=method, **more)
        if (method, uri.partition("?")[0][-12:]) == ("POST", "/v1/projects") and not self.cuts:
            self.cuts += 1
            raise Unanswered("connection reset")
        return answer


def test_the_same_through_sockets(described: Project, tmp_path: Path) -> None:
    waits: list[float] = []
    with serve(tmp_path / "workspace", clock=CLOCK, anonymous=True) as server, closing(Wire(server.url)) as wire:
        cut = Cut(wire)
        client = Client(Retrying(cut, sleep=waits.append), check_call)
        deployment = deployments.new("local").with_spreadsheet(client.create_file("Test", "key")["id"])
        deployments.save(tmp_path, deployment)
        sheet = Sheet(described.at(tmp_path), server.transport, deployment, client)
        _, lost = sheet.up()
        assert cut.cuts == 1 and len(sheet.projects()) == 1 and "--script ID" in lost.note
        sheet.up(script_id=sheet.projects()[0])
        assert sheet.desires() and sheet.plan().status == "unchanged"
        sheet.people(Mine="// theirs", Menu="// edited")
        sheet.describe(web)
        assert sheet.up()[0].status == "refused"
        _, pushed = sheet.up(overwrite=True)
        assert sheet.desires() and sheet.files()["Mine"] == "// theirs" and published(sheet)[0] == [1]
        assert pushed.mark.deployment and sheet.plan().status == "unchanged" and len(sheet.projects()) == 1
