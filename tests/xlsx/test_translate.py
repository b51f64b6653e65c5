"""Formulas: what lives in the file is written so that Excel and LibreOffice mean what Google means."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from crm_builder.xlsx.book import Area, read_book
from crm_builder.xlsx.translate import translate
from crm_builder.xlsx.writer import Home, Untranslatable

BOOK = read_book(
    {
        "sheets": [
            {"properties": {"sheetId": 1, "title": "Deals", "gridProperties": {"rowCount": 50, "columnCount": 4}}},
            {"properties": {"sheetId": 2, "title": "More", "gridProperties": {"rowCount": 9, "columnCount": 2}}},
        ],
        "namedRanges": [
            {"name": "stage", "range": {"sheetId": 1, "startColumnIndex": 0, "endColumnIndex": 1}},
            {"name": "amount", "range": {"sheetId": 1, "startColumnIndex": 1, "endColumnIndex": 2}},
            {"name": "rc", "range": {"sheetId": 2, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}},
        ],
    }
)
HOME = Home(BOOK, "Deals", 0, 3)


def text(formula: str, home: Home = HOME) -> str:
    return translate(formula, home, result=False).text


@pytest.mark.parametrize(
    ("google", "file"),
    [
        ("=SUM(1; 2)", "SUM(1,2)"),
        ('=IF(A1>1; ; "a""b")', 'IF(A1>1,"","a""b")'),
        ("=IFERROR(A1/B1)", 'IFERROR(A1/B1,"")'),
        ("=SUM(B2:B)", "SUM($B$2:$B$50)"),
        ("=SUM(More!$B$2:$B)", "SUM('More'!$B$2:$B$9)"),
        ("=ARRAYFORMULA(IF(ROW(stage)=ROW(); 1; amount*1))", "IF(ROW(stage)=MIN(ROW(D1)),1,amount*1)"),
        ('=FILTER(amount; stage="x"; amount>1)', '_xlfn._xlws.FILTER(amount,(stage="x")*(amount>1))'),
        ('=IFNA(FILTER(amount; stage="x"); 0)', '_xlfn._xlws.FILTER(amount,stage="x",0)'),
        ("=SORT(FILTER(amount; amount>1); 1; FALSE)", "_xlfn._xlws.SORT(_xlfn._xlws.FILTER(amount,amount>1),1,-1)"),
        ("=LET(v; 2; LET(w; v+1; w*w))", "_xlfn.LET(_xlpm.v,2,(_xlpm.v+1)*(_xlpm.v+1))"),
        ("=ISBETWEEN(A1; 1; 5; TRUE; FALSE)", "((A1>=1)*(A1<5)=1)"),
        ("=rc%", "_rc%"),
        ("=HSTACK(stage; amount)", "CHOOSE({1,2},stage,amount)"),
        ('=COUNTIF(INDIRECT("stage"); "x")', 'COUNTIF(stage,"x")'),
        ("=TODAY()-A1", "TODAY()-A1"),
        ("=.5+a1*1E20", "0.5+(A1*1E+20)"),
    ],
)
def test_a_formula_in_the_words_of_excel(google: str, file: str) -> None:
    assert text(google) == file


@pytest.mark.parametrize(
    "formula",
    [
        '=QUERY(stage; "select A")',
        '=REGEXEXTRACT(A1; "x")',
        "=MAP(stage; LAMBDA(x; x))",
        "=unknown+1",
        "=A1:",
        "=LAMBDA(x; x)(1)",
        "=1E999",
        "=" + "+".join(["1"] * 250),
        "=" + "ABS(" * 500 + "1" + ")" * 500,
        "=VLOOKUP(A1; ; 2)",
    ],
)
def test_what_has_no_faithful_form_is_refused(formula: str) -> None:
    with pytest.raises(Untranslatable):
        text(formula)


def test_an_empty_text_of_a_live_formula_counts_as_nothing() -> None:
    home = replace(HOME, empties=(Area("Deals", 0, 1, 50, 2),))
    assert text("=ARRAYFORMULA(amount*2)", home) == 'IF(amount="",0,amount)*2'
    assert text('=ARRAYFORMULA(amount="")', home) == 'amount=""'
    with pytest.raises(Untranslatable):
        text('=COUNTIF(amount; "<>")', home)


def test_a_result_that_may_be_an_empty_cell_does_not_become_zero() -> None:
    assert translate("=A1", HOME).text == 'IF(A1="","",A1)'
    assert translate("=A1*1", HOME).text == "A1*1"


def test_a_held_clock_stands_in_the_formula() -> None:
    assert text("=TODAY()", replace(HOME, now=datetime(2026, 11, 22, 9))) == "DATE(2026,11,22)"
