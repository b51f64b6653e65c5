"""A spreadsheet's JSON as one HTML page that shows each sheet as its owner will see it."""

from crm_builder.preview.charts import ChartData, Series, chart_series
from crm_builder.preview.grid import ROWS_SHOWN
from crm_builder.preview.page import render
from crm_builder.preview.wanted import FIELDS, PLAN, joined, ranges, reads
from crm_builder.preview.words import WORDS

__all__ = [
    "FIELDS",
    "PLAN",
    "ROWS_SHOWN",
    "WORDS",
    "ChartData",
    "Series",
    "chart_series",
    "joined",
    "ranges",
    "reads",
    "render",
]
