"""What a formula may cost: each of these is an error value, or a result, instead of a calculation without end."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crm_builder.local.formulas import evaluate
from crm_builder.local.formulas.engine import Engine
from crm_builder.local.formulas.values import FormulaError, Value

sys.path.insert(0, str(Path(__file__).parent))
from memory_store import MemoryStore

CLOCK = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
ENDLESS = "=LAMBDA(f;f(f))(LAMBDA(f;f(f)))"


def result(formula: str, **cells: Value) -> Value:
    store = MemoryStore()
    store.put("H3", formula)
    for where, value in cells.items():
        store.put(where, value)
    engine = Engine(store, CLOCK)
    engine.structure_changed()
    engine.recalculate()
    return store.get("H3")


def error(formula: str, **cells: Value) -> FormulaError:
    value = result(formula, **cells)
    assert type(value) is FormulaError, value if not isinstance(value, str) else len(value)
    return value


# ---- depth and number of calls ---------------------------------------------------------------------------------------


def test_endless_recursion_is_an_error_of_its_cell_alone() -> None:
    store = MemoryStore()
    store.put("A1", ENDLESS)
    store.put("B1", "=1+1")
    store.put("C1", "=IFERROR(A1;7)")
    engine = Engine(store, CLOCK)
    engine.structure_changed()
    engine.recalculate()
    found = store.get("A1")
    assert type(found) is FormulaError and found.kind == "#ERROR!"
    assert "LAMBDA" in found.message and "Sheet1!A1" in found.message
    assert store.block("B1:C1") == [[2.0, 7.0]]
    engine.invalidate(*store.put("A1", "=5"))
    engine.recalculate()
    assert store.block("A1:C1") == [[5.0, 2.0, 5.0]]


def test_endless_recursion_outside_of_a_cell_is_an_error() -> None:
    found = Engine(MemoryStore(), CLOCK).evaluate(ENDLESS, (0, 0, 0), (0, 1, 1))
    assert type(found) is FormulaError and found.kind == "#ERROR!" and "Sheet1!B2" in found.message


def test_recursion_that_ends_gives_its_value() -> None:
    factorial = "LAMBDA(f;n;IF(n<2;1;n*f(f;n-1)))"
    assert result(f"={factorial}({factorial};10)") == 3628800.0


def test_recursion_in_two_branches_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "CALL_LIMIT", 5000)
    twice = "LAMBDA(f;n;IF(n=0;1;f(f;n-1)+f(f;n-1)))"
    found = error(f"={twice}({twice};40)")
    assert found.kind == "#ERROR!" and "5000 times" in found.message and "Sheet1!H3" in found.message


def test_a_long_sum_has_its_value() -> None:
    assert result("=" + "+".join(["1"] * 250)) == 250.0


@pytest.mark.parametrize(
    "formula",
    ["=" + "+".join(["1"] * 5000), "=" + "(" * 500 + "1" + ")" * 500, "=" + "ABS(" * 500 + "1" + ")" * 500],
    ids=["sum", "brackets", "calls"],
)
def test_a_formula_beyond_the_parser_says_so(formula: str) -> None:
    found = error(formula)
    assert found.kind == "#ERROR!" and "nested too deeply" in found.message


# ---- cells -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "formula",
    [
        "=SEQUENCE(1000000000)",
        "=SEQUENCE(100000;1000)",
        "=MAKEARRAY(10000;10000;LAMBDA(r;c;r*c))",
        "=ROWS(SEQUENCE(1E18))",
        "=ARRAYFORMULA(SEQUENCE(10000)*SEQUENCE(1;10000))",
        "=MAP(SEQUENCE(10000);SEQUENCE(1;10000);LAMBDA(a;b;a))",
        "=REDUCE(SEQUENCE(1;1000);SEQUENCE(60);LAMBDA(a;n;VSTACK(a;a)))",
        "=REDUCE(SEQUENCE(1;1000);SEQUENCE(60);LAMBDA(a;n;HSTACK(a;a)))",
        "=REDUCE(SEQUENCE(1;1000);SEQUENCE(60);LAMBDA(a;n;{a;a}))",
        "=REDUCE(SEQUENCE(1;1000);SEQUENCE(60);LAMBDA(a;n;FLATTEN(a;a;a;a;a;a;a;a)))",
        "=CHOOSECOLS(SEQUENCE(10000);SEQUENCE(10000;1;1;0))",
        "=MMULT(SEQUENCE(10000);SEQUENCE(1;10000))",
    ],
)
def test_an_array_larger_than_a_spreadsheet_is_refused(formula: str) -> None:
    found = error(formula)
    assert found.kind == "#VALUE!" and "larger than the limit of 10000000 cells" in found.message


def test_the_refused_size_ends_the_formula() -> None:
    """A loop that went on with an error value would grow it again and again."""
    assert error("=IFERROR(SEQUENCE(1000000000);0)").kind == "#VALUE!"


# ---- texts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "name"),
    [
        ('=REPT("ab";1E12)', "REPT"),
        ('=SUBSTITUTE(REPT("a";50000);"a";REPT("b";50000))', "SUBSTITUTE"),
        ('=JOIN("-";A1;A1)', "JOIN"),
        ('=TEXTJOIN("";TRUE;A1;A1)', "TEXTJOIN"),
        ("=CONCATENATE(A1;A1)", "CONCATENATE"),
        ("=CONCAT(A1;A1)", "CONCAT"),
        ("=A1&A1", "CONCAT"),
        ('=REDUCE("a";SEQUENCE(200);LAMBDA(a;n;a&a))', "CONCAT"),
        ("=REPLACE(A1;1;0;A1)", "REPLACE"),
        ('=REGEXREPLACE(A1;"a";REPT("$0";20000))', "REGEXREPLACE"),
        ('=REGEXREPLACE(A1;"$";A1)', "REGEXREPLACE"),
        ("=ENCODEURL(REPT(\"ا\";9000))", "ENCODEURL"),
        ("=FIXED(1;1E12)", "FIXED"),
        ("=DOLLAR(1;1E12)", "FIXED"),
    ],
)  # fmt: skip
def test_a_text_longer_than_a_cell_is_refused(formula: str, name: str) -> None:
    found = error(formula, A1="a" * 40_000)
    assert found == FormulaError("#VALUE!", f"Text result of {name} is longer than the limit of 50000 characters.")


@pytest.mark.parametrize(
    "formula",
    ['=LEN(REPT("a";50000))', "=LEN(A1&B1)", '=LEN(JOIN("";A1;B1))', '=LEN(SUBSTITUTE(A1;"a";"b")&B1)',
     '=LEN(REGEXREPLACE(A1&B1;"a";"b"))'],
)  # fmt: skip
def test_a_text_that_fills_a_cell_is_a_text(formula: str) -> None:
    assert result(formula, A1="a" * 40_000, B1="b" * 10_000) == 50_000.0


# ---- patterns --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ('=REGEXMATCH(A1;"^(a+)+$")', True),
        ('=REGEXMATCH(A1&"!";"^(a+)+$")', False),
        ('=REGEXMATCH(A1;"(a|a)*c")', False),
        ('=REGEXMATCH(A1;"^(\\w+\\s?)*$")', True),
        ('=LEN(REGEXEXTRACT(A1&"!";"(?:a|aa)+"))', 4000.0),
        ('=REGEXREPLACE(A1&"b";"(a*)*b";"x")', "x"),
        ('=COUNTIF(A1;"' + "*a" * 12 + '*c")', 0.0),
        ('=COUNTIF(A1;"' + "*a" * 12 + '")', 1.0),
        ('=COUNTIF(A1;"<>' + "*a" * 30 + 'b")', 1.0),
        ('=IFERROR(MATCH("' + "*a" * 30 + 'b";A1:A2;0);0)', 0.0),
        ("=QUERY(A1:A1;\"select count(A) where A matches '(a+)+b' label count(A) ''\";0)", None),
        ("=QUERY(A1:A1;\"select A where A like '" + "%a" * 30 + "b'\";0)", None),
    ],
)
def test_patterns_that_lead_astray_end(formula: str, value: Value) -> None:
    found = result(formula, A1="a" * 4000)
    assert found == value if value is not None else not isinstance(found, str)


@pytest.mark.parametrize(
    ("criterion", "count"),
    [("*l*", 2.0), ("?li", 1.0), ("ALI", 1.0), ("~*", 1.0), ("a.*", 1.0), ("*\n*", 1.0), ("ع*ی", 1.0), ("(*", 1.0)],
)
def test_wildcards_count(criterion: str, count: float) -> None:
    store = MemoryStore()
    store.put("A1", [["Ali"], ["hello"], ["*"], ["a.b"], ["one\ntwo"], ["علی"], ["(x)"]])
    store.put("B1", criterion)
    store.put("H3", "=COUNTIF(A1:A7;B1)")
    engine = Engine(store, CLOCK)
    engine.structure_changed()
    engine.recalculate()
    assert store.get("H3") == count


# ---- days ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("formula", ["=WORKDAY(1;1E12)", "=WORKDAY(1;-1E12)", '=WORKDAY.INTL(1;1E300;"1111110")'])
def test_absurd_day_counts_are_refused(formula: str) -> None:
    assert error(formula).kind == "#NUM!"


# ---- numbers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("formula", ["=SUM(1E308;1E308)", "=ROUND(1;1E9)", "=AVERAGE(1E308;1E308)", "=10^400"])
def test_numbers_beyond_all_bounds_are_errors(formula: str) -> None:
    assert error(formula).kind == "#NUM!"


def test_a_text_beyond_all_numbers_is_no_number() -> None:
    assert error('=LEFT("abc";"1E999")').kind == "#VALUE!"
