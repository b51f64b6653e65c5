"""Undo of a part that was switched off: what was left to people with values for formulas computes again."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from crm_builder.model.compare import differences
from crm_builder.plan import Move
from tests.changes.crm import description, make
from tests.changes.keeping import NICKNAME, Keeping, faulty_runs, type_rows

OFF = "[parts]\nfeedback = false\nboard = false\n"
ROWS = [{"date": 46000 + n, "score": n, "comment": f"line {n}"} for n in range(1, 6)]
_COMPUTED = """
[[column]]
key = "share"
type = "percent"
formula = '[score]/10'
[[column]]
key = "remark"
type = "text"
formula = '[comment]&"!"'
"""
_TITLES = '[tables.feedback.columns]\nshare = "Share"\nremark = "Remark"\n'


@pytest.fixture(scope="module")
def templates(small_templates: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small templates, whose part `feedback` has computed columns, and whose board is a part too."""
    folder = Path(shutil.copytree(small_templates, tmp_path_factory.mktemp("forgotten") / "templates"))
    for name, old, new in (
        ("tables/feedback.toml", 'type = "long_text"\n', 'type = "long_text"\n' + _COMPUTED),
        ("workbook.toml", "[parts]\n", '[parts]\nboard = { sheets = ["board"] }\n'),
    ):
        text = (folder / name).read_text("utf-8")
        assert text.count(old) == 1, name
        (folder / name).write_text(text.replace(old, new), "utf-8")
    for words in (folder / "words").iterdir():
        (words / "forgotten.toml").write_text(_TITLES, "utf-8")
    return folder


