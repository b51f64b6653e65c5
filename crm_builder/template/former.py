"""Former keys in the templates: `was` of columns and sheets, and what cannot be one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crm_builder.errors import Problem
from crm_builder.template.specs import ColumnSpec

WAS = "was"


def sheet_problems(files: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    """Former keys of sheets that another sheet has now, or has had too; `files` by folder and key."""
    keys = {path.partition("/")[2] for path in files}
    yield from _problems([(f"templates/{path}.toml", WAS, raw[WAS]) for path, raw in files.items() if WAS in raw], keys)


def column_problems(table: str, columns: Sequence[ColumnSpec]) -> Iterator[Problem]:
    """The same of one table's columns."""
    file = f"templates/tables/{table}.toml"
    formers = [(file, f"{column.path}.{WAS}", column.was) for column in columns if column.was]
    yield from _problems(formers, {column.key for column in columns})


def _problems(formers: Sequence[tuple[str, str, str]], keys: set[str]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for file, path, former in formers:
        if former in keys:
            yield Problem(f"`{former}` is no former key: it is still there", file, path, hint="remove it")
        elif former in first:
            yield Problem(f"`{former}` is the former key of something else", file, path, hint=f"see {first[former]}")
        first.setdefault(former, f"{file}: {path}")
