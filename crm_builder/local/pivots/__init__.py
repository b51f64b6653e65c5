"""Pivot tables: a definition and the rows of its source make an array of cells. Pure: nothing here knows a grid."""

from __future__ import annotations

from crm_builder.local.pivots.definition import Definition, parsed
from crm_builder.local.pivots.layout import Formats, tabulated
from crm_builder.local.pivots.source import Source

__all__ = ["Definition", "Formats", "Source", "parsed", "tabulated"]
