"""Marks that somebody else made, or that were damaged, say nothing: they break no reading."""

from __future__ import annotations

import pytest

from crm_builder.model import CellFormat
from crm_builder.sheets import marks
from crm_builder.sheets.progress import Batch, marked_batches

HOSTILE = (
    "[]", "7", "null", "{", '{"kind": "castle"}', '{"rules": [["a"]]}', '{"banding": 3}', '{"heights": "a-b"}',
    '{"heights": 7}', '{"rows": "many"}', '{"types": ["a"]}', "[" * 20_000,
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:20])
def test_a_text_that_is_not_of_our_making_says_nothing(text: str) -> None:
    assert marks.decode_contents(text) == marks.Contents()


def test_a_row_beyond_all_views_is_not_counted_to() -> None:
    assert len(marks.decode_contents('{"heights": "1-999999999999"}').heights) <= 100_000


@pytest.mark.parametrize("text", ("[]", "7", "{", "[" * 20_000), ids=lambda text: text[:20])
def test_defaults_that_are_not_of_our_making_are_none(text: str) -> None:
    assert marks.decode_defaults([{"metadataKey": marks.DEFAULTS, "metadataValue": text}]) == CellFormat()


def test_batches_are_those_that_we_marked() -> None:
    texts = ("0/2 abc", "x/y abc", "", "-1/2 abc", "1")
    assert marked_batches({"metadataKey": marks.BATCH, "metadataValue": text} for text in texts) == {Batch(0, 2, "abc")}
