"""SpreadsheetApp against a local workspace, as far as the script of a CRM uses it; the rest throws as in real V8."""

from .app import SpreadsheetApp

__all__ = ["SpreadsheetApp"]
