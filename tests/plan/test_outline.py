"""A plan in short: what its owner asked for by name, the rest counted, and what becomes of data."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crm_builder import assets
from crm_builder.errors import TemplateError
from crm_builder.model import CellFormat, Column, Sheet, Workbook
from crm_builder.plan import Id, Plan, Refusal, Wishes, compare, judge, markdown, outline
from crm_builder.plan.phrases import PHRASES, complete
from tests.plan.books import BOOK, both, change, column, drop, item, on, put

PHONE, PAID = column("people", "phone"), column("people", "paid")
MAIL = Column("mail", "E-mail", type="email")
THEME = (("accent1", "#2F6FED"), ("link", "#285EC9"))


def planned(after: Workbook, user: Workbook = BOOK, before: Workbook = BOOK, paid: list[Any] | None = None) -> Plan:
    wishes = Wishes(deletes=frozenset({PAID}))
    return judge(compare(before, user, after, wishes), before, after, wishes, {("people", "paid"): paid or []})


def told(plan: Plan, stays: int | None = None, **more: Any) -> list[str]:
    return ["  " * one.depth + f"{one.sign} {one.text}".strip() for one in outline(plan, stays, **more)]


def all_headers(book: Workbook, colour: str) -> Workbook:
    look = CellFormat(background=colour)
    return replace(
        book,
        theme=(("accent1", colour), ("link", colour)),
        sheets=tuple(
            replace(sheet, columns=tuple(replace(one, header=look) for one in sheet.columns)) for sheet in book.sheets
        ),
    )


def test_nothing_to_do_is_said_in_two_lines() -> None:
    assert told(planned(BOOK)) == ["Nothing to do.", "All is as described."]


def test_no_title_forges_a_line() -> None:
    title = "Name\n✔ all is well\r\n\u202eevil\u2068\x1b[2J\ud800"
    shown = "Name⏎✔ all is well⏎<U+202E>evil<U+2068><U+001B>[2J<U+D800>"
    after = both(put(column("people", "mail"), replace(MAIL, title=title)), on("people", title="نام\n\u2069"))(BOOK)
    lines = told(planned(after), isolate=True)
    assert any(f"column {shown}: new" in line for line in lines)
    assert any("\u2068نام⏎<U+2069>\u2069" in line for line in lines)
    assert not re.search("[\n\r\u202e\x1b\ud800]", "".join(lines + told(planned(after))))


def test_a_new_column_is_one_line_whatever_belongs_to_it() -> None:
    name = Id("name", "", "people_mail")
    after = both(put(column("people", "mail"), MAIL), put(name, replace(BOOK.names[0], name="people_mail")))(BOOK)
    assert told(planned(after), 36) == [
        "+ People: column E-mail: new, after Rank",
        "1 new.",
        "36 cells with data stay as they are.",
    ]


def test_a_colour_is_one_line_and_what_follows_is_counted() -> None:
    before = replace(all_headers(BOOK, "#2F6FED"), theme=THEME)
    plan = planned(all_headers(BOOK, "#884422"), before, before)
    assert told(plan, 36) == [
        "~ The whole CRM: colours #2F6FED → #884422",
        "… and with it 9 column headers on People, Choices, Board; 2 in hidden helpers".replace(
            "; 2 in", "; 2 more in"
        ),
        "1 changed, 9 that follow.",
        "36 cells with data stay as they are.",
    ]


def test_what_leaves_the_description_frightens_nobody() -> None:
    after = drop(Id("sheet", "board"), column("people", "phone"))(BOOK)
    lines = told(planned(after), 36)
    assert lines[0].startswith("Nothing is deleted.")
    assert lines[1] == lines[-1] == "36 cells with data stay as they are."
    assert "○ Board: leaves crm.toml, stays with what it shows now" in lines
    assert "○ People: column Phone: leaves crm.toml, stays with its data" in lines
    assert told(planned(after))[-1] == "Nothing that people typed is changed or deleted."


def test_data_that_goes_is_said_first() -> None:
    lines = told(planned(drop(PAID)(BOOK), paid=[1.0, 2.0]), 30)
    assert lines[0] == "2 cells with data will be deleted, as crm.toml asks. A snapshot keeps them."
    assert lines[1:3] == [
        "30 cells with data stay as they are.",
        "− People: column Paid: deleted, with 2 cells of data",
    ]


def test_a_choice_is_called_by_its_title() -> None:
    lead = Id("item", "choices", "stage/lead")
    new = Id("item", "choices", "stage/lost")
    cells = {cell.column: replace(cell, item="stage/lost") for cell in item(4, "lost", "Gone")}
    after = both(put(lead, {cell.column: cell for cell in item(2, "lead", "Contact")}), put(new, cells))(BOOK)
    lines = told(planned(after), 36)
    assert "  ~ choice Lead of Stage: becomes Contact, in the cells that hold it as well" in lines
    assert "  + choice Gone of Stage: new" in lines
    assert lines[-1] == "36 cells with data stay; those that hold a choice with a new title follow it."


def test_what_people_changed_is_counted_and_refusals_say_the_way() -> None:
    user = change(column("people", "name"), title="Who")(BOOK)
    plan = planned(on("board", title="Wall")(BOOK), user)
    plan = replace(plan, refusals=(Refusal(PHONE, "its type becomes `date`", 3, "leave it"),))
    assert told(plan) == [
        "~ Wall: title Board → Wall",
        "≠ 1 thing that people changed stays so: People",
        "! People: column Phone: its type becomes `date` (3 cells)",
        "  → leave it",
        "1 changed, 1 kept as people made it, 1 refused.",
        "Nothing that people typed is changed or deleted.",
    ]


def test_a_change_that_nobody_sees_is_one_line() -> None:
    after = change(Id("cell", "sums", "month row 2"), formula="=1")(BOOK)
    assert told(planned(after))[0] == "~ 1 in hidden helpers, nothing that people see"


def test_titles_from_right_to_left_are_kept_together_in_terminals_only() -> None:
    plan = planned(put(column("people", "mail"), replace(MAIL, title="فصل (سال)"))(BOOK))
    assert told(plan)[0] == "+ People: column فصل (سال): new, after Rank"
    assert told(plan, isolate=True)[0] == "+ People: column \u2068فصل (سال)\u2069: new, after Rank"


def test_markdown_speaks_the_language_of_its_words_and_runs_its_way() -> None:
    new = Sheet("visits", "Visits", "table", (Column("day", "Day"), Column("who", "Who")))
    words = {
        "direction": "rtl", "report": "برنامه", "new_table": "برگهٔ تازه، {columns}", "column": "ستون",
        "digits": "۰۱۲۳۴۵۶۷۸۹",
    }  # fmt: skip
    text = markdown(planned(replace(BOOK, sheets=(*BOOK.sheets, new))), words=words)
    assert text.startswith('<div dir="rtl">\n\n# برنامه\n')
    assert "- + Visits: برگهٔ تازه، ۲ ستون" in text
    assert text.index("</div>") < text.index("## In full") < text.index("- + sheet **Visits**")


def test_a_phrase_that_no_plan_knows_is_told() -> None:
    with pytest.raises(TemplateError, match=r"plan\.hello"):
        outline(planned(BOOK), words={"hello": "x"})


@pytest.mark.parametrize(
    "path", sorted(assets.folder("templates").glob("words/*/plan.toml")), ids=lambda one: one.parent.name
)
def test_the_phrases_of_a_language_say_all_and_fill_the_same_places(path: Path) -> None:
    words = tomllib.loads(path.read_text("utf-8"))["plan"]
    assert complete(words) == words, "every phrase is translated"
    places = {key: set(re.findall(r"{\w+}", text)) for key, text in PHRASES.items()}
    assert {key: set(re.findall(r"{\w+}", text)) for key, text in words.items()} == places
