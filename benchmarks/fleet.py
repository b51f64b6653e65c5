"""A fleet: how long a run over many clients takes beside what the budget of requests allows, at one second a call."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.crm import CLOCK, describe
from benchmarks.report import Cell, Figure, Report
from benchmarks.virtual import Clock, slowed
from benchmarks.watch import Json, apart
from crm_builder import assets, deploy
from crm_builder.fleet import Result, Run, load_fleet, side_by_side
from crm_builder.google import Budget, Limits

LATENCY = 1.0  # seconds a call
LIMIT = 1.25  # times what the budget alone takes
JOBS = 8
# The smallest part of the templates that makes a workbook of its own: a table to type into, lists, settings, dropdowns.
_KEPT = ("suppressions", "lists", "settings", "choices")
_COLUMN = '\n[[fields.suppressions]]\nkey = "agreed_by"\ntitle = "Agreed by"\ntype = "text"\n'
_MAKING, _NOTHING, _ADDING = "making each", "nothing to do", "a new column for each"


def run(clients: int = 100, limits: Limits | None = None) -> Report:
    """Makes so many CRMs, looks at them, and adds a column to each; side by side, and one after the other."""
    limits = limits or Limits()
    budget = {name: getattr(limits, name) for name in ("reads", "writes", "user_reads", "user_writes")}
    together = apart(visit, clients=clients, jobs=JOBS, budget=budget)
    single = apart(visit, clients=clients, jobs=1, budget=budget)
    full = apart(full_clients)
    table: list[tuple[Cell, ...]] = []
    figures: list[Figure] = []
    for name, found in together.items():
        bound = max(_bound(found["reads"], limits.user_reads, limits.reads),
                    _bound(found["writes"], limits.user_writes, limits.writes))  # fmt: skip
        walls = (found["wall"], single[name]["wall"], found["real"])
        table.append((name, found["reads"], found["writes"], bound, *walls))
        if bound:
            figures.append(Figure(f"{name}: wall time beside the budget's", found["wall"] / bound, "times", LIMIT))
        figures.append(Figure(f"{name}: calls a client", (found["reads"] + found["writes"]) / clients, "calls"))
    figures += [
        Figure(f"all templates, {_NOTHING}: our work for one client", full["ours"], "seconds"),
        Figure(f"all templates, {_NOTHING}: the local workspace's", full["workspace"], "seconds"),
    ]
    found = together[_NOTHING]
    if bound := _bound(found["reads"], limits.user_reads, limits.reads):
        beside = full["ours"] * clients / bound
        figures.append(
            Figure(f"all templates, {_NOTHING}: our work for all beside the budget's time", beside, "times", 1)
        )
    return Report(
        "fleet",
        f"{clients} clients, {LATENCY:g} s a call, at most {limits.user_reads} reads and {limits.user_writes} writes a "
        f"minute for a user ({limits.reads} and {limits.writes} for the project)",
        (
            "run",
            "reads",
            "writes",
            "budget s",
            f"{JOBS} at a time s",
            "one at a time s",
            "really s",
        ),
        tuple(table),
        tuple(figures),
        (
            "Budget s: what the calls take at least, since none may go before its minute has room for it.",
            "The clock is a simulated one: waiting is jumped over, work takes the time that it takes here.",
            f"The templates are cut down to {', '.join(_KEPT)}; but where all of them are said.",
        ),
    )


def _bound(calls: int, user: int, project: int) -> float:
    """Seconds until the last of so many calls may go."""
    return max((calls - 1) // min(user, project), 0) * 60.0


def visit(clients: int, jobs: int, budget: dict[str, int] | None) -> Json:
    """The three runs over a new fleet: name → reads, writes, wall (of the simulated clock), real (seconds)."""
    steps = {}
    with TemporaryDirectory() as name:
        folder = Path(name)
        templates = small_templates(folder / "templates")
        for step, text in ((_MAKING, ""), (_NOTHING, ""), (_ADDING, _COLUMN)):
            (folder / "crm.toml").write_text(f'[crm]\nname = "Common"\n{text}', "utf-8")
            names = (f'[[client]]\nkey = "c{n:03}"\n[client.crm]\nname = "Client {n}"\n' for n in range(clients))
            (folder / "clients.toml").write_text("\n".join(names), "utf-8")
            steps[step] = _one_run(folder / "clients.toml", templates, clients, jobs, budget)
    return steps


def _one_run(file: Path, templates: Path, clients: int, jobs: int, budget: dict[str, int] | None) -> Json:
    real = time.perf_counter()
    clock = Clock(jobs, clients)
    fleet = load_fleet(file, templates)
    run = Run(fleet, CLOCK, open_target=lambda *where: slowed(deploy.open_target(*where), clock, LATENCY))
    if budget is not None:
        run.budget = Budget(Limits(**budget), clock=clock.now, sleep=clock.sleep)
    results = side_by_side(fleet.clients, run.apply, jobs=jobs, stop=run.stop, done=_silent)
    if bad := [one for one in results if one.state not in ("created", "as described", "changed")]:
        raise ValueError(f"{bad[0].client.key} {bad[0].state}: {bad[0].reason}{bad[0].trace}")
    reads, writes = sum(one.reads for one in results), sum(one.writes for one in results)
    return {"reads": reads, "writes": writes, "wall": clock.now(), "real": time.perf_counter() - real}


def full_clients(count: int = 4) -> Json:
    """What a client with all of the templates takes of this computer when there is nothing to do: seconds of our work,
    and of the local workspace, which answers in the place of a service."""
    with TemporaryDirectory() as name:
        describe(Path(name), "en")
        names = (f'[[client]]\nkey = "c{n}"\n[client.crm]\nname = "Client {n}"\n' for n in range(count))
        (Path(name) / "clients.toml").write_text("\n".join(names), "utf-8")
        fleet = load_fleet(Path(name) / "clients.toml")
        run = Run(fleet, CLOCK)
        side_by_side(fleet.clients, run.apply, jobs=1, stop=run.stop, done=_silent)
        answering = _Answering()
        run = Run(fleet, CLOCK, open_target=answering.open)
        start = time.process_time()
        results = side_by_side(fleet.clients, run.apply, jobs=1, stop=run.stop, done=_silent)
        work = time.process_time() - start
    if bad := [one for one in results if one.state != "as described"]:
        raise ValueError(f"{bad[0].state}: {bad[0].reason}{bad[0].trace}")
    return {"ours": (work - answering.seconds) / count, "workspace": answering.seconds / count}


class _Answering:
    """Counts the processor's seconds that local workspaces take; one thread at a time."""

    def __init__(self) -> None:
        self.seconds = 0.0

    @contextmanager
    def open(self, *where: Any) -> Iterator[Any]:
        with ExitStack() as stack:
            with self._counted():
                http = stack.enter_context(deploy.open_target(*where))
            yield _Through(http, self._counted)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        start = time.process_time()
        try:
            yield
        finally:
            self.seconds += time.process_time() - start


