"""One file's values over another's: what a preset says comes before what holds for all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def merged(base: Mapping[str, Any], over: Mapping[str, Any], whole: str = "") -> dict[str, Any]:
    """Section by section; lists and plain values replace each other. A section that has the key `whole` replaces too:
    it is a description of its own and not a change of some of its fields."""
    result = dict(base)
    for key, value in over.items():
        below = result.get(key)
        inside = isinstance(value, Mapping) and isinstance(below, Mapping) and not (whole and whole in value)
        result[key] = merged(below, value, whole) if inside else value
    return result
