"""templates/ + Settings → Workbook: the whole way in one short story, with all problems at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from crm_builder.errors import Problem, TemplateError
from crm_builder.model import NamedRange, Sheet, Workbook
from crm_builder.settings import Settings
from crm_builder.template.automation import automation_problems, script_facts
from crm_builder.template.columns import Making, make_columns
from crm_builder.template.context import Context, make_context
from crm_builder.template.former import column_problems, sheet_problems
from crm_builder.template.formulas import unknown_names
from crm_builder.template.guards import guard_formulas
from crm_builder.template.helpers import block_places, helper_sheet
from crm_builder.template.kit import Kit, near
from crm_builder.template.lists import ListSpec, lists_table
from crm_builder.template.names import column_name, last_name
from crm_builder.template.source import Source
from crm_builder.template.specs import ColumnSpec, TableSpec
from crm_builder.template.strings import Renderer
from crm_builder.template.tables import table_sheet
from crm_builder.template.views import doubled_sheets, view_sheet

FOLDERS = ("tables", "views", "helpers")  # of the files that are a sheet each
# The settings that travel with the file: changing one of them alters what people's data means.
MARKED = ("language", "calendar", "currency", "preset", "digits")


@dataclass(frozen=True, slots=True)
class Rendered:
    """The desired workbook, and what its tables are for those who enter data."""

    workbook: Workbook
    tables: tuple[TableSpec, ...]
    context: Context
    script: Mapping[str, Any] = field(default_factory=dict)  # what the script goes by (automation.py)


def render(source: Source, settings: Settings) -> Rendered:
    """The workbook that the templates describe for these settings. TemplateError lists every problem, with its file."""
    context = make_context(source, settings)
    renderer = Renderer(context.values)
    workbook = source.one("workbook.toml")
    files = {f"{folder}/{key}": raw for folder in FOLDERS for key, raw in source.folder(folder)}
    renderer.problems += [*doubled_sheets(files), *sheet_problems(files)]
    renderer.problems += automation_problems(files, source.one("lists.toml"), context)
    off = _sheets_off(workbook, files, settings, context)
    order = list(_order(workbook, files, off, renderer))
    specs = _table_specs(order, files, source, settings, context, renderer)
    _stop(renderer)
    kit = _kit(source, settings, context, renderer, workbook, specs, order, files)
    sheets: list[Sheet] = []
    names: list[NamedRange] = []
    places: dict[tuple[str, str, int], str] = {}  # (sheet, column, row) → where in its file the content stands
    for folder, key in order:
        raw = files[f"{folder}/{key}"]
        if folder == "views":
            view = view_sheet(key, raw, kit)
            made = view.sheet, view.names
            places |= {(key, column, row): path for (column, row), path in view.paths.items()}
        else:
            made = table_sheet(specs[key], raw, kit) if folder == "tables" else helper_sheet(key, raw, kit)
        sheets.append(made[0])
        names += made[1]
    renderer.problems += _reference_problems(sheets, names, places)
    _stop(renderer)
    sheets = list(guard_formulas(sheets, names, _computed(specs)))
    result = Workbook(
        title=settings.name,
        locale=workbook["locale"],
        time_zone=settings.time_zone,
        sheets=tuple(sheets),
        names=tuple(names),
        marks=(
            ("version", workbook["version"]),
            *((name, getattr(settings, name)) for name in MARKED),
        ),
        font=renderer.value(workbook["font"], "workbook.toml", "font"),
        size=workbook["size"],
        theme=tuple(renderer.value(source.one("look.toml")["theme"], "look.toml", "theme").items()),
    )
    facts = script_facts(files, specs, source.one("types.toml"), settings.calendar, context)
    return Rendered(result, tuple(specs.values()), context, facts)


def _computed(specs: Mapping[str, TableSpec]) -> dict[str, str]:
    """The name of each computed column → the name of the cell that holds its table's last row."""
    return {
        column_name(key, column.key): last_name(key)
        for key, spec in specs.items()
        for column in spec.columns
        if not column.typed
    }


def _stop(renderer: Renderer) -> None:
    if renderer.problems:
        raise TemplateError(list(dict.fromkeys(renderer.problems)))


