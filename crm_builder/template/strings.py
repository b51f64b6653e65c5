"""Jinja over the string values of parsed templates: structure is never rendered, so a value cannot break it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import jinja2

from crm_builder.errors import Problem

_WHOLE = re.compile(r"\s*\{\{((?:(?!\}\}|\{\{).)*)\}\}\s*", re.DOTALL)


class Renderer:
    """Renders strings in one context and collects what goes wrong, each with its file and path."""

    def __init__(self, context: Mapping[str, Any]):
        self._context = dict(context)
        self.problems: list[Problem] = []

    def value(self, value: Any, file: str, path: str = "", **extra: Any) -> Any:
        """The value with every string in it rendered. A string that is nothing but one `{{ expression }}` keeps the
        expression's own type (a number stays a number)."""
        if isinstance(value, str):
            return self._string(value, file, path, extra) if "{{" in value or "{%" in value else value
        if isinstance(value, dict):
            return {
                key: self.value(item, file, f"{path}.{key}" if path else key, **extra) for key, item in value.items()
            }
        if isinstance(value, list):
            return [self.value(item, file, f"{path}[{number}]", **extra) for number, item in enumerate(value)]
        return value

    def _string(self, text: str, file: str, path: str, extra: Mapping[str, Any]) -> Any:
        context = {**self._context, **extra}
        try:
            value = _compile(text)(**context)
            return str(value) if isinstance(value, jinja2.Undefined) else value  # str: raises, naming what is missing
        except jinja2.TemplateError as error:
            self.problems.append(Problem(error.message or str(error), f"templates/{file}", path))
        except (TypeError, ValueError) as error:
            self.problems.append(Problem(f"cannot be rendered: {error}", f"templates/{file}", path))
        return ""


def quote(text: str) -> str:
    """A text as a literal in a formula: quotation marks around it and doubled inside."""
    return '"' + str(text).replace('"', '""') + '"'


_ENVIRONMENT = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)
_ENVIRONMENT.filters["quote"] = quote


@lru_cache(maxsize=8192)  # the same formula stands behind many columns
def _compile(text: str) -> Callable[..., Any]:
    whole = _WHOLE.fullmatch(text)
    if whole:
        return _ENVIRONMENT.compile_expression(whole[1], undefined_to_none=False)
    return _ENVIRONMENT.from_string(text).render
