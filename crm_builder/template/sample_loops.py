"""Circles in a sample story: tables that wait for each other, columns that are made from themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .sample_kinds import FIELDS
from .sample_texts import PLACEHOLDER
from .sample_world import many

Spec = Mapping[str, Any]


def loops(tables: Spec, pools: Spec) -> Iterator[tuple[str, list[str]]]:
    """Every circle: the path where it begins, and the names on it."""
    yield from _circles({table: sorted(_tables_in(told, table)) for table, told in tables.items()}, "tables.{}")
    for table, told in tables.items():
        columns = told.get("columns", {})
        asks = {name: [ask for ask in _names_in(spec, pools) if ask in columns] for name, spec in columns.items()}
        yield from _circles(asks, f"tables.{table}.columns.{{}}")


def _circles(asks: Mapping[str, Sequence[str]], path: str) -> Iterator[tuple[str, list[str]]]:
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> Iterator[tuple[str, list[str]]]:
        if name in above:
            yield path.format(name), [*above[above.index(name) :], name]
        elif name not in done:
            for other in asks.get(name, []):
                yield from visit(other, (*above, name))
            done.add(name)

    for name in asks:
        yield from visit(name, ())


def _specs_in(spec: Any) -> Iterator[Spec]:
    """A description and all those inside it."""
    if isinstance(spec, Mapping):
        if "kind" in spec:
            yield spec
        for value in spec.values():
            yield from _specs_in(value)
    elif isinstance(spec, list):
        for value in spec:
            yield from _specs_in(value)


def _tables_in(told: Spec, table: str) -> set[str]:
    """The other tables that must be made before a table."""
    names = {group["per"] for group in told.get("rows", []) if "per" in group}
    names |= {spec["table"] for spec in _specs_in(told.get("columns", {})) if "table" in spec}
    return names - {table}


def _names_in(spec: Any, pools: Spec) -> Iterator[str]:
    """The columns of its own row that a description asks for."""
    for told in _specs_in(spec):
        fields = {**FIELDS.get(told["kind"], {}), **FIELDS[""]}
        for field, value in told.items():
            kind = fields.get(field, "").removesuffix("!")
            texts: Sequence[Any] = many(value)
            if kind == "pool":
                pool = pools.get(value, [])
                texts = [text for part in pool.values() for text in part] if isinstance(pool, Mapping) else pool
            if kind in ("pool", "template"):
                yield from (found[1].partition(".")[0] for text in texts for found in PLACEHOLDER.finditer(str(text)))
            elif kind in ("column", "columns", "moments") and not (told["kind"] == "latest" and field == "column"):
                yield from (str(text).partition(".")[0].partition(":")[0].partition(" ")[0] for text in texts)
