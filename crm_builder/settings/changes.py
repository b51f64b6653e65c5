"""The section [changes]: what is to be deleted, and which risks are taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crm_builder.settings.check import Checker, is_key
from crm_builder.settings.lines import Path
from crm_builder.settings.values import Changes, Deletion
from crm_builder.settings.words import same, show

RISKS = ("currency",)  # what alters the meaning of what people typed, and is refused where it is not accepted
CHANGES = ("delete", "accept")
_MOST = 500
_LONGEST = 200
_FORMS = 'a sheet is written "campaigns", a column "customers.nickname", a choice "lists.lead_source.Fair"'


def changes_of(checker: Checker, value: Any, data: Mapping[str, Any]) -> Changes:
    """The section's content; `data` is the whole file. What is deleted need not be known, but must not be described."""
    path: Path = ("changes",)
    table = checker.table(path, value)
    checker.known(path, table, CHANGES)
    deletions: list[Deletion] = []
    found: list[tuple[Path, str]] = []
    for here, item in _items(checker, (*path, "delete"), table.get("delete", [])):
        if parts := _parts(checker, here, item):
            deletions.append(Deletion(parts, checker.source.positions.line(here)))
            found.append((here, str(deletions[-1])))
            _contradicted(checker, here, parts, data)
    checker.unique(found, "name")
    accept = [
        checker.one_of(here, item, RISKS, "risk")
        for here, item in _items(checker, (*path, "accept"), table.get("accept", []))
    ]
    return Changes(tuple(deletions), tuple(dict.fromkeys(risk for risk in accept if risk)))


def _items(checker: Checker, path: Path, value: Any) -> Iterator[tuple[Path, Any]]:
    if not isinstance(value, list):
        checker.report(path, f"this must be a list, not {show(value)}", f'write {path[-1]} = ["…", "…"]')
        return
    if len(value) > _MOST:
        checker.report(path, f"there are {len(value)} names", f"{_MOST} are the most")
    yield from (((*path, index), item) for index, item in enumerate(value))


def _parts(checker: Checker, path: Path, value: Any) -> tuple[str, ...] | None:
    """(sheet), (sheet, column) or (sheet, column, choice); a choice's title may hold dots."""
    text = checker.text(path, value, longest=_LONGEST)
    if text is None:
        return None
    parts = tuple(part.strip() for part in text.split(".", 2))
    if parts[0] == "fields" and len(parts) == 3:
        checker.report(path, f"{show(text)} is no name of a column", f"write {show('.'.join(parts[1:]))}")
        return None
    if _well_formed(parts):
        return parts
    better = (*("_".join(part.casefold().split()) for part in parts[:2]), *parts[2:])
    hint = f"did you mean {show('.'.join(better))}?" if _well_formed(better) else _FORMS
    checker.report(path, f"{show(text)} is not the name of a sheet, a column or a choice", hint)
    return None


def _well_formed(parts: tuple[str, ...]) -> bool:
    return all(map(is_key, parts[:2])) and all(parts[2:])


def _contradicted(checker: Checker, path: Path, parts: tuple[str, ...], data: Mapping[str, Any]) -> None:
    """Reports a deletion of what the file still describes, or of what goes on under another name."""
    for said, place, renamed in _said(data):
        if len(said) == len(parts) and said[:2] == parts[:2] and same(said[-1]) == same(parts[-1]):
            line = checker.source.positions.line(place)
            text = show(".".join(parts))
            if renamed:
                hint = f"line {line} says what it is called now; remove one of the two"
                checker.report(path, f"{text} cannot be renamed and deleted", hint)
            else:
                checker.report(path, f"{text} is still described", f"it is on line {line}; remove it there or here")
            return


def _said(data: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Path, bool]]:
    """(name, its place, whether it is a former name) of each field and choice that the file speaks of."""
    for table, fields in _pairs(data.get("fields")):
        for index, field in _mappings(fields):
            here: Path = ("fields", table, index)
            key = field.get("key")
            for name in ("key", "was"):
                if isinstance(field.get(name), str):
                    yield (table, field[name]), (*here, name), name == "was"
            if isinstance(key, str):
                yield from _said_choices((table, key), (*here, "choices"), field.get("choices"))
    for name, body in _pairs(data.get("lists")):
        if isinstance(body, Mapping):
            yield from _said_choices(("lists", name), ("lists", name, "choices"), body.get("choices"))


def _said_choices(owner: tuple[str, str], path: Path, value: Any) -> Iterator[tuple[tuple[str, ...], Path, bool]]:
    for index, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, str):
            yield (*owner, item), (*path, index), False
        elif isinstance(item, Mapping):
            for name in ("key", "title", "was"):
                if isinstance(item.get(name), str):
                    yield (*owner, item[name]), (*path, index, name), name == "was"


def _pairs(value: Any) -> Iterator[tuple[str, Any]]:
    yield from value.items() if isinstance(value, Mapping) else ()


def _mappings(value: Any) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for index, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, Mapping):
            yield index, item
