"""The store: one writer, whole requests only, clear words for files that are not ours."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from crm_builder.errors import WorkspaceError
from crm_builder.local.store import Store
from crm_builder.local.transport import open_workspace

ROOT = Path(__file__).resolve().parents[2]
SHEETS, DRIVE = "https://sheets.googleapis.com/v4/spreadsheets", "https://www.googleapis.com/drive/v3/files"
ROWS = 600  # more than two blocks, so that a torn write would show


def test_a_second_opener_is_told_who_holds_the_workspace(tmp_path):
    code = (
        "import sys; from crm_builder.local.store import Store; from pathlib import Path;"
        f" Store(Path({str(tmp_path)!r})); print('open', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
    assert holder.stdin and holder.stdout
    assert holder.stdout.readline().strip() == b"open"
    try:
        with pytest.raises(WorkspaceError, match=rf"in use by process {holder.pid}\b"):
            Store(tmp_path)
    finally:
        holder.stdin.close()
        holder.wait(30)
    Store(tmp_path).close()


def test_a_workspace_can_be_opened_again_in_the_same_process(tmp_path):
    first = Store(tmp_path)
    with pytest.raises(WorkspaceError, match=str(os.getpid())):
        Store(tmp_path)
    first.close()
    Store(tmp_path).close()


def test_a_newer_store_is_refused(tmp_path):
    Store(tmp_path).close()
    db = sqlite3.connect(tmp_path / "workspace.sqlite3")
    db.execute("PRAGMA user_version=99")
    db.close()
    with pytest.raises(WorkspaceError, match="newer crm_builder"):
        Store(tmp_path)


def test_another_programs_database_is_refused_and_left_alone(tmp_path):
    db = sqlite3.connect(tmp_path / "workspace.sqlite3")
    db.execute("CREATE TABLE theirs (x)")
    db.commit()
    db.close()
    with pytest.raises(WorkspaceError, match="another program"):
        Store(tmp_path)
    names = sqlite3.connect(tmp_path / "workspace.sqlite3").execute("SELECT name FROM sqlite_schema").fetchall()
    assert names == [("theirs",)]


def test_a_broken_file_is_refused(tmp_path):
    (tmp_path / "workspace.sqlite3").write_bytes(b"no database at all, but long enough to be looked at" * 100)
    with pytest.raises(WorkspaceError, match="broken"):
        Store(tmp_path)
    (tmp_path / "workspace.sqlite3").unlink()
    Store(tmp_path).close()  # the lock was given back


def test_a_block_that_cannot_be_read_is_a_workspace_error(tmp_path):
    Store(tmp_path).close()
    data = bytearray((tmp_path / "workspace.sqlite3").read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    (tmp_path / "workspace.sqlite3").write_bytes(bytes(data))
    with pytest.raises(WorkspaceError, match="cannot be read or written"), open_workspace(tmp_path) as local:
        local.request(DRIVE)


def test_a_full_store_is_told_and_the_same_request_works_after_room_was_made(tmp_path):
    with open_workspace(tmp_path) as local:
        body = json.dumps({"properties": {"title": "one"}})
        id = json.loads(local.request(SHEETS, "POST", body)[1])["spreadsheetId"]
        uri = f"{SHEETS}/{id}/values/A1:E900?valueInputOption=RAW"
        values = json.dumps({"values": [[f"{row} {column}" for column in range(5)] for row in range(900)]})
        db = local.workspace.db
        db.execute(f"PRAGMA max_page_count={db.execute('PRAGMA page_count').fetchone()[0]}")
        with pytest.raises(WorkspaceError, match=r"no room .* under .*: database or disk is full; free some and run"):
            local.request(uri, "PUT", values)
        assert not db.in_transaction
        assert "values" not in json.loads(local.request(f"{SHEETS}/{id}/values/A1:E900")[1])
        db.execute("PRAGMA max_page_count=1000000")
        assert local.request(uri, "PUT", values)[0].status == 200


@pytest.mark.skipif(os.name == "nt", reason="needs a limit of the operating system on the size of files")
def test_a_disk_that_takes_no_more_is_told_at_opening_too(tmp_path):
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2048, before[1]))  # half a page
    try:
        with pytest.raises(WorkspaceError, match=r"no room .*: disk I/O error; .* nothing is lost"):
            Store(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    Store(tmp_path).close()  # the lock was given back, and what was begun is no hindrance


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_lock_file_for_which_there_is_no_room_is_told(tmp_path, monkeypatch, number):
    def full(*_arguments):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(WorkspaceError, match=r"there is no room .*; free some"):
            Store(tmp_path)
    Store(tmp_path).close()


# Writes the same mark into every cell, request after request, and says so after each; ends when it is killed.
WRITER = f"""
import json, sys
from crm_builder.local.transport import open_workspace
local = open_workspace(sys.argv[1])
number = int(sys.argv[3])
while True:
    number += 1
    body = json.dumps({{"values": [[number] * 5] * {ROWS}}})
    uri = "{SHEETS}/" + sys.argv[2] + "/values/A1:E{ROWS}?valueInputOption=RAW"
    answer, content = local.request(uri, "PUT", body)
    assert answer.status == 200, content
    print(number, flush=True)
