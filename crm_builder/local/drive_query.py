"""The q of files.list: comparisons of files joined by and, or, not."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from .errors import DriveError

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<sign><=|>=|!=|[=<>(){}])|(?P<word>[A-Za-z][\w]*))"""
)
_TEXTS = ("name", "mimeType", "createdTime", "modifiedTime", "fullText")
_FLAGS = ("trashed", "starred")
_DEEPEST = 50  # parentheses and nots inside each other; a query has one or two
_SIGNS = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


class Test(NamedTuple):
    """One comparison, or "and", "or", "not" over others."""

    kind: str
    parts: tuple[Any, ...] = ()


def parse(text: str) -> Test:
    """The query; "" takes every file. DriveError 400 for what it does not know."""
    tokens: list[str] = []
    at = 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None:
            raise _wrong()
        tokens.append(found.group().strip())
        at = found.end()
    if not tokens:
        return Test("all")
    tokens.reverse()
    test = _either(tokens, 0)
    if tokens:
        raise _wrong()
    return test


def matches(test: Test, file: dict[str, Any]) -> bool:
    """True where the file passes."""
    kind, parts = test
    if kind == "all":
        return True
    if kind == "and":
        return all(matches(part, file) for part in parts)
    if kind == "or":
        return any(matches(part, file) for part in parts)
    if kind == "not":
        return not matches(parts[0], file)
    if kind == "in":
        return parts[0] in file[parts[1]]
    if kind == "has":
        return file.get(parts[0], {}).get(parts[1]) == parts[2]
    if kind == "contains":
        return parts[1].casefold() in file.get(parts[0], "").casefold()
    default: Any = False if parts[0] in _FLAGS else ""
    return _SIGNS[kind](file.get(parts[0], default), parts[1])


def _either(tokens: list[str], depth: int) -> Test:
    parts = [_both(tokens, depth)]
    while _take(tokens, "or"):
        parts.append(_both(tokens, depth))
    return parts[0] if len(parts) == 1 else Test("or", tuple(parts))


def _both(tokens: list[str], depth: int) -> Test:
    parts = [_one(tokens, depth)]
    while _take(tokens, "and"):
        parts.append(_one(tokens, depth))
    return parts[0] if len(parts) == 1 else Test("and", tuple(parts))


def _one(tokens: list[str], depth: int) -> Test:
    if depth > _DEEPEST:
        raise _wrong()
    if _take(tokens, "not"):
        return Test("not", (_one(tokens, depth + 1),))
    if _take(tokens, "("):
        test = _either(tokens, depth + 1)
        _need(tokens, ")")
        return test
    first = _next(tokens)
    if first[0] in "'\"":
        _need(tokens, "in")
        if _next(tokens) != "parents":
            raise _wrong()
        return Test("in", (_text(first), "parents"))
    if first in ("appProperties", "properties"):
        return _has(tokens, first)
    sign = _next(tokens)
    if first in _FLAGS and sign in ("=", "!="):
        word = _next(tokens)
        if word not in ("true", "false"):
            raise _wrong()
        return Test(sign, (first, word == "true"))
    if first not in _TEXTS or (sign not in _SIGNS and sign != "contains"):
        raise _wrong()
    value = _text(_next(tokens))
    if first == "fullText":  # the only text a local workspace searches is the name
        first = "name"
    return Test(sign, (first, value))


def _has(tokens: list[str], name: str) -> Test:
    for word in ("has", "{", "key", "="):
        _need(tokens, word)
    key = _text(_next(tokens))
    for word in ("and", "value", "="):
        _need(tokens, word)
    value = _text(_next(tokens))
    _need(tokens, "}")
    return Test("has", (name, key, value))


def _text(token: str) -> str:
    if token[0] not in "'\"":
        raise _wrong()
    return re.sub(r"\\(.)", r"\1", token[1:-1])


def _next(tokens: list[str]) -> str:
    if not tokens:
        raise _wrong()
    return tokens.pop()


def _take(tokens: list[str], word: str) -> bool:
    if tokens and tokens[-1] == word:
        tokens.pop()
        return True
    return False


def _need(tokens: list[str], word: str) -> None:
    if not _take(tokens, word):
        raise _wrong()


def _wrong() -> DriveError:
    return DriveError(400, "invalid", "Invalid Value", "q")
