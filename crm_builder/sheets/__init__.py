"""Model ↔ Sheets JSON: one file for each kind of thing, both directions side by side."""

from crm_builder.sheets.canonical import canonical
from crm_builder.sheets.check import check_workbook
from crm_builder.sheets.compile import compile_fresh, compile_new, split_batches
from crm_builder.sheets.discovery import check_body, check_call
from crm_builder.sheets.layout import FOREIGN, Layout, Place
from crm_builder.sheets.ranges import read_ranges, state_of
from crm_builder.sheets.read import READ_FIELDS, STATE_FIELDS, Observed, read, with_more_cells
from crm_builder.sheets.read_sheet import Foreign

__all__ = [
    "FOREIGN",
    "READ_FIELDS",
    "STATE_FIELDS",
    "Foreign",
    "Layout",
    "Observed",
    "Place",
    "canonical",
    "check_body",
    "check_call",
    "check_workbook",
    "compile_fresh",
    "compile_new",
    "read",
    "read_ranges",
    "split_batches",
    "state_of",
    "with_more_cells",
]
