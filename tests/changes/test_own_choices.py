"""Choices of a field of one's own that get another title: an undo gives the former one back."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_builder import deploy
from tests.changes.crm import Crm, change, description, lines_of, make, opened
from tests.changes.typed import Asked
from tests.conftest import CLOCK

FIELD = '[[fields.customers]]\nkey = "{}"\ntitle = "Size"\ntype = "choice"\n{}choices = ["Small", {}]\n'
LARGE = FIELD.format("size", "", '"Large"')
BIG = FIELD.format("size", "", '{ title = "Big", was = "Large" }')
RENAMED_TOO = FIELD.format("scale", 'was = "size"\n', '{ title = "Big", was = "Large" }')


def sizes(crm: Crm, key: str = "size") -> list[str]:
    at = crm.column("customers", key)
    return [line[at] for line in crm.user.values(crm.sheet("customers"))[1:4]]


@pytest.mark.parametrize(("text", "key"), [(BIG, "size"), (RENAMED_TOO, "scale")], ids=["choice", "column too"])
def test_renamed_and_undone(small_templates: Path, tmp_path: Path, text: str, key: str) -> None:
    with opened(make(tmp_path / "crm", small_templates, description(LARGE)), small_templates) as crm:
        crm.user.type_block(
            crm.sheet("customers"), 1, crm.column("customers", "size"), [["Large"], ["Small"], ["Large"]]
        )
        change(crm, description(text), asked=Asked(replaced={("customers", "size"): {"Large": "Big"}}))
        assert sizes(crm, key) == ["Big", "Small", "Big"]
        todo = deploy.prepare_undo(crm.project, crm.client, crm.deployment)
        deploy.undo(crm.project, crm.client, crm.deployment, todo, now=CLOCK, tell=lambda text: None)
        assert sizes(crm) == ["Large", "Small", "Large"]


def test_what_never_was_is_refused_and_nothing_is_changed(small_templates: Path, tmp_path: Path) -> None:
    with opened(make(tmp_path / "crm", small_templates, description(LARGE)), small_templates) as crm:
        huge = FIELD.format("size", "", '{ title = "Huge", was = "Giant" }')
        told = lines_of(change(crm, description(huge)).plan)
        assert any("the choice `Huge` was `Giant`, says the description" in line for line in told), told
