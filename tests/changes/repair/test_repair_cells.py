"""Formulas typed over, dropdowns and colour rules pasted away: found by `status`, mended by `repair`."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.changes.repair.mending import Crm


def test_a_crm_that_people_fill_is_well(crm: Crm) -> None:
    assert crm.damage() == []
    assert crm.health().well


def test_status_costs_three_calls(crm: Crm) -> None:
    client = crm.client
    assert crm.health(client).well
    assert [call.method for call in client.calls] == ["spreadsheets.get"] * 3


def test_pasting_cuts_a_rule_and_a_dropdown(crm: Crm) -> None:
    customers, name = crm.sheet("customers"), crm.column("customers", "name")
    status = crm.column("customers", "status")
    crm.user.paste(customers, (3, name, 5, name + 1), 7, status)
    assert crm.damage() == [
        ("lost_validation", "customers.status"),
        ("fragments", "customers.rule status_active"),
        ("fragments", "customers.rule status_inactive"),
        ("fragments", "customers.rule status_prospect"),
    ]
    crm.mended()


def piece_of(rule: dict[str, Any], line: int) -> dict[str, Any]:
    """Two rows of a rule's first column, its formula written for the first of them."""
    area = {**rule["ranges"][0], "startRowIndex": line, "endRowIndex": line + 2}
    text = re.sub(r"(\$[A-Z]+)2\b", rf"\g<1>{line + 1}", json.dumps(rule["booleanRule"]))
    return {"ranges": [area], "booleanRule": json.loads(text)}


def test_a_rule_in_many_pieces_among_rules_of_others(crm: Crm) -> None:
    customers = crm.sheet("customers")
    crm.user.add_rule(customers, (0, 0, 5, 1), '=$A1="x"')
    rules = crm.rules("customers")
    index, rule = next((n, one) for n, one in enumerate(rules) if "1000" in str(one))
    cut = {**rule, "ranges": [{**one, "endRowIndex": 6} for one in rule["ranges"]]}
    crm.user.send({"updateConditionalFormatRule": {"index": index, "rule": cut}})
    for at, line in ((0, 6), (2, 11), (len(rules), 16)):
        crm.user.send({"addConditionalFormatRule": {"index": at, "rule": piece_of(rule, line)}})
    assert crm.damage() == [("fragments", "customers.rule vip")]
    assert "lies in 4 pieces" in crm.health().damage_lines()[0]
    crm.mended()
    assert sorted(map(str, crm.rules("customers"))) == sorted(map(str, rules))


def test_a_copy_of_a_whole_rule_goes(crm: Crm) -> None:
    rule = next(one for one in crm.rules("deals") if "$" in str(one))
    crm.user.send({"addConditionalFormatRule": {"index": 0, "rule": piece_of(rule, 4)}})
    assert [kind for kind, _ in crm.damage()] == ["fragments"]
    crm.mended()


def test_a_value_in_a_computed_column(crm: Crm) -> None:
    customers, index = crm.sheet("customers"), crm.column("customers", "total_value")
    was = crm.shown("customers", "total_value")
    crm.user.type(customers, 4, index, 77)
    crm.user.type(customers, 5, index, "=1+1")
    crm.user.type(customers, 30, index, 5)
    assert crm.damage() == [("typed_over", "customers.total_value")]
    assert crm.health().damage_lines() == [
        "Customers: the column Total value: 3 values typed over it (I5:I6, I31); repair empties them"
    ]
    crm.mended(gone=3)
    assert crm.shown("customers", "total_value") == was


def test_a_computed_column_with_its_header_typed_over(crm: Crm) -> None:
    customers, index = crm.sheet("customers"), crm.column("customers", "total_value")
    was = crm.shown("customers", "total_value")
    crm.user.type_block(customers, 0, index, [["Sum"], [1], [2]])
    assert crm.health().damage_lines() == [
        "Customers: the column Sum: its formula is gone, 3 values typed over it (I1, I2:I3); "
        "repair puts it back in their place"
    ]
    crm.mended(gone=2)
    assert crm.shown("customers", "total_value") == was


def test_a_cleared_computed_column(crm: Crm) -> None:
    customers, index = crm.sheet("customers"), crm.column("customers", "label")
    crm.user.clear(customers, (0, index, 20, index + 1))
    assert crm.damage() == [("typed_over", "customers.label")]
    crm.mended()


def test_another_formula_of_their_own_stays(crm: Crm) -> None:
    crm.user.type(crm.sheet("customers"), 0, crm.column("customers", "label"), '={"Label";"own"}')
    crm.user.type(crm.sheet("board"), 0, 0, "Mine")
    assert crm.health().well
    assert crm.repair().snapshot is None
    crm.repair("customers.label")
    assert [one.id.key for one in crm.health().plan.drift if one.id.kind == "column"] == []


def test_some_rows_lost_their_dropdown(crm: Crm) -> None:
    customers, index = crm.sheet("customers"), crm.column("customers", "status")
    crm.user.validate(customers, (3, index, 6, index + 1), ["a", "b"])
    crm.user.validate(customers, (8, index, 9, index + 1), None)
    assert crm.health().damage_lines() == [
        "Customers: the column Status: 4 cells lost what they accept (D4:D6, D9); repair sets it again"
    ]
    crm.mended()


def test_the_first_row_lost_its_dropdown(crm: Crm) -> None:
    index = crm.column("customers", "status")
    crm.user.insert_rows(crm.sheet("customers"), 1)
    crm.user.validate(crm.sheet("customers"), (1, index, 2, index + 1), None)
    assert ("lost_validation", "customers.status") in crm.damage()
    crm.mended()


def test_a_dropdown_of_their_own_for_a_whole_column_stays(crm: Crm) -> None:
    customers, index = crm.sheet("customers"), crm.column("customers", "status")
    crm.user.validate(customers, (1, index, crm.user.size(customers)[0], index + 1), ["a"])
    assert crm.health().well
    assert [one.difference.name for one in crm.health().plan.drift] == ["validation"]
    crm.repair("Customers.Status")
    assert crm.health().plan.drift == ()


def test_a_field_of_a_view_lost_its_dropdown(crm: Crm) -> None:
    board = crm.sheet("board")
    area = crm.user.names()["board_stage"]["range"]
    line, index = area["startRowIndex"], area["startColumnIndex"]
    crm.user.validate(board, (line, index, line + 1, index + 1), None)
    assert [kind for kind, _ in crm.damage()] == ["lost_validation"]
    crm.mended()


def test_a_value_where_a_formula_of_a_view_spills(crm: Crm) -> None:
    board = crm.sheet("board")
    was = crm.user.values(board)
    line, index = crm.user.find(board, "Proposal")
    crm.user.type(board, line + 1, index, "oops")
    assert [kind for kind, _ in crm.damage()] == ["typed_over"]
    crm.mended(gone=1)
    assert crm.user.values(board) == was


def test_a_value_where_a_formula_of_a_helper_spills(crm: Crm) -> None:
    figures = crm.sheet("figures")
    was = crm.user.values(figures)
    line, index = crm.user.find(figures, "C-3")
    crm.user.type(figures, line, index + 1, "oops")
    crm.user.type(figures, line + 1, index, "oops")
    assert [kind for kind, _ in crm.damage()] == ["typed_over"]
    crm.mended(gone=2)
    assert crm.user.values(figures) == was
