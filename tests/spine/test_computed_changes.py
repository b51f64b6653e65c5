"""Computed cells after people renamed, deleted and left out things: all of them right again, none of them stale."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crm_builder.project import Project
from tests.spine.computed_check import check, value
from tests.spine.conftest import Opened, copied, opened
from tests.spine.typed_rows import CLOCK, choice, written

Make = Callable[..., Project]


def test_renamed_customer(sample: Opened) -> None:
    before = sample.grids()
    row = next(number for number in range(2, 200) if value(sample, before, "customers", number, "orders"))
    sample.type("customers", row, {"name": "Renamed Person"})
    after = check(sample)
    for key in ("interactions", "orders", "total_value", "last_product", "satisfaction", "segment"):
        assert value(sample, after, "customers", row, key) == value(sample, before, "customers", row, key)
    assert value(sample, after, "customers", row, "label").startswith("Renamed Person · C-")


def test_deleted_values(sample: Opened) -> None:
    before = sample.grids()
    won = choice(sample, "deal_stage", "won")
    row = next(number for number in range(2, 400) if value(sample, before, "deals", number, "stage") == won)
    buyer = value(sample, before, "deals", row, "customer_id")
    place = next(n for n in range(2, 400) if value(sample, before, "customers", n, "id") == buyer)
    sample.type("deals", row, {"customer": None})
    after = check(sample)
    orders = [value(sample, grids, "customers", place, "orders") for grids in (before, after)]
    assert orders[0] - orders[1] == 1
    sample.type("customers", 2, {"name": None})
    after = check(sample)
    assert value(sample, after, "customers", 2, "segment") == ""
    sample.type("customers", len(after["customers"]), {"name": None})  # the last row is none any more
    check(sample)


def test_segments_at_their_limits(empty: Opened) -> None:
    """Each line: the segment, days since the first contact, and closing days and amounts (in VIP limits) of orders."""
    cases: list[tuple[str, int, list[tuple[int, float]]]] = [
        ("new", -30, []),
        ("prospect", -31, []),
        ("vip", -300, [(-280, 0.5), (-120, 0.5)]),
        ("at_risk", -300, [(-280, 0.5), (-121, 0.5)]),
        ("inactive", -300, [(-280, 0.5), (-241, 0.5)]),
        ("inactive", -10, [(-241, 0.999)]),
        ("at_risk", -10, [(-240, 0.1)]),
        ("at_risk", -10, [(-121, 0.1)]),
        ("loyal", -10, [(-120, 0.1), (-130, 0.1), (-250, 0.1)]),
        ("new", -30, [(-120, 0.1)]),
        ("regular", -31, [(-120, 0.1), (-1, 0.1)]),
    ]
    limit = empty.crm(empty.grids()).thresholds["vip_value"]
    won, orders = choice(empty, "deal_stage", "won"), []
    customers = [
        written(empty, "customers", {"id": f"C-{number}", "name": "Ada", "first_contact": met})
        for number, (_, met, _) in enumerate(cases, 1)
    ]
    for number, (_, _, bought) in enumerate(cases, 1):
        for day, share in bought:
            order = {"customer": f"Ada · C-{number}", "stage": won, "amount": share * limit, "closed_on": day}
            orders.append(written(empty, "deals", order | {"created_at": -400}))
    empty.type_rows("customers", 2, customers, "RAW")
    empty.type_rows("deals", 2, orders, "RAW")
    grids = check(empty)
    segments = [value(empty, grids, "customers", number, "segment") for number in range(2, len(cases) + 2)]
    assert segments == [choice(empty, "segment", key) for key, _, _ in cases]


def test_changed_thresholds_and_probability(sample: Opened) -> None:
    rows = [row[0] for row in sample.grids()["settings"]]
    bought_once = {choice(sample, "segment", key) for key in ("vip", "at_risk", "inactive")}
    sample.type("settings", rows.index("vip_value") + 1, {"value": 1})
    sample.type("settings", rows.index("hot_lead_days") + 1, {"value": 1})
    sample.type("lists", 2, {"deal_stage_probability": 0.25})
    after = check(sample)
    for row in range(2, 100):
        bought = value(sample, after, "customers", row, "total_value") > 0
        assert (value(sample, after, "customers", row, "segment") in bought_once) is bought


def test_the_next_days(sample_crm: Make, language: str, tmp_path: Path) -> None:
    project = copied(sample_crm(language, "autumn"), tmp_path / "crm")
    for days in (1, 60):
        with opened(project, CLOCK + timedelta(days=days)) as crm:
            check(crm)


def test_deal_without_the_day_it_was_entered(empty: Opened) -> None:
    """The script writes created_at; rows that came in another way have none, and no age either."""
    empty.type("deals", 2, {"id": "D-0001", "customer": "Ada"})
    grids = check(empty)
    assert value(empty, grids, "deals", 2, "days_open") == ""


def test_won_deal_without_closing_day(empty: Opened) -> None:
    """Who bought on a day that nobody wrote down has not been silent for a hundred years."""
    empty.type("customers", 2, written(empty, "customers", {"id": "C-0001", "name": "Ada", "first_contact": -90}))
    won = choice(empty, "deal_stage", "won")
    empty.type("deals", 2, {"customer": "Ada · C-0001", "stage": won, "amount": 10, "created_at": 46000})
    grids = check(empty)
    assert value(empty, grids, "customers", 2, "segment") == choice(empty, "segment", "regular")


def test_won_deals_without_amounts(empty: Opened) -> None:
    empty.type("customers", 2, {"id": "C-0001", "name": "Ada"})
    won = choice(empty, "deal_stage", "won")
    empty.type(
        "deals",
        2,
        written(empty, "deals", {"customer": "Ada · C-0001", "stage": won, "closed_on": 0, "created_at": -1}),
    )
    grids = check(empty)
    assert value(empty, grids, "customers", 2, "orders") == 1


def test_name_that_ends_like_an_id(empty: Opened) -> None:
    empty.type("customers", 2, {"id": "C-0001", "name": "Bistro B-52"})
    empty.type("tasks", 2, {"title": "Call", "customer": "Bistro B-52"})
    grids = check(empty)
    assert value(empty, grids, "tasks", 2, "customer_id") == "C-0001"


def test_customers_without_id(empty: Opened) -> None:
    """Ids come from the script; until it ran, such a customer is nobody's."""
    empty.type("customers", 2, {"name": "Ada", "region": choice(empty, "region", "north")})
    empty.type("deals", 2, {"customer": "Nobody", "created_at": 46000})
    grids = check(empty)
    assert value(empty, grids, "deals", 2, "region") == ""


