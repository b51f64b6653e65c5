"""What the templates offer to a crm.toml: languages, presets, tables, lists, parts, thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crm_builder.settings.values import Field


@dataclass(frozen=True, slots=True)
class LanguageInfo:
    """A language and what it brings along where crm.toml says nothing."""

    code: str  # "en"
    name: str  # in itself: "English", "فارسی"
    direction: str  # "ltr" or "rtl"
    calendar: str
    currency: str
    time_zone: str
    digits: str = "latin"


@dataclass(frozen=True, slots=True)
class CurrencyInfo:
    """A currency. `decimals` is how many digits its amounts show behind the point.

    `unit` is about what one of the currency that thresholds are given in is worth: IRT 50000 beside USD 1.
    """

    code: str  # "EUR"
    name: str  # name or symbol
    decimals: int = 0
    unit: float = 1


@dataclass(frozen=True, kw_only=True)
class Catalog:
    """Everything a crm.toml may refer to. The order of each mapping and tuple is the order in which it is shown."""

    languages: Mapping[str, LanguageInfo]
    presets: tuple[str, ...]
    tables: Mapping[str, tuple[str, ...]]  # table -> its column keys
    lists: Mapping[str, tuple[str, ...]]  # choice list -> its choice keys
    parts: Mapping[str, bool]  # part -> on by default
    thresholds: Mapping[str, tuple[float, float, float]]  # name -> default, minimum, maximum (both inclusive)
    field_types: tuple[str, ...]  # types a custom field may have, the plainest first
    calendars: tuple[str, ...]
    currencies: Mapping[str, CurrencyInfo]
    colours: Mapping[str, str]  # name -> "#RRGGBB"; allowed wherever a colour is
    choice_types: tuple[str, ...] = ("choice",)  # the field types that need `choices`
    digits: tuple[str, ...] = ("latin", "persian")
    language: str = "en"  # where crm.toml names none
    preset: str = "general"  # where crm.toml names none
    accent: str = "#2F6FED"  # where crm.toml names none
    money: tuple[str, ...] = ()  # the thresholds that are amounts; they and their limits are scaled by the unit
    ascending: tuple[tuple[str, ...], ...] = ()  # groups of thresholds that must rise in this order
    preset_lists: Mapping[str, Mapping[str, tuple[str, ...]]] = field(
        default_factory=dict
    )  # preset -> lists it changes
    preset_fields: Mapping[str, Mapping[str, tuple[Field, ...]]] = field(
        default_factory=dict
    )  # preset -> language -> the custom fields it brings
    preset_thresholds: Mapping[str, Mapping[str, float]] = field(default_factory=dict)  # preset -> defaults it changes
    preset_colours: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # preset -> like choice_colours
    preset_words: Mapping[str, Mapping[str, Mapping[str, str]]] = field(
        default_factory=dict
    )  # preset -> like words, before which they come
    required_choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # list -> what formulas speak of
    choice_colours: Mapping[str, str] = field(default_factory=dict)  # "list.choice" -> colour, shown in a new crm.toml
    # language -> path -> a short text for a new crm.toml; paths are "thresholds.x", "parts.x", "lists.x",
    # "presets.x" and "tables.x" (what it is) and "lists.x.y" (title of that choice)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def lists_for(self, preset: str) -> dict[str, tuple[str, ...]]:
        """Choice list -> its choice keys with that preset; a preset that changes none has those of all."""
        return {**self.lists, **self.preset_lists.get(preset, {})}

    def fields_for(self, preset: str, language: str) -> tuple[Field, ...]:
        """The custom fields that a preset brings, with their titles in that language."""
        return self.preset_fields.get(preset, {}).get(language, ())

    def threshold(self, name: str, currency: str, preset: str = "") -> tuple[float, float, float]:
        """Default, minimum and maximum of a threshold in that currency. KeyError where either is unknown."""
        unit = self.currencies[currency].unit if name in self.money else 1
        default, least, most = self.thresholds[name]
        default = self.preset_thresholds.get(preset, {}).get(name, default)
        return default * unit, least * unit, most * unit

    def word(self, language: str, path: str, preset: str = "") -> str:
        """The short text for `path` in that language, the preset's before that of all; "" where there is none."""
        own = self.preset_words.get(preset, {}).get(language, {})
        return own.get(path) or self.words.get(language, {}).get(path, "")

    def colour(self, path: str, preset: str = "") -> str:
        """The colour of the choice "list.choice"; "" where it has none."""
        return self.preset_colours.get(preset, {}).get(path) or self.choice_colours.get(path, "")
