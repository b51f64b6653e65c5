"""The embedded store of a local workspace: one SQLite file, one writer, one transaction a request.

A request is written wholly or not at all, whatever stops the process: write-ahead log, synchronous FULL. An exclusive
lock of the operating system on a file beside it is held while the workspace is open, so that a second opener is told
who holds it instead of waiting.
"""

from __future__ import annotations

import errno
import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from crm_builder import lock
from crm_builder.errors import WorkspaceError

from .errors import Damaged

VERSION = 1
_APPLICATION = 0x43524D42  # "CRMB": tells our files from other programs' databases

_SCHEMA = """
CREATE TABLE files (id TEXT PRIMARY KEY, file TEXT NOT NULL);
CREATE TABLE spreadsheets (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, doc BLOB NOT NULL, state TEXT NOT NULL);
CREATE TABLE grids (spreadsheet INTEGER, sheet INTEGER, state BLOB NOT NULL, PRIMARY KEY (spreadsheet, sheet));
CREATE TABLE interned (spreadsheet INTEGER, number INTEGER, value TEXT NOT NULL, PRIMARY KEY (spreadsheet, number));
CREATE TABLE blocks (spreadsheet INTEGER, sheet INTEGER, plane INTEGER, row_band INTEGER, column_band INTEGER,
  height INTEGER NOT NULL, width INTEGER NOT NULL, formulas TEXT, data BLOB NOT NULL,
  PRIMARY KEY (spreadsheet, sheet, plane, row_band, column_band));
CREATE INDEX formulas ON blocks (spreadsheet, sheet) WHERE formulas IS NOT NULL;
"""
# Came after the first stores were written: each opening makes it where it is missing.
_DOCUMENTS = """
CREATE TABLE IF NOT EXISTS documents (kind TEXT, id TEXT, document TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
"""
_REMEDY = "put a copy of it back, or move the folder away and run up again"
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EIO}
_UNREADABLE = {sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ}  # nothing to do with room
TABLES = ("grids", "interned", "blocks")  # those keyed by spreadsheet number


class Store:
    """The open store of one workspace folder. Raises WorkspaceError when it is held, broken, foreign or newer."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.path = folder / "workspace.sqlite3"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock: int | None = lock.take(folder / "workspace.lock", f"the local workspace {folder}")
        except OSError as error:
            raise WorkspaceError(_unusable(folder, error)) from error
        try:
            self.db = _open(self.path)
        except BaseException:
            lock.release(self._lock)
            raise

    def close(self) -> None:
        """Closes the file and lets the next one in; a second time it does nothing."""
        self.db.close()
        if self._lock is not None:
            lock.release(self._lock)
            self._lock = None

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Everything inside happens, or nothing does. WorkspaceError when the file turns out to be broken or full."""
        try:
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield self.db
            except BaseException:
                if self.db.in_transaction:  # a full disk ends it before we do, and its error is the one to tell
                    self.db.execute("ROLLBACK")
                raise
            self.db.execute("COMMIT")
        except Damaged as error:
            raise WorkspaceError(f"{self.path} is damaged: {error}; {_REMEDY}") from error
        except sqlite3.Error as error:
            if self.db.in_transaction:
                with suppress(sqlite3.Error):
                    self.db.execute("ROLLBACK")
            if _is_of_room(error):
                raise WorkspaceError(_no_room(self.folder, error)) from error
            remedy = "" if isinstance(error, sqlite3.OperationalError) else f"; {_REMEDY}"
            text = f"{self.path}: the local workspace cannot be read or written: {error}{remedy}"
            raise WorkspaceError(text) from error


