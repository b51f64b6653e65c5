"""What the file says about itself: on a sheet of its own, and as a text beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crm_builder.xlsx.book import Book
from crm_builder.xlsx.formats import Formats
from crm_builder.xlsx.plan import Held, Plan

_WIDTHS = (170, 150, 280, 230)  # pixels


@dataclass(frozen=True, slots=True)
class About:
    """`rows` are the cells that hold values: sheet, cells, what, why. `other`: sheet and what differs there."""

    title: str
    paragraphs: Sequence[str]
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    other_title: str
    other: Sequence[Sequence[str]] = field(default_factory=tuple)


def about(
    book: Book,
    plan: Plan,
    words: Mapping[str, str],
    day: str,
    pinned: bool,
    more: Sequence[tuple[str, str]],
) -> About:
    """`more`: sheet and what differs there beyond formulas, as the writers found it."""
    count = len(plan.live) + len(plan.stored)
    paragraphs = [words["written"].format(day=day), words["live"].format(count=count)]
    if pinned:
        paragraphs.append(words["clock"].format(day=day))
    paragraphs.append(words["growing"])
    if plan.held:
        paragraphs.append(words["held"])
    return About(
        title=words["title"],
        paragraphs=paragraphs,
        head=[words[name] for name in ("sheet", "cells", "what", "why")],
        rows=[
            [one.area.sheet, one.area.text(absolute=False, sheet=False), one.heading, one.reason]
            for one in _sorted(book, plan)
        ],
        other_title=words["other"],
        other=[*dict.fromkeys((*_left_out(book, words), *more))],
    )


def _sorted(book: Book, plan: Plan) -> list[Held]:
    order = {sheet.title: index for index, sheet in enumerate(book.sheets)}
    return sorted(plan.held, key=lambda one: (order[one.area.sheet], one.area.left, one.area.top))


def _left_out(book: Book, words: Mapping[str, str]) -> list[tuple[str, str]]:
    out = []
    for sheet in book.sheets:
        if any("pivotTable" in cell for _, _, cell in sheet.each()):
            out.append((sheet.title, words["pivot"]))
        if sheet.json.get("slicers"):
            out.append((sheet.title, words["slicer"]))
        if views := [str(view.get("title", "")) for view in sheet.json.get("filterViews", ())]:
            out.append((sheet.title, words["views"].format(names=", ".join(views))))
        if sheet.json.get("protectedRanges"):
            out.append((sheet.title, words["protection"]))
    return out


def write_about(worksheet: Any, own: About, formats: Formats) -> None:
    """Fills the sheet."""
    heading = formats.of({**formats.usual, "bold": True, "font_size": 16})
    bold = formats.of({**formats.usual, "bold": True, "bottom": 1, "bottom_color": "#BDC1C6"})
    plain = formats.of({**formats.usual, "text_wrap": True, "valign": "top"})
    worksheet.hide_gridlines(2)
    for column, width in enumerate(_WIDTHS):
        worksheet.set_column_pixels(column, column, width)
    worksheet.set_row_pixels(0, 36)
    worksheet.write_string(0, 0, own.title, heading)
    row = 2
    for text in own.paragraphs:
        worksheet.merge_range(row, 0, row, len(_WIDTHS) - 1, text, plain)
        worksheet.set_row_pixels(row, 36)
        row += 1
    row = _table(worksheet, row, own.head, own.rows, bold, plain) if own.rows else row
    if own.other:
        row += 1
        worksheet.merge_range(row, 0, row, len(_WIDTHS) - 1, own.other_title, bold)
        for sheet, text in own.other:
            row += 1
            worksheet.write_string(row, 0, sheet, plain)
            worksheet.merge_range(row, 1, row, len(_WIDTHS) - 1, text, plain)


def _table(worksheet: Any, row: int, head: Sequence[str], rows: Sequence[Sequence[str]], bold: Any, plain: Any) -> int:
    for line, form in ((head, bold), *((one, plain) for one in rows)):
        for column, text in enumerate(line):
            worksheet.write_string(row, column, text, form)
        row += 1
    return row


def as_markdown(own: About) -> str:
    """The same as a text."""
    lines = [f"# {own.title}", ""]
    for text in own.paragraphs:
        lines += [text, ""]
    if own.rows:
        lines += [_line(own.head), _line(["---"] * len(own.head)), *map(_line, own.rows), ""]
    if own.other:
        lines += [f"## {own.other_title}", "", *(f"- {_clean(sheet)}: {_clean(text)}" for sheet, text in own.other), ""]
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_clean(cell) for cell in cells) + " |"


def _clean(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
