"""Text functions case by case: arguments beside the result."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from crm_builder.local.formulas import functions_google, functions_regex, functions_text
from crm_builder.local.formulas.values import FormulaError

ERROR = FormulaError("#N/A", "lost")


def call(name, *arguments):
    return {**functions_text.TABLE, **functions_regex.TABLE}[name].call(*arguments)


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("LEN", ("تهران",), 5.0),
        ("LEN", (12.5,), 4.0),
        ("LEN", (None,), 0.0),
        ("LEFT", ("abc",), "a"),
        ("LEFT", ("abc", 2.0), "ab"),
        ("LEFT", (12345.0, 3.0), "123"),
        ("LEFT", ("abc", 0.0), ""),
        ("RIGHT", ("abc", 2.0), "bc"),
        ("RIGHT", ("abc", 0.0), ""),
        ("RIGHT", ("abc", 9.0), "abc"),
        ("MID", ("abcdef", 2.0, 3.0), "bcd"),
        ("MID", ("abc", 9.0, 3.0), ""),
        ("LOWER", ("ABC",), "abc"),
        ("UPPER", ("abc",), "ABC"),
        ("PROPER", ("ann o'neil of ROME",), "Ann O'Neil Of Rome"),
        ("TRIM", ("  a   b ",), "a b"),
        ("CLEAN", ("a\x07b\n",), "ab"),
        ("CONCAT", ("a", 1.0), "a1"),
        ("CONCATENATE", ([["a", 1.0]], [[None], [True]]), "a1TRUE"),
        ("JOIN", (", ", [["a", None, "b"]]), "a, , b"),
        ("JOIN", ("-", [["a"]], [[2.0], [3.0]]), "a-2-3"),
        ("TEXTJOIN", (", ", True, [["a", None, "", "b"]]), "a, b"),
        ("TEXTJOIN", (", ", False, [["a", None, "b"]]), "a, , b"),
        ("SPLIT", ("a,b", ","), [["a", "b"]]),
        ("SPLIT", ("1,x", ","), [[1.0, "x"]]),
        ("SPLIT", ("a, b", ", "), [["a", "b"]]),
        ("SPLIT", ("a, b,c", ", ", False), [["a", "b,c"]]),
        ("SPLIT", ("a,,b", ",", True, False), [["a", "", "b"]]),
        ("SPLIT", ("abc", ","), "abc"),
        ("SPLIT", ([["a-b-c"], ["d"]], "-"), [["a", "b", "c"], ["d", None, None]]),
        ("SUBSTITUTE", ("a-b-c", "-", "+"), "a+b+c"),
        ("SUBSTITUTE", ("a-b-c", "-", "+", 2.0), "a-b+c"),
        ("SUBSTITUTE", ("a-b-c", "-", "+", 3.0), "a-b-c"),
        ("REPLACE", ("abcdef", 2.0, 3.0, "X"), "aXef"),
        ("FIND", ("b", "abcb"), 2.0),
        ("FIND", ("b", "abcb", 3.0), 4.0),
        ("SEARCH", ("B", "abc"), 2.0),
        ("TEXT", (1234.5, "#,##0.00"), "1,234.50"),
        ("TEXT", ("1234.5", "0"), "1235"),
        ("TEXT", ("abc", "0"), "abc"),
        ("TEXT", (46000.0, "yyyy-mm"), "2025-12"),
        ("TEXT", (None, "0.0"), "0.0"),
        ("TEXT", (True, "0"), "TRUE"),
        ("TEXT", (5.0, ""), ""),
        ("VALUE", ("1,000",), 1000.0),
        ("VALUE", ("25%",), 0.25),
        ("VALUE", ("2026-01-18",), 46040.0),
        ("VALUE", (3.0,), 3.0),
        ("TO_TEXT", (1 / 3,), "0.3333333333"),
        ("TO_TEXT", (True,), "TRUE"),
        ("TO_DATE", (46000.0,), 46000.0),
        ("TO_PURE_NUMBER", (0.5,), 0.5),
        ("TO_PERCENT", (0.5,), 0.5),
        ("EXACT", ("a", "A"), False),
        ("EXACT", ("a", "a"), True),
        ("REPT", ("ab", 3.0), "ababab"),
        ("REPT", ("ab", 0.0), ""),
        ("CHAR", (65.0,), "A"),
        ("UNICHAR", (9650.0,), "▲"),
        ("CODE", ("ABC",), 65.0),
        ("UNICODE", ("▲",), 9650.0),
        ("HYPERLINK", ("https://example.com", "site"), "site"),
        ("HYPERLINK", ("https://example.com",), "https://example.com"),
        ("HYPERLINK", ("https://example.com", 7.0), 7.0),
        ("IMAGE", ("https://example.com/a.png", 1.0), ""),
        ("FIXED", (1234.567,), "1,234.57"),
        ("FIXED", (1234.567, 1.0, True), "1234.6"),
        ("FIXED", (1234.0, -2.0), "1,200"),
        ("DOLLAR", (-1234.5,), "-$1,234.50"),
        ("ISEMAIL", ("ann@example.com",), True),
        ("ISEMAIL", ("ann@mail.example.com",), True),
        ("ISEMAIL", ("ann@example",), False),
        ("ISEMAIL", ("ann..b@example.com",), False),
        ("ISEMAIL", (5.0,), False),
        ("ISURL", ("https://www.example.com/a?b=c",), True),
        ("ISURL", ("www.example.com",), True),
        ("ISURL", ("example",), False),
        ("ENCODEURL", ("a b/سلام",), "a%20b%2F%D8%B3%D9%84%D8%A7%D9%85"),
        ("T", ("x",), "x"),
        ("T", (5.0,), ""),
        ("REGEXMATCH", ("abc", "b.$"), True),
        ("REGEXMATCH", ("abc", "^b"), False),
        ("REGEXMATCH", (None, "x"), False),
        ("REGEXMATCH", ("ABC", "(?i)abc"), True),
        ("REGEXMATCH", ("x\n", "x$"), False),
        ("REGEXMATCH", ("۵", "\\d"), False),
        ("REGEXMATCH", ("سلام", "^\\p{L}+$"), True),
        ("REGEXMATCH", ("a1", "[[:alpha:]][[:digit:]]"), True),
        ("REGEXEXTRACT", ("order 42", "\\d+"), "42"),
        ("REGEXEXTRACT", ("2026-01", "(\\d+)-(\\d+)"), [["2026", "01"]]),
        ("REGEXEXTRACT", ("ab", "(a)|(b)"), [["a", ""]]),
        ("REGEXEXTRACT", ([["a1"], ["b2"]], "[a-z](\\d)"), [["1"], ["2"]]),
        ("REGEXREPLACE", ("2026-01", "(\\d+)-(\\d+)", "$2/$1"), "01/2026"),
        ("REGEXREPLACE", ("abc", "b", "[$0]"), "a[b]c"),
        ("REGEXREPLACE", ("5", "5", "\\$5"), "$5"),
        ("REGEXREPLACE", ("a  b", "\\s+", " "), "a b"),
    ],
)  # fmt: skip
def test_result(name, arguments, result):
    assert call(name, *arguments) == result


@pytest.mark.parametrize(
    ("name", "arguments", "kind", "words"),
    [
        ("LEFT", ("abc", -1.0), "#NUM!", "parameter 2 value is -1"),
        ("LEFT", ("abc", "x"), "#VALUE!", "LEFT parameter 2"),
        ("MID", ("abc", 0.0, 1.0), "#NUM!", "greater than or equal to 1"),
        ("FIND", ("z", "abc"), "#VALUE!", "cannot find 'z' within 'abc'"),
        ("FIND", ("B", "abc"), "#VALUE!", "cannot find 'B'"),
        ("SPLIT", ("", ","), "#VALUE!", "non-empty"),
        ("SPLIT", ("a", ""), "#VALUE!", "non-empty"),
        ("VALUE", ("abc",), "#VALUE!", "'abc' cannot be parsed to number"),
        ("CHAR", (0.0,), "#NUM!", "out of range"),
        ("CODE", ("",), "#VALUE!", "non-empty"),
        ("REPT", ("abc", 1e6), "#VALUE!", "50000"),
        ("CONCATENATE", ([["a", ERROR]],), "#N/A", "lost"),
        ("REGEXMATCH", (5.0, "5"), "#VALUE!", "is a number"),
        ("REGEXMATCH", ("a", "("), "#REF!", "not a valid regular expression"),
        ("REGEXMATCH", ("a", "a(?=b)"), "#REF!", "not a valid regular expression"),
        ("REGEXMATCH", ("aa", "(a)\\1"), "#REF!", "not a valid regular expression"),
        ("REGEXEXTRACT", ("abc", "\\d"), "#N/A", "does not match text"),
    ],
)
def test_error(name, arguments, kind, words):
    result = call(name, *arguments)
    assert isinstance(result, FormulaError) and result.kind == kind
    assert words in result.message


def test_sparkline_is_data_behind_an_invisible_mark():
    call = functions_google.TABLE["SPARKLINE"].call
    value = call([[1.0, 2.5, None]], [["charttype", "Column"], ["color", "#123456"], ["rtl", True]])
    assert value.startswith(functions_google.SPARKLINE_MARK)
    assert json.loads(value.removeprefix(functions_google.SPARKLINE_MARK)) == {
        "data": [[1.0, 2.5, None]],
        "options": {"charttype": "column", "color": "#123456", "rtl": True},
    }
    assert json.loads(call([[1.0]])[len(functions_google.SPARKLINE_MARK) :])["options"] == {"charttype": "line"}


def test_sparkline_refuses_what_it_cannot_draw():
    call = functions_google.TABLE["SPARKLINE"].call
    assert call([[1.0]], [["charttype", "pie"]]).kind == "#VALUE!"
    assert call([[ERROR]]) == ERROR


@pytest.mark.parametrize("name", functions_google.REMOTE)
def test_remote_functions_name_themselves_and_the_cell(name):
    result = functions_google.TABLE[name].call(SimpleNamespace(where="Deals!B2"), "x")
    assert result.kind == "#N/A" and name in result.message and "Deals!B2" in result.message
