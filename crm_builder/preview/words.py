"""The few words of the preview page: English here, other languages come from their templates."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from crm_builder.errors import Problem, TemplateError

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "language": "",  # BCP 47; empty = "fa" where most sheets run right to left, else by the locale
        "digits": "0123456789",  # how the page writes its own counts; cells are shown as they are
        "preview": "Preview",
        "sheets": "Sheets",
        "rows": "Rows",
        "columns": "Columns",
        "rules": "Colour rules",
        "filter_views": "Filter views",
        "protected": "Protected",
        "more_rows": "… {count} more rows",
        "more_columns": "… {count} more columns",
        "hidden_columns": "Hidden columns: {names}",
        "hidden_sheets": "Hidden sheets: {count}",
        "empty": "This sheet is empty.",
        "nothing": "This workbook has no sheet to show.",
        "note": "Note",
        "checked": "checked",
        "unchecked": "not checked",
        "chart": "Chart",
        "cell": "Cell",
        "content": "Content",
        "skip": "Skip to the sheet",
        "theme": "Dark page",
        "print": "Print this sheet",
        "print_all": "Print all sheets",
        "all": "All",
        "show_table": "Show as a table",
        "label": "Name",
        "value": "Value",
        "no_figures": "Nothing to show yet.",
        "more_parts": "{count} more",
        "thousands": "{number}K",  # short numbers on the axes of charts
        "millions": "{number}M",
        "billions": "{number}B",
    }
)


def complete(words: Mapping[str, str] | None) -> dict[str, str]:
    """English where `words` says nothing. TemplateError names every word the page does not know or cannot use."""
    given = dict(words or {})
    problems = [
        Problem("the preview page has no such word", path=f"preview.{key}") for key in given if key not in WORDS
    ]
    problems += [
        Problem("a word must be text", path=f"preview.{key}")
        for key, text in given.items()
        if not isinstance(text, str)
    ]
    digits = given.get("digits", WORDS["digits"])
    if isinstance(digits, str) and len(digits) != 10:
        problems.append(Problem("the ten digits from zero to nine are needed", path="preview.digits"))
    if problems:
        raise TemplateError(problems)
    return {**WORDS, **given}


def number(value: int, words: Mapping[str, str]) -> str:
    """A count in the page's own digits."""
    return str(value).translate(str.maketrans(WORDS["digits"], words["digits"]))


def sentence(key: str, words: Mapping[str, str], **values: str) -> str:
    """A word with its `{place}` filled; whatever else stands in braces stays as it is."""
    text = words[key]
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text
