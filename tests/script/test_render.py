"""A CRM's script from its description: files, words, scopes, and the faults of templates."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from crm_builder.errors import TemplateError
from crm_builder.project import Project
from crm_builder.script import MANIFEST, ScriptFile, ScriptProject, WebApp, decode, encode, render
from crm_builder.script.sources import words_used
from crm_builder.settings.values import Google
from crm_builder.sheets.marks import SCRIPT_MARKS
from tests.script.javascript import run

Crm = Callable[..., Project]


def rendered(project: Project, folder: Path, **more) -> ScriptProject:
    words, settings = project.rendered.context.words, more.pop("settings", project.settings)
    facts = project.rendered.script
    return render(project.rendered.workbook, settings, more.pop("words", words), SCRIPT_MARKS, folder, facts)


def file_of(script: ScriptProject, name: str) -> str:
    return next(file.source for file in script.files if file.name == name)


def test_the_sources_are_deployed_byte_for_byte(crm: Crm, sources: Path) -> None:
    script = crm().script
    paths = [path for path in sources.rglob("*") if path.suffix in (".js", ".html")]
    there = {path.relative_to(sources).with_suffix("").as_posix(): path.read_bytes() for path in paths}
    assert {file.name: file.source.encode() for file in script.files if file.name in there} == there
    assert {file.name for file in script.files} - there.keys() == {MANIFEST, "Config"}


def test_the_manifest_has_the_time_zone_of_the_crm_and_asks_for_what_its_files_need(crm: Crm) -> None:
    manifest = json.loads(file_of(crm("fa").script, MANIFEST))
    auth = "https://www.googleapis.com/auth/"
    assert manifest["timeZone"] == "Asia/Tehran"
    assert {auth + "script.container.ui", auth + "spreadsheets.currentonly"} < set(manifest["oauthScopes"])
    assert auth + "script.send_mail" in manifest["oauthScopes"]
    without = json.loads(file_of(crm("fa", "[google]\nmail = false\n").script, MANIFEST))
    assert set(without["oauthScopes"]) < set(manifest["oauthScopes"]) and "webapp" not in without
    assert auth + "script.send_mail" not in without["oauthScopes"]


def test_a_mailbox_is_read_only_where_crm_toml_asks_for_it(crm: Crm) -> None:
    mailbox = "https://mail.google.com/"
    assert mailbox not in crm().script.scopes
    assert mailbox in crm("en", "[google]\nreplies = true\n").script.scopes


def test_a_scope_may_belong_to_a_part_alone(crm: Crm, tmp_path: Path) -> None:
    lines = [
        "@scope https://auth/a",
        "@scope https://auth/b mail",
        "@scope https://auth/c replies",
        "@scope https://auth/d web",
    ]
    (tmp_path / "Mail.js").write_text("/**\n * Sends.\n *\n * " + "\n * ".join(lines) + "\n */\n", "utf-8")
    for google, letters in (
        (Google(), "abd"),
        (Google(replies=True, web=False), "abc"),
        (Google(mail=False, replies=True), "a"),  # neither web nor replies without mail
    ):
        script = rendered(crm(), tmp_path, settings=replace(crm().settings, google=google))
        assert script.scopes == tuple(f"https://auth/{letter}" for letter in letters)
        assert "Mail" in script.digests


def test_a_part_that_is_off_leaves_its_files_and_scopes_out(crm: Crm, tmp_path: Path) -> None:
    (tmp_path / "Mail.js").write_text("/**\n * Sends.\n * @part mail\n * @scope https://auth/mail\n */\n", "utf-8")
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "Help.html").write_text("<!-- Shows. @scope https://auth/ui -->\n<p>", "utf-8")
    on = rendered(crm(), tmp_path)
    assert on.scopes == ("https://auth/mail", "https://auth/ui")
    assert [(file.name, file.type) for file in on.files[2:]] == [("Mail", "SERVER_JS"), ("pages/Help", "HTML")]
    without = replace(crm().settings, google=Google(mail=False))
    other = replace(crm().settings, parts={**crm().settings.parts, "mail": False})
    for settings in (without, other):
        off = rendered(crm(), tmp_path, settings=settings)
        assert off.scopes == ("https://auth/ui",) and "Mail" not in off.digests


@pytest.mark.parametrize(
    ("more", "there"),
    [
        ("", True),
        ("[google]\nweb = false\n", False),
        ("[google]\nmail = false\n", False),
        ("[parts]\nmail = false\n", False),
        ("[google]\nscript = true\nreplies = true\n", True),
    ],
)
def test_a_web_app_stands_in_the_manifest_where_there_are_mails(crm: Crm, more: str, there: bool) -> None:
    script = crm("en", more).script
    wanted = {"access": "ANYONE_ANONYMOUS", "executeAs": "USER_DEPLOYING"} if there else None
    assert json.loads(file_of(script, MANIFEST)).get("webapp") == wanted
    assert script.web_app == (WebApp("ANYONE_ANONYMOUS") if there else None)


def test_the_configuration_is_javascript_and_knows_sheets_by_key(crm: Crm) -> None:
    project = crm()
    config = run(project.script.files, "return CONFIG;")
    assert config["name"] == project.settings.name and config["words"] == project.rendered.context.words["script"]
    assert list(config["sheets"]) == [sheet.key for sheet in project.rendered.workbook.sheets]
    leads, home = config["sheets"]["leads"], config["sheets"]["home"]
    assert [leads[name] for name in ("title", "kind", "prefix", "anchor")] == ["Leads", "table", "L", "name"]
    assert leads["lists"]["status"] == "lead_status" and leads["automation"]["since"] == {"status": "status_since"}
    assert home == {"title": "Home", "kind": "view", "prefix": "", "anchor": "", "lists": {}, "automation": {}}
    assert config["team"] == [{"name": one.name, "email": one.email, "role": one.role} for one in project.settings.team]
    assert config["google"] == {"mail": True, "web": True, "replies": False}
    assert config["choices"]["lead_status"]["lost"] == "Lost" and "choice" in config["textTypes"]


def test_the_configuration_knows_the_days_of_the_calendar(crm: Crm) -> None:
    config = run(crm("fa").script.files, "return CONFIG;")
    assert (config["weekend"], config["weekStart"]) == ([4, 5], 6)  # Thursday and Friday; the week begins on Saturday
    assert {"01-01", "01-13", "11-22", "12-29"} < set(config["fixedHolidays"]) and "jalali" in config["textTypes"]
    assert config["sheets"]["interactions"]["anchor"] == "date_jalali"
    config = run(crm("en").script.files, "return CONFIG;")
    assert (config["weekend"], config["weekStart"]) == ([6, 0], 1)


def test_a_field_of_crm_toml_makes_no_other_script(crm: Crm) -> None:
    more = '[[fields.leads]]\nkey = "size"\ntitle = "Size"\ntype = "choice"\nchoices = ["Big", "Small"]\n'
    assert crm("en", more).script.digests["Config"] == crm().script.digests["Config"]


def test_what_is_automatic_leaves_out_what_this_crm_does_not_have(crm: Crm) -> None:
    more = """[lists.lead_status]
