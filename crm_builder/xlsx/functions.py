"""Which functions Excel and LibreOffice know by which name, and what is special about some of them.

Excel writes functions newer than 2007 with a prefix (Microsoft, "Issue: An _xlfn. prefix is displayed in front of a
formula"); LibreOffice reads the same spelling. Those that LibreOffice has not had by 25.2 (VSTACK, TAKE, LAMBDA …) are
left out, as the file is to compute in both.
"""

from __future__ import annotations

_SAME = """
ABS ACOS AND ASIN ATAN ATAN2 AVEDEV AVERAGE AVERAGEA AVERAGEIF AVERAGEIFS CEILING CHAR CHOOSE CODE COLUMN COLUMNS
CONCATENATE CORREL COS COUNT COUNTBLANK COUNTIF COUNTIFS COVAR DATE DATEDIF DATEVALUE DAY DAYS360 DEGREES DEVSQ EDATE
EOMONTH ERROR.TYPE EVEN EXACT EXP FACT FALSE FIND FLOOR FORECAST FREQUENCY GEOMEAN GROWTH HARMEAN HLOOKUP HOUR IF
IFERROR INDEX INT INTERCEPT IRR ISBLANK ISERR ISERROR ISEVEN ISLOGICAL ISNA ISNONTEXT ISNUMBER ISODD ISREF ISTEXT LARGE
LEFT LEN LINEST LN LOG LOG10 LOGEST LOOKUP LOWER MATCH MAX MAXA MEDIAN MID MIN MINA MINUTE MMULT MOD MODE MONTH
MROUND N NA NETWORKDAYS NETWORKDAYS.INTL NOT NOW NPER NPV ODD OFFSET OR PERCENTILE PERCENTRANK PI PMT POWER PRODUCT
PROPER PV QUARTILE QUOTIENT RADIANS RANK RATE REPLACE REPT RIGHT ROUND ROUNDDOWN ROUNDUP ROW ROWS RSQ SEARCH SECOND SIGN
SIN SLOPE SMALL SQRT STDEV STDEVP SUBSTITUTE SUBTOTAL SUM SUMIF SUMIFS SUMPRODUCT SUMSQ T TAN TEXT TIME TIMEVALUE
TODAY TRANSPOSE TREND TRIM TRIMMEAN TRUE TRUNC UPPER VALUE VAR VARP VLOOKUP WEEKDAY WEEKNUM WORKDAY WORKDAY.INTL YEAR
YEARFRAC
"""
_PREFIXED = """
CEILING.MATH CONCAT COVARIANCE.P COVARIANCE.S DAYS FLOOR.MATH FORECAST.LINEAR IFNA IFS ISOWEEKNUM LET MAXIFS MINIFS
MODE.MULT MODE.SNGL PERCENTILE.EXC PERCENTILE.INC PERCENTRANK.EXC PERCENTRANK.INC QUARTILE.EXC QUARTILE.INC RANK.AVG
RANK.EQ SEQUENCE SHEET SORTBY STDEV.P STDEV.S SWITCH TEXTJOIN UNICHAR UNICODE UNIQUE VAR.P VAR.S XLOOKUP XMATCH XOR
"""

SPELLED: dict[str, str] = {name: name for name in _SAME.split()}
SPELLED |= {name: f"_xlfn.{name}" for name in _PREFIXED.split()}
SPELLED |= {"FILTER": "_xlfn._xlws.FILTER", "SORT": "_xlfn._xlws.SORT"}
SPELLED["RAND"] = "RAND"
"""Google's name → how the file spells it, for functions that take the same arguments and answer alike."""

CHANGING = frozenset({"RAND", "RANDBETWEEN", "RANDARRAY"})
"""They answer anew each time: a value that was written cannot be compared with them."""

ARRAYS = frozenset(
    {"ARRAYFORMULA", "ARRAY_CONSTRAIN", "FILTER", "HSTACK", "MMULT", "SEQUENCE", "SORT", "SORTBY", "TRANSPOSE",
     "SUMPRODUCT", "UNIQUE"}
)  # fmt: skip
"""Inside of these a range is taken element by element."""

SPILLING = ARRAYS - {"SUMPRODUCT"}
"""A formula with one of these is written as a dynamic array; without one Excel would take a single element."""

PASSES_CELLS = frozenset(
    {"ARRAYFORMULA", "ARRAY_CONSTRAIN", "CHOOSE", "FILTER", "HLOOKUP", "HSTACK", "INDEX", "LOOKUP", "OFFSET", "SORT",
     "SORTBY", "TO_DATE", "TRANSPOSE", "UNIQUE", "VLOOKUP", "XLOOKUP"}
)  # fmt: skip
"""Their answer may be an empty cell, which Excel shows as 0 and Google as nothing."""

BRANCHES: dict[str, slice] = {
    "IF": slice(1, None),
    "IFERROR": slice(0, None),
    "IFNA": slice(0, None),
    "IFS": slice(1, None, 2),
    "SWITCH": slice(1, None),
    "CHOOSE": slice(1, None),
}
"""Functions that answer with one of their arguments, and which arguments these are."""

SCALARS = frozenset({"EDATE", "EOMONTH", "NETWORKDAYS", "WORKDAY", "WEEKNUM", "YEARFRAC", "MROUND", "QUOTIENT"})
"""Excel's former add-in functions refuse a range of several cells where they take an array of numbers."""

COUNTING = frozenset({"COUNTIF", "COUNTIFS", "SUMIF", "SUMIFS", "AVERAGEIF", "AVERAGEIFS", "MAXIFS", "MINIFS"})
"""A criterion "<>" counts an empty text, which a live formula writes where Google has an empty cell."""

PLAIN: dict[str, int] = {"TO_DATE": 0, "TO_PURE_NUMBER": 0, "TO_PERCENT": 0, "TO_DOLLARS": 0, "ARRAYFORMULA": 0}
"""They change no value in a file: what remains of them is the argument with that number."""

NUMERIC = frozenset(
    {"ABS", "CEILING", "DATE", "DAY", "EXP", "FLOOR", "INT", "LN", "LOG", "LOG10", "MOD", "MONTH", "NOT", "POWER",
     "ROUND", "ROUNDDOWN", "ROUNDUP", "SIGN", "SQRT", "TRUNC", "WEEKDAY", "YEAR"} | SCALARS
)  # fmt: skip
"""They read an empty cell as 0 and refuse an empty text."""

LEFT_OUT: dict[str, frozenset[int]] = {
    "INDEX": frozenset({1, 2}),
    "OFFSET": frozenset({1, 2, 3, 4}),
    "SEQUENCE": frozenset({1, 2, 3}),
    "XLOOKUP": frozenset({4, 5}),
}
"""Arguments that may be left out between semicolons and mean the same in both."""

ELEMENTWISE = frozenset(
    {"ARRAYFORMULA", "IF", "IFERROR", "IFNA", "ISBETWEEN", "ISERROR", "ISNUMBER", "LEFT", "LOWER", "ROW", "SUBSTITUTE",
     "TEXT", "UPPER", "VALUE", "XLOOKUP"} | NUMERIC
)  # fmt: skip
"""They answer as many columns as the widest of what they are given (XLOOKUP: of its keys, from one column)."""
