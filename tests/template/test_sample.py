"""Sample rows in both languages and at several clocks: whole, coherent, repeatable, honest about bad stories."""

from __future__ import annotations

import copy
import datetime as dt
import functools
import re
import tomllib
from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_builder.assets import folder
from crm_builder.errors import TemplateError
from crm_builder.template.sample import generate

LANGUAGES = ("en", "fa")
DAYS = (dt.date(2026, 3, 21), dt.date(2025, 12, 31), dt.date(2028, 2, 29))
UNITS = {"en": 1.0, "fa": 50000.0}
ZONES = {"en": "Europe/London", "fa": "Asia/Tehran"}
TEAMS = {"en": ["Alex", "Robin", "Sam"], "fa": ["آوا", "بردیا", "پرهام"]}
ABOUT = {"customers": 200, "leads": 300, "interactions": 900, "deals": 400, "campaigns": 12, "tasks": 60}
ABOUT |= {"feedback": 150, "mail_log": 40}
PLANNED = {"next_follow_up", "next_action_date", "expected_close", "due", "end"}
EVERY = pytest.mark.parametrize(("language", "day"), [(lang, day) for lang in LANGUAGES for day in DAYS])


@functools.cache
def toml(path: str) -> dict[str, Any]:
    return tomllib.loads((folder("templates") / path).read_text(encoding="utf-8"))


@functools.cache
def columns() -> dict[str, dict[str, dict[str, Any]]]:
    """The input columns of every table."""
    tables = {path.stem: tomllib.loads(path.read_text()) for path in (folder("templates") / "tables").glob("*.toml")}
    return {
        table: {c["key"]: c for c in told["column"] if "key" in c and "formula" not in c}
        for table, told in tables.items()
        if "column" in told
    }


@functools.cache
def choices(language: str) -> dict[str, dict[str, str]]:
    lists = {**toml("lists.toml"), **toml("presets/general/preset.toml")["lists"]}
    titles = toml(f"words/{language}/main.toml")["choices"]
    return {
        key: {choice["key"]: titles[key][choice["key"]] for choice in told["choices"]}
        for key, told in lists.items()
        if key != "team"
    }


def tables() -> dict[str, list[str]]:
    return {table: list(found) for table, found in columns().items()}


def clock(day: dt.date, language: str, hour: int = 10) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(ZONES[language]))


def arguments(language: str, day: dt.date, **changed: Any) -> dict[str, Any]:
    given_ = {
        "story": toml("sample/story.toml"),
        "words": toml(f"sample/{language}.toml"),
        "choices": choices(language),
        "team": TEAMS[language],
        "unit": UNITS[language],
        "now": clock(day, language),
        "tables": tables(),
    }
    return given_ | changed


@functools.cache
def sample(language: str, day: dt.date) -> dict[str, list[dict[str, Any]]]:
    return generate(**arguments(language, day))


