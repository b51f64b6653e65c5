"""One file for each fault, with all that is said about it in the .txt beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_builder.errors import DescriptionError
from crm_builder.settings import parse
from tests.settings.catalog import CATALOG

FAULTS = sorted((Path(__file__).parent / "faults").glob("*.toml"))


def problems(text: str) -> list[str]:
    with pytest.raises(DescriptionError) as caught:
        parse(text, CATALOG)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("path", FAULTS, ids=lambda path: path.stem)
def test_message(path):
    with pytest.raises(DescriptionError) as caught:
        parse(path.read_text("utf-8"), CATALOG, path.name)
    assert str(caught.value) + "\n" == path.with_suffix(".txt").read_text("utf-8")


def test_a_fault_alone_gives_one_message():
    counts = {path.stem: path.with_suffix(".txt").read_text("utf-8").count("\n") for path in FAULTS}
    assert counts.pop("twelve") == 12
    assert set(counts.values()) == {1}


def test_all_faults_of_a_table_at_once_in_the_order_of_their_lines():
    found = problems('[parts]\ncampaigns = 1\n[crm]\nname = ""\ntime_zone = 3\n[[team]]\n[[team]]\nrole = 1\n')
    assert [problem.split(": ")[0] for problem in found] == [f"crm.toml:{n}" for n in (2, 4, 5, 6, 6, 7, 7, 8)]


def test_what_follows_from_a_broken_statement_is_not_a_fault_of_its_own():
    found = problems('[crm\nname = "X"\n[[team]]\nname = Mina\nemail = "mina@example.com"\n[parts]\ncampaigns = ja\n')
    assert [problem.split(": ")[0] for problem in found] == ["crm.toml:1", "crm.toml:4", "crm.toml:7"]


def test_faults_of_syntax_and_of_meaning_together():
    found = problems('[crm]\nname = "X"\nlanguage = en\npreset = "x"\n[lists.deal_stage]\nchoices = [\n "a"\n "b"\n]\n')
    assert [problem.split(": ")[0] for problem in found] == ["crm.toml:3", "crm.toml:4", "crm.toml:8"]


@pytest.mark.parametrize("text", ["[" * 5000, "a = " + "[" * 5000, "a = [\n" * 100 + "\n", "=\n" * 200, "\x00", "\r"])
def test_a_text_that_is_nothing_but_broken(text):
    assert 1 <= len(problems(text)) <= 31


def test_a_value_is_shown_short_and_without_control_characters():
    (problem,) = problems(f'[crm]\nname = "X"\nlanguage = "a\\u0007\\u202E{"b" * 500}"\n')
    assert "\\u0007\\u202e" in problem and len(problem) < 200 and problem.isprintable()
