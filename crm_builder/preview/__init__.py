"""A spreadsheet's JSON as one HTML page that shows each sheet as its owner will see it."""

from crm_builder.preview.page import render
from crm_builder.preview.words import WORDS

__all__ = ["WORDS", "render"]
