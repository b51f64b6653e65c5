"""Sending a batch that makes names again: whether a name is broken or deleted only the service knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from crm_builder.errors import RestError
from crm_builder.model import Workbook
from crm_builder.sheets import ids

Json = dict[str, Any]
Answer = TypeVar("Answer")

_NAMED = re.compile(r"requests\[(\d+)\]\.(addNamedRange|updateNamedRange)")
_INVALID = 400


def either_way(call: Callable[[Sequence[Json]], Answer], batch: Sequence[Json], result: Workbook) -> Answer:
    """Sends the batch; where a name is refused, once more the other way.

    A broken name shows in no answer, yet it is taken until it gets a range again (reported); one that people deleted
    is free. A refused batch changed nothing.
    """
    names = {ids.name_id(name.name): name.name for name in result.names}
    requests, turned = list(batch), set[int]()
    while True:
        try:
            return call(requests)
        except RestError as error:
            found = _NAMED.search(error.message) if error.status == _INVALID else None
            index = int(found[1]) if found else -1
            other = _other(requests[index], names) if 0 <= index < len(requests) and index not in turned else None
            if other is None:
                raise
            turned.add(index)
            requests[index] = other


def _other(request: Json, names: Mapping[str, str]) -> Json | None:
    """The same name added instead of given a range, or the other way round."""
    if "addNamedRange" in request:
        held = request["addNamedRange"]["namedRange"]
        own = {"namedRangeId": held.get("namedRangeId", ids.name_id(held["name"])), "range": held["range"]}
        return {"updateNamedRange": {"namedRange": own, "fields": "range"}}
    if "updateNamedRange" not in request or request["updateNamedRange"]["fields"] != "range":
        return None
    held = request["updateNamedRange"]["namedRange"]
    name = names.get(held["namedRangeId"])
    return {"addNamedRange": {"namedRange": {**held, "name": name}}} if name else None
