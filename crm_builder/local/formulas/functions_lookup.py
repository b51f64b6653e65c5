"""Functions that find something: VLOOKUP and its family, MATCH, INDEX, OFFSET, INDIRECT, ROW, COLUMN."""

from __future__ import annotations

from typing import Any

from crm_builder.formulas.scan import read_a1
from crm_builder.local.formulas.arrays import each, is_array, read, strict, transpose
from crm_builder.local.formulas.find import Finder, finder
from crm_builder.local.formulas.ranges import Range
from crm_builder.local.formulas.registry import Context, Function, table
from crm_builder.local.formulas.values import (
    NO_MATCH,
    Array,
    FormulaError,
    Value,
    not_available,
    number_error,
    reference_error,
    to_bool,
    to_number,
    to_text,
    value_error,
)

OUT_OF_BOUNDS = "{} evaluates to an out of bounds range."
NOT_A_RANGE = not_available("Argument must be a range.")


def _true_size(area: Any) -> tuple[int, int]:
    if type(area) is Range:
        return area.rows, area.columns
    return (len(area), len(area[0])) if type(area) is list else (1, 1)


def _table_lookup(name: str, by_rows: bool) -> Any:
    def lookup(context: Context, key: Any, area: Any, index: Any, is_sorted: Any = True) -> Any:
        if type(area) is FormulaError:
            return area
        ordered = to_bool(context.scalar(is_sorted), name, 4)
        if type(ordered) is FormulaError:
            return ordered
        mode = -1 if ordered else 0
        width = _true_size(area)[1 if by_rows else 0]
        values = read(area) if by_rows else _transposed(area)
        find = finder(area, 0, by_rows, mode, wildcards=not ordered, last=bool(ordered))
        held = len(values[0])

        def one(wanted: Value, position: Value) -> Value:
            row = -1 if type(wanted) is FormulaError else find(wanted)
            if row >= 0 and type(position) is float and 1 <= position < held + 1:
                return values[row][int(position) - 1]
            for value in (wanted, position):
                if type(value) is FormulaError:
                    return value
            if type(position) is not float:
                position = to_number(position, name, 3)
                if type(position) is FormulaError:
                    return position
            number = int(position)  # type: ignore[arg-type]
            if number < 1:
                return value_error(
                    f"Function {name} parameter 3 value is {number}. It should be greater than or equal to 1."
                )
            if number > width:
                return reference_error(OUT_OF_BOUNDS.format(name))
            if row < 0:
                return _not_found(name, wanted)
            return values[row][number - 1] if number <= held else None

        return each(one, key, index)

    return lookup


def _transposed(area: Any) -> Array:
    if type(area) is Range:
        return area.index("transposed", transpose)
    return transpose(read(area))


def _not_found(name: str, wanted: Value) -> FormulaError:
    text = to_text(wanted)
    return not_available(f"Did not find value '{text}' in {name} evaluation.")


def _vector(name: str, area: Any) -> bool | FormulaError:
    """Whether the vector runs down; #N/A when it is no single row or column."""
    rows, columns = _true_size(area)
    if rows > 1 and columns > 1:
        return not_available(f"{name} range must be a single row or a single column.")
    return columns == 1


def _line(area: Any, down: bool) -> list[Value]:
    """The values of a single column or row."""
    if type(area) is Range:
        return area.index(("line", down), lambda array: _flat(array, down))
    return _flat(read(area), down)


def _flat(array: Array, down: bool) -> list[Value]:
    return [row[0] for row in array] if down else array[0]


def _match(context: Context, key: Any, area: Any, kind: Any = 1.0) -> Any:
    mode = to_number(context.scalar(kind), "MATCH", 3)
    if type(mode) is FormulaError:
        return mode
    order = (mode > 0) - (mode < 0)  # type: ignore[operator]
    # 1: ascending, the last that is not greater; -1: descending, the last that is not smaller.
    return _positions("MATCH", key, area, -order, wildcards=order == 0, last=order != 0)


def _xmatch(context: Context, key: Any, area: Any, match_mode: Any = 0.0, search_mode: Any = 1.0) -> Any:
    modes = _modes(context, "XMATCH", match_mode, search_mode, 3)
    if type(modes) is FormulaError:
        return modes
    mode, wildcards, last = modes
    return _positions("XMATCH", key, area, mode, wildcards, last)


