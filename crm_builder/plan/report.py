"""A plan for people: a short tree of lines, and the counts of what is in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from crm_builder.model import Workbook
from crm_builder.plan.changes import Create, Delete, Drift, Forget, Id, Kind, Mend, Move, Plan, Refusal, Rename, Update
from crm_builder.plan.words import ISOLATES, KINDS, bare, count, difference_text, isolated, places_text, visible

Entry = Create | Update | Rename | Move | Forget | Delete | Mend | Drift | Refusal

# How each is told: (sign, style, word). The CLI gives styles their colours; the sign says the same without one.
SIGNS: dict[type, tuple[str, str, str]] = {
    Create: ("+", "added", "new"),
    Update: ("~", "changed", "changed"),
    Rename: ("»", "moved", "renamed"),
    Move: ("»", "moved", "moved"),
    Forget: ("○", "forgotten", "no longer described: it stays, as your own"),
    Delete: ("−", "deleted", "deleted"),
    Mend: ("~", "changed", "mended"),
    Drift: ("≠", "kept", "kept as you made it"),
    Refusal: ("!", "refused", "refused"),
}
_NAMED = 3  # so many things of a kind are called by their names, more of them are counted
_FEW = 2  # so many things of a kind have a line each
_QUIET: tuple[Kind, ...] = ("cell", "item", "height", "merge", "mark", "name")  # these say little by their keys
_COARSE: tuple[Kind, ...] = ("workbook", "sheet", "column", "item", "mark")
_MADE = ("added", "changed", "moved", "deleted")
_WITH_HOME: tuple[Kind, ...] = ("name", "banding", "view", "protection", "rule", "chart", "pivot", "slicer")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the tree: how deep, its sign, its text, and the name of its style. `folded`: it stands for many.

    Whatever people typed, it is one line: no title can forge another.
    """

    depth: int
    sign: str
    text: str
    style: str
    folded: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", visible(self.text, ISOLATES))


def tree(
    plan: Plan, stays: int | None = None, titles: Mapping[str, str] | None = None, *, isolate: bool = False
) -> list[Line]:
    """The whole plan by sheets, many like changes as one line. `stays`: how many cells hold data that stays as it is.

    `titles`: what people call a sheet (`customers`) or a column (`customers.phone`), where it is not as in the plan.
    `isolate`: titles that run from right to left are kept together by Unicode's isolates.
    """
    named = Titles.of(plan, titles or {})
    lines: list[Line] = []
    for home, entries in grouped(plan):
        head, rest = _head(home, entries, named)
        under = list(_lines(rest, named))
        if len(under) == 1 and not head.sign:
            lines.append(Line(0, under[0].sign, f"{head.text}: {under[0].text}", under[0].style))
        else:
            lines += [head, *under]
    if not lines:
        lines.append(Line(0, "", "Nothing to do.", "plain"))
    lines.append(Line(0, "", summary(plan), "summary"))
    if stays is not None:
        lines.append(
            Line(0, "", f"{count(stays, 'cell')} with data {'stays' if stays == 1 else 'stay'} as they are.", "summary")
        )
    return lines if isolate else [replace(one, text=bare(one.text)) for one in lines]


def grouped(plan: Plan) -> Iterator[tuple[str, list[Entry]]]:
    """(sheet, what happens on it), the workbook first (""). What follows from a rename is left out."""
    groups: dict[str, list[Entry]] = {}
    books = [book for book in (plan.baseline, plan.observed, plan.result) if book]
    homes = {name.name: name.area.sheet for book in books for name in book.names}
    # Sheets that change stand in their order; sheets with nothing but drift or refusals come after them.
    for entry in (*plan.changes, *plan.drift, *plan.refusals):
        if isinstance(entry, Rename) and entry.id.kind in _WITH_HOME:
            continue
        one = entry.new if isinstance(entry, Rename) else entry.id
        groups.setdefault(homes.get(one.key, "") if one.kind == "name" else one.sheet, []).append(entry)
    if "" in groups:
        yield "", groups.pop("")
    yield from groups.items()


