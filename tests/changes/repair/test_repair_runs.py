"""Repair as a whole: what it leaves alone, all damage at once, kills, and the commands."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crm_builder.cli import main
from crm_builder.errors import CrmError
from crm_builder.project import load_project
from tests.changes.faults import Counting, KillAfter, Killed
from tests.changes.repair.mending import Crm, opened
from tests.conftest import CLOCK


def test_damage_in_a_table_with_rows_above_its_header(crm: Crm) -> None:
    customers = crm.sheet("customers")
    crm.user.insert_rows(customers, 0, 2)
    crm.user.type(customers, 0, 0, "All our customers")
    assert crm.damage() == []
    crm.user.type(customers, 6, crm.column("customers", "total_value"), 77)
    crm.user.validate(customers, (3, 3, 6, 4), None)
    assert crm.health().damage_lines() == [
        "Customers: the column Status: 3 cells lost what they accept (D4:D6); repair sets it again",
        "Customers: the column Total value: 1 value typed over it (I7); repair empties them",
    ]
    crm.mended(gone=1)
    assert crm.user.values(customers)[0] == ["All our customers"]


def test_tastes_stay_but_for_what_is_named(crm: Crm) -> None:
    customers = crm.sheet("customers")
    crm.user.rename_sheet(customers, "People")
    crm.user.resize(customers, 2, 300)
    crm.user.retitle(customers, 0, 2, "Mail")
    crm.user.recolour(customers, (0, 0, 1, 3))
    crm.user.move_column(customers, 1, 5)
    crm.user.type(customers, 4, crm.column("customers", "total_value"), 77)
    drift = crm.health().plan.drift
    crm.mended(gone=1)
    assert crm.health().plan.drift == drift
    crm.repair("customers.email")
    assert crm.health().plan.drift == tuple(one for one in drift if one.id.key != "email")
    crm.repair(everything=True)
    assert crm.health().plan.drift == ()


def test_what_is_pending_stays_pending(crm: Crm, small_templates: Path) -> None:
    path = crm.project.folder / "crm.toml"
    path.write_text(path.read_text("utf-8").replace('name = "Test"', 'name = "Other"'), "utf-8")
    crm.project = load_project(crm.project.folder, small_templates)
    crm.user.delete_sheet(crm.sheet("figures"))
    pending = crm.plan().plan.changes
    assert pending
    assert crm.damage() == [("missing", "figures")]
    crm.repair()
    assert crm.damage() == []
    assert crm.plan().plan.changes == pending


def all_at_once(crm: Crm) -> int:
    """Damage of every kind; how many typed values have to go."""
    user, customers, deals = crm.user, crm.sheet("customers"), crm.sheet("deals")
    user.insert_rows(customers, 0)
    user.type(customers, 6, crm.column("customers", "total_value"), 77)
    user.paste(customers, (4, 1, 6, 2), 8, 3)
    user.delete_column(deals, crm.column("deals", "weighted"))
    user.clear(deals, (0, 0, 1, 1))
    user.delete_named_range("customers_email")
    user.delete_sheet(crm.sheet("figures"))
    user.rename_sheet(deals, "Orders")
    return 1


def test_damage_of_every_kind_at_once(crm: Crm) -> None:
    gone = all_at_once(crm)
    assert {kind for kind, _ in crm.damage()} == {
        *("typed_over", "fragments", "lost_validation", "missing", "broken_name")
    }
    crm.mended(gone=gone)


def test_a_repair_that_is_killed_anywhere_is_finished_by_the_next(crm: Crm, small_templates: Path) -> None:
    gone = all_at_once(crm)
    before = crm.typed()
    folder = crm.project.folder
    counting = Counting(crm.http)
    shutil.copytree(folder, folder.parent / "counted")
    with opened(folder.parent / "counted", small_templates) as other:
        counting = Counting(other.http)
        other.repair(http=counting)
    for number in range(1, counting.count + 1):
        copy = Path(shutil.copytree(folder, folder.parent / f"killed{number}"))
        with opened(copy, small_templates) as other:
            with pytest.raises(Killed):
                other.repair(http=KillAfter(other.http, number))
            other.mended(before, gone)


def test_things_that_are_not_there(crm: Crm) -> None:
    with pytest.raises(CrmError, match=r"nothing here is called `customers.emial`; did you mean `customers.email`"):
        crm.repair("customers.emial")
    with pytest.raises(CrmError, match="`crm-builder status` lists"):
        crm.repair("zzzzzz")


@pytest.fixture
def cli(crm: Crm, small_templates: Path) -> Callable[..., Result]:
    def run(*arguments: str) -> Result:
        crm.http.close()
        options = ["-C", str(crm.project.folder), "--templates", str(small_templates), "--clock", CLOCK.isoformat()]
        return CliRunner().invoke(main, [arguments[0], *options, *arguments[1:]], catch_exceptions=False)

    return run


def test_status_and_repair_as_commands(crm: Crm, cli: Callable[..., Result]) -> None:
    crm.user.type(crm.sheet("customers"), 4, crm.column("customers", "total_value"), 77)
    told = cli("status")
    assert told.exit_code == 3
    assert "! Customers: the column Total value: 1 value typed over it (I5)" in told.output
    assert "mend it:  crm-builder repair" in told.output
    data = json.loads(cli("status", "--json").stdout)
    assert (data["well"], [one["places"] for one in data["damage"]]) == (False, [["I5"]])
    refused = cli("repair")
    assert refused.exit_code == 1
    assert "1 cell that people filled will be emptied; nothing was changed, say --yes" in refused.output
    done = cli("repair", "--yes")
    assert done.exit_code == 0
    assert "1 typed value goes (I5)" in done.output
    assert "1 change made" in done.output
    assert cli("status").exit_code == 0
    assert cli("repair", "customers", "--all").exit_code == 2
