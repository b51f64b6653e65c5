"""A BooleanCondition of a conditional format or a data validation as one formula that is true where it holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm_builder.xlsx.book import Area
from crm_builder.xlsx.translate import translate
from crm_builder.xlsx.writer import Home, Untranslatable

Json = Mapping[str, Any]

_NUMBERS = {
    "NUMBER_GREATER": ">", "NUMBER_GREATER_THAN_EQ": ">=", "NUMBER_LESS": "<", "NUMBER_LESS_THAN_EQ": "<=",
    "NUMBER_EQ": "=", "NUMBER_NOT_EQ": "<>",
    "DATE_AFTER": ">", "DATE_ON_OR_AFTER": ">=", "DATE_BEFORE": "<", "DATE_ON_OR_BEFORE": "<=", "DATE_EQ": "=",
}  # fmt: skip
_BETWEEN = {"NUMBER_BETWEEN": True, "NUMBER_NOT_BETWEEN": False, "DATE_BETWEEN": True, "DATE_NOT_BETWEEN": False}
_TEXTS = {
    "TEXT_EQ": "{0}={1}",
    "TEXT_NOT_EQ": "{0}<>{1}",
    "TEXT_CONTAINS": "ISNUMBER(SEARCH({1},{0}))",
    "TEXT_NOT_CONTAINS": "ISERROR(SEARCH({1},{0}))",
    "TEXT_STARTS_WITH": "LEFT({0},LEN({1}))={1}",
    "TEXT_ENDS_WITH": "RIGHT({0},LEN({1}))={1}",
}
_PLAIN = {
    "BLANK": '{0}=""',
    "NOT_BLANK": '{0}<>""',
    # A check of the form, not of the mail server: as much as a formula without regular expressions can say.
    "TEXT_IS_EMAIL": 'AND(ISNUMBER(FIND(".",{0},FIND("@",{0})+2)),ISERROR(FIND(" ",{0})))',
    "TEXT_IS_URL": 'ISNUMBER(FIND(".",{0}))',
    "DATE_IS_VALID": "ISNUMBER({0})",
}
_RELATIVE = {
    "TODAY": 0, "TOMORROW": 1, "YESTERDAY": -1, "PAST_WEEK": -7, "PAST_MONTH": -30, "PAST_YEAR": -365,
}  # fmt: skip


def formula_of(condition: Json, home: Home) -> str:
    """The formula without `=`, relative to the cell that `home` names. Untranslatable where there is none."""
    kind, values = str(condition.get("type")), condition.get("values", ())
    cell = Area(home.sheet, home.row, home.column, home.row + 1, home.column + 1).text(absolute=False, sheet=False)
    if kind == "CUSTOM_FORMULA":
        return translate(str(values[0]["userEnteredValue"]), home, result=False).text
    if kind in _PLAIN:
        return _PLAIN[kind].format(cell)
    if kind in _TEXTS:
        return _TEXTS[kind].format(cell, _text(values[0], home))
    if kind in _NUMBERS:
        return f"AND(ISNUMBER({cell}),{cell}{_NUMBERS[kind]}{_number(values[0], home)})"
    if kind in _BETWEEN:
        low, high = (_number(value, home) for value in values)
        inside = f"{cell}>={low},{cell}<={high}"
        return f"AND(ISNUMBER({cell}),{inside if _BETWEEN[kind] else f'NOT(AND({inside}))'})"
    raise Untranslatable(kind)


def _text(value: Json, home: Home) -> str:
    text = str(value.get("userEnteredValue", ""))
    if text.startswith("="):
        return translate(text, home, result=False).text
    return '"' + text.replace('"', '""') + '"'


def _number(value: Json, home: Home) -> str:
    if relative := value.get("relativeDate"):
        today = translate("=TODAY()", home).text
        if relative not in _RELATIVE:
            raise Untranslatable(str(relative))
        return f"({today}{_RELATIVE[relative]:+d})"
    text = str(value.get("userEnteredValue", ""))
    if text.startswith("="):
        return f"({translate(text, home, result=False).text})"
    try:
        return repr(float(text)).removesuffix(".0")
    except ValueError:
        raise Untranslatable(text) from None