def summary(plan: Plan) -> str:
    """One sentence: how many of each."""
    entries: Iterable[Entry] = (entry for _, entries in grouped(plan) for entry in entries)
    counts: dict[str, int] = {}
    words = {"added": "new", "kept": "kept as you made it", "moved": "moved or renamed"}
    for entry in entries:
        style = SIGNS[type(entry)][1]
        word = words.get(style, style)
        counts[word] = counts.get(word, 0) + 1
    return ", ".join(f"{number} {word}" for word, number in counts.items()) + "." if counts else "All is as described."


@dataclass(frozen=True)
class Titles:
    """What people call things."""

    known: Mapping[str, str]

    @classmethod
    def of(cls, plan: Plan, titles: Mapping[str, str]) -> Titles:
        known: dict[str, str] = {}
        for book in (plan.baseline, plan.observed, plan.result):
            known |= _titles(book) if book else {}
        return cls(known | dict(titles))

    def sheet(self, key: str) -> str:
        return isolated(self.known.get(key) or key)

    def thing(self, one: Id) -> str:
        if one.kind == "sheet":
            return self.sheet(one.sheet)
        if one.kind == "column":
            return isolated(self.known.get(f"{one.sheet}.{one.key}") or one.key)
        return isolated((one.kind == "item" and one.key.partition("/")[2]) or one.key)


def _titles(book: Workbook) -> dict[str, str]:
    found = {sheet.key: sheet.title for sheet in book.sheets}
    return found | {f"{sheet.key}.{one.key}": one.title for sheet in book.sheets for one in sheet.columns if one.title}


def _head(home: str, entries: list[Entry], titles: Titles) -> tuple[Line, list[Entry]]:
    """The sheet's own line, and what is to be told under it: of a sheet that comes or goes, refusals only."""
    title = titles.sheet(home) if home else "Workbook"
    for entry in entries:
        if entry.id.kind != "sheet" or isinstance(entry, Refusal):
            continue
        gone = isinstance(entry, Drift) and not entry.difference.name
        if isinstance(entry, Create | Forget | Delete) or gone:
            sign, style, word = SIGNS[type(entry)]
            rest = [other for other in entries if isinstance(other, Refusal)]
            return Line(0, sign, f"{title}: {_whole(entry, entries, word)}", style), rest
    return Line(0, "", title, "sheet"), entries


def _whole(entry: Entry, entries: list[Entry], word: str) -> str:
    if isinstance(entry, Create):
        columns = sum(isinstance(one, Create) and one.id.kind == "column" for one in entries)
        return f"new sheet, {count(columns, 'column')}"
    if isinstance(entry, Delete):
        return _deleted(entry)
    return "you deleted it, and it stays so" if isinstance(entry, Drift) else word


def _deleted(entry: Delete) -> str:
    return f"deleted, with {count(entry.cells, 'cell')} of data" if entry.cells else "deleted"


def retitled(entry: Rename) -> str:
    """What becomes of a choice of a column's own."""
    column, _, _ = entry.new.key.partition("/")
    former, title = (isolated(one.key.partition("/")[2]) for one in (entry.id, entry.new))
    return f"choice {former} of `{entry.new.sheet}.{column}` becomes {title}, in {count(entry.cells or 0, 'cell')}"


def mended(entry: Mend) -> str:
    """What a Mend does, with the cells that it does it to."""
    places = places_text(entry.places)
    if entry.what == "clear":
        return f"{count(entry.cells, 'typed value')} {'goes' if entry.cells == 1 else 'go'} ({places})"
    if entry.what == "compute":
        return f"{count(entry.cells, 'cell')} {'computes' if entry.cells == 1 else 'compute'} again"
    if entry.what == "accept":
        return (
            f"{count(entry.cells, 'cell')} {'accepts' if entry.cells == 1 else 'accept'} again what it says ({places})"
        )
    if entry.what == "apart":
        return f"what was merged over {count(entry.cells, 'cell')} of ours is taken apart ({places})"
    if entry.what == "marks":
        return f"marks that tell what is ours are set again ({places or 'font and size'})"
    return "rows that were deleted come back" if entry.what == "rows" else "written anew"


