"""Data validations: dropdowns, dates, numbers and formulas, each written once for all cells that share it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from crm_builder.formulas.parse import SyntaxFault, parse
from crm_builder.formulas.tree import Name, Reference
from crm_builder.xlsx.book import Area, Book, Sheet, value_of
from crm_builder.xlsx.conditions import formula_of
from crm_builder.xlsx.writer import Home, Untranslatable, excel_name

Json = Mapping[str, Any]

LONGEST_LIST = 255  # characters of a list that stands in the rule itself
LONGEST_MESSAGE = 255


def is_checkbox(cell: Json) -> bool:
    condition = cell.get("dataValidation", {}).get("condition", {})
    return condition.get("type") == "BOOLEAN" and not condition.get("values")


def write_validations(
    worksheet: Any, book: Book, sheet: Sheet, empties: Sequence[Area], now: datetime | None
) -> list[tuple[Area, str, str]]:
    """Writes all rules but checkboxes, which are formats. Gives what could not be written: area, reason, formula."""
    left_out = []
    for rule, areas in grouped(sheet):
        first = areas[0]
        home = Home(book, sheet.title, first.top, first.left, empties, now)
        try:
            options = _options(rule, home)
        except Untranslatable as error:
            values = rule["condition"].get("values", ({},))
            left_out.append((first, str(error), str(values[0].get("userEnteredValue", ""))))
            continue
        others = [[one.top, one.left, one.bottom - 1, one.right - 1] for one in areas]
        options["other_cells"] = others[1:]
        worksheet.data_validation(*others[0], options)
    return left_out


def grouped(sheet: Sheet) -> list[tuple[Json, list[Area]]]:
    """Each rule with its cells as runs down a column. A rule of the last row that was read goes on below it."""
    open_runs: dict[int, tuple[str, int]] = {}
    found: dict[str, tuple[Json, list[Area]]] = {}

    def close(column: int, end: int) -> None:
        key, start = open_runs.pop(column)
        found[key][1].append(Area(sheet.title, start, column, end, column + 1))

    for row in range(sheet.read):
        line = sheet.cells[row] if row < len(sheet.cells) else ()
        for column in range(max(len(line), max(open_runs, default=-1) + 1)):
            rule = line[column].get("dataValidation") if column < len(line) else None
            key = _key(rule, row) if rule and rule["condition"]["type"] != "BOOLEAN" else None
            if column in open_runs and open_runs[column][0] != key:
                close(column, row)
            if key is not None and column not in open_runs:
                open_runs[column] = (key, row)
                found.setdefault(key, (rule or {}, []))
    for column, (_, _start) in list(open_runs.items()):
        close(column, sheet.rows)
    return list(found.values())


def _key(rule: Json, row: int) -> str:
    """Equal for rules that mean the same relative to their cell."""
    text = json.dumps(rule, sort_keys=True, ensure_ascii=False)
    if rule["condition"]["type"] == "CUSTOM_FORMULA":
        text = re.sub(rf"(?<![\w$])(\$?[A-Z]{{1,3}}){row + 1}(?!\w)", r"\1#", text)
    return text


def _options(rule: Json, home: Home) -> dict[str, Any]:
    condition = rule["condition"]
    kind, values = str(condition["type"]), [str(one.get("userEnteredValue", "")) for one in condition.get("values", ())]
    # Google's `strict` refuses; without it a mark tells of the value, and what is typed stays.
    out: dict[str, Any] = {"ignore_blank": True, "error_type": "stop" if rule.get("strict") else "information"}
    if message := rule.get("inputMessage"):
        out["input_message" if kind != "ONE_OF_RANGE" else "error_message"] = str(message)[:LONGEST_MESSAGE]
    if kind == "ONE_OF_LIST":
        if len(",".join(values)) > LONGEST_LIST or any("," in value for value in values):
            raise Untranslatable(kind)
        return {**out, "validate": "list", "source": values}
    if kind == "ONE_OF_RANGE":
        return {**out, "validate": "list", "source": f"={_choices(values[0], home)}"}
    return {**out, "validate": "custom", "value": f"={formula_of(condition, home)}"}


def _choices(text: str, home: Home) -> str:
    """The cells of a dropdown, without the empty ones that follow where the area runs on below its content."""
    try:
        node = parse(text if text.startswith("=") else f"={text}")
    except SyntaxFault as error:
        raise Untranslatable(str(error)) from None
    if isinstance(node, Name):
        area = home.book.names.get(node.name.lower())
        cells = excel_name(home.book.spelled.get(node.name.lower(), node.name))
    elif isinstance(node, Reference):
        area = home.book.area(node.a1, home.sheet)
        cells = "" if area is None else area.text()
    else:
        raise Untranslatable("ONE_OF_RANGE")
    if area is None:
        raise Untranslatable(text)
    source = home.book.by_title[area.sheet.lower()]
    filled = max((row + 1 for row in _rows(source, area)), default=area.top + 1)
    if area.right - area.left > 1 or filled == area.bottom:
        return cells
    return f"OFFSET({area.text().partition(':')[0]},0,0,MAX(1,COUNTA({cells})),1)"


def _rows(sheet: Sheet, area: Area) -> Iterator[int]:
    return (
        row for row in range(area.top, min(area.bottom, len(sheet.cells)))
        if value_of(sheet.cell(row, area.left)) not in (None, "")
    )  # fmt: skip
