"""What a colour becomes on the dark page: pastels turn into deep tints, inks are lifted until they can be read."""

from __future__ import annotations

from functools import cache

PAPER = "#1d2126"  # a sheet's paper in the dark
INK = "#e6e9ec"  # text without a colour of its own there
LIGHT_INK = "#1f2328"  # and in the light
READABLE = 4.5  # WCAG 2.2, 1.4.3: text
VISIBLE = 4.0  # drawn shapes: more than the 3 of WCAG 2.2, 1.4.11, since thin lines lose some

_PASTEL = 0.8  # lightness (OKLab) from which a background counts as tinted paper
_DEEP = 0.245  # lightness of the dark paper
_STEP = 0.02


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two `#rrggbb` colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@cache
def paper(colour: str) -> str:
    """A background in the dark: tinted paper keeps its hue on dark paper, a strong colour stays what it is."""
    level, a, b = _oklab(colour)
    if level < _PASTEL:
        return colour
    strength = min(2.4, 0.075 / (max(1e-6, (a * a + b * b) ** 0.5)))
    return _hex(_DEEP + (1 - level) * 0.55, a * strength, b * strength)


@cache
def ink(colour: str, ground: str = PAPER, wanted: float = READABLE) -> str:
    """A text colour on a background of the dark page: turned round in lightness, then moved until it is readable."""
    level, a, b = _oklab(colour)
    on_dark = _luminance(ground) < 0.18  # where white and black stand out equally
    level = max(level, 1 - level * 0.6) if on_dark else level
    while contrast(_hex(level, a, b), ground) < wanted and 0 < level < 1:
        level += _STEP if on_dark else -_STEP
    found = _hex(level, a, b)
    if contrast(found, ground) >= wanted:
        return found
    return "#ffffff" if on_dark else "#000000"  # on a middling background nothing else stands out


@cache
def mark(colour: str, ground: str = PAPER) -> str:
    """A drawn shape's colour: kept where it can be told from the dark paper, lifted until it can where not."""
    level, a, b = _oklab(colour)
    while contrast(_hex(level, a, b), ground) < VISIBLE and level < 1:
        level += _STEP
    return _hex(level, a, b)


@cache
def line(colour: str) -> str:
    """A border's colour: a pale line becomes one that is as quiet on dark paper."""
    level, a, b = _oklab(colour)
    return _hex(_DEEP + 0.06 + (1 - level) * 0.75, a, b) if level > _PASTEL else mark(colour)


def either(name: str, light: str, dark: str) -> list[str]:
    """Declarations of a colour for both pages; browsers that do not know light-dark() keep the light one."""
    return [f"{name}:{light}"] if light == dark else [f"{name}:{light}", f"{name}:light-dark({light},{dark})"]


def _linear(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue))  # type: ignore[return-value]


@cache
def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _oklab(colour: str) -> tuple[float, float, float]:
    """OKLab of a colour: https://bottosson.github.io/posts/oklab/ (public domain), as CSS Color 4 defines it."""
    r, g, b = _linear(colour)
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    medium = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _hex(level: float, a: float, b: float) -> str:
    long = (level + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (level - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (level - 0.0894841775 * a - 1.2914855480 * b) ** 3
    parts = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    clipped = (min(1.0, max(0.0, part)) for part in parts)
    encoded = (c * 12.92 if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in clipped)
    return "#" + "".join(f"{round(c * 255):02x}" for c in encoded)
