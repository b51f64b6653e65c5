"""What hangs on a table beside its columns: conditional rules, the colours of choices, filter views, protections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crm_builder.model import HEADER_ROW, Area, Condition, ConditionalRule, FilterView, Protection
from crm_builder.template.kit import Kit, near
from crm_builder.template.parts import criterion, sort_keys, style_format
from crm_builder.template.specs import ColumnSpec, TableSpec


def rules(spec: TableSpec, raw: Mapping[str, Any], kit: Kit, file: str) -> Iterator[ConditionalRule]:
    """The table's own rules first: what they mean goes before the colours of choices."""
    shown = {column.source: column.key for column in spec.columns if column.source}
    for number, rule in enumerate(raw.get("rule", ())):
        path = f"rule[{number}]"
        if not kit.parts.get(rule.get("part", ""), True):
            continue
        when = kit.renderer.value(rule["when"], file, f"{path}.when")
        kit.check_formula(when, spec.key, file, f"{path}.when")
        columns = rule.get("columns", [column.key for column in spec.columns if not column.hidden])
        for key in columns:
            kit.check_column(key, spec.key, file, f"{path}.columns")
        style = kit.styles.get(rule["style"])
        if style is None:
            kit.problem(f"unknown style `{rule['style']}`", file, f"{path}.style", near(rule["style"], kit.styles))
            continue
        areas = tuple(Area(spec.key, shown.get(key, key)) for key in columns)
        yield ConditionalRule(rule["key"], areas, Condition("custom_formula", (when,)), style_format(style))


def missing_rules(spec: TableSpec, kit: Kit) -> Iterator[ConditionalRule]:
    """A required column shows where it is still empty; nothing is refused, since rows are typed cell by cell."""
    raw = kit.workbook["formulas"]["missing"]
    for column in spec.columns:
        if column.required and column.typed:
            when = kit.renderer.value(
                raw["when"], "workbook.toml", "formulas.missing.when", anchor=spec.anchor, column=column.key
            )
            condition = Condition("custom_formula", (when,))
            style = style_format(kit.styles[raw["style"]])
            yield ConditionalRule(f"missing_{column.key}", (Area(spec.key, column.key),), condition, style)


def unread_rules(spec: TableSpec, kit: Kit) -> Iterator[ConditionalRule]:
    """Content that formulas cannot read shows at once: a text that is no day, a name that no row has."""
    suffix = kit.context.calendar.get("suffix", "")
    for column in spec.columns:
        raw = column.look.get("unread")
        if raw and column.typed:
            about = {"key": column.source or column.key}
            when = kit.renderer.value(raw["when"], "types.toml", f"{column.type}.unread", column=about, suffix=suffix)
            condition = Condition("custom_formula", (when,))
            style = style_format(kit.styles[raw["style"]])
            yield ConditionalRule(f"unread_{column.key}", (Area(spec.key, column.key),), condition, style)


def choice_rules(spec: TableSpec, kit: Kit) -> Iterator[ConditionalRule]:
    """A choice has the same colour everywhere; the service cannot colour dropdown entries themselves."""
    for column in spec.columns:
        for item in kit.lists[column.list].choices if column.list in kit.lists else ():
            if item.colours:
                background, color = item.colours
                yield ConditionalRule(
                    f"{column.key}_{item.key}",
                    (Area(spec.key, column.key),),
                    Condition("text_eq", (item.title,)),
                    style_format({"background": background, "color": color}),
                )


def views(spec: TableSpec, raw: Mapping[str, Any], kit: Kit, file: str) -> Iterator[FilterView]:
    titles = kit.context.words["tables"].get(spec.key, {}).get("views", {})
    for number, view in enumerate(raw.get("view", ())):
        path = f"view[{number}]"
        if not kit.parts.get(view.get("part", ""), True):
            continue
        for item in kit.context.loops[view["for"]] if "for" in view else ({},):
            body = kit.renderer.value({k: v for k, v in view.items() if k != "for"}, file, path, item=item)
            title = body.get("title") or titles.get(body["key"])
            if title is None:
                words = f"words/{kit.context.words['code']}"
                place = f"tables.{spec.key}.views.{body['key']}"
                kit.problem(f"no word for the view `{body['key']}`", words, place, "add its title")
                continue
            where, sort = body.get("where", []), body.get("sort", [])
            for part in where:
                kit.check_formula(part.get("formula", ""), spec.key, file, f"{path}.where")
            if not all([kit.check_column(part["column"], spec.key, file, path) for part in (*where, *sort)]):
                continue
            area = Area(spec.key, first_row=HEADER_ROW)
            yield FilterView(
                f"{spec.key}_{body['key']}", title, area, tuple(criterion(part) for part in where), sort_keys(sort)
            )


def protections(spec: TableSpec, raw: Mapping[str, Any], kit: Kit) -> Iterator[Protection]:
    messages = kit.context.words["messages"]
    mode = raw.get("protect", "computed")
    if mode == "all":
        yield Protection(f"{spec.key}_sheet", Area(spec.key, first_row=HEADER_ROW), messages["protected_sheet"])
    if mode in ("header", "computed"):
        yield Protection(f"{spec.key}_header", Area.header(spec.key), messages["protected_header"])
    if mode == "computed":
        for first, last in _runs(spec.columns):
            yield Protection(f"{spec.key}_{first}", Area(spec.key, first, last), messages["protected"])


def _runs(columns: Sequence[ColumnSpec]) -> Iterator[tuple[str, str]]:
    """(first, last) of each run of neighbouring computed columns."""
    run: list[str] = []
    for column in (*columns, None):
        if column is not None and not column.typed:
            run.append(column.key)
        elif run:
            yield run[0], run[-1]
            run = []
