"""The sections of a crm.toml that hold many of a kind: the team, custom fields, choice lists."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from crm_builder.settings.catalog import Catalog
from crm_builder.settings.check import Checker
from crm_builder.settings.lines import Path
from crm_builder.settings.values import Choice, ChoiceList, Field, Member
from crm_builder.settings.words import same, show

ROLES = ("owner", "editor", "viewer")
_ROLE = "editor"
_MEMBER = ("name", "email", "role", "was")
_FIELD = ("key", "title", "type", "choices", "note", "required", "was")
_FIELD_CHOICE = ("title", "was")
_LIST = ("choices", "extend")
_CHOICE = ("key", "title", "color", "was")
_LONGEST_NOTE = 500
_MOST_CHOICES = 200
_MOST_FIELDS = 100
_MOST_MEMBERS = 500

_Former = tuple[Path, str, str]  # where `was` stands, what it says, what the thing is called now


def team_of(checker: Checker, value: Any) -> tuple[Member, ...]:
    path: Path = ("team",)
    members, addresses, names = [], [], []
    formers: list[_Former] = []
    tables = checker.tables(path, value)
    _not_more(checker, path, len(tables), _MOST_MEMBERS, "members")
    for here, table in tables:
        checker.known(here, table, _MEMBER)
        name = email = role = None
        if "name" in table:
            name = checker.text((*here, "name"), table["name"])
        else:
            checker.missing(here, "this member has no name", 'add name = "…"')
        if "email" in table:
            email = checker.email((*here, "email"), table["email"])
        else:
            checker.missing(here, "this member has no email", 'add email = "…"')
        role = checker.one_of((*here, "role"), table.get("role", _ROLE), ROLES, "role")
        if name:
            names.append(((*here, "name"), name))
        was = _former(checker, here, table, name, formers)
        if email:
            addresses.append(((*here, "email"), email))
        if name and email and role:
            members.append(Member(name, email, role, was))
    checker.unique(addresses, "email")
    checker.unique(names, "name")
    _check_formers(checker, formers, names, "name")
    return tuple(members)


def fields_of(
    checker: Checker, value: Any, catalog: Catalog, brought: Collection[tuple[str, str]] = ()
) -> tuple[Field, ...]:
    """The fields of crm.toml; `brought`: (table, key) of those that the preset brings."""
    tables = checker.table(("fields",), value, "write each field under [[fields.<table>]]")
    fields: list[Field] = []
    for name, items in tables.items():
        path: Path = ("fields", name)
        if checker.one_of(path, name, catalog.tables, "table") is None:
            continue
        found = checker.tables(path, items)
        _not_more(checker, path, len(found), _MOST_FIELDS, "fields")
        keys = []
        formers: list[_Former] = []
        for here, table in found:
            field = _field(checker, here, table, catalog, formers)
            if isinstance(table.get("key"), str):
                keys.append(((*here, "key"), table["key"]))
            if field:
                fields.append(field)
        checker.unique(keys, "key")
        taken = {*catalog.tables[name], *(key for table, key in brought if table == name)}
        _check_formers(checker, formers, keys, "key", taken)
    return tuple(fields)


def _field(
    checker: Checker, path: Path, table: Mapping[str, Any], catalog: Catalog, formers: list[_Former]
) -> Field | None:
    checker.known(path, table, _FIELD)
    for name in ("key", "title", "type"):
        if name not in table:
            checker.missing(path, f"this field has no {name}", f'add {name} = "…"')
    owner = str(path[1])
    key = checker.key((*path, "key"), table["key"]) if "key" in table else None
    if key and key in catalog.tables[owner]:
        checker.report((*path, "key"), f"{owner} has a column {show(key)} already", "choose another key")
    title = checker.text((*path, "title"), table["title"]) if "title" in table else None
    type_ = checker.one_of((*path, "type"), table["type"], catalog.field_types, "type") if "type" in table else None
    note = checker.text((*path, "note"), table.get("note", ""), longest=_LONGEST_NOTE, free=True)
    required = checker.flag((*path, "required"), table.get("required", False))
    was = ""
    if "was" in table and (was := checker.key((*path, "was"), table["was"]) or ""):
        formers.append(((*path, "was"), was, key or ""))
    choices: tuple[str, ...] = ()
    renames: tuple[tuple[str, str], ...] = ()
    if "choices" in table:
        choices, renames = _titles(checker, (*path, "choices"), table["choices"])
        if type_ and type_ not in catalog.choice_types:
            hint = f"set type = {show(catalog.choice_types[0])}" if catalog.choice_types else ""
            checker.report((*path, "choices"), f"a field of type {show(type_)} has no choices", hint)
    elif type_ in catalog.choice_types:
        checker.missing(path, f"a field of type {show(type_)} needs choices", 'add choices = ["…", "…"]')
    if key and title and type_ and note is not None and required is not None:
        return Field(owner, key, title, type_, choices, note, required, was, renames)
    return None


def _titles(checker: Checker, path: Path, value: Any) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The choices of a field, and (former, title) of those that were called something else."""
    found: list[tuple[Path, str]] = []
    formers: list[_Former] = []
    for index, item in enumerate(_choices(checker, path, value)):
        here: Path = (*path, index)
        if not isinstance(item, Mapping):
            if title := checker.text(here, item):
                found.append((here, title))
            continue
        checker.known(here, item, _FIELD_CHOICE)
        if "title" not in item:
            checker.missing(here, "this choice has no title", 'add title = "…"')
            continue
        if title := checker.text((*here, "title"), item["title"]):
            found.append(((*here, "title"), title))
        _former(checker, here, item, title, formers)
    checker.unique(found, "choice")
    _check_formers(checker, formers, found, "title")
    return tuple(title for _, title in found), tuple((former, title) for _, former, title in formers)


