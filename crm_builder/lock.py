"""A lock of the operating system on a file: it goes with the process that holds it, however that ends."""

from __future__ import annotations

import os
from pathlib import Path

from crm_builder.errors import WorkspaceError

_LOCKED_BYTE = 1 << 30  # beyond the text, so that the pid stays readable where locks are mandatory


def take(path: Path, what: str) -> int:
    """Takes the lock for `release`; the file holds the pid of its holder.

    WorkspaceError where another process has `what`; OSError where the file cannot be had.
    """
    held = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(held)
    except OSError as error:
        if os.name != "nt" and not isinstance(error, BlockingIOError):  # a file system without locks, not a holder
            os.close(held)
            raise
        holder = os.pread(held, 20, 0).decode(errors="replace").strip() if hasattr(os, "pread") else path.read_text()
        os.close(held)
        raise WorkspaceError(f"{what} is in use by process {holder or 'unknown'}: wait for it or end it") from error
    try:
        os.ftruncate(held, 0)
        os.write(held, str(os.getpid()).encode())
    except OSError:
        os.close(held)
        raise
    return held


def release(held: int) -> None:
    os.close(held)  # the lock goes with the last handle


def _take(held: int) -> None:
    if os.name == "nt":
        import msvcrt

        os.lseek(held, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(held, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        os.lseek(held, 0, os.SEEK_SET)
    else:
        import fcntl

        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