@pytest.fixture(scope="module")
def made(templates: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make(tmp_path_factory.mktemp("forgotten") / "crm", templates, description())
    type_rows(Keeping(folder, templates), "feedback", ROWS)
    return folder


@pytest.fixture
def crm(made: Path, templates: Path, tmp_path: Path) -> Keeping:
    return Keeping(Path(shutil.copytree(made, tmp_path / "crm")), templates)


def shown(crm: Keeping, sheet: str) -> list[list[Any]]:
    """What every cell of a sheet shows."""
    with crm.user() as (user, _):
        return user.values(next(number for number in user.sheets() if user.title(number) == sheet))


def type_into(crm: Keeping, sheet: str, line: int, column: int, value: Any) -> None:
    with crm.user() as (user, _):
        user.type(next(number for number in user.sheets() if user.title(number) == sheet), line, column, value)


def test_off_and_undone_it_is_exactly_as_it_was(crm: Keeping) -> None:
    before, observed = crm.grids(), crm.observed()
    crm.apply(OFF)
    assert crm.grids()["Feedback"] != before["Feedback"]
    done = crm.undo()
    assert (done.kept, done.lost) == ([], [])
    assert crm.grids() == before
    crm.describe()
    assert differences(observed.workbook, crm.observed().workbook) == []
    assert crm.pending() == ()


def test_a_view_shows_and_computes_what_it_did(crm: Keeping) -> None:
    before, board = crm.grids()["Board"], shown(crm, "Board")
    crm.apply(OFF)
    assert crm.grids()["Board"] != before
    assert shown(crm, "Board") == board
    crm.undo()
    assert crm.grids()["Board"] == before
    assert shown(crm, "Board") == board


def test_what_people_typed_into_the_values_stays_beside_the_formula(crm: Keeping) -> None:
    crm.apply(OFF)
    share = shown(crm, "Feedback")[0].index("Share")
    type_into(crm, "Feedback", 3, share, 0.95)
    kept = [line[share] for line in shown(crm, "Feedback")]
    done = crm.undo()
    assert len(done.kept) == 1 and "1 cell that people typed into the values of Share" in done.kept[0]
    now = shown(crm, "Feedback")
    own, computed = (index for index, title in enumerate(now[0]) if title == "Share")
    if crm.observed().layout.place("feedback").columns.get("share", computed) == own:
        own, computed = computed, own
    assert [line[own] for line in now] == kept
    assert [line[computed] for line in now[1:]] == [0.1, 0.2, 0.3, 0.4, 0.5]
    assert now[0].count("Remark") == 1
    crm.describe()
    assert crm.pending() == ()


def test_what_stood_in_the_way_of_a_formula_stays_in_its_way(crm: Keeping) -> None:
    type_into(crm, "Feedback", 8, 3, "mine")  # Share, where no row is yet
    before = crm.grids()
    crm.apply(OFF)
    done = crm.undo()
    assert (done.kept, done.lost) == ([], [])
    assert crm.grids() == before


def test_columns_that_people_moved_before_stay_where_they_are(crm: Keeping) -> None:
    with crm.user() as (user, _):
        user.move_column(next(one for one in user.sheets() if user.title(one) == "Feedback"), 2, 0)  # Comment
    crm.apply(OFF)
    prepared = crm.apply("")
    typed = [title for title in shown(crm, "Feedback")[0] if title in ("Date", "Score", "Comment")]
    assert typed == ["Comment", "Date", "Score"]
    assert not any(isinstance(one, Move) for one in prepared.plan.changes)


def test_rows_that_came_went_and_moved_meanwhile(crm: Keeping) -> None:
    crm.apply(OFF)
    with crm.user() as (user, _):
        number = next(one for one in user.sheets() if user.title(one) == "Feedback")
        user.move_column(number, 3, 0)  # Share
        user.sort(number, 2, descending=True)  # Score
        user.delete_rows(number, 2)  # of score 4
        user.insert_rows(number, 2)
        user.type_block(number, 2, 1, [[46010, 9, "a new one"]])
        user.type(number, 1, 2, 7)  # the score 5 becomes 7
    done = crm.undo()
    assert (done.kept, done.lost) == ([], [])
    now = shown(crm, "Feedback")
    assert [line[:3] for line in now[1:]] == [
        [46005, 7, "line 5"],
        [46010, 9, "a new one"],
        *([46000 + n, n, f"line {n}"] for n in (3, 2, 1)),
    ]
    assert [line[now[0].index("Share")] for line in now[1:]] == [0.7, 0.9, 0.3, 0.2, 0.1]
    crm.describe()
    assert crm.pending() == ()


def test_formulas_of_people_that_look_at_the_values_look_at_the_formula_again(crm: Keeping) -> None:
    with crm.user() as (user, _):
        number = user.add_sheet("Mine")
        user.type(number, 0, 0, "=SUM(Feedback!D2:D60)")
    before = crm.grids()
    crm.apply(OFF)
    crm.undo()
    assert crm.grids() == before
    assert shown(crm, "Mine") == [[1.5]]


def test_off_and_on_by_description_keeps_the_values_and_what_was_typed(crm: Keeping) -> None:
    crm.apply(OFF)
    share = shown(crm, "Feedback")[0].index("Share")
    type_into(crm, "Feedback", 3, share, 0.95)
    type_into(crm, "Feedback", 1, 2, "typed meanwhile")
    crm.apply("")
    now = shown(crm, "Feedback")
    assert sorted(line[i] for line in now[3:4] for i, title in enumerate(now[0]) if title == "Share") == [0.3, 0.95]
    assert now[1][2] == "typed meanwhile"
    assert crm.pending() == ()


def test_undone_twice_it_is_as_it_was_before_the_change_before(crm: Keeping) -> None:
    before = crm.grids()
    crm.apply(NICKNAME)
    crm.apply(NICKNAME + OFF)
    crm.undo()
    crm.undo()
    assert crm.grids() == before
    crm.describe()
    assert crm.pending() == ()


def test_on_by_description_and_undone_it_is_off_again(crm: Keeping) -> None:
    crm.apply(OFF)
    off = crm.grids()
    crm.apply("")
    crm.undo()
    crm.describe(OFF)
    assert crm.pending() == ()
    assert crm.grids() == off
    crm.undo()
    crm.describe()
    assert crm.pending() == ()


def test_where_any_answer_is_lost_the_next_undo_finishes(
    crm: Keeping, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm_builder.deploy.plan.LIMIT_BYTES", 12_000)  # several batches
    before = crm.grids()
    crm.apply(OFF)
    runs = 0
    for copy in faulty_runs(crm, tmp_path, "lost", lambda one, http: one.undo(http)):
        runs += 1
        assert copy.grids() == before, runs
    assert runs > 2
