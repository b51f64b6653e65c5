"""Descriptions that change step by step, at random: crm.toml, and the templates behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.changes.conftest import make_templates
from tests.changes.crm import TEAM, description
from tests.changes.typed import Asked

Draw = Callable[[Any], Any]
TYPES = ("text", "long_text", "date", "money", "number", "percent", "checkbox", "choice")

_BAND = '[[band]]\ntitle = "{{ words.views.board.texts.by_stage }}"'
_CARD = '[[band]]\n[[band.item]]\nkind = "card"\nspan = 3\ntitle = "{{ words.views.board.texts.won }}"\nvalue = "=1"\n'
_SUM = 'summary = "sum"\ntitle = "{{ words.views.board.texts.won }}"'
_COUNT = (
    '\n[[band.item.value]]\ncolumn = "customer"\nsummary = "counta"\ntitle = "{{ words.views.board.texts.customers }}"'
)
_BLOCK = '[[block]]\nkey = "stages"'
_MORE = '[[block]]\nkey = "more"\ncolumns = ["fact", "value"]\ntypes = ["text", "integer"]\n[[block.row]]\n'
_MORE += 'values = ["more", "=2"]\nname = "figures_extra"\n\n'
_SLICER = '[[band]]\n[[band.item]]\nkind = "slicer"\nat = "stages_title"\nspan = 3\n'
_SLICER += 'title = "{{ words.lists.deal_stage }}"\ntable = "deals"\ncolumn = "stage"\n\n'
_VIEWS = "[tables.customers.views]"
_OWN_FIELDS = "[[column]]\nfields = true\n"


def _words(section: str, key: str) -> tuple[tuple[str, str, str], ...]:
    own = f'{section}\n{key} = "{key.title()}"\n{_VIEWS}'
    return tuple((f"words/{language}/small.toml", _VIEWS, own) for language in ("en", "fa"))


# What may stand otherwise in the templates: name → edits (file, what stands there once, what stands there then).
VARIANTS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "card": (("views/board.toml", _BAND, f'{_CARD}type = "integer"\n{_BAND}'),),
    "chart": (("views/board.toml", 'chart = "column"', 'chart = "bar"'),),
    "list": (("views/board.toml", "span = 6\nrows = 6", "span = 6\nrows = 4"),),
    "pivot": (("views/pivots.toml", _SUM, _SUM + _COUNT),),
    "slicer": (("views/pivots.toml", _SLICER, ""),),
    "helper": (("helpers/figures.toml", _BLOCK, _MORE + _BLOCK),),
    "rule": (("tables/deals.toml", 'columns = ["stage", "amount"]', 'columns = ["amount"]'),),
    "tab": (("tables/deals.toml", 'tab = "green"', 'tab = "violet"'),),
    "comment": (("tables/feedback.toml", 'key = "comment"', 'key = "remark"\nwas = "comment"'),),
    "computed": (("tables/customers.toml", 'key = "total_value"\ntype', 'key = "worth"\nwas = "total_value"\ntype'),),
    "fields": (
        ("tables/deals.toml", _OWN_FIELDS, ""),
        ("tables/deals.toml", '[[column]]\nkey = "stage"', f'{_OWN_FIELDS}[[column]]\nkey = "stage"'),
    ),
    "hidden": (
        ("tables/customers.toml", 'key = "label"\ntype = "text"\nhidden = true', 'key = "label"\ntype = "text"'),
    ),
}
# Edits that go along with a variant, but for its name.
_ALONG: dict[str, tuple[tuple[str, str, str], ...]] = {
    "comment": _words("[tables.feedback.columns]", "remark"),
    "computed": (
        ("tables/customers.toml", 'columns = ["name", "total_value"]', 'columns = ["name", "worth"]'),
        ("tables/customers.toml", "[total_value]>1000", "[worth]>1000"),
        *_words("[tables.customers.columns]", "worth"),
    ),
}


class Templates:
    """The small templates in all their variants, each made when it is first asked for."""

    def __init__(self, home: Path):
        self.home = home
        self.made: dict[frozenset[str], Path] = {}

    def of(self, variants: frozenset[str]) -> Path:
        if variants not in self.made:
            folder = make_templates(self.home / str(len(self.made)))
            for name in sorted(variants):
                for file, old, new in (*VARIANTS[name], *_ALONG.get(name, ())):
                    text = (folder / file).read_text("utf-8")
                    assert text.count(old) == 1, f"{name}: {file}: {old}"
                    (folder / file).write_text(text.replace(old, new), "utf-8")
            self.made[variants] = folder
        return self.made[variants]


@dataclass
class Described:
    """A description that changes step by step. `head` are keys of [crm]; `others` are descriptions to go back to."""

    head: dict[str, str] = field(default_factory=dict)
    fields: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {"customers": [], "deals": []})
    choices: list[dict[str, str]] = field(default_factory=list)
    team: list[dict[str, str]] = field(default_factory=list)
    thresholds: dict[str, int] = field(default_factory=dict)
    feedback: bool = True
    accent: str = "blue"
    variants: set[str] = field(default_factory=set)
    deletes: list[str] = field(default_factory=list)
    others: list[dict[str, Any]] = field(default_factory=list)
    count: int = 0

    def text(self) -> str:
        lines = []
        for one in self.team:
            lines += ["[[team]]", *_pairs(one)]
        for table, fields in self.fields.items():
            for one in fields:
                lines += [f"[[fields.{table}]]", *_pairs({key: one[key] for key in one if key != "choices"})]
                if one["type"] == "choice":
                    lines.append(f"choices = {_tables(one['choices'])}")
        if self.choices:
            lines += ["[lists.deal_stage]", "extend = true", f"choices = {_tables(self.choices)}"]
        lines += ["[thresholds]", *(f"{key} = {value}" for key, value in self.thresholds.items())]
        lines += ["[parts]", f"feedback = {str(self.feedback).lower()}"]
        lines += ["[changes]", *(f'delete = ["{one}"]' for one in self.deletes)]
        return description("\n".join(lines), {**self.head, "accent": self.accent}, TEAM)

    def change(self, draw: Draw, kinds: Sequence[str]) -> Asked:
        """One random change; what was only said for the last apply is said no more, or still is."""
        self.deletes = []
        if draw(st.sampled_from((True, True, True, False))):
            for one in self._every_one():
                one.pop("was", None)
        asked = getattr(self, f"_{draw(st.sampled_from(kinds))}")(draw)
        return asked or Asked()

    def _every_one(self) -> list[dict[str, Any]]:
        fields = [one for fields in self.fields.values() for one in fields]
        return [*fields, *(choice for one in fields for choice in one["choices"]), *self.choices, *self.team]

    def _new(self) -> int:
        self.count += 1
        return self.count

    def _some(self, draw: Draw) -> tuple[str, dict[str, Any]] | None:
        known = [(table, one) for table, fields in self.fields.items() for one in fields]
        return draw(st.sampled_from(known)) if known else None

    def _renamed(self, one: dict[str, Any], key: str, new: str) -> None:
        """Another name, and the way back at times: where it is the former of nothing else."""
        for other in self._every_one():
            if other.get("was") in (one[key], new):
                other.pop("was")
        one.update({"was": one[key], key: new})

    def _add(self, draw: Draw) -> None:
        number = self._new()
        fields = self.fields[draw(st.sampled_from(sorted(self.fields)))]
        one = {"key": f"own_{number}", "title": f"Own {number}", "type": draw(st.sampled_from(TYPES))}
        one["choices"] = [{"title": "Won"}, {"title": "x"}]  # words that people type
        fields.insert(draw(st.integers(0, len(fields))), one)

    def _rename(self, draw: Draw) -> None:
        if some := self._some(draw):
            new = some[1].get("was", "") if draw(st.booleans()) else ""
            self._renamed(some[1], "key", new or f"own_{self._new()}")

    def _retitle(self, draw: Draw) -> None:
        if some := self._some(draw):
            some[1]["title"] = f"Title {self._new()}"

    def _retype(self, draw: Draw) -> None:
        if some := self._some(draw):
            some[1]["type"] = draw(st.sampled_from(TYPES))

    def _forget(self, draw: Draw) -> None:
        if some := self._some(draw):
            self.fields[some[0]].remove(some[1])

    def _delete(self, draw: Draw) -> Asked | None:
        some = self._some(draw)
        if some is None:
            return None
        for other in self._every_one():
            if other.get("was") == some[1]["key"]:
                other.pop("was")
        self.fields[some[0]].remove(some[1])
        self.deletes.append(f"{some[0]}.{some[1]['key']}")
        twins = [f"{one}_jalali" for one in self.deletes]
        return Asked(deleted=(*self.deletes, *twins))

    def _order(self, draw: Draw) -> None:
        for fields in self.fields.values():
            fields[:] = draw(st.permutations(fields))

    def _option(self, draw: Draw) -> None:
        """A choice of a field of one's own: another one, one less, or another title."""
        some = self._some(draw)
        if some is None:
            return
        choices, how = some[1]["choices"], draw(st.sampled_from(("add", "drop", "rename", "rename")))
        if how == "add":
            choices.append({"title": f"Option {self._new()}"})
        elif how == "drop" and len(choices) > 1:
            choices.remove(draw(st.sampled_from(choices)))
        else:
            self._renamed(draw(st.sampled_from(choices)), "title", f"Option {self._new()}")

    def _choice(self, draw: Draw) -> None:
        if self.choices and draw(st.booleans()):
            one = draw(st.sampled_from(self.choices))
            if draw(st.booleans()):
                self._renamed(one, "title", f"Choice {self._new()}")
            else:
                self.choices.remove(one)
        else:
            self.choices.append({"title": f"Choice {self._new()}"})

    def _member(self, draw: Draw) -> None:
        if self.team and draw(st.booleans()):
            one = draw(st.sampled_from(self.team))
            if draw(st.booleans()):
                self._renamed(one, "name", f"Member {self._new()}")
            else:
                self.team.remove(one)
        else:
            number = self._new()
            self.team.append({"name": f"Member {number}", "email": f"m{number}@example.com"})

    def _threshold(self, draw: Draw) -> None:
        self.thresholds[draw(st.sampled_from(["vip_value", "new_days"]))] = draw(st.integers(1, 900))

    def _part(self, draw: Draw) -> None:
        self.feedback = not self.feedback

    def _accent(self, draw: Draw) -> None:
        self.accent = draw(st.sampled_from(["blue", "green", "#123456"]))

    def _name(self, draw: Draw) -> None:
        self.head["name"] = f"Test {self._new()}"

    def _variant(self, draw: Draw) -> None:
        self.variants ^= {draw(st.sampled_from(sorted(VARIANTS)))}

    def _other(self, draw: Draw) -> None:
        """Back to a description of before; or this one is kept, to go back to."""
        names = ("fields", "choices", "team", "thresholds", "feedback", "accent", "variants")
        now = {name: deepcopy(getattr(self, name)) for name in names}
        if self.others and draw(st.booleans()):
            place = draw(st.integers(0, len(self.others) - 1))
            now, self.others[place] = self.others[place], now
            for name, value in now.items():
                setattr(self, name, deepcopy(value))
        else:
            self.others.append(now)

    def _nothing(self, draw: Draw) -> None:
        """Nothing but what people did meanwhile."""


def _pairs(one: dict[str, Any]) -> list[str]:
    return [f'{key} = "{value}"' for key, value in one.items()]


def _tables(rows: Sequence[dict[str, Any]]) -> str:
    written = ("{ " + ", ".join(_pairs(row)) + " }" for row in rows)
    return f"[{', '.join(written)}]"


KINDS = (
    *("add", "add", "add", "rename", "rename", "retitle", "retype", "forget", "delete", "order", "option", "option"),
    *("choice", "choice", "member", "threshold", "accent", "name", "part", "part", "variant", "variant", "variant"),
    *("other", "other", "nothing"),
)
