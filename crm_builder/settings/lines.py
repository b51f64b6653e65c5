"""Where each key and item of a TOML text stands: the standard parser gives values, but no lines."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

Path = tuple[str | int, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"[ \t]*(?:#[^\n]*)?")
_SPACE = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_QUOTED = re.compile(r"\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*'")
# A closing run of a multi-line string may hold two quotes of the text itself.
_MULTILINE = re.compile(r"\"\"\"(?:\\.|[^\\])*?\"{3,5}|'''.*?'{3,5}", re.DOTALL)
_SCALAR = re.compile(r"[^\s,\[\]{}#][^,\]}#\n]*")
_DEEPEST = 100


@dataclass(frozen=True, slots=True)
class Statement:
    """A table header or a `key = value`: its first line (1-based) and the path it sets; () where it is unreadable."""

    line: int
    path: Path = ()
    header: bool = False


@dataclass(frozen=True, slots=True)
class Positions:
    """Paths of a text with the line (1-based) on which each is first written, and its statements in order."""

    lines: Mapping[Path, int]
    statements: tuple[Statement, ...]

    def line(self, path: Path) -> int:
        """The line of `path`, or of the nearest thing that holds it; 0 where nothing does."""
        for length in range(len(path), 0, -1):
            if found := self.lines.get(path[:length]):
                return found
        return 0

    def statement(self, line: int) -> Statement | None:
        """The last statement that begins on or before `line`."""
        return next((found for found in reversed(self.statements) if found.line <= line), None)


def locate(text: str) -> Positions:
    """Lines of every table, key and item in `text`, whose line ends are `\\n`.

    Text that is no TOML is followed as far as it can be understood.
    """
    scanner = _Scanner(text)
    with suppress(_Stop):  # what was found up to there is the answer
        scanner.run()
    return Positions(scanner.lines, tuple(scanner.statements))


class _Stop(Exception):
    """The text cannot be followed any further."""


class _Scanner:
    def __init__(self, text: str):
        self.text = text
        self.at = 0
        self.breaks = [found.start() for found in re.finditer("\n", text)]
        self.lines: dict[Path, int] = {}
        self.statements: list[Statement] = []
        self.counts: dict[Path, int] = {}  # arrays of tables -> how many of their tables were opened
        self.table: Path = ()

    def run(self) -> None:
        self.skip(_SPACE)
        while self.at < len(self.text):
            self.statement()
            self.skip(_BLANK)
            if self.at < len(self.text) and self.text[self.at] != "\n":
                raise _Stop
            self.skip(_SPACE)

    def statement(self) -> None:
        line = self.line()
        header = self.peek("[")
        self.statements.append(Statement(line, header=header))
        path = self.header() if header else self.key(self.table)
        self.statements[-1] = Statement(line, path, header)
        if not header:
            self.expect("=")
            self.value(path, 0)

    def header(self) -> Path:
        """`[a.b]` or `[[a.b]]`: opens that table; a part that is an array of tables stands for its last table."""
        line = self.line()
        self.expect("[")
        many = self.take("[")
        parts = list(self.parts())
        self.expect("]]" if many else "]")
        path: Path = ()
        for index, part in enumerate(parts):
            path += (part,)
            self.lines.setdefault(path, line)
            if many and index == len(parts) - 1:
                self.counts[path] = self.counts.get(path, 0) + 1
            if path in self.counts:
                path += (self.counts[path] - 1,)
                self.lines.setdefault(path, line)
        self.table = path
        return path

    def key(self, table: Path) -> Path:
        path = table
        line = self.line()
        for part in self.parts():
            path += (part,)
            self.lines.setdefault(path, line)
        return path

    def parts(self) -> Iterator[str]:
        yield self.part()
        while self.take("."):
            yield self.part()

    def part(self) -> str:
        self.skip(_BLANK)
        if bare := _BARE.match(self.text, self.at):
            self.at = bare.end()
            part = bare.group()
        elif quoted := _QUOTED.match(self.text, self.at):
            self.at = quoted.end()
            try:
                part = tomllib.loads(f"key = {quoted.group()}")["key"]
            except tomllib.TOMLDecodeError:
                raise _Stop from None
        else:
            raise _Stop
        self.skip(_BLANK)
        return part

    def value(self, path: Path, depth: int) -> None:
        self.skip(_SPACE if depth else _BLANK)
        if depth > _DEEPEST:
            raise _Stop
        if self.take("["):
            self.items(path, depth + 1)
        elif self.take("{"):
            self.pairs(path, depth + 1)
        else:
            for pattern in (_MULTILINE, _QUOTED, _SCALAR):
                if found := pattern.match(self.text, self.at):
                    self.at = found.end()
                    return
            raise _Stop

    def items(self, path: Path, depth: int) -> None:
        index = 0
        self.skip(_SPACE)
        while not self.take("]"):
            self.lines[(*path, index)] = self.line()
            self.value((*path, index), depth)
            self.separator("]")
            index += 1

    def pairs(self, path: Path, depth: int) -> None:
        self.skip(_SPACE)
        while not self.take("}"):
            inner = self.key(path)
            self.expect("=")
            self.value(inner, depth)
            self.separator("}")

    def separator(self, close: str) -> None:
        self.skip(_SPACE)
        if not self.take(",") and not self.peek(close):
            raise _Stop
        self.skip(_SPACE)

    def line(self) -> int:
        return bisect_left(self.breaks, self.at) + 1

    def skip(self, pattern: re.Pattern[str]) -> None:
        if found := pattern.match(self.text, self.at):
            self.at = found.end()

    def peek(self, word: str) -> bool:
        return self.text.startswith(word, self.at)

    def take(self, word: str) -> bool:
        if not self.peek(word):
            return False
        self.at += len(word)
        return True

    def expect(self, word: str) -> None:
        if not self.take(word):
            raise _Stop
