"""What the things of a plan are called: the titles that people gave them, never a key where there is a title."""

from __future__ import annotations

from crm_builder.model import Cell, Sheet, Workbook
from crm_builder.plan.changes import Difference, Id, Plan, Rename, Update
from crm_builder.plan.choices import leading, list_of
from crm_builder.plan.phrases import Phrases
from crm_builder.plan.report import Entry, Titles
from crm_builder.plan.things import things
from crm_builder.plan.words import isolated, property_text, short


class Names:
    """The names of what a plan speaks of, in the phrases of one language."""

    def __init__(self, plan: Plan, phrases: Phrases):
        self._plan, self._phrases = plan, phrases
        self._books = [book for book in (plan.result, plan.observed, plan.baseline) if book]
        self._titles = Titles.of(plan, {})
        self._items = {
            one: item for book in reversed(self._books) for one, item in things(book).items() if one.kind == "item"
        }
        self.sheets: dict[str, Sheet] = {one.key: one for book in reversed(self._books) for one in book.sheets}

    def home(self, sheet: str) -> str:
        """A sheet's title; the whole CRM where it is none."""
        return self._titles.sheet(sheet) if sheet else self._phrases["crm"]

    def name(self, one: Id, former: bool = False) -> str:
        if one.kind in ("workbook", "mark"):
            return one.key or self._phrases.noun("workbook")
        if one.kind == "item":
            title, column = self.title(one, former), list_of(one)
            if not column:
                return title
            return self._phrases.say(
                "choice_of", title=title, column=self._titles.thing(Id("column", one.sheet, column))
            )
        noun = self._phrases.noun(one.kind)
        return noun if one.kind == "sheet" else f"{noun} {self.title(one)}"

    def title(self, one: Id, former: bool = False) -> str:
        if one.kind != "item":
            return self._titles.thing(one)
        cell = self._leading(one, self._plan.baseline if former else None)
        return isolated(str(cell.value)) if cell is not None and cell.value is not None else self._titles.thing(one)

    def _leading(self, one: Id, book: Workbook | None = None) -> Cell | None:
        """The cell that people know an item by: the first that says something else than its key."""
        item: dict[str, Cell] = (things(book) if book else self._items).get(one) or self._items.get(one, {})
        if list_of(one):
            return leading(item, one.sheet, *self._books)
        sheet = self.sheets.get(one.sheet)
        cells = [item[column.key] for column in (sheet.columns if sheet else ()) if column.key in item]
        return next((cell for cell in cells if isinstance(cell.value, str) and cell.value != one.key), None)

    def retitled(self, entry: Entry) -> str:
        """The new title of a choice, which all cells that hold it get; empty for any other change."""
        if isinstance(entry, Rename) and entry.id.kind == "item":
            return entry.new.key.partition("/")[2]
        if not isinstance(entry, Update) or entry.id.kind != "item" or not list_of(entry.id):
            return ""
        cell = leading(entry.thing, entry.id.sheet, *self._books)
        named = {one.name for one in entry.differences}
        return str(cell.value) if cell is not None and f"{cell.column}.value" in named else ""

    def before(self, one: Id) -> str:
        """The column that people see before a new one."""
        if one.kind != "column":
            return ""
        found = ""
        for column in self._plan.result.sheet(one.sheet).columns:
            if column.key == one.key:
                break
            found = column.key if not column.hidden else found
        return self._titles.thing(Id("column", one.sheet, found)) if found else ""

    def property(self, one: Id, difference: Difference) -> str:
        first, _, rest = difference.name.partition(".")
        if one.kind == "item":
            column = self._titles.thing(Id("column", one.sheet, first))
            name = (
                column if rest == "value" else f"{column} {self._phrases.get(rest.split('.')[0], property_text(rest))}"
            )
        else:
            name = self._phrases.get(first, property_text(first))
        if first in ("formula", "validation"):
            return name
        both = self.sides(difference)
        return f"{name} {both}" if both else name

    def sides(self, difference: Difference) -> str:
        """What it was and what it becomes; empty where that says nothing in few letters."""
        if difference.name == "theme":
            before, after = _first_different(difference)
        else:
            before, after = self._value(difference.before), self._value(difference.after)
        return self._phrases.say("becomes", before=before, after=after) if before and after else ""

    def _value(self, value: object) -> str:
        if value is None or value == "":
            return self._phrases["none"]
        if isinstance(value, bool):
            return self._phrases["yes" if value else "no"]
        return short(value)


def _first_different(difference: Difference) -> tuple[str, str]:
    """The first colour of a theme that becomes another."""
    before, after = dict(difference.before or ()), dict(difference.after or ())
    key = next((key for key in after if before.get(key) != after[key]), "")
    return (before[key], after[key]) if key in before else ("", "")
