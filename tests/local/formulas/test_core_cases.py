"""Formulas and the values Google Sheets gives for them, one named case each."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crm_builder.local.formulas import library
from crm_builder.local.formulas.engine import Engine
from crm_builder.local.formulas.values import Array, FormulaError

sys.path.insert(0, str(Path(__file__).parent))
from memory_store import MemoryStore

CLOCK = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)

#            A        B       C      D
DATA = [
    ["name", "score", "city", "note"],
    ["Ada", 5, "Rome", None],
    ["Bo", 3, "Oslo", "x"],
    ["Cy", 5, "rome", ""],
    ["Di", None, "Oslo", "y*"],
    ["Ed", "7", None, True],
]


def store() -> MemoryStore:
    made = MemoryStore({"Sheet1": 0, "مشتری‌ها": 1})
    made.put("A1", [list(row) for row in DATA])
    made.put("'مشتری‌ها'!A1", [[10], [20], [30]])
    made.named["scores"] = (0, 1, 1, None, 2)
    made.named["Names"] = (0, 1, 0, 6, 1)
    return made


def result(formula: str, at: str = "H3", also: dict[str, object] | None = None) -> Array:
    """The result in a cell of its own, with errors as their kinds."""
    made = store()
    for where, content in (also or {}).items():
        made.put(where, content)  # type: ignore[arg-type]
    made.put(at, formula)
    Engine(made, CLOCK).structure_changed()
    engine = Engine(made, CLOCK)
    engine.structure_changed()
    engine.recalculate()
    cell = next(cell for cell, text in made.texts.items() if text == formula)
    rows, columns = made.covers.get(cell, (1, 1))
    values = made.values(cell[0], cell[1], cell[2], cell[1] + rows, cell[2] + columns)
    return [[value.kind if type(value) is FormulaError else value for value in row] for row in values]


SCALARS = {
    # arithmetic and coercion
    '="5"+1': 6.0,
    "=1/0": "#DIV/0!",
    '="a"+1': "#VALUE!",
    "=-2^2": 4.0,
    "=2^-1": 0.5,
    "=50%*2": 1.0,
    "=1+TRUE": 2.0,
    "=D2+1": 1.0,
    '=""+1': "#VALUE!",
    '=1e3&"|"&1/4&"|"&TRUE&D2': "1000|0.25|TRUE",
    '=10^15&""': "1E+15",
    '="$1,000.50"*2': 2001.0,
    '="2026-01-02"+0': 46024.0,
    '=1+2&"x"': "3x",
    # comparison
    '="ABC"="abc"': True,
    "=D2=0": True,
    '=D2=""': True,
    "=D2=FALSE": True,
    '=1="1"': False,
    '="a">5': True,
    '=TRUE>"z"': True,
    '="b">"A"': True,
    # errors
    "=#REF!+1": "#REF!",
    '="#REF!"': "#REF!",
    '=ISERROR("#REF!")': False,
    "=ISERROR(#REF!)": True,
    "=NOSUCH(1)": "#NAME?",
    "=nosuch_name": "#NAME?",
    "=1+": "#ERROR!",
    "=Gone!A1": "#REF!",
    "=A5000": "#REF!",
    "=XLFN_THING(1)": "#NAME?",
    '=IFERROR(1/0;"none")': "none",
    "=IFNA(1/0;1)": "#DIV/0!",
    "=IFNA(NA();1)": 1.0,
    "=IFERROR(NA())": None,
    "=ROUND(NA();1)": "#N/A",
    "=VLOOKUP(1;A1:B2)": "#N/A",
    # blanks
    "=D2": None,
    '=IF(TRUE;;"x")': None,
    '=ISBLANK(IF(TRUE;;"x"))': True,
    '=COUNTA(VSTACK(1;IF(TRUE;;"x");D2))': 1.0,
    "=INDEX(A1:D6;2;4)": None,
    # implicit intersection
    "=A1:A6": "Bo",
    "=UPPER(A1:A6)": "BO",
    "=A1:A2": "#VALUE!",
    "=scores*2": 6.0,
    "=A1:D6": "#VALUE!",
    "=ROW(A2:A5)": 2.0,
    "=ROW()": 3.0,
    "=COLUMN()": 8.0,
    "=SUM(B2:B4*2)": 6.0,
    "=SUM(ARRAYFORMULA(B2:B4*2))": 26.0,
    "=SUMPRODUCT(B2:B4*2)": 26.0,
    # logic
    "=IF(0;1)": False,
    "=IFS(FALSE;1;TRUE;2)": 2.0,
    "=IFS(FALSE;1)": "#N/A",
    '=SWITCH("B";"a";1;"b";2;9)': 2.0,
    "=SWITCH(3;1;2)": "#N/A",
    '=CHOOSE(2;"a";"b")': "b",
    "=CHOOSE(3;1;2)": "#NUM!",
    "=AND(TRUE;1;B2:B4)": True,
    "=OR(FALSE;0)": False,
    "=XOR(TRUE;TRUE;TRUE)": True,
    "=NOT(0)": True,
    "=LET(a;2;b;a*3;a+b)": 8.0,
    "=LAMBDA(x;y;x*y)(3;4)": 12.0,
    "=REDUCE(0;B2:B4;LAMBDA(t;v;t+v))": 13.0,
    "=LAMBDA(x;x)": "#N/A",
    "=ISBETWEEN(5;1;5)": True,
    "=ISBETWEEN(5;1;5;TRUE;FALSE)": False,
    '=N("x")+N(TRUE)': 1.0,
    "=TYPE({1;2})": 64.0,
    # aggregates
    "=SUM(B1:B6)": 13.0,
    '=SUM(B2:B;"2")': 15.0,
    "=COUNT(B1:B6)": 3.0,
    "=COUNTA(A1:D6)": 21.0,
    "=COUNTBLANK(B1:B6)": 1.0,
    "=COUNTBLANK(B1:B)": 995.0,
    "=COUNTUNIQUE(B2:B4)": 2.0,
    "=AVERAGE(B2:B6)": 13 / 3,
    "=AVERAGE(D1:D2)": "#DIV/0!",
    "=MIN(B2:B6)": 3.0,
    "=MAX(D1:D3)": 0.0,
    "=MEDIAN(B2:B6)": 5.0,
    "=MODE(B2:B6)": 5.0,
    "=STDEV(1;2;3;4)": 1.2909944487358056,
    "=LARGE(B2:B6;2)": 5.0,
    "=SMALL(B2:B6;4)": "#NUM!",
    "=RANK(3;B2:B6)": 3.0,
    "=RANK(3;B2:B6;TRUE)": 1.0,
    "=PERCENTILE(B2:B4;1/2)": 5.0,
    "=QUARTILE(B2:B4;1)": 4.0,
    "=SUBTOTAL(9;B2:B6)": 13.0,
    "=SUBTOTAL(103;A2:A6)": 5.0,
    "=FORECAST(4;{2;4;6};{1;2;3})": 8.0,
    "=SLOPE({2;4;6};{1;2;3})": 2.0,
    "=CORREL({2;4;6};{1;2;3})": 1.0,
    # criteria
    '=COUNTIF(C2:C6;"ROME")': 2.0,
    '=COUNTIF(C2:C6;"*o*")': 4.0,
    '=COUNTIF(C2:C6;"<>rome")': 3.0,
    '=COUNTIF(B2:B6;">=5")': 2.0,
    "=COUNTIF(B2:B6;5)": 2.0,
    '=COUNTIF(D2:D6;"")': 2.0,
    '=COUNTIF(D2:D6;"=")': 1.0,
    '=COUNTIF(D2:D6;"<>")': 4.0,
    '=COUNTIF(D2:D6;"y~*")': 1.0,
    '=COUNTIF(D2:D;"")': 996.0,
    "=COUNTIF(D2:D6;TRUE)": 1.0,
    '=COUNTIFS(C2:C6;"rome";B2:B6;">4")': 2.0,
    '=COUNTIFS(C2:C6;"rome";B2:B5;5)': "#VALUE!",
    '=SUMIF(C2:C6;"oslo";B2:B6)': 3.0,
    '=SUMIF(B2:B6;">3")': 10.0,
    '=SUMIF(C2:C6;"rome";B2)': 10.0,
    '=SUMIFS(B2:B6;C2:C6;"rome";A2:A6;"A*")': 5.0,
    '=AVERAGEIF(C2:C6;"paris";B2:B6)': "#DIV/0!",
    '=MAXIFS(B2:B6;C2:C6;"oslo")': 3.0,
    '=SUMIFS(scores;C2:C;"rome")': 10.0,
    # look-ups
    '=VLOOKUP("bo";A2:C6;3;FALSE)': "Oslo",
    '=VLOOKUP("b*";A2:C6;2;FALSE)': 3.0,
    '=VLOOKUP("Zed";A2:C6;2;FALSE)': "#N/A",
    '=VLOOKUP("Bo";A2:C6;4;FALSE)': "#REF!",
    '=VLOOKUP("Bz";A2:C6;1)': "Bo",
    "=VLOOKUP(3;B2:C4;2;0)": "Oslo",
    '=VLOOKUP("3";B2:C4;2;0)': "#N/A",
    '=HLOOKUP("score";A1:D3;3;FALSE)': 3.0,
    '=MATCH("cy";A1:A6;0)': 4.0,
    "=MATCH(4;{1;3;5})": 2.0,
    "=MATCH(4;{5;3;1};-1)": 1.0,
    "=MATCH(4;{1;3};0)": "#N/A",
    '=XLOOKUP("Cy";A2:A6;C2:C6)': "rome",
    '=XLOOKUP("?";A2:A6;C2:C6;"none")': "none",
    '=XLOOKUP("?y";A2:A6;C2:C6;"none";2)': "rome",
    "=XLOOKUP(4;B2:B4;A2:A4;;-1)": "Bo",
    "=XLOOKUP(5;B2:B4;A2:A4;;0;-1)": "Cy",
    "=XMATCH(4;B2:B4;1)": 1.0,
    '=LOOKUP(4;{1;3;5};{"a";"b";"c"})': "b",
    "=INDEX(A2:C6;3;2)": 5.0,
    "=INDEX(A1:D1;2)": "score",
    "=INDEX(A2:C6;9;1)": "#NUM!",
    "=SUM(INDEX(A2:C6;0;2))": 13.0,
    "=SUM(B2:INDEX(B:B;4))": 13.0,
    "=SUM(OFFSET(B1;1;0;2))": 8.0,
    "=OFFSET(B1;-1;0)": "#REF!",
    '=SUM(INDIRECT("B2:B3"))': 8.0,
    '=SUM(INDIRECT("scores"))': 13.0,
    '=INDIRECT("nothing here")': "#REF!",
    "=SUM('مشتری‌ها'!A:A)": 60.0,
    "=SUM(NAMES)": 0.0,
    "=ROWS(A2:A)": 999.0,
    "=COLUMNS(A:C)": 3.0,
    "=SUM(2:2)": 5.0,
    # numbers
    "=ROUND(1005/1000;2)": 1.01,
    "=ROUND(-25/10)": -3.0,
    "=ROUND(1234;-2)": 1200.0,
    "=ROUNDDOWN(-19/10)": -1.0,
    "=ROUNDUP(11/10)": 2.0,
    "=INT(-15/10)": -2.0,
    "=MOD(-3;2)": 1.0,
    "=MOD(3;0)": "#DIV/0!",
    "=SQRT(-1)": "#NUM!",
    "=CEILING(7;5)": 10.0,
    "=FLOOR(7;5)": 5.0,
    "=LOG(8;2)": 3.0,
    "=POWER(-8;1/3)": "#NUM!",
    "=ABS(-3)": 3.0,
    # the library underneath
    "=ROUND(PMT(1/100;12;1000);4)": -88.8488,
    "=COMBIN(5;2)": 10.0,
    '=ARABIC("XIV")': 14.0,
    "=GCD({12;18})": 6.0,
    "=SUM(MAP({1;4};LAMBDA(x;FACT(x))))": 25.0,
}


@pytest.mark.parametrize("formula", SCALARS)
def test_scalar(formula: str) -> None:
    wanted = SCALARS[formula]
    assert result(formula) == [[pytest.approx(wanted) if type(wanted) is float else wanted]]


ARRAYS: dict[str, Array] = {
    '=ARRAYFORMULA(IF(A2:A4="Bo";;B2:B4))': [[5.0], [None], [5.0]],
    "=ARRAYFORMULA(B2:B4+{1;2})": [[6.0], [5.0], ["#N/A"]],
    "=ARRAYFORMULA({1;2}*{1\\3})": [["#ERROR!"]],
    "=ARRAYFORMULA({1;2}*{1,3})": [[1.0, 3.0], [2.0, 6.0]],
    '=ARRAYFORMULA(UPPER(A2:A3)&"!")': [["ADA!"], ["BO!"]],
    '=ARRAYFORMULA(IFERROR(1/{0;2};"no"))': [["no"], [0.5]],
    "=ARRAYFORMULA(ISNA({1;2}+{1;2;3}))": [[False], [False], [True]],
    '=ARRAYFORMULA(IFS({1;2;3}<2;"a";{1;2;3}<3;"b"))': [["a"], ["b"], ["#N/A"]],
    '=ARRAYFORMULA(SWITCH({1;2};1;"one";"more"))': [["one"], ["more"]],
    '=ARRAYFORMULA(CHOOSE({2;1};"a";"b"))': [["b"], ["a"]],
    "=ARRAYFORMULA(AND({TRUE;FALSE}))": [[False]],
    "=ARRAYFORMULA(ROW(B2:B4))": [[2.0], [3.0], [4.0]],
    '=ARRAYFORMULA(VLOOKUP({"Bo";"Zed"};A2:C6;{2,3};FALSE))': [[3.0, "Oslo"], ["#N/A", "#N/A"]],
    '=ARRAYFORMULA(XLOOKUP({"Bo";"Zed"};A2:A6;C2:C6;"-"))': [["Oslo"], ["-"]],
    '=ARRAYFORMULA(MATCH({"Cy";"Ada"};A2:A6;0))': [[3.0], [1.0]],
    '=ARRAYFORMULA(COUNTIF(C2:C6;{"rome";"oslo";"bern"}))': [[2.0], [2.0], [0.0]],
    '=ARRAYFORMULA(SUMIF(C2:C6;{"rome","oslo"};B2:B6))': [[10.0, 3.0]],
    '=ARRAYFORMULA(COUNTIFS(C2:C6;{"rome";"oslo"};B2:B6;">"&{3;2}))': [[2.0], [1.0]],
    "=ARRAYFORMULA(SUMIFS(B2:B6;C2:C6;C2:C3))": [[10.0], [3.0]],
    '=ARRAYFORMULA(IF(scores="";;scores*2))': [[10.0], [6.0], [10.0], [None], [14.0]],
    "=ARRAYFORMULA(ROUND({11;12}/10))": [[1.0], [1.0]],
    "=ARRAYFORMULA(SEQUENCE(8)&B1:B)": [["1score"], ["25"], ["33"], ["45"], ["5"], ["67"], ["7"], ["8"]],
    '=VSTACK(A2:B3;"x")': [["Ada", 5.0], ["Bo", 3.0], ["x", "#N/A"]],
    "=HSTACK({1;2};3)": [[1.0, 3.0], [2.0, "#N/A"]],
    '={A2:A3;"x"}': [["Ada"], ["Bo"], ["x"]],
    "={A2:A3;{1,2}}": [["#VALUE!"]],
    "={1,2;3,4}": [[1.0, 2.0], [3.0, 4.0]],
    '=FILTER(A2:A6;C2:C6="rome")': [["Ada"], ["Cy"]],
    '=FILTER(A2:B6;C2:C6="oslo";B2:B6)': [["Bo", 3.0]],
    "=FILTER(A2:A4;B2:B4>100)": [["#N/A"]],
    "=SORT(A2:B4;2;TRUE;1;FALSE)": [["Bo", 3.0], ["Cy", 5.0], ["Ada", 5.0]],
    "=SORT(A2:A4;B2:B4;FALSE)": [["Ada"], ["Cy"], ["Bo"]],
    '=SORT({"b";3;TRUE;"A";1})': [[1.0], [3.0], ["A"], ["b"], [True]],
    "=SORTN(A2:B4;1;0;2;TRUE)": [["Bo", 3.0]],
    "=SORTN(A2:B4;1;1;2;FALSE)": [["Ada", 5.0], ["Cy", 5.0]],
    "=SORTN(B2:B4;2;2;1;TRUE)": [[3.0], [5.0]],
    "=UNIQUE(C2:C6)": [["Rome"], ["Oslo"], [None]],
    "=UNIQUE({1;2;1};FALSE;TRUE)": [[2.0]],
    "=TRANSPOSE(A2:B3)": [["Ada", "Bo"], [5.0, 3.0]],
    "=CHOOSECOLS(A2:C3;3;1)": [["Rome", "Ada"], ["Oslo", "Bo"]],
    "=CHOOSEROWS(A2:A4;-1)": [["Cy"]],
    "=TAKE(A2:A6;-2)": [["Di"], ["Ed"]],
    "=DROP(A2:B3;0;1)": [[5.0], [3.0]],
    "=TOCOL({1,2;3,4})": [[1.0], [2.0], [3.0], [4.0]],
    "=TOCOL(D2:D4;1)": [["x"], [""]],
    "=TOROW({1;2})": [[1.0, 2.0]],
    "=FLATTEN({1,2};3)": [[1.0], [2.0], [3.0]],
    "=WRAPROWS({1,2,3};2;0)": [[1.0, 2.0], [3.0, 0.0]],
    "=ARRAY_CONSTRAIN(A2:C6;2;1)": [["Ada"], ["Bo"]],
    "=SEQUENCE(2;2;5;-1)": [[5.0, 4.0], [3.0, 2.0]],
    "=SEQUENCE(2)*2": [[2.0]],
    "=MMULT({1,2;3,4};{1;1})": [[3.0], [7.0]],
    "=INDEX(A2:C6;2)": [["Bo", 3.0, "Oslo"]],
    "=INDEX(UPPER(A2:A3))": [["ADA"], ["BO"]],
    '=INDIRECT("A2:A3")': [["Ada"], ["Bo"]],
    "=OFFSET(A1;1;0;2;1)": [["Ada"], ["Bo"]],
    '=XLOOKUP("Bo";A2:A6;B2:C6)': [[3.0, "Oslo"]],
    '=IF(TRUE;{1;2};"x")': [[1.0], [2.0]],
    '=IFERROR(FILTER(A2:A6;B2:B6=3);"x")': [["Bo"]],
    "=MAP({1;2};{3;4};LAMBDA(a;b;a*b))": [[3.0], [8.0]],
    "=BYROW(B2:B4;LAMBDA(r;SUM(r)))": [[5.0], [3.0], [5.0]],
    "=BYCOL({1,2;3,4};LAMBDA(c;MAX(c)))": [[3.0, 4.0]],
    "=SCAN(0;{1;2;3};LAMBDA(t;v;t+v))": [[1.0], [3.0], [6.0]],
    "=MAKEARRAY(2;2;LAMBDA(r;c;r*10+c))": [[11.0, 12.0], [21.0, 22.0]],
    "=ARRAYFORMULA(LET(a;{1;2};a*a))": [[1.0], [4.0]],
    "=TREND({2;4};{1;2};{3;4})": [[6.0], [8.0]],
    "=ARRAYFORMULA(FACT({3;4}))": [[6.0], [24.0]],
    '=ARRAYFORMULA(TEXT({1;2};"0.0"))': [["1.0"], ["2.0"]],
}


@pytest.mark.parametrize("formula", ARRAYS)
def test_array(formula: str) -> None:
    assert result(formula) == ARRAYS[formula]


def test_intersection_outside_of_the_range_is_an_error() -> None:
    assert result("=A1:A6", at="H9") == [["#VALUE!"]]


def test_unknown_function_names_itself_and_its_cell() -> None:
    made = store()
    made.put("'مشتری‌ها'!B2", "=FOO(1)")
    engine = Engine(made, CLOCK)
    engine.structure_changed()
    engine.recalculate()
    assert made.get("'مشتری‌ها'!B2") == FormulaError("#NAME?", "Unknown function: 'FOO' (in 'مشتری‌ها'!B2)")


def test_separators_inside_of_texts_and_sheet_names_stay() -> None:
    assert result('=IF(TRUE;"a;b,c";2)') == [["a;b,c"]]


def test_random_numbers_repeat_under_a_fixed_clock() -> None:
    assert result("=RAND()") == result("=RAND()")


def test_conditional_format_formula_moves_its_relative_references() -> None:
    engine = Engine(store(), CLOCK)
    engine.structure_changed()
    base = (0, 1, 0)
    found = [engine.evaluate('=AND($B2>3; $C$2="rome")', base, (0, row, 2)) for row in (1, 2, 3)]
    assert found == [True, False, True]


def test_library_functions_repeat_and_pass_errors_on() -> None:
    wanted = [[120.0], ["#N/A"], [120.0]]
    assert result("=ARRAYFORMULA(FACT({5;NA();5}))") == wanted


def test_every_function_of_the_library_is_there() -> None:
    results = {name: library.compute_rows(name, [()])[0] for name in library.available()}
    assert [name for name, value in results.items() if type(value) is FormulaError and value.kind == "#NAME?"] == []
