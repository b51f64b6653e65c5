"""What a description says about changes: former names, deletions, risks; and what rows and columns are known by."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import pytest

from crm_builder.assets import folder
from crm_builder.errors import DescriptionError, TemplateError
from crm_builder.model import Cell
from crm_builder.plan.changes import Id, Wishes
from crm_builder.settings import parse
from crm_builder.template import Rendered, Source, catalog, read, render, wishes_of

CRM = '[crm]\nname = "X"\npreset = "general"\n'
FIELD = '[[fields.customers]]\nkey = "born"\ntitle = "Born"\ntype = "{}"\n{}\n'


@functools.cache
def shipped() -> Source:
    return read(folder("templates"))


def changed(*edits: tuple[str, str, Any]) -> Source:
    """The shipped templates with a key of a file set to something else; the key's path is dotted."""
    files = dict(shipped().files)
    for file, path, value in edits:
        files[file] = _set(files[file], path.split("."), value)
    return Source(files)


def _set(content: Mapping[str, Any], path: list[str], value: Any) -> dict[str, Any]:
    inner = _set(content.get(path[0], {}), path[1:], value) if len(path) > 1 else value
    return {**content, path[0]: inner}


def rendered(text: str = "", source: Source | None = None) -> Rendered:
    source = source or shipped()
    return render(source, parse(CRM + text, catalog(source)))


def wishes(text: str = "", source: Source | None = None, head: str = CRM) -> Wishes:
    source = source or shipped()
    settings = parse(head + text, catalog(source))
    return wishes_of(settings, render(source, settings), source)


def refused(text: str) -> list[str]:
    with pytest.raises(DescriptionError) as caught:
        wishes(text)
    return [str(problem) for problem in caught.value.problems]


def column(table: str, key: str) -> Id:
    return Id("column", table, key)


def choice(key: str, sheet: str = "lists") -> Id:
    return Id("item", sheet, key)


# ── Wishes ──────────────────────────────────────────────────────────────────────


def test_a_description_without_changes_wishes_nothing() -> None:
    assert wishes() == Wishes()


def test_a_renamed_field_is_one_rename_although_a_calendar_sets_a_column_beside_it() -> None:
    for language in ("en", "fa"):
        head = CRM + f'language = "{language}"\n'
        found = wishes(FIELD.format("date", 'was = "birthday"'), head=head)
        assert found == Wishes({column("customers", "birthday"): column("customers", "born")})


def test_a_renamed_choice_is_known_by_its_title_or_its_key() -> None:
    lists = """
[lists.lead_source]
extend = true
choices = [{ title = "Trade fair", was = "Expo" }, { key = "social", title = "Networks", was = "Facebook" }]
[lists.region]
choices = [{ title = "Up there", was = "North" }]
"""
    assert wishes(lists).renames == {
        choice("lead_source/Expo"): choice("lead_source/Trade fair"),
        choice("lead_source/Facebook"): choice("lead_source/social"),
        choice("region/North"): choice("region/Up there"),
        choice("region/north"): choice("region/Up there"),
    }


def test_a_choice_that_is_known_by_its_key_has_its_title_changed_without_a_rename() -> None:
    said = '[lists.deal_stage]\nextend = true\nchoices = [{ key = "won", title = "Signed", was = "Won" }]\n'
    assert choice("deal_stage/won") not in wishes(said).renames


def test_a_renamed_member_and_a_renamed_choice_of_a_field() -> None:
    team = '[[team]]\nname = "Mina R."\nemail = "mina@example.com"\nwas = "Mina"\n'
    field = FIELD.format("choice", 'choices = ["A", { title = "B", was = "C" }]')
    assert wishes(team + field).renames == {
        choice("team/Mina"): choice("team/Mina R."),
        choice("born/C", "customers"): choice("born/B", "customers"),
    }


def test_columns_and_sheets_of_templates_may_have_had_other_keys() -> None:
    columns = [dict(one) for one in shipped().files["tables/tasks.toml"]["column"]]
    next(one for one in columns if one["key"] == "priority")["was"] = "urgency"
    source = changed(
        ("tables/tasks.toml", "column", columns),
        ("tables/tasks.toml", "was", "todos"),
        ("views/report.toml", "was", "monthly"),
        ("helpers/rfm.toml", "was", "scores"),
    )
    assert wishes(source=source).renames == {
        Id("sheet", "todos"): Id("sheet", "tasks"),
        Id("sheet", "monthly"): Id("sheet", "report"),
        Id("sheet", "scores"): Id("sheet", "rfm"),
        column("tasks", "urgency"): column("tasks", "priority"),
    }


def test_what_is_deleted_need_not_be_known() -> None:
    text = '[parts]\ncampaigns = false\n[changes]\ndelete = ["campaigns", "customers.old", "lists.lead_source.Old"]\n'
    found = wishes(text + 'accept = ["currency"]\n')
    assert found.deletes == {Id("sheet", "campaigns"), column("customers", "old"), choice("lead_source/Old")}
    assert found.accepts == {"currency"}


def test_a_deleted_date_takes_the_calendars_column_along() -> None:
    found = wishes('[changes]\ndelete = ["customers.birthday"]\n', head=CRM + 'language = "fa"\n')
    assert found.deletes == {column("customers", "birthday"), column("customers", "birthday_jalali")}