def _sheets_off(
    workbook: Mapping[str, Any], files: Mapping[str, Any], settings: Settings, context: Context
) -> set[str]:
    off = set(context.calendar["sheets_off"])
    off |= {path.partition("/")[2] for path, raw in files.items() if not settings.parts.get(raw.get("part", ""), True)}
    for key, part in workbook["parts"].items():
        if not settings.parts.get(key, True):
            off |= set(part["sheets"])
    return off


def _order(
    workbook: Mapping[str, Any], files: Mapping[str, Any], off: set[str], renderer: Renderer
) -> Iterator[tuple[str, str]]:
    """(folder, key) of each sheet in order; files that workbook.toml does not name come last."""
    keys = list(workbook["sheets"])
    folders = {path.partition("/")[2]: path.partition("/")[0] for path in files}
    for key in keys:
        if key not in folders:
            message = f"there is no view, table or helper `{key}`"
            renderer.problems.append(Problem(message, "templates/workbook.toml", "sheets", hint=near(key, folders)))
    more = [key for folder in FOLDERS for key in folders if folders[key] == folder and key not in keys]
    yield from ((folders[key], key) for key in (*keys, *more) if key in folders and key not in off)


def _table_specs(
    order: list[tuple[str, str]],
    files: Mapping[str, Any],
    source: Source,
    settings: Settings,
    context: Context,
    renderer: Renderer,
) -> dict[str, TableSpec]:
    keys = [key for folder, key in order if folder == "tables"]
    targets = {
        key: {"table": key, **{name: files[f"tables/{key}"].get(name, "") for name in ("anchor", "prefix")}}
        for key in keys
    }
    making = Making(
        source.one("types.toml"),
        context.calendar,
        settings.calendar,
        context.words,
        settings.parts,
        context.loops,
        renderer,
        targets,
    )
    specs: dict[str, TableSpec] = {}
    for key in keys:
        raw = files[f"tables/{key}"]
        words = context.words["tables"].get(key)
        if words is None:
            renderer.problems.append(
                Problem(
                    f"no words for the table `{key}`",
                    f"templates/words/{settings.language}",
                    f"tables.{key}",
                    hint="add its title and columns",
                )
            )
        fields = [field for field in settings.fields if field.table == key]
        columns = make_columns(key, raw.get("column", ()), fields, making)
        renderer.problems += [*_column_problems(key, raw, columns, targets, context), *column_problems(key, columns)]
        specs[key] = TableSpec(
            key, (words or {}).get("title", key), columns, _typed_anchor(raw, columns), raw.get("prefix", "")
        )
    return specs


def _typed_anchor(raw: Mapping[str, Any], columns: tuple[ColumnSpec, ...]) -> str:
    """The anchor as people type it: of a date, the text column."""
    anchor = raw.get("anchor", "")
    return next((column.key for column in columns if column.source == anchor and column.typed), anchor)


def _column_problems(
    table: str, raw: Mapping[str, Any], columns: tuple[ColumnSpec, ...], targets: Mapping[str, Any], context: Context
) -> Iterator[Problem]:
    file = f"templates/tables/{table}.toml"
    lists = {spec.key for spec in context.lists}
    seen: set[str] = set()
    for column in columns:
        if column.key in seen:
            yield Problem(f"the column `{column.key}` stands twice", file, column.path, hint="give it another key")
        seen.add(column.key)
        if column.list and column.list not in lists:
            yield Problem(f"unknown list `{column.list}`", file, f"{column.path}.list", hint=near(column.list, lists))
        if column.table and column.table not in targets:
            yield Problem(
                f"there is no table `{column.table}`", file, f"{column.path}.table", hint=near(column.table, targets)
            )
    anchor = raw.get("anchor", "")
    if anchor not in seen and any(not column.typed for column in columns):
        yield Problem(
            "computed columns need an anchor: the column whose content makes a row a row",
            file,
            "anchor",
            hint=near(anchor, seen),
        )


