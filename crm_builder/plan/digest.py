"""The digest of a plan: the same for the same plan on any machine, and another one for any other."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from crm_builder.plan.changes import Plan

_DATA = {"cells"}  # counts of data: they grow by the hour and are no part of what is agreed on


def digest_of(plan: Plan) -> str:
    """16 hexadecimal digits over all changes, with what is there before them, and over what is refused."""
    text = json.dumps(
        _plain([plan.changes, [refusal.id for refusal in plan.refusals]]), ensure_ascii=True, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        kept = [field for field in fields(value) if field.name not in _DATA or not hasattr(value, "id")]
        named = {field.name: getattr(value, field.name) for field in kept if field.compare}
        return [type(value).__name__, *(_plain(part) for part in named.items() if part[1] != ())]
    if isinstance(value, Mapping):
        return [[_plain(key), _plain(part)] for key, part in sorted(value.items())]
    if isinstance(value, set | frozenset):
        return sorted((_plain(part) for part in value), key=repr)
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value
