"""CRMs for stories: a bare spreadsheet with the script of a whole CRM, made once and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path

import pytest

from crm_builder.local.runtime import Limits
from tests.conftest import Once
from tests.living import bare

MANY = Limits(recipients_a_day=2000)
Bares = Callable[..., AbstractContextManager[bare.Bare]]


@pytest.fixture
def bares(once: Once, provisioned: Callable[..., Path], tmp_path: Path) -> Bares:
    """`bares(200)`: a bare CRM with so many leads, each due for one mail."""

    number = count()

    @contextmanager
    def opened(leads: int, limits: Limits = MANY) -> Iterator[bare.Bare]:
        home = once("bare", lambda draft: bare.make(draft, provisioned(folder="script"), MANY))
        with bare.opened(Path(shutil.copytree(home, tmp_path / f"bare{next(number)}")), limits) as made:
            made.fill({"leads": bare.leads(made, leads)})
            yield made

    return opened
