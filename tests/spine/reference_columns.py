"""What each computed column of a table means, worked out in plain Python for one row; see reference.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from tests.spine.reference import EPOCH, JALALI, Crm, Row, day_of, latest, mean, newest_first, to_jalali, total


def _orders(crm: Crm, row: Row) -> list[Row]:
    return crm.orders_of.get(row.get("id", ""), [])


def _segment(crm: Crm, row: Row) -> str:
    limits, orders = crm.thresholds, _orders(crm, row)
    met, bought = day_of(row, "first_contact"), latest(orders, "closed_on")
    is_new = met is not None and crm.today - met <= limits["new_days"]
    silent = 0 if bought is None else crm.today - bought  # nobody is silent since a day that nobody wrote down
    if not orders:
        key = "new" if is_new else "prospect"
    elif silent > limits["inactive_days"]:
        key = "inactive"
    elif silent > limits["at_risk_days"]:
        key = "at_risk"  # a VIP who stays away, above all
    elif total(orders, "amount") >= limits["vip_value"]:
        key = "vip"
    elif len(orders) >= limits["loyal_orders"]:
        key = "loyal"
    else:
        key = "new" if is_new else "regular"
    return crm.words["segment"][key]


def _fifth(kind: str, value: Callable[[Crm, Sequence[Row]], float | None]) -> Callable[[Crm, Row], int | None]:
    """1 to 5: one more for each limit that the value is above; for days, one less."""

    def score(crm: Crm, row: Row) -> int | None:
        orders = _orders(crm, row)
        found = value(crm, orders) if orders else None
        if not orders or found is None:
            return 1 if orders else None  # bought on a day that nobody wrote down
        above = sum(found > limit for limit in crm.limits[kind])
        return 5 - above if kind == "recency" else 1 + above

    return score


def _days_since(crm: Crm, orders: Sequence[Row]) -> int | None:
    bought = latest(orders, "closed_on")
    return None if bought is None else crm.today - bought


RFM = {
    "recency_score": _fifth("recency", _days_since),
    "frequency_score": _fifth("frequency", lambda crm, orders: len(orders)),
    "monetary_score": _fifth("monetary", lambda crm, orders: total(orders, "amount")),
}


def _rfm(crm: Crm, row: Row) -> str | None:
    return "".join(str(score(crm, row)) for score in RFM.values()) if _orders(crm, row) else None


def _score(crm: Crm, row: Row) -> int:
    met = day_of(row, "contact_date")
    fresh = met is not None and crm.today - met <= crm.thresholds["hot_lead_days"]
    planned = day_of(row, "next_action_date") is not None
    return 20 * sum(key in row for key in ("email", "phone", "interest")) + 10 * planned + 30 * fresh


def _days_waiting(crm: Crm, row: Row) -> int | None:
    met, words = day_of(row, "contact_date"), crm.words["lead_status"]
    over = row.get("status") in (words["converted"], words["lost"])
    return None if met is None or over else crm.today - met


def _weighted(crm: Crm, row: Row) -> float:
    usual = crm.probabilities.get(row.get("stage", ""), 0)
    return row.get("amount", 0) * row.get("probability", usual)


def _days_open(crm: Crm, row: Row) -> int | None:
    """Counted from the day the deal was entered; unknown where that is."""
    if day_of(row, "closed_on") is not None or "created_at" not in row:
        return None
    return crm.today - int(row["created_at"])


def _days_in_stage(crm: Crm, row: Row) -> int | None:
    """Of open deals; since the deal was entered where nobody wrote down when it came into its stage."""
    since = row.get("stage_since", row.get("created_at"))
    decided = row.get("stage") in (crm.words["deal_stage"]["won"], crm.words["deal_stage"]["lost"])
    return None if decided or since is None else crm.today - int(since)


def _stuck(crm: Crm, row: Row) -> str | None:
    days = _days_in_stage(crm, row)
    return crm.words["stuck"]["stuck"] if days is not None and days > crm.thresholds["stuck_days"] else None


def _cycle_days(crm: Crm, row: Row) -> int | None:
    closed, entered = day_of(row, "closed_on"), row.get("created_at")
    if row.get("stage") != crm.words["deal_stage"]["won"] or closed is None or entered is None:
        return None
    return closed - int(entered) if closed >= int(entered) else None


def _closed_month(crm: Crm, row: Row) -> str | None:
    day = day_of(row, "closed_on")
    if day is None:
        return None
    shown = to_jalali(day) or "" if "closed_on" + JALALI in row else str(EPOCH + timedelta(days=day))
    return shown.replace("/", "-")[:7]


def _value_band(crm: Crm, row: Row) -> str | None:
    if "amount" not in row:
        return None
    limits = [crm.thresholds[key] for key in ("band_medium", "band_large", "band_top")]
    place, words = sum(row["amount"] >= limit for limit in limits), crm.words["value_band"]
    limit = limits[max(place - 1, 0)]  # the lowest band is told by where it ends
    return words[("first", "second", "third", "fourth")[place]] + words["money"].format(limit)


def _days_left(crm: Crm, row: Row) -> int | None:
    due = day_of(row, "due")
    return None if due is None or row.get("done") is True else due - crm.today


def _ratio(above: str, below: str) -> Callable[[Crm, Row], float | None]:
    return lambda crm, row: row[above] / row[below] if row.get(below) and above in row else None


def _roi(crm: Crm, row: Row) -> float | None:
    spend = row.get("spend")
    return (row.get("revenue", 0) - spend) / spend if spend else None


def _id(column: str, table: str) -> Callable[[Crm, Row], str | None]:
    return lambda crm, row: crm.id_in(row.get(column), table)


def _label(crm: Crm, row: Row) -> str:
    return f"{row['name']} · {row.get('id', '')}"


COLUMNS: dict[str, dict[str, Callable[[Crm, Row], Any]]] = {
    "customers": {
        "segment": _segment,
        "interactions": lambda crm, row: len(crm.interactions_of.get(row.get("id", ""), [])),
        "last_contact": lambda crm, row: latest(crm.interactions_of.get(row.get("id", ""), []), "date"),
        "orders": lambda crm, row: len(_orders(crm, row)),
        "total_value": lambda crm, row: total(_orders(crm, row), "amount"),
        "average_order": lambda crm, row: mean(_orders(crm, row), "amount") or 0,
        "last_purchase": lambda crm, row: latest(_orders(crm, row), "closed_on"),
        "last_product": lambda crm, row: next((o.get("product") for o in newest_first(_orders(crm, row))), None),
        "satisfaction": lambda crm, row: mean(crm.feedback_of.get(row.get("id", ""), []), "score"),
        **RFM,
        "rfm": _rfm,
        "label": _label,
        "same_email": lambda crm, row: crm.customer_emails.get(str(row.get("email", "")).lower(), 0),
        "same_phone": lambda crm, row: crm.customer_phones.get(str(row.get("phone", "")).lower(), 0),
    },
    "leads": {
        "score": _score,
        "days_waiting": _days_waiting,
        "same_email": lambda crm, row: crm.lead_emails.get(str(row.get("email", "")).lower(), 0),
        "same_phone": lambda crm, row: crm.lead_phones.get(str(row.get("phone", "")).lower(), 0),
        "customer_id": _id("customer", "customers"),
    },
    "interactions": {"customer_id": _id("customer", "customers")},
    "deals": {
        "region": lambda crm, row: crm.customers.get(crm.id_in(row.get("customer"), "customers"), {}).get("region"),
        "weighted": _weighted,
        "days_open": _days_open,
        "days_in_stage": _days_in_stage,
        "stuck": _stuck,
        "cycle_days": _cycle_days,
        "closed_month": _closed_month,
        "value_band": _value_band,
        "customer_id": _id("customer", "customers"),
        "campaign_id": _id("campaign", "campaigns"),
    },
    "campaigns": {
        "ctr": _ratio("clicks", "impressions"),
        "open_rate": _ratio("opens", "sent"),
        "conversion_rate": _ratio("conversions", "clicks"),
        "cpc": _ratio("spend", "clicks"),
        "cac": _ratio("spend", "conversions"),
        "roi": _roi,
        "deals": lambda crm, row: len(crm.won_by_campaign.get(row.get("id", ""), [])),
        "deal_value": lambda crm, row: total(crm.won_by_campaign.get(row.get("id", ""), []), "amount"),
        "label": _label,
    },
    "tasks": {"days_left": _days_left, "customer_id": _id("customer", "customers")},
    "feedback": {"customer_id": _id("customer", "customers")},
}
