"""A small CRM to change: templates of two tables, and CRMs made from them once and copied for each test."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from crm_builder import assets, deploy
from crm_builder.project import load_project
from crm_builder.settings import write_new
from crm_builder.template import catalog, read
from tests.conftest import CLOCK, TEAM

OWN = Path(__file__).parent / "templates"
_SHIPPED = (  # what the small templates have in common with the shipped ones
    *("types.toml", "look.toml", "currencies.toml", "crm.en.toml.j2", "crm.fa.toml.j2", "calendars/gregorian.toml"),
    *("calendars/jalali.toml", "tables/lists.toml", "tables/settings.toml", "helpers/calendar.toml"),
    *("words/en/main.toml", "words/fa/main.toml"),
)
_YEARS = {"first_year": "1396", "last_year": "1410", "first_day": "2017-03-21", "leap_years": "[1399, 1403, 1408]"}


def make_templates(folder: Path) -> Path:
    """The small templates: our own files, and those shipped ones that they need. The Jalali calendar has 15 years."""
    shutil.copytree(OWN, folder)
    shipped = assets.folder("templates")
    script = [path.relative_to(shipped).as_posix() for path in shipped.glob("words/*/script*.toml")]
    for name in (*_SHIPPED, *script):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(shipped / name, folder / name)
    for name, lines in (
        ("calendars/jalali.toml", _YEARS),
        ("tables/lists.toml", {"rows": "40"}),
        ("tables/settings.toml", {"rows": "40"}),
    ):
        text = (folder / name).read_text("utf-8")
        for key, value in lines.items():
            text, found = re.subn(rf"^{key} = .*$", f"{key} = {value}", text, flags=re.M)
            assert found == 1, key
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="session")
def small_templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_templates(tmp_path_factory.mktemp("small") / "templates")


@pytest.fixture(scope="session")
def small_crm(small_templates: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a CRM that was made, once for each language; to be copied, not to be changed."""

    @cache
    def make(language: str = "en") -> Path:
        folder = tmp_path_factory.mktemp("small") / language
        source = read(small_templates)
        write_new(folder, catalog(source), language=language, name="Test", members=TEAM, templates=small_templates)
        with deploy.open_target(folder, CLOCK) as http:
            deploy.up(
                load_project(folder, small_templates), http, sample_data=False, clock=CLOCK, tell=lambda text: None
            )
        return folder

    return make


@pytest.fixture
def crm_folder(small_crm: Callable[[str], Path], tmp_path: Path) -> Path:
    """A copy of the English CRM, its workspace included."""
    return Path(shutil.copytree(small_crm("en"), tmp_path / "crm"))
