"""clients.toml: the CRMs of a fleet, each one common description with differences of its own, checked together."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from crm_builder import assets
from crm_builder.deployment import GOOGLE, TARGETS
from crm_builder.errors import CrmError, DescriptionError, FleetError, Problem
from crm_builder.google import Limits
from crm_builder.project import Project, project_of
from crm_builder.settings import FILE_NAME, Catalog, Settings, parse
from crm_builder.settings.check import Checker
from crm_builder.settings.lines import locate
from crm_builder.settings.overlay import Node, Spot, lay_over, plain, spots, toml, tree, without
from crm_builder.settings.read import SECTIONS
from crm_builder.settings.source import Source, read_source, read_text
from crm_builder.settings.words import did_you_mean, dotted, show
from crm_builder.template import Source as Templates
from crm_builder.template import catalog, read

MOST_BYTES = 8 * 1024 * 1024
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_OWN = ("key", "folder", "account", "without")
_TOP = ("base", "target", "account", "budget", "client")
_LIMITS = ("reads", "writes", "user_reads", "user_writes")
_MOST_REQUESTS = 1_000_000
_LINE = re.compile(r"\bline (\d+)\b")
_NAMED = 3


@dataclass(frozen=True)
class FleetClient:
    """One client. `text`: its whole description as TOML; `merged`: the same, with where each part was written.

    `account`: the name of the Google account that it is for; "" where clients.toml names none.
    """

    key: str
    folder: Path
    text: str
    merged: Node
    spot: Spot
    account: str = ""
    settings: Settings | None = None

    @property
    def path(self) -> Path:
        return self.folder / FILE_NAME

    @property
    def name(self) -> str:
        return self.settings.name if self.settings else ""

    def explained(self, problems: Sequence[Problem]) -> list[Problem]:
        """The same problems, told of the file and line that people wrote."""
        return [self._explained(one) if one.file == str(self.path) else one for one in problems]

    def _explained(self, problem: Problem) -> Problem:
        name = problem.path
        while name and name not in self._spots:
            name = name[: max(name.rfind("."), name.rfind("["), 0)]
        spot = self._spots[name] if name and self._spots[name].line else self.spot
        hint = _LINE.sub(self._line, problem.hint)
        return Problem(problem.message, spot.file, spot.path, spot.line, hint)

    def _line(self, found: re.Match[str]) -> str:
        spot = self._lines.get(int(found[1]), self.spot)
        return f"line {spot.line} of {Path(spot.file).name}"

    @cached_property
    def _spots(self) -> dict[str, Spot]:
        return {dotted(path): spot for path, spot in spots(self.merged)}

    @cached_property
    def _lines(self) -> dict[int, Spot]:
        found: dict[int, Spot] = {}
        for path, line in locate(self.text).lines.items():
            if spot := self._spots.get(dotted(path)):
                found[line] = spot  # the last is the innermost
        return found


@dataclass(frozen=True)
class Fleet:
    """`limits` is None where clients.toml says nothing of a budget. `account` is for clients that name none."""

    file: Path
    clients: tuple[FleetClient, ...]
    templates: Templates
    limits: Limits | None = None
    target: str = ""
    account: str = ""

    def project(self, client: FleetClient) -> Project:
        """Everything that follows from a client's description; TemplateError and ModelError as for any crm.toml."""
        assert client.settings is not None
        return project_of(client.folder, self.templates, client.settings)


def load_fleet(file: Path, templates: Path | None = None, only: Collection[str] = ()) -> Fleet:
    """The fleet of a clients.toml; with `only`, those clients of it. FleetError holds all problems of all of them."""
    if not file.exists():
        raise CrmError(f"there is no {file}; docs/fleet.md shows what to write into it")
    source = _source(file, MOST_BYTES)
    checker = Checker(source)
    checker.known((), source.data, _TOP, _homes())
    target, account = _where(checker, source.data)
    limits = _limits(checker, source.data.get("budget"))
    base_path = _base_path(checker, source.data.get("base", FILE_NAME), file)
    base = _base(checker, base_path) if base_path else None
    entries = list(_entries(checker, file.parent, base_path))
    found = read(templates or assets.folder("templates"))
    clients = []
    if base and not base.partial and not source.partial:
        below = tree(base)
        clients = [client for key, folder, at in entries if (client := _merged(checker, below, key, folder, at))]
    unknown = [key for key in only if key not in [entry[0] for entry in entries]]
    if unknown and not checker.problems:
        hint = did_you_mean(unknown[0], [entry[0] for entry in entries])
        raise CrmError(f"no client {show(unknown[0])} in {file}" + (f" ({hint})" if hint else ""))
    clients = [client for client in clients if not only or client.key in only]
    checked, problems = _checked(clients, catalog(found))
    if checker.problems or problems:
        wrong = [*checker.problems, *problems]
        raise FleetError(sorted(wrong, key=lambda one: (one.file != str(base_path), one.line)))
    if not target and (account or any(client.account for client in clients)):
        target = GOOGLE
    return Fleet(file, tuple(checked), found, limits, target, account)


def _source(path: Path, most: int) -> Source:
    try:
        return read_source(read_text(path, most), str(path))
    except DescriptionError as error:
        raise FleetError(error.problems) from None


