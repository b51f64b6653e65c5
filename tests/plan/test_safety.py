"""What is refused, what it is judged by, and what is noted as applied then."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crm_builder.model import Area, CellFormat, Column, Condition, ConditionalRule, NumberFormat, Validation, Workbook
from crm_builder.plan import Delete, Forget, Id, Plan, Wishes, baseline_after, compare, judge, needed, things
from crm_builder.plan.fits import misfits
from tests.plan.books import BOOK, MONEY, STAGES, both, change, choice_rule, column, drop, new_key, on, put

PHONE, PAID, STAGE = column("people", "phone"), column("people", "paid"), column("people", "stage")
WON = Id("item", "choices", "stage/won")
NUMBER = Column("phone", "Phone", 120, format=CellFormat(number=NumberFormat("number", "0")), type="number")


def judged(after: Workbook, values: dict[Any, Any], wishes: Wishes | None = None, user: Workbook = BOOK) -> Plan:
    plan = compare(BOOK, user, after, wishes or Wishes())
    assert needed(plan, BOOK, after) >= values.keys()
    return judge(plan, BOOK, after, wishes or Wishes(), values)


def marked(**marks: str) -> Workbook:
    return replace(BOOK, marks=tuple(sorted((dict(BOOK.marks) | marks).items())))


def test_nothing_is_read_for_harmless_changes() -> None:
    after = both(change(PHONE, title="Mobile", width=200), drop(Id("rule", "people", "late")))(BOOK)
    assert needed(compare(BOOK, BOOK, after), BOOK, after) == set()


def test_what_leaves_is_forgotten_and_needs_no_judging() -> None:
    after = drop(Id("sheet", "people"))(BOOK)
    plan = compare(BOOK, BOOK, after)
    assert needed(plan, BOOK, after) == set()
    assert Forget(Id("sheet", "people"), "People") in judge(plan, BOOK, after, Wishes(), {}).changes


def test_a_deletion_counts_what_it_takes() -> None:
    wishes = Wishes(deletes=frozenset({PHONE}))
    after = drop(PHONE, Id("rule", "people", "late"))(BOOK)
    plan = judged(after, {("people", "phone"): ["1", "", None, 0]}, wishes)
    assert Delete(PHONE, True, "Phone", 2) in plan.changes
    assert not plan.refusals


def test_a_deletion_of_a_sheet_reads_all_of_it() -> None:
    home = Id("sheet", "people")
    plan = judged(drop(home)(BOOK), {("people", ""): ["x"] * 7}, Wishes(deletes=frozenset({home})))
    assert Delete(home, True, "People", 7) in plan.changes


def test_a_deletion_that_nobody_asked_for() -> None:
    after = drop(PHONE, Id("rule", "people", "late"))(BOOK)
    plan = compare(BOOK, BOOK, after)
    plan = replace(plan, changes=(Delete(PHONE, False, "Phone"), *plan.changes[1:]))
    (refusal,) = judge(plan, BOOK, after, Wishes(), {("people", "phone"): ["1"]}).refusals
    assert (refusal.id, refusal.cells) == (PHONE, 1)
    assert refusal.way == 'keep it in the description, or write delete = ["people.phone"] under [changes]'
    assert not judge(plan, BOOK, after, Wishes(), {}).refusals


@pytest.mark.parametrize(
    ("aim", "fits", "not_"),
    [
        (NUMBER, [1, 2.5, -3], ["1", True, "x"]),
        (Column("c", format=CellFormat(number=NumberFormat("text"))), [1, "x", True], []),
        (Column("c", format=MONEY), [0, 1e6], ["$5"]),
        (Column("c", format=CellFormat(number=NumberFormat("date"))), [46000, 46000.5], ["2026-01-01"]),
        (Column("c", validation=Validation(Condition("boolean"), True)), [True, False], ["yes", 1]),
        (Column("c", validation=STAGES, list="stage"), ["Lead"], ["Other", 5]),
        (Column("c", validation=replace(STAGES, strict=False), list="stage"), ["Lead", "Other"], []),
        (Column("c", validation=Validation(Condition("one_of_range", (Area("x", "y"),)), True)), ["Any"], []),
        (Column("c", validation=Validation(Condition("one_of_list", ("a", "b")), True)), ["a"], ["Lead"]),
        (
            replace(NUMBER, validation=Validation(Condition("number_between", (1.0, 5.0)), True)),
            [1, 5],
            [0, 6, "x"],
        ),
        (replace(NUMBER, validation=Validation(Condition("number_greater", (0.0,)))), [-1], ["x"]),
        (Column("c", validation=Validation(Condition("text_is_email"))), ["x", 1], []),
    ],
)
def test_what_a_type_takes(aim: Column, fits: list[Any], not_: list[Any]) -> None:
    choices = {"Lead", "Won"} if aim.list else set()
    assert misfits([*fits, "", None, *not_], aim, choices) == not_


def test_a_type_that_does_not_fit() -> None:
    after = put(PHONE, NUMBER)(BOOK)
    plan = judged(after, {("people", "phone"): ["089-1", 5, "", "x"]})
    (refusal,) = plan.refusals
    assert (refusal.id, refusal.cells) == (PHONE, 2)
    assert refusal.reason == "its type becomes `number`, and '089-1' is not a number"
    assert 'leave type = "phone"' in refusal.way
    assert not plan.changes
    assert things(plan.result) == things(BOOK)
    assert baseline_after(plan, BOOK, after) == BOOK


def test_a_type_that_fits() -> None:
    plan = judged(put(PHONE, NUMBER)(BOOK), {("people", "phone"): [5, ""]})
    assert not plan.refusals
    assert len(plan.changes) == 1


def test_choices_that_people_added_to_a_list_fit() -> None:
    after = put(PHONE, Column("phone", "Phone", 120, validation=STAGES, type="choice", list="stage"))(BOOK)
    values = {("people", "phone"): ["Lead", "Mine", "Odd"], ("choices", "stage"): ["Lead", "Won", "Mine"]}
    (refusal,) = judged(after, values).refusals
    assert (refusal.cells, "'Odd' is not one of its choices" in refusal.reason) == (1, True)


def test_a_typed_column_is_to_be_computed() -> None:
    after = put(PHONE, Column("phone", "Phone", 120, formula="=people_name", type="phone"))(BOOK)
    assert [one.cells for one in judged(after, {("people", "phone"): ["x", ""]}).refusals] == [1]
    assert not judged(after, {("people", "phone"): [""]}).refusals


def test_a_renamed_column_is_read_where_it_is() -> None:
    wishes = Wishes(renames={PHONE: column("people", "mobile")})
    after = both(new_key("people", "phone", "mobile"), put(column("people", "mobile"), replace(NUMBER, key="mobile")))
    plan = judged(after(BOOK), {("people", "phone"): ["x"]}, wishes)
    assert [one.id for one in plan.refusals] == [column("people", "mobile")]
    noted = baseline_after(plan, BOOK, after(BOOK))
    assert noted.sheet("people").column("mobile") == replace(BOOK.sheet("people").column("phone"), key="mobile")


def test_a_choice_in_use_stays_with_its_colour() -> None:
    rule = Id("rule", "people", "stage_won")
    after = drop(WON, rule)(BOOK)
    plan = judged(after, {("people", "stage"): ["Won", "Lead", "Won", ""]})
    (refusal,) = plan.refusals
    assert (refusal.id, refusal.cells) == (WON, 2)
    assert refusal.reason == "the choice `Won` is in use in people.stage"
    assert 'was = "Won"' in refusal.way
    assert not plan.changes
    noted = things(baseline_after(plan, BOOK, after))
    assert {WON, rule} <= noted.keys()
    assert [one.id for one in judged(after, {("people", "stage"): ["Lead"]}).changes] == [rule, WON]


@pytest.mark.parametrize("mark", ["language", "calendar", "currency"])
def test_what_shapes_the_whole_workbook(mark: str) -> None:
    after = change(PHONE, title="Mobile")(marked(**{mark: "other"}))
    values = {("people", "paid"): [5.0, ""]}
    plan = judged(after, values)
    assert [(one.id, one.cells) for one in plan.refusals] == [(Id("mark", "", mark), 1)]
    assert not plan.changes
    assert things(plan.result) == things(BOOK)
    assert baseline_after(plan, BOOK, after) == BOOK
    assert not judged(after, {}).refusals  # no data yet
    accepted = judged(after, values, Wishes(accepts=frozenset({mark})))
    assert bool(accepted.refusals) == (mark != "currency")


def test_a_change_that_speaks_of_what_people_deleted() -> None:
    rule = ConditionalRule("new", (Area("people", "phone"),), Condition("blank"), CellFormat(bold=True))
    cell = replace(things(BOOK)[Id("cell", "board", "a row 2")], formula="=COUNTA(people_phone)")
    after = both(put(Id("rule", "people", "new"), rule), put(Id("cell", "board", "a row 2"), cell))(BOOK)
    plan = judged(after, {}, user=drop(PHONE, Id("rule", "people", "late"))(BOOK))
    assert [str(one.id) for one in plan.refusals] == ["people.rule new", "board.cell a row 2"]
    assert plan.refusals[0].reason == "it speaks of `people.phone`, which is not there any more"
    assert "`repair people.phone`" in plan.refusals[0].way
    assert "`people.phone`" in plan.refusals[1].reason
    noted = things(baseline_after(plan, BOOK, after))
    assert Id("rule", "people", "new") not in noted
    assert noted[Id("cell", "board", "a row 2")].formula == "=SUM(people_paid)"
    mended = compare(BOOK, drop(PHONE)(BOOK), after, Wishes(repairs="all"))
    assert not judge(mended, BOOK, after, Wishes(repairs="all"), {}).refusals


def test_what_was_refused_is_asked_for_again() -> None:
    after = both(put(PHONE, NUMBER), change(PAID, title="Sum"))(BOOK)
    values = {("people", "phone"): ["x"]}
    plan = judged(after, values)
    assert [one.id for one in plan.changes] == [PAID]
    noted = baseline_after(plan, BOOK, after)
    again = judge(compare(noted, plan.result, after), noted, after, Wishes(), values)
    assert (again.changes, again.refusals) == ((), plan.refusals)


def test_a_colour_of_another_column_goes() -> None:
    book = put(
        Id("rule", "people", "other"), replace(choice_rule("x", "Won"), key="other", areas=(Area("people", "name"),))
    )(BOOK)
    after = drop(WON, Id("rule", "people", "other"))(book)
    plan = compare(book, book, after)
    plan = judge(plan, book, after, Wishes(), {("people", "stage"): ["Won"]})
    assert [one.id.key for one in plan.changes] == ["other"]


def test_the_digest() -> None:
    def digest(after: Workbook, user: Workbook = BOOK, **values: Any) -> str:
        plan = compare(BOOK, user, after, Wishes(deletes=frozenset({PHONE})))
        return judge(plan, BOOK, after, Wishes(), {("people", "phone"): values.get("phone", [])}).digest

    mobile, tel = change(PHONE, title="Mobile")(BOOK), change(PHONE, title="Tel")(BOOK)
    assert digest(mobile) == digest(change(PHONE, title="Mobile")(BOOK))
    assert len(digest(mobile)) == 16
    assert (
        len(
            {
                digest(BOOK),
                digest(mobile),
                digest(tel),
                digest(mobile, tel),
                digest(mobile, on("people", rows=200)(BOOK)),
            }
        )
        == 4
    )
    gone = drop(PHONE, Id("rule", "people", "late"))(BOOK)
    assert digest(gone, phone=["1"]) == digest(gone, phone=["1", "2"])  # data grows by the hour


def test_things_beside_are_still_changed() -> None:
    after = both(drop(WON), change(STAGE, title="State"))(BOOK)
    plan = judged(after, {("people", "stage"): ["Won"]})
    assert [one.id for one in plan.changes] == [STAGE]
