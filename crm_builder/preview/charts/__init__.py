"""Charts: their figures as plain values, and their drawings as SVG inside the page."""

from crm_builder.preview.charts.figure import Charts
from crm_builder.preview.charts.series import ChartData, Series, chart_series

__all__ = ["ChartData", "Charts", "Series", "chart_series"]
