"""A plan in short: what the owner asked for by its name, what follows from it counted, and what stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from crm_builder.plan.asked import parts_of
from crm_builder.plan.changes import Create, Delete, Forget, Id, Kind, Mend, Move, Plan, Refusal, Rename, Update
from crm_builder.plan.choices import list_of
from crm_builder.plan.naming import Names
from crm_builder.plan.phrases import Phrases
from crm_builder.plan.report import SIGNS, Entry, Line, mended
from crm_builder.plan.words import FIRST_STRONG, POP, bare, isolated, visible

_NAMED = 3  # so many names of a kind are told
_EACH = 5  # so many changes of a kind on one sheet have a line each
_LONG = 6  # a longer plan says at its beginning, too, what stays as it is
_COUNTED = ("added", "changed", "moved", "forgotten", "deleted")
_MANY = {"added": "many_new", "forgotten": "many_leave", "deleted": "many_deleted"}


def outline(
    plan: Plan,
    stays: int | None = None,
    words: Mapping[str, str] | None = None,
    *,
    assure: bool = True,
    isolate: bool = False,
) -> list[Line]:
    """The plan as its owner thinks of it. `stays`: how many cells hold data that stays as it is.

    `words`: the phrases of another language. `assure`: say what becomes of data. `isolate`: titles that run from right
    to left are kept together by Unicode's isolates.
    """
    teller = _Teller(plan, Phrases(words))
    lines = list(teller.body())
    if not lines:
        lines.append(Line(0, "", teller.phrases["nothing"], "plain"))
    promises = list(teller.promises(stays)) if assure else []
    first = promises if len(lines) > _LONG or teller.risky else []
    last = promises[-1:] if not (plan.empty and stays is None) else []
    lines = [*first, *lines, Line(0, "", teller.summary(), "summary"), *last]
    return lines if isolate else [replace(one, text=bare(one.text)) for one in lines]


def summary(plan: Plan, words: Mapping[str, str] | None = None) -> str:
    """One sentence: how many of each."""
    return _Teller(plan, Phrases(words)).summary()


class _Teller:
    def __init__(self, plan: Plan, phrases: Phrases):
        self.plan, self.phrases = plan, phrases
        self.names = Names(plan, phrases)
        self.parts = parts_of(plan, self.names.sheets)

    @property
    def risky(self) -> bool:
        """Whether data goes, or somebody could think so."""
        return any(isinstance(one, Forget | Delete) for one in self.parts.told())

    def promises(self, stays: int | None) -> Iterator[Line]:
        told = list(self.parts.told())
        going = sum(one.cells for one in self.plan.changes if isinstance(one, Delete))
        say = self.phrases.say
        if going:
            yield Line(0, "", say("goes", going, cells=self.phrases.amount(going, "cell")), "deleted")
        elif any(isinstance(one, Forget) for one in told):
            yield Line(0, "", self.phrases["nothing_deleted"], "summary")
        retitled = any(self.names.retitled(one) for one in told)
        if stays is not None:
            key = "stays_retitled" if retitled else "stays"
            yield Line(0, "", say(key, stays, cells=self.phrases.amount(stays, "cell")), "summary")
        elif self.plan.changes and not going and not retitled and not any(isinstance(one, Mend) for one in told):
            yield Line(0, "", self.phrases["untouched"], "summary")

    def body(self) -> Iterator[Line]:
        for home, entry in self.parts.sheets.items():
            yield self._sheet(home, entry)
        for home in sorted(self.parts.own, key=bool):  # the workbook comes first
            under = list(self._lines(self.parts.own[home]))
            title = self.names.home(home)
            if len(under) == 1:
                yield Line(0, under[0].sign, f"{title}: {under[0].text}", under[0].style)
            else:
                yield Line(0, "", title, "sheet")
                yield from under
        yield from self._follows()
        copies = sum(isinstance(one, Create) and one.twin for one in self.plan.changes)
        if copies:
            yield Line(0, "", self.phrases.say("copies", copies, columns=self.phrases.amount(copies, "column")), "kept")
        if self.parts.kept:
            kept = sum(self.parts.kept.values())
            sheets = self.phrases.listed([self.names.home(home) for home in self.parts.kept], _NAMED)
            text = self.phrases.say("kept", kept, things=self.phrases.amount(kept, "thing"), sheets=sheets)
            yield Line(0, "≠", text, "kept", folded=True)
        yield from self._refused()

    def _sheet(self, home: str, entry: Entry) -> Line:
        sign, style, _ = SIGNS[type(entry)]
        sheet, say = self.names.sheets[home], self.phrases.say
        if isinstance(entry, Create):
            columns = sum(not one.hidden for one in self.plan.result.sheet(home).columns)
            table = sheet.kind == "table"
            text = say("new_table", columns=self.phrases.amount(columns, "column")) if table else say("new_sheet")
        elif isinstance(entry, Delete):
            cells = self.phrases.amount(entry.cells, "cell")
            text = say("deleted_sheet_with", cells=cells) if entry.cells else say("deleted_sheet")
        else:
            text = say("leaves_table" if sheet.kind == "table" else "leaves_view")
        return Line(0, sign, f"{self.names.home(home)}: {text}", style)

    def _lines(self, entries: Sequence[Entry]) -> Iterator[Line]:
        runs: dict[tuple[str, Kind, str], list[Entry]] = {}
        for entry in entries:
            likeness = self._likeness(entry)
            runs.setdefault((SIGNS[type(entry)][1], entry.id.kind, likeness), []).append(entry)
        for (style, kind, _), run in runs.items():
            weighty = any(isinstance(one, Delete) and one.cells for one in run)
            if len(run) <= (1 if style == "forgotten" else _EACH) or isinstance(run[0], Mend) or weighty:
                for one in run:
                    yield Line(1, SIGNS[type(one)][0], self._sentence(one), style)
                continue
            names = self.phrases.listed(
                [self.names.title(one.id) for one in run], _NAMED if len(run) > _EACH else _EACH
            )
            noun = "choice" if kind == "item" and list_of(run[0].id) else kind
            text = self.phrases.say(_MANY.get(style, "many"), things=self.phrases.amount(len(run), noun), names=names)
            yield Line(1, SIGNS[type(run[0])][0], text, style, folded=len(run) > _EACH)

    def _likeness(self, entry: Entry) -> str:
        if isinstance(entry, Update) and entry.id.kind == "column":
            return ",".join(sorted(one.name for one in entry.differences))
        return list_of(entry.id) if entry.id.kind == "item" else ""

    def _sentence(self, entry: Entry) -> str:
        name, say = self.names.name(entry.id), self.phrases.say
        match entry:
            case Create():
                after = self.names.before(entry.id)
                return say("new_after", thing=name, after=after) if after else say("new", thing=name)
            case Forget():
                return say("leaves", thing=name)
            case Delete():
                cells = self.phrases.amount(entry.cells, "cell")
                return say("deleted_with", thing=name, cells=cells) if entry.cells else say("deleted", thing=name)
            case Move():
                one = Id(entry.id.kind, entry.id.sheet if entry.id.key else entry.after or "", entry.after or "")
                return (
                    say("moves", thing=name, after=self.names.title(one)) if entry.after else say("first", thing=name)
                )
            case Rename() if entry.id.kind == "item":
                return say("retitled", thing=name, after=isolated(entry.new.key.partition("/")[2]))
            case Rename():
                pair = [one.key or one.sheet for one in (entry.id, entry.new)]
                return say("rekeyed", thing=self.names.name(entry.new), before=pair[0], after=pair[1])
            case Update() if after := self.names.retitled(entry):
                return say("retitled", thing=self.names.name(entry.id, former=True), after=isolated(after))
            case Update(differences=(one,)) if entry.id.kind == "item" and one.name.endswith(".value"):
                return say("changed", thing=name, properties=self.names.sides(one))
            case Update():
                told = dict.fromkeys(self.names.property(entry.id, one) for one in entry.differences)
                if entry.id.kind in ("workbook", "sheet"):  # its title stands before it
                    return self.phrases.listed(list(told), _NAMED)
                return say("changed", thing=name, properties=self.phrases.listed(list(told), _NAMED))
            case Mend():
                return f"{name}: {mended(entry)}"
        return name

    def _follows(self) -> Iterator[Line]:
        kinds: dict[str, int] = {}
        for one in self.parts.follows:
            noun = "header" if one.id.kind == "column" and _of_header(one) else one.id.kind
            kinds[noun] = kinds.get(noun, 0) + 1
        say = self.phrases.say
        alone = not self.parts.own and not self.parts.sheets
        behind = self.phrases.number(self.parts.behind)
        if not kinds:
            if self.parts.behind and alone:
                yield Line(0, "~", say("behind_only", count=behind), "changed", folded=True)
            return
        counted = sorted(kinds.items(), key=lambda pair: -pair[1])
        amounts = self.phrases["comma"].join(self.phrases.amount(number, kind) for kind, number in counted)
        homes = [self.names.home(home) for home in dict.fromkeys(one.id.sheet for one in self.parts.follows) if home]
        many = self.phrases.amount(len(homes), "sheet")
        where = say("on", sheets=many if len(homes) > _NAMED else self.phrases["comma"].join(homes))
        text = say("also" if alone else "follows", things=amounts, where=where)
        if self.parts.behind:
            text += say("behind", count=behind)
        yield Line(0, "~" if alone else "…", text, "changed" if alone else "follows", folded=True)

    def _refused(self) -> Iterator[Line]:
        alike: dict[tuple[str, int, str], list[Refusal]] = {}
        for one in self.parts.refused:
            alike.setdefault((one.reason, one.cells, one.way), []).append(one)
        say = self.phrases.say
        for (reason, cells, way), refusals in alike.items():
            first = refusals[0].id
            if self.phrases["direction"] == "rtl":  # these two are said in English
                reason, way = (f"{FIRST_STRONG}{text}{POP}" for text in (reason, way))
            names = self.phrases.listed([self.names.name(one.id) for one in refusals], 1)
            home = self.names.home(first.sheet)
            # Many a reason says itself what it is about.
            said = first.kind in ("sheet", "workbook") or bare(self.names.title(first)) in visible(reason)
            names = home if said and len(refusals) == 1 else f"{home}: {names}"
            if cells:
                text = say("refused_with", thing=names, reason=reason, cells=self.phrases.amount(cells, "cell"))
            else:
                text = say("refused", thing=names, reason=reason)
            yield Line(0, "!", text, "refused")
            yield Line(1, "", say("way", way=way), "way")

    def summary(self) -> str:
        counts = dict.fromkeys(_COUNTED, 0)
        for one in self.parts.told():
            counts[SIGNS[type(one)][1]] += 1
        counts |= {"follows": len(self.parts.follows), "kept": sum(self.parts.kept.values())}
        counts["refused"] = len(self.parts.refused)
        say, number = self.phrases.say, self.phrases.number
        told = [say(f"count_{key}", value, count=number(value)) for key, value in counts.items() if value]
        return self.phrases["comma"].join(told) + "." if told else self.phrases["as_described"]


def _of_header(entry: Entry) -> bool:
    return isinstance(entry, Update) and all(one.name.startswith("header.") for one in entry.differences)
