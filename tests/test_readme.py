"""The README's promises: its commands exist, its pictures and files are there, what it prints is printed so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from crm_builder.cli import main

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_pictures_and_linked_files_exist() -> None:
    links = re.findall(r"\]\(([^)]+)\)", README)
    assert links
    assert not [link for link in links if not (ROOT / link).is_file()]


def test_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"make ([a-z]+)", README):
        assert re.search(rf"^{target}:", makefile, re.M)


def test_commands_and_options_exist() -> None:
    for name, rest in re.findall(r"crm-builder ([a-z]+)([^\n`|#]*)", README):
        command = main.commands[name]
        known = {option for parameter in command.params for option in parameter.opts + parameter.secondary_opts}
        assert set(re.findall(r"(?<=\s)--?[A-Za-z][a-z-]*", rest)) <= known


def test_the_shown_mistakes_are_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = re.search(r"^crm\.toml cannot be used:\n(?:.*\n)+?\d+ problems; nothing was changed\.\n", README, re.M)
    assert shown
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    runner.invoke(main, ["new", "my-crm", "--name", "My business", "--member", "Maya Collins <maya@example.com>"])
    path = Path("my-crm/crm.toml")
    text = path.read_text("utf-8").replace('"USD"', '"EURO"').replace('"Europe/London"', '"Berlin"')
    path.write_text(text, "utf-8")
    assert runner.invoke(main, ["up", "-C", "my-crm"]).stderr == shown[0]
