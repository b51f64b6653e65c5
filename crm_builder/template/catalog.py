"""What the templates offer to crm.toml, read from the templates themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crm_builder.settings import Catalog, CurrencyInfo, LanguageInfo
from crm_builder.template.presets import field_tables, fields_of, own_words, preset_keys, preset_of
from crm_builder.template.source import Source


def catalog(source: Source) -> Catalog:
    workbook, lists, words = (
        source.one("workbook.toml"),
        source.one("lists.toml"),
        {code: source.merged(f"words/{code}") for code in source.folders("words")},
    )
    presets = {name: preset_of(source, name) for name in preset_keys(source)}
    spoken = {name: {code: own_words(source, name, code) for code in words} for name in presets}
    return Catalog(
        languages={code: _language(code, body["language"]) for code, body in words.items()},
        presets=tuple(presets),
        tables=field_tables(source),
        lists={
            key: tuple(choice["key"] for choice in raw["choices"]) for key, raw in lists.items() if "from" not in raw
        },
        parts={key: raw.get("default", True) for key, raw in workbook["parts"].items()},
        thresholds={
            key: (raw["default"], raw["minimum"], raw["maximum"]) for key, raw in workbook["thresholds"].items()
        },
        required_choices={key: tuple(raw["required"]) for key, raw in lists.items() if "required" in raw},
        preset_lists={
            name: {
                key: tuple(choice["key"] for choice in raw["choices"]) for key, raw in preset.get("lists", {}).items()
            }
            for name, preset in presets.items()
        },
        preset_fields={name: {code: fields_of(source, name, code) for code in words} for name in presets},
        preset_thresholds={name: preset.get("thresholds", {}) for name, preset in presets.items()},
        preset_colours={name: dict(_colours(preset.get("lists", {}))) for name, preset in presets.items()},
        preset_words={
            name: {code: dict(_paths(said)) for code, said in languages.items()} for name, languages in spoken.items()
        },
        money=frozenset(key for key, raw in workbook["thresholds"].items() if raw.get("money")),
        field_types=tuple(key for key, raw in source.one("types.toml").items() if raw.get("field")),
        calendars=tuple(key for key, _ in source.folder("calendars")),
        currencies={
            code: CurrencyInfo(code, raw["symbol"], unit=float(raw["unit"]))
            for code, raw in source.one("currencies.toml").items()
        },
        colours={name: pair["color"] for name, pair in source.one("look.toml")["choices"].items()},
        ascending=tuple(tuple(group) for group in workbook.get("ascending", ())),
        choice_colours=dict(_colours(lists)),
        words={
            code: dict(_paths(body)) | {k: v for said in spoken.values() for k, v in _presets(said.get(code, {}))}
            for code, body in words.items()
        },
    )


def _language(code: str, raw: Mapping[str, str]) -> LanguageInfo:
    return LanguageInfo(
        code, raw["name"], raw["direction"], raw["calendar"], raw["currency"], raw["time_zone"], raw["digits"]
    )


def _colours(lists: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, raw in lists.items():
        for choice in raw["choices"]:
            if "color" in choice:
                yield f"{key}.{choice['key']}", choice["color"]


def _presets(words: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What each preset is, which its own words say."""
    yield from ((f"presets.{key}", text) for key, text in words.get("presets", {}).items())


def _paths(words: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for section in ("thresholds", "parts", "lists", "presets"):
        yield from ((f"{section}.{key}", text) for key, text in words.get(section, {}).items())
    yield from ((f"tables.{key}", body["title"]) for key, body in words.get("tables", {}).items() if "title" in body)
    for key, choices in words.get("choices", {}).items():
        yield from ((f"lists.{key}.{choice}", title) for choice, title in choices.items())
