"""`up` to Google beside the same workbook made with gspread as its documentation shows: calls, bytes and seconds."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from benchmarks import by_gspread
from benchmarks.crm import CLOCK, describe
from benchmarks.fleet import small_templates
from benchmarks.report import Cell, Figure, Report
from benchmarks.virtual import Clock, Slow
from benchmarks.watch import Json, apart
from crm_builder import deploy, google
from crm_builder.deployment import GOOGLE
from crm_builder.google import Budget, Client, Limits
from crm_builder.google.logins import CONFIG, Login, save
from crm_builder.local.server import serve
from crm_builder.sheets import check_call

LATENCY = 1.0  # seconds a call, where it is simulated
CALL_LIMIT, NOTHING_LIMIT = 10, 3
OURS, NOTHING, OTHERS = "crm-builder up", "crm-builder up, nothing to do", "gspread"
_MINUTE = 60.0


def run(small: bool = False) -> Report:
    """Makes one CRM with script and team, looks at it again, and makes as much of it as gspread has calls for.

    `small`: of the smallest templates that make one.
    """
    found = apart(measure, small=small)
    rows: list[tuple[Cell, ...]] = [
        (name, one["calls"], one["writes"], one["sent"] / 1000, one["received"] / 1000, one["seconds"], one["slow"])
        for name, one in found["ways"].items()
    ]
    ours, others = found["ways"][OURS], found["ways"][OTHERS]
    waits = max((others["writes"] - 1) // Limits().user_writes, 0) * _MINUTE
    figures = [
        Figure(f"{OURS}: calls", ours["calls"], "calls", CALL_LIMIT),
        Figure(f"{NOTHING}: calls", found["ways"][NOTHING]["calls"], "calls", NOTHING_LIMIT),
        Figure(f"{OTHERS}: calls for each of ours", others["calls"] / ours["calls"], "times"),
        Figure(f"{OTHERS}: bytes sent for each of ours", others["sent"] / ours["sent"], "times"),
        Figure(f"{OTHERS}: seconds for each of ours", others["seconds"] / ours["seconds"], "times"),
        Figure(f"{OTHERS}: the same at {LATENCY:g} s a call", others["slow"] / ours["slow"], "times"),
        Figure(f"{OTHERS}: and it would wait for the budget of writes", waits, "seconds"),
        Figure(f"{OTHERS}: calls more for merged cells and named ranges", found["one_by_one"], "calls"),
    ]
    left = ", ".join(f"{count} {name}" for name, count in found["left_out"].items())
    return Report(
        "google",
        "the general CRM in English with its script and a team of two, over sockets on this computer",
        ("way", "calls", "writes", "kB sent", "kB received", "seconds", f"s at {LATENCY:g} s a call"),
        tuple(rows),
        tuple(figures),
        (
            f"Left out, as {OTHERS} {found['version']} has no call of its own for it: {left}, marks and script;",
            "and merged cells and named ranges, for which it has one call each.",
            "Its calls are as few as its documentation shows: values, formats and notes of a sheet in one call each.",
            "Bytes are those of bodies before they are packed; latency is simulated, waiting takes no time.",
        ),
    )


def measure(small: bool) -> Json:
    """ways: name → calls, writes, sent, received (bytes), seconds, slow (seconds with latency); left_out: what gspread
    does not make, by its number; one_by_one: calls that are not made."""
    import gspread

    with TemporaryDirectory() as name, serve(Path(name) / "cloud", clock=CLOCK) as server:
        folder = Path(name)
        os.environ |= {CONFIG: str(folder / "config"), google.ENDPOINT: server.url}
        save(Login("main", "id", "secret", "refresh", tuple(sorted(google.SCRIPT)), 0.0, "token", 4e9))
        templates = small_templates(folder / "templates") if small else None
        project = describe(folder / "crm", "en", templates).on(GOOGLE, "main")
        _ = project.batches, project.script
        ways = {}
        with google.connect("main", budget=Budget(Limits(9999, 9999, 9999, 9999))) as http:
            Client(http, check_call).find_files("nothing")  # the library's services are made at their first use
            for way in (OURS, NOTHING):
                with _timed() as (clock, done):
                    outcome = deploy.up(
                        project, Slow(http, clock, LATENCY), sample_data=False, clock=CLOCK, tell=lambda text: None
                    )
                calls = outcome.calls
                done |= {
                    "calls": len(calls),
                    "writes": sum(not call.method.endswith((".get", ".list")) for call in calls),
                    "sent": sum(call.bytes_sent for call in calls),
                    "received": sum(call.bytes_received for call in calls),
                }
                ways[way] = done
            whole = Client(http, check_call).get(outcome.spreadsheet_id, fields=by_gspread.FIELDS)
        with _timed() as (clock, done):
            session = Session(server.url, clock)
            people = [person.email for person in project.settings.team]
            by_gspread.make(gspread.Client(None, session=session), whole, people)
        ways[OTHERS] = done | session.counted
    left_out, one_by_one = by_gspread.left_out(whole), by_gspread.one_by_one(whole)
    return {"ways": ways, "left_out": left_out, "one_by_one": one_by_one, "version": gspread.__version__}


@contextmanager
def _timed() -> Iterator[tuple[Clock, Json]]:
    """Seconds as they pass, and with the waiting that is only simulated."""
    done: Json = {}
    clock, start = Clock(1, 1), time.perf_counter()
    yield clock, done
    done |= {"seconds": time.perf_counter() - start, "slow": clock.now()}


class Session(by_gspread.PlainSession):
    """What gspread sends through: every host is that of the server, each call is counted and takes its latency."""

    def __init__(self, url: str, clock: Clock):
        super().__init__()
        self.headers["Authorization"] = "Bearer token"
        self._at, self._clock = urlsplit(url), clock
        self.counted = {"calls": 0, "writes": 0, "sent": 0, "received": 0}

    def request(self, method: str, url: str, **more: Any) -> Any:  # type: ignore[override]
        parts = urlsplit(url)
        answer = super().request(method, urlunsplit((*self._at[:2], *parts[2:])), **more)
        self._clock.sleep(LATENCY)
        self.counted["calls"] += 1
        self.counted["writes"] += method.lower() != "get"
        self.counted["sent"] += len(answer.request.body or b"")
        self.counted["received"] += len(answer.content)
        return answer
