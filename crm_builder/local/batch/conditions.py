"""BooleanConditions: which kinds serve where, how many values they take, and their canonical form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crm_builder.formulas.scan import quoted_title, read_a1

from ..entered import parse_entered
from ..errors import invalid
from ..formulas.parse import PARSE_ERROR, parse

if TYPE_CHECKING:
    from ..book import Book

VALIDATION, FORMAT, FILTER = "data validation", "conditional formatting", "filters"
_EVERYWHERE = (VALIDATION, FORMAT, FILTER)

# kind: (where it is supported, fewest values, most values), as documented for BooleanCondition
_KINDS: dict[str, tuple[tuple[str, ...], int, int | None]] = {
    "NUMBER_GREATER": (_EVERYWHERE, 1, 1),
    "NUMBER_GREATER_THAN_EQ": (_EVERYWHERE, 1, 1),
    "NUMBER_LESS": (_EVERYWHERE, 1, 1),
    "NUMBER_LESS_THAN_EQ": (_EVERYWHERE, 1, 1),
    "NUMBER_EQ": (_EVERYWHERE, 1, 1),
    "NUMBER_NOT_EQ": (_EVERYWHERE, 1, 1),
    "NUMBER_BETWEEN": (_EVERYWHERE, 2, 2),
    "NUMBER_NOT_BETWEEN": (_EVERYWHERE, 2, 2),
    "TEXT_CONTAINS": (_EVERYWHERE, 1, 1),
    "TEXT_NOT_CONTAINS": (_EVERYWHERE, 1, 1),
    "TEXT_STARTS_WITH": ((FORMAT, FILTER), 1, 1),
    "TEXT_ENDS_WITH": ((FORMAT, FILTER), 1, 1),
    "TEXT_EQ": (_EVERYWHERE, 1, 1),
    "TEXT_IS_EMAIL": ((VALIDATION,), 0, 0),
    "TEXT_IS_URL": ((VALIDATION,), 0, 0),
    "DATE_EQ": (_EVERYWHERE, 1, 1),
    "DATE_BEFORE": (_EVERYWHERE, 1, 1),
    "DATE_AFTER": (_EVERYWHERE, 1, 1),
    "DATE_ON_OR_BEFORE": ((VALIDATION,), 1, 1),
    "DATE_ON_OR_AFTER": ((VALIDATION,), 1, 1),
    "DATE_BETWEEN": ((VALIDATION,), 2, 2),
    "DATE_NOT_BETWEEN": ((VALIDATION,), 2, 2),
    "DATE_IS_VALID": ((VALIDATION,), 0, 0),
    "ONE_OF_RANGE": ((VALIDATION,), 1, 1),
    "ONE_OF_LIST": ((VALIDATION,), 1, None),
    "BLANK": ((FORMAT, FILTER), 0, 0),
    "NOT_BLANK": ((FORMAT, FILTER), 0, 0),
    "CUSTOM_FORMULA": (_EVERYWHERE, 1, 1),
    "BOOLEAN": ((VALIDATION,), 0, 2),
}
_RELATIVE = ("DATE_BEFORE", "DATE_AFTER", "DATE_ON_OR_BEFORE", "DATE_ON_OR_AFTER", "DATE_EQ")


def checked(book: Book, condition: dict[str, Any] | None, where: str, home: int) -> dict[str, Any]:
    """The canonical condition. `where` is VALIDATION, FORMAT or FILTER, `home` the id of the sheet it stands on.

    ApiError 400: an unsupported kind, too few or too many values, a value that the kind cannot read.
    """
    kind = (condition or {}).get("type")
    if condition is None or kind is None or kind == "CONDITION_TYPE_UNSPECIFIED":
        raise invalid("A condition must have a type.")
    if kind not in _KINDS or where not in _KINDS[kind][0]:
        raise invalid(f"ConditionType '{kind}' is not supported in {where}.")
    _, fewest, most = _KINDS[kind]
    values = condition.get("values", [])
    if len(values) < fewest or (most is not None and len(values) > most):
        count = "no" if most == 0 else f"{fewest}" if fewest == most else f"{fewest} to {most or 'any number of'}"
        raise invalid(f"ConditionType '{kind}' takes {count} values, not {len(values)}.")
    out = [_value(book, kind, value, where, home) for value in values]
    return {"type": kind} | ({"values": out} if out else {})


def _value(book: Book, kind: str, value: dict[str, Any], where: str, home: int) -> dict[str, Any]:
    relative, text = value.get("relativeDate"), value.get("userEnteredValue")
    if relative is not None:
        if where == VALIDATION or kind not in _RELATIVE:
            raise invalid(f"Relative dates are not supported for ConditionType: {kind} in {where}.")
        return {"relativeDate": relative}
    if text is None:
        raise invalid("A ConditionValue must have a userEnteredValue or a relativeDate.")
    wrong = invalid(f"Invalid ConditionValue.userEnteredValue: {text} for ConditionType: {kind}")
    if kind == "ONE_OF_RANGE":
        absolute = absolute_range(book, text)
        if absolute is None:
            raise wrong
        return {"userEnteredValue": absolute}
    formula = text.startswith(("=", "+"))
    if kind == "CUSTOM_FORMULA" and not formula:
        raise wrong
    if kind.startswith("NUMBER_") and not formula:
        number = parse_entered(text)[0]
        if isinstance(number, bool) or not isinstance(number, float):
            raise wrong
    if kind.startswith("DATE_") and not formula:
        number, shown = parse_entered(text)
        if not isinstance(number, float) or (shown or {}).get("type") not in ("DATE", "DATE_TIME"):
            raise wrong
    if kind in ("ONE_OF_LIST", "BOOLEAN") and formula:
        raise wrong
    if formula and parse(text if text.startswith("=") else f"={text}") == PARSE_ERROR:
        raise wrong
    return {"userEnteredValue": text}


def map_condition(condition: dict[str, Any] | None, change: Callable[[str], str]) -> None:
    """Every formula of a condition becomes change(formula)."""
    for value in (condition or {}).get("values", []):
        text = value.get("userEnteredValue", "")
        if text.startswith("="):
            value["userEnteredValue"] = change(text)


def absolute_range(book: Book, text: str) -> str | None:
    """A range in A1 notation with its leading "=", made absolute as it is read back; None where it is none.

    =Sales!A2:A5 is =Sales!$A$2:$A$5 (reported of the service); the sheet must exist.
    """
    a1 = read_a1(text[1:].strip()) if text.startswith("=") else None
    if a1 is None:
        return None
    prefix = ""
    if a1.sheet is not None:
        titles = [sheet["properties"]["title"] for sheet in book.doc["sheets"]]
        own = next((title for title in titles if title.casefold() == a1.sheet.casefold()), None)
        if own is None:
            return None
        prefix = quoted_title(own) + "!"
    first = replace(a1.first, fixed_row=True, fixed_column=True)
    last = replace(a1.last, fixed_row=True, fixed_column=True) if a1.last else None
    return "=" + str(replace(a1, first=first, last=last, prefix=prefix))