def pack(value: Any) -> bytes:
    """Compact JSON, compressed. ValueError for NaN and the infinities, which no other reader of JSON knows."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return zlib.compress(text.encode(), 1)


def unpack(data: bytes, what: str) -> Any:
    """What pack() packed. Damaged, naming `what`, where the bytes are not what was written."""
    try:
        return json.loads(zlib.decompress(data))
    except (zlib.error, ValueError, TypeError) as error:
        raise Damaged(f"{what} cannot be read ({error})") from error


def read_json(text: str, what: str) -> Any:
    """The value of a JSON text of the store. Damaged, naming `what`, where it is none."""
    try:
        return json.loads(text)
    except (ValueError, TypeError) as error:
        raise Damaged(f"{what} cannot be read ({error})") from error


class SheetBlocks:
    """The blocks of one sheet in the store (grid.BlockIO)."""

    def __init__(self, db: sqlite3.Connection, spreadsheet: int, sheet: int):
        self._db = db
        self._of = (spreadsheet, sheet)

    def index(self, plane: int) -> dict[tuple[int, int], tuple[int, int]]:
        found = self._db.execute(
            "SELECT row_band, column_band, height, width FROM blocks WHERE spreadsheet=? AND sheet=? AND plane=?",
            (*self._of, plane),
        )
        return {(row, column): (height, width) for row, column, height, width in found}

    def formulas(self) -> dict[tuple[int, int], dict[tuple[int, int], str]]:
        found = self._db.execute(
            "SELECT row_band, column_band, formulas FROM blocks INDEXED BY formulas"
            " WHERE spreadsheet=? AND sheet=? AND formulas IS NOT NULL",
            self._of,
        )
        return {
            (row_band, column_band): {
                (row, column): text for row, column, text in read_json(listed, f"the formulas of sheet {self._of[1]}")
            }
            for row_band, column_band, listed in found
        }

    def load(self, plane: int, key: tuple[int, int]) -> bytes:
        found = self._db.execute(
            "SELECT data FROM blocks WHERE spreadsheet=? AND sheet=? AND plane=? AND row_band=? AND column_band=?",
            (*self._of, plane, *key),
        ).fetchone()
        if found is None:
            raise Damaged(f"cells of sheet {self._of[1]} are missing")
        return found[0]

    def count(self) -> int:
        """How many blocks the sheet has in the store, of all planes."""
        found = self._db.execute("SELECT count(*) FROM blocks WHERE spreadsheet=? AND sheet=?", self._of).fetchone()
        return int(found[0])

    def save(
        self,
        plane: int,
        key: tuple[int, int],
        data: bytes,
        limits: tuple[int, int],
        formulas: dict[tuple[int, int], str],
    ) -> None:
        listed = json.dumps([[*at, text] for at, text in formulas.items()], ensure_ascii=False) if formulas else None
        self._db.execute(
            "INSERT OR REPLACE INTO blocks VALUES (?,?,?,?,?,?,?,?,?)",
            (*self._of, plane, *key, *limits, listed, data),
        )

    def drop(self, plane: int, key: tuple[int, int]) -> None:
        self._db.execute(
            "DELETE FROM blocks WHERE spreadsheet=? AND sheet=? AND plane=? AND row_band=? AND column_band=?",
            (*self._of, plane, *key),
        )


def _open(path: Path) -> sqlite3.Connection:
    try:
        db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise WorkspaceError(f"{path} cannot be opened: {error}") from error
    try:
        application = db.execute("PRAGMA application_id").fetchone()[0]
        version = db.execute("PRAGMA user_version").fetchone()[0]
        tables = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if application != _APPLICATION and (tables or version or application):
            raise WorkspaceError(f"{path} is a database of another program; choose another folder for the workspace")
        if version > VERSION:
            raise WorkspaceError(
                f"{path} was written by a newer crm_builder (store version {version}, this one knows {VERSION}):"
                " install the newer one"
            )
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        if application != _APPLICATION:
            db.executescript(
                f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA application_id={_APPLICATION};"
                f" PRAGMA user_version={VERSION}; COMMIT;"
            )
        db.execute(_DOCUMENTS)
    except sqlite3.Error as error:
        db.close()
        if _is_of_room(error):
            raise WorkspaceError(_no_room(path.parent, error)) from error
        remedy = "" if isinstance(error, sqlite3.OperationalError) else f"; {_REMEDY}"
        raise WorkspaceError(f"{path} is no local workspace, or is broken: {error}{remedy}") from error
    except WorkspaceError:
        db.close()
        raise
    return db


def _is_of_room(error: sqlite3.Error) -> bool:
    """Whether something could not be written for want of room, or of a working disk (sqlite.org/rescode.html)."""
    code = getattr(error, "sqlite_errorcode", None) or 0  # errors of the Python module itself have none
    return code & 0xFF in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR) and code not in _UNREADABLE


def _no_room(folder: Path, reason: object) -> str:
    return (
        f"there is no room (or the disk fails) under {folder}: {reason};"
        " free some and run the same again; nothing is lost"
    )


def _unusable(folder: Path, error: OSError) -> str:
    if error.errno in _NO_ROOM:
        return _no_room(folder, error.strerror)
    where = f" ({error.filename})" if error.filename and str(error.filename) != str(folder) else ""
    reason = error.strerror or str(error)
    if isinstance(error, FileExistsError):
        reason = "it is a link to nothing" if folder.is_symlink() else "it is a file, not a folder"
    return (
        f"the folder {folder} cannot hold the local workspace: {reason}{where};"
        " make it a folder that you may write to, or choose another one"
    )
