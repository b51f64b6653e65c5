"""From a table's column entries to ColumnSpecs: loops, custom fields, companions, the calendar's pairs of columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_builder.errors import Problem
from crm_builder.settings import Field
from crm_builder.template.specs import ColumnSpec
from crm_builder.template.strings import Renderer

_LOOK = ("width", "style", "number", "align", "direction", "wrap", "validation", "shows", "unread")


@dataclass(frozen=True, slots=True)
class Making:
    """What every column of a CRM is made with."""

    types: Mapping[str, Any]
    calendar: Mapping[str, Any]
    calendar_key: str
    words: Mapping[str, Any]
    parts: Mapping[str, bool]
    loops: Mapping[str, Sequence[Mapping[str, Any]]]
    renderer: Renderer
    targets: Mapping[str, Mapping[str, str]]  # table → {"table", "anchor"} for references


def make_columns(
    table: str, raw: Sequence[Mapping[str, Any]], fields: Sequence[Field], making: Making
) -> tuple[ColumnSpec, ...]:
    """The columns of one table as they stand in its sheet; companions with place "end" come last."""
    columns: list[ColumnSpec] = []
    last: list[ColumnSpec] = []
    for entry, path in _expanded(table, raw, fields, making):
        kind = entry["type"]
        if kind not in making.types:
            making.renderer.problems.append(
                Problem(f"unknown type `{kind}`", f"templates/tables/{table}.toml", f"{path}.type")
            )
            continue
        own, companions = _with_companions(table, entry, path, making)
        for spec in own:
            columns += _by_calendar(table, spec, making)
        last += companions
    return (*columns, *last)


def _expanded(
    table: str, raw: Sequence[Mapping[str, Any]], fields: Sequence[Field], making: Making
) -> Iterator[tuple[dict[str, Any], str]]:
    for number, entry in enumerate(raw):
        path = f"column[{number}]"
        if entry.get("fields"):
            for field in fields:
                yield (
                    {
                        "key": field.key,
                        "title": field.title,
                        "type": field.type,
                        "note": field.note,
                        "required": field.required,
                        "choices": field.choices,
                        "was": field.was,
                    },
                    f"fields.{field.key}",
                )
        elif "for" in entry:
            for item in making.loops[entry["for"]]:
                body = {key: value for key, value in entry.items() if key != "for"}
                yield making.renderer.value(body, f"tables/{table}.toml", path, item=item), path
        elif making.parts.get(entry.get("part", ""), True):
            yield dict(entry), path


def _with_companions(
    table: str, entry: Mapping[str, Any], path: str, making: Making
) -> tuple[list[ColumnSpec], list[ColumnSpec]]:
    kind = making.types[entry["type"]]
    computed = "formula" in entry
    look = {key: kind[key] for key in _LOOK if key in kind} | {key: entry[key] for key in _LOOK if key in entry}
    if isinstance(look.get("number"), str):  # a column may change the pattern alone
        look["number"] = {**kind["number"], "pattern": look["number"]}
    if computed:
        look.pop("validation", None)
        look["style"] = "computed"
    spec = ColumnSpec(
        key=entry["key"],
        type=entry["type"],
        title=entry.get("title") or _word(table, "columns", entry["key"], making),
        role="computed" if computed else "stamp" if entry["type"] == "stamp" else "input",
        formula=entry.get("formula", ""),
        note=entry.get("note") or _word(table, "notes", entry["key"], making, ""),
        hidden=entry.get("hidden", False),
        list=entry.get("list", ""),
        table=entry.get("table", ""),
        choices=tuple(entry.get("choices", ())),
        required=entry.get("required", False),
        was=entry.get("was", ""),
        look=look,
        path=path,
    )
    beside, last = [spec], []
    for number, companion in enumerate(kind.get("companion", ())):
        where = f"{entry['type']}.companion[{number}]"
        key = entry["key"] + companion["suffix"]
        target = making.targets.get(spec.table, {})
        formula = making.renderer.value(
            companion["formula"], "types.toml", f"{where}.formula", column={"key": spec.key}, target=target
        )
        extra = ColumnSpec(
            key=key,
            type=companion["type"],
            title=_word(table, "columns", key, making),
            role="computed",
            formula=formula,
            hidden=companion["hidden"],
            look={**_look_of(companion["type"], making), "style": "computed"},
            path=path,
        )
        (last if companion["place"] == "end" else beside).append(extra)
    return beside, last


def _by_calendar(table: str, spec: ColumnSpec, making: Making) -> list[ColumnSpec]:
    """The column alone, or with the calendar's text column that people see and the date itself hidden beside it."""
    shown, typed = making.calendar.get("shown", {}), making.calendar.get("input", {})
    if spec.type not in shown.get("types", ()) or spec.hidden:
        return [spec]
    suffix = making.calendar["suffix"]
    text = {
        "key": spec.key + suffix,
        "type": "text",
        "title": spec.title,
        "note": spec.note,
        "source": spec.key,
        "required": spec.required,
        "path": spec.path,
    }
    hidden_title = making.words["messages"]["behind"].replace("%s", spec.title)
    date = _look_of(spec.type, making)
    file = f"calendars/{making.calendar_key}.toml"
    if spec.role == "input" and spec.type == typed.get("type"):
        look = {key: typed[key] for key in _LOOK if key in typed}
        look["validation"] = making.renderer.value(
            typed["validation"], file, "input.validation", column={"key": spec.key}, suffix=suffix
        )
        formula = making.renderer.value(
            making.calendar["behind"]["formula"], file, "behind.formula", column={"key": spec.key}, suffix=suffix
        )
        date.pop("validation", None)
        return [
            ColumnSpec(**text, role="input", entry=making.calendar_key, look=look),
            ColumnSpec(
                spec.key,
                spec.type,
                hidden_title,
                "computed",
                formula,
                hidden=True,
                was=spec.was,
                look={**date, "style": "computed"},
                path=spec.path,
            ),
        ]
    look = {key: shown[key] for key in _LOOK if key in shown} | {"style": spec.look.get("style", "computed")}
    formula = making.renderer.value(shown["formula"], file, "shown.formula", column={"key": spec.key})
    return [
        ColumnSpec(**text, role="computed", formula=formula, look=look),
        ColumnSpec(
            spec.key,
            spec.type,
            hidden_title,
            spec.role,
            spec.formula,
            hidden=True,
            was=spec.was,
            look=spec.look,
            path=spec.path,
        ),
    ]


def _look_of(kind: str, making: Making) -> dict[str, Any]:
    return {key: value for key, value in making.types[kind].items() if key in _LOOK}


def _word(table: str, kind: str, key: str, making: Making, otherwise: str | None = None) -> str:
    """A column's title or note: the table's own word, else the common one."""
    for words in (making.words["tables"].get(table, {}), making.words["common"]):
        if key in words.get(kind, {}):
            return words[kind][key]
    if otherwise is None:
        making.renderer.problems.append(
            Problem(
                f"no word for the column `{key}`",
                f"templates/words/{making.words['code']}",
                f"tables.{table}.{kind}.{key}",
                hint="add its title",
            )
        )
    return key if otherwise is None else otherwise