"""


def test_a_kill_in_the_middle_of_writing_leaves_a_whole_request(tmp_path):
    with open_workspace(tmp_path) as local:
        body = json.dumps({"name": "kill", "mimeType": "application/vnd.google-apps.spreadsheet"})
        id = json.loads(local.request(DRIVE, "POST", body)[1])["id"]
    mark = 0
    for answers in (1, 2, 3, 5, 7, 4):
        command = [sys.executable, "-c", WRITER, str(tmp_path), id, str(mark)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as writer:
            assert writer.stdout
            told = [int(writer.stdout.readline()) for _ in range(answers)][-1]
            # The next request is under way now; how far it has come differs from kill to kill.
            writer.send_signal(signal.SIGKILL)
            told = max([told, *map(int, writer.stdout.read().split())])
        with open_workspace(tmp_path) as local:
            uri = f"{SHEETS}/{id}/values/A1:E{ROWS}?valueRenderOption=UNFORMATTED_VALUE"
            values = json.loads(local.request(uri)[1])["values"]
        found = {value for row in values for value in row}
        assert len(values) == ROWS and all(len(row) == 5 for row in values)
        assert len(found) == 1, "cells of two requests stand side by side"
        mark = found.pop()
        assert mark in (told, told + 1)
    assert mark > 0


def _die_at(statement: int, folder: Path, call) -> None:
    """In a child process: carries out the call, but is killed before its n-th statement of the store."""
    left = statement

    def count(text: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        try:
            local = open_workspace(folder)
            local.workspace.db.set_trace_callback(count)
            call(local)
        finally:
            os._exit(0)
    os.waitpid(child, 0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_kill_before_any_statement_leaves_the_state_before_or_after(tmp_path):
    with open_workspace(tmp_path) as local:
        body = json.dumps({"name": "kill", "mimeType": "application/vnd.google-apps.spreadsheet"})
        id = json.loads(local.request(DRIVE, "POST", body)[1])["id"]
        uri = f"{SHEETS}/{id}:batchUpdate"

    def state(folder: Path) -> tuple[bytes, bytes, bytes]:
        with open_workspace(folder) as local:
            shown = local.request(f"{SHEETS}/{id}?fields=sheets.properties,namedRanges")[1]
            values = local.request(f"{SHEETS}/{id}/values/Sheet1?valueRenderOption=UNFORMATTED_VALUE")[1]
            return shown, values, local.request(f"{DRIVE}/{id}?fields=name")[1]

    cell = {"userEnteredValue": {"numberValue": 7}, "note": "n"}
    area = {"sheetId": 0, "endRowIndex": ROWS, "endColumnIndex": 20}
    formula = {"userEnteredValue": {"formulaValue": "=SUM(B1:T1)"}}
    few = {"sheetId": 0, "endRowIndex": 30, "endColumnIndex": 1}
    requests = [
        {"repeatCell": {"range": area, "cell": cell, "fields": "userEnteredValue,note"}},
        {"repeatCell": {"range": few, "cell": formula, "fields": "userEnteredValue"}},
        {"addSheet": {"properties": {"sheetId": 5, "title": "More"}}},
        {"addNamedRange": {"namedRange": {"namedRangeId": "all", "name": "all", "range": area}}},
        {"updateSpreadsheetProperties": {"properties": {"title": "after"}, "fields": "title"}},
        {"insertDimension": {"range": {"sheetId": 0, "dimension": "ROWS", "startIndex": 10, "endIndex": 11}}},
    ]
    batch = json.dumps({"requests": requests})
    before = state(tmp_path)
    shutil.copytree(tmp_path, tmp_path / "whole")
    with open_workspace(tmp_path / "whole") as local:
        assert local.request(uri, "POST", batch)[0].status == 200
    after = state(tmp_path / "whole")
    assert all(one != other for one, other in zip(before, after, strict=True))

    seen = []
    for statement in range(1, 200):
        folder = tmp_path / f"killed {statement}"
        folder.mkdir()
        for name in ("workspace.sqlite3", "workspace.lock"):
            shutil.copy(tmp_path / name, folder)
        _die_at(statement, folder, lambda local: local.request(uri, "POST", batch))
        seen.append(state(folder))
        assert seen[-1] in (before, after), f"killed before statement {statement}"
        if seen[-1] == after:
            break
    assert seen[-1] == after and len(seen) > 10


def test_a_refused_request_leaves_nothing_behind(tmp_path):
    with open_workspace(tmp_path) as local:
        body = json.dumps({"name": "one", "mimeType": "application/vnd.google-apps.spreadsheet"})
        id = json.loads(local.request(DRIVE, "POST", body)[1])["id"]
        data = [{"range": "A1", "values": [["kept?"]]}, {"range": "A5000", "values": [["beyond"]]}]
        body = json.dumps({"valueInputOption": "RAW", "data": data})
        answer, _ = local.request(f"{SHEETS}/{id}/values:batchUpdate", "POST", body)
        assert answer.status == 400
        assert "values" not in json.loads(local.request(f"{SHEETS}/{id}/values/A1")[1])
