"""What a plan holds: small cases of (before, what people did, the description now) → changes and drift."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crm_builder.model import Area, BasicFilter, Cell, CellFormat, Column, Condition, ConditionalRule, NumberFormat
from crm_builder.plan import (
    Create,
    Delete,
    Drift,
    Forget,
    Id,
    Move,
    Order,
    Plan,
    Refusal,
    Rename,
    Update,
    Wishes,
    assemble,
    baseline_after,
    compare,
    things,
)
from tests.plan.books import BOOK, Edit, both, change, column, drop, item, new_key, on, order, put

PHONE = column("people", "phone")
NAME = column("people", "name")
LATE = Id("rule", "people", "late")
BAND = Id("banding", "people", "people")
TEXT = Id("cell", "board", "a row 1")
WON = Id("item", "choices", "stage/won")
MAIL = Column("mail", "Mail", type="email")
NOTE = Cell(9, "b", "my note")
NEW_RULE = ConditionalRule("new", (Area("people", "phone"),), Condition("blank"), CellFormat(bold=True))


def same(book: Any) -> Any:
    return book


def won(title: str) -> Edit:
    return put(WON, {cell.column: cell for cell in item(3, "won", title)})


def told(plan: Plan) -> list[str]:
    """The plan in a few words."""
    lines = []
    for one in plan.changes:
        match one:
            case Update():
                lines.append(f"update {one.id} " + " ".join(part.name for part in one.differences))
            case Rename():
                lines.append(f"rename {one.id} {one.new}")
            case Move():
                lines.append(f"move {one.id} {one.after}")
            case Delete():
                lines.append(f"delete {one.id}" + (" asked" if one.asked else ""))
            case Create():
                lines.append(f"create {one.id}")
            case Forget():
                lines.append(f"forget {one.id}")
    lines += [f"drift {one.id} {one.difference.name or 'gone'}" for one in plan.drift]
    return lines + [f"refuse {one.id}" for one in plan.refusals]


CASES: dict[str, tuple[Edit, Edit, list[str]]] = {
    "nothing": (same, same, []),
    "a title is asked for": (same, change(PHONE, title="Mobile"), ["update people.phone title"]),
    "a title that people changed": (change(PHONE, title="Tel"), same, ["drift people.phone title"]),
    "a title that both changed": (
        change(PHONE, title="Tel"), change(PHONE, title="Mobile"), ["update people.phone title"]),
    "both changed it alike": (change(PHONE, title="Tel"), change(PHONE, title="Tel"), []),
    "other properties of one thing": (
        change(PHONE, width=300),
        change(PHONE, title="Mobile"),
        ["update people.phone title", "drift people.phone width"],
    ),
    "parts of a format": (
        change(column("people", "paid"), format=CellFormat(bold=True, number=NumberFormat("currency", "$#,##0"))),
        change(column("people", "paid"), format=CellFormat(number=NumberFormat("currency", "€#,##0"))),
        ["update people.paid format.number", "drift people.paid format.bold"],
    ),
    "a computed header typed over": (
        change(column("people", "rank"), formula=None, title="My rank"),
        same,
        ["drift people.rank title", "drift people.rank formula"],
    ),
    "a new column": (
        same, both(put(column("people", "mail"), MAIL), order("people", "name", "mail", "phone", "stage", "paid", "rank")),
        ["create people.mail"]),
    "a column that people deleted": (drop(PHONE), same, ["drift people.phone gone"]),
    "a deleted column that is asked for anew": (
        drop(PHONE), change(PHONE, title="Mobile"), ["drift people.phone gone"]),
    "a sheet that people deleted": (drop(Id("sheet", "sums")), same, ["drift sums gone"]),
    "a column leaves": (same, drop(PHONE, LATE), [
        "forget people.phone", "delete people.rule late", "forget name people_phone"]),
    "a sheet leaves": (same, drop(Id("sheet", "people")), [
        "forget people", *(f"forget name people_{key}" for key in ("name", "paid", "phone", "rank", "stage"))]),
    "a column of a helper leaves": (same, drop(column("sums", "total")), [
        "delete sums.total", "delete name sums_total"]),
    "a column of a helper that people typed into": (
        put(Id("cell", "sums", "total row 5"), Cell(5, "total", 7.0)), drop(column("sums", "total")), [
            "forget sums.total", "forget name sums_total"]),
    "a column that people moved": (order("people", "phone", "name", "stage", "paid", "rank"), same, [
        "drift people order of columns"]),
    "a column to be moved": (same, order("people", "phone", "name", "stage", "paid", "rank"), [
        "move people.name phone"]),
    "another order than both": (
        order("people", "rank", "name", "phone", "stage", "paid"),
        order("people", "phone", "name", "stage", "paid", "rank"),
        ["move people.name phone", "move people.rank paid"],
    ),
    "moved and a new one": (
        order("people", "phone", "name", "stage", "paid", "rank"), put(column("people", "mail"), MAIL),
        ["create people.mail", "drift people order of columns"]),
    "a sheet to be moved": (same, lambda book: replace(book, sheets=book.sheets[::-1]), [
        "move board sums", "move choices board", "move people choices"]),
    "a rule that people changed": (
        change(LATE, format=CellFormat(color="#00FF00")), same, ["drift people.rule late format.color"]),
    "a rule leaves": (same, drop(LATE), ["delete people.rule late"]),
    "a rule leaves that people changed": (
        change(LATE, format=CellFormat(color="#00FF00")), drop(LATE), ["forget people.rule late"]),
    "a rule is new": (same, put(Id("rule", "people", "new"), NEW_RULE), ["create people.rule new"]),
    "a rule that people deleted": (drop(LATE), same, ["drift people.rule late gone"]),
    "rules in another order": (same, on("people", rules=BOOK.sheet("people").rules[::-1]), [
        "move people.rule stage_lead stage_won", "move people.rule late stage_lead"]),
    "colours of rows": (same, change(BAND, first="#EEEEEE"), ["update people.banding people first"]),
    "content that people typed": (change(TEXT, value="Sales"), same, ["drift board.cell a row 1 value"]),
    "content that both changed is people's": (
        change(TEXT, value="Sales"), change(TEXT, value="Turnover"), ["drift board.cell a row 1 value"]),
    "a value that becomes a formula, and typed over": (
        change(TEXT, value="Sales"), change(TEXT, value=None, formula="=1"), ["drift board.cell a row 1 value"]),
    "content that is asked for": (same, change(TEXT, value="Turnover"), ["update board.cell a row 1 value"]),
    "a note of people in a view": (put(Id("cell", "board", "b row 9"), NOTE), same, []),
    "a cell that is new where people wrote": (
        put(Id("cell", "board", "b row 9"), NOTE),
        put(Id("cell", "board", "b row 9"), Cell(9, "b", "Total", format=CellFormat(bold=True))),
        ["update board.cell b row 9 format.bold", "drift board.cell b row 9 value"],
    ),
    "a cell that people emptied": (drop(TEXT), same, ["drift board.cell a row 1 gone"]),
    "a cell leaves": (same, drop(TEXT), ["delete board.cell a row 1"]),
    "a cell leaves that people wrote over": (change(TEXT, value="Sales"), drop(TEXT), ["forget board.cell a row 1"]),
    "a chart that people moved": (
        change(Id("chart", "board", "trend"), place=replace(BOOK.sheet("board").charts[0].place, row=9, width=500)),
        change(Id("chart", "board", "trend"), title="Trend of sales"),
        ["update board.chart trend title", "drift board.chart trend place.row", "drift board.chart trend place.width"],
    ),
    "a merge": (same, drop(Id("merge", "board", "a 1:b 1")), ["delete board.merge a 1:b 1"]),
    "a row height": (same, on("board", heights=((1, 60), (2, 20))), [
        "update board.height 1 value", "create board.height 2"]),
    "rows that were added are no drift": (on("people", rows=500), same, []),
    "rows that were deleted in a table are no drift": (on("people", rows=99), same, []),
    "rows that a helper lost": (on("sums", rows=60), same, ["drift sums rows"]),
    "more rows are asked for": (same, on("people", rows=200), ["update people rows"]),
    "fewer rows are never asked for": (same, on("people", rows=50), []),
    "a filter that ended at the grid's end": (
        on("people", rows=500, filter=BasicFilter(Area("people", first_row=1, last_row=100))), same, []),
    "a choice of another title": (same, won("Closed"), ["update choices.item stage/won stage.value"]),
    "a choice that people renamed": (won("Yes!"), same, ["drift choices.item stage/won stage.value"]),
    "a choice is new": (
        same, put(Id("item", "choices", "stage/lost"), {cell.column: cell for cell in item(4, "lost", "Lost")}),
        ["create choices.item stage/lost"]),
    "a choice stands elsewhere": (
        same,
        on("choices", cells=(*item(2, "won", "Won"), *item(3, "new", "New"), *item(4, "lead", "Lead"))),
        ["create choices.item stage/new"],
    ),
    "a mark": (
        same, lambda book: replace(book, marks=(*book.marks, ("version", "2"))), ["create mark version"]),
    "a mark that differs is no drift": (
        lambda book: replace(book, marks=(("calendar", "x"), *book.marks[1:])), same, ["update mark calendar value"]),
    "the workbook's title": (lambda book: replace(book, title="Mine"), same, ["drift workbook title"]),
    "a name that people moved": (
        change(Id("name", "", "people_paid"), area=Area("people", "name")), same, ["drift name people_paid area"]),
}  # fmt: skip


@pytest.mark.parametrize(("user", "after", "expected"), CASES.values(), ids=CASES)
def test_a_plan_holds(user: Edit, after: Edit, expected: list[str]) -> None:
    observed, desired = user(BOOK), after(BOOK)
    plan = compare(BOOK, observed, desired, Wishes())
    assert told(plan) == expected
    # What was carried out needs nothing more, and what people made is still there.
    again = compare(baseline_after(plan, BOOK, desired), plan.result, desired, Wishes())
    assert not again.changes
    assert {one.id for one in again.drift} == {one.id for one in plan.drift}


@pytest.mark.parametrize(("user", "after", "expected"), CASES.values(), ids=CASES)
def test_repaired_it_is_as_described(user: Edit, after: Edit, expected: list[str]) -> None:
    desired = after(BOOK)
    plan = compare(BOOK, user(BOOK), desired, Wishes(repairs="all"))
    assert not plan.drift
    result, wanted = things(plan.result), things(desired)
    assert [one for one in wanted if one.kind != "sheet" and result[one] != wanted[one]] == []
    assert Order.of(plan.result) == Order.of(assemble(wanted, Order.of(desired)))


def test_what_people_changed_of_a_thing_stays_in_its_update() -> None:
    plan = compare(BOOK, change(PHONE, width=300)(BOOK), change(PHONE, title="Mobile")(BOOK), Wishes())
    (update,) = plan.changes
    assert (update.thing.title, update.thing.width) == ("Mobile", 300)


def test_without_a_baseline_what_differs_is_asked_for() -> None:
    plan = compare(None, change(PHONE, title="Tel")(BOOK), BOOK, Wishes())
    assert told(plan) == ["update people.phone title"]


def test_a_thing_that_is_there_but_was_never_noted() -> None:
    book = put(column("people", "mail"), MAIL)(BOOK)
    observed = put(column("people", "mail"), replace(MAIL, width=300))(BOOK)
    assert told(compare(BOOK, observed, book, Wishes())) == ["update people.mail width"]


def test_one_thing_is_repaired_with_what_it_needs() -> None:
    observed = both(drop(PHONE, LATE), change(NAME, title="Who"))(BOOK)
    plan = compare(BOOK, observed, BOOK, Wishes(repairs=frozenset({LATE})))
    assert told(plan) == [
        "create people.phone", "create people.rule late", "create name people_phone", "drift people.name title",
    ]  # fmt: skip


def test_a_deleted_sheet_comes_back_whole() -> None:
    plan = compare(BOOK, drop(Id("sheet", "sums"))(BOOK), BOOK, Wishes(repairs=frozenset({Id("sheet", "sums")})))
    assert not plan.drift
    assert plan.result.sheet("sums") == BOOK.sheet("sums")


def test_a_deletion_that_is_written_down() -> None:
    plan = compare(BOOK, BOOK, drop(PHONE, LATE)(BOOK), Wishes(deletes=frozenset({PHONE})))
    assert told(plan) == ["delete people.phone asked", "delete people.rule late", "delete name people_phone"]


# -- renames

TO_MOBILE = Wishes(renames={PHONE: column("people", "mobile")})


def test_a_rename_leaves_nothing_else() -> None:
    after = both(new_key("people", "phone", "mobile"), change(column("people", "mobile"), title="Mobile"))(BOOK)
    plan = compare(BOOK, change(PHONE, width=300)(BOOK), after, TO_MOBILE)
    assert told(plan) == [
        "rename people.phone people.mobile",
        "update people.mobile title",
        "rename name people_phone name people_mobile",
        "drift people.mobile width",
    ]
    # `was` may stay.
    assert not compare(after, plan.result, after, TO_MOBILE).changes


def test_a_rename_after_a_kill_goes_on() -> None:
    after = new_key("people", "phone", "mobile")(BOOK)
    assert not compare(BOOK, after, after, TO_MOBILE).changes


def test_a_sheet_and_what_is_called_after_it() -> None:
    def renamed(book: Any) -> Any:
        from crm_builder.plan.renames import rename

        table = Wishes(renames={Id("sheet", "people"): Id("sheet", "clients")})
        aim = replace(
            book,
            sheets=tuple(replace(one, key="clients") if one.key == "people" else one for one in book.sheets),
            names=tuple(replace(one, name=one.name.replace("people", "clients")) for one in book.names),
        )
        made = rename(None, book, aim, table).observed
        band = replace(made.sheet("clients").banding[0], key="clients")
        sheets = tuple(replace(one, banding=(band,)) if one.key == "clients" else one for one in made.sheets)
        return replace(made, sheets=sheets, names=tuple(sorted(made.names, key=lambda name: name.name)))

    wishes = Wishes(renames={Id("sheet", "people"): Id("sheet", "clients"), PHONE: column("clients", "phone")})
    after = renamed(BOOK)
    assert after.sheet("board").cells[1].formula == "=SUM(clients_paid)"
    plan = compare(BOOK, BOOK, after, wishes)
    assert {type(one) for one in plan.changes} == {Rename}
    assert Rename(BAND, Id("banding", "clients", "clients")) in plan.changes
    assert Rename(Id("name", "", "people_paid"), Id("name", "", "clients_paid")) in plan.changes
    assert things(plan.result) == things(after)


def test_two_columns_change_their_keys() -> None:
    wishes = Wishes(renames={PHONE: NAME, NAME: PHONE})
    plan = compare(BOOK, BOOK, BOOK, wishes)
    assert {"rename people.phone people.name", "rename people.name people.phone"} <= set(told(plan))


def test_a_companion_goes_along() -> None:
    before = put(column("people", "phone_shown"), Column("phone_shown", "Shown"))(BOOK)
    after = both(new_key("people", "phone", "mobile"), new_key("people", "phone_shown", "mobile_shown"))(before)
    assert "rename people.phone_shown people.mobile_shown" in told(compare(before, before, after, TO_MOBILE))


def test_a_rename_to_a_key_that_is_taken() -> None:
    after = drop(PHONE, LATE)(BOOK)
    plan = compare(BOOK, BOOK, after, Wishes(renames={PHONE: NAME}))
    assert told(plan) == ["delete people.rule late", "refuse people.name"]
    assert PHONE in things(baseline_after(plan, BOOK, after))


def test_a_rename_of_what_is_not_there_forgets_nothing() -> None:
    after = new_key("people", "phone", "mobile")(BOOK)
    plan = compare(BOOK, BOOK, after, Wishes(renames={column("people", "fone"): column("people", "mobile")}))
    assert isinstance(plan.refusals[0], Refusal)
    assert not [one for one in plan.changes if one.id.kind == "column"]
    assert plan.held == {PHONE, column("people", "mobile")}


def test_a_new_crm_has_no_past() -> None:
    empty = replace(BOOK, sheets=(), names=(), marks=())
    plan = compare(None, empty, BOOK, Wishes(renames={column("people", "fone"): PHONE}))
    assert not plan.refusals
    assert {type(one) for one in plan.changes} == {Create}
    assert things(plan.result) == things(BOOK)


def test_a_choice_without_a_key() -> None:
    old, new = Id("item", "choices", "stage/Idle"), Id("item", "choices", "stage/Quiet")
    before = put(old, {cell.column: cell for cell in item(4, "Idle", "Idle")})(BOOK)
    after = put(new, {cell.column: cell for cell in item(4, "Quiet", "Quiet")})(BOOK)
    plan = compare(before, before, after, Wishes(renames={old: new}))
    assert told(plan) == [
        "rename choices.item stage/Idle choices.item stage/Quiet", "update choices.item stage/Quiet stage.value",
    ]  # fmt: skip


def test_drift_names_both_sides() -> None:
    (one,) = compare(BOOK, change(PHONE, title="Tel")(BOOK), BOOK, Wishes()).drift
    assert isinstance(one, Drift)
    assert (one.difference.before, one.difference.after) == ("Phone", "Tel")
