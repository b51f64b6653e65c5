"""The sample story of one CRM: sample/story.toml and its words with what the preset tells differently."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import Problem, TemplateError
from ..settings import Field
from .merge import merged
from .presets import preset_file, preset_of
from .source import Source

STORY, WORDS = "story", "words"
Place = Callable[[str, str], tuple[str, str]]  # STORY or WORDS, a path in it → the file, the path in that file
_KIND = "kind"  # a description that names its kind is told anew, one that does not only changes some fields


@dataclass(frozen=True, slots=True)
class Told:
    """What `generate` tells: the story, its words, the choices of the preset's fields, and where each thing stands."""

    story: Mapping[str, Any]
    words: Mapping[str, Any]
    choices: Mapping[str, Mapping[str, str]]
    place: Place


def for_all(part: str, path: str) -> tuple[str, str]:
    """Where a path stands in a story that no preset changes."""
    return "templates/sample/story.toml" if part == STORY else "templates/sample", path


def tell(source: Source, preset: str, language: str, fields: Sequence[Field]) -> Told:
    """`fields`: those that the CRM has in the end. TemplateError where the language has no sample."""
    said = f"sample/{language}.toml"
    if said not in source.files:
        hint = "add it, or go without --sample-data"
        raise TemplateError([Problem(f"no sample data in `{language}`", f"templates/{said}", hint=hint)])
    raw = preset_of(source, preset)
    story_over = raw.get("story", {})
    words_over = source.files.get(f"presets/{preset}/{language}.toml", {}).get("sample", {})
    story = merged(source.one("sample/story.toml"), story_over, _KIND)
    choices, foreign = _field_choices(raw.get("fields", ()), fields)
    return Told(
        merged(story, foreign, _KIND),
        merged(source.one(said), words_over),
        choices,
        place_in(
            {STORY: ("templates/sample/story.toml", ""), WORDS: (f"templates/{said}", "")},
            {
                STORY: (preset_file(preset), "story.", story_over),
                WORDS: (preset_file(preset, language), "sample.", words_over),
            },
        ),
    )


def _field_choices(
    brought: Sequence[Mapping[str, Any]], fields: Sequence[Field]
) -> tuple[dict[str, dict[str, str]], dict[str, Any]]:
    """The choices of the preset's fields as lists `table.key`; and a story without those fields that crm.toml has made
    something else of, as nothing is known about what belongs there."""
    chosen = {(field.table, field.key): field for field in fields}
    choices: dict[str, dict[str, str]] = {}
    foreign: dict[str, Any] = {}
    for raw in brought:
        table, key, names = raw["table"], raw["key"], raw.get("choices", [])
        field = chosen.get((table, key))
        same = field is not None and field.type == raw["type"] and len(field.choices) == len(names)
        if field and same and names:
            choices[f"{table}.{key}"] = dict(zip(names, field.choices, strict=True))
        elif field and not same:
            foreign.setdefault("tables", {}).setdefault(table, {}).setdefault("columns", {})[key] = {_KIND: "empty"}
    return choices, foreign


def place_in(base: Mapping[str, tuple[str, str]], over: Mapping[str, tuple[str, str, Mapping[str, Any]]]) -> Place:
    """Where a path of the merged story stands: in the preset's file if that one says it, else in that of all."""

    def place(part: str, path: str) -> tuple[str, str]:
        file, before, told = over[part]
        if told and _says(told, path):
            return file, before + path
        file, before = base[part]
        return file, before + path

    return place


def _says(told: Any, path: str) -> bool:
    for name in re.sub(r"\[\d+\]", "", path).split("."):
        if not isinstance(told, Mapping):
            return True
        if name not in told:
            return _KIND in told  # the whole description is the preset's
        told = told[name]
    return True
