"""The open workspace behind the REST calls: its store, its clock and the spreadsheets that are in memory."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from . import book as books
from .book import Book
from .errors import not_found, not_shared
from .store import TABLES, Store, pack, read_json

_IN_MEMORY = 8  # spreadsheets kept between requests
SPREADSHEET = "application/vnd.google-apps.spreadsheet"

Clock = datetime | Callable[[], datetime] | None


class Workspace:
    """Files and spreadsheets of one folder. `clock`: an aware instant, a function giving one, None = the system's."""

    def __init__(self, folder: Path, clock: Clock = None):
        self.store = Store(folder)
        self.clock = clock
        self._books: dict[str, Book] = {}
        self._now: datetime | None = None
        self._used: set[str] = set()  # spreadsheets that this request asked for

    @property
    def db(self) -> sqlite3.Connection:
        return self.store.db

    def close(self) -> None:
        self._books.clear()
        self.store.close()

    @contextmanager
    def request(self) -> Iterator[None]:
        """One REST request: written as a whole when it ends well; forgotten, in memory too, when it does not."""
        try:
            with self.store.transaction():
                self._now = None
                self._used.clear()
                yield
                for id in self._used & self._books.keys():
                    book = self._books[id]
                    if book.was_changed:
                        self.touch(id, book)
                    book.save()
        except BaseException:
            for id in self._used:
                self._books.pop(id, None)
            raise
        while len(self._books) > _IN_MEMORY:
            del self._books[next(iter(self._books))]

    def now(self) -> datetime:
        """The instant of this request, aware, UTC; the same throughout the request."""
        if self._now is None:
            clock = self.clock
            given = clock() if callable(clock) else clock or datetime.now(UTC)
            self._now = given.astimezone(UTC)
        return self._now

    def stamp(self) -> str:
        """The instant of this request as answers write it: 2026-10-30T08:15:00.123Z."""
        now = self.now()
        return now.strftime("%Y-%m-%dT%H:%M:%S.") + f"{now.microsecond // 1000:03d}Z"

    # -- spreadsheets ----------------------------------------------------------------------------------------------

    def book(self, id: str) -> Book:
        """The spreadsheet. ApiError 404 when there is none, or it was deleted; 403 where it is somebody else's."""
        book = self._books.pop(id, None) or books.load(self.db, id)
        if book is None:
            raise not_shared() if is_of_others(id) else not_found()
        self._books[id] = book  # the one used last stands last
        self._used.add(id)
        book.clock = self.now()
        return book

    def create_book(self, id: str, doc: dict[str, Any]) -> Book:
        book = books.create(self.db, id, doc)
        book.clock = self.now()
        self._books[id] = book
        self._used.add(id)
        return book

    def copy_book(self, id: str, copy_id: str) -> Book:
        """A copy of a spreadsheet under another id, cells included."""
        source = self.book(id)
        source.save()
        copy = self.create_book(copy_id, json.loads(json.dumps(source.doc)))
        for table in TABLES:
            names = [row[1] for row in self.db.execute(f"PRAGMA table_info({table})")][1:]
            listed = ", ".join(names)
            self.db.execute(
                f"INSERT INTO {table} SELECT ?, {listed} FROM {table} WHERE spreadsheet=?", (copy.number, source.number)
            )
        self.db.execute(
            "UPDATE spreadsheets SET doc=?, state=(SELECT state FROM spreadsheets WHERE number=?) WHERE number=?",
            (pack(copy.doc), source.number, copy.number),
        )
        del self._books[copy_id]
        return self.book(copy_id)

    def delete_book(self, id: str) -> None:
        book = self.book(id)
        for table in TABLES:
            self.db.execute(f"DELETE FROM {table} WHERE spreadsheet=?", (book.number,))
        self.db.execute("DELETE FROM spreadsheets WHERE number=?", (book.number,))
        del self._books[id]

    def touch(self, id: str, book: Book) -> None:
        """Brings the file's name and time up to date with its spreadsheet."""
        found = self.file(id)
        if found is not None:
            self.put_file({**found, "name": book.doc["properties"]["title"], "modifiedTime": self.stamp()})

    # -- files -----------------------------------------------------------------------------------------------------

    def file(self, id: str) -> dict[str, Any] | None:
        found = self.db.execute("SELECT file FROM files WHERE id=?", (id,)).fetchone()
        return None if found is None else read_json(found[0], f"file {id}")

    def files(self) -> list[dict[str, Any]]:
        """All files, the one changed last first."""
        found = [read_json(row[0], "a file") for row in self.db.execute("SELECT file FROM files ORDER BY rowid DESC")]
        return sorted(found, key=lambda file: file["modifiedTime"], reverse=True)

    def put_file(self, file: dict[str, Any]) -> None:
        text = json.dumps(file, ensure_ascii=False)
        self.db.execute(
            "INSERT INTO files VALUES (?,?) ON CONFLICT (id) DO UPDATE SET file=excluded.file", (file["id"], text)
        )

    def drop_file(self, id: str) -> None:
        self.db.execute("DELETE FROM files WHERE id=?", (id,))

    # -- documents: what a service keeps beside files and spreadsheets, such as scripts --------------------------------

    def document(self, kind: str, id: str) -> Any:
        """The document, None where there is none."""
        found = self.db.execute("SELECT document FROM documents WHERE kind=? AND id=?", (kind, id)).fetchone()
        return None if found is None else read_json(found[0], f"{kind} {id}")

    def documents(self, kind: str) -> dict[str, Any]:
        """All documents of a kind by id, in the order of their ids."""
        rows = self.db.execute("SELECT id, document FROM documents WHERE kind=? ORDER BY id", (kind,))
        return {id: read_json(text, f"{kind} {id}") for id, text in rows}

    def put_document(self, kind: str, id: str, document: Any) -> None:
        text = json.dumps(document, ensure_ascii=False, allow_nan=False)
        self.db.execute("INSERT OR REPLACE INTO documents VALUES (?,?,?)", (kind, id, text))

    def drop_document(self, kind: str, id: str) -> None:
        self.db.execute("DELETE FROM documents WHERE kind=? AND id=?", (kind, id))


def new_file_id() -> str:
    """44 characters that fit in a URL, as the service's own ids; the last two follow from the others."""
    start = "1" + secrets.token_urlsafe(33)[:41]
    return start + _check(start)


def is_of_others(id: str) -> bool:
    """Whether the id has the service's form and no local workspace made it: then somebody's file at Google bears it."""
    return re.fullmatch(r"1[\w-]{43}", id, re.ASCII) is not None and _check(id[:-2]) != id[-2:]


def _check(start: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(start.encode()).digest())[:2].decode()
