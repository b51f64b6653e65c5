"""The functions of Google Sheets that are computed by formualizer's own library, one call at a time."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

import formualizer

from crm_builder.local.formulas.arrays import is_array, read
from crm_builder.local.formulas.registry import Context, Function
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
WEIBULL WEIBULL.DIST Z.TEST ZTEST ARABIC ROMAN ASC NUMBERVALUE DAVERAGE DCOUNT DCOUNTA DGET DMAX DMIN DPRODUCT DSTDEV
DSTDEVP DSUM DVAR DVARP ADDRESS
"""

# What takes whole ranges; every other function takes single values and is broadcast within ARRAYFORMULA.
_OF_RANGES = frozenset(
    """SERIESSUM SUMX2MY2 SUMX2PY2 SUMXMY2 MULTINOMIAL IMPRODUCT IMSUM IRR MIRR NPV XIRR XNPV CHITEST CHISQ.TEST
    COVAR COVARIANCE.P COVARIANCE.S F.TEST FTEST FREQUENCY GROWTH KURT LINEST LOGEST MODE.MULT PERCENTRANK.EXC
    SKEW SKEW.P STEYX T.TEST TTEST TRIMMEAN Z.TEST ZTEST DAVERAGE DCOUNT DCOUNTA DGET DMAX DMIN DPRODUCT DSTDEV
    DSTDEVP DSUM DVAR DVARP""".split()
)
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
_MOST_CELLS = 10_000  # what formualizer spills at most
_SHEET = "S"


def _column_letters(index: int) -> str:
    text = ""
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def compute(name: str, *arguments: Any) -> Any:
    """The function's result for evaluated arguments (values or arrays), computed in a scratch workbook."""
    workbook = formualizer.Workbook()
    workbook.add_sheet(_SHEET)
    names = []
    column = 1
    for argument in arguments:
        array = read(argument)
        if any(type(value) is FormulaError for row in array for value in row):
            return next(value for row in array for value in row if type(value) is FormulaError)
        workbook.set_values_batch(_SHEET, 1, column, array)
        last = column + len(array[0]) - 1
        if is_array(argument):
            names.append(f"${_column_letters(column)}$1:${_column_letters(last)}${len(array)}")
        else:
            names.append("" if argument is None else f"${_column_letters(column)}$1")
        column = last + 2
    workbook.set_formula(_SHEET, 1, column, f"={name}({','.join(names)})")
    result = workbook.evaluate_cell(_SHEET, 1, column)
    if name not in _SPILLING:
        return _value(name, result)
    rows, columns = _spilled_size(workbook, column)
    return [
        [_value(name, workbook.get_value(_SHEET, row + 1, column + place)) for place in range(columns)]
        for row in range(rows)
    ]


def _spilled_size(workbook: Any, column: int) -> tuple[int, int]:
    rows = columns = 1
    while rows < _MOST_CELLS and workbook.get_value(_SHEET, rows + 1, column) is not None:
        rows += 1
    while columns < _MOST_CELLS and workbook.get_value(_SHEET, 1, column + columns) is not None:
        columns += 1
    return rows, columns


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
    """The functions of the list that the installed formualizer really has."""
    workbook = formualizer.Workbook()
    workbook.add_sheet(_SHEET)
    functions = {}
    for name in _NAMES.split():
        workbook.set_formula(_SHEET, 1, 1, f"={name}()")
        if _value(name, workbook.evaluate_cell(_SHEET, 1, 1)) == FormulaError("#NAME?", f"Function {name} has no result for these parameters."):
            continue
        passing = "any" if name in _OF_RANGES else "scalar"
        functions[name] = Function(
            name, partial(compute, name), (0, None), (passing,), spills=name in _SPILLING  # type: ignore[arg-type]
        )
    return functions
