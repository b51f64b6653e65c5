"""Every preset in every language: its words are whole, its story is believable, its faults are told where they stand."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crm_builder.assets import folder
from crm_builder.data.calendars import date_text
from crm_builder.errors import TemplateError
from crm_builder.settings import Settings, load, parse, write_new
from crm_builder.template import Source, catalog, read
from crm_builder.template.context import Context, make_context
from crm_builder.template.presets import own_words, preset_of, preset_problems
from crm_builder.template.sample import generate
from crm_builder.template.sample_story import Told, tell

LANGUAGES = ("en", "fa")
PRESETS = sorted(path.parent.name for path in (folder("templates") / "presets").glob("*/preset.toml"))
TRADES = [preset for preset in PRESETS if preset != "general"]
DAYS = (dt.date(2026, 3, 21), dt.date(2025, 12, 31), dt.date(2026, 11, 22))
TEAM = {"en": ("Alex Reed", "Robin Hale"), "fa": ("آوا رستگار", "بردیا نیک‌پور")}
HAPPENED = {"created_at", "updated_at", "closed_on", "first_contact", "contact_date", "date", "since", "sent_at"}
PLACEHOLDERS = {"name", "company", "product", "sender"}

each = pytest.mark.parametrize(("preset", "language"), [(p, lang) for p in PRESETS for lang in LANGUAGES])
each_trade = pytest.mark.parametrize(("preset", "language"), [(p, lang) for p in TRADES for lang in LANGUAGES])
on_each_day = pytest.mark.parametrize("day", DAYS, ids=str)


@functools.cache
def source() -> Source:
    return read(folder("templates"))


@functools.cache
def settings_of(preset: str, language: str) -> Settings:
    team = "".join(f'[[team]]\nname = "{name}"\nemail = "x{n}@example.com"\n' for n, name in enumerate(TEAM[language]))
    return parse(f'[crm]\nname = "X"\nlanguage = "{language}"\npreset = "{preset}"\n{team}', catalog(source()))


@functools.cache
def context_of(preset: str, language: str) -> Context:
    return make_context(source(), settings_of(preset, language))


@functools.cache
def told_of(preset: str, language: str) -> Told:
    return tell(source(), preset, language, settings_of(preset, language).fields)


def choices_of(preset: str, language: str) -> dict[str, dict[str, str]]:
    lists = {spec.key: {one.key: one.title for one in spec.choices} for spec in context_of(preset, language).lists}
    return lists | told_of(preset, language).choices


def columns_of(preset: str, language: str) -> dict[str, dict[str, dict[str, Any]]]:
    """The typed columns of every table, the preset's fields among them."""
    columns = {
        table: {one["key"]: one for one in raw.get("column", ()) if "key" in one and "formula" not in one}
        for table, raw in source().folder("tables")
    }
    for field in settings_of(preset, language).fields:
        columns[field.table][field.key] = {"type": field.type, "choices": field.choices}
    return columns


def make(preset: str, language: str, day: dt.date, **changed: Any) -> dict[str, list[dict[str, Any]]]:
    told, zone = told_of(preset, language), ZoneInfo(settings_of(preset, language).time_zone)
    given: dict[str, Any] = {
        "story": told.story,
        "words": told.words,
        "choices": choices_of(preset, language),
        "team": TEAM[language],
        "unit": float(context_of(preset, language).currency["unit"]),
        "now": dt.datetime(day.year, day.month, day.day, 10, tzinfo=zone),
        "tables": {table: list(found) for table, found in columns_of(preset, language).items()},
        "place": told.place,
    }
    return generate(**given | changed)


@functools.cache
def rows_of(preset: str, language: str, day: dt.date) -> dict[str, list[dict[str, Any]]]:
    return make(preset, language, day)


def won_deals(preset: str, language: str, day: dt.date) -> list[dict[str, Any]]:
    won = choices_of(preset, language)["deal_stage"]["won"]
    return [deal for deal in rows_of(preset, language, day)["deals"] if deal["stage"] == won]


