"""A small folder of templates for tests of views: one table, one helper, the real look, types and words."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from crm_builder import assets
from crm_builder.errors import TemplateError
from crm_builder.model import Cell, Sheet, Workbook
from crm_builder.settings import Member, Settings
from crm_builder.sheets import check_workbook
from crm_builder.template import read, render

ORDERS = """
anchor = "name"
[[column]]
key = "name"
type = "name"
[[column]]
key = "stage"
type = "choice"
list = "deal_stage"
[[column]]
key = "amount"
type = "money"
"""
NUMBERS = """
[[block]]
key = "facts"
columns = ["fact", "value"]
types = ["text", "integer"]
[[block.row]]
values = ["today", "=TODAY()"]
name = "crm_today"
[[block.row]]
values = ["last", 2]
name = "orders_last"

[[block]]
key = "months"
columns = ["month", "value", "count"]
types = ["text", "money", "integer"]
height = 3
[[block.row]]
values = ["May", 10, 1]
[[block.row]]
values = ["June", 30, 2]

[[block]]
key = "endless"
columns = ["month"]
types = ["text"]
formula = '=UNIQUE(orders_name)'
"""
WORDS = """
[tables.orders]
title = "Orders"
[tables.orders.columns]
stage = "Stage"
amount = "Amount"
[helpers.numbers]
title = "_numbers"
[helpers.numbers.columns]
months_value = "Won value"
[views.trial]
title = "Trial"
note = "What is tried here."
"""
TEAM = (Member("Maya Collins", "maya@example.com", "owner"), Member("Omid Rahimi", "omid@example.com", "editor"))


@dataclass(frozen=True)
class Templates:
    """The folder, and what becomes of the view `trial` in it."""

    folder: Path

    def settings(self, language: str = "en", **parts: bool) -> Settings:
        workbook = read(self.folder).one("workbook.toml")
        return Settings(
            name="Test", language=language, calendar="gregorian", currency="USD", time_zone="Europe/London",
            preset="general", accent="#2F6FED", digits="latin", team=TEAM, fields=(), lists=(),
            thresholds={key: raw["default"] for key, raw in workbook["thresholds"].items()},
            parts={**{key: True for key in workbook["parts"]}, **parts}, file="crm.toml",
        )  # fmt: skip

    def write(self, view: str, name: str = "trial") -> None:
        (self.folder / "views" / f"{name}.toml").write_text(view, "utf-8")

    def workbook(self, view: str, language: str = "en", **parts: bool) -> Workbook:
        """The whole workbook with that view; it can be compiled."""
        self.write(view)
        workbook = render(read(self.folder), self.settings(language, **parts)).workbook
        check_workbook(workbook)
        return workbook

    def view(self, view: str, language: str = "en", **parts: bool) -> Sheet:
        return self.workbook(view, language, **parts).sheet("trial")

    def faults(self, view: str) -> list[str]:
        self.write(view)
        try:
            render(read(self.folder), self.settings())
        except TemplateError as error:
            return [str(problem) for problem in error.problems]
        return []


def make_templates(folder: Path) -> Templates:
    real = assets.folder("templates")
    for name in ("calendars", "words"):
        shutil.copytree(real / name, folder / name)
    for name in ("look.toml", "types.toml", "currencies.toml", "lists.toml", "workbook.toml"):
        shutil.copy(real / name, folder / name)
    for name in ("tables", "helpers", "views", "presets/general"):
        (folder / name).mkdir(parents=True)
    (folder / "presets" / "general" / "preset.toml").write_text("", "utf-8")
    workbook = (folder / "workbook.toml").read_text("utf-8")
    workbook = re.sub(
        r"sheets = \[.*?\]", 'sheets = ["trial", "orders", "numbers"]', workbook, count=1, flags=re.DOTALL
    )
    (folder / "workbook.toml").write_text(workbook, "utf-8")
    for name in ("helpers/choices.toml", "tables/lists.toml"):  # dropdowns stand on these
        shutil.copy(real / name, folder / name)
    (folder / "tables" / "orders.toml").write_text(ORDERS, "utf-8")
    (folder / "helpers" / "numbers.toml").write_text(NUMBERS, "utf-8")
    for language in ("en", "fa"):
        (folder / "words" / language / "trial.toml").write_text(WORDS, "utf-8")
    return Templates(folder)


def cell(sheet: Sheet, text: str) -> Cell:
    """The one cell with that value or formula."""
    (found,) = (one for one in sheet.cells if text in (one.value, one.formula))
    return found


def width(sheet: Sheet, first: str, last: str) -> int:
    """Pixels from one column to another, both included."""
    keys = [column.key for column in sheet.columns]
    return sum(column.width for column in sheet.columns[keys.index(first) : keys.index(last) + 1])
