"""`write_new`: what it writes loads, equals the defaults, and everything that it shows switched off works too."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from crm_builder.errors import DescriptionError
from crm_builder.settings import load, parse, write_new
from crm_builder.settings.changes import RISKS
from tests.settings.catalog import CATALOG

LANGUAGES = pytest.mark.parametrize("language", CATALOG.languages)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


def refused(folder: Path, **options) -> str:
    with pytest.raises(DescriptionError) as caught:
        write_new(folder, CATALOG, **options)
    return str(caught.value)


@LANGUAGES
def test_a_new_file_loads_and_equals_the_defaults(tmp_path, language):
    path = write_new(tmp_path / "a" / "b", CATALOG, language=language, preset="courses", name="نام‌ها")
    bare = f'[crm]\nname = "نام‌ها"\nlanguage = "{language}"\npreset = "courses"\n'
    assert load(path, CATALOG) == parse(bare, CATALOG, str(path))
    assert files(tmp_path) == ["a", "b", "crm.toml"]


@LANGUAGES
def test_every_line_that_is_switched_off_can_be_switched_on(tmp_path, language):
    path = write_new(tmp_path, CATALOG, language=language)
    before = load(path, CATALOG)
    path.write_text(re.sub(r"(?m)^#(?=[^ \n])", "", path.read_text("utf-8")), "utf-8")
    after = load(path, CATALOG)
    shown = {"team": after.team, "fields": after.fields, "lists": after.lists, "changes": after.changes}
    assert after == dataclasses.replace(before, **shown)
    assert len(after.changes.delete) == 3 and after.changes.accept == ("currency",)
    assert len(after.team) == 1
    assert [field.type for field in after.fields] == ["text", "choice"]
    assert {chosen.key: tuple(choice.key for choice in chosen.choices) for chosen in after.lists} == CATALOG.lists
    assert after.lists[1].choices[1].color == "#188038"


@LANGUAGES
def test_every_name_of_the_catalog_is_shown(tmp_path, language):
    text = write_new(tmp_path, CATALOG, language=language).read_text("utf-8")
    names = {*CATALOG.languages, *CATALOG.presets, *CATALOG.tables, *CATALOG.lists, *CATALOG.parts}
    names |= {*CATALOG.thresholds, *CATALOG.field_types, *CATALOG.calendars, *CATALOG.currencies, *CATALOG.colours}
    names |= {*RISKS, "was", "delete", "script", "mail", "share"}
    assert {name for name in names if not re.search(rf"\b{name}\b", text)} == set()


def test_the_choices_shown_are_those_of_the_preset(tmp_path):
    text = write_new(tmp_path, CATALOG, preset="courses").read_text("utf-8")
    assert '#{ key = "webinar", title = "Webinar", color = "green" },' in text and "website" not in text


def test_every_preset_is_told_with_what_it_is(tmp_path):
    text = write_new(tmp_path, CATALOG).read_text("utf-8")
    assert "\n# general\n# freelancer\n# courses – courses and workshops\npreset = " in text


@LANGUAGES
def test_fields_and_thresholds_of_the_preset_are_shown_as_they_are(tmp_path, language):
    path = write_new(tmp_path, CATALOG, language=language, preset="freelancer")
    before = load(path, CATALOG)
    shown = re.sub(r"(?m)^#(?=[^ \n])", "", path.read_text("utf-8"))
    assert "loyal_orders = 5" in shown
    path.write_text(shown, "utf-8")
    after = load(path, CATALOG)
    assert [field for field in after.fields if field.key in ("level", "wish")] == list(before.fields)
    assert len(after.fields) == len(before.fields) + 2
    assert after.thresholds == before.thresholds


def test_words_of_the_catalog_are_comments_and_titles(tmp_path):
    text = write_new(tmp_path, CATALOG).read_text("utf-8")
    assert "# Purchases that make a customer a VIP\n#vip_value = 5000  # 0 to 1000000\n" in text
    assert '#{ key = "won", title = "Won, \\"signed\\"", color = "green" },\n' in text
    assert "#vip_value = 250000000 " in write_new(tmp_path / "fa", CATALOG, language="fa").read_text("utf-8")


@pytest.mark.parametrize("name", ['a "b" \\ #c', "it's [x]", "Zoë & کافه‌ی مینا", "{{ 1 }}", "x" * 100])
def test_names_are_kept_as_they_are(tmp_path, name):
    assert load(write_new(tmp_path, CATALOG, name=name), CATALOG).name == name


def test_the_folder_gives_the_name(tmp_path, monkeypatch):
    assert load(write_new(tmp_path / "کافه", CATALOG), CATALOG).name == "کافه"
    monkeypatch.chdir(tmp_path)
    assert load(write_new(Path("."), CATALOG), CATALOG).name == tmp_path.name


@pytest.mark.parametrize("name", ["", "=1", "a\nb", "a\x7fb", "\udc80", "x" * 101])
def test_an_unfit_name_writes_nothing(tmp_path, name):
    assert "crm.name: " in refused(tmp_path / "new", name=name)
    assert files(tmp_path) == []


def test_an_unknown_language_and_preset_are_both_reported(tmp_path):
    text = refused(tmp_path / "new", language="../fa", preset="generel")
    assert text.splitlines() == [
        'language: unknown language "../fa" (known are: en, fa)',
        'preset: unknown preset "generel" (did you mean "general"?)',
    ]
    assert files(tmp_path) == []


def test_nothing_is_overwritten(tmp_path):
    path = write_new(tmp_path, CATALOG)
    path.write_text("mine")
    assert "there is a crm.toml already" in refused(tmp_path)
    assert path.read_text() == "mine"
    assert files(tmp_path) == ["crm.toml"]


def test_a_link_to_nowhere_is_not_overwritten(tmp_path):
    (tmp_path / "crm.toml").symlink_to(tmp_path / "nowhere")
    assert "there is a crm.toml already" in refused(tmp_path)
    assert (tmp_path / "crm.toml").is_symlink()


def test_a_file_where_the_folder_should_be(tmp_path):
    (tmp_path / "x").write_text("mine")
    assert "cannot be written" in refused(tmp_path / "x")
    assert (tmp_path / "x").read_text() == "mine"


def test_a_write_that_breaks_off_leaves_nothing(tmp_path, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    assert "No space left on device" in refused(tmp_path)
    assert files(tmp_path) == []