def _modes(context: Context, name: str, match_mode: Any, search_mode: Any, position: int) -> Any:
    match, search = to_number(context.scalar(match_mode), name, position), to_number(context.scalar(search_mode), name)
    if type(match) is FormulaError:
        return match
    if type(search) is FormulaError:
        return search
    if match not in (-1, 0, 1, 2):
        return value_error(f"Function {name} parameter {position} value is {match:g}. Valid values are -1, 0, 1 and 2.")
    return (0 if match == 2 else int(match)), match == 2, search < 0  # type: ignore[arg-type, operator]


def _positions(name: str, key: Any, area: Any, mode: int, wildcards: bool, last: bool) -> Any:
    if type(area) is FormulaError:
        return area
    down = _vector(name, area)
    if type(down) is FormulaError:
        return down
    find = finder(area, 0, bool(down), mode, wildcards, last)

    def one(wanted: Value) -> Value:
        row = find(wanted)
        return row + 1.0 if row >= 0 else _not_found(name, wanted)

    return each(strict(one), key)


def _xlookup(
    context: Context,
    key: Any,
    area: Any,
    result: Any,
    missing: Any = None,
    match_mode: Any = 0.0,
    search_mode: Any = 1.0,
) -> Any:
    for part in (area, result):
        if type(part) is FormulaError:
            return part
    modes = _modes(context, "XLOOKUP", match_mode, search_mode, 5)
    if type(modes) is FormulaError:
        return modes
    down = _vector("XLOOKUP", area)
    if type(down) is FormulaError:
        return down
    if _true_size(area)[0 if down else 1] != _true_size(result)[0 if down else 1]:
        return value_error("XLOOKUP has mismatched range sizes.")
    find = finder(area, 0, bool(down), *modes)
    if not is_array(key):
        return _xlookup_one(key, find, result, bool(down), missing)
    values = _line(result, bool(down))

    def one(wanted: Value, otherwise: Value) -> Value:
        if type(wanted) is FormulaError:
            return wanted
        row = find(wanted)
        if row < 0:
            return NO_MATCH if otherwise is None else otherwise
        return values[row] if row < len(values) else None

    return each(one, key, missing)


def _xlookup_one(key: Value, find: Finder, result: Any, down: bool, missing: Any) -> Any:
    if type(key) is FormulaError:
        return key
    row = find(key)
    if row < 0:
        return _not_found("XLOOKUP", key) if missing is None else missing
    if type(result) is Range:
        return result.part(row, 0, row + 1, None) if down else result.part(0, row, None, row + 1)
    values = read(result)
    found = [values[row]] if down else [[line[row]] for line in values]
    return found if len(found) > 1 or len(found[0]) > 1 else found[0][0]


def _lookup(context: Context, key: Any, area: Any, result: Any = None) -> Any:
    if type(area) is FormulaError:
        return area
    rows, columns = _true_size(area)
    down = rows >= columns
    find = finder(area, 0, down, -1, False, True)
    if result is None:
        values = [row[-1] for row in read(area)] if down else read(area)[-1]
    else:
        values = _line(result, _true_size(result)[0] > 1)

    def one(wanted: Value) -> Value:
        row = find(wanted)
        if row < 0:
            return _not_found("LOOKUP", wanted)
        return values[row] if row < len(values) else None

    return each(strict(one), key)


def _index(context: Context, area: Any, row: Any = 0.0, column: Any = None) -> Any:
    if type(area) is FormulaError:
        return area
    rows, columns = _true_size(area)
    if column is None and rows == 1 and columns > 1:
        row, column = 0.0, row
    numbers = []
    for position, (value, limit) in enumerate(((row, rows), (column, columns)), 2):
        number = to_number(context.scalar(value), "INDEX", position)
        if type(number) is FormulaError:
            return number
        whole = int(number)  # type: ignore[arg-type]
        if not 0 <= whole <= limit:
            return number_error(
                f"Function INDEX parameter {position} value is {whole}. "
                f"Valid values are between 0 and {limit} inclusive."
            )
        numbers.append(whole)
    down, right = numbers
    if type(area) is Range:
        if not down and not right:
            return area
        return area.part(max(down - 1, 0), max(right - 1, 0), down if down else None, right if right else None)
    found = read(area)
    if down:
        found = [found[down - 1]]
    if right:
        found = [[line[right - 1]] for line in found]
    return found if len(found) > 1 or len(found[0]) > 1 else found[0][0]