def _homes() -> dict[str, str]:
    return {name: f"write [client.{name}] below a [[client]], or put it into the base" for name in SECTIONS}


def _where(checker: Checker, data: Mapping[str, Any]) -> tuple[str, str]:
    """(target, account) of the whole fleet; "" for what is not said."""
    target = checker.one_of(("target",), data["target"], TARGETS, "target") if "target" in data else ""
    return target or "", _account(checker, (), data)


def _account(checker: Checker, path: tuple[str | int, ...], table: Mapping[str, Any]) -> str:
    return (checker.text((*path, "account"), table["account"]) or "") if "account" in table else ""


def _limits(checker: Checker, value: Any) -> Limits | None:
    if value is None:
        return None
    table = checker.table(("budget",), value)
    checker.known(("budget",), table, _LIMITS)
    given = {}
    for name in _LIMITS:
        if name not in table:
            continue
        number = checker.number(("budget", name), table[name], 1, _MOST_REQUESTS)
        if number is not None and number != int(number):
            checker.report(("budget", name), f"{show(number)} is no whole number")
        elif number is not None:
            given[name] = int(number)
    return Limits(**given)


def _base_path(checker: Checker, value: Any, file: Path) -> Path | None:
    text = checker.text(("base",), value, longest=1000)
    return file.parent / text if text else None


def _base(checker: Checker, path: Path) -> Source | None:
    """The common description as it is written; whether it is a whole one shows with the differences laid over it."""
    try:
        base = read_source(read_text(path), str(path))
    except DescriptionError as error:
        checker.problems += [replace(one, hint="base = names the common description") for one in error.problems]
        return None
    checker.problems += base.problems
    return base


def _entries(checker: Checker, home: Path, base: Path | None) -> Iterator[tuple[str, Path, int]]:
    """(key, folder, which) of each client."""
    if "client" not in checker.source.data:
        checker.missing((), "there is no client", 'begin with [[client]] and key = "…"')
        return
    keys = []
    folders: dict[str, str] = {}
    for path, table in checker.tables(("client",), checker.source.data["client"]):
        checker.known(path, table, (*_OWN, *SECTIONS))
        if "key" not in table:
            checker.missing(path, "the client has no key", 'add: key = "…"')
            continue
        key = table["key"]
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            hint = "it names a folder and a report: a-z, 0-9, _ and -, at most 40"
            checker.report((*path, "key"), f"{show(key)} is not a client's key", hint)
            continue
        keys.append(((*path, "key"), key))
        text = checker.text((*path, "folder"), table.get("folder", f"clients/{key}"), longest=1000)
        if text is None:
            continue
        folder = home / text
        real = str(folder.resolve()).casefold()  # some file systems take both cases for the same
        if real in folders and folders[real] != key:
            checker.report((*path, "folder"), f"{show(text)} is already the folder of client {folders[real]}")
        elif base and (folder / FILE_NAME).resolve() == base.resolve():
            hint = "its crm.toml would be written over the base"
            checker.report((*path, "folder"), f"{show(text)} is the folder of the base", hint)
        folders.setdefault(real, key)
        yield key, folder, int(path[1])
    checker.unique(keys, "key")


def _merged(checker: Checker, below: Node, key: str, folder: Path, at: int) -> FleetClient | None:
    path = ("client", at)
    account = _account(checker, path, checker.source.data["client"][at])
    own = tree(checker.source, path)
    base, clean = below, True
    names = checker.source.data["client"][at].get("without", [])
    if not isinstance(names, list):
        checker.report((*path, "without"), f"this must be a list, not {show(names)}", 'write without = ["…", "…"]')
        clean = False
        names = []
    for index, name in enumerate(names):
        if not isinstance(name, str):
            checker.report((*path, "without", index), f"this must be a text, not {show(name)}")
            clean = False
            continue
        base, missing, known = without(base, name)
        if missing:
            hint = did_you_mean(missing, known, "it names a part of the base, such as fields.customers.nickname")
            checker.report((*path, "without", index), f"the base has no {show(name)}", hint)
            clean = False
    sections = {name: node for name, node in own.value.items() if name in SECTIONS}
    merged = lay_over(base, Node(sections, own.spot))
    if not isinstance(merged.value, Mapping) or not clean:
        return None
    return FleetClient(key, folder, toml(plain(merged)), merged, own.spot, account)


def _checked(clients: Sequence[FleetClient], offered: Catalog) -> tuple[list[FleetClient], list[Problem]]:
    """The clients with their settings, and what is wrong with any: what all have from the base is told once."""
    checked: list[FleetClient] = []
    found: dict[Problem, list[str]] = {}
    for client in clients:
        try:
            checked.append(replace(client, settings=parse(client.text, offered, str(client.path))))
        except DescriptionError as error:
            for problem in client.explained(error.problems):
                found.setdefault(problem, []).append(client.key)
    problems = [
        replace(problem, message=f"{_named(keys, len(clients))}: {problem.message}") for problem, keys in found.items()
    ]
    return checked, problems


def _named(keys: Sequence[str], all_of_them: int) -> str:
    if len(keys) == 1:
        return f"client {keys[0]}"
    if len(keys) == all_of_them:
        return "every client"
    more = len(keys) - _NAMED
    return f"clients {', '.join(keys[:_NAMED])}" + (f" and {more} more" if more > 0 else "")