def segments_of(preset: str, language: str, day: dt.date) -> Counter[str]:
    """How many customers are in each segment, as the formula of the column counts."""
    limits = settings_of(preset, language).thresholds
    bought: dict[str, list[dict[str, Any]]] = {}
    for deal in won_deals(preset, language, day):
        bought.setdefault(deal["customer"], []).append(deal)

    def segment(row: dict[str, Any]) -> str:
        deals, fresh = bought.get(f"{row['name']} · {row['id']}", []), (day - row["first_contact"]).days
        if not deals:
            return "new" if fresh <= limits["new_days"] else "prospect"
        quiet = (day - max(deal["closed_on"] for deal in deals)).days
        if quiet > limits["at_risk_days"]:
            return "inactive" if quiet > limits["inactive_days"] else "at_risk"
        if sum(deal["amount"] for deal in deals) >= limits["vip_value"]:
            return "vip"
        if len(deals) >= limits["loyal_orders"]:
            return "loyal"
        return "new" if fresh <= limits["new_days"] else "regular"

    return Counter(map(segment, rows_of(preset, language, day)["customers"]))


@each
def test_nothing_is_missing(preset: str, language: str) -> None:
    assert preset_problems(source(), preset, language) == []


@each
def test_titles_of_a_list_differ(preset: str, language: str) -> None:
    for key, titles in choices_of(preset, language).items():
        assert len(set(titles.values())) == len(titles), key


@each_trade
def test_a_trade_speaks_for_itself(preset: str, language: str) -> None:
    """Products, sources, stages, fields, thresholds, segments and mails of its own."""
    raw, words, general = preset_of(source(), preset), own_words(source(), preset, language), f"words/{language}"
    assert {"product", "lead_source", "deal_stage"} <= raw["lists"].keys()
    assert len(raw["lists"]["product"]["choices"]) >= 5 and len(raw["fields"]) >= 4 and raw["thresholds"]
    assert words["choices"]["segment"] and words["presets"][preset]
    for one, other in zip(words["mails"], source().merged(general)["mails"], strict=True):
        assert one["key"] == other["key"]
        assert one["body"] != other["body"] and one["subject"] != other["subject"]


@each
def test_mails_have_what_is_filled_in_and_the_log_shows_their_subjects(preset: str, language: str) -> None:
    subjects = told_of(preset, language).words["pools"]["subjects"]
    for mail in context_of(preset, language).words["mails"]:
        assert set(re.findall(r"\{\{(.*?)\}\}", mail["subject"] + mail["body"])) <= PLACEHOLDERS
        assert "{{sender}}" in mail["body"]
        assert subjects[mail["key"]] == [mail["subject"].replace("{{name}}", "{_customer.name}")]


@on_each_day
@each
def test_everything_that_can_be_chosen_occurs(preset: str, language: str, day: dt.date) -> None:
    rows, titles = rows_of(preset, language, day), choices_of(preset, language)
    titles["team"] = dict.fromkeys(TEAM[language], "")
    for name in titles["team"]:
        titles["team"][name] = name
    for table, columns in columns_of(preset, language).items():
        for key, column in columns.items() if table in ("customers", "leads", "deals", "interactions", "tasks") else ():
            offered = set(column.get("choices", ())) or set(titles.get(column.get("list", ""), {}).values())
            found = {row[key] for row in rows[table]} - {None}
            assert found == offered or not offered, f"{table}.{key}: {offered ^ found}"


@on_each_day
@each
def test_every_segment_has_customers(preset: str, language: str, day: dt.date) -> None:
    found = segments_of(preset, language, day)
    missing = {key: found[key] for key in choices_of(preset, language)["segment"] if found[key] < 2}
    assert not missing, (missing, found)
    assert found["vip"] >= 3 and found["vip"] < sum(found.values()) / 5, found


