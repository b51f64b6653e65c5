"""Files that are no backups, damaged ones and disks that are full: one clear error, and nothing was sent before."""

from __future__ import annotations

import errno
import gzip
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crm_builder.deploy import journal, prepare_restore, snapshot_file, snapshots
from crm_builder.deploy.restore import restore_batches
from crm_builder.errors import CrmError
from crm_builder.sheets import ids
from tests.changes.faults import Counting
from tests.changes.keeping import DELETED, NICKNAME, Keeping, type_rows


@pytest.fixture
def crm(crm_folder: Path, small_templates: Path) -> Keeping:
    return Keeping(crm_folder, small_templates)


@pytest.fixture
def data(crm: Keeping, tmp_path: Path) -> dict[str, Any]:
    """The JSON of a backup with a bit of everything."""
    type_rows(crm, "customers", [{"id": "C-1", "name": "Berta"}])
    with crm.user() as (user, observed):
        place = observed.layout.place("customers")
        user.type(place.sheet_id, 2, place.column("notes"), "1/2")
        own = user.add_sheet("My sheet")
        user.type(own, 0, 0, "=1+1")
        user.add_named_range("my_place", own, (0, 0, 1, 1))
    content = gzip.decompress(crm.backup(tmp_path / "all.json.gz").read_bytes())
    return json.loads(content) | {"baseline": None}


def written(folder: Path, content: bytes) -> Path:
    path = folder / "bad.json.gz"
    path.write_bytes(content)
    return path


def test_files_that_are_none_of_ours(tmp_path: Path) -> None:
    with pytest.raises(CrmError, match="no file"):
        snapshots.load(tmp_path / "gone.json.gz")
    cut = gzip.compress(b'{"format": 1}' * 99)[:-9]
    for content in (b"", b"nothing", gzip.compress(b"nothing"), gzip.compress(b"[" * 99_999), cut):
        with pytest.raises(CrmError, match="no backup"):
            snapshots.load(written(tmp_path, content))


def test_a_later_version_is_told_as_that(tmp_path: Path) -> None:
    content = gzip.compress(b'{"format": 99, "written": "9.9"}')
    with pytest.raises(CrmError, match=r"written by crm_builder 9\.9"):
        snapshots.load(written(tmp_path, content))


def test_what_would_fill_the_memory_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot_file, "LIMIT", 1_000_000)
    bomb = gzip.compress(b'{"format": 1, "values": {"0": [' + b"[]," * 1_000_000 + b"[]]}}")
    assert len(bomb) < 10_000
    with pytest.raises(CrmError, match="no backup"):
        snapshots.load(written(tmp_path, bomb))


WRONG = (None, True, -1, 10**12, float("nan"), "\ud800", [None], {"a": 1})


def test_wrong_contents_are_damage(data: dict[str, Any], tmp_path: Path) -> None:
    """Each part in turn is replaced: it is refused as a whole, or what it says can be restored."""
    parts = [*_parts(data)]
    refused = 0
    for holder, key in parts:
        held = holder[key]
        for wrong in WRONG:
            holder[key] = wrong
            path = written(tmp_path, gzip.compress(json.dumps(data).encode(), 1))
            try:
                prepare_restore(path, tmp_path / "new", "local", False)
            except CrmError as error:
                assert str(path) in str(error)
                refused += 1
        holder[key] = held
    assert len(parts) > 40 and refused > 6 * len(parts)


def _parts(data: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """(holder, key) of every kind of part; of things alike the first only. What the workbooks hold is the codec's."""
    yield from ((data, name) for name in data if name not in ("written", "result", "baseline"))
    place = data["sheets"]["customers"]
    own, number = next(iter(data["foreign"])), str(place["sheet_id"])
    yield from ((data["sheets"], key) for key in ("customers", "board"))
    yield from ((place, name) for name in place)
    yield from ((place["columns"], key) for key in ("id", "notes"))
    yield from ((data["foreign"], own), *((data["foreign"][own], name) for name in data["foreign"][own]))
    yield from ((data["values"], number), (data["values"][number], 1), (data["values"][number][1], 0))
    yield from ((data["values"][own][0], 0), (data["values"][own][0][0], "formula"))
    yield from ((data["formats"], number), (data["formats"][number], 0))
    yield from ((data["formats"][number][0], index) for index in range(5))
    yield from ((data["names"], 0), (data["names"][0], "name"), (data["names"][0], "range"))
    yield from ((data["names"][0]["range"], name) for name in data["names"][0]["range"])
    yield from ((data["workbook"]["sheets"][0], name) for name in ("key", "columns"))


def test_no_two_sheets_get_the_same_id(crm: Keeping, tmp_path: Path) -> None:
    snapshot = snapshots.load(crm.backup(tmp_path / "all.json.gz"))
    taken = ids.sheet_id("customers")
    own = {"title": "Mine", "index": 1, "hidden": False, "rows": 5, "columns": 5}
    foreign = {str(taken): own, str(taken + 1): own | {"title": "Mine too", "index": 2}}
    batches = restore_batches(replace(snapshot, foreign=foreign))
    made = [
        one["addSheet"]["properties"]["sheetId"] for batch in batches.values() for one in batch if "addSheet" in one
    ]
    assert len(made) == len(set(made)) == len(snapshot.workbook.sheets) + 3


def _full(*_: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_is_told_and_nothing_was_sent(crm: Keeping, monkeypatch: pytest.MonkeyPatch) -> None:
    crm.apply(NICKNAME)
    before, files = crm.grids(), sorted((crm.folder / ".crm").rglob("*.json*"))
    made: list[Counting] = []
    for module in (snapshot_file, journal):
        with monkeypatch.context() as patch:
            patch.setattr(module.os, "fsync", _full)
            with pytest.raises(CrmError, match=r"cannot be written: No space left on device"):
                crm.apply(DELETED, lambda http: made.append(Counting(http)) or made[-1])
        assert made[-1].calls and not made[-1].writes
    assert crm.grids() == before
    assert [path for path in sorted((crm.folder / ".crm").rglob("*.json*")) if path.suffix == ".new"] == []
    assert files


def test_a_line_that_was_cut_off_does_not_take_the_next_with_it(crm: Keeping) -> None:
    crm.apply(NICKNAME)
    before = crm.grids()
    with journal.path_of(crm.folder / ".crm").open("ab") as file:
        file.write(b'{"when": "2026-11-22T09:02:00+00:00", "what": "app')
    crm.apply(NICKNAME.replace("Nickname", "Alias"))
    crm.undo()
    assert crm.grids() == before


def test_lines_of_a_journal_that_nobody_can_read_are_left_out(tmp_path: Path) -> None:
    line = '{"when": "x", "what": "apply", "who": "a\u2028b", "result": "begun", "snapshot": "s"}'
    odd = ("[" * 99_999, '{"when": 1}', '{"when": "x", "what": "y", "of": []}', "\x00")
    journal.path_of(tmp_path).write_text("\n".join([*odd, line]), "utf-8")
    assert [entry["who"] for entry in journal.read(tmp_path)] == ["a\u2028b"]
    assert journal.latest_run(tmp_path) == ["s"]
