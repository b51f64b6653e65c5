"""The shipped sources: JavaScript and pages of a folder, with what each says of itself in its first comment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crm_builder.script.values import FileType, ScriptFile

_TYPES: dict[str, FileType] = {".js": "SERVER_JS", ".html": "HTML"}
_FIRST_COMMENT = re.compile(r"\s*(?:/\*(.*?)\*/|<!--(.*?)-->)", re.S)
_TAG = re.compile(r"@(scope|part)[ \t]+(\S+)(?:[ \t]+(\w+)[ \t]*$)?", re.M)
_WORD = re.compile(r"\bwords\.(\w+)(?:\.(\w+))?")
_ALIAS = re.compile(r"\bwords = config\.words\.(\w+)")


@dataclass(frozen=True, slots=True)
class Source:
    """A file with the permissions that it needs, and the parts of the CRM without which it is left out."""

    file: ScriptFile
    scopes: tuple[tuple[str, str], ...] = ()  # (scope, the part that needs it or "" for always)
    parts: tuple[str, ...] = ()


def read_sources(folder: Path) -> tuple[Source, ...]:
    """Every script and page below the folder, by name."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix in _TYPES)
    return tuple(_read(path, path.relative_to(folder).with_suffix("").as_posix()) for path in paths)


def _read(path: Path, name: str) -> Source:
    text = path.read_text("utf-8")
    comment = _FIRST_COMMENT.match(text)
    tags = _TAG.findall(comment[1] or comment[2]) if comment else []
    scopes = tuple((value, part) for tag, value, part in tags if tag == "scope")
    parts = tuple(value for tag, value, _ in tags if tag == "part")
    return Source(ScriptFile(name, _TYPES[path.suffix], text), scopes, parts)


def words_used(source: str) -> Iterator[tuple[str, str]]:
    """(section, word) of each word that a script takes: `config.words.menu.help`, or `words.help` where `words` is
    `config.words.menu`."""
    for block in re.split(r"\nfunction ", source):
        section = _ALIAS.search(block)
        for first, second in _WORD.findall(block):
            if second:
                yield first, second
            elif section and first != section[1]:
                yield section[1], first
