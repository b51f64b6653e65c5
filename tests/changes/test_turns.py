"""Two changes of one CRM at the same moment, and answers that get lost: each batch takes effect once, or is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crm_builder import deploy
from crm_builder.deploy.sending import send
from crm_builder.errors import LostAnswer, RestError
from crm_builder.google import Client
from crm_builder.project import load_project
from crm_builder.sheets import check_call
from crm_builder.sheets.marks import TURN, mark
from crm_builder.sheets.turns import KEPT, last_turn, take_turns, turn_id
from tests.changes.crm import Crm, description, opened
from tests.changes.faults import Counting, Meanwhile
from tests.conftest import CLOCK

FIELD = """
[[fields.customers]]
key = "nickname"
title = "Nickname"
type = "text"
"""


class Unanswered(Counting):
    """The n-th change of the spreadsheet (from 1) loses its answer, before or after it took effect."""

    def __init__(self, http: Any, n: int, took_effect: bool, meanwhile: Callable[[], object] = lambda: None):
        super().__init__(http)
        self.n, self.took_effect, self.meanwhile, self.seen = n, took_effect, meanwhile, 0

    def request(self, uri: str, method: str = "GET", body: Any = None, headers: Any = None, **more: Any) -> Any:
        if ":batchUpdate" in uri:
            self.seen += 1
            if self.seen == self.n:
                if self.took_effect:
                    super().request(uri, method, body, headers, **more)
                self.meanwhile()
                raise LostAnswer(0, "", "no answer", "spreadsheets.batchUpdate")
        return super().request(uri, method, body, headers, **more)


@pytest.fixture
def crm(crm_folder: Path, small_templates: Path) -> Iterator[Crm]:
    with opened(crm_folder, small_templates) as opened_crm:
        _apply(opened_crm, opened_crm.http, _described(opened_crm, ""))  # from here on its script stays what it is
        yield opened_crm


def _described(crm: Crm, more: str = FIELD) -> deploy.Prepared:
    (crm.folder / "crm.toml").write_text(description(more), "utf-8")
    crm.project = load_project(crm.folder, crm.templates)
    return deploy.prepare(crm.project, crm.client, crm.deployment)


def _apply(crm: Crm, http: Any, prepared: deploy.Prepared) -> None:
    client = Client(http, check_call)
    deploy.apply(crm.project, client, crm.deployment, prepared, now=CLOCK, tell=lambda text: None)


def _state(crm: Crm) -> str:
    return json.dumps(crm.client.get(crm.user.id, fields="*"), sort_keys=True)


def test_of_two_at_once_one_wins_and_the_other_says_so(crm: Crm) -> None:
    prepared = _described(crm)
    assert prepared.only_adds  # so that nothing is looked at again before it is sent
    first = Meanwhile(crm.http, 1, lambda: _apply(crm, crm.http, prepared))
    with pytest.raises(deploy.StaleError, match="somebody else changed this CRM at the same moment"):
        _apply(crm, first, prepared)
    assert not deploy.prepare(crm.project, crm.client, crm.deployment).batches
    titles = [one for one in crm.user.values(crm.sheet("customers"), "FORMATTED_VALUE")[0] if one == "Nickname"]
    assert titles == ["Nickname"]


@pytest.mark.parametrize("took_effect", [True, False])
def test_a_change_whose_answer_is_lost_is_made_once(crm: Crm, took_effect: bool) -> None:
    prepared = _described(crm)
    _apply(crm, Unanswered(crm.http, 1, took_effect), prepared)
    assert not deploy.prepare(crm.project, crm.client, crm.deployment).batches


@pytest.mark.parametrize("took_effect", [True, False])
def test_a_crm_whose_making_is_not_answered_is_made_once(
    crm: Crm, tmp_path: Path, small_templates: Path, took_effect: bool
) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "crm.toml").write_text(description(), "utf-8")
    project = load_project(folder, small_templates)
    with deploy.open_target(folder, CLOCK) as http:
        wrapped = Unanswered(http, 1, took_effect)
        outcome = deploy.up(project, wrapped, sample_data=False, clock=CLOCK, tell=lambda text: None)
        assert outcome.status == "created"
        assert len(Client(http, check_call).crm_files()) == 1


def test_a_lost_answer_is_not_taken_for_anothers_turn(crm: Crm) -> None:
    """Ours never arrived, and meanwhile another change took the same turn."""
    prepared = _described(crm)
    other = [mark(turn_id(last_turn(prepared.metadata) + 1), TURN, "1 another", {"spreadsheet": True})]
    lost = Unanswered(crm.http, 1, took_effect=False, meanwhile=lambda: crm.client.batch_update(crm.user.id, other))
    with pytest.raises(deploy.StaleError, match="was not applied"):
        _apply(crm, lost, prepared)
    assert "Nickname" not in crm.user.values(crm.sheet("customers"), "FORMATTED_VALUE")[0]


def test_a_refusal_for_another_reason_is_told_as_it_is(crm: Crm) -> None:
    with pytest.raises(RestError, match="987654") as caught:
        request = {"deleteSheet": {"sheetId": 987654}}
        send(crm.client, crm.user.id, [request, mark(turn_id(99), TURN, "99 x", {"spreadsheet": True})])
    assert not isinstance(caught.value, deploy.StaleError)


def _metadata(batches: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    made = [
        one["createDeveloperMetadata"]["developerMetadata"]
        for batch in batches
        for one in batch
        if "createDeveloperMetadata" in one
    ]
    gone = {
        one["deleteDeveloperMetadata"]["dataFilter"]["developerMetadataLookup"]["metadataId"]
        for batch in batches
        for one in batch
        if "deleteDeveloperMetadata" in one
    }
    return [one for one in made if one["metadataId"] not in gone]


def test_turns_count_on_and_old_marks_go() -> None:
    there: list[dict[str, Any]] = []
    for _ in range(3 * KEPT):
        batches = take_turns([[], []], there, "digest")
        created = [one["metadataId"] for one in _metadata(batches)]
        assert created == [turn_id(last_turn(there) + 1), turn_id(last_turn(there) + 2)]
        gone = {
            one["deleteDeveloperMetadata"]["dataFilter"]["developerMetadataLookup"]["metadataId"]
            for one in batches[0]
            if "deleteDeveloperMetadata" in one
        }
        there = [one for one in there if one["metadataId"] not in gone] + _metadata(batches)
    assert last_turn(there) == 6 * KEPT
    assert len(there) == KEPT


@pytest.mark.parametrize(
    "entry",
    [
        {"metadataId": 5, "metadataKey": TURN, "metadataValue": "7 copied"},
        {"metadataId": 5, "metadataKey": TURN, "metadataValue": "no number"},
        {"metadataId": turn_id(7), "metadataKey": "other", "metadataValue": "7 x"},
    ],
)
def test_what_is_no_turn_of_ours_counts_nothing(entry: dict[str, Any]) -> None:
    assert last_turn([entry]) == 0


def test_no_batches_take_no_turn() -> None:
    assert take_turns([], [], "digest") == []
