"""Recalculation of a CRM full of customers: everything at once, one edit, and how both grow with the rows."""

from __future__ import annotations

import json
from collections import Counter
from itertools import chain
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import rows
from benchmarks.crm import CLOCK, cells, client_of, describe
from benchmarks.report import STEP_COLUMNS, Cell, Figure, Report, step_row
from benchmarks.watch import Json, Watch, apart
from crm_builder import deploy, deployment
from crm_builder.a1 import quote
from crm_builder.google import Client
from crm_builder.project import Project, load_project, row_batches, row_sets

LIMIT = 3.0  # times what ten times the small one takes
_EDITS = 3
_EXPECTED = "expected.json"


def run(small: int = 1_000, large: int = 10_000) -> Report:
    """Measures with so many customers, and twice as many interactions and deals."""
    steps = {customers: _measured(customers) for customers in (small, large)}
    table: list[tuple[Cell, ...]] = []
    for customers, found in steps.items():
        table.append((f"{customers:,} customers", *[""] * (len(STEP_COLUMNS) - 1)))
        table += [step_row(f"  {name}", step) for name, step in found.items()]
    return Report(
        "recalculation",
        f"{small:,} and {large:,} customers with twice as many interactions and deals, in a local workspace",
        STEP_COLUMNS,
        tuple(table),
        tuple(_figures(steps[small], steps[large], large / small, f"{large:,} customers")),
        (
            f"Growth is {large:,} customers beside {large / small:g} times {small:,}: 1 is linear.",
            "Every customer's interactions and total value were compared with a plain count of the same rows.",
            "Recalculation is the first read after all rows were written, by a new process: it computes everything.",
            "A formula a row: COUNTIF and SUMIFS in each customer's row, evaluated by formualizer, no CRM around it.",
        ),
    )


def _figures(small: Json, large: Json, times: float, size: str) -> list[Figure]:
    def growth(step: str, what: str = "seconds") -> float:
        return large[step][what] / (times * small[step][what])

    computing = large[_RECALCULATION]
    return [
        Figure("growth of recalculation", growth(_RECALCULATION), "times", LIMIT),
        Figure("growth of recalculation, of CPU", growth(_RECALCULATION, "cpu"), "times"),
        *(Figure(f"growth of {name}", growth(name), "times") for name in (_WRITING, _READING, _EDIT, _BESIDE)),
        Figure(f"recalculation, {size}", computing["seconds"], "seconds"),
        Figure(f"peak memory of it, {size}", computing["peak"] / 1e6, "MB"),
        Figure(f"{_EDIT}, {size}", large[_EDIT]["seconds"], "seconds"),
        Figure("  beside computing everything", large[_EDIT]["seconds"] / computing["seconds"], "times"),
    ]


def _measured(customers: int) -> Json:
    with TemporaryDirectory() as folder:
        steps = apart(write, folder=folder, customers=customers) | apart(read, folder=folder)
    return steps | apart(formula_a_row, customers=customers)


_PROVISIONING, _WRITING = "provisioning", "writing the rows"
_RECALCULATION, _READING, _EDIT = "recalculation", "reading all sheets", "one edit, total read"
_BESIDE = "beside: a formula a row"


def write(folder: str, customers: int) -> Json:
    """Makes the CRM and fills it through spreadsheets.batchUpdate; leaves the expected figures beside it."""
    watch, home = Watch(), Path(folder)
    project = describe(home, "en")
    with deploy.open_target(home, CLOCK) as http, watch.step(_PROVISIONING, calls := []):
        calls += deploy.up(project, http, sample_data=False, clock=CLOCK, tell=_silent).calls
    found = _deployment(home)
    choices = project.rendered.context.values["choice"]
    content = dict(rows.tables(customers, choices))
    heights = {key: place.rows for key, place in project.layout.places.items()}
    with client_of(home) as client, watch.step(_WRITING, client.calls):
        for batch in row_batches(row_sets(project, content, (), heights, project.layout)):
            client.batch_update(found, batch)
    (home / _EXPECTED).write_text(json.dumps(_expected(content, rows.won(choices))), "utf-8")
    return watch.steps


def read(folder: str) -> Json:
    """Recalculates, reads everything, and edits a deal: in a new process, that has nothing in memory yet."""
    watch, home = Watch(), Path(folder)
    project, found = load_project(home), _deployment(home)
    expected = json.loads((home / _EXPECTED).read_text("utf-8"))
    with client_of(home) as client:
        with watch.step(_RECALCULATION, client.calls):
            client.values_get(found, cells(project, "customers", "total_value", 2))
        with watch.step(_READING, client.calls):
            values = client.sheets.spreadsheets().values()
            titles = [quote(sheet.title) for sheet in project.rendered.workbook.sheets]
            client.call(values.batchGet(spreadsheetId=found, ranges=titles))
        _compare(project, client, found, expected["customers"])
        _edit(watch, project, client, found, expected)
    return watch.steps


