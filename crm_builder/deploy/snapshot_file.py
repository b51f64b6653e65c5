"""The file of a snapshot: written as a whole, and read with each part checked, as it may be any file."""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crm_builder import __version__
from crm_builder.deploy.entered import Grid
from crm_builder.deploy.number_formats import Formats, Span, formats_of
from crm_builder.deploy.snapshot_check import FORMAT, check, check_workbook
from crm_builder.errors import CrmError
from crm_builder.model import Workbook
from crm_builder.plan import Id
from crm_builder.sheets import codec

Json = dict[str, Any]
LIMIT = 200_000_000  # bytes unpacked: twenty for each of the ten million cells that a spreadsheet may have
DAMAGE = (
    *(ValueError, LookupError, TypeError, AttributeError, EOFError, RecursionError, MemoryError, OverflowError),
    *(gzip.BadGzipFile, zlib.error),
)
_PLAIN = (
    *("when", "what", "digest", "spreadsheet_id", "sheets", "foreign", "values", "names", "description"),
    *("formats", "cleared"),
)
_LATER = ("formats", "cleared")  # which older files do not have
_WORKBOOKS = ("workbook", "baseline", "result")
_FORMER = "former"  # which older files do not have


@dataclass(frozen=True)
class Snapshot:
    """`values`: of every sheet, by its id, what was entered; row by row from the grid's first. Empty for an apply that
    only added things. `formats`: of the same cells the number formats that are not those of their columns; of backups
    that people asked for, and where an undo would enter values again.

    `result` is what an apply that followed was to lead to, with what it left to people (`forgotten`) still in it; None
    for a backup that people asked for. `renames` are (former, new). `cleared` are the cells that it was to empty.
    `frozen`: of computed columns that it was to leave as values what they showed, row by row from the grid's first.
    """

    when: str
    what: str
    digest: str
    spreadsheet_id: str
    workbook: Workbook
    baseline: Workbook | None
    result: Workbook | None
    sheets: Mapping[str, Json]  # key → sheet_id, title, header (0-based line), columns (key → 0-based index), …
    foreign: Mapping[str, Json]  # sheet id → title, index, hidden, rows, columns
    values: Mapping[str, Grid]
    renames: Sequence[tuple[Id, Id]] = ()
    forgotten: Sequence[Id] = ()
    names: Sequence[Json] = field(default=())  # named ranges of people's own: name, range
    description: str = ""  # crm.toml at that time
    formats: Mapping[str, Sequence[Span]] = field(default_factory=dict)  # by sheet id
    cleared: Sequence[Sequence[Any]] = ()  # sheet, column, first line, the line after the last
    frozen: Mapping[Id, Grid] = field(default_factory=dict)
    former: Workbook | None = None  # sheets that were forgotten before, as they were left

    def grid(self, sheet: str) -> Grid:
        """What was entered into a sheet of ours."""
        return self.values.get(str(self.sheets[sheet]["sheet_id"]), [])

    def formats_of(self, sheet_id: str | int) -> Formats:
        return formats_of(self.formats.get(str(sheet_id), ()))


def save(path: Path, snapshot: Snapshot) -> None:
    """CrmError where the disk does not take it; what was there under that name is there still."""
    text = json.dumps(_encode(snapshot), ensure_ascii=False, separators=(",", ":"))
    content = text.encode("utf-8", "surrogatepass")
    if len(content) > LIMIT:
        raise CrmError(f"the CRM is too large for one backup file: {len(content):,} bytes, at most {LIMIT:,} are read")
    draft = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as file:
            file.write(gzip.compress(content, mtime=0))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        _remove(draft)
        raise CrmError(f"{path} cannot be written: {error.strerror}; nothing was changed in the CRM") from error


def _remove(draft: Path) -> None:
    try:
        draft.unlink(missing_ok=True)
    except OSError:
        return  # the disk that did not take it


def load(path: Path) -> Snapshot:
    """CrmError for a file that is none of ours, is damaged, or was written by a later version."""
    try:
        data = json.loads(_unpacked(path), parse_constant=_no_number)
        if data["format"] > FORMAT:
            raise CrmError(f"{path} was written by crm_builder {data['written']}; this is {__version__}: update it")
        return _decode(data)
    except FileNotFoundError:
        raise CrmError(f"there is no file {path}") from None
    except DAMAGE as error:
        raise CrmError(f"{path} is no backup of a CRM, or is damaged") from error


def _unpacked(path: Path) -> bytes:
    """What is in the file; ValueError where it would fill the memory."""
    with gzip.open(path) as file:
        content = file.read(LIMIT + 1)
    if len(content) > LIMIT:
        raise ValueError(f"more than {LIMIT} bytes")
    return content


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number of JSON")


def _decode(data: Json) -> Snapshot:
    check(data)
    workbooks = {name: None if data[name] is None else codec.decode(data[name], Workbook) for name in _WORKBOOKS}
    workbooks[_FORMER] = codec.decode(data[_FORMER], Workbook) if data.get(_FORMER) is not None else None
    renames = [(Id(*former), Id(*new)) for former, new in data["renames"]]
    forgotten = [Id(*one) for one in data["forgotten"]]
    plain = {name: data[name] for name in _PLAIN if name in data or name not in _LATER}
    frozen = {Id("column", sheet, key): grid for sheet, key, grid in data.get("frozen", ())}
    snapshot = Snapshot(**workbooks, **plain, renames=renames, forgotten=forgotten, frozen=frozen)
    check_workbook(snapshot.workbook, snapshot.sheets)
    return snapshot


def _encode(snapshot: Snapshot) -> Json:
    data: Json = {"format": FORMAT, "written": __version__}
    data |= {name: getattr(snapshot, name) for name in _PLAIN}
    data["renames"] = [[_id(former), _id(new)] for former, new in snapshot.renames]
    data["forgotten"] = [_id(one) for one in snapshot.forgotten]
    data["frozen"] = [[one.sheet, one.key, grid] for one, grid in snapshot.frozen.items()]
    for name in (*_WORKBOOKS, _FORMER):
        workbook = getattr(snapshot, name)
        data[name] = None if workbook is None else codec.encode(workbook, Workbook)
    return data


def _id(one: Id) -> list[str]:
    return [one.kind, one.sheet, one.key]
