"""Presets: what a trade changes in lists, words, thresholds and the sample, and the fields that it brings along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from crm_builder.errors import Problem
from crm_builder.settings import Field
from crm_builder.settings.words import did_you_mean
from crm_builder.template.merge import merged
from crm_builder.template.names import LAST
from crm_builder.template.source import Source

_GENERAL = "general"  # the preset that changes little stands first wherever presets are shown


def preset_keys(source: Source) -> tuple[str, ...]:
    return tuple(sorted(source.folders("presets"), key=lambda key: (key != _GENERAL, key)))


def preset_of(source: Source, key: str) -> dict[str, Any]:
    return source.one(f"presets/{key}/preset.toml")


def preset_file(key: str, language: str = "") -> str:
    """Where a problem of the preset, or of its words in a language, stands."""
    return f"templates/presets/{key}/{language or 'preset'}.toml"


def own_words(source: Source, preset: str, language: str) -> dict[str, Any]:
    """What the preset says in the language; a preset that changes nothing needs no words."""
    return source.files.get(f"presets/{preset}/{language}.toml", {}).get("words", {})


def words_of(source: Source, preset: str, language: str) -> dict[str, Any]:
    """Every word of the language as this trade says it."""
    return merged(source.merged(f"words/{language}"), own_words(source, preset, language))


def fields_of(source: Source, preset: str, language: str) -> tuple[Field, ...]:
    """The custom fields that the preset brings, in the words of the language."""
    words = own_words(source, preset, language)

    def word(section: str, raw: Mapping[str, Any], otherwise: str = "") -> str:
        return words.get(section, {}).get(raw.get("table", ""), {}).get(raw.get("key", ""), otherwise)

    def choices(raw: Mapping[str, Any]) -> tuple[str, ...]:
        titles: Any = word("field_choices", raw) or {}
        return tuple(titles.get(choice, choice) for choice in raw.get("choices", ()))

    return tuple(
        Field(
            raw["table"],
            raw["key"],
            word("fields", raw, raw["key"]),
            raw["type"],
            choices(raw),
            word("field_notes", raw),
            raw.get("required", False),
            raw.get("was", ""),
        )
        for raw in preset_of(source, preset).get("fields", ())
        if {"table", "key", "type"} <= raw.keys()
    )


def field_tables(source: Source) -> dict[str, tuple[str, ...]]:
    """The tables in which custom fields have a place, with the keys of their own columns."""
    return {
        key: tuple(_column_keys(raw, source))
        for key, raw in source.folder("tables")
        if any(column.get("fields") for column in raw.get("column", ()))
    }


def _column_keys(raw: Mapping[str, Any], source: Source) -> Iterator[str]:
    """The keys that a table's own columns take up, those of their companions and of any calendar's pairs included."""
    types = source.one("types.toml")
    suffixes = [calendar["suffix"] for _, calendar in source.folder("calendars") if "suffix" in calendar]
    for column in raw.get("column", ()):
        if "key" in column and "for" not in column:
            yield column["key"]
            yield from (column["key"] + one["suffix"] for one in types.get(column["type"], {}).get("companion", ()))
            yield from (column["key"] + suffix for suffix in suffixes)
    yield LAST


def preset_problems(source: Source, preset: str, language: str) -> list[Problem]:
    """What is wrong with a preset, and what its words in the language lack."""
    return [
        *_list_problems(source, preset, language),
        *_field_problems(source, preset, language),
        *_threshold_problems(source, preset),
        *_mail_problems(source, preset, language),
    ]


def _list_problems(source: Source, preset: str, language: str) -> Iterator[Problem]:
    """Lists that are not there, choices without a key, choices without a title."""
    lists, changed = source.one("lists.toml"), preset_of(source, preset).get("lists", {})
    titles = words_of(source, preset, language).get("choices", {})
    for key in changed:
        if key not in lists:
            yield Problem(f"there is no list `{key}`", preset_file(preset), f"lists.{key}", hint=_near(key, lists))
    for key, raw in lists.items():
        for number, choice in enumerate({**raw, **changed.get(key, {})}["choices"]):
            if "key" not in choice:
                yield Problem("this choice has no key", preset_file(preset), f"lists.{key}.choices[{number}]")
            elif choice["key"] not in titles.get(key, {}):
                own = key in changed
                file = preset_file(preset, language) if own else f"templates/words/{language}"
                place = f"{'words.' if own else ''}choices.{key}.{choice['key']}"
                yield Problem(f"no word for the choice `{choice['key']}`", file, place, hint="add its title")


def _field_problems(source: Source, preset: str, language: str) -> Iterator[Problem]:
    tables, types = field_tables(source), source.one("types.toml")
    words = own_words(source, preset, language)
    offered = [key for key, raw in types.items() if raw.get("field")]
    seen: set[tuple[str, str]] = set()
    for number, raw in enumerate(preset_of(source, preset).get("fields", ())):
        path, file = f"fields[{number}]", preset_file(preset)
        missing = [name for name in ("table", "key", "type") if name not in raw]
        yield from (Problem(f"this field has no {name}", file, path, hint=f'add {name} = "…"') for name in missing)
        if missing:
            continue
        table, key = raw["table"], raw["key"]
        if table not in tables:
            yield Problem(f"`{table}` takes no fields", file, f"{path}.table", hint=_near(table, tables))
        elif key in tables[table] or (table, key) in seen:
            yield Problem(f"`{table}` has a column `{key}` already", file, f"{path}.key", hint="choose another key")
        seen.add((table, key))
        if raw["type"] not in offered:
            yield Problem(
                f"no field is of type `{raw['type']}`", file, f"{path}.type", hint=_near(raw["type"], offered)
            )
        if (raw["type"] == "choice") != bool(raw.get("choices")):
            yield Problem("a field has choices if its type is choice, and only then", file, f"{path}.choices")
        yield from _missing(words, "fields", (table,), [key], preset_file(preset, language))
        yield from _missing(words, "field_choices", (table, key), raw.get("choices", []), preset_file(preset, language))


def _missing(words: Any, section: str, place: Sequence[str], names: Sequence[str], file: str) -> Iterator[Problem]:
    for part in (section, *place):
        words = words.get(part, {})
    for name in names:
        if name not in words:
            path = ".".join(("words", section, *place, name))
            yield Problem(f"no word for `{name}`", file, path, hint="add its title")


def _threshold_problems(source: Source, preset: str) -> Iterator[Problem]:
    known = source.one("workbook.toml")["thresholds"]
    for key, value in preset_of(source, preset).get("thresholds", {}).items():
        path = f"thresholds.{key}"
        if key not in known:
            yield Problem(f"there is no threshold `{key}`", preset_file(preset), path, hint=_near(key, known))
        elif not known[key]["minimum"] <= value <= known[key]["maximum"]:
            yield Problem("this is beyond the limits in workbook.toml", preset_file(preset), path)


def _mail_problems(source: Source, preset: str, language: str) -> Iterator[Problem]:
    """A preset with mails of its own has one for each that all CRMs have: other parts send them by their keys."""
    own = [mail.get("key") for mail in own_words(source, preset, language).get("mails", ())]
    wanted = [mail["key"] for mail in source.merged(f"words/{language}").get("mails", ())]
    for key in wanted if own else ():
        if key not in own:
            yield Problem(f"the mail `{key}` is missing", preset_file(preset, language), "words.mails", hint="add it")


def _near(key: str, known: Iterable[str]) -> str:
    return did_you_mean(key, known)
