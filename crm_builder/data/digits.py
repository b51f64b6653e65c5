"""Persian and Arabic digits and letters, and their plain forms."""

from __future__ import annotations

_PERSIAN, _ARABIC = "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩"
_TO_LATIN = str.maketrans(_PERSIAN + _ARABIC, "0123456789" * 2)
_TO_PERSIAN = str.maketrans("0123456789", _PERSIAN)


def latin(text: str) -> str:
    """The text with every Persian or Arabic digit as 0-9."""
    return text.translate(_TO_LATIN)


def persian(text: str) -> str:
    """The text with every digit 0-9 as ۰-۹."""
    return text.translate(_TO_PERSIAN)
