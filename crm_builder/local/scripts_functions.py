"""The functions that a script file declares at its top, as projects.getContent lists them."""

from __future__ import annotations

import re
from typing import Any

# One token after the other; what is none of these is passed over, a character at a time.
_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
    |(?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)
    |(?P<function>\b(?:async\s+)?function\s*\*?\s*(?P<name>[\w$]+)\s*\((?P<parameters>[^()]*)\))
    |(?P<word>[\w$]+)
    |(?P<pattern>/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[*])+/)
    |(?P<open>[({\[])
    |(?P<close>[)}\]])
    |(?P<space>\s+)
    |(?P<other>.)""",
    re.S | re.X,
)
_BEFORE_PATTERN = frozenset("(,=:[!&|?{};+-*%<>~^")  # a slash after one of these begins a pattern, else it divides
_WORDS_BEFORE_PATTERN = frozenset({"return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "else"})


def functions(source: str) -> list[dict[str, Any]]:
    """[{name, parameters}] of the functions declared outside all others; `parameters` only where there are some."""
    found: list[dict[str, Any]] = []
    at = depth = 0
    before = ""
    while at < len(source):
        token = _TOKEN.match(source, at)
        assert token is not None  # `other` takes any character
        kind = token.lastgroup
        if token["pattern"] and not (not before or before in _WORDS_BEFORE_PATTERN or before[-1] in _BEFORE_PATTERN):
            at, before = at + 1, "/"
            continue
        at = token.end()
        if token["open"]:
            depth += 1
        elif token["close"]:
            depth -= 1
        elif token["function"] and depth == 0:
            found.append(_function(token["name"], token["parameters"]))
        if kind not in ("comment", "space"):
            before = token[0]
    return found


def _function(name: str, parameters: str) -> dict[str, Any]:
    plain = re.sub(r"/\*.*?\*/|//[^\n]*", "", parameters, flags=re.S)
    names = [one.partition("=")[0].strip().lstrip(".") for one in plain.split(",")]
    listed = [one for one in names if one]
    return {"name": name, "parameters": listed} if listed else {"name": name}
