"""A plan as people read it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from crm_builder.model import Area, CellFormat, Column, Condition, ConditionalRule, Sheet, Workbook
from crm_builder.plan import Id, Plan, Refusal, Wishes, as_json, compare, judge, markdown, tree
from crm_builder.sheets.damage import LostMarks, sentence
from tests.plan.books import BOOK, both, change, column, drop, on, put

PHONE, PAID = column("people", "phone"), column("people", "paid")
MAIL = Column("mail", "E-mail", type="email")


def lines(plan: Plan, stays: int | None = None, **titles: str) -> list[str]:
    return ["  " * one.depth + f"{one.sign} {one.text}".strip() for one in tree(plan, stays, titles)]


def planned(after: Workbook, user: Workbook = BOOK, **values: Any) -> Plan:
    wishes = Wishes(deletes=frozenset({PAID}))
    return judge(compare(BOOK, user, after, wishes), BOOK, after, wishes, {("people", "paid"): values.get("paid", [])})


def test_nothing_to_do() -> None:
    assert lines(planned(BOOK), 1200) == [
        "Nothing to do.",
        "All is as described.",
        "1,200 cells with data stay as they are.",
    ]


def test_a_plan_is_told_by_sheets() -> None:
    after = both(
        change(PHONE, title="Mobile", width=140),
        put(column("people", "mail"), MAIL),
        drop(PAID),
        on("choices", tab_color="#FF0000"),
    )(BOOK)
    user = both(change(column("people", "name"), title="Who"), change(Id("cell", "board", "a row 1"), value="Sales"))(
        BOOK
    )
    assert lines(planned(after, user, paid=[1.0, 2.0]), 30) == [
        "People",
        "  ~ column Mobile: title Phone → Mobile, width 120 → 140",
        "  + column E-mail: new",
        "  − column Paid: deleted, with 2 cells of data",
        "  ≠ column Who: title Name → Who; kept as you made it",
        "  − 1 name (deleted)",
        "~ Choices: the sheet: tab colour none → #FF0000",
        "≠ Board: 1 cell (kept as you made it)",
        "2 changed, 1 new, 2 deleted, 2 kept as you made it.",
        "30 cells with data stay as they are.",
    ]


def test_many_alike_are_one_line() -> None:
    rules = tuple(
        ConditionalRule(f"r{number}", (Area("people", "name"),), Condition("blank"), CellFormat(bold=True))
        for number in range(5)
    )
    after = on("people", rules=(*BOOK.sheet("people").rules, *rules))(BOOK)
    after = on("board", heights=tuple((row, 30) for row in range(1, 20)))(after)
    assert lines(planned(after))[:4] == [
        "+ People: 5 rules: r0, r1, r2 … (new)",
        "Board",
        "  ~ 1 row height (changed)",
        "  + 18 row heights (new)",
    ]


def test_what_hangs_on_a_sheet_is_counted() -> None:
    after = on("board", heights=((1, 50), (2, 30)), merges=(), charts=())(BOOK)
    assert lines(planned(after))[0] == "~ Board: 1 merged area, 2 row heights, 1 chart (deleted, changed, new)"


def test_whole_sheets_are_one_line() -> None:
    new = Sheet("visits", "Visits", "table", (Column("day", "Day"), Column("who", "Who")))
    after = replace(drop(Id("sheet", "choices"))(BOOK), sheets=(*BOOK.sheets, new))
    after = replace(after, sheets=tuple(one for one in after.sheets if one.key != "choices"))
    assert lines(planned(after, drop(Id("sheet", "sums"))(BOOK)))[:3] == [
        "+ Visits: new sheet, 2 columns",
        "○ Choices: no longer described: it stays, as your own",
        "≠ _sums: you deleted it, and it stays so",
    ]


def test_a_refusal_says_the_way() -> None:
    plan = replace(planned(BOOK), refusals=tuple(Refusal(Id("rule", "people", key), "why", 3, "do so") for key in "ab"))
    assert lines(plan)[:3] == ["People", "  ! rule a and 1 more: why (3 cells)", "    → do so"]


def test_a_big_change_fits_a_screen() -> None:
    def another(sheet: Sheet) -> Sheet:
        return replace(
            sheet,
            title=sheet.title + "!",
            columns=tuple(replace(one, title=one.title + "!", width=77) for one in sheet.columns),
            cells=tuple(replace(one, note="n") for one in sheet.cells),
        )

    after = replace(BOOK, sheets=tuple(another(sheet) for sheet in BOOK.sheets))
    assert len(lines(planned(after))) <= 20


def test_no_title_forges_a_line_of_a_tree_or_of_markdown() -> None:
    title = "Who\n# all is well\u202e"
    user = change(column("people", "name"), title=title)(BOOK)
    reason = f"{title} is in the way"
    plan = replace(planned(BOOK, user), refusals=(Refusal(PHONE, reason, 3, "do so"),))
    assert "  ! column Phone: Who⏎# all is well<U+202E> is in the way (3 cells)" in lines(plan)
    assert "Who⏎# all is well<U+202E>; kept as you made it" in "\n".join(lines(plan))
    text = markdown(plan)
    assert "\u202e" not in text
    assert "\n# all" not in text
    assert "Who⏎# all is well<U+202E> is in the way" in text
    assert as_json(plan)["kept"][0]["after"] == title, "JSON stays as it is"
    missing = LostMarks(Id("workbook", "", ""), (title,))
    assert "(Who⏎# all is well<U+202E>)" in sentence(missing, lambda one: "the workbook")


def test_markdown_and_json_hold_everything() -> None:
    after = both(change(PHONE, title="Mo|bile"), drop(PAID))(BOOK)
    plan = planned(after, change(column("people", "name"), title="Who")(BOOK), paid=[1.0])
    text = markdown(plan, 5)
    assert f"Digest: `{plan.digest}`" in text
    assert "- ~ column **Mo\\|bile**: title Phone → Mo\\|bile" in text
    assert "- ≠ column **Who**: title Name → Who; kept as you made it" in text
    data = as_json(plan, 5)
    assert json.loads(json.dumps(data)) == data
    assert data["digest"] == plan.digest
    update = next(one for one in data["changes"] if one["id"] == "people.phone")
    assert update == {
        "change": "update", "id": "people.phone", "kind": "column", "sheet": "people", "key": "phone",
        "properties": [{"property": "title", "before": "Phone", "after": "Mo|bile"}],
    }  # fmt: skip
    assert data["kept"][0]["property"] == "title"
    assert data["cells_that_stay"] == 5
