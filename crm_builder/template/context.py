"""What template strings may speak of: words, choices, colours, currency, calendar, thresholds, items of loops."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from crm_builder.errors import Problem, TemplateError
from crm_builder.settings import Settings
from crm_builder.template.colours import mix, quiet_pair
from crm_builder.template.lists import ListSpec, resolve
from crm_builder.template.presets import preset_of, preset_problems, words_of
from crm_builder.template.source import Source

_DAY_ZERO = date(1899, 12, 30)  # serial 0 of a spreadsheet


@dataclass(frozen=True, slots=True)
class Context:
    """Everything that rendering needs beside the tables' own files."""

    values: Mapping[str, Any]  # for Jinja
    loops: Mapping[str, Sequence[Mapping[str, Any]]]  # for `for = "…"`
    lists: tuple[ListSpec, ...]
    words: Mapping[str, Any]
    calendar: Mapping[str, Any]
    currency: Mapping[str, Any]


def make_context(source: Source, settings: Settings) -> Context:
    problems = preset_problems(source, settings.preset, settings.language)
    if problems:
        raise TemplateError(problems)
    preset = preset_of(source, settings.preset)
    words = {**words_of(source, settings.preset, settings.language), "code": settings.language}
    look = source.one("look.toml")
    lists = resolve(source.one("lists.toml"), preset, settings, words, look["choices"])
    currency = source.one("currencies.toml")[settings.currency]
    calendar = source.one(f"calendars/{settings.calendar}.toml")
    choice = {spec.key: {item.key: item.title for item in spec.choices} for spec in lists}
    values = {
        "words": words,
        "language": {**words["language"], "code": settings.language},
        "choice": choice,
        "colours": look["colours"],
        "choices": look["choices"],
        "accent": settings.accent,
        "accent_soft": mix(settings.accent, "#FFFFFF", 0.88),
        "accent_ink": quiet_pair(settings.accent)[1],  # text in the accent: readable on every pale background
        "tints": [mix(settings.accent, "#FFFFFF", part) for part in (0.9, 0.75, 0.5)],
        "currency": currency,
        "calendar": calendar,
        "digits": settings.digits,
        "parts": {key: settings.parts.get(key, True) for key in source.one("workbook.toml")["parts"]},
        "titles": _titles(words),
    }
    return Context(values, _loops(source, settings, words, lists, calendar, currency), lists, words, calendar, currency)


def _titles(words: Mapping[str, Any]) -> dict[str, str]:
    """The title of every sheet that has one."""
    return {
        key: body["title"]
        for section in ("helpers", "tables", "views")
        for key, body in words.get(section, {}).items()
        if "title" in body
    }


def _loops(
    source: Source,
    settings: Settings,
    words: Mapping[str, Any],
    lists: Sequence[ListSpec],
    calendar: Mapping[str, Any],
    currency: Mapping[str, Any],
) -> dict[str, Sequence[Mapping[str, Any]]]:
    loops: dict[str, Sequence[Mapping[str, Any]]] = {
        "team": [
            {"number": number, "name": member.name, "email": member.email, "role": member.role}
            for number, member in enumerate(settings.team, 1)
        ],
        "mails": words.get("mails", []),
        "lists": [{"key": spec.key, "title": spec.title} for spec in lists],
        "attributes": [
            {"key": f"{spec.key}_{name}", "title": f"{spec.title}: {words['attributes'].get(name, name)}", "type": kind}
            for spec in lists
            for name, kind in spec.attributes.items()
        ],
        "list_rows": _list_rows(lists),
        "thresholds": _thresholds(source, settings, words, currency),
        "facts": _facts(settings, words),
        "automation": list(_automation(source, settings, words, lists)),
        "years": _years(calendar),
    }
    for spec in lists:
        plain = source.one("look.toml")["choices"]["grey"]  # of a choice without a colour of its own
        loops[f"list:{spec.key}"] = [
            {
                "key": item.key,
                "title": item.title,
                "background": item.colours[0] if item.colours else plain["background"],
                "color": item.colours[1] if item.colours else plain["color"],
            }
            for item in spec.choices
        ]
    return loops


def _list_rows(lists: Sequence[ListSpec]) -> list[dict[str, Any]]:
    """What stands in each row under the lists' columns and those of their attributes, each with its item."""
    rows: list[dict[str, Any]] = []
    for number in range(max(len(spec.choices) for spec in lists)):
        row: dict[str, Any] = {}
        for spec in lists:
            if number < len(spec.choices):
                item = spec.choices[number]
                values = {spec.key: item.title} | {f"{spec.key}_{name}": v for name, v in item.attributes.items()}
                known = f"{spec.key}/{item.name}"
                row |= {key: {"value": value, "item": known} for key, value in values.items()}
        rows.append(row)
    return rows


def _thresholds(
    source: Source, settings: Settings, words: Mapping[str, Any], currency: Mapping[str, Any]
) -> list[dict[str, Any]]:
    return [
        {
            "key": key,
            "title": words["thresholds"].get(key, key),
            "value": settings.thresholds[key],
            "type": "money" if raw.get("money") else "integer",
            "description": words["threshold_notes"].get(key, ""),
        }
        for key, raw in source.one("workbook.toml")["thresholds"].items()
    ]


def _facts(settings: Settings, words: Mapping[str, Any]) -> list[dict[str, Any]]:
    values = {
        "name": settings.name,
        "language": words["language"]["name"],
        "calendar": words["calendars"][settings.calendar],
        "currency": settings.currency,
        "time_zone": settings.time_zone,
    }
    return [
        {"key": key, "title": words["facts"][key], "value": value, "description": words["fact_notes"].get(key, "")}
        for key, value in values.items()
    ]


def _automation(
    source: Source, settings: Settings, words: Mapping[str, Any], lists: Sequence[ListSpec]
) -> Iterator[dict[str, Any]]:
    """The settings that the script goes by, as far as their parts are on; a choice by the title that people see."""
    titles = {spec.key: {choice.key: choice.title for choice in spec.choices} for spec in lists}
    facts = {fact["key"]: fact["value"] for fact in _facts(settings, words)}
    for number, raw in enumerate(source.files.get("automation.toml", {}).get("setting", ())):
        if not settings.parts.get(raw.get("part", ""), True):
            continue
        key, list_ = raw["key"], raw.get("list", "")
        if list_ not in ("", *titles):
            where = f"setting[{number}].list"
            raise TemplateError([Problem(f"unknown list `{list_}`", "templates/automation.toml", where)])
        value = facts.get(raw["of"], "") if "of" in raw else raw.get("default", "")
        yield {
            "key": key,
            "title": words.get("automation", {}).get(key, key),
            "value": titles[list_].get(value, value) if list_ else value,
            "type": raw["type"],
            "list": list_,
            "between": raw.get("between", []),
            "description": words.get("automation_notes", {}).get(key, ""),
        }


def _years(calendar: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The first day (serial) and the length of each year of a calendar that lists its leap years."""
    if "leap_years" not in calendar:
        return []
    start: date = calendar["first_day"]
    if not isinstance(start, date):
        raise TemplateError([Problem("must be a date", "templates/calendars", "first_day", hint="write 1921-03-21")])
    years, leap = [], set(calendar["leap_years"])
    for year in range(calendar["first_year"], calendar["last_year"] + 1):
        days = 366 if year in leap else 365
        years.append({"year": year, "first_day": (start - _DAY_ZERO).days, "days": days})
        start += timedelta(days=days)
    return years
