"""What a formula function is: its name, its parameters and how the evaluator passes them."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from crm_builder.local.formulas.values import Array, Value

# How one argument is passed. Omitted arguments (`IF(a; ; b)`) come as None (lazy ones as a thunk giving None);
# arguments left out at the end are not passed at all, so the Python function has defaults for them.
#   scalar  one Value. Outside array context a range is implicitly intersected and an array gives its first value;
#           inside array context (ARRAYFORMULA …) the function is called once for each element of the broadcast arrays.
#           An error argument is the function's result without a call, unless `takes_errors`.
#   each    like scalar outside array context; inside it the function receives the whole Array and broadcasts itself.
#   array   always an Array: a range is read, a scalar becomes [[x]]. Errors stay inside.
#   any     what the argument evaluates to: Value, Array, Range (lazy, see ranges.py) or Lambda.
#   lazy    a callable without parameters that evaluates the argument to what `any` would receive.
Passing = Literal["scalar", "each", "array", "any", "lazy"]

Cell = tuple[int, int, int]  # sheet id, row, column; 0-based


class Context(Protocol):
    """What a function may know about the calculation it is part of."""

    now: datetime  # aware, in the spreadsheet's time zone
    time_zone: str
    cell: Cell  # the formula's own cell
    array: bool  # inside array context
    random: random.Random

    @property
    def where(self) -> str:
        """The formula's own cell for messages: `Customers!B2`."""
        ...

    def scalar(self, value: Any) -> Value:
        """One Value of anything: a range is implicitly intersected, an array gives its first value."""
        ...

    def array_of(self, value: Any) -> Array:
        """The Array of anything: ranges are read, a scalar becomes [[x]]."""
        ...

    def apply(self, function: Any, arguments: Sequence[Any]) -> Any:
        """Calls a Lambda with evaluated arguments; #VALUE! or #N/A when it is none or takes another number of them."""
        ...


@dataclass(frozen=True, slots=True)
class Function:
    """One function of the formula language.

    `call` returns a Value, an Array, a Range or a Lambda; numbers as float. An exception it raises is a bug: errors
    of a person's formula are FormulaError values that are returned.
    """

    name: str
    call: Callable[..., Any]
    arity: tuple[int, int | None] = (1, 1)  # least and greatest number of arguments; None = any number
    params: tuple[Passing, ...] = ("scalar",)
    repeat: int = 1  # so many last params repeat for further arguments: SUMIFS has ("any", "any", "each") and 2
    wants_context: bool = False  # `call` receives the Context first
    takes_errors: bool = False  # scalar parameters receive errors too
    array_context: bool = False  # its arguments are evaluated in array context, as ARRAYFORMULA's are
    volatile: bool = False  # another result at another time: NOW, TODAY, RAND
    dynamic: bool = False  # reads cells that its arguments do not name: INDIRECT, OFFSET
    spills: bool = False  # its result may be larger than one cell

    def passing(self, position: int) -> Passing:
        """How the argument at this 0-based position is passed."""
        count = len(self.params)
        if position < count:
            return self.params[position]
        return self.params[count - self.repeat + (position - count) % self.repeat]


def table(*functions: Function) -> Mapping[str, Function]:
    """The TABLE of one functions_*.py module: name → Function."""
    return {function.name: function for function in functions}
