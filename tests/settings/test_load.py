"""Reading: what a good file says, and files that cannot be read at all."""

from __future__ import annotations

import dataclasses
import os

import pytest

from crm_builder.errors import DescriptionError
from crm_builder.settings import Changes, Choice, ChoiceList, Deletion, Field, Google, Member, load, parse
from tests.settings.catalog import CATALOG

FULL = """
[crm]
name = " کافه‌ی مینا "
language = "fa"
preset = "courses"
calendar = "gregorian"
currency = "EUR"
time_zone = "Asia/Tehran"
accent = "green"
digits = "latin"

[[team]]
name = "مینا رحیمی"
email = "mina@example.com"
role = "owner"

[[team]]
name = "Tom"
email = "tom@example.com"

[[fields.leads]]
key = "site"
title = "وب‌سایت"
type = "url"
note = '''two
lines'''

[[fields.customers]]
key = "size"
title = "Size"
type = "choice"
choices = ["Small", "Large"]
required = true

[lists.deal_stage]
choices = [
  "باز",
  { key = "won", color = "#aBcDeF" },
  { key = "lost", title = "Gone", color = "red" },
]

[lists.lead_source]
extend = true
choices = ["Fair"]

[thresholds]
vip_value = 900
vip_share = 0.5

[parts]
mailing = true

[google]
mail = false
share = false

[changes]
delete = ["leads.old", "lists.lead_source.Dr. No"]
accept = ["currency"]
"""

MINIMAL = '[crm]\nname = "Studio"\n'


def problem(path) -> str:
    with pytest.raises(DescriptionError) as caught:
        load(path, CATALOG)
    (only,) = caught.value.problems
    return str(only)


def test_every_setting_is_read():
    settings = parse(FULL, CATALOG, "x.toml")
    assert vars(settings) | {"team": 0, "fields": 0, "lists": 0} == {
        "name": "کافه‌ی مینا",
        "language": "fa",
        "calendar": "gregorian",
        "currency": "EUR",
        "time_zone": "Asia/Tehran",
        "preset": "courses",
        "accent": "#188038",
        "digits": "latin",
        "team": 0,
        "fields": 0,
        "lists": 0,
        "changes": Changes((Deletion(("leads", "old")), Deletion(("lists", "lead_source", "Dr. No"))), ("currency",)),
        "thresholds": {"vip_value": 900, "vip_share": 0.5, "loyal_orders": 3, "at_risk_days": 60, "inactive_days": 180},
        "parts": {"campaigns": True, "mailing": True},
        "file": "x.toml",
        "google": Google(script=True, mail=False, share=False, web=False),
    }
    assert settings.team == (
        Member("مینا رحیمی", "mina@example.com", "owner"),
        Member("Tom", "tom@example.com", "editor"),
    )
    assert settings.fields == (
        Field("leads", "site", "وب‌سایت", "url", note="two\nlines"),
        Field("customers", "size", "Size", "choice", ("Small", "Large"), required=True),
    )
    assert settings.lists == (
        ChoiceList(
            "deal_stage",
            (Choice(None, "باز"), Choice("won", "", "#ABCDEF"), Choice("lost", "Gone", "#C5221F")),
        ),
        ChoiceList("lead_source", (Choice(None, "Fair"),), extend=True),
    )


def test_a_name_is_enough():
    settings = parse(MINIMAL, CATALOG)
    assert (settings.language, settings.calendar, settings.currency) == ("en", "gregorian", "USD")
    assert (settings.time_zone, settings.preset, settings.digits) == ("Europe/Berlin", "general", "latin")
    assert settings.accent == "#2F6FED"
    assert settings.parts == CATALOG.parts
    assert settings.thresholds == {name: limits[0] for name, limits in CATALOG.thresholds.items()}


def test_the_language_brings_its_own_defaults():
    settings = parse(MINIMAL + 'language = "fa"\n', CATALOG)
    assert (settings.calendar, settings.currency, settings.time_zone) == ("jalali", "IRT", "Asia/Tehran")
    assert settings.digits == "persian"


