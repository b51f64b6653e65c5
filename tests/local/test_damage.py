"""A store that was damaged, or a folder that cannot be used: one clear error that names the file and what to do."""

from __future__ import annotations

import json
import os
import sqlite3
import zlib

import pytest

from crm_builder.errors import WorkspaceError
from crm_builder.local.blocks import Interner
from crm_builder.local.errors import Damaged
from crm_builder.local.store import Store
from crm_builder.local.transport import open_workspace

SHEETS, DRIVE = "https://sheets.googleapis.com/v4/spreadsheets", "https://www.googleapis.com/drive/v3/files"


@pytest.fixture
def made(tmp_path) -> str:
    """The id of a spreadsheet with values, formulas and notes in a workspace that is closed again."""
    with open_workspace(tmp_path) as local:
        body = json.dumps({"name": "one", "mimeType": "application/vnd.google-apps.spreadsheet"})
        id = json.loads(local.request(DRIVE, "POST", body)[1])["id"]
        cell = {
            "userEnteredValue": {"formulaValue": "=1+1"},
            "note": "n",
            "userEnteredFormat": {"wrapStrategy": "CLIP"},
        }
        area = {"sheetId": 0, "endRowIndex": 300, "endColumnIndex": 2}
        requests = [{"repeatCell": {"range": area, "cell": cell, "fields": "*"}}]
        answer, _ = local.request(f"{SHEETS}/{id}:batchUpdate", "POST", json.dumps({"requests": requests}))
        assert answer.status == 200
    return id


def whole(folder, id: str) -> dict:
    with open_workspace(folder) as local:
        for uri in (DRIVE, f"{SHEETS}/{id}?includeGridData=true"):
            content = local.request(uri)[1]
        return json.loads(content)


def damage(folder, statement: str, *values) -> None:
    db = sqlite3.connect(folder / "workspace.sqlite3")
    assert db.execute(statement, values).rowcount > 0
    db.commit()
    db.close()


def broken(data: object) -> bytes:
    return zlib.compress(json.dumps(data).encode())


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("UPDATE blocks SET data=?", b"no zlib"),
        ("UPDATE blocks SET data=?", zlib.compress(b"no JSON")),
        ("UPDATE blocks SET data=?", broken([[float("nan")]])),
        ("UPDATE blocks SET data=?", broken([[{"x": 1}]])),
        ("UPDATE blocks SET data=?", broken([[99]])),  # a number that stands for nothing
        ("UPDATE blocks SET formulas=? WHERE formulas IS NOT NULL", "[["),
        ("UPDATE spreadsheets SET doc=?", b"\x78\x01"),
        ("UPDATE spreadsheets SET state=?", "{"),
        ("UPDATE grids SET state=?", b""),
        ("UPDATE interned SET value=?", "{"),
        ("UPDATE files SET file=?", "{"),
        ("DELETE FROM interned WHERE number=0 AND ''=?", ""),
        ("DELETE FROM grids WHERE ''=?", ""),
        ("DELETE FROM blocks WHERE row_band=1 AND ''=?", ""),
    ],
)
def test_damage_is_told_with_the_file_and_the_remedy(tmp_path, made, statement, value):
    damage(tmp_path, statement, value)
    with pytest.raises(WorkspaceError, match=r"workspace\.sqlite3 is damaged: .*put a copy of it back") as caught:
        whole(tmp_path, made)
    assert str(tmp_path) in str(caught.value)


def test_a_store_written_before_blocks_were_counted_is_read(tmp_path, made):
    before = whole(tmp_path, made)
    db = sqlite3.connect(tmp_path / "workspace.sqlite3")
    (state,) = db.execute("SELECT state FROM grids").fetchone()
    db.close()
    old = {name: value for name, value in json.loads(zlib.decompress(state)).items() if name != "blocks"}
    damage(tmp_path, "UPDATE grids SET state=?", broken(old))
    assert whole(tmp_path, made) == before


@pytest.mark.parametrize("start", range(4096, 4096 * 8, 4096))
def test_a_damaged_page_is_a_workspace_error_or_not_met(tmp_path, made, start):
    before = whole(tmp_path, made)
    path = tmp_path / "workspace.sqlite3"
    data = bytearray(path.read_bytes())
    data[start : start + 4096] = b"\xa5" * len(data[start : start + 4096])
    path.write_bytes(bytes(data))
    try:
        assert whole(tmp_path, made) == before
    except WorkspaceError as error:
        assert str(path) in str(error)


def test_an_interner_with_a_gap_is_refused():
    with pytest.raises(Damaged, match="missing"):
        Interner({0: '"a"', 2: '"b"'})


def test_what_an_interner_handed_out_is_known_again_by_identity():
    interner = Interner({0: '{"a":1}'})
    first = interner.value(0)
    assert interner.number(first) == 0
    assert interner.number({"a": 1}) == 0
    new = interner.number({"b": 2})
    assert interner.number(interner.value(new)) == new == 1
    assert interner.fresh == {1: '{"b":2}'}
    assert [interner.number({"c": at}) for at in range(50)] == list(range(2, 52))  # ids of dead values come again


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path):
    (tmp_path / "workspace").write_text("")
    with pytest.raises(WorkspaceError, match=r"workspace cannot hold .*is a file"):
        Store(tmp_path / "workspace")
    with pytest.raises(WorkspaceError, match="cannot hold the local workspace"):
        Store(tmp_path / "workspace" / "deeper")


def test_a_link_to_nothing_is_told(tmp_path):
    (tmp_path / "workspace").symlink_to(tmp_path / "nowhere")
    with pytest.raises(WorkspaceError, match="link to nothing"):
        Store(tmp_path / "workspace")


@pytest.mark.parametrize("name", ["workspace.lock", "workspace.sqlite3"])
def test_a_folder_in_the_place_of_a_file_is_told(tmp_path, name):
    (tmp_path / name).mkdir()
    with pytest.raises(WorkspaceError, match=name):
        Store(tmp_path)
    (tmp_path / name).rmdir()
    Store(tmp_path).close()  # the lock was given back


def test_a_folder_one_may_not_write_to_is_told(tmp_path, monkeypatch):
    def forbidden(path, *_arguments):
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as patch:  # permissions do not hold for every account that runs the tests
        patch.setattr(os, "open", forbidden)
        with pytest.raises(WorkspaceError, match=r"Permission denied.*workspace\.lock"):
            Store(tmp_path)
    Store(tmp_path).close()
