"""A spreadsheet's JSON as one HTML page that shows each sheet as its owner will see it."""

from crm_builder.preview.grid import ROWS_SHOWN
from crm_builder.preview.page import FIELDS, render
from crm_builder.preview.words import WORDS

__all__ = ["FIELDS", "ROWS_SHOWN", "WORDS", "render"]
