"""What a workbook is, in frozen values: no word of Google's API, none of TOML."""

from crm_builder.model.area import FIRST_DATA_ROW, HEADER_ROW, Area
from crm_builder.model.format import Border, CellFormat, NumberFormat
from crm_builder.model.objects import Chart, Pivot, PivotGroup, PivotValue, Place, Series, Slicer
from crm_builder.model.rules import (
    BasicFilter,
    Condition,
    ConditionalRule,
    Criterion,
    FilterView,
    SortKey,
    Validation,
)
from crm_builder.model.workbook import Banding, Cell, Column, NamedRange, Protection, Scalar, Sheet, Workbook

__all__ = [
    "FIRST_DATA_ROW",
    "HEADER_ROW",
    "Area",
    "Banding",
    "BasicFilter",
    "Border",
    "Cell",
    "CellFormat",
    "Chart",
    "Column",
    "Condition",
    "ConditionalRule",
    "Criterion",
    "FilterView",
    "NamedRange",
    "NumberFormat",
    "Pivot",
    "PivotGroup",
    "PivotValue",
    "Place",
    "Protection",
    "Scalar",
    "Series",
    "Sheet",
    "Slicer",
    "SortKey",
    "Validation",
    "Workbook",
]
