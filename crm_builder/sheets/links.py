"""A cell that leads to a sheet of ours ↔ its formula; the sheet is told by its id, which no renaming changes."""

from __future__ import annotations

import re

from crm_builder.sheets.layout import Layout, NotOursError

_LINK = re.compile(r'=HYPERLINK\("#gid=(\d+)"[;,] ?"((?:[^"]|"")*)"\)', re.IGNORECASE)


def encode_link(sheet: str, text: str, layout: Layout) -> str:
    shown = text.replace('"', '""')
    return f'=HYPERLINK("#gid={layout.place(sheet).sheet_id}"; "{shown}")'


def decode_link(formula: str | None, layout: Layout) -> tuple[str, str] | None:
    """(sheet, text); None for any other formula and for a link to a sheet that is not ours."""
    match = _LINK.fullmatch(formula or "")
    if not match:
        return None
    try:
        return layout.by_id(int(match[1])).key, match[2].replace('""', '"')
    except NotOursError:
        return None