def test_a_column_that_is_described_is_not_deleted_with_one_of_a_like_name() -> None:
    field = '[[fields.customers]]\nkey = "birthday_jalali"\ntitle = "Day"\ntype = "text"\n'
    found = wishes(field + '[changes]\ndelete = ["customers.birthday"]\n', head=CRM + 'language = "fa"\n')
    assert found.deletes == {column("customers", "birthday")}


def test_a_choice_is_deleted_by_its_title_too() -> None:
    text = '[lists.region]\nchoices = ["Here"]\n[changes]\ndelete = ["lists.region.North"]\n'
    assert wishes(text).deletes == {choice("region/North"), choice("region/north")}


def test_all_that_is_deleted_and_still_described_is_told_with_the_way_out() -> None:
    text = """[changes]
delete = [
  "campaigns",
  "customers.phone",
  "customers.gone",
  "lists.deal_stage.won",
  "home",
]
"""
    assert refused(text) == [
        'crm.toml:6: changes.delete[1]: "campaigns" is still described (write campaigns = false under [parts] first)',
        'crm.toml:7: changes.delete[2]: "customers.phone" is still described (remove it there or here)',
        'crm.toml:9: changes.delete[4]: "lists.deal_stage.won" is still described (remove it there or here)',
        'crm.toml:10: changes.delete[5]: "home" is still described (remove it there or here)',
    ]


def test_a_sheet_that_a_template_has_renamed_is_not_deleted() -> None:
    source = changed(("views/report.toml", "was", "monthly"))
    with pytest.raises(DescriptionError, match='"monthly" goes on as "report"'):
        wishes('[changes]\ndelete = ["monthly"]\n', source)


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        ([("tables/tasks.toml", "was", "deals")], "templates/tables/tasks.toml: was: `deals` is no former key"),
        (
            [("tables/tasks.toml", "was", "x"), ("views/home.toml", "was", "x")],
            "templates/views/home.toml: was: `x` is the former key of something else",
        ),
        (
            [("presets/general/preset.toml", "fields",
              [{"table": "customers", "key": "a", "type": "text", "was": "phone"}])],
            "templates/tables/customers.toml: fields.a.was: `phone` is no former key",
        ),
    ],
)  # fmt: skip
def test_a_former_key_that_cannot_be_one_is_a_fault_of_the_template(
    edits: list[tuple[str, str, Any]], message: str
) -> None:
    words = [(f"presets/general/{code}.toml", "words", {"fields": {"customers": {"a": "A"}}}) for code in ("en", "fa")]
    source = Source({**{file: {} for file, _, _ in words}, **shipped().files})
    files = dict(source.files)
    for file, path, value in [*edits, *(words if "presets" in edits[0][0] else ())]:
        files[file] = _set(files[file], path.split("."), value)
    with pytest.raises(TemplateError) as caught:
        rendered(source=Source(files))
    assert any(str(problem).startswith(message) for problem in caught.value.problems), str(caught.value)


# ── What rows and columns are known by ──────────────────────────────────────────


def items(found: Rendered, sheet: str) -> dict[tuple[str, str], Cell]:
    return {(cell.item, cell.column): cell for cell in found.workbook.sheet(sheet).cells}


def test_a_choice_and_its_figures_are_one_item() -> None:
    own = '[lists.deal_stage]\nextend = true\nchoices = ["Waiting"]\n'
    team = '[[team]]\nname = "Mina"\nemail = "mina@example.com"\n'
    found = items(rendered(own + team), "lists")
    assert found["deal_stage/won", "deal_stage"].value == "Won"
    assert found["deal_stage/won", "deal_stage_probability"].value == 1
    assert found["deal_stage/Waiting", "deal_stage"].value == "Waiting"
    assert found["team/Mina", "team"].value == "Mina"


@pytest.mark.parametrize(("sheet", "item"), [("settings", "vip_value"), ("settings", "currency")])
def test_a_row_with_a_key_is_known_by_it(sheet: str, item: str) -> None:
    found = items(rendered(), sheet)
    assert {key for known, key in found if known == item} == {"key", "title", "value", "description"}


def test_every_cell_of_a_table_has_an_item_and_no_two_rows_share_one() -> None:
    for sheet in rendered().workbook.sheets:
        if sheet.kind != "table":
            assert not any(cell.item for cell in sheet.cells)
            continue
        assert all(cell.item for cell in sheet.cells)
        assert len({(cell.item, cell.column) for cell in sheet.cells}) == len(sheet.cells)


def test_a_row_without_a_key_is_known_by_its_first_text() -> None:
    rows = [{"values": {"id": "", "title": "Call"}}, {"values": {"title": "Call"}}, {"values": {"done": True}}]
    found = rendered(source=changed(("tables/tasks.toml", "row", rows))).workbook.sheet("tasks")
    assert [cell.item for cell in found.cells] == ["Call", "Call", "Call/2", "row"]


def test_columns_say_what_they_hold() -> None:
    deals = rendered().workbook.sheet("deals")
    assert (deals.column("stage").type, deals.column("stage").list) == ("choice", "deal_stage")
    assert (deals.column("amount").type, deals.column("amount").list) == ("money", "")


def test_the_workbook_is_marked_with_what_gives_its_figures_their_meaning() -> None:
    assert dict(rendered().workbook.marks) == {
        "version": "1", "language": "en", "calendar": "gregorian", "currency": "USD", "preset": "general",
        "digits": "latin",
    }  # fmt: skip
