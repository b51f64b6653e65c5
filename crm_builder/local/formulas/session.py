"""What stays the same while one formula is computed, and how much of it is computed before it is given up."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import count

from crm_builder.local.formulas.ranges import Reader
from crm_builder.local.formulas.registry import Cell

CALL_LIMIT = 1_000_000  # of lambdas within one formula: recursion in two branches would otherwise not end
TOO_MANY_CALLS = "The calculation is too long: it calls LAMBDA functions more than {} times. (in {})"
TOO_DEEP = "The calculation is too deep: a LAMBDA function calls itself too often, or too much is nested. (in {})"


class TooManyCalls(Exception):
    """The calculation of a formula is given up."""


@dataclass(frozen=True)
class Session:
    """What stays the same while one formula is computed."""

    reader: Reader
    now: datetime  # aware, in the spreadsheet's time zone
    time_zone: str
    cell: Cell
    fixed: bool = False  # random numbers follow from the clock and the cell: a computation can be repeated
    down: int = 0  # relative references are read so many rows further down …
    right: int = 0  # … and so many columns to the right than written

    @property
    def where(self) -> str:
        return self.reader.cell_name(*self.cell)

    @cached_property
    def calls(self) -> Iterator[int]:
        """Counts the calls of lambdas."""
        return count(1)

    @cached_property
    def random(self) -> random.Random:
        return random.Random(f"{self.now.isoformat()} {self.cell}" if self.fixed else None)
