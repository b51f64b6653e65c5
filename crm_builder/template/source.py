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

    def folders(self, name: str) -> list[str]:
        """The folders right inside a folder: the languages of `words`, the presets of `presets`."""
        inside = (path.removeprefix(f"{name}/") for path in self.files if path.startswith(f"{name}/"))
        return sorted({rest.partition("/")[0] for rest in inside if "/" in rest})

    def merged(self, name: str) -> dict[str, Any]:
        """All files of a folder as one, such as the words of a language. TemplateError for what two of them say."""
        result: dict[str, Any] = {}
        problems: list[Problem] = []
        for key, content in self.folder(name):
            twice = list(_merge(result, content))
            problems += [Problem("another file says this too", f"templates/{name}/{key}.toml", path) for path in twice]
        if problems:
            raise TemplateError(problems)
        return result


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
    """By folder, by name for the files at the top, and by both for those of a preset."""
    parent, _, file = path.rpartition("/")
    name = file.removesuffix(".toml")
    folder = parent.partition("/")[0]
    if folder == "presets":
        return SHAPES["preset" if name == "preset" else "preset_words"]
    return SHAPES.get(folder or name, dict)


def _merge(into: dict[str, Any], content: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """Adds the content, section by section; the paths of values that were there already."""
    for key, value in content.items():
        where = f"{path}.{key}" if path else key
        if isinstance(value, dict):
            yield from _merge(into.setdefault(key, {}), value, where)
        elif key in into:
            yield where
        else:
            into[key] = value
