"""Provisioning: the REST calls and bytes of one complete CRM, the sample data apart."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.crm import CLOCK, describe
from benchmarks.report import Cell, Figure, Report
from benchmarks.watch import Json, Watch, apart
from crm_builder import deploy
from crm_builder.google import Call

# A look for the file, the file, the script, what is in it, its version, its web app, the workbook, reading it back.
CALL_LIMIT = 8
BYTES_LIMIT = 2_000_000  # the advice for one request
# Calls for the same CRM in the ways it is usually done: known figures, for comparison.
_KNOWN = {"a declarative helper library": 82, "the usual client, one call a thing": 128}


def run(languages: tuple[str, ...] = ("en", "fa")) -> Report:
    """Makes one CRM of each language in a local workspace, in a process of its own."""
    table: list[tuple[Cell, ...]] = []
    figures: list[Figure] = []
    for language in languages:
        found = apart(provision, language=language)
        table += [(language, *[""] * 4)]
        table += [_row(call) for call in found["calls"]]
        table += [_row(call, "sample data: ") for call in found["sample_calls"]]
        whole, calls = found["steps"]["up"], found["calls"]
        figures += [
            Figure(f"{language}: calls without sample data", len(calls), "calls", CALL_LIMIT),
            Figure(f"{language}: the largest request", max(call["sent"] for call in calls) / 1e6, "MB",
                   BYTES_LIMIT / 1e6),
            Figure(f"{language}: calls for sample data", len(found["sample_calls"]), "calls"),
            Figure(f"{language}: reading the description and templates", found["steps"]["description"]["seconds"],
                   "seconds"),
            Figure(f"{language}: making and filling it", whole["seconds"], "seconds"),
            Figure(f"{language}: peak memory", whole["peak"] / 1e6, "MB"),
        ]  # fmt: skip
    figures += [Figure(f"known, not measured here: {name}", calls, "calls") for name, calls in _KNOWN.items()]
    return Report(
        "provisioning",
        "one complete CRM in a local workspace, from description to read-back",
        ("call", "status", "kB sent", "kB received", "seconds"),
        tuple(table),
        tuple(figures),
        ("Seconds have no network in them: a call to Google takes about one second more.",),
    )


def provision(language: str) -> Json:
    watch = Watch()
    with TemporaryDirectory() as name:
        folder = Path(name)
        with watch.step("description"):
            project = describe(folder, language)
        with watch.step("up"), deploy.open_target(folder, CLOCK) as http:
            outcome = deploy.up(project, http, sample_data=True, clock=CLOCK, tell=_silent)
    calls, sample_calls = ([_told(call) for call in some] for some in (outcome.calls, outcome.sample_calls))
    return {"steps": watch.steps, "calls": calls, "sample_calls": sample_calls}


def _told(call: Call) -> Json:
    return {
        "method": call.method, "status": call.status, "sent": call.bytes_sent, "received": call.bytes_received,
        "seconds": call.seconds,
    }  # fmt: skip


def _row(call: Json, before: str = "") -> tuple[Cell, ...]:
    name = f"  {before}{call['method']}"
    return name, call["status"], call["sent"] / 1000, call["received"] / 1000, call["seconds"]


def _silent(_: str) -> None:
    """Nobody watches the progress."""