def test_amounts_are_scaled_to_the_currency_and_so_are_their_limits():
    rials = MINIMAL + 'currency = "IRT"\n[thresholds]\n'
    assert parse(rials, CATALOG).thresholds["vip_value"] == 250_000_000
    assert parse(rials, CATALOG).thresholds["loyal_orders"] == 3
    assert parse(rials + "vip_value = 300_000_000\n", CATALOG).thresholds["vip_value"] == 300_000_000
    with pytest.raises(DescriptionError, match="from 0 to 1000000"):
        parse(MINIMAL + "[thresholds]\nvip_value = 300_000_000\n", CATALOG)


def test_a_preset_has_choices_of_its_own():
    chosen = '[lists.lead_source]\nchoices = [{ key = "webinar" }]\n'
    assert parse(f'{MINIMAL}preset = "courses"\n{chosen}', CATALOG).lists[0].choices == (Choice("webinar", ""),)
    with pytest.raises(DescriptionError, match='unknown choice of lead_source "webinar"'):
        parse(MINIMAL + chosen, CATALOG)


def test_a_preset_brings_fields_which_crm_toml_may_say_otherwise():
    text = f'{MINIMAL}preset = "freelancer"\n'
    level, wish = CATALOG.fields_for("freelancer", "en")
    assert parse(text, CATALOG).fields == (level, wish)
    own = '[[fields.customers]]\nkey = "pet"\ntitle = "Pet"\ntype = "text"\n'
    changed = '[[fields.customers]]\nkey = "level"\ntitle = "Stage"\ntype = "text"\n'
    assert parse(text + own + changed, CATALOG).fields == (
        Field("customers", "level", "Stage", "text"),
        wish,
        Field("customers", "pet", "Pet", "text"),
    )


def test_a_preset_has_thresholds_of_its_own():
    found = parse(f'{MINIMAL}preset = "freelancer"\ncurrency = "IRT"\n', CATALOG).thresholds
    assert (found["vip_value"], found["loyal_orders"], found["inactive_days"]) == (900 * 50_000, 5, 180)


RENAMED = """
[[team]]
name = "Mina R."
email = "mina@example.com"
was = "Mina"
[[fields.customers]]
key = "size"
title = "Size"
type = "choice"
choices = ["Small", { title = "Large", was = "Big" }, { title = "Huge" }]
was = "volume"
[lists.lead_source]
extend = true
choices = [{ title = "Fair", was = "Expo" }, { key = "social", was = "Networks" }, { title = "expo hall", was = "hall" }]
"""


def test_former_names_are_read():
    settings = parse(MINIMAL + RENAMED, CATALOG)
    assert settings.team[0].was == "Mina"
    (field,) = settings.fields
    assert (field.was, field.choices, field.renames) == ("volume", ("Small", "Large", "Huge"), (("Big", "Large"),))
    assert [choice.was for choice in settings.lists[0].choices] == ["Expo", "Networks", "hall"]


def test_a_former_name_of_the_preset_holds_although_crm_toml_says_the_rest():
    levels = CATALOG.preset_fields["freelancer"]["en"]
    said = (dataclasses.replace(levels[0], was="grade"), levels[1])
    catalog = dataclasses.replace(CATALOG, preset_fields={"freelancer": {"en": said}})
    own = '[[fields.customers]]\nkey = "level"\ntitle = "Stage"\ntype = "text"\n'
    fields = parse(f'{MINIMAL}preset = "freelancer"\n{own}', catalog).fields
    assert fields[0] == Field("customers", "level", "Stage", "text", was="grade")


def test_what_is_to_be_deleted_knows_its_line_and_need_not_be_known():
    text = f'{MINIMAL}[changes]\ndelete = [\n"nothing",\n"a.b",\n]\naccept = ["currency", "currency"]\n'
    changes = parse(text, CATALOG).changes
    assert [(str(one), one.line) for one in changes.delete] == [("nothing", 5), ("a.b", 6)]
    assert changes.accept == ("currency",)


