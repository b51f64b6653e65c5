"""A CRM with customers and deals, made once, and a copy of it for each test to break."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.changes.repair.mending import ROWS, Crm, opened


@pytest.fixture(scope="session")
def filled(small_crm: Callable[[str], Path], small_templates: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CRM with customers and deals, and columns and cells of people's own."""
    folder = Path(shutil.copytree(small_crm("en"), tmp_path_factory.mktemp("filled") / "crm"))
    with opened(folder, small_templates) as crm:
        user, customers, deals = crm.user, crm.sheet("customers"), crm.sheet("deals")
        user.type_block(
            customers, 1, 0, [[f"C-{n}", f"Name {n}", f"n{n}@example.com", "Active"] for n in range(1, ROWS)]
        )
        user.type_block(deals, 1, 0, [[f"D-{n}", f"Name {n} · C-{n}", 100 * n, "Won"] for n in range(1, ROWS)])
        width = crm.user.size(customers)[1]
        user.send({"appendDimension": {"sheetId": customers, "dimension": "COLUMNS", "length": 1}})
        user.type_block(customers, 0, width, [["Mine"], ["x"], ["=A2"]])
        own = user.add_sheet("Notes")
        user.type_block(own, 0, 0, [["a", "=SUM(Deals!C2:C20)"]])
    return folder


@pytest.fixture
def crm(filled: Path, small_templates: Path, tmp_path: Path) -> Iterator[Crm]:
    folder = Path(shutil.copytree(filled, tmp_path / "crm"))
    with opened(folder, small_templates) as crm:
        yield crm