def _lines(entries: list[Entry], titles: Titles) -> Iterator[Line]:
    runs: dict[tuple[str, Kind], list[Entry]] = {}
    fine: dict[tuple[str, Kind], list[Entry]] = {}  # what hangs on a sheet: told in one line where it is much
    for entry in entries:
        style = SIGNS[type(entry)][1]
        into = fine if style in _MADE and entry.id.kind not in _COARSE else runs
        into.setdefault((style, entry.id.kind), []).append(entry)
    if len(fine) <= _FEW:
        runs, fine = runs | fine, {}
    for (style, kind), run in runs.items():
        if style == "refused":
            yield from _refused(run, titles)
        elif (kind not in _QUIET and len(_ids(run)) <= _FEW) or _telling(run):
            yield from (_line(entry, titles) for entry in run)
        else:
            yield _many(style, kind, run, titles)
    if fine:
        kinds: dict[Kind, int] = {}
        for (_, kind), run in fine.items():
            kinds[kind] = kinds.get(kind, 0) + len(_ids(run))
        ways = ", ".join(dict.fromkeys(SIGNS[type(run[0])][2] for run in fine.values()))
        yield Line(1, "~", ", ".join(count(one, *KINDS[kind]) for kind, one in kinds.items()) + f" ({ways})", "changed")


def _telling(run: Sequence[Entry]) -> bool:
    """Whether each must be told by itself: what goes with data in it, and few things of the workbook."""
    return any(getattr(entry, "cells", 0) or getattr(entry, "twin", False) for entry in run) or (
        len(run) <= _FEW and run[0].id.kind in ("item", "mark")
    )


def _line(entry: Entry, titles: Titles) -> Line:
    sign, style, word = SIGNS[type(entry)]
    name = _name(entry.id, titles)
    match entry:
        case Update():
            text = f"{name}: " + ", ".join(dict.fromkeys(difference_text(one) for one in entry.differences[:_NAMED]))
            more = len(entry.differences) - _NAMED
            text += f" and {more} more" if more > 0 else ""
        case Create(twin=True):
            text = f"{name}: {word}; a column of your own has that title too, and stays"
        case Rename(cells=int()):
            text = retitled(entry)
        case Rename():
            text = f"{name}: the key `{entry.id.key or entry.id.sheet}` becomes `{entry.new.key or entry.new.sheet}`"
        case Move():
            after = titles.thing(
                Id(entry.id.kind, entry.id.sheet if entry.id.key else entry.after or "", entry.after or "")
            )
            text = f"{name}: to stand {'after ' + after if entry.after else 'first'}"
        case Delete():
            text = f"{name}: {_deleted(entry)}"
        case Mend():
            text = f"{name}: {mended(entry)}"
        case Drift():
            said = difference_text(entry.difference) if entry.difference.name else "you deleted it"
            text = f"{name}: {said}; {word if entry.difference.name else 'it stays so'}"
        case _:
            text = f"{name}: {word}"
    return Line(1, sign, text, style)


def _name(one: Id, titles: Titles) -> str:
    if one.kind in ("workbook", "sheet"):
        return "the workbook" if one.kind == "workbook" else "the sheet"
    return f"{KINDS[one.kind][0]} {titles.thing(one)}".rstrip()


def _many(style: str, kind: Kind, run: Sequence[Entry], titles: Titles) -> Line:
    sign, _, word = SIGNS[type(run[0])]
    ids = _ids(run)
    text = count(len(ids), *KINDS[kind])
    if kind not in _QUIET or kind == "item":
        names = [titles.thing(one) for one in ids]
        text += f": {', '.join(names[:_NAMED])}{' …' if len(names) > _NAMED else ''}"
    return Line(1, sign, f"{text} ({word})", style)


def _ids(run: Iterable[Entry]) -> list[Id]:
    return list(dict.fromkeys(entry.id for entry in run))


def _refused(run: Sequence[Entry], titles: Titles) -> Iterator[Line]:
    alike: dict[tuple[str, int], list[Refusal]] = {}
    for entry in run:
        assert isinstance(entry, Refusal)
        alike.setdefault((entry.reason, entry.cells), []).append(entry)
    for (reason, cells), refusals in alike.items():
        first = refusals[0]
        name = _name(first.id, titles) + (f" and {len(refusals) - 1} more" if len(refusals) > 1 else "")
        data = f" ({count(cells, 'cell')})" if cells else ""
        yield Line(1, "!", f"{name}: {reason}{data}", "refused")
        yield Line(2, "", f"→ {first.way}", "way")
