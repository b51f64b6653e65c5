"""The promises that the code makes about itself: imports go down only, files stay small, no Python names a table."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "crm_builder"
FILES = sorted(PACKAGE.rglob("*.py"))

# Each room and the rooms it may import; a room may always import itself.
FLOORS = {
    "errors": set(),
    "a1": set(),
    "formulas": {"a1"},
    "assets": set(),
    "lock": {"errors"},
    "model": {"errors"},
    "settings": {"errors", "assets"},
    "plan": {"errors", "model"},
    "template": {"errors", "model", "plan", "settings"},
    "data": {"errors", "model"},
    "sheets": {"errors", "a1", "model", "plan"},
    "script": {"errors", "model", "settings"},
    "google": {"errors"},
    "local": {"errors", "lock", "a1", "formulas", "xlsx"},
    "preview": {"errors", "a1"},
    "xlsx": {"errors", "a1", "formulas"},
    "deployment": {"errors"},
    "project": {
        "errors",
        "assets",
        "model",
        "settings",
        "template",
        "plan",
        "sheets",
        "script",
        "data",
        "deployment",
    },
    "deploy": {
        "errors",
        "lock",
        "a1",
        "formulas",
        "model",
        "plan",
        "project",
        "deployment",
        "sheets",
        "script",
        "google",
        "local",
        "preview",
        "xlsx",
    },
    "fleet": {
        "errors",
        "assets",
        "settings",
        "template",
        "plan",
        "project",
        "deploy",
        "deployment",
        "google",
        "sheets",
    },
    "commands": {
        "fleet",
        "errors",
        "assets",
        "model",
        "settings",
        "template",
        "plan",
        "project",
        "deploy",
        "deployment",
        "google",
        "local",
        "sheets",
    },
    "cli": {"commands"},
    "demo": {"cli", "commands"},
    "__main__": {"cli"},
}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    """The rooms that a file imports, late imports included."""
    rooms = set()
    package = ["crm_builder", *path.relative_to(PACKAGE).parent.parts]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            names = [f"{module}.{alias.name}" for alias in node.names] if module == "crm_builder" else [module]
        rooms |= {name.split(".")[1] for name in names if name.startswith("crm_builder.")}
    return rooms - {"__version__"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_go_down_only(path: Path) -> None:
    room = room_of(path)
    if room == "__init__":
        assert not imported_rooms(path)
        return
    assert imported_rooms(path) <= FLOORS[room] | {room}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_file_says_what_it_is_for_and_stays_small(path: Path) -> None:
    text = path.read_text("utf-8")
    assert ast.get_docstring(ast.parse(text)), "the file does not say what it is for"
    assert len(text.splitlines()) <= 350


def test_no_python_names_a_table() -> None:
    """Tables, lists and helpers are data; code that names one would have to change with the templates."""
    templates = ROOT / "templates"
    keys = {path.stem for folder in ("tables", "helpers") for path in (templates / folder).glob("*.toml")}
    # Words that are also something else in the code: the room `settings`, choice lists and their choices, the calendar of
    # dates and its section of periods, how a pivot sums up, what a table puts away.
    keys -= {"settings", "lists", "calendar", "choices", "periods", "summary", "archive"}
    found = []
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in keys:
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}: {node.value}")
    assert not found


def test_heavy_modules_are_imported_late() -> None:
    """Nothing on the way to `--help` imports the REST client, the engine or Jinja."""
    heavy = {"googleapiclient", "formualizer", "jinja2", "httplib2", "google_auth_oauthlib"}
    light = {"errors", "assets", "deployment", "commands"}
    for path in (
        PACKAGE / "cli.py",
        *(PACKAGE / "commands").glob("*.py"),
        PACKAGE / "assets.py",
        PACKAGE / "errors.py",
    ):
        top = ast.parse(path.read_text("utf-8")).body
        names = {alias.name for node in top if isinstance(node, ast.Import) for alias in node.names}
        names |= {node.module or "" for node in top if isinstance(node, ast.ImportFrom)}
        assert not {name.split(".")[0] for name in names} & heavy
        assert not [name for name in names if name.startswith("crm_builder.") and room_name(name) not in light]


def room_name(module: str) -> str:
    return module.split(".")[1]