def _former(checker: Checker, path: Path, table: Mapping[str, Any], title: str | None, formers: list[_Former]) -> str:
    """The text that is given as `was`, which is added to `formers`; "" where none is."""
    was = checker.text((*path, "was"), table["was"]) if "was" in table else None
    if was:
        formers.append(((*path, "was"), was, title or ""))
    return was or ""


def _check_formers(
    checker: Checker,
    formers: list[_Former],
    names: list[tuple[Path, str]],
    what: str,
    taken: Collection[str] = (),
) -> None:
    checker.unique([(path, former) for path, former, _ in formers], f"former {what}")
    coming = {same(own) for _, _, own in formers}
    handed_on = [path for path, former, own in formers if same(former) in coming - {same(own)}]
    if handed_on:  # it stays in the file, and nobody could tell later whether it was done
        message = f"names are handed on: what has one of these {what}s now gives it up in the same step"
        hint = "take two steps: give one of them a name of its own, apply, then its new name, and apply"
        checker.report(handed_on[0], message, hint)
    for path, former, own in formers:
        if path not in handed_on:
            checker.former(path, former, own, names, taken)


def _choices(checker: Checker, path: Path, value: Any) -> list[Any]:
    if not isinstance(value, list):
        checker.report(path, f"the choices must be a list, not {show(value)}", 'write choices = ["…", "…"]')
        return []
    if not value:
        checker.report(path, "there are no choices in this list", "add one, or remove the line")
    _not_more(checker, path, len(value), _MOST_CHOICES, "choices")
    return value


def lists_of(
    checker: Checker, value: Any, catalog: Catalog, lists: Mapping[str, tuple[str, ...]]
) -> tuple[ChoiceList, ...]:
    found = []
    for name, item in checker.table(("lists",), value).items():
        path: Path = ("lists", name)
        if checker.one_of(path, name, lists, "choice list") is None:
            continue
        table = checker.table(path, item, f"write [lists.{name}] and choices = […]")
        checker.known(path, table, _LIST)
        extend = checker.flag((*path, "extend"), table.get("extend", False))
        if "choices" in table:
            kept = lists[name] if extend else ()
            choices = _list_choices(checker, (*path, "choices"), table["choices"], lists[name], catalog, kept)
            found.append(ChoiceList(name, choices, bool(extend)))
            _keeps(checker, (*path, "choices"), found[-1], catalog)
        elif isinstance(item, Mapping):
            checker.missing(path, "this list has no choices", "add choices = […]")
    return tuple(found)


def _keeps(checker: Checker, path: Path, chosen: ChoiceList, catalog: Catalog) -> None:
    """Reports a replaced list that lacks a choice of which the formulas speak."""
    kept = {choice.key for choice in chosen.choices}
    lost = [key for key in catalog.required_choices.get(chosen.key, ()) if key not in kept]
    if lost and chosen.choices and not chosen.extend:
        rows = ", ".join(f'{{ key = "{key}" }}' for key in lost)
        checker.missing(path, f"formulas need {', '.join(map(show, lost))} in this list", f"add {rows}")


def _list_choices(
    checker: Checker, path: Path, value: Any, known: tuple[str, ...], catalog: Catalog, kept: Collection[str]
) -> tuple[Choice, ...]:
    """The choices of one list; `known` are the keys of the templates' own, `kept` those that stay beside these."""
    choices, keys, titles = [], [], []
    formers: list[_Former] = []
    for index, item in enumerate(_choices(checker, path, value)):
        here = (*path, index)
        if isinstance(item, str):
            item = {"title": item}
        elif not isinstance(item, Mapping):
            checker.report(here, f"a choice is a text or a table, not {show(item)}", 'write { title = "…" }')
            continue
        checker.known(here, item, _CHOICE)
        key = title = color = None
        if "key" in item:
            hint = "leave key out for a choice of your own"
            key = checker.one_of((*here, "key"), item["key"], known, f"choice of {path[1]}", hint)
            keys += [((*here, "key"), key)] if key else []
        elif "title" not in item:
            checker.missing(here, "this choice has neither key nor title", 'add title = "…"')
        if "title" in item:
            title = checker.text((*here, "title"), item["title"])
            titles += [((*here, "title"), title)] if title else []
        if "color" in item:
            color = checker.colour((*here, "color"), item["color"], catalog.colours)
        choices.append(Choice(key, title or "", color, _former(checker, here, item, title or key, formers)))
    checker.unique(keys, "key")
    checker.unique(titles, "title")
    _check_formers(checker, formers, titles + keys, "title", kept)
    return tuple(choices)


def _not_more(checker: Checker, path: Path, count: int, most: int, what: str) -> None:
    if count > most:
        checker.report(path, f"there are {count} {what}", f"{most} are the most")
