"""Field masks: reading them, and updating one JSON object from another through them."""

from __future__ import annotations

import copy
import re
from collections.abc import Collection, Iterable
from typing import Any

from ..errors import invalid
from ..schema import known_path

Path = tuple[str, ...]
_TOKEN = re.compile(r"\s*([A-Za-z0-9_*]+|[.,()/])\s*")


def parse(fields: str | None, schema: str) -> list[Path]:
    """Paths of a mask over objects of that schema: "a.b,c(d,e)" is [("a","b"), ("c","d"), ("c","e")]; "*" is [()].

    "/" separates like "." and snake_case names count as camelCase (both recorded).
    ApiError 400 where the mask is missing, empty or malformed, or names a field that the schema does not have.
    """
    text = (fields or "").strip()
    if not text:
        raise invalid("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    tokens: list[str] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise invalid(f"Invalid field mask: {fields}")
        tokens.append(match.group(1))
        at = match.end()
    paths, rest = _paths(tokens, fields or "")
    if rest:
        raise invalid(f"Invalid field mask: {fields}")
    for path in paths:
        if not known_path("sheets", schema, path):
            raise invalid(f"Invalid field: {'.'.join(path)}")
    return list(dict.fromkeys(paths))


def _paths(tokens: list[str], source: str) -> tuple[list[Path], list[str]]:
    paths: list[Path] = []
    while True:
        path: list[str] = []
        while True:
            if not tokens or tokens[0] in ".,()/":
                raise invalid(f"Invalid field mask: {source}")
            path.append(_camel(tokens[0]))
            tokens = tokens[1:]
            if tokens and tokens[0] in "./":
                tokens = tokens[1:]
                continue
            break
        if tokens and tokens[0] == "(":
            inner, tokens = _paths(tokens[1:], source)
            if not tokens or tokens[0] != ")":
                raise invalid(f"Invalid field mask: {source}")
            tokens = tokens[1:]
            paths.extend((*path, *tail) for tail in inner)
        else:
            paths.append(tuple(path if path[-1] != "*" else path[:-1]))
        if tokens and tokens[0] == ",":
            tokens = tokens[1:]
            continue
        return paths, tokens


def _camel(name: str) -> str:
    return re.sub(r"_([a-z0-9])", lambda match: match.group(1).upper(), name)


def heads(paths: Iterable[Path], allowed: Collection[str]) -> set[str]:
    """The first names of the paths, all of `allowed` for "*". ApiError 400 for a name that is not allowed."""
    found: set[str] = set()
    for path in paths:
        if not path:
            found.update(allowed)
        elif path[0] in allowed:
            found.add(path[0])
        else:
            raise invalid(f"Invalid field: {'.'.join(path)}")
    return found


def below(paths: Iterable[Path], head: str) -> list[Path]:
    """The paths under one first name, without it; [()] where the whole of it is meant."""
    found = [path[1:] if path else () for path in paths if not path or path[0] == head]
    return [()] if () in found else found


def merged(old: dict[str, Any], new: dict[str, Any], paths: Iterable[Path]) -> dict[str, Any]:
    """A copy of `old` in which every path has the value it has in `new`, or none where `new` has none.

    A colour and its style count as one: color and colorStyle, backgroundColor and backgroundColorStyle …
    """
    out = copy.deepcopy(old)
    for path in with_styles(paths):
        if not path:
            return copy.deepcopy(new)
        _carry(out, new, path)
    return out


def with_styles(paths: Iterable[Path]) -> list[Path]:
    """The paths, each colour joined by its style and each style by its colour."""
    found: dict[Path, None] = {}
    for path in paths:
        found[path] = None
        for at, name in enumerate(path):
            if name.endswith(("Color", "color")):
                found[*path[:at], name + "Style"] = None
            elif name.endswith(("ColorStyle", "colorStyle")):
                found[*path[:at], name.removesuffix("Style")] = None
                found[path[: at + 1]] = None
    return list(found)


def _carry(target: dict[str, Any], source: dict[str, Any], path: Path) -> None:
    trail, sent = [target], []
    value: Any = source
    for name in path[:-1]:
        value = value.get(name) if isinstance(value, dict) else None
        sent.append(isinstance(value, dict))
        inner = trail[-1].get(name)
        if not isinstance(inner, dict):
            if not isinstance(value, dict):
                return
            inner = trail[-1][name] = {}
        trail.append(inner)
    value = value.get(path[-1]) if isinstance(value, dict) else None
    if value is not None:
        trail[-1][path[-1]] = copy.deepcopy(value)
        return
    trail[-1].pop(path[-1], None)
    for outer, name, given in zip(reversed(trail[:-1]), reversed(path[:-1]), reversed(sent), strict=True):
        if not outer[name] and not given:  # a colour sent with nothing in it is black
            del outer[name]
