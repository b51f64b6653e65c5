"""Text on its way into the page: made harmless, cut, and with its reading direction found."""

from __future__ import annotations

import re
import unicodedata
from html import escape

# Characters that would break the page (controls, lone surrogates) and ones that make text read as what it is not.
_BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_DECEIVING = re.compile("[\u202a-\u202e]")
_WEB_ADDRESS = re.compile(r"https?://[^\s\x00-\x20]+", re.IGNORECASE)


def clean(text: str) -> str:
    """The text without characters that cannot stand in a page; each becomes U+FFFD."""
    return _BROKEN.sub("\ufffd", text)


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, with an ellipsis where some were left out."""
    return text if len(text) <= limit else text[:limit].rstrip() + "…"


def attribute(text: str) -> str:
    """Text for inside a double-quoted attribute; direction overrides are named instead of obeyed."""
    return escape(_DECEIVING.sub(lambda found: f"[U+{ord(found[0]):04X}]", clean(text)))


def content(text: str) -> str:
    """Text for inside an element; direction overrides are drawn as small marks, so that nothing hides."""
    return _DECEIVING.sub(lambda found: f'<i class="bidi">U+{ord(found[0]):04X}</i>', escape(clean(text)))


def direction(text: str) -> str:
    """`rtl` or `ltr` by the first letter; `ltr` where there is none: phone numbers and dates keep their order."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind == "L":
            return "ltr"
        if kind in ("R", "AL"):
            return "rtl"
    return "ltr"


def web_address(text: str) -> str | None:
    """The text as an address that may be followed, None unless it is http or https."""
    stripped = text.strip()
    return stripped if _WEB_ADDRESS.fullmatch(stripped) else None
