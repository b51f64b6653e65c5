"""The words of the sheet about the file and of its notes: English here, other languages come from their templates."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from crm_builder.errors import Problem, TemplateError

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "title": "About this file",
        "arrays": "_arrays",
        "written": "A copy of the CRM for Excel and LibreOffice, as it stood on {day}. It is not connected to it.",
        "live": "{count} formulas compute here as they do in the CRM.",
        "held": "Some functions exist only in Google Sheets. These cells hold the values of that day instead:",
        "clock": "Today is held at {day} in every formula.",
        "growing": "In LibreOffice a list that a formula fills keeps its length; Excel lets it grow.",
        "sheet": "Sheet",
        "cells": "Cells",
        "what": "What",
        "why": "In the way",
        "other": "Also different",
        "pivot": "pivot table: its figures as values",
        "slicer": "slicer: left out",
        "chart": "chart of a kind that Excel does not have",
        "rule": "colour rule that needs {reason}",
        "check": "check of what is typed that needs {reason}",
        "views": "filter views: left out ({names})",
        "protection": "warnings before protected cells are changed: left out",
    }
)


def complete(words: Mapping[str, str] | None) -> dict[str, str]:
    """English where `words` says nothing. TemplateError names every word that is not known."""
    given = dict(words or {})
    problems = [Problem("the workbook file has no such word", path=f"xlsx.{key}") for key in given if key not in WORDS]
    if problems:
        raise TemplateError(problems)
    return {**WORDS, **given}
