"""A server on 127.0.0.1 that answers as it is told to, faults of a network included, and remembers what it was asked."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends a reset instead of an end


@dataclass
class Say:
    """An answer; `keep` leaves the connection open, `cut` sends so many bytes of the body and breaks off."""

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    keep: bool = True
    cut: int | None = None


@dataclass
class Break:
    """A reset, or an end without a word: before the request took effect, or after it."""

    effect: bool
    reset: bool = True


@dataclass
class Silence:
    """The request takes effect, and no answer ever comes."""


@dataclass
class Leave:
    """An answer, and then the connection is closed without a word, as one that was idle for too long."""


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Faulty:
    """`script` is gone through, its last entry for ever, functions of the request among them; `effects` are the requests that took effect."""

    def __init__(self, *script: Any):
        self.script = list(script)
        self.asked: list[Asked] = []
        self.effects: list[Asked] = []
        self.ended = threading.Semaphore(0)  # released for each connection that the server has closed
        self._turn = threading.Lock()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.connections = 0
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for one in self._open:
            with suppress(OSError):
                one.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            self._talk(connection)
        finally:
            self.ended.release()

    def _talk(self, connection: socket.socket) -> None:
        with suppress(OSError), connection, connection.makefile("rb") as reader:
            while (asked := _read(reader)) is not None:
                with self._turn:
                    step = self.script.pop(0) if len(self.script) > 1 else self.script[0]
                    step = step(asked) if callable(step) else step
                    self.asked.append(asked)
                    if isinstance(step, Silence | Leave) or (getattr(step, "effect", True) and _works(step)):
                        self.effects.append(asked)
                if isinstance(step, Break):
                    if step.reset:
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                    reader.close()
                    return
                if isinstance(step, Silence):
                    reader.read()  # until the client gives up
                    return
                if isinstance(step, Leave):
                    connection.sendall(_bytes(Say()))
                    return
                connection.sendall(_bytes(step))
                if step.cut is not None or not step.keep:
                    return


def _works(step: Any) -> bool:
    return isinstance(step, Break) or 200 <= step.status < 300


def _read(reader: Any) -> Asked | None:
    line = reader.readline().decode().split()
    if len(line) < 2:
        return None
    headers = {}
    while text := reader.readline().decode().strip():
        name, _, value = text.partition(":")
        headers[name.lower()] = value.strip()
    return Asked(line[0], line[1], headers, reader.read(int(headers.get("content-length", 0))))


def _bytes(step: Say) -> bytes:
    body = step.body if isinstance(step.body, bytes) else json.dumps(step.body).encode()
    kind = "text/html" if body.startswith(b"<") else "application/json; charset=UTF-8"
    headers = {"content-type": kind, "content-length": str(len(body)), **step.headers}
    head = f"HTTP/1.1 {step.status} Said\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return head.encode() + b"\r\n" + (body if step.cut is None else body[: step.cut])


@contextmanager
def faulty(*script: Any) -> Iterator[Faulty]:
    server = Faulty(*script)
    try:
        yield server
    finally:
        server.close()


class Time:
    """A clock that only sleeping moves; `slept` are the pauses."""

    def __init__(self, now: float = 1_000.0):
        self.now, self.slept = now, []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