@on_each_day
@each
def test_months_and_plans(preset: str, language: str, day: dt.date) -> None:
    """Something is won in each of the last twelve whole months; things are lost, due and overdue."""
    rows, titles = rows_of(preset, language, day), choices_of(preset, language)

    def month(one: dt.date) -> str:
        calendar = context_of(preset, language).calendar
        return date_text(one, calendar, "latin")[:7] if "months" in calendar else one.isoformat()[:7]

    months = sorted({month(day - dt.timedelta(days=back)) for back in range(400)})[-13:-1]
    won = Counter(month(deal["closed_on"]) for deal in won_deals(preset, language, day))
    assert not [one for one in months if not won[one]], won
    stages = Counter(deal["stage"] for deal in rows["deals"])
    assert 0.1 <= stages[titles["deal_stage"]["lost"]] / len(rows["deals"]) <= 0.4
    assert 0.25 <= stages[titles["deal_stage"]["won"]] / len(rows["deals"]) <= 0.65
    left = [task for task in rows["tasks"] if not task["done"]]
    assert {(task["due"] > day) - (task["due"] < day) for task in left} == {-1, 0, 1}
    assert {row["score"] for row in rows["feedback"]} == {1, 2, 3, 4, 5}
    assert any(lead["next_action_date"] and lead["next_action_date"] <= day for lead in rows["leads"])


@on_each_day
@each
def test_nothing_has_happened_tomorrow(preset: str, language: str, day: dt.date) -> None:
    for table, rows in rows_of(preset, language, day).items():
        for row in rows:
            for key in HAPPENED & row.keys():
                assert row[key] is None or row[key].isoformat()[:10] < day.isoformat(), f"{table}.{key}"


@each
def test_no_two_customers_are_alike_by_accident(preset: str, language: str) -> None:
    rows, story = rows_of(preset, language, DAYS[0])["customers"], told_of(preset, language).story
    meant = {group["group"]: group["count"] for group in story["tables"]["customers"]["rows"]}
    for key, twice in (("name", 0), ("email", meant["same_email"]), ("phone", meant["same_phone"])):
        found = Counter(row[key] for row in rows)
        assert sum(count - 1 for value, count in found.items() if value) == twice, key


@each
def test_amounts_are_those_of_the_trade(preset: str, language: str) -> None:
    unit = float(context_of(preset, language).currency["unit"])
    medians = told_of(preset, language).story["tables"]["deals"]["columns"]["amount"]["medians"]
    products = choices_of(preset, language)["product"]
    assert len(medians) == len(products)
    amounts = [deal["amount"] / unit for deal in rows_of(preset, language, DAYS[0])["deals"]]
    assert min(medians) / 4 <= min(amounts) and max(amounts) <= max(medians) * 8


@each
def test_texts_are_whole(preset: str, language: str) -> None:
    for table, rows in rows_of(preset, language, DAYS[0]).items():
        for row in rows:
            for key, value in row.items():
                if isinstance(value, str):
                    assert value.strip() == value and not re.search(r"[{}|]", value), f"{table}.{key}: {value}"
                    assert "@" not in value or re.search(r"[a-z0-9.]+@example\.com", value), value


@pytest.mark.parametrize("preset", TRADES)
def test_persian_is_written_in_persian_letters(preset: str) -> None:
    text = (folder("templates") / "presets" / preset / "fa.toml").read_text(encoding="utf-8")
    assert not re.findall(r".*[يكىة٠-٩].*", text)  # Arabic letters and digits
    assert not re.findall(r".*\bن?می [آ-ی].*", text)  # a space where a half-space belongs
    assert not re.findall(r".*[آ-ی] ها(?:ی|یی)?\b.*", text)


@each
def test_lists_of_somebodys_own_are_used(preset: str, language: str) -> None:
    """A changed list must only keep the choices that formulas speak of."""
    required = {key: raw.get("required", []) for key, raw in source().one("lists.toml").items()}
    own = {
        key: titles if "." in key else {name: name.upper() for name in [*required[key], "own"]}
        for key, titles in choices_of(preset, language).items()
    }
    rows = make(preset, language, DAYS[0], choices=own)
    assert {deal["stage"] for deal in rows["deals"]} == {"WON", "LOST", "OWN"}
    assert {deal["product"] for deal in rows["deals"]} == {"OWN"}


@each
def test_a_new_crm_toml_shows_what_holds(preset: str, language: str, tmp_path: Path) -> None:
    """Nothing changes where every line that is switched off is switched on, but for the examples' fields and team."""
    path = write_new(tmp_path, catalog(source()), language=language, preset=preset)
    before = load(path, catalog(source()))
    path.write_text(re.sub(r"(?m)^#(?=[^ \n])", "", path.read_text("utf-8")), "utf-8")
    after = load(path, catalog(source()))
    assert after.fields[: len(before.fields)] == before.fields
    assert (after.thresholds, after.parts) == (before.thresholds, before.parts)
    shown = make_context(source(), replace(after, team=before.team)).lists
    assert shown == make_context(source(), before).lists


