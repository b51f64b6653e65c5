"""From the bytes of a crm.toml to its values and lines, past as many mistakes of syntax as there are."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from crm_builder.errors import DescriptionError, Problem
from crm_builder.settings.lines import Positions, Statement, locate
from crm_builder.settings.words import dotted, latin_digits, show

MOST_BYTES = 256 * 1024
_MOST_SYNTAX_PROBLEMS = 30

_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_POSITION = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_KEY = re.compile(r"[ \t]*[\w.\"'-]+[ \t]*=")
_HEADER = re.compile(r"[ \t]*\[{1,2}[ \t]*[\w\"'][^\]\n=,]*\]{1,2}[ \t]*(?:#.*)?$")
_LONG_NUMBER = re.compile(r"\d[\d_]{4000,}")
_CURLY = "“”„‟‘’«»"


@dataclass(frozen=True)
class Source:
    """The values of a crm.toml. `partial`: statements with a mistake of syntax (`problems`) were left out."""

    file: str
    data: Mapping[str, Any]
    positions: Positions
    problems: tuple[Problem, ...] = field(default=())

    @property
    def partial(self) -> bool:
        return bool(self.problems)


def read_text(path: FilePath, most: int = MOST_BYTES) -> str:
    """The text of the file, its line ends as `\\n`; DescriptionError with one Problem where that cannot be had."""

    def refuse(message: str, hint: str, line: int = 0) -> DescriptionError:
        return DescriptionError([Problem(message, str(path), line=line, hint=hint)])

    try:
        if path.is_dir():
            raise refuse("this is a folder, not a file", "give the crm.toml inside it")
        if not path.exists():
            raise refuse("there is no such file", "write one with: crm-builder new " + (str(path.parent) or "."))
        if not path.is_file():
            raise refuse("this is not a regular file", "give the path of a crm.toml")
        with path.open("rb") as stream:
            raw = stream.read(most + 1)
    except (OSError, ValueError) as error:  # ValueError: a path with a null character
        reason = getattr(error, "strerror", None) or str(error)
        raise refuse(f"the file cannot be read: {reason}", "check the path and its permissions") from error
    if len(raw) > most:
        raise refuse(f"the file is larger than {most // 1024} KB", "a crm.toml is a short text; is this the one?")
    if raw.startswith(_UTF16):
        raise refuse("the file is saved as UTF-16", "save it again as UTF-8")
    raw = raw.removeprefix(_BOM)  # some editors write one; it means nothing
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise refuse(f"byte 0x{raw[error.start]:02x} is not UTF-8", "save the file again as UTF-8", line) from None
    return text.replace("\r\n", "\n")


def read_source(text: str, file: str) -> Source:
    """Values and lines of `text`. A statement that is no TOML becomes a Problem, the others are read all the same."""
    text = text.replace("\r\n", "\n")
    problems: list[Problem] = []
    for _ in range(_MOST_SYNTAX_PROBLEMS):
        positions = locate(text)
        try:
            return Source(file, tomllib.loads(text), positions, tuple(problems))
        except RecursionError:
            return Source(file, {}, positions, (*problems, Problem("lists are nested too deeply", file)))
        except ValueError as error:  # TOMLDecodeError, or a whole number too long for Python
            message, line = _understand(error, text)
        statement = positions.statement(line) or Statement(line)
        last = _last_line(text, statement)
        problems.append(_problem(message, line if line <= last else statement.line, statement, text, file))
        text = _without(text, statement.line, last)
    return Source(file, {}, positions, tuple(problems))


def _understand(error: ValueError, text: str) -> tuple[str, int]:
    """The parser's sentence without its position, and the line; the last line for an error at the end."""
    message = str(error)
    if found := _POSITION.search(message):
        return message[: found.start()], int(found[1] or text.count("\n") + 1)
    if found := _LONG_NUMBER.search(text):
        return "a number is far too long", text.count("\n", 0, found.start()) + 1
    return message, 1


def _last_line(text: str, statement: Statement) -> int:
    """The last line of a broken statement: the next one begins behind it. A broken header takes its keys along."""
    rows = text.split("\n")
    for number in range(statement.line, len(rows)):
        row = rows[number]
        if _HEADER.match(row) or (not statement.header and _KEY.match(row)):
            return number
    return len(rows)


def _without(text: str, first: int, last: int) -> str:
    rows = text.split("\n")
    rows[first - 1 : last] = [""] * (last - first + 1)
    return "\n".join(rows)


def _problem(message: str, line: int, statement: Statement, text: str, file: str) -> Problem:
    path = dotted(statement.path)
    what = "section" if statement.header else "key"
    if message == "Cannot overwrite a value":
        return Problem("this key is given twice", file, path, statement.line, "remove one of the two")
    if message.startswith(("Cannot declare", "Cannot mutate", "Cannot redefine")):
        return Problem(f"this {what} is given twice", file, path, statement.line, "remove one of the two")
    row = text.split("\n")[line - 1] if line else ""
    return Problem(f"this is not valid TOML: {message[:1].lower()}{message[1:]}", file, path, line, _hint(row, message))


def _hint(row: str, message: str) -> str:
    key, equals, value = (part.strip() for part in row.partition("="))
    outside = re.sub(r"\"(?:\\.|[^\"\\])*\"|'[^']*'|#.*", "", row)
    if any(mark in outside for mark in _CURLY):
        return 'use straight quotes: "…"'
    if latin_digits(outside) != outside:
        number = show(latin_digits(value), quote=False)
        return f"write numbers with 0-9: {number}" if equals else "write keys with a-z, 0-9 and _"
    if "،" in outside or "؛" in outside:
        return "separate items with the comma ,"
    if value in ("True", "False", "yes", "no", "on", "off", "Yes", "No"):
        return "write true or false"
    if equals and re.fullmatch(r"[^\W\d][^\"'\[\]{}#]*", value):
        return f"text stands in quotes: {show(key, quote=False)} = {show(value)}"
    if "Illegal character" in message or "Unterminated string" in message:
        return "is a closing quote missing?"
    if message == "Unclosed array":
        return "is a comma or the closing ] missing?"
    if row.lstrip().startswith("["):
        return "a section is written [name], a repeated one [[name]]"
    if not equals:
        return "a line is written: key = value"
    return ""