def formula_a_row(customers: int) -> Json:
    """The usual way: every customer's row counts and sums all interactions and deals for itself."""
    import formualizer

    watch = Watch()
    book = formualizer.Workbook()
    choices = _plain_choices()
    content = dict(rows.tables(customers, choices))
    for sheet in ("C", "I", "D"):
        book.add_sheet(sheet)
    book.set_values_batch("C", 1, 1, [[row["id"]] for row in content["customers"]])
    book.set_values_batch("I", 1, 1, [[_id(row["customer"])] for row in content["interactions"]])
    deals = [[_id(row["customer"]), row["amount"], row["stage"]] for row in content["deals"]]
    book.set_values_batch("D", 1, 1, deals)
    count, total = "=COUNTIF(I!$A:$A,A{0})", '=SUMIFS(D!$B:$B,D!$A:$A,A{0},D!$C:$C,"' + rows.won(choices) + '")'
    formulas = [[count.format(row), total.format(row)] for row in range(1, customers + 1)]
    book.set_formulas_batch("C", 1, 2, formulas)
    with watch.step(_BESIDE):
        book.evaluate_all()
    expected = _expected(content, rows.won(choices))["customers"]
    for number, row in enumerate(content["customers"], 1):
        _same(row["id"], [book.get_value("C", number, 2), book.get_value("C", number, 3)], expected[row["id"]])
    return watch.steps


def _edit(watch: Watch, project: Project, client: Client, found: str, expected: Json) -> None:
    """Changes the amount of a won deal some times and reads the customer's total each time; the median counts."""
    deal, customer, amount, total = expected["deal"]
    cell = cells(project, "deals", "amount", deal + 1)
    answer = cells(project, "customers", "total_value", customer + 1)
    values = client.sheets.spreadsheets().values()
    tries: list[Json] = []
    for more in range(1, _EDITS + 1):
        body = {"values": [[amount + more]]}
        with watch.step(_EDIT, client.calls):
            client.call(values.update(spreadsheetId=found, range=cell, valueInputOption="RAW", body=body))
            read_back = client.values_get(found, answer)
        _same(f"customer {customer} after an edit", read_back[0], [total + more])
        tries.append(watch.steps[_EDIT])
    watch.steps[_EDIT] |= {name: median(one[name] for one in tries) for name in ("seconds", "cpu")}


def _compare(project: Project, client: Client, found: str, expected: dict[str, list[float]]) -> None:
    last = len(expected) + 1
    wanted = [cells(project, "customers", column, 2, last) for column in ("id", "interactions", "total_value")]
    ids, counts, totals = (list(chain.from_iterable(client.values_get(found, one))) for one in wanted)
    for id_, count, total in zip(ids, counts, totals, strict=True):
        _same(id_, [count, total], expected[id_])


def _same(what: str, found: list[Any], expected: list[float]) -> None:
    if found != expected:
        raise ValueError(f"{what}: computed {found}, a plain count gives {expected}")


def _expected(content: dict[str, list[rows.Row]], won: str) -> Json:
    """What a plain count gives.

    `customers`: id → number of interactions, value of won deals. `deal`: number of a won one, number of its customer,
    its amount, the customer's total.
    """
    talks = Counter(_id(row["customer"]) for row in content["interactions"])
    totals: Counter[str] = Counter()
    for row in content["deals"]:
        if row["stage"] == won:
            totals[_id(row["customer"])] += row["amount"]
    ids = [row["id"] for row in content["customers"]]
    deal = next(number for number, row in enumerate(content["deals"], 1) if row["stage"] == won)
    chosen = content["deals"][deal - 1]
    buyer = _id(chosen["customer"])
    return {
        "customers": {id_: [talks[id_], totals[id_]] for id_ in ids},
        "deal": [deal, ids.index(buyer) + 1, chosen["amount"], totals[buyer]],
    }


def _id(label: str) -> str:
    return label.rpartition(" · ")[2]


def _plain_choices() -> rows.Choices:
    with TemporaryDirectory() as folder:
        return describe(Path(folder), "en").rendered.context.values["choice"]


def _deployment(folder: Path) -> str:
    found = deployment.load(folder, deploy.LOCAL)
    if found is None:
        raise ValueError(f"no CRM in {folder}")
    return found.spreadsheet_id


def _silent(_: str) -> None:
    """Nobody watches the progress."""
