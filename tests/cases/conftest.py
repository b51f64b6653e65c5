"""The CRMs that the cases begin with, each made once and then copied; templates with what a case changes in them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.changes.conftest import make_templates
from tests.changes.crm import make

Edits = tuple[tuple[str, str, str], ...]  # (file, what stands there once, what stands there then)


@pytest.fixture(scope="session")
def edited_templates(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Sequence[Sequence[str]]], Path]:
    """The small templates with other texts in them; a file that is not there is written whole."""
    made: dict[Edits, Path] = {}

    def give(edits: Sequence[Sequence[str]] = ()) -> Path:
        key: Edits = tuple((file, old, new) for file, old, new in edits)
        if key not in made:
            made[key] = folder = make_templates(tmp_path_factory.mktemp("templates") / "templates")
            for file, old, new in key:
                path = folder / file
                text = path.read_text("utf-8") if path.exists() else ""
                assert text.count(old) == 1 or not text, f"{file}: {old}"
                path.write_text(text.replace(old, new) if text else new, "utf-8")
        return made[key]

    return give


@pytest.fixture(scope="session")
def crm_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """A fresh copy of the CRM of a description."""
    made: dict[tuple[Path, str, bool], Path] = {}

    def give(templates: Path, text: str, data: bool, target: Path) -> Path:
        key = (templates, text, data)
        if key not in made:
            made[key] = make(tmp_path_factory.mktemp("made") / "crm", templates, text, data=data)
        return Path(shutil.copytree(made[key], target))

    return give
