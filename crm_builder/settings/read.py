"""From a crm.toml to Settings: one function for each section, and every problem of the file in one error."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, replace
from functools import cache
from itertools import pairwise
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import Any
from zoneinfo import available_timezones

from crm_builder.errors import DescriptionError
from crm_builder.settings.catalog import Catalog, LanguageInfo
from crm_builder.settings.changes import CHANGES, changes_of
from crm_builder.settings.check import Checker
from crm_builder.settings.entries import fields_of, lists_of, team_of
from crm_builder.settings.lines import Path
from crm_builder.settings.source import read_source, read_text
from crm_builder.settings.values import Field, Google, Settings
from crm_builder.settings.words import show

_GENERAL = ("name", "language", "preset", "calendar", "currency", "time_zone", "accent", "digits")
SECTIONS = ("crm", "team", "fields", "lists", "thresholds", "parts", "google", "changes")
_GOOGLE = tuple(field.name for field in fields(Google))
_OF_MAIL = {
    "web": "it answers the links in mails",
    "replies": "it reads answers to mails",
}
_NO_PLACES = ("Factory", "localtime", "posixrules")  # names in the time zone data that say nothing of a place


def load(path: FilePath, catalog: Catalog) -> Settings:
    """The settings in the file. DescriptionError holds all of its problems, in the order of their lines."""
    path = FilePath(path)
    return parse(read_text(path), catalog, str(path))


def parse(text: str, catalog: Catalog, file: str = "crm.toml") -> Settings:
    """The settings in a text; `file` is only named in problems. Errors as in `load`."""
    source = read_source(text, file)
    checker = Checker(source)
    data = source.data
    checker.known((), data, SECTIONS, _homes(catalog))
    general = _general(checker, data.get("crm"), catalog)
    team = team_of(checker, data.get("team", []))
    brought = catalog.fields_for(general.get("preset", ""), general.get("language", ""))
    named = {(field.table, field.key) for field in brought}
    own_fields = _with_those_of_the_preset(fields_of(checker, data.get("fields", {}), catalog, named), brought)
    lists = lists_of(checker, data.get("lists", {}), catalog, _choice_keys(checker, general, catalog))
    thresholds = _thresholds(checker, data.get("thresholds", {}), _limits(checker, general, catalog), catalog)
    parts = _parts(checker, data.get("parts", {}), catalog)
    google = _google(checker, data.get("google", {}))
    changes = changes_of(checker, data.get("changes", {}), data)
    if checker.problems:
        raise DescriptionError(checker.sorted())
    return Settings(
        **general, team=team, fields=own_fields, lists=lists, thresholds=thresholds, parts=parts, file=file,
        changes=changes, google=google,
    )  # fmt: skip


def _homes(catalog: Catalog) -> dict[str, str]:
    """For each key that may have been written outside of its section: a hint that names the section."""
    sections = {
        "google": _GOOGLE, "thresholds": catalog.thresholds, "parts": catalog.parts, "crm": _GENERAL,
        "changes": CHANGES,
    }  # fmt: skip
    homes = {key: f"it belongs under [{section}]" for section, keys in sections.items() for key in keys}
    return homes | {section: "it is a section of its own, not a key" for section in SECTIONS}


def _general(checker: Checker, value: Any, catalog: Catalog) -> dict[str, str]:
    path: Path = ("crm",)
    if value is None:
        checker.missing((), "the section [crm] is missing", 'begin with [crm] and name = "…"')
        return {}
    table = checker.table(path, value)
    checker.known(path, table, _GENERAL, _homes(catalog))
    if "name" not in table and isinstance(value, Mapping):
        checker.missing(path, "the CRM has no name", 'add under [crm]: name = "…"')

    def one_of(key: str, allowed: Any, what: str, default: str, hint: str = "") -> str:
        if key not in table:
            return default
        return checker.one_of((*path, key), table[key], allowed, what, hint) or default

    spoken = ", ".join(f"{info.code} ({info.name})" for info in catalog.languages.values())
    chosen = one_of("language", catalog.languages, "language", catalog.language, f"known are: {spoken}")
    language = catalog.languages[chosen]
    return {
        "name": checker.text((*path, "name"), table["name"]) or "" if "name" in table else "",
        "language": language.code,
        "preset": one_of("preset", catalog.presets, "preset", catalog.preset),
        "calendar": one_of("calendar", catalog.calendars, "calendar", language.calendar),
        "currency": one_of("currency", catalog.currencies, "currency", language.currency),
        "time_zone": one_of("time_zone", _time_zones(), "time zone", language.time_zone, _zone_hint(language)),
        "digits": one_of("digits", catalog.digits, "kind of digits", language.digits),
        "accent": checker.colour((*path, "accent"), table.get("accent", catalog.accent), catalog.colours) or "",
    }


@cache
def _time_zones() -> tuple[str, ...]:
    return tuple(sorted(available_timezones() - set(_NO_PLACES)))


def _zone_hint(language: LanguageInfo) -> str:
    return f"write it as continent and city, for example {show(language.time_zone)}"


def _with_those_of_the_preset(own: tuple[Field, ...], brought: tuple[Field, ...]) -> tuple[Field, ...]:
    """The preset's fields in their places, each as crm.toml says it where it says it too, then crm.toml's others."""
    given = {(field.table, field.key): field for field in own}
    first = []
    for field in brought:
        said = given.pop((field.table, field.key), field)
        first.append(replace(said, was=said.was or field.was))
    return (*first, *given.values())


def _choice_keys(checker: Checker, general: Mapping[str, str], catalog: Catalog) -> dict[str, tuple[str, ...]]:
    """Choice list -> its choice keys with the chosen preset; with any preset where the chosen one is a mistake."""
    if general and checker.clean(("crm", "preset")):
        return catalog.lists_for(general["preset"])
    every = [catalog.lists, *map(catalog.lists_for, catalog.presets)]
    names = dict.fromkeys(name for lists in every for name in lists)
    return {name: tuple(key for lists in every for key in lists.get(name, ())) for name in names}


def _limits(checker: Checker, general: Mapping[str, str], catalog: Catalog) -> dict[str, tuple[float, float, float]]:
    """Default, minimum, maximum of each threshold; where the currency is a mistake, amounts have no limit but zero."""
    currency = general.get("currency", catalog.languages[catalog.language].currency)
    preset = general.get("preset", catalog.preset)
    limits = {name: catalog.threshold(name, currency, preset) for name in catalog.thresholds}
    if not checker.clean(("crm", "currency")):
        least = {name: 0.0 if limits[name][1] == 0 else -math.inf for name in catalog.money}
        limits |= {name: (limits[name][0], least[name], math.inf) for name in catalog.money}
    return limits


def _thresholds(
    checker: Checker, value: Any, limits: Mapping[str, tuple[float, float, float]], catalog: Catalog
) -> Mapping[str, float]:
    path: Path = ("thresholds",)
    table = checker.table(path, value)
    checker.known(path, table, limits)
    found: dict[str, float] = {}
    for name, (default, least, most) in limits.items():
        number = checker.number((*path, name), table[name], least, most) if name in table else default
        if number is not None:
            found[name] = number
    for group in catalog.ascending:
        present = [name for name in group if name in found]
        for low, high in pairwise(present):
            if found[low] >= found[high]:
                here = high if high in table else low
                message = f"{high} ({found[high]:.12g}) must be more than {low} ({found[low]:.12g})"
                checker.report((*path, here), message, "change one of the two")
    return MappingProxyType(found)


def _parts(checker: Checker, value: Any, catalog: Catalog) -> Mapping[str, bool]:
    path: Path = ("parts",)
    table = checker.table(path, value)
    checker.known(path, table, catalog.parts)
    chosen = {name: checker.flag((*path, name), table[name]) for name in catalog.parts if name in table}
    return MappingProxyType({**catalog.parts, **{name: bool(flag) for name, flag in chosen.items()}})


def _google(checker: Checker, value: Any) -> Google:
    """What is switched on; `mail` goes with `script`, and `web` with `mail`, where crm.toml does not speak of it."""
    path: Path = ("google",)
    table = checker.table(path, value)
    checker.known(path, table, _GOOGLE)
    said = {name: checker.flag((*path, name), table[name]) for name in _GOOGLE if name in table}
    if said.get("script") is False and said.get("mail"):
        checker.report((*path, "mail"), "the script sends the mails, and it is off", "script = true, or mail = false")
    script = said.get("script") is not False
    mail = script and said.get("mail") is not False
    for name, what in _OF_MAIL.items():
        if said.get(name) and not mail and said.get("mail") is not True:
            checker.report((*path, name), f"{what}, and there are none", f"mail = true, or {name} = false")
    web, replies = said.get("web") is not False, bool(said.get("replies"))
    return Google(script, mail, said.get("share") is not False, mail and web, mail and replies)