def test_a_field_of_crm_toml_wins_and_stays_empty_where_it_is_another_one() -> None:
    preset = "web_design"
    field, *others = settings_of(preset, "en").fields
    text = f'[crm]\nname = "X"\npreset = "{preset}"\n[[fields.{field.table}]]\nkey = "{field.key}"\ntitle = "Mine"\n'
    settings = parse(text + 'type = "percent"\n', catalog(source()))
    assert settings.fields == (replace(field, title="Mine", type="percent", note="", choices=()), *others)
    told = tell(source(), preset, "en", settings.fields)
    rows = make(preset, "en", DAYS[0], story=told.story, choices=choices_of(preset, "en") | told.choices)
    assert {row[field.key] for row in rows[field.table]} == {None}


def problems(preset: str, language: str, *changes: tuple[str, str, Any]) -> list[str]:
    """What is said of a preset after changes: (file, path, value)."""
    files = dict(source().files)
    for file, path, value in changes:
        content = files[file] = _copied(files[file])
        *above, last = path.split(".")
        for name in above:
            content = content.setdefault(name, {})
        if value is None:
            del content[last]
        else:
            content[last] = value
    changed = Source(files)
    with pytest.raises(TemplateError) as caught:
        settings = settings_of(preset, language)
        context = make_context(changed, settings)
        told = tell(changed, preset, language, settings.fields)
        titles = {spec.key: {one.key: one.title for one in spec.choices} for spec in context.lists}
        make(
            preset,
            language,
            DAYS[0],
            story=told.story,
            words=told.words,
            place=told.place,
            choices=titles | told.choices,
        )
    return [str(problem) for problem in caught.value.problems]


def _copied(value: Any) -> Any:
    return {key: _copied(item) for key, item in value.items()} if isinstance(value, dict) else value


OF_PRESET = "presets/web_design/preset.toml"
IN_PERSIAN = "presets/web_design/fa.toml"
FAULTS = [
    (IN_PERSIAN, "words.choices.product.landing_page", None, "words.choices.product.landing_page: no word for the choice `landing_page`"),
    (IN_PERSIAN, "words.fields.customers.site", None, "words.fields.customers.site: no word for `site`"),
    (IN_PERSIAN, "words.field_choices.customers.platform.wordpress", None, "words.field_choices.customers.platform.wordpress: no word for"),
    (IN_PERSIAN, "words.mails", [{"key": "welcome"}], "words.mails: the mail `follow_up` is missing"),
    (IN_PERSIAN, "sample.pools.comments.5", ["{_prodcut}"], 'sample.pools.comments.5[1]: there is no column in feedback "_prodcut"'),
    (OF_PRESET, "lists.prodcut", {"choices": []}, "lists.prodcut: there is no list `prodcut` (did you mean \"product\"?)"),
    (OF_PRESET, "thresholds.vip", 3, "thresholds.vip: there is no threshold `vip`"),
    (OF_PRESET, "fields", [{"table": "deals", "key": "stage", "type": "text"}], "fields[0].key: `deals` has a column `stage` already"),
    (OF_PRESET, "story.tables.deals.columns.amount.spread", "wide", "story.tables.deals.columns.amount.spread: a number is wanted"),
    (OF_PRESET, "story.tables.deals.columns.pages.of.landing_page", {"kind": "nmber"}, "story.tables.deals.columns.pages.of.landing_page: there is no kind \"nmber\""),
    ("sample/story.toml", "tables.deals.columns.notes.pool", "poems", "tables.deals.columns.notes.pool: there is no pool of words"),
    ("sample/fa.toml", "pools.failures", ["{x}"], 'pools.failures[1]: there is no column in mail_log "x"'),
]  # fmt: skip


@pytest.mark.parametrize(("file", "path", "value", "message"), FAULTS, ids=[fault[1] for fault in FAULTS])
def test_a_fault_is_told_where_it_stands(file: str, path: str, value: Any, message: str) -> None:
    found = problems("web_design", "fa", (file, path, value))
    assert any(one.startswith(f"templates/{file}: {message}") for one in found), found
