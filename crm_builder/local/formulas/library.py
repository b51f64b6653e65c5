"""The functions of Google Sheets that are computed by formualizer's own library."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import formualizer

from crm_builder.a1 import letters
from crm_builder.local.formulas.arrays import expand, is_array, read, shape
from crm_builder.local.formulas.registry import Function
from crm_builder.local.formulas.values import Array, FormulaError, Value, serial_of

# Functions that Google Sheets documents and formualizer has; anything else is an unknown name, as it is there.
_NAMES = """
ACOS ACOSH ACOT ACOTH ASIN ASINH ATAN ATAN2 ATANH COS COSH COT COTH CSC CSCH SEC SECH SIN SINH TAN TANH DEGREES
RADIANS BASE DECIMAL CEILING.MATH CEILING.PRECISE ISO.CEILING FLOOR.MATH FLOOR.PRECISE COMBIN COMBINA EVEN ODD FACT
FACTDOUBLE GAMMALN GAMMALN.PRECISE GAMMA MROUND MULTINOMIAL SERIESSUM SQRTPI SUMX2MY2 SUMX2PY2 SUMXMY2 ERF ERF.PRECISE
ERFC ERFC.PRECISE BIN2DEC BIN2HEX BIN2OCT DEC2BIN DEC2HEX DEC2OCT HEX2BIN HEX2DEC HEX2OCT OCT2BIN OCT2DEC OCT2HEX
BITAND BITLSHIFT BITOR BITRSHIFT BITXOR COMPLEX DELTA GESTEP CONVERT IMABS IMAGINARY IMARGUMENT IMCONJUGATE IMCOS
IMDIV IMEXP IMLN IMLOG10 IMLOG2 IMPOWER IMPRODUCT IMREAL IMSIN IMSQRT IMSUB IMSUM IMTAN ACCRINT ACCRINTM CUMIPMT
CUMPRINC DB DDB DOLLARDE DOLLARFR EFFECT FV IPMT IRR MIRR NOMINAL NPER NPV PDURATION PMT PPMT PRICE PV RATE RRI SLN
SYD TBILLEQ TBILLPRICE TBILLYIELD XIRR XNPV YIELD BETA.DIST BETA.INV BETADIST BETAINV BINOM.DIST BINOM.INV BINOMDIST
CHIDIST CHIINV CHISQ.DIST CHISQ.DIST.RT CHISQ.INV CHISQ.INV.RT CHITEST CHISQ.TEST CONFIDENCE CONFIDENCE.NORM
CONFIDENCE.T COVAR COVARIANCE.P COVARIANCE.S CRITBINOM EXPON.DIST EXPONDIST F.DIST F.DIST.RT F.INV F.INV.RT F.TEST
FDIST FINV FTEST FISHER FISHERINV FREQUENCY GAMMA.DIST GAMMA.INV GAMMADIST GAMMAINV GAUSS GROWTH HYPGEOM.DIST
HYPGEOMDIST KURT LINEST LOGEST LOGINV LOGNORM.DIST LOGNORM.INV LOGNORMDIST MODE.MULT NEGBINOM.DIST NEGBINOMDIST
NORM.DIST NORM.INV NORM.S.DIST NORM.S.INV NORMDIST NORMINV NORMSDIST NORMSINV PERCENTRANK.EXC PERMUT PHI POISSON
POISSON.DIST SKEW SKEW.P STANDARDIZE STEYX T.DIST T.DIST.2T T.DIST.RT T.INV T.INV.2T T.TEST TDIST TINV TTEST TRIMMEAN
WEIBULL WEIBULL.DIST Z.TEST ZTEST ARABIC ROMAN ASC DAVERAGE DCOUNT DCOUNTA DGET DMAX DMIN DPRODUCT DSTDEV
DSTDEVP DSUM DVAR DVARP ADDRESS
"""

# What takes whole ranges; every other function takes single values and is broadcast within ARRAYFORMULA.
_OF_RANGES = """
SERIESSUM SUMX2MY2 SUMX2PY2 SUMXMY2 MULTINOMIAL IMPRODUCT IMSUM IRR MIRR NPV XIRR XNPV CHITEST CHISQ.TEST COVAR
COVARIANCE.P COVARIANCE.S F.TEST FTEST FREQUENCY GROWTH KURT LINEST LOGEST MODE.MULT PERCENTRANK.EXC SKEW SKEW.P
STEYX T.TEST TTEST TRIMMEAN Z.TEST ZTEST DAVERAGE DCOUNT DCOUNTA DGET DMAX DMIN DPRODUCT DSTDEV DSTDEVP DSUM DVAR
DVARP
"""
_SPILLING = frozenset(["FREQUENCY", "GROWTH", "LINEST", "LOGEST", "MODE.MULT"])

_KINDS: Mapping[str, str] = {
    "Null": "#NULL!",
    "Ref": "#REF!",
    "Name": "#NAME?",
    "Value": "#VALUE!",
    "Div": "#DIV/0!",
    "Na": "#N/A",
    "Num": "#NUM!",
}
_SHEET = "S"


def _scratch() -> Any:
    workbook = formualizer.Workbook()
    workbook.add_sheet(_SHEET)
    return workbook


def compute_rows(name: str, rows: Sequence[tuple[Value, ...]]) -> list[Value]:
    """The function's results for many lists of single values, all of one length, in one go."""
    workbook = _scratch()
    width = len(rows[0])
    if width:
        workbook.set_values_batch(_SHEET, 1, 1, [list(row) for row in rows])
    for number, row in enumerate(rows, 1):
        cells = ("" if value is None else f"{letters(place)}{number}" for place, value in enumerate(row))
        workbook.set_formula(_SHEET, number, width + 2, f"={name}({','.join(cells)})")
    results = workbook.evaluate_cells([(_SHEET, number, width + 2) for number in range(1, len(rows) + 1)])
    return [_value(name, result) for result in results]


