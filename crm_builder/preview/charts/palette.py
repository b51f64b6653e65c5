"""What a drawing is made of before the library sees it: placeholders for every text and every colour.

The library gets `@3` for a text and a made-up colour for a colour; both become the real ones when its SVG is read. So
no text of a person's ever goes through it, and each colour can be another one in the dark.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crm_builder.preview.styles import colour

Json = Mapping[str, Any]

INK, QUIET, GRID, PAPER = "#fd0001", "#fd0002", "#fd0003", "#fd0004"
_ACCENTS = ("ACCENT1", "ACCENT2", "ACCENT3", "ACCENT4", "ACCENT5", "ACCENT6")


class Palette:
    """The placeholders of one drawing, in the order they were asked for."""

    def __init__(self, theme: Mapping[str, str]):
        self.theme = theme
        self.texts: list[tuple[Sequence[str], bool]] = []  # lines, and whether they stand around their place's middle
        self.colours: list[str] = []

    def text(self, *lines: str, centred: bool = False) -> str:
        """A placeholder for a text of one or more lines, which run down from their place or stand around it."""
        self.texts.append((lines, centred))
        return f"@{len(self.texts) - 1}"

    def colour(self, real: str) -> str:
        """A placeholder for a `#rrggbb` colour."""
        if real not in self.colours:
            self.colours.append(real)
        return f"#fe{self.colours.index(real):04x}"

    def accent(self, number: int) -> str:
        """The real colour that a series or slice without one has: the workbook's theme in its order."""
        real = self.theme[_ACCENTS[number % len(_ACCENTS)]]
        return lighter(real) if number // len(_ACCENTS) % 2 else real  # no two neighbours of a pie look the same

    def given(self, holder: Json, number: int, name: str = "color") -> str:
        """The real colour a series was given, else its accent."""
        return colour(holder, name, self.theme) or self.accent(number)


def lighter(colour: str) -> str:
    """Halfway between a `#rrggbb` and white."""
    return "#" + "".join(f"{(int(colour[at : at + 2], 16) + 255) // 2:02x}" for at in (1, 3, 5))