def _offset(context: Context, area: Any, down: Value, right: Value, height: Value = None, width: Value = None) -> Any:
    if type(area) is FormulaError:
        return area
    if type(area) is not Range:
        return NOT_A_RANGE
    numbers = []
    for position, value in enumerate((down, right, height, width), 2):
        number = to_number(value, "OFFSET", position)
        if type(number) is FormulaError:
            return number
        numbers.append(int(number))  # type: ignore[arg-type]
    rows = area.rows if height is None else numbers[2]
    columns = area.columns if width is None else numbers[3]
    if rows < 1 or columns < 1:
        return reference_error("Function OFFSET evaluates to an out of bounds range.")
    return area.part(numbers[0], numbers[1], numbers[0] + rows, numbers[1] + columns)


def _indirect(context: Any, text: Value, is_a1: Value = True) -> Any:
    written = to_text(text)
    if type(written) is FormulaError:
        return written
    refused = reference_error(
        f"Function INDIRECT parameter 1 value is '{written}'. It is not a valid cell/range reference."
    )
    if to_bool(is_a1) is not True:
        return refused
    a1 = read_a1(str(written).strip())
    reader = context.reader
    if a1 is None:
        area = reader.name(str(written).strip())
        return refused if area is None else reader.range(area)
    area = reader.area(a1, context.cell[0])
    return refused if type(area) is FormulaError else reader.range(area)


def _numbers_of(rows: bool) -> Any:
    def function(context: Context, area: Any = None) -> Any:
        if area is None:
            return float(context.cell[1 if rows else 2] + 1)
        if type(area) is FormulaError:
            return area
        if type(area) is not Range:
            return NOT_A_RANGE
        first = area.r0 if rows else area.c0
        if not context.array:
            return first + 1.0
        height, width = area.held
        if rows:
            return [[first + 1.0 + number] for number in range(height)]
        return [[first + 1.0 + number for number in range(width)]]

    return function


def _count_of(rows: bool) -> Any:
    def function(area: Any) -> Value:
        if type(area) is FormulaError:
            return area
        return float(_true_size(area)[0 if rows else 1])

    return function


TABLE = table(
    Function("VLOOKUP", _table_lookup("VLOOKUP", True), (3, 4), ("each", "any", "each", "each"), wants_context=True),
    Function("HLOOKUP", _table_lookup("HLOOKUP", False), (3, 4), ("each", "any", "each", "each"), wants_context=True),
    Function("LOOKUP", _lookup, (2, 3), ("each", "any", "any"), wants_context=True),
    Function("MATCH", _match, (2, 3), ("each", "any", "each"), wants_context=True),
    Function("XMATCH", _xmatch, (2, 4), ("each", "any", "each", "each"), wants_context=True),
    Function(
        "XLOOKUP",
        _xlookup,
        (3, 6),
        ("each", "any", "any", "each", "each", "each"),
        wants_context=True,
        spills=True,
    ),
    Function("INDEX", _index, (1, 3), ("any", "each", "each"), wants_context=True, array_context=True, spills=True),
    Function(
        "OFFSET",
        _offset,
        (3, 5),
        ("any", "scalar", "scalar", "scalar", "scalar"),
        wants_context=True,
        dynamic=True,
        spills=True,
    ),
    Function("INDIRECT", _indirect, (1, 2), ("scalar",), wants_context=True, dynamic=True, spills=True),
    Function("ROW", _numbers_of(True), (0, 1), ("any",), wants_context=True),
    Function("COLUMN", _numbers_of(False), (0, 1), ("any",), wants_context=True),
    Function("ROWS", _count_of(True), params=("any",)),
    Function("COLUMNS", _count_of(False), params=("any",)),
)
