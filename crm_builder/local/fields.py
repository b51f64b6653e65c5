"""Partial answers: the `fields` parameter of a URL, checked against the answer's schema, cut out of the answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from .errors import ApiError, DriveError, bad_fields
from .schema import camel, known_path

Mask = dict[str, "Mask"]  # an empty mask takes everything below
_DEEPEST = 50  # names in one path; answers are less deep
_TOKEN = re.compile(r"\s*([A-Za-z0-9_*]+|[.,()/])\s*")


def parse(text: str, api: str, schema: str) -> Mask:
    """The mask of "a,b(c,d/e)" or "a.b"; {} for "" and "*" takes all. ApiError 400 for a path that does not exist."""
    text = text.strip()
    if not text:
        return {}
    tokens: list[str] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise _refused(api, text)
        tokens.append(found.group(1))
        at = found.end()
    tokens.reverse()
    mask: Mask = {}
    _list(tokens, mask, (), (api, schema, text))
    if tokens:
        raise _refused(api, text)
    return {} if "*" in mask else mask


def _list(tokens: list[str], mask: Mask, above: tuple[str, ...], of: tuple[str, str, str]) -> None:
    while True:
        inner, path = mask, above
        while True:
            if not tokens or tokens[-1] in ".,()/":
                raise _refused(of[0], of[2])
            name = tokens.pop()
            name = name if name == "*" else camel(name)
            path = (*path, name)
            if len(path) > _DEEPEST or not known_path(of[0], of[1], path):
                raise _refused(of[0], ".".join(path))
            whole = name in inner and not inner[name]
            inner = {} if whole else inner.setdefault(name, {})  # what is taken whole is not narrowed again
            if tokens and tokens[-1] in "./":
                tokens.pop()
                continue
            break
        if tokens and tokens[-1] == "(":
            tokens.pop()
            _list(tokens, inner, path, of)
            if not tokens or tokens.pop() != ")":
                raise _refused(of[0], of[2])
        else:
            inner.clear()
        if not tokens or tokens[-1] != ",":
            return
        tokens.pop()


def _refused(api: str, path: str) -> ApiError:
    if api == "drive":
        return DriveError(400, "invalidParameter", f"Invalid field selection {path}", "fields")
    text = f"Error expanding 'fields' parameter. Cannot find matching fields for path '{path}'."
    return bad_fields([(path, text)], "Request contains an invalid argument.")


def wants(mask: Mask, *path: str) -> bool:
    """True where the mask asks for the path, or for something above or below it."""
    for name in path:
        if not mask or "*" in mask:
            return True
        if name not in mask:
            return False
        mask = mask[name]
    return True


def below(mask: Mask, *path: str) -> Mask:
    """The mask of what lies under a path that is wanted."""
    for name in path:
        mask = mask.get(name, {}) if mask and "*" not in mask else {}
    return mask


def cut(value: Any, mask: Mask) -> Any:
    """The part of the answer the mask asks for; lists keep their length."""
    return _cut(value, mask, {})


def cutter(mask: Mask) -> Callable[[Any], Any]:
    """cut() by this mask for values that come again and again, as formats do: each object is cut once.

    It keeps all values it was given alive, so that no other one gets their identity: to be used for one answer.
    """
    if not mask or "*" in mask:
        return lambda value: value
    known: dict[int, tuple[Any, Any]] = {}

    def once(value: Any) -> Any:
        found = known.get(id(value))
        if found is None:
            found = known[id(value)] = value, cut(value, mask)
        return found[1]

    return once


def _cut(value: Any, mask: Mask, known: dict[tuple[int, int], Any]) -> Any:
    """`known` by identity: thousands of cells share one format, and the answer keeps all of them alive."""
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [_cut(item, mask, known) for item in value]
    if not isinstance(value, dict):
        return value
    key = id(value), id(mask)
    if key not in known:
        known[key] = {
            name: _cut(item, part, known) if (part := mask[name]) else item
            for name, item in value.items()
            if name in mask
        }
    return known[key]
