"""Show a cell's value as Google shows it: number format kinds, their default patterns, and the text of a value.

The defaults are those documented for the locale en_US (1,000.12 · 10.12% · $1,000.12 · 9/26/2008 · 3:59:00 PM ·
1.01E+03); every other pattern is given by the caller. Colours are read and dropped, text has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from crm_builder.local.formulas.text_format_date import show_date
from crm_builder.local.formulas.text_format_number import general, show_number
from crm_builder.local.formulas.text_format_pattern import choose, sections
from crm_builder.local.formulas.values import FormulaError

DEFAULTS: Mapping[str, str] = MappingProxyType(
    {
        "": "",
        "NUMBER_FORMAT_TYPE_UNSPECIFIED": "",
        "TEXT": "@",
        "NUMBER": "#,##0.00",
        "PERCENT": "0.00%",
        "CURRENCY": '"$"#,##0.00',
        "DATE": "M/d/yyyy",
        "TIME": "h:mm:ss am/pm",
        "DATE_TIME": "M/d/yyyy H:mm:ss",
        "SCIENTIFIC": "0.00E+00",
    }
)


def format_value(value: float | str | bool | FormulaError | None, kind: str = "", pattern: str = "") -> str:
    """The formatted text of a value; `kind` is a NumberFormatType ("" = automatic), "" as pattern = its default.

    Blank shows as "", an error as its kind, a boolean as TRUE or FALSE under every pattern.
    Raises KeyError for a kind that the API does not know.
    """
    default = DEFAULTS[kind]
    if value is None:
        return ""
    if isinstance(value, FormulaError):
        return value.kind
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    pattern = pattern or default
    if isinstance(value, str):
        return format_text(value, pattern)
    return format_number(float(value), pattern)


def format_number(number: float, pattern: str) -> str:
    """A number through a pattern; "" and General give the automatic format."""
    if not pattern:
        return general(number)
    section, sign_is_shown = choose(sections(pattern), number)
    if section is None:
        return general(number)
    if not section.tokens:
        return ""
    if section.is_date:
        return show_date(number, section)
    return show_number(number, section, sign_is_shown)


def format_text(text: str, pattern: str) -> str:
    """A text through a pattern: the section with @, or else the fourth; without either it stays as it is."""
    parts = sections(pattern)
    section = next((part for part in parts if part.has("text")), parts[3] if len(parts) > 3 else None)
    if section is None:
        return text
    return "".join(text if kind == "text" else part for kind, part in section.tokens)
