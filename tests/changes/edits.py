"""Random edits of a person, each drawn from what the spreadsheet holds at that moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from hypothesis import strategies as st

from crm_builder.sheets.baseline import SHEET_ID as BASELINE_ID
from tests.changes.crm import Crm
from tests.changes.user import Area

Draw = Callable[[Any], Any]
WORDS = (
    "Ada Stone",
    "Won",
    "Lost",
    "Maya Collins",
    "x",
    "7",
    "2026-01-31",
    "5%",
    "TRUE",
    "=1+1",
    "=B3",
    "=SUM(customers_name)",
    "C-1",
    "'0012",
    "",
)
_DEEP = 25  # rows from the top in which people do most


class Hand:
    """One edit: what is there, and the choices that it takes."""

    def __init__(self, crm: Crm, draw: Draw):
        self.user, self.draw = crm.user, draw
        self.sheets = {key: one for key, one in crm.user.sheets().items() if key != BASELINE_ID}

    def any(self, values: Sequence[Any]) -> Any:
        return self.draw(st.sampled_from(list(values)))

    def number(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, max(low, high)))

    def sheet(self) -> int:
        return self.any(self.sheets)

    def size(self, sheet: int) -> tuple[int, int]:
        grid = self.sheets[sheet]["properties"]["gridProperties"]
        return grid["rowCount"], grid["columnCount"]

    def spot(self, sheet: int) -> tuple[int, int]:
        rows, columns = self.size(sheet)
        return self.number(0, min(rows, _DEEP) - 1), self.number(0, columns - 1)

    def area(self, sheet: int) -> Area:
        (rows, columns), (row, column) = self.size(sheet), self.spot(sheet)
        return row, column, self.number(row + 1, min(rows, row + 6)), self.number(column + 1, min(columns, column + 4))

    def title(self) -> str:
        return f"Mine {self.number(1, 9)}"

    def things(self, field: str, name: str) -> list[tuple[int, int]]:
        """(sheet, number) of all banded ranges, charts …"""
        return [(key, one[name]) for key, sheet in self.sheets.items() for one in sheet.get(field, ())]


def _edits() -> Iterator[Callable[[Hand], Any]]:
    def typed(hand: Hand) -> Any:
        sheet = hand.sheet()
        return sheet, *(spot := hand.spot(sheet)), hand.user.type(sheet, *spot, hand.any(WORDS))

    def typed_block(hand: Hand) -> Any:
        sheet = hand.sheet()
        r0, c0, r1, c1 = hand.area(sheet)
        block = [[hand.any(WORDS) for _ in range(c0, c1)] for _ in range(r0, r1)]
        return sheet, r0, c0, block, hand.user.type_block(sheet, r0, c0, block)

    def retyped_header(hand: Hand) -> Any:
        sheet = hand.sheet()
        column = hand.number(0, hand.size(sheet)[1] - 1)
        return sheet, column, hand.user.retitle(sheet, 0, column, hand.any(WORDS) or "Title")

    def cleared(hand: Hand) -> Any:
        sheet = hand.sheet()
        return sheet, (area := hand.area(sheet)), hand.user.clear(sheet, area)

    def noted(hand: Hand) -> Any:
        sheet = hand.sheet()
        return sheet, *(spot := hand.spot(sheet)), hand.user.note(sheet, *spot, "a note")

    def recoloured(hand: Hand) -> Any:
        sheet = hand.sheet()
        return sheet, (area := hand.area(sheet)), hand.user.recolour(sheet, area)

    def formatted(hand: Hand) -> Any:
        sheet = hand.sheet()
        return sheet, (area := hand.area(sheet)), hand.user.number_format(sheet, area, "0.00")

    def validated(hand: Hand) -> Any:
        sheet = hand.sheet()
        return sheet, (area := hand.area(sheet)), hand.user.validate(sheet, area, hand.any([["a", "b"], None]))

    def pasted(hand: Hand) -> Any:
        sheet, other = hand.sheet(), hand.sheet()
        other = hand.any([sheet, sheet, other])
        area, spot = hand.area(sheet), hand.spot(other)
        return sheet, area, other, spot, hand.user.paste(sheet, area, *spot, other)

    def cut(hand: Hand) -> Any:
        sheet = hand.sheet()
        area, spot = hand.area(sheet), hand.spot(sheet)
        return sheet, area, spot, hand.user.cut(sheet, area, *spot)

    def merged(hand: Hand) -> Any:
        sheet = hand.sheet()
        return sheet, (area := hand.area(sheet)), hand.user.merge(sheet, area)

    def unmerged(hand: Hand) -> Any:
        sheet = hand.sheet()
        return sheet, (area := hand.area(sheet)), hand.user.unmerge(sheet, area)

    def inserted_rows(hand: Hand) -> Any:
        sheet = hand.sheet()
        at, count = hand.number(0, min(hand.size(sheet)[0], 12) - 1), hand.number(1, 3)
        above = hand.any([True, False]) and at > 0
        return sheet, at, count, above, hand.user.insert_rows(sheet, at, count, like_above=above)

    def inserted_column(hand: Hand) -> Any:
        sheet = hand.sheet()
        at = hand.number(0, hand.size(sheet)[1] - 1)
        left = hand.any([True, False]) and at > 0
        return sheet, at, left, hand.user.insert_column(sheet, at, like_left=left)

    def deleted_rows(hand: Hand) -> Any:
        sheet = hand.sheet()
        return sheet, (at := hand.spot(sheet)[0]), hand.user.delete_rows(sheet, at)

    def deleted_column(hand: Hand) -> Any:
        sheet = hand.sheet()
        return sheet, (at := hand.spot(sheet)[1]), hand.user.delete_column(sheet, at)

    def moved_rows(hand: Hand) -> Any:
        sheet = hand.sheet()
        at, before = hand.spot(sheet)[0], hand.spot(sheet)[0]
        return sheet, at, before, hand.user.move_rows(sheet, at, before)

    def moved_column(hand: Hand) -> Any:
        sheet = hand.sheet()
        at, before = hand.spot(sheet)[1], hand.number(0, hand.size(sheet)[1])
        return sheet, at, before, hand.user.move_column(sheet, at, before)

    def added_rows(hand: Hand) -> Any:
        return (sheet := hand.sheet()), hand.user.add_rows(sheet, hand.number(1, 30))

    def hid_column(hand: Hand) -> Any:
        sheet = hand.sheet()
        return sheet, (at := hand.spot(sheet)[1]), hand.user.hide_column(sheet, at, hand.any([True, False]))

    def hid_row(hand: Hand) -> Any:
        sheet = hand.sheet()
        return sheet, (at := hand.spot(sheet)[0]), hand.user.hide_row(sheet, at)

    def resized(hand: Hand) -> Any:
        sheet, what = hand.sheet(), hand.any(["ROWS", "COLUMNS"])
        at = hand.spot(sheet)[what == "COLUMNS"]
        return sheet, at, what, hand.user.resize(sheet, at, 77, what)

    def sorted_rows(hand: Hand) -> Any:
        sheet = hand.sheet()
        at, header = hand.spot(sheet)[1], hand.any([0, 0, 0, 1])
        return sheet, at, header, hand.user.sort(sheet, at, header=header, descending=hand.any([True, False]))

    def filtered(hand: Hand) -> Any:
        sheet = hand.sheet()
        return sheet, (at := hand.spot(sheet)[1]), hand.user.filter(sheet, at, hand.any([["x"], ["Won", "Lost"], []]))

    def cleared_filter(hand: Hand) -> Any:
        return (sheet := hand.sheet()), hand.user.clear_filter(sheet)

    def added_sheet(hand: Hand) -> Any:
        return (title := hand.title()), hand.user.add_sheet(title, hand.any([None, 0, 2]))

    def deleted_sheet(hand: Hand) -> Any:
        return (sheet := hand.sheet()), hand.user.delete_sheet(sheet) if hand.number(0, 3) == 3 else None

    def duplicated_sheet(hand: Hand) -> Any:
        return (sheet := hand.sheet()), hand.user.duplicate_sheet(sheet, hand.title()) if len(
            hand.sheets
        ) < 14 else None

    def renamed_sheet(hand: Hand) -> Any:
        return (sheet := hand.sheet()), hand.user.rename_sheet(sheet, hand.title())

    def moved_sheet(hand: Hand) -> Any:
        return (sheet := hand.sheet()), hand.user.move_sheet(sheet, hand.number(0, 9))

    def hid_sheet(hand: Hand) -> Any:
        return (sheet := hand.sheet()), hand.user.hide_sheet(sheet, hand.any([True, False]))

    def recoloured_tab(hand: Hand) -> Any:
        return (sheet := hand.sheet()), hand.user.recolour_tab(sheet)

    def froze(hand: Hand) -> Any:
        return (sheet := hand.sheet()), (rows := hand.number(0, 4)), hand.user.freeze(sheet, rows)

    def added_rule(hand: Hand) -> Any:
        sheet = hand.sheet()
        area, index = hand.area(sheet), hand.number(0, len(hand.sheets[sheet].get("conditionalFormats", ())))
        return sheet, area, index, hand.user.add_rule(sheet, area, "=$A2>5", index)

    def deleted_rule(hand: Hand) -> Any:
        sheet = hand.sheet()
        index = hand.number(0, len(hand.sheets[sheet].get("conditionalFormats", ())) - 1)
        return sheet, index, hand.user.delete_rule(sheet, index)

    def added_chart(hand: Hand) -> Any:
        sheet = hand.sheet()
        return sheet, (area := hand.area(sheet)), hand.user.add_chart(sheet, area)

    def moved_chart(hand: Hand) -> Any:
        charts = hand.things("charts", "chartId")
        return charts and (
            one := hand.any(charts),
            spot := hand.spot(one[0]),
            hand.user.move_chart(one[1], one[0], *spot),
        )

    def deleted_chart(hand: Hand) -> Any:
        charts = hand.things("charts", "chartId")
        return charts and (one := hand.any(charts), hand.user.delete_chart(one[1]))

    def added_name(hand: Hand) -> Any:
        sheet, name = hand.sheet(), f"my_{hand.number(1, 9)}"
        return sheet, name, (area := hand.area(sheet)), hand.user.add_named_range(name, sheet, area)

    def renamed_name(hand: Hand) -> Any:
        return (name := hand.any(sorted(hand.user.names()))), hand.user.rename_named_range(
            name, f"other_{hand.number(1, 9)}"
        )

    def deleted_name(hand: Hand) -> Any:
        return (name := hand.any(sorted(hand.user.names()))), hand.user.delete_named_range(name)

    def added_view(hand: Hand) -> Any:
        sheet = hand.sheet()
        return sheet, (area := hand.area(sheet)), hand.user.add_filter_view("Mine", sheet, area)

    def protected(hand: Hand) -> Any:
        sheet = hand.sheet()
        return sheet, (area := hand.area(sheet)), hand.user.protect(sheet, area)

    def unprotected(hand: Hand) -> Any:
        known = hand.things("protectedRanges", "protectedRangeId")
        return known and (one := hand.any(known), hand.user.unprotect(one[1]))

    def banded(hand: Hand) -> Any:
        sheet = hand.sheet()
        return sheet, (area := hand.area(sheet)), hand.user.add_banding(sheet, area)

    def unbanded(hand: Hand) -> Any:
        known = hand.things("bandedRanges", "bandedRangeId")
        return known and (one := hand.any(known), hand.user.delete_banding(one[1]))

    return iter([one for name, one in locals().items() if callable(one)])


EDITS: dict[str, Callable[[Crm, Draw], Any]] = {
    one.__name__: (lambda crm, draw, one=one: one(Hand(crm, draw))) for one in _edits()
}
