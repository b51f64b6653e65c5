"""JSON as it comes in a body and goes out in an answer: what Google's parser refuses is refused here."""

from __future__ import annotations

import json
import math
from typing import Any

from .errors import invalid

_DEEPEST = 100  # levels of a body, the limit of protocol buffers' JSON parsers (documented)
_TOO_DEEP = "Invalid JSON payload received. Message too deep. Max recursion depth reached."
_NESTING = (dict, list)


def parsed(body: bytes) -> Any:
    """The value of a body, None for an empty one. ApiError 400 where it is no JSON that the service would take."""
    try:
        text = body.decode()
        if not text.strip():
            return None
        value = json.loads(text, parse_constant=_no_constant, parse_float=_finite, object_pairs_hook=_object)
        _check_depth(value)
        if "\\u" in text:
            plain = json.dumps(value, ensure_ascii=False)
            plain.encode()  # half a surrogate pair is no text and cannot be kept
            if "\\u0000" in plain.replace("\\\\", ""):
                raise ValueError("A text must not contain the character U+0000.")
        return value
    except RecursionError as error:
        raise invalid(_TOO_DEEP) from error
    except ValueError as error:
        raise invalid(f"Invalid JSON payload received. {error}") from error


def _no_constant(name: str) -> Any:
    raise ValueError(f"Unexpected token: {name}")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"Number out of range: {text if len(text) < 40 else text[:40] + '…'}")
    return number


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise ValueError(f'Duplicate name "{twice}" in one object.')
    return made


def _check_depth(value: Any) -> None:
    """ApiError 400 for a value deeper than any body is; level by level, so that depth costs no stack."""
    level = [value]
    for _ in range(_DEEPEST + 1):
        lists: list[Any] = []
        for item in level:
            if type(item) is dict:
                lists += [inner for inner in item.values() if type(inner) in _NESTING]
            elif type(item) is list:
                lists += [inner for inner in item if type(inner) in _NESTING]
        if not lists:
            return
        level = lists
    raise invalid(_TOO_DEEP)


def encoded(value: Any) -> bytes:
    """Compact JSON."""
    # A number that is none cannot get here: bodies with one are refused, and results with one are #NUM!.
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
