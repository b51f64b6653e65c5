"""Typed changes → requests against a workbook that people live in."""

from crm_builder.sheets.change.compile import compile_changes

__all__ = ["compile_changes"]