class _Through:
    def __init__(self, http: Any, counted: Callable[[], AbstractContextManager[None]]):
        self._http, self._counted = http, counted

    def request(self, *arguments: Any, **more: Any) -> Any:
        with self._counted():
            return self._http.request(*arguments, **more)


def small_templates(folder: Path) -> Path:
    """The shipped templates with few of their sheets, no parts and no presets but the general one."""
    shutil.copytree(assets.folder("templates"), folder)
    for path in [*folder.glob("tables/*"), *folder.glob("helpers/*"), *folder.glob("views/*")]:
        if path.stem not in _KEPT:
            path.unlink()
    for path in (folder / "presets").iterdir():
        if path.name != "general":
            shutil.rmtree(path)
    with (folder / "tables" / f"{_KEPT[0]}.toml").open("a", encoding="utf-8") as file:
        file.write("\n[[column]]\nfields = true\n")  # here go the fields of crm.toml
    path = folder / "workbook.toml"
    sheets = ", ".join(f'"{key}"' for key in _KEPT)
    text = re.sub(r"^sheets = \[.*?\]\n", f"sheets = [{sheets}]\n", path.read_text("utf-8"), count=1, flags=re.S | re.M)
    path.write_text(re.sub(r"^\[parts\]\n(\w.*\n)*", "[parts]\n", text, flags=re.M), "utf-8")
    return folder


def _silent(_: Result) -> None:
    """Nobody watches the progress."""