def _kit(
    source: Source,
    settings: Settings,
    context: Context,
    renderer: Renderer,
    workbook: Mapping[str, Any],
    specs: Mapping[str, TableSpec],
    order: Sequence[tuple[str, str]],
    files: Mapping[str, Any],
) -> Kit:
    look = source.one("look.toml")
    styles = {key: renderer.value(raw, "look.toml", f"styles.{key}") for key, raw in look["styles"].items()}
    lists = {spec.key: spec for spec in context.lists}
    loops = {**context.loops, **_table_loops(specs, lists), **_sheet_loops(order, files, context.words)}
    kit = Kit(
        Context(context.values, loops, context.lists, context.words, context.calendar, context.currency),
        renderer,
        workbook,
        source.one("types.toml"),
        styles,
        settings.parts,
        lists,
        context.words["language"]["direction"] == "rtl",
        frozenset(column_name(key, one.key) for key, spec in specs.items() for one in spec.columns if not one.typed),
        {spec.key: frozenset(column.key for column in spec.columns) for spec in specs.values()},
        renderer.value({key: look[key] for key in ("grid", "heights", "charts")}, "look.toml"),
        {
            name: block
            for folder, key in order
            if folder == "helpers"
            for name, block in block_places(key, files[f"helpers/{key}"], loops, settings.parts, renderer)
        },
        frozenset(key for _, key in order),
        _loop_keys(files, context.words),
    )
    return replace(kit, styles={key: {**style, **kit.sided(style)} for key, style in styles.items()})


def _sheet_loops(
    order: Sequence[tuple[str, str]], files: Mapping[str, Any], words: Mapping[str, Any]
) -> dict[str, Sequence[Mapping[str, Any]]]:
    """The loops over the sheets that people see, each with its title and the sentence about it."""
    shown = []
    for folder, key in order:
        body = words.get(folder, {}).get(key, {})
        if folder != "helpers" and not files[f"{folder}/{key}"].get("hidden", False):
            shown.append({"key": key, "title": body.get("title", key), "note": body.get("note", ""), "of": folder})
    return {
        "sheets": shown,
        "views": [one for one in shown if one["of"] == "views"],
        "sheets:tables": [one for one in shown if one["of"] == "tables"],
    }


def _loop_keys(files: Mapping[str, Any], words: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """The keys that a loop over sheets or choices has with other parts, presets and lists of crm.toml."""
    sheets = frozenset(path.partition("/")[2] for path in files)
    of_lists = {f"list:{key}": frozenset(titles) for key, titles in words["choices"].items()}
    return {"sheets": sheets, "views": sheets, "sheets:tables": sheets, **of_lists}


def _table_loops(
    specs: Mapping[str, TableSpec], lists: Mapping[str, ListSpec]
) -> dict[str, Sequence[Mapping[str, Any]]]:
    """The loops over tables: those with computed columns, those that others refer to, the one that holds the lists."""
    columns = [column for spec in specs.values() for column in spec.columns]
    targets = {column.table: column_name(column.table, column.look["shows"]) for column in columns if column.table}
    holder = lists_table(specs.values(), lists)
    return {
        "tables": [
            {"key": spec.key, "anchor": column_name(spec.key, spec.anchor)} for spec in specs.values() if spec.computed
        ],
        "targets": [{"key": key, "name": name} for key, name in targets.items()],
        "lists": [{"key": key, "title": spec.title, "name": column_name(holder, key)} for key, spec in lists.items()],
    }


def _reference_problems(
    sheets: list[Sheet], names: list[NamedRange], places: Mapping[tuple[str, str, int], str]
) -> Iterator[Problem]:
    """Words in formulas that are no name of this workbook."""
    known = {name.name for name in names}
    for sheet in sheets:
        file = f"templates/{sheet.kind}s/{sheet.key}.toml"  # the folders are called by the kinds
        formulas = [(column.key, column.formula) for column in sheet.columns if column.formula]
        formulas += [
            (places.get((sheet.key, cell.column, cell.row), f"{cell.column}, row {cell.row}"), cell.formula)
            for cell in sheet.cells
            if cell.formula
        ]
        for place, formula in formulas:
            for word, nearest in unknown_names(formula, known):
                hint = f"did you mean `{nearest}`?" if nearest else "names are <table>_<column>"
                formula_of = "the formula" if sheet.kind == "view" else f"the formula of `{place}`"
                yield Problem(f"{formula_of} names `{word}`, which is not there", file, place, hint=hint)
