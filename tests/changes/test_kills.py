"""Killed at any call of an apply, or its answer lost: applying again ends in the same workbook, with nothing lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crm_builder import deploy
from crm_builder.errors import CrmError
from crm_builder.model import Workbook
from crm_builder.model.compare import differences
from crm_builder.sheets import canonical
from crm_builder.sheets.compile import pack_batches
from tests.changes.crm import Crm, description, make, opened
from tests.changes.faults import Counting, KillAfter, Killed, LoseAnswer, Meanwhile
from tests.changes.typed import Asked, Typed, lost

BEFORE = """
[[fields.customers]]
key = "nickname"
title = "Nickname"
type = "text"
[[fields.customers]]
key = "size"
title = "Size"
type = "number"
[[fields.deals]]
key = "old"
title = "Old"
type = "text"
"""
AFTER = """
[[fields.customers]]
key = "called"
title = "Called"
type = "text"
was = "nickname"
[[fields.customers]]
key = "born"
title = "Born"
type = "date"
required = true
[[fields.deals]]
key = "channel"
title = "Channel"
type = "choice"
choices = ["Phone", "Mail"]
[lists.deal_stage]
extend = true
choices = [{ key = "proposal", title = "Lost" }, { key = "lost", title = "Proposal" }, { title = "Paused" }]
[thresholds]
new_days = 60
[changes]
delete = ["deals.old"]
"""
ASKED = Asked(
    deleted=("deals.old",),
    replaced={
        ("deals", "stage"): {"Lost": "Proposal", "Proposal": "Lost"},
        ("settings", "value"): {30.0: 60.0},
        ("lists", "deal_stage"): {"Lost": "Proposal", "Proposal": "Lost"},
    },
    renamed={"customers.nickname": "called"},
)
_EACH = 1  # bytes: each unit of requests becomes a batch of its own


@dataclass(frozen=True)
class Undisturbed:
    """The CRM before, its changes described already, and what one apply makes of it."""

    folder: Path
    before: Typed
    after: Typed
    workbook: Workbook
    reads: int
    writes: int


@pytest.fixture(scope="module", params=["one batch", "many batches"])
def story(request: Any, small_templates: Path, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    folder = make(tmp_path_factory.mktemp("kills") / "crm", small_templates, description(BEFORE))
    with opened(folder, small_templates) as crm:
        crm.user.type(crm.sheet("customers"), 1, crm.column("customers", "nickname"), "Addie")
        crm.user.type(crm.sheet("customers"), 2, crm.column("customers", "size"), 7)
        crm.user.type(crm.sheet("deals"), 2, crm.column("deals", "old"), "going")
        crm.user.insert_column(crm.sheet("deals"), crm.column("deals", "amount"))
        crm.user.insert_rows(crm.sheet("customers"), 0)
        crm.user.insert_rows(crm.sheet("board"), 2)
        crm.user.add_rule(crm.sheet("deals"), (1, 0, 9, 3), "=$C2>5", 0)
        crm.user.type(crm.user.add_sheet("Mine", 0), 0, 0, "=SUM(customers_size)")
        (folder / "crm.toml").write_text(description(AFTER, {"accent": "green"}), "utf-8")
        former = crm.project.rendered.workbook
    copy = Path(shutil.copytree(folder, folder.parent / "undisturbed"))
    with pytest.MonkeyPatch.context() as patch, opened(copy, small_templates) as crm:
        many(patch, request.param)
        before = crm.typed(former, crm.project.rendered.workbook)
        counting = Counting(crm.http)
        assert not crm.apply(http=counting).left
        after = crm.typed(former, crm.project.rendered.workbook)
        found = crm.prepare().seen.observed.workbook
        reads = counting.count - len(counting.writes)
        return Undisturbed(folder, before, after, found, reads, len(counting.writes))


def many(patch: pytest.MonkeyPatch, how: str) -> None:
    if how == "many batches":
        patch.setattr("crm_builder.deploy.plan.pack_batches", lambda units, limit_bytes: pack_batches(units, _EACH))


def test_killed_at_every_call(
    story: Undisturbed, request: pytest.FixtureRequest, small_templates: Path, tmp_path: Path, monkeypatch: Any
) -> None:
    how = request.node.callspec.params["story"]
    faults: list[Callable[[Any], Counting]] = []
    for n in range(story.reads + story.writes, 0, -1):
        if how == "one batch":
            faults += [lambda http, n=n: KillAfter(http, n, "before"), lambda http, n=n: LoseAnswer(http, n)]
        elif n < story.reads:
            continue  # nothing is written before
        faults.append(lambda http, n=n: KillAfter(http, n, "after"))
    assert len(faults) > 10
    for number, fault in enumerate(faults):
        folder = Path(shutil.copytree(story.folder, tmp_path / str(number)))
        with opened(folder, small_templates) as crm, monkeypatch.context() as patch:
            many(patch, how)
            http = fault(crm.http)
            with pytest.raises((Killed, TimeoutError)):
                crm.apply(http=http)
        with opened(folder, small_templates) as crm:  # a new process
            assert not crm.apply().left
            same(
                crm,
                story,
                f"{type(http).__name__} {getattr(http, 'when', '')} {http.n} of {story.reads + story.writes}",
            )
        shutil.rmtree(folder)


def same(crm: Crm, story: Undisturbed, told: str) -> None:
    prepared = crm.prepare()
    assert prepared.plan.empty and not prepared.batches, told
    assert not differences(story.workbook, prepared.seen.observed.workbook), told
    assert prepared.seen.observed.baseline == canonical(crm.project.rendered.workbook), told
    typed = crm.typed(crm.project.rendered.workbook, canonical(crm.project.rendered.workbook))
    assert lost(story.after, typed) == [], told


def test_the_story_is_one_of_several_batches(story: Undisturbed, request: pytest.FixtureRequest) -> None:
    several = request.node.callspec.params["story"] == "many batches"
    assert (story.writes > 8) == several
    assert story.reads <= 9  # of them two for number formats of what is deleted, the second look, two for the web app


def test_two_applies_at_once_are_told_apart(small_templates: Path, story: Undisturbed, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(story.folder, tmp_path / "crm"))
    with opened(folder, small_templates) as crm:
        with pytest.raises(CrmError, match=r"in use|holds|another"), opened(folder, small_templates):
            pass
        assert not crm.apply().left


def test_an_edit_between_plan_and_apply_makes_the_plan_stale(
    small_templates: Path, story: Undisturbed, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(story.folder, tmp_path / "crm"))
    with opened(folder, small_templates) as crm:
        agreed = crm.prepare().plan.digest
        customers = crm.sheet("customers")
        deploy.check_digest(crm.prepare(), agreed)
        crm.user.delete_column(customers, crm.column("customers", "nickname"))
        before, counting = crm.typed(), Counting(crm.http)
        prepared = crm.prepare(counting)
        with pytest.raises(deploy.StaleError, match=f"{agreed}.*nothing was changed"):
            deploy.check_digest(prepared, agreed)
        assert counting.writes == []
        assert crm.typed() == before


@pytest.mark.parametrize(
    "edit",
    ["typed", "row inserted", "row inserted above the header", "own column", "column moved", "own rule", "sheet moved"],
)
def test_an_edit_between_the_look_and_the_batch_is_not_lost(
    small_templates: Path, story: Undisturbed, tmp_path: Path, edit: str
) -> None:
    folder = Path(shutil.copytree(story.folder, tmp_path / "crm"))
    with opened(folder, small_templates) as crm:
        customers = crm.sheet("customers")
        name = crm.column("customers", "name")
        edits: dict[str, Callable[[], Any]] = {
            "typed": lambda: crm.user.type_block(customers, 8, name, [["Zoe"], ["Yan"]]),
            "row inserted": lambda: (crm.user.insert_rows(customers, 3), crm.user.type(customers, 3, name, "Zoe")),
            "row inserted above the header": lambda: crm.user.insert_rows(customers, 0),
            "own column": lambda: (crm.user.insert_column(customers, name), crm.user.type(customers, 2, name, "mine")),
            "column moved": lambda: crm.user.move_column(customers, crm.column("customers", "email"), 0),
            "own rule": lambda: crm.user.add_rule(customers, (1, 0, 5, 2), "=$A2>1", 0),
            "sheet moved": lambda: crm.user.move_sheet(customers, 0),
        }
        seen: dict[str, Any] = {}

        def meanwhile() -> None:
            edits[edit]()
            seen["typed"] = crm.typed(former, crm.project.rendered.workbook)

        former = crm.prepare().seen.observed.baseline
        http = Meanwhile(crm.http, story.reads, meanwhile)  # before the last look
        try:
            crm.apply(http=http)
        except CrmError:
            # The plan did not fit the sheet any more: nothing was made in it. Its script may have been written already.
            assert not any(":batchUpdate" in address for _, address in http.calls)
        prepared = crm.prepare()
        assert not crm.apply(prepared).left
        again = crm.prepare()
        assert not again.plan.changes and not again.batches
        assert lost(seen["typed"], crm.typed(former, crm.project.rendered.workbook), ASKED) == []
