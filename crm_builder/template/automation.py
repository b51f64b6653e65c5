"""What the script goes by, from the templates: choices, days of the calendar, what it keeps in order in each table."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from crm_builder.errors import Problem
from crm_builder.template.context import Context
from crm_builder.template.kit import near
from crm_builder.template.specs import TableSpec

Raw = Mapping[str, Any]
# Templates count weekdays from that of day 0 of a spreadsheet, a Saturday; scripts count from Sunday.
_SATURDAY = 6


def script_facts(
    files: Mapping[str, Raw], specs: Mapping[str, TableSpec], types: Mapping[str, Raw], calendar: str, context: Context
) -> dict[str, Any]:
    """Plain values by name, for the script's configuration; `calendar` is the key of the CRM's calendar.

    `textTypes` are the types of columns whose cells hold text whatever is typed. Weekdays count from Sunday as 0.
    Of a table's columns nothing but what its file says itself: a field of crm.toml makes no other script.
    """
    days = context.calendar
    dated = [calendar] if _is_text(days.get("input", {})) else []
    return {
        "choices": {spec.key: {choice.key: choice.title for choice in spec.choices} for spec in context.lists},
        "textTypes": [*(key for key, look in types.items() if _is_text(look)), *dated],
        "weekend": list(days.get("weekend", ())),
        "weekStart": (days["periods"]["first_weekday"] + _SATURDAY) % 7,
        "fixedHolidays": list(days.get("holidays", ())),
        "sheets": {key: _table(spec, files[f"tables/{key}"], context) for key, spec in specs.items()},
    }


def automation_problems(files: Mapping[str, Raw], lists: Mapping[str, Raw], context: Context) -> Iterator[Problem]:
    """Columns and choices that an [automation] names and that are not there. `lists`: lists.toml."""
    known = {spec.key: {choice.key for choice in spec.choices} for spec in context.lists}
    known = {key: {choice["key"] for choice in raw["choices"]} | known.get(key, set()) for key, raw in lists.items()}
    for path, raw in files.items():
        columns = {column["key"]: column for column in raw.get("column", ()) if "key" in column}
        for where, column in _columns(raw.get("automation", {})):
            if column not in columns:
                hint = near(column, columns)
                yield Problem(f"there is no column `{column}`", f"templates/{path}.toml", where, hint=hint)
        for where, column, choice in _choices(raw.get("automation", {})):
            offered = known.get(columns.get(column, {}).get("list", ""), ())
            if column in columns and choice not in offered:
                message = f"`{choice}` is no choice of `{column}`"
                yield Problem(message, f"templates/{path}.toml", where, hint=near(choice, offered))


def _is_text(look: Raw) -> bool:
    return look.get("number", {}).get("kind") == "text"


def _table(spec: TableSpec, raw: Raw, context: Context) -> dict[str, Any]:
    there = {column.source or column.key for column in spec.columns} | {column.key for column in spec.columns}
    columns = [one for one in raw.get("column", ()) if one.get("key") in there and "formula" not in one]
    lists = {one["key"]: one["list"] for one in columns if "list" in one}
    offered = {
        column: {choice.key for spec in context.lists if spec.key == list_ for choice in spec.choices}
        for column, list_ in lists.items()
    }
    automation = _kept(raw.get("automation", {}), there, offered)
    return {"prefix": spec.prefix, "anchor": spec.anchor, "lists": lists, "automation": automation}


def _kept(raw: Raw, there: Collection[str], offered: Mapping[str, Collection[str]]) -> dict[str, Any]:
    """An [automation] without what speaks of columns or choices that this CRM does not have: parts are switched off,
    and a preset or crm.toml changes lists."""

    def has(column: str, *choices: str) -> bool:
        return column in there and all(choice in offered.get(column, ()) for choice in choices)

    def case(one: Raw) -> dict[str, Any] | None:
        if "checkbox" in one:
            return dict(one) if has(one["checkbox"]) else None
        choices = [choice for choice in one["choices"] if has(one["column"], choice)]
        return {**one, "choices": choices} if choices else None

    kept: dict[str, Any] = dict(raw)
    for name in ("stamped", "since"):
        if name in raw:
            pairs = [(key, column) for key, column in raw[name].items() if has(column)]
            kept[name] = {key: column for key, column in pairs if name == "stamped" or has(key)}
    for name in ("watched", "unique"):
        if name in raw:
            kept[name] = [column for column in raw[name] if has(column)]
    if "days" in raw:
        kept["days"] = [one for one in map(case, raw["days"]) if one and has(one["sets"])]
    if "defaults" in raw:
        kept["defaults"] = {column: choice for column, choice in raw["defaults"].items() if has(column, choice)}
    paired = raw.get("paired")
    if paired and not (has(paired["checkbox"]) and has(paired["choice"], paired["on"], paired["off"])):
        del kept["paired"]
    if "archive" in raw:
        when = case(raw["archive"]["when"])
        kept["archive"] = {**raw["archive"], "when": when}
        if when is None or not has(raw["archive"]["day"]):
            del kept["archive"]
    return {name: value for name, value in kept.items() if value}


def _columns(raw: Raw) -> Iterator[tuple[str, str]]:
    """(place, column) of each column that is named."""
    for name in ("stamped", "since"):
        for key, column in raw.get(name, {}).items():
            yield f"automation.{name}.{key}", column
            if name == "since":
                yield f"automation.since.{key}", key
    for name in ("watched", "unique"):
        yield from ((f"automation.{name}[{number}]", column) for number, column in enumerate(raw.get(name, ())))
    yield from ((f"automation.defaults.{column}", column) for column in raw.get("defaults", {}))
    for number, one in enumerate(raw.get("days", ())):
        yield f"automation.days[{number}]", one.get("column") or one.get("checkbox", "")
        yield f"automation.days[{number}].sets", one.get("sets", "")
    if "paired" in raw:
        yield from ((f"automation.paired.{name}", raw["paired"].get(name, "")) for name in ("checkbox", "choice"))
    if "archive" in raw:
        when = raw["archive"].get("when", {})
        yield "automation.archive.when", when.get("column") or when.get("checkbox", "")
        yield "automation.archive.day", raw["archive"].get("day", "")


def _choices(raw: Raw) -> Iterator[tuple[str, str, str]]:
    """(place, column, choice) of each choice that is named."""
    yield from ((f"automation.defaults.{column}", column, choice) for column, choice in raw.get("defaults", {}).items())
    for number, one in enumerate(raw.get("days", ())):
        yield from (
            (f"automation.days[{number}].choices", one.get("column", ""), key) for key in one.get("choices", ())
        )
    paired = raw.get("paired", {})
    yield from (
        (f"automation.paired.{name}", paired["choice"], paired[name]) for name in ("on", "off") if name in paired
    )
    when = raw.get("archive", {}).get("when", {})
    yield from (("automation.archive.when", when.get("column", ""), choice) for choice in when.get("choices", ()))