choices = [{ title = "Fresh" }, { key = "converted", title = "Won over" }, { key = "lost", title = "Gone" }]
[lists.task_status]
choices = [{ key = "done", title = "Finished" }]
"""
    sheets = crm("en", more).rendered.script["sheets"]
    assert "defaults" not in sheets["leads"]["automation"] and "paired" not in sheets["tasks"]["automation"]
    assert sheets["tasks"]["automation"]["defaults"] == {"priority": "normal"}


def test_the_digest_follows_every_file(crm: Crm) -> None:
    script = crm().script
    assert script.digest == rendered(crm(), Path(__file__).parents[2] / "appsscript").digest
    for number in range(len(script.files)):
        files = list(script.files)
        files[number] = replace(files[number], source=files[number].source.replace(" ", "  ", 1) + "// x")
        assert replace(script, files=tuple(files)).digest != script.digest


def test_what_the_service_does_to_texts_is_no_difference() -> None:
    assert ScriptFile("a", "SERVER_JS", "x\r\ny\n").digest == ScriptFile("a", "SERVER_JS", "x\ny").digest
    assert ScriptFile("a", "JSON", '{"b":1, "a":2}').digest == ScriptFile("a", "JSON", '{\n"a": 2,\n"b": 1}').digest
    assert ScriptFile("a", "HTML", "x").digest != ScriptFile("a", "SERVER_JS", "x").digest
    assert ScriptFile("a", "JSON", "{").digest != ScriptFile("a", "JSON", "[").digest


def test_files_go_out_and_come_back_as_they_are(crm: Crm) -> None:
    assert decode(encode(crm().script.files)) == crm().script.files


def test_a_missing_word_is_told_where_it_belongs(crm: Crm, sources: Path) -> None:
    words = crm().rendered.context.words
    menu = {key: text for key, text in words["script"]["menu"].items() if key != "about"}
    with pytest.raises(TemplateError) as caught:
        rendered(crm(), sources, words={**words, "script": {**words["script"], "menu": menu}})
    assert str(caught.value) == "templates/words/en: script.menu.about: no word for this text of the script (add it)"


def test_both_languages_have_the_words_that_are_used_and_no_others(crm: Crm, sources: Path) -> None:
    used = {use for path in sources.glob("*.js") for use in words_used(path.read_text("utf-8"))}
    for language in ("en", "fa"):
        said = crm(language).rendered.context.words["script"]
        assert {(section, word) for section, words in said.items() for word in words} == used


def test_the_sources_name_no_title_and_no_word_of_a_language(crm: Crm, sources: Path) -> None:
    texts = set()
    for language in ("en", "fa"):
        words = crm(language).rendered.context.words
        texts |= {word for section in words["script"].values() for word in section.values()}
        texts |= {sheet.title for sheet in crm(language).rendered.workbook.sheets}
    for path in sources.glob("*.js"):
        literals = set(re.findall(r"'([^'\n]*)'|`([^`]*)`", path.read_text("utf-8")))
        assert path.read_text("utf-8").isascii() and not {text for pair in literals for text in pair} & (texts - {""})
