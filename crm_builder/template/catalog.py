"""What the templates offer to crm.toml, read from the templates themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crm_builder.settings import Catalog, CurrencyInfo, LanguageInfo
from crm_builder.template.names import LAST
from crm_builder.template.source import Source


def catalog(source: Source) -> Catalog:
    workbook, lists, words = (
        source.one("workbook.toml"),
        source.one("lists.toml"),
        {code: source.merged(f"words/{code}") for code in source.folders("words")},
    )
    presets = {name: source.one(f"presets/{name}/preset.toml") for name in source.folders("presets")}
    return Catalog(
        languages={code: _language(code, body["language"]) for code, body in words.items()},
        presets=tuple(sorted(presets, key=lambda name: (name != "general", name))),
        tables={
            key: tuple(_column_keys(raw, source))
            for key, raw in source.folder("tables")
            if any(column.get("fields") for column in raw.get("column", ()))  # where custom fields have their place
        },
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
        money=frozenset(key for key, raw in workbook["thresholds"].items() if raw.get("money")),
        field_types=tuple(key for key, raw in source.one("types.toml").items() if raw.get("field")),
        calendars=tuple(key for key, _ in source.folder("calendars")),
        currencies={
            code: CurrencyInfo(code, raw["symbol"], unit=float(raw["unit"]))
            for code, raw in source.one("currencies.toml").items()
        },
        colours={name: pair["color"] for name, pair in source.one("look.toml")["choices"].items()},
        ascending=tuple(tuple(group) for group in workbook.get("ascending", ())),
        choice_colours={
            f"{key}.{choice['key']}": choice["color"]
            for key, raw in lists.items()
            for choice in raw["choices"]
            if "color" in choice
        },
        words={code: dict(_paths(body)) for code, body in words.items()},
    )


def _language(code: str, raw: Mapping[str, str]) -> LanguageInfo:
    return LanguageInfo(
        code, raw["name"], raw["direction"], raw["calendar"], raw["currency"], raw["time_zone"], raw["digits"]
    )


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


def _paths(words: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for section in ("thresholds", "parts", "lists", "presets"):
        yield from ((f"{section}.{key}", text) for key, text in words.get(section, {}).items())
    yield from ((f"tables.{key}", body["title"]) for key, body in words["tables"].items())
    for key, choices in words["choices"].items():
        yield from ((f"lists.{key}.{choice}", title) for choice, title in choices.items())
