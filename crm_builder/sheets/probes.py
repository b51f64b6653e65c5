"""What a spreadsheet shows of its locale and its clock: formulas beside the baseline ↔ the texts that they give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

Json = dict[str, Any]

# Each gives a text, since only texts are read of computed cells; and none depends on what it asks about, so that it
# gives the same in whatever locale: no decimal sign, and ";" between arguments, which every locale takes.
FORMULAS = (
    '=MID(1/2&"";2;1)',  # how numbers are typed and shown: "." or ","
    '=IFERROR(MONTH(DATEVALUE("2/3/2001"))&"";"")',  # how days are typed: "2" where the month comes first
    '=TEXT(INT(NOW()*86400);"0")',  # seconds on the clock of the sheet's time zone
)
_EPOCH = datetime(1899, 12, 30)  # day 0 of a sheet


@dataclass(frozen=True, slots=True)
class Probed:
    """What was found. "" and None where the spreadsheet does not tell.

    `clock` is the sheet's own time, without a time zone.
    """

    locale: str = ""
    time_zone: str = ""
    decimal: str = ""
    month: str = ""
    clock: datetime | None = None

    @property
    def at_rest(self) -> Probed:
        """Without the clock: it stands still until the sheet is changed (documented: autoRecalc of a spreadsheet)."""
        return replace(self, clock=None)


def probe_cells() -> list[Json]:
    """The cells that ask, one beside the other."""
    return [{"userEnteredValue": {"formulaValue": formula}} for formula in FORMULAS]


def decode_probes(properties: Mapping[str, Any], sheet: Mapping[str, Any] | None) -> Probed:
    """What the spreadsheet's properties tell, and the cells beside the baseline, as far as people left them alone."""
    texts = _texts(sheet or {})
    return Probed(properties.get("locale", ""), properties.get("timeZone", ""), texts[0], texts[1], _clock(texts[2]))


def _clock(text: str) -> datetime | None:
    seconds = int(text) if text.isdecimal() and len(text) < 12 else 0
    return _EPOCH + timedelta(seconds=seconds) if seconds else None


def _texts(sheet: Mapping[str, Any]) -> list[str]:
    shown = [""] * len(FORMULAS)
    for block in sheet.get("data", ()):
        if block.get("startRow", 0):
            continue
        row: Json = next(iter(block.get("rowData", ())), {})
        for column, cell in enumerate(row.get("values", ()), block.get("startColumn", 0)):
            if 1 <= column <= len(FORMULAS):
                shown[column - 1] = cell.get("effectiveValue", {}).get("stringValue", "")
    return shown
