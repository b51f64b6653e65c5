"""Sending a batch that makes names again: whether a name is broken or deleted only the service knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from crm_builder.errors import RestError
from crm_builder.model import Workbook
from crm_builder.sheets import ids
from crm_builder.sheets.names import id_of

Json = dict[str, Any]
Answer = TypeVar("Answer")

_NAMED = re.compile(r"requests\[(\d+)\]\.(addNamedRange|updateNamedRange)")
_INVALID = 400


def either_way(
    call: Callable[[Sequence[Json]], Answer], batch: Sequence[Json], result: Workbook, applied: Workbook | None
) -> Answer:
    """Sends the batch; where a name is refused, once more the other way.

    A broken name shows in no answer, yet it is taken until it gets a range again (reported); one that people deleted
    is free. A refused batch changed nothing.
    """
    noted = {name.name: id_of(name) for name in (*result.names, *(applied.names if applied else ()))}
    requests, turned = list(batch), set[int]()
    while True:
        try:
            return call(requests)
        except RestError as error:
            found = _NAMED.search(error.message) if error.status == _INVALID else None
            index = int(found[1]) if found else -1
            other = _other(requests[index], noted) if 0 <= index < len(requests) and index not in turned else None
            if other is None:
                raise
            turned.add(index)
            requests[index] = other


def _other(request: Json, noted: Mapping[str, str]) -> Json | None:
    """The same name added instead of given a range, or the other way round. `noted`: the id that each name had."""
    if "addNamedRange" in request:
        held = request["addNamedRange"]["namedRange"]
        own = {**held, "namedRangeId": noted.get(held["name"], ids.name_id(held["name"]))}
        return {"updateNamedRange": {"namedRange": own, "fields": "name,range"}}
    if "updateNamedRange" not in request or "range" not in request["updateNamedRange"]["fields"]:
        return None
    held = request["updateNamedRange"]["namedRange"]
    name = next((name for name, number in noted.items() if number == held["namedRangeId"]), None)
    return {"addNamedRange": {"namedRange": {**held, "name": name}}} if name else None
