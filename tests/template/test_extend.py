"""A new table, column, rule, list and language are edits of templates/ alone: done here in a copy, then used."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from crm_builder import assets, deploy
from crm_builder.errors import TemplateError
from crm_builder.google import Client
from crm_builder.project import Project, load_project
from crm_builder.sheets import check_call

SUPPLIERS = """
prefix = "P"
anchor = "name"
tab = "amber"

[[column]]
key = "id"
type = "id"
[[column]]
key = "name"
type = "name"
[[column]]
key = "kind"
type = "choice"
list = "supplier_kind"
[[column]]
key = "since"
type = "date"
[[column]]
key = "price"
type = "money"
[[column]]
key = "double"
type = "money"
formula = '[price]*2'

[[rule]]
key = "dear"
columns = ["name"]
when = '=[price]>100'
style = "urgent"

[[view]]
key = "local"
where = [{ column = "kind", equals = "{{ choice.supplier_kind.local }}" }]
"""
LIST = """
[supplier_kind]
required = ["local"]
choices = [{ key = "local", color = "green" }, { key = "abroad", color = "blue" }]
"""
WORDS = """
[tables.suppliers]
title = "Suppliers"
[tables.suppliers.columns]
kind = "Kind"
since = "Since"
price = "Price"
double = "Twice the price"
[tables.suppliers.views]
local = "Local suppliers"
[choices.supplier_kind]
local = "Local"
abroad = "Abroad"
"""

STOCK = """
[[block]]
key = "tasks"
columns = ["priority", "count"]
types = ["text", "integer"]
height = 3
[[block.row]]
for = "list:priority"
values = ["{{ item.title }}", "=COUNTIF(tasks_priority; {{ item.title | quote }})"]
"""
OVERVIEW = """
tab = "amber"
[[band]]
[[band.item]]
kind = "card"
span = 3
title = "{{ titles.tasks }}"
value = "=SUM(stock_tasks_count)"
type = "integer"
[[band.item]]
kind = "chart"
span = 6
chart = "bar"
title = "{{ words.lists.priority }}"
from = "stock_tasks"
label = "priority"
series = [{ column = "count" }]
"""
VIEW_WORDS = """
[helpers.stock]
title = "_stock"
[helpers.stock.columns]
tasks_count = "How many"
[views.overview]
title = "Overview"
"""


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    return Path(shutil.copytree(assets.folder("templates"), tmp_path / "templates"))


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + "\n" + text, "utf-8")


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def provision(
    project: Project, clock: datetime, rows: list[list[Any]] | None = None, sheet: str = ""
) -> dict[str, Any]:
    """Provisions, types rows below the header of a sheet, and gives its values."""
    with deploy.open_target(project.folder, clock) as http:
        outcome = deploy.up(project, http, sample_data=False, clock=clock, tell=lambda text: None)
        client = Client(http, check_call)
        where = {"spreadsheetId": outcome.spreadsheet_id, "range": f"'{sheet}'!A2"}
        client.call(client.values.update(**where, valueInputOption="RAW", body={"values": rows}))
        where["range"] = f"'{sheet}'"
        return client.call(client.values.get(**where, valueRenderOption="UNFORMATTED_VALUE"))


def test_a_new_table_with_list_rule_view_and_computed_column(
    templates: Path, describe: Callable[..., Path], clock: datetime
) -> None:
    (templates / "tables" / "suppliers.toml").write_text(SUPPLIERS, "utf-8")
    append(templates / "lists.toml", LIST)
    append(templates / "words" / "en" / "main.toml", WORDS)
    replace(templates / "words" / "en" / "main.toml", "[lists]\n", '[lists]\nsupplier_kind = "Kind of supplier"\n')
    project = load_project(describe(), templates)
    sheet = project.rendered.workbook.sheet("suppliers")
    assert [view.title for view in sheet.views] == ["Local suppliers"]
    assert [rule.key for rule in sheet.rules] == ["dear", "kind_local", "kind_abroad"]
    values = provision(
        project, clock, [["P-1", "Acme", "Local", 46000, 70], ["P-2", "Zenith", "Abroad", 46001, 200]], "Suppliers"
    )
    assert values["values"] == [
        ["ID", "Name", "Kind", "Since", "Price", "Twice the price"],
        ["P-1", "Acme", "Local", 46000, 70, 140],
        ["P-2", "Zenith", "Abroad", 46001, 200, 400],
    ]


def test_a_new_computed_column_and_rule_in_a_table_that_is_there(
    templates: Path, describe: Callable[..., Path], clock: datetime
) -> None:
    tasks = templates / "tables" / "tasks.toml"
    replace(
        tasks,
        '[[column]]\nkey = "created_at"',
        '[[column]]\nkey = "words"\ntype = "integer"\nformula = "LEN([title])"\n[[column]]\nkey = "created_at"',
    )
    append(tasks, '[[rule]]\nkey = "long"\ncolumns = ["title"]\nwhen = "=[words]>20"\nstyle = "soon"\n')
    replace(
        templates / "words" / "en" / "main.toml", 'days_left = "Days left"', 'days_left = "Days left"\nwords = "Length"'
    )
    project = load_project(describe(), templates)
    values = provision(project, clock, [["T-1", "Call back"]], "Tasks")["values"]
    assert values[1][values[0].index("Length")] == len("Call back")


def test_a_new_view_with_a_chart_over_a_new_helper(
    templates: Path, describe: Callable[..., Path], clock: datetime
) -> None:
    (templates / "views" / "overview.toml").write_text(OVERVIEW, "utf-8")
    (templates / "helpers" / "stock.toml").write_text(STOCK, "utf-8")
    (templates / "words" / "en" / "overview.toml").write_text(VIEW_WORDS, "utf-8")
    project = load_project(describe(), templates)
    with deploy.open_target(project.folder, clock) as http:
        outcome = deploy.up(project, http, sample_data=True, clock=clock, tell=lambda text: None)
        client = Client(http, check_call)
        answer = client.get(outcome.spreadsheet_id, ["Overview"])
        get = client.values.get(spreadsheetId=outcome.spreadsheet_id, range="Overview!A1:H6")
        values = client.call(get)["values"]
    (chart,) = answer["sheets"][0]["charts"]
    assert chart["spec"]["title"] == "Priority"
    assert [row[-1] for row in values if row] == ["Overview", "Tasks", str(outcome.rows["tasks"])]


def test_a_new_language_is_a_file_of_words_and_a_commented_description(
    templates: Path, describe: Callable[..., Path], clock: datetime
) -> None:
    shutil.copytree(templates / "words" / "en", templates / "words" / "de")
    main = templates / "words" / "de" / "main.toml"
    replace(main, 'name = "English"', 'name = "Deutsch"')
    replace(main, 'title = "Customers"', 'title = "Kunden"')
    replace(main, 'won = "Won"', 'won = "Gewonnen"')
    shutil.copy(templates / "crm.en.toml.j2", templates / "crm.de.toml.j2")
    project = load_project(describe("de", templates=templates), templates)
    assert project.rendered.workbook.sheet("customers").title == "Kunden"
    formulas = [cell.formula for cell in project.rendered.workbook.sheet("figures").cells if cell.formula]
    assert any('"Gewonnen"' in formula for formula in formulas)
    assert provision(project, clock, [["C-1", "Anna"]], "Kunden")["values"][1][:2] == ["C-1", "Anna"]


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("tables/tasks.toml", 'anchor = "title"', 'anchro = "title"', "templates/tables/tasks.toml: anchro: unknown key `anchro`, did you mean `anchor`?"),
        ("tables/tasks.toml", 'key = "due"\ntype = "date"', 'key = "due"\ntype = "dat"', "templates/tables/tasks.toml: column[3].type: unknown type `dat`"),
        ("tables/tasks.toml", "crm_today", "crm_todya", "templates/tables/tasks.toml: days_left: the formula of `days_left` names `crm_todya`, which is not there (did you mean `crm_today`?)"),
        ("tables/tasks.toml", "IFERROR([due]*1; 0)", "IFERROR([deu]*1; 0)", "templates/tables/tasks.toml: column[10].formula: `deu` is no column of `tasks` (did you mean `due`?)"),
        ("tables/tasks.toml", "'=[done]=TRUE'", "'=[finished]=TRUE'", "templates/tables/tasks.toml: rule[0].when: `finished` is no column of `tasks`"),
        ("tables/tasks.toml", 'columns = ["title", "due"]', 'columns = ["titel"]', "templates/tables/tasks.toml: rule[0].columns: `titel` is no column of `tasks` (did you mean `title`?)"),
        ("tables/tasks.toml", 'style = "quiet"', 'style = "quite"', "templates/tables/tasks.toml: rule[0].style: unknown style `quite` (did you mean `quiet`?)"),
        ("tables/tasks.toml", 'list = "priority"', 'list = "prioritys"', "templates/tables/tasks.toml: column[5].list: unknown list `prioritys` (did you mean `priority`?)"),
        ("tables/tasks.toml", 'table = "customers"', 'table = "customer"', "templates/tables/tasks.toml: column[7].table: there is no table `customer` (did you mean `customers`?)"),
        ("tables/tasks.toml", 'column = "assignee"', 'column = "asignee"', "templates/tables/tasks.toml: view[3]: `asignee` is no column of `tasks` (did you mean `assignee`?)"),
        ("workbook.toml", '"tasks", ', '"taks", ', "templates/workbook.toml: sheets: there is no view, table or helper `taks` (did you mean `tasks`?)"),
        ("helpers/figures.toml", "deals_amount", "deals_amuont", "templates/helpers/figures.toml: orders_customer, row 2: the formula of `orders_customer, row 2` names `deals_amuont`, which is not there (did you mean `deals_amount`?)"),
        ("tables/leads.toml", "choice.lead_status.converted", "choice.lead_status.convertd", "templates/tables/leads.toml: column[17].formula: 'dict object' has no attribute 'convertd'"),
        ("tables/leads.toml", 'updated = "updated_at"', 'updated = "update_at"', "templates/tables/leads.toml: automation.stamped.updated: there is no column `update_at` (did you mean `updated_at`?)"),
        ("tables/leads.toml", 'choices = ["lost"]', 'choices = ["lots"]', "templates/tables/leads.toml: automation.archive.when: `lots` is no choice of `status` (did you mean `lost`?)"),
        ("tables/tasks.toml", 'off = "open"', 'of = "open"', "templates/tables/tasks.toml: automation.paired.of: unknown key `of`, did you mean `off`?"),
        ("automation.toml", 'list = "mail_mode"', 'list = "mail_mood"', "templates/automation.toml: setting[4].list: unknown list `mail_mood`"),
        ("words/en/main.toml", 'assignee = "Assignee"\n', "", "templates/words/en: tables.tasks.columns.assignee: no word for the column `assignee` (add its title)"),
        ("words/en/main.toml", 'overdue = "Overdue"\n', "", "templates/words/en: tables.tasks.views.overdue: no word for the view `overdue` (add its title)"),
        ("types.toml", "field = true", 'field = "yes"', "templates/types.toml: text.field: must be true or false, not text"),
        ("lists.toml", "[priority]", "[priority", "templates/lists.toml: Expected ']'"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_file_and_path(
    templates: Path, describe: Callable[..., Path], file: str, old: str, new: str, message: str
) -> None:
    folder = describe()
    replace(templates / file, old, new)
    with pytest.raises(TemplateError) as caught:
        load_project(folder, templates)
    assert any(str(problem).startswith(message) for problem in caught.value.problems), str(caught.value)


def test_all_faults_of_the_templates_come_at_once(templates: Path, describe: Callable[..., Path]) -> None:
    folder = describe()
    replace(templates / "tables" / "tasks.toml", 'style = "quiet"', 'style = "quite"')
    replace(templates / "tables" / "leads.toml", "[email]=", "[emial]=")
    replace(templates / "helpers" / "figures.toml", "leads_phone", "leads_phoen")
    with pytest.raises(TemplateError) as caught:
        load_project(folder, templates)
    assert len(caught.value.problems) == 3


def test_a_rule_over_a_missing_table(templates: Path, describe: Callable[..., Path]) -> None:
    """A formula that speaks of a table whose file is gone names what is missing."""
    folder = describe()
    (templates / "tables" / "feedback.toml").unlink()
    with pytest.raises(TemplateError) as caught:
        load_project(folder, templates)
    assert "there is no view, table or helper `feedback`" in str(caught.value)
