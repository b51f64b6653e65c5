"""Colours that follow from others: soft backgrounds, and inks that stay readable on them."""

from __future__ import annotations

LEAST_CONTRAST = 4.5  # WCAG 2.2 AA for text


def mix(first: str, second: str, share: float) -> str:
    """`share` of the second colour in the first; all `#RRGGBB`."""
    pairs = zip(_channels(first), _channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def contrast(first: str, second: str) -> float:
    """WCAG contrast ratio, 1 to 21."""
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)


def quiet_pair(color: str) -> tuple[str, str]:
    """(background, ink) for a choice of that colour: a soft background and the colour darkened until it is readable."""
    background = mix(color, "#FFFFFF", 0.86)
    ink = color
    while contrast(background, ink) < LEAST_CONTRAST:
        ink = mix(ink, "#000000", 0.15)
    return background, ink


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _luminance(color: str) -> float:
    parts = [channel / 255 for channel in _channels(color)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
