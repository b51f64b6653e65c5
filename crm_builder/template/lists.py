"""Choice lists: the templates' own, the preset's, what crm.toml makes of them, and the team."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crm_builder.errors import DescriptionError, Problem
from crm_builder.settings import ChoiceList, Settings
from crm_builder.template.colours import quiet_pair
from crm_builder.template.presets import preset_file
from crm_builder.template.specs import TableSpec


@dataclass(frozen=True, slots=True)
class ListChoice:
    """One choice: its key, its title in the CRM's language, and (background, ink) where it has a colour.

    The key of an `own` one is only its number: crm.toml gives it none, so that its title is what it is known by.
    """

    key: str
    title: str
    colours: tuple[str, str] | None = None
    attributes: Mapping[str, float] = field(default_factory=dict)
    own: bool = False

    @property
    def name(self) -> str:
        """What it is known by, whatever stands before it in its list."""
        return self.title if self.own else self.key


@dataclass(frozen=True, slots=True)
class ListSpec:
    """One list, with the types of the figures that its choices carry (`attributes`)."""

    key: str
    title: str
    choices: tuple[ListChoice, ...]
    attributes: Mapping[str, str] = field(default_factory=dict)


def resolve(
    lists: Mapping[str, Any],
    preset: Mapping[str, Any],
    settings: Settings,
    words: Mapping[str, Any],
    palette: Mapping[str, Mapping[str, str]],
) -> tuple[ListSpec, ...]:
    """All lists in the order of lists.toml. DescriptionError where crm.toml drops a choice that formulas need."""
    changes = {change.key: change for change in settings.lists}
    problems: list[Problem] = []
    specs = []
    for key, raw in lists.items():
        raw = {**raw, **preset.get("lists", {}).get(key, {})}
        if raw.get("from") == "team":
            choices = tuple(
                ListChoice(f"member_{number}", member.name, own=True) for number, member in enumerate(settings.team, 1)
            )
        else:
            titles = words["choices"].get(key, {})
            own = {
                choice["key"]: ListChoice(
                    choice["key"],
                    titles.get(choice["key"], choice["key"]),
                    _colours(choice.get("color"), palette),
                    {name: choice[name] for name in raw.get("attributes", {}) if name in choice},
                )
                for choice in raw["choices"]
            }
            choices = _changed(own, changes[key], palette) if key in changes else tuple(own.values())
        missing = set(raw.get("required", ())) - {choice.key for choice in choices}
        problems += [
            Problem(
                f"the choice `{name}` is missing, and the CRM's formulas need it",
                settings.file if key in changes else preset_file(settings.preset),
                f"lists.{key}",
                hint=f'add {{ key = "{name}", title = "…" }} to its choices',
            )
            for name in sorted(missing)
        ]
        specs.append(ListSpec(key, words["lists"].get(key, key), choices, raw.get("attributes", {})))
    if problems:
        raise DescriptionError(problems)
    return tuple(specs)


def lists_table(tables: Iterable[TableSpec], lists: Collection[str]) -> str:
    """The key of the table that holds the lists, a column each; "" where there is none."""
    return next((one.key for one in tables if set(lists) <= {column.key for column in one.columns}), "")


def _changed(
    own: Mapping[str, ListChoice], change: ChoiceList, palette: Mapping[str, Mapping[str, str]]
) -> tuple[ListChoice, ...]:
    result = dict(own) if change.extend else {}
    for number, choice in enumerate(change.choices, 1):
        base = own.get(choice.key or "")
        key = choice.key or f"own_{number}"
        result[key] = ListChoice(
            key,
            choice.title or (base.title if base else key),
            _colours(choice.color, palette) if choice.color else (base.colours if base else None),
            base.attributes if base else {},
            own=not choice.key,
        )
    return tuple(result.values())


def _colours(color: str | None, palette: Mapping[str, Mapping[str, str]]) -> tuple[str, str] | None:
    """A palette's name, a palette's ink, or any `#RRGGBB` → (background, ink)."""
    if not color:
        return None
    for name, pair in palette.items():
        if color in (name, pair["color"]):
            return pair["background"], pair["color"]
    return quiet_pair(color)
