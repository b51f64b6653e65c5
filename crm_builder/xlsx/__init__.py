"""A spreadsheet's JSON as a workbook file for Excel and LibreOffice, and what differs in it."""

from crm_builder.xlsx.words import WORDS
from crm_builder.xlsx.write import FIELDS, NOTES, WORKBOOK, workbook_files

__all__ = ["FIELDS", "NOTES", "WORDS", "WORKBOOK", "workbook_files"]
