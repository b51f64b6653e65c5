"""Measuring: steps with their calls, bytes, time and peak memory, each measurement in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from crm_builder.google import Call

Json = dict[str, Any]

_ROOT = Path(__file__).resolve().parents[1]


class Watch:
    """The steps of one process. `steps`: name → calls, sent, received (bytes), seconds, cpu (seconds), peak (bytes)."""

    def __init__(self) -> None:
        self.steps: dict[str, Json] = {}

    @contextmanager
    def step(self, name: str, calls: list[Call] | None = None) -> Iterator[None]:
        """One step; what is added to `calls` meanwhile are its calls. The peak is that of the process until then."""
        before = len(calls or ())
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        seconds, busy = time.perf_counter() - wall, time.process_time() - cpu
        own = (calls or [])[before:]
        self.steps[name] = {
            "calls": len(own),
            "sent": sum(call.bytes_sent for call in own),
            "received": sum(call.bytes_received for call in own),
            "seconds": seconds,
            "cpu": busy,
            "peak": peak_bytes(),
        }


def peak_bytes() -> int:
    """The most memory that this process has had so far; 0 on systems that do not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024  # documented: bytes there, kilobytes elsewhere


def apart(function: Callable[..., Json], **arguments: Any) -> Json:
    """Runs a function of a module in a new process; arguments and result are JSON. RuntimeError where it fails."""
    command = [sys.executable, "-m", "benchmarks.watch", function.__module__, function.__name__, json.dumps(arguments)]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise RuntimeError(f"{function.__module__}.{function.__name__}{arguments} failed:\n{done.stderr}")
    return json.loads(done.stdout)


if __name__ == "__main__":
    _module, _name, _arguments = sys.argv[1:]
    json.dump(getattr(import_module(_module), _name)(**json.loads(_arguments)), sys.stdout)
