"""Start-up: `crm-builder --help` as a whole process, beside what an early import of the Google client would cost."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from benchmarks.report import Figure, Report

LIMIT = 0.3  # seconds


def run(runs: int = 10) -> Report:
    """The median of so many runs of each; they take turns, so that a busy moment meets all of them."""
    commands = {
        "crm-builder --help": [*_command(), "--help"],
        "import googleapiclient.discovery": [sys.executable, "-c", "import googleapiclient.discovery"],
        "python -c pass": [sys.executable, "-c", "pass"],
    }
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            taken[name].append(_seconds(command))
    middle = {name: median(seconds) for name, seconds in taken.items()}
    ours, client, bare = middle.values()
    return Report(
        "startup",
        f"whole processes, {runs} runs each",
        ("process", "median s", "fastest s", "slowest s"),
        tuple((name, middle[name], min(seconds), max(seconds)) for name, seconds in taken.items()),
        (
            Figure("crm-builder --help", ours, "seconds", LIMIT),
            Figure("beside importing the Google client alone", ours / client, "times"),
            Figure("beside an empty Python", ours / bare, "times"),
        ),
    )


def _command() -> list[str]:
    """The installed command beside this Python, or, where it is not installed, its module."""
    script = Path(sys.executable).with_name("crm-builder")
    return [str(script)] if script.exists() else [sys.executable, "-m", "crm_builder.cli"]


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, cwd=Path(__file__).resolve().parents[1])
    return time.perf_counter() - start