def by_label(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {f"{row['name']} · {row['id']}": row for row in rows}


def assert_coherent(rows: dict[str, list[dict[str, Any]]], language: str, day: dt.date) -> None:
    """What must hold of every sample, whatever the day."""
    known = {table: by_label(rows[table]) for table in ("customers", "campaigns")}
    titles = {key: set(found.values()) for key, found in choices(language).items()} | {"team": set(TEAMS[language])}
    for table, found in rows.items():
        for row in found:
            for key, value in row.items():
                column = columns()[table][key]
                where = f"{table}.{key}: {value!r}"
                if column["type"] == "choice" and value is not None:
                    assert value in titles[column["list"]], where
                if column["type"] == "reference" and value is not None:
                    assert value in known[column["table"]], where
                if column["type"] == "email" and value is not None:
                    assert re.fullmatch(r"[a-z][a-z0-9.]*@example\.com", value), where
                if isinstance(value, dt.date) and key not in PLANNED:
                    assert value.isoformat()[:10] < day.isoformat(), where
                if isinstance(value, str):
                    assert not re.search(r"[{}|]", value), where
                if isinstance(value, (int, float)):
                    assert value >= 0, where
        assert_ordered(found)
    customers = known["customers"]
    word = choices(language)
    for deal in rows["deals"]:
        closed = deal["stage"] in (word["deal_stage"]["won"], word["deal_stage"]["lost"])
        assert (deal["closed_on"] is not None) is closed
        assert customers[deal["customer"]]["first_contact"] <= deal["created_at"].date()
        assert not closed or deal["created_at"].date() <= deal["closed_on"]
        assert deal["amount"] > 0
    for row in rows["interactions"] + rows["feedback"]:
        assert customers[row["customer"]]["first_contact"] <= row["date"]
    for lead in rows["leads"]:
        assert (lead["customer"] is not None) is (lead["status"] == word["lead_status"]["converted"])
        if lead["customer"]:
            customer = customers[lead["customer"]]
            assert (lead["name"], lead["email"]) == (customer["name"], customer["email"])
            assert lead["contact_date"] <= customer["first_contact"]
    for task in rows["tasks"]:
        assert task["done"] is (task["status"] == word["task_status"]["done"])
        assert task["created_at"].date() <= max(task["due"], day)
    for campaign in rows["campaigns"]:
        assert campaign["start"] <= campaign["end"]
        for less, more in (("clicks", "impressions"), ("opens", "sent"), ("clicks", "sent"), ("conversions", "clicks")):
            if campaign[less] is not None and campaign[more] is not None:
                assert campaign[less] < campaign[more], campaign


def assert_ordered(rows: list[dict[str, Any]]) -> None:
    stamps = [row["created_at"] for row in rows if "created_at" in row]
    assert stamps == sorted(stamps)
    assert all(row["created_at"] <= row["updated_at"] for row in rows if "updated_at" in row)
    ids = [row["id"] for row in rows if "id" in row]
    assert ids == sorted(set(ids))


@EVERY
def test_every_sample_is_coherent(language: str, day: dt.date) -> None:
    assert_coherent(sample(language, day), language, day)


@settings(max_examples=12, deadline=None)
@given(day=st.dates(dt.date(2024, 1, 1), dt.date(2040, 12, 31)), language=st.sampled_from(LANGUAGES))
def test_any_clock_is_coherent(day: dt.date, language: str) -> None:
    assert_coherent(generate(**arguments(language, day)), language, day)


@EVERY
def test_as_many_rows_as_promised(language: str, day: dt.date) -> None:
    rows = sample(language, day)
    for table, wanted in ABOUT.items():
        assert abs(len(rows[table]) - wanted) <= wanted * 0.05, (table, len(rows[table]))
    assert 3 <= len(rows["suppressions"]) <= 12


@EVERY
def test_the_story_is_told(language: str, day: dt.date) -> None:
    rows, word = sample(language, day), choices(language)
    stages = Counter(deal["stage"] for deal in rows["deals"])
    won, lost = word["deal_stage"]["won"], word["deal_stage"]["lost"]
    assert 0.32 <= stages[won] / len(rows["deals"]) <= 0.40
    assert 0.20 <= stages[lost] / len(rows["deals"]) <= 0.30

    bought = [deal for deal in rows["deals"] if deal["stage"] == won]
    values: Counter[str] = Counter()
    last: dict[str, dt.date] = {}
    for deal in bought:
        values[deal["customer"]] += deal["amount"]
        last[deal["customer"]] = max(deal["closed_on"], last.get(deal["customer"], deal["closed_on"]))
    top = sum(value for _, value in values.most_common(len(rows["customers"]) // 5))
    assert 0.65 <= top / sum(values.values()) <= 0.95
    assert sum(value >= 5000 * UNITS[language] for value in values.values()) >= 8

    ages = Counter((day - closed).days // 120 for closed in last.values())
    assert ages[0] >= 20 and ages[1] >= 8 and sum(ages[n] for n in range(2, 9)) >= 15
    for label, customer in by_label(rows["customers"]).items():
        expected = "prospect" if label not in last else "inactive" if (day - last[label]).days > 240 else "active"
        assert customer["status"] == word["customer_status"][expected], label
    half = day - dt.timedelta(days=274)
    assert sum(d["amount"] for d in bought if d["closed_on"] >= half) > sum(
        d["amount"] for d in bought if d["closed_on"] < half
    )
    assert sum(customer["consent"] for customer in rows["customers"]) / len(rows["customers"]) == pytest.approx(
        0.7, abs=0.1
    )
    assert Counter(customer["email"] for customer in rows["customers"]).most_common(3)[2][1] == 2
    assert Counter(customer["phone"] for customer in rows["customers"]).most_common(3)[2][1] == 2
    assert sum(5 if row["score"] == 5 else 0 for row in rows["feedback"]) > len(rows["feedback"])


@EVERY
def test_plans_are_open_due_and_overdue(language: str, day: dt.date) -> None:
    rows, word = sample(language, day), choices(language)
    left = [task for task in rows["tasks"] if not task["done"]]
    assert {(task["due"] > day) - (task["due"] < day) for task in left} == {-1, 0, 1}
    running = [deal for deal in rows["deals"] if not deal["closed_on"] and deal["expected_close"]]
    slipping = sum(deal["expected_close"] < day for deal in running)
    assert 0.03 <= slipping / len(running) <= 0.25
    dates = [lead["next_action_date"] for lead in rows["leads"] if lead["next_action_date"]]
    assert min(dates) <= day < max(dates)
    assert word["lead_status"]["new"] in {lead["status"] for lead in rows["leads"]}


@EVERY
def test_weekends_are_quiet(language: str, day: dt.date) -> None:
    weekend = {"en": {5, 6}, "fa": {3, 4}}[language]
    dates = [row["date"].weekday() for row in sample(language, day)["interactions"]]
    assert sum(weekday in weekend for weekday in dates) < len(dates) * 0.12


def test_the_same_day_gives_the_same_rows() -> None:
    day = DAYS[0]
    assert generate(**arguments("fa", day)) == sample("fa", day)
    assert generate(**arguments("fa", day, now=clock(day, "fa", hour=23))) == sample("fa", day)


def test_the_order_of_keys_changes_nothing() -> None:
    def turned(value: Any) -> Any:
        return {key: turned(value[key]) for key in reversed(value)} if isinstance(value, dict) else value

    told = arguments("en", DAYS[0])
    assert generate(**told | {"story": turned(told["story"]), "words": turned(told["words"])}) == sample("en", DAYS[0])


def test_another_day_moves_the_rows() -> None:
    first, later = (sample("en", day)["customers"] for day in DAYS[:2])
    assert len(first) == len(later)
    assert first != later


def test_only_what_the_crm_has() -> None:
    less = tables()
    del less["campaigns"]
    less["deals"].remove("probability")
    less["deals"].append("colour_of_the_day")
    rows = generate(**arguments("en", DAYS[0], tables=less))
    whole = sample("en", DAYS[0])
    assert "campaigns" not in rows
    assert "probability" not in rows["deals"][0]
    assert {row["colour_of_the_day"] for row in rows["deals"]} == {None}
    assert [row["amount"] for row in rows["deals"]] == [row["amount"] for row in whole["deals"]]
    assert rows["customers"] == whole["customers"]


def test_lists_of_somebodys_own_are_used() -> None:
    """A changed list must only keep the choices that formulas speak of."""
    required = {key: told.get("required", []) for key, told in toml("lists.toml").items()}
    own = {key: {name: name.upper() for name in [*required[key], "own"]} for key in choices("en")}
    rows = generate(**arguments("en", DAYS[0], choices=own))
    assert {deal["stage"] for deal in rows["deals"]} == {"WON", "LOST", "OWN"}
    assert {customer["region"] for customer in rows["customers"]} == {"OWN"}
    assert {lead["status"] for lead in rows["leads"]} == {"CONVERTED", "LOST", "OWN"}


def test_no_team_means_no_owner() -> None:
    rows = generate(**arguments("en", DAYS[0], team=[]))
    assert {customer["owner"] for customer in rows["customers"]} == {None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_of_different_people_differ(language: str) -> None:
    names = Counter(customer["name"] for customer in sample(language, DAYS[0])["customers"])
    assert names.most_common(1)[0][1] == 1


def test_persian_is_written_in_persian_letters() -> None:
    text = (folder("templates") / "sample" / "fa.toml").read_text(encoding="utf-8")
    assert not re.search("[يكىة٠-٩]", text)  # Arabic letters and digits
    assert not re.search(r"\bمی [آ-ی]", text)  # a space where a half-space belongs
    assert not re.search(r"[آ-ی] ها\b", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_prices_are_round(language: str) -> None:
    for deal in sample(language, DAYS[0])["deals"]:
        figures = f"{deal['amount']:.0f}".rstrip("0")
        assert len(figures) <= 3, deal["amount"]


# Where the story is changed: what stands there now, where below that place the problem is, what it says.
FAULTS: dict[str, tuple[Any, str, str]] = {
    "customers.columns.name.kind": ("nmae", "customers.columns.name", 'no kind "nmae"'),
    "customers.columns.status.of.inactive.choice": ("asleep", "", 'in the list customer_status "asleep"'),
    "tasks.columns.customer.table": ("clients", "", 'no table "clients"'),
    "tasks.columns.description.pool": ("poems", "", 'no pool of words "poems"'),
    "leads.columns.name": (
        {"kind": "text", "text": "{customer.nmae}"},
        "leads.columns.name.text",
        'no column in customers "nmae"',
    ),
    "deals.columns.amount.spread": ("wide", "", "a number is wanted"),
    "deals.columns.closed_on.of.lost.to": (["soon?"], "", "is no day"),
    "feedback.columns.channel.list": ("chanels", "", 'no list "chanels"'),
    "feedback.columns._product.colum": ("x", "feedback.columns._product", 'has no "colum"'),
    "campaigns.columns.budget": ({"kind": "copy", "column": "spend"}, "", "is made from itself"),
}


def faulty(*paths: str) -> dict[str, Any]:
    story = copy.deepcopy(toml("sample/story.toml"))
    for path in paths:
        *above, last = path.split(".")
        place = functools.reduce(lambda told, key: told[key], above, story["tables"])
        place[last] = FAULTS[path][0]
    return story


def problems(story: dict[str, Any], **changed: Any) -> list[tuple[str, str]]:
    with pytest.raises(TemplateError) as caught:
        generate(**arguments("en", DAYS[0], story=story, **changed))
    assert {problem.file for problem in caught.value.problems} == {"templates/sample/story.toml"}
    return [(problem.path, problem.message) for problem in caught.value.problems]


@pytest.mark.parametrize("path", FAULTS)
def test_a_fault_is_told_with_its_place(path: str) -> None:
    _, place, message = FAULTS[path]
    [(found, said)] = problems(faulty(path))
    assert message in said
    assert found == f"tables.{place or path}"


def test_all_faults_are_told_at_once() -> None:
    assert len(problems(faulty(*FAULTS))) == len(FAULTS)


def test_tables_that_wait_for_each_other() -> None:
    story = copy.deepcopy(toml("sample/story.toml"))
    story["tables"]["campaigns"]["columns"]["goal"] = {"kind": "reference", "table": "deals"}
    assert any("is made from itself" in said for _, said in problems(story))


def test_a_pool_that_a_language_lacks() -> None:
    words = copy.deepcopy(toml("sample/en.toml"))
    del words["pools"]["goals"]
    assert problems(toml("sample/story.toml"), words=words) == [
        ("tables.campaigns.columns.goal.pool", 'there is no pool of words "goals"')
    ]
