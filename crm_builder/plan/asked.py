"""What of a plan somebody asked for, and what only follows from it, as far as kinds of things and changes tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from crm_builder.model import Sheet
from crm_builder.plan.changes import Create, Delete, Forget, Kind, Mend, Plan, Refusal, Update
from crm_builder.plan.report import SIGNS, Entry, grouped

_HIDDEN: tuple[Kind, ...] = ("name", "mark")
_SEEN_OF_SHEET = {"title", "hidden"}


@dataclass
class Parts:
    """A plan by what is told of it. `sheets`: those that come or go, with all that stands on them."""

    sheets: dict[str, Entry] = field(default_factory=dict)
    own: dict[str, list[Entry]] = field(default_factory=dict)  # by sheet
    follows: list[Entry] = field(default_factory=list)
    behind: int = 0  # so much follows where nobody looks
    kept: dict[str, int] = field(default_factory=dict)  # how much of each sheet people changed
    refused: tuple[Refusal, ...] = ()

    def told(self) -> Iterator[Entry]:
        """What is told by itself."""
        yield from self.sheets.values()
        for entries in self.own.values():
            yield from entries


def parts_of(plan: Plan, sheets: Mapping[str, Sheet]) -> Parts:
    """`sheets`: every sheet that the plan knows, by its key."""
    parts = Parts(refused=plan.refusals)
    sorter = _Sorter(sheets)
    for home, entries in grouped(plan):
        changes = [one for one in entries if SIGNS[type(one)][1] not in ("kept", "refused")]
        if kept := sum(SIGNS[type(one)][1] == "kept" for one in entries):
            parts.kept[home] = kept
        whole = [one for one in changes if one.id.kind == "sheet" and isinstance(one, Create | Forget | Delete)]
        if whole and not sorter.helper(home):
            parts.sheets[home] = whole[0]
            continue
        for one in changes:
            if sorter.own(one):
                parts.own.setdefault(home, []).append(one)
            elif sorter.behind(one):
                parts.behind += 1
            else:
                parts.follows.append(one)
    return parts


@dataclass(frozen=True)
class _Sorter:
    sheets: Mapping[str, Sheet]

    def helper(self, sheet: str) -> bool:
        return sheet in self.sheets and self.sheets[sheet].kind == "helper"

    def behind(self, entry: Entry) -> bool:
        """Whether nobody sees it: in a helper, a name that formulas use, a hidden column."""
        return entry.id.kind in _HIDDEN or self.helper(entry.id.sheet) or self._unseen(entry)

    def _unseen(self, entry: Entry) -> bool:
        if entry.id.kind != "column" or isinstance(entry, Update):
            return False
        sheet = self.sheets.get(entry.id.sheet)
        return any(one.key == entry.id.key and one.hidden for one in (sheet.columns if sheet else ()))

    def own(self, entry: Entry) -> bool:
        """Whether it is what somebody wrote into the description, as far as its kind tells."""
        if isinstance(entry, Mend) or (isinstance(entry, Delete) and entry.cells):
            return True
        kind = entry.id.kind
        if kind in ("workbook", "mark"):
            return kind == "workbook" or entry.id.key != "version"
        sheet = self.sheets.get(entry.id.sheet)
        if sheet is None or sheet.kind == "helper" or kind not in ("sheet", "column", "item"):
            return False
        if not isinstance(entry, Update):
            return kind == "sheet" or (sheet.kind == "table" and not self._unseen(entry))
        names = {one.name for one in entry.differences}
        if kind == "sheet":
            return bool(names & _SEEN_OF_SHEET)
        return sheet.kind == "table" and (kind == "item" or any(_said(name) for name in names))


def _said(name: str) -> bool:
    """Whether a difference of a column is more than its colours and its formula."""
    return name.split(".")[0] in ("title", "note", "width", "hidden", "validation") or name.startswith("format.number")
