"""templates/ as parsed TOML: every file of the folder, checked for unknown keys, before any string is rendered."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crm_builder.errors import Problem, TemplateError
from crm_builder.template.shape import SHAPES, check


@dataclass(frozen=True, slots=True)
class Source:
    """The parsed files by their path below the folder, e.g. `tables/customers.toml`."""

    files: Mapping[str, dict[str, Any]]

    def one(self, path: str) -> dict[str, Any]:
        """One file's content; a missing one is a TemplateError."""
        if path not in self.files:
            raise TemplateError([Problem("the file is missing", f"templates/{path}", hint="add it")])
        return self.files[path]

    def folder(self, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """(key, content) of the files in one folder, by name: `tables/customers.toml` is `customers` of `tables`."""
        for path in sorted(self.files):
            parent, _, file = path.rpartition("/")
            if parent == name:
                yield file.removesuffix(".toml"), self.files[path]


def read(folder: Path) -> Source:
    """Every *.toml below the folder. TemplateError lists all files that cannot be parsed and all unknown keys."""
    problems: list[Problem] = []
    files: dict[str, dict[str, Any]] = {}
    for file in sorted(folder.rglob("*.toml")):
        path = file.relative_to(folder).as_posix()
        try:
            content = tomllib.loads(file.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            problems.append(Problem(str(error), f"templates/{path}"))
            continue
        except UnicodeDecodeError:
            problems.append(Problem("is not UTF-8 text", f"templates/{path}", hint="save it as UTF-8"))
            continue
        files[path] = content
        problems += [Problem(text, f"templates/{path}", where) for where, text in check(content, _shape_of(path))]
    if problems:
        raise TemplateError(problems)
    return Source(files)


def _shape_of(path: str) -> Any:
    parent, _, file = path.rpartition("/")
    return SHAPES.get(parent or file.removesuffix(".toml"), dict)
