"""Each case: what the user does, the plan and its requests; applied, nothing is left to do and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cases.case import Case, act, cases
from tests.changes.crm import kinds_of, lines_of, opened, prove


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_case(case: Case, crm_of: Callable[..., Path], edited_templates: Callable[..., Path], tmp_path: Path) -> None:
    run(case, crm_of, edited_templates, tmp_path)


def run(case: Case, crm_of: Callable[..., Path], edited_templates: Callable[..., Path], tmp_path: Path) -> None:
    templates = edited_templates(case.before.templates)
    folder = crm_of(templates, case.before.text, case.data, tmp_path / "crm")
    with opened(folder, templates) as crm:
        act(crm, case.user)
        former = crm.project.rendered.workbook
        crm.describe(case.after.text, edited_templates(case.after.templates))
        prepared = prove(crm, former, case.asked)
        assert lines_of(prepared.plan) == list(case.plan)
        if case.requests is not None:
            assert kinds_of(prepared) == list(case.requests)
        for sheet, row, column, value in case.check:
            act(crm, [])
            assert crm.user.values(_id(crm, sheet))[row][column] == value


def _id(crm: object, title: str) -> int:
    return next(key for key, one in crm.user.sheets().items() if one["properties"]["title"] == title)  # type: ignore[attr-defined]


def test_there_are_enough_cases() -> None:
    assert len(cases()) >= 60
    assert all(case.about for case in cases())
