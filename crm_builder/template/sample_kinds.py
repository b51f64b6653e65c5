"""How sample values are made: one function for each kind of the story, which reads its description once.

FIELDS says what each kind may be told; sample_check reads it, and the story's own heading explains it to authors.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from .sample_days import date, stamp
from .sample_texts import address, digits, site, text
from .sample_values import Choice, Make, Pick, Raw, Row, Stream, rounded
from .sample_world import Build, column, many

# Kind: its fields and what stands in them; "!" = needed. Every kind also takes the fields under "".
FIELDS: Mapping[str, Mapping[str, str]] = {
    "": {"odds": "number", "if": "column", "unless": "column"},
    "id": {},
    "empty": {},
    "copy": {"column": "column!"},
    "text": {"text": "template", "pool": "pool", "by": "column"},
    "address": {"text": "template!"},
    "site": {"text": "template!"},
    "digits": {"pool": "pool!"},
    "choice": {
        "list": "list!",
        "choice": "choices",
        "except": "choices",
        "weights": "numbers",
        "lean": "column",
        "unlike": "column",
        "turn": "column",
    },
    "member": {"weights": "numbers"},
    "weighted": {"values": "any!", "weights": "numbers!"},
    "number": {"from": "number!", "to": "number!", "money": "flag"},
    "amount": {"medians": "numbers!", "of": "column", "spread": "number!", "times": "column"},
    "share": {"of": "column!", "from": "number!", "to": "number!", "times": "column", "price": "flag"},
    "chance": {"yes": "number!"},
    "equals": {"column": "column!", "choice": "text!"},
    "by": {"column": "column!", "of": "branches!"},
    "first": {"of": "specs!"},
    "date": {"from": "moments!", "to": "moments!", "trend": "number", "slow": "number", "step": "number"},
    "stamp": {"of": "columns!"},
    "reference": {"table": "table!", "weight": "text"},
    "parent": {"table": "table!"},
    "latest": {"table": "table!", "column": "text!", "not_after": "column!"},
}


def make(spec: Any, build: Build) -> Make:
    """The maker that a description stands for; a bare value stands for itself."""
    if not isinstance(spec, Mapping):
        return lambda row: spec
    made = _KINDS[spec["kind"]](spec, build)
    if "odds" in spec:
        made = _sometimes(made, float(spec["odds"]), build.stream)
    if "if" in spec:
        made = _only(made, column(spec["if"]), True)
    if "unless" in spec:
        made = _only(made, column(spec["unless"]), False)
    return made


def _sometimes(made: Make, odds: float, stream: Stream) -> Make:
    return lambda row: made(row) if stream.next() < odds else None


def _only(made: Make, read: Make, wanted: bool) -> Make:
    return lambda row: made(row) if bool(read(row)) is wanted else None


def _copy(spec: Mapping[str, Any], build: Build) -> Make:
    return column(spec["column"])


def named(spec: Mapping[str, Any], field: str) -> list[str]:
    """The keys of choices in a field; a trailing "?" (a CRM may do without that choice) is taken off."""
    return [key.removesuffix("?") for key in many(spec.get(field, []))]


def _choice(spec: Mapping[str, Any], build: Build) -> Make:
    stream, weights = build.stream, spec.get("weights", [])
    everything = build.world.choices(spec["list"])
    wanted, barred = named(spec, "choice"), named(spec, "except")
    offered = [c for c in everything if (not wanted or c.key in wanted) and c.key not in barred]
    if not offered:
        return lambda row: None
    odds = [float(weights[min(place, len(weights) - 1)]) if weights else 1.0 for place in range(len(offered))]
    lean = column(spec["lean"]) if "lean" in spec else None
    unlike = column(spec["unlike"]) if "unlike" in spec else None

    turn = column(spec["turn"]) if "turn" in spec else None

    def choice(row: Row) -> Raw:
        if turn and isinstance(number := turn(row), (int, float)):
            return offered[(int(number) - 1) % len(offered)]
        own = odds
        if lean and isinstance(other := lean(row), Choice):
            own = list(odds)
            own[other.place % len(own)] *= 4
        if unlike and isinstance(other := unlike(row), Choice):
            own = [0.0 if c.key == other.key else weight for c, weight in zip(offered, own, strict=True)]
            if not any(own):
                return None
        return stream.one(offered, own)

    return choice


def _member(spec: Mapping[str, Any], build: Build) -> Make:
    team, stream, weights = build.world.team, build.stream, spec.get("weights", [])
    return lambda row: stream.one(team, weights) if team else None


def _weighted(spec: Mapping[str, Any], build: Build) -> Make:
    return lambda row: build.stream.one(spec["values"], spec["weights"])


def _number(spec: Mapping[str, Any], build: Build) -> Make:
    low, high, stream = spec["from"], spec["to"], build.stream
    if spec.get("money"):
        return lambda row: rounded(stream.between(low, high) * build.world.unit)
    if isinstance(low, int) and isinstance(high, int):
        return lambda row: float(stream.whole(low, high))
    return lambda row: round(stream.between(low, high), 2)


def _amount(spec: Mapping[str, Any], build: Build) -> Make:
    medians, spread, stream = spec["medians"], spec["spread"], build.stream
    of = column(spec["of"]) if "of" in spec else None
    times = column(spec["times"]) if "times" in spec else None

    def amount(row: Row) -> Raw:
        kind = of(row) if of else None
        median = medians[(kind.place if isinstance(kind, Choice) else 0) % len(medians)]
        factor = times(row) if times else 1
        value = median * math.exp(spread * stream.bell()) * (factor if isinstance(factor, (int, float)) else 1)
        return rounded(value * build.world.unit)

    return amount


def _share(spec: Mapping[str, Any], build: Build) -> Make:
    whole, low, high = column(spec["of"]), spec["from"], spec["to"]
    times = column(spec["times"]) if "times" in spec else lambda row: 1
    cut = rounded if spec.get("price") else math.floor

    def share(row: Row) -> Raw:
        value, factor = whole(row), times(row)
        part = build.stream.between(low, high)
        if not isinstance(value, (int, float)) or not isinstance(factor, (int, float)):
            return None
        return float(cut(value * factor * part))

    return share


def _chance(spec: Mapping[str, Any], build: Build) -> Make:
    return lambda row: build.stream.next() < spec["yes"]


def _equals(spec: Mapping[str, Any], build: Build) -> Make:
    read, wanted = column(spec["column"]), named(spec, "choice")[0]
    return lambda row: Pick.branch(read(row)) == wanted


def _by(spec: Mapping[str, Any], build: Build) -> Make:
    read, form = column(spec["column"]), spec["column"].partition(":")[2]
    branches = {key.removesuffix("?"): make(told, build) for key, told in spec["of"].items()}
    otherwise = branches.get("*", lambda row: None)
    return lambda row: branches.get(Pick.branch(read(row), form), otherwise)(row)


def _first(spec: Mapping[str, Any], build: Build) -> Make:
    makers = [make(told, build) for told in spec["of"]]
    return lambda row: next((value for maker in makers if (value := maker(row)) is not None), None)


def _reference(spec: Mapping[str, Any], build: Build) -> Make:
    draw, table, weight = build.world.draw_row, spec["table"], spec.get("weight", "")
    return lambda row: draw(table, weight, build.stream.next())


def _parent(spec: Mapping[str, Any], build: Build) -> Make:
    return lambda row: row.parent if row.parent and row.parent.table == spec["table"] else None


def _latest(spec: Mapping[str, Any], build: Build) -> Make:
    read, path = column(spec["not_after"]), (spec["column"],)

    def latest(row: Row) -> Raw:
        bound = read(row)
        dated = [(day, other) for other in build.world.rows(spec["table"]) if (day := other.at(path)) is not None]
        before = [pair for pair in dated if bound is not None and pair[0] <= bound]
        return max(before, key=lambda pair: pair[0])[1] if before else None

    return latest


_KINDS: Mapping[str, Callable[[Mapping[str, Any], Build], Make]] = {
    "id": lambda spec, build: lambda row: None,  # ids are given when the rows are in order
    "empty": lambda spec, build: lambda row: None,
    "copy": _copy,
    "text": text,
    "address": address,
    "site": site,
    "digits": digits,
    "choice": _choice,
    "member": _member,
    "weighted": _weighted,
    "number": _number,
    "amount": _amount,
    "share": _share,
    "chance": _chance,
    "equals": _equals,
    "by": _by,
    "first": _first,
    "date": date,
    "stamp": stamp,
    "reference": _reference,
    "parent": _parent,
    "latest": _latest,
}
