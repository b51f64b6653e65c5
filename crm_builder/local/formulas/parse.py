"""Formula texts as the evaluator takes them: trees, which are kept, or the error value of a text that is no formula."""

from __future__ import annotations

from functools import lru_cache

from crm_builder.formulas.parse import SyntaxFault
from crm_builder.formulas.parse import parse as parse_text
from crm_builder.formulas.tree import ErrorValue, Node

PARSE_ERROR = ErrorValue("#ERROR!", "Formula parse error.")
TOO_NESTED = ErrorValue("#ERROR!", "The formula is too long, or nested too deeply, to be computed here.")


@lru_cache(maxsize=32768)
def parse(text: str) -> Node:
    """The tree of a formula text (with its `=`); PARSE_ERROR or TOO_NESTED where there is none."""
    try:
        return parse_text(text)
    except SyntaxFault as fault:
        return TOO_NESTED if fault.too_nested else PARSE_ERROR