def _of_values(name: str) -> Callable[..., Any]:
    def function(*arguments: Any) -> Any:
        rows, columns = shape(arguments)
        full = [expand(argument, rows, columns) for argument in arguments]
        calls = [tuple(array[row][column] for array in full) for row in range(rows) for column in range(columns)]
        known: dict[tuple[Any, ...], Value] = {}
        wanted = {}
        for call in calls:
            error = next((value for value in call if type(value) is FormulaError), None)
            if error is not None:
                known[_key(call)] = error
            else:
                wanted[_key(call)] = call
        if wanted:
            known.update(zip(wanted, compute_rows(name, list(wanted.values())), strict=True))
        results = [known[_key(call)] for call in calls]
        if not any(map(is_array, arguments)):
            return results[0]
        return [results[start : start + columns] for start in range(0, len(results), columns)]

    return function


def _key(call: tuple[Value, ...]) -> tuple[Any, ...]:
    return tuple((type(value), value) for value in call)


def compute(name: str, *arguments: Any) -> Any:
    """The function's result for one list of evaluated arguments, values or arrays."""
    workbook = _scratch()
    names = []
    column = 0
    for argument in arguments:
        array = read(argument)
        for row in array:
            for value in row:
                if type(value) is FormulaError:
                    return value
        workbook.set_values_batch(_SHEET, 1, column + 1, array)
        last = column + len(array[0]) - 1
        if is_array(argument):
            names.append(f"${letters(column)}$1:${letters(last)}${len(array)}")
        else:
            names.append("" if argument is None else f"${letters(column)}$1")
        column = last + 2
    workbook.set_formula(_SHEET, 1, column + 1, f"={name}({','.join(names)})")
    result = _value(name, workbook.evaluate_cell(_SHEET, 1, column + 1))
    return _spilled(name, workbook, column + 1) if name in _SPILLING else result


def _spilled(name: str, workbook: Any, column: int) -> Array:
    """The result in row 1 of a column, with what it spilled."""
    rows = columns = 1
    while workbook.get_value(_SHEET, rows + 1, column) is not None:
        rows += 1
    while workbook.get_value(_SHEET, 1, column + columns) is not None:
        columns += 1
    return [
        [_value(name, workbook.get_value(_SHEET, row + 1, column + place)) for place in range(columns)]
        for row in range(rows)
    ]


def _value(name: str, result: Any) -> Value:
    if isinstance(result, dict):
        kind = _KINDS.get(result.get("kind", ""), "#ERROR!")
        return FormulaError(kind, f"Function {name} has no result for these parameters.")
    if isinstance(result, bool | str) or result is None:
        return result
    if isinstance(result, datetime.date):
        return serial_of(result)
    if isinstance(result, datetime.timedelta):
        return result.total_seconds() / 86400
    if isinstance(result, datetime.time):
        return (result.hour * 3600 + result.minute * 60 + result.second) / 86400
    return float(result)


@lru_cache(maxsize=1)
def available() -> Mapping[str, Function]:
    """The library's functions by name."""
    ranges = frozenset(_OF_RANGES.split())
    return {
        name: Function(name, partial(compute, name), (0, None), ("any",), spills=name in _SPILLING)
        if name in ranges
        else Function(name, _of_values(name), (0, None), ("each",))
        for name in _NAMES.split()
    }
