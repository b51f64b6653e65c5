"""Turns: every batch of a change takes the next number, and no number can be taken twice.

The id of a turn's mark follows from its number, and the service refuses an id that exists. So of two changes that were
planned upon the same state one comes first, and the other is refused as a whole; and where an answer is lost, the mark
tells whether the batch took effect.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crm_builder.sheets import ids
from crm_builder.sheets.marks import TURN, mark, values_of

Json = dict[str, Any]

KEPT = 20  # marks that stay: a change that slept through more turns than these is not told from the next one
MARK_BYTES = 600  # more than a mark and what it removes


def turn_id(number: int) -> int:
    return ids.int_id("turn", str(number))


def last_turn(metadata: Iterable[Mapping[str, Any]]) -> int:
    """The highest number that was taken, by the spreadsheet's own metadata; 0 where there is none."""
    return max(_numbers(metadata), default=0)


def take_turns(batches: Sequence[list[Json]], metadata: Iterable[Mapping[str, Any]], token: str) -> list[list[Json]]:
    """The batches, each with its turn; the first also removes marks that are no longer needed.

    `token`: what is carried out, such as the digest of a plan.
    """
    taken = sorted(_numbers(metadata))
    last = taken[-1] if taken else 0
    old = [_removed(number) for number in taken if number <= last + len(batches) - KEPT] if batches else []
    made = [[*batch, _mark(number, token)] for number, batch in enumerate(batches, last + 1)]
    return [[*made[0], *old], *made[1:]] if made else []


def add_to_last(batches: Sequence[list[Json]], requests: Sequence[Json]) -> list[list[Json]]:
    """The batches with more requests in the last one, before its turn; none where there is none."""
    return [*batches[:-1], [*requests, *batches[-1]]] if batches else []


def _mark(number: int, token: str) -> Json:
    return mark(turn_id(number), TURN, f"{number} {token}", {"spreadsheet": True})


def _removed(number: int) -> Json:
    return {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": turn_id(number)}}}}


def _numbers(metadata: Iterable[Mapping[str, Any]]) -> set[int]:
    """Those whose mark has the id of its number: a mark that people copied is none."""
    texts = [(id, text.partition(" ")[0]) for id, text in values_of(metadata, TURN)]
    return {int(text) for id, text in texts if text.isdecimal() and id == turn_id(int(text))}