def test_a_mistaken_preset_or_currency_does_not_make_others_mistaken():
    text = f'{MINIMAL}preset = "cours"\ncurrency = "IRTT"\n[thresholds]\nvip_value = 300_000_000\n'
    with pytest.raises(DescriptionError) as caught:
        parse(text + '[lists.lead_source]\nchoices = [{ key = "webinar" }]\n', CATALOG)
    assert [problem.path for problem in caught.value.problems] == ["crm.preset", "crm.currency"]


def test_settings_are_frozen_and_hashable():
    settings = parse(FULL, CATALOG)
    assert settings == parse(FULL, CATALOG)
    assert hash(settings) == hash(parse(FULL, CATALOG))
    assert settings != parse(FULL.replace("mailing = true", ""), CATALOG)
    with pytest.raises(TypeError):
        settings.parts["mailing"] = False
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.name = "x"


@pytest.mark.parametrize(
    "address",
    ["a@example.com", "a.b+c@mail.example.com", "o'neil@example.com", "A_1@exa-mple.co", "x@نمونه.ایران"],
)
def test_good_addresses(address):
    text = f'{MINIMAL}[[team]]\nname = "A"\nemail = "{address}"\n'
    assert parse(text, CATALOG).team[0].email == address


@pytest.mark.parametrize(
    "address",
    ["", "a", "@example.com", "a@", "a@b", "a b@example.com", "a..b@example.com", "a.@example.com", "a@-x.com",
     "a@example.com\\n", "a@example.com, b@example.com", "A <a@example.com>", "a@example..com", "+a@example.com"],
)  # fmt: skip
def test_bad_addresses(address):
    if address.endswith("\\n"):
        address += "x"  # spaces around an address are no fault
    with pytest.raises(DescriptionError, match="is not an e-mail address"):
        parse(f'{MINIMAL}[[team]]\nname = "A"\nemail = "{address}"\n', CATALOG)


def test_windows_line_ends_and_byte_order_mark(tmp_path):
    path = tmp_path / "crm.toml"
    path.write_bytes(b"\xef\xbb\xbf" + FULL.replace("\n", "\r\n").encode())
    assert dataclasses.replace(load(path, CATALOG), file="") == parse(FULL, CATALOG, "")
    path.write_bytes(path.read_bytes().replace(b'"courses"', b'"course"'))
    assert problem(path).startswith(f"{path}:5: crm.preset: ")


def test_no_file(tmp_path):
    assert f"there is no such file (write one with: crm-builder new {tmp_path})" in problem(tmp_path / "crm.toml")


def test_a_folder(tmp_path):
    assert "this is a folder" in problem(tmp_path)


def test_a_path_through_a_file(tmp_path):
    (tmp_path / "x").write_text("")
    assert str(tmp_path) in problem(tmp_path / "x" / "crm.toml")


def test_a_path_with_a_null_character(tmp_path):
    assert problem(tmp_path / "a\0b")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe(tmp_path):
    os.mkfifo(tmp_path / "crm.toml")
    assert "not a regular file" in problem(tmp_path / "crm.toml")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (FULL.encode("utf-16"), "saved as UTF-16"),
        ('[crm]\nname = "Zoë"\n'.encode("latin-1"), ":2: byte 0xeb is not UTF-8"),
        (b"#" * 300_000, "larger than 256 KB"),
        (b"", "[crm] is missing"),
    ],
)
def test_bytes_that_are_no_description(tmp_path, raw, said):
    path = tmp_path / "crm.toml"
    path.write_bytes(raw)
    assert said in problem(path)


@pytest.mark.parametrize(
    ("text", "google"),
    [
        ("", Google(True, True, True, web=True, replies=False)),
        ("[google]\n", Google()),
        ("[google]\nreplies = true\n", Google(replies=True)),
        ("[google]\nweb = false\n", Google(web=False)),
        ("[google]\nmail = false\n", Google(mail=False, web=False)),  # the links in them go with them
        ("[google]\nscript = false\n", Google(False, False, web=False)),  # the mails go with it
        ("[google]\nscript = false\nmail = false\nshare = false\n", Google(False, False, False, False)),
    ],
)
def test_the_ladder_of_what_is_set_up_at_google(text, google):
    assert parse(MINIMAL + text, CATALOG).google == google