CELLS = {
    "customers": {
        "name": ["Ada", "ada", "Bo", None],
        "email": ["a@example.com", "A@example.com", "b@example.com", None],
        "phone": ["0911", "0912", None],
        "region": ["North", "South", None],
        "first_contact": [0, -30, -31, -400, 5, None],
    },
    "leads": {
        "name": ["Cy", None],
        "email": ["a@example.com", "A@example.com", None],
        "phone": ["0911", "0912", None],
        "interest": ["Design", None],
        "status": ["lead_status.new", "lead_status.lost", "lead_status.converted", None],
        "contact_date": [0, -30, -31, 5, None],
        "next_action_date": [3, None],
        "customer": ["Bo", "Ada · C-0001", None],
    },
    "interactions": {"date": [0, -7, None], "customer": ["Ada", "Bo · C-0002", "Gone · C-0077", "C-0003", None]},
    "deals": {
        "customer": ["Ada", "Bo · C-0002", "Gone · C-0077", "C-0001", "Nobody", None],
        "product": ["Design", "Hosting", None],
        "amount": [0, 10, 2500, 5000, 250_000_000, None],
        "stage": ["deal_stage.won", "deal_stage.won", "deal_stage.lost", "deal_stage.qualified", None],
        "probability": [0, 0.5, None],
        "closed_on": [0, -120, -121, -240, -241, None],
        "campaign": ["Fall · M-0001", "Fall", None],
        "created_at": [0, -3, None],
    },
    "campaigns": {
        "name": ["Fall", None],
        **{key: [0, 3, 50, None] for key in ("spend", "impressions", "clicks", "sent", "opens", "conversions")},
        "revenue": [0, 75, None],
    },
    "tasks": {"title": ["Call", None], "due": [0, -2, None], "done": [True, False, None], "customer": ["Bo", None]},
    "feedback": {"date": [0, None], "customer": ["Ada", "C-0001", None], "score": [1, 4, None]},
}
PREFIXES = {"customers": "C", "leads": "L", "deals": "D", "campaigns": "M"}
ROWS = st.fixed_dictionaries(
    {
        table: st.lists(
            st.fixed_dictionaries({k: st.sampled_from(v) for k, v in cells.items()}), min_size=3, max_size=3
        )
        for table, cells in CELLS.items()
    }
)


@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # three rows a table are small enough to read as they are
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(tables=ROWS)
def test_any_few_rows(empty: Opened, tables: dict[str, list[dict[str, Any]]]) -> None:
    """Gaps, doubles, unknown names and blanks anywhere, each time over the rows of the time before."""
    for table, rows in tables.items():
        typed = [written(empty, table, titled(empty, row)) for row in rows]
        if table in PREFIXES:
            typed = [{**row, "id": f"{PREFIXES[table]}-000{n}"} for n, row in enumerate(typed, 1)]
        empty.type_rows(table, 2, typed, "RAW")
    check(empty)


def titled(crm: Opened, row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with choices that are written `list.key` by their titles."""
    keys = {"status": "lead_status", "stage": "deal_stage"}
    return {k: choice(crm, keys[k], v.partition(".")[2]) if v and k in keys else v for k, v in row.items()}
