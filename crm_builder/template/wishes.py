"""What templates and crm.toml say about changes: former names, what is to be deleted, which risks are taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crm_builder.errors import DescriptionError, Problem
from crm_builder.plan.changes import Id, Wishes
from crm_builder.settings import Deletion, Settings
from crm_builder.settings.words import same
from crm_builder.template.former import WAS
from crm_builder.template.lists import lists_table
from crm_builder.template.render import FOLDERS, Rendered
from crm_builder.template.source import Source

_LISTS = "lists"  # how crm.toml calls all choice lists together


def wishes_of(settings: Settings, rendered: Rendered, source: Source) -> Wishes:
    """DescriptionError lists what crm.toml deletes although it, or a template, still describes it.

    A former Id has the former name as its last part only: where a table was renamed too, a column of it is under the
    table's new key. A choice is an item of the table that holds the lists, `lead_source/website`; one of a custom
    field is an item of the field's own table, `size/Large`.
    """
    said = _Said(settings, rendered, source)
    described = set(said.described())
    renames = {former: new for former, new in said.renames() if former not in described}
    deletes: set[Id] = set()
    problems = []
    for number, deletion in enumerate(settings.changes.delete, 1):
        named = said.named(deletion)
        path = f"changes.delete[{number}]"
        for one in named:
            if one in described:
                message, hint = f'"{deletion}" is still described', said.way(one)
                problems.append(Problem(message, settings.file, path, deletion.line, hint))
            elif one in renames:
                message, hint = f'"{deletion}" goes on as "{renames[one]}"', "remove it here"
                problems.append(Problem(message, settings.file, path, deletion.line, hint))
        twins = {twin for one in named for twin in said.twins(one)}
        deletes |= {*named, *(twins - described - renames.keys())}
    if problems:
        raise DescriptionError(problems)
    return Wishes(renames, frozenset(deletes), frozenset(settings.changes.accept))


@dataclass(frozen=True, slots=True)
class _Said:
    """One description: crm.toml, what follows from it, and the templates behind it."""

    settings: Settings
    rendered: Rendered
    source: Source

    def described(self) -> Iterator[Id]:
        for sheet in self.rendered.workbook.sheets:
            yield Id("sheet", sheet.key)
            yield from (Id("column", sheet.key, column.key) for column in sheet.columns)
            yield from (Id("item", sheet.key, cell.item) for cell in sheet.cells if cell.item)
        for table in self.rendered.tables:
            for column in table.columns:
                yield from (Id("item", table.key, f"{column.key}/{choice}") for choice in column.choices)

    def renames(self) -> Iterator[tuple[Id, Id]]:
        present = {sheet.key for sheet in self.rendered.workbook.sheets}
        for folder in FOLDERS:
            for key, raw in self.source.folder(folder):
                if WAS in raw and key in present:
                    yield Id("sheet", raw[WAS]), Id("sheet", key)
        for table in self.rendered.tables:
            for column in table.columns:
                if column.was:
                    yield Id("column", table.key, column.was), Id("column", table.key, column.key)
        yield from self._choices()

    def _choices(self) -> Iterator[tuple[Id, Id]]:
        for change in self.settings.lists:
            for choice in change.choices:
                if choice.was:
                    yield from self._items(change.key, choice.was, choice.key or choice.title)
        teams = [key for key, raw in self.source.one("lists.toml").items() if raw.get("from") == "team"]
        for member in self.settings.team:
            if member.was:
                for key in teams:
                    yield from self._items(key, member.was, member.name)
        for field in self.settings.fields:
            for former, title in field.renames:
                yield (
                    Id("item", field.table, f"{field.key}/{former}"),
                    Id("item", field.table, f"{field.key}/{title}"),
                )

    def _items(self, key: str, former: str, now: str) -> Iterator[tuple[Id, Id]]:
        table = self._lists_table()
        for name in self._names(key, former):
            yield Id("item", table, f"{key}/{name}"), Id("item", table, f"{key}/{now}")

    def _names(self, key: str, text: str) -> list[str]:
        """What a choice may be known by that somebody calls so: this very text, or the key that has it for a title."""
        titles: Mapping[str, str] = self.rendered.context.words["choices"].get(key, {})
        return list(dict.fromkeys([text, *(name for name, title in titles.items() if same(title) == same(text))]))

    def _lists_table(self) -> str:
        return lists_table(self.rendered.tables, [spec.key for spec in self.rendered.context.lists])

    def named(self, deletion: Deletion) -> list[Id]:
        """What a deletion of crm.toml means."""
        match deletion.parts:
            case (sheet,):
                return [Id("sheet", sheet)]
            case (sheet, column):
                return [Id("column", sheet, column)]
            case (head, key, choice) if head == _LISTS:
                return [Id("item", self._lists_table(), f"{key}/{name}") for name in self._names(key, choice)]
            case (sheet, column, choice):
                return [Id("item", sheet, f"{column}/{choice}")]
        raise ValueError(deletion)

    def twins(self, one: Id) -> Iterator[Id]:
        """The column that a calendar sets beside a column of dates."""
        suffix = self.rendered.context.calendar.get("suffix")
        if suffix and one.kind == "column":
            yield Id("column", one.sheet, one.key + suffix)

    def way(self, one: Id) -> str:
        """How something that the templates describe can leave the description."""
        part = self._part(one)
        return f"write {part} = false under [parts] first" if part else "remove it there or here"

    def _part(self, one: Id) -> str:
        """The part of the CRM that something belongs to; "" where it belongs to the whole."""
        raw: Mapping[str, Any] = {}
        for folder in FOLDERS:
            raw = raw or self.source.files.get(f"{folder}/{one.sheet}.toml", {})
        if one.kind == "column":
            entries = [entry for entry in raw.get("column", ()) if entry.get("key") == one.key]
            return entries[0].get("part", "") if entries else ""
        parts = self.source.one("workbook.toml")["parts"]
        homes = [key for key, body in parts.items() if one.kind == "sheet" and one.sheet in body["sheets"]]
        return raw.get("part", "") or next(iter(homes), "")
