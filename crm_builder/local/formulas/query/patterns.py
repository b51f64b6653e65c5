"""Regular expressions as Google writes them (RE2), compiled for Python's engine; shared by QUERY and REGEX*.

RE2's classes \\d \\w \\s \\b are ASCII and `$` is the very end of the text; look-around and back-references are
refused there.
"""

from __future__ import annotations

import re
from functools import lru_cache

_ESCAPES = {"d": "[0-9]", "D": "[^0-9]", "w": "[0-9A-Za-z_]", "W": "[^0-9A-Za-z_]", "s": "[\\t\\n\\f\\r ]",
            "S": "[^\\t\\n\\f\\r ]", "z": "\\Z", "b": "(?a:\\b)", "B": "(?a:\\B)"}  # fmt: skip
_IN_CLASS = {"d": "0-9", "w": "0-9A-Za-z_", "s": "\\t\\n\\f\\r "}
_POSIX = {"alpha": "A-Za-z", "digit": "0-9", "alnum": "0-9A-Za-z", "upper": "A-Z", "lower": "a-z", "word": "0-9A-Za-z_",
          "space": "\\s", "punct": "!-/:-@\\[-`{-~", "xdigit": "0-9A-Fa-f"}  # fmt: skip
_UNICODE = {"L": "[^\\W\\d_]", "N": "\\d", "Nd": "\\d", "Lu": "[A-ZÀ-ÖØ-Þ]", "Ll": "[a-zß-öø-ÿ]", "P": "[^\\w\\s]",
            "Z": "\\s"}  # fmt: skip


class PatternError(Exception):
    """A pattern that RE2 would refuse, or that has no counterpart here."""


@lru_cache(maxsize=512)
def compiled(pattern: str) -> re.Pattern[str]:
    """A Python pattern with RE2's meaning; raises PatternError."""
    try:
        return re.compile(_translated(pattern))
    except (re.error, OverflowError, RecursionError) as problem:
        raise PatternError(str(problem)) from None


def _translated(pattern: str) -> str:
    out: list[str] = []
    scopes: list[str] = [""]  # the flag groups `(?i:` opened in each open group: they end where that group ends
    multiline = False
    position = 0
    while position < len(pattern):
        character = pattern[position]
        if character == "\\":
            piece, position = _escape(pattern, position)
        elif character == "[":
            piece, position = _character_class(pattern, position)
        elif character == "(":
            flags = re.match(r"\(\?([ims]+)\)", pattern[position:])
            if flags:
                multiline = multiline or "m" in flags.group(1)
                piece = f"(?{flags.group(1)}:"
                scopes[-1] += piece
                position += flags.end()
            else:
                if re.match(r"\(\?(?:[=!]|<[=!]|\(|#|P[=>]|[a-z]*U)", pattern[position:]):
                    raise PatternError("invalid or unsupported Perl syntax")
                named = re.match(r"\(\?<([A-Za-z_]\w*)>", pattern[position:])
                piece = f"(?P<{named.group(1)}>" if named else "("
                position += named.end() if named else 1
                scopes.append("")
        elif character == ")":
            piece = ")" * ((scopes.pop().count("(") if len(scopes) > 1 else 0) + 1)
            position += 1
        elif character == "|":  # flags go on in the next branch
            piece, position = ")" * scopes[-1].count("(") + "|" + scopes[-1], position + 1
        elif character == "$":
            piece, position = ("$" if multiline else "\\Z"), position + 1
        else:
            piece, position = character, position + 1
        out.append(piece)
    return "".join(out) + ")" * scopes[0].count("(")


def _escape(pattern: str, position: int) -> tuple[str, int]:
    following = pattern[position + 1 : position + 2]
    if following == "Q":
        end = pattern.find("\\E", position + 2)
        end = len(pattern) if end < 0 else end
        return re.escape(pattern[position + 2 : end]), end + 2
    if following in ("p", "P"):
        found = re.match(r"\\([pP])(?:\{(\^?)(\w+)\}|(\w))", pattern[position:])
        name = (found.group(3) or found.group(4)) if found else ""
        if not found or name not in _UNICODE or found.group(1) == "P" or found.group(2):
            raise PatternError(f"the character class \\{following}{{{name}}} is not available in a local workspace")
        return _UNICODE[name], position + found.end()
    if following.isdigit() and following != "0":
        raise PatternError(f"invalid escape sequence: \\{following}")
    return _ESCAPES.get(following, "\\" + following), position + 2


def _character_class(pattern: str, start: int) -> tuple[str, int]:
    out, position = ["["], start + 1
    if pattern[position : position + 1] == "^":
        out.append("^")
        position += 1
    first = True
    while position < len(pattern):
        character = pattern[position]
        posix = re.match(r"\[:(\w+):\]", pattern[position:]) if character == "[" else None
        if posix and posix.group(1) in _POSIX:
            out.append(_POSIX[posix.group(1)])
            position += posix.end()
        elif character == "\\":
            following = pattern[position + 1 : position + 2]
            out.append(_IN_CLASS.get(following, "\\" + following))
            position += 2
        elif character == "]" and not first:
            return "".join([*out, "]"]), position + 1
        else:
            out.append("\\" + character if character in "[]&~|" else character)
            position += 1
        first = False
    raise PatternError("missing closing ]: " + pattern[start:])
