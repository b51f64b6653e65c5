"""The child process in which scripts run: started when it is first needed, and shared by many runs."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

from crm_builder.errors import RunError

from . import node

Json = dict[str, Any]
Decode = Callable[[bytes], Json]
Answer = Callable[[Json], str | None]
HOST = Path(__file__).with_name("host.js")
_KEPT = 8  # projects whose compiled files the child keeps


class Process:
    """One Node.js. `run` may be called again while a run is waiting for an answer; it is closed with the program."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None
        self._lock = threading.RLock()
        self._known: set[str] = set()  # digests of projects that the child has
        self._depth = 0
        self._stale = False

    def run(self, job: Json, files: Sequence[Json], decode: Decode, answer: Answer) -> Json:
        """Runs a project, known by `digest`, in a fresh context.

        Gives what came of it: {value}, {error: {name, message, stack}}, {timeout} or {unsupported}.

        `decode` reads a line that the script sends; `answer` gives the line to answer it with, None where none is
        expected. RunError when the process cannot be started or dies.
        """
        with self._lock:
            self._start()
            self._depth += 1
            try:
                return self._run(job, files, decode, answer)
            except BaseException:
                self._stale = True  # it waits for an answer that nobody gives
                raise
            finally:
                self._depth -= 1
                if self._stale and not self._depth:
                    self.close()

    def _run(self, job: Json, files: Sequence[Json], decode: Decode, answer: Answer) -> Json:
        digest = job["digest"]
        message = dict(job)
        if digest not in self._known:
            message["files"] = files
            if len(self._known) >= _KEPT:
                self._known.clear()
                message["forget"] = True
        self._send("!" + json.dumps(message))
        while True:
            told = decode(self._receive())
            if "done" in told:
                done: Json = told["done"]
                if not done.get("error"):  # such as a file that cannot be parsed
                    self._known.add(digest)
                # After a timeout the child may have lost part of a line.
                self._stale = self._stale or bool(done.get("timeout"))
                return done
            given = answer(told)
            if given is not None:
                self._send(given)

    def _start(self) -> None:
        if self._child is not None and self._child.poll() is None:
            return
        self.close()
        command = [node.find(), "--no-warnings", str(HOST)]
        # Options of the machine's own could load code into the child.
        environment = {name: value for name, value in os.environ.items() if name != "NODE_OPTIONS"}
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - a pipe that nobody reads would block the child
        try:
            self._child = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, env=environment
            )
        except OSError as error:
            raise RunError(f"Node.js could not be started ({command[0]}: {error.strerror}).") from error

    def _send(self, line: str) -> None:
        assert self._child is not None and self._child.stdin is not None
        try:
            self._child.stdin.write(line.encode("ascii") + b"\n")
            self._child.stdin.flush()
        except OSError as error:
            raise self._died() from error

    def _receive(self) -> bytes:
        assert self._child is not None and self._child.stdout is not None
        line = self._child.stdout.readline()
        if not line.endswith(b"\n"):
            raise self._died()
        return line

    def _died(self) -> RunError:
        """The error for a child that is gone, with what it said last."""
        assert self._child is not None and self._errors is not None
        try:
            code: int | None = self._child.wait(10)
        except subprocess.TimeoutExpired:
            code = None
        self._errors.seek(0)
        lines = [line for line in self._errors.read().decode("utf-8", "replace").splitlines() if line.strip()]
        said = next((line for line in lines if "Error" in line or "heap" in line), lines[-1] if lines else "")
        told = f": {said.strip()}" if said else "."
        return RunError(f"Node.js ended in the middle of the run (exit code {code}); nothing of the run is kept{told}")

    def close(self) -> None:
        """Ends the child; the next run starts another one."""
        child, self._child = self._child, None
        self._known.clear()
        self._stale = False
        if child is not None:
            child.kill()
            child.wait()
            for stream in (child.stdin, child.stdout):
                if stream is not None:
                    try:
                        stream.close()
                    except OSError:
                        continue  # bytes that nobody waits for any more
        if self._errors is not None:
            self._errors.close()
            self._errors = None


_shared = Process()
atexit.register(_shared.close)


def shared() -> Process:
    """The process that all runs of this program share."""
    return _shared
