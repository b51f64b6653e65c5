"""Values of the model for property tests: as many shapes as the service can hold, already in canonical form."""

from __future__ import annotations

from hypothesis import strategies as st

from crm_builder.model import (
    Area,
    Banding,
    BasicFilter,
    Border,
    CellFormat,
    Column,
    Condition,
    ConditionalRule,
    Criterion,
    FilterView,
    NamedRange,
    NumberFormat,
    Protection,
    Sheet,
    SortKey,
    Validation,
    Workbook,
)
from crm_builder.sheets import Layout
from crm_builder.sheets.conditions import KINDS, RELATIVE_DATES
from crm_builder.sheets.validation import canonical_validation

COLUMNS = tuple("abcdefg")
SHEETS = ("one", "two")
ROWS = 40
WORKBOOK = Workbook(
    "Book",
    "en_US",
    "Europe/Berlin",
    (
        Sheet("one", "Plain", "table", tuple(Column(key) for key in COLUMNS), ROWS),
        Sheet("two", "It's «quoted»", "table", tuple(Column(key) for key in COLUMNS), ROWS),
    ),
)
LAYOUT = Layout.plan(WORKBOOK)

texts = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12)
colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06X}")
keys = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
borders = st.builds(
    Border, st.sampled_from(("solid", "solid_medium", "solid_thick", "dotted", "dashed", "double")), colours
)
numbers = st.builds(
    NumberFormat,
    st.sampled_from(("text", "number", "percent", "currency", "date", "time", "datetime", "scientific")),
    st.sampled_from(("", "#,##0", "yyyy-mm-dd", '0.0"%"')),
)


def maybe(values: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | values


formats = st.builds(
    CellFormat,
    background=maybe(colours),
    color=maybe(colours),
    bold=maybe(st.booleans()),
    italic=maybe(st.booleans()),
    strikethrough=maybe(st.booleans()),
    font=maybe(st.sampled_from(("Roboto", "Vazirmatn"))),
    size=maybe(st.integers(6, 36)),
    number=maybe(numbers),
    align=maybe(st.sampled_from(("left", "center", "right"))),
    vertical=maybe(st.sampled_from(("top", "middle", "bottom"))),
    wrap=maybe(st.sampled_from(("overflow", "clip", "wrap"))),
    direction=maybe(st.sampled_from(("ltr", "rtl"))),
    border_bottom=maybe(borders),
    border_top=maybe(borders),
    border_left=maybe(borders),
    border_right=maybe(borders),
)
rule_formats = st.builds(CellFormat, background=colours, color=maybe(colours), bold=maybe(st.booleans()))


@st.composite
def areas(draw: st.DrawFn, sheet: str | None = None, first_row: int | None = None) -> Area:
    sheet = sheet or draw(st.sampled_from(SHEETS))
    top = first_row or draw(st.integers(1, ROWS - 1))
    last_row = draw(maybe(st.integers(top, ROWS - 1)))
    first, last = sorted(draw(st.tuples(st.sampled_from(COLUMNS), st.sampled_from(COLUMNS))))
    if (first, last) == (COLUMNS[0], COLUMNS[-1]):
        return Area(sheet, None, None, top, last_row)
    return Area(sheet, first, None if last == first else last, top, last_row)


formulas = st.sampled_from(
    (
        '=[a]="Won"',
        "=AND([b]<TODAY(); [c]=FALSE)",
        '=COUNTIF($A$2:$A; [g])>1&"[a], $B2"',
        '=REGEXMATCH([a]; "it\'s; [b]")',
    )
)


def _value(kind: str) -> st.SearchStrategy:
    if kind == "one_of_range":
        return areas()
    if kind == "custom_formula":
        return formulas
    if kind.startswith("number_"):
        return st.floats(-1e9, 1e9, allow_nan=False).map(float) | formulas
    if kind.startswith("date_"):
        return st.sampled_from(("2026-10-01", "=TODAY()-7"))
    if kind == "one_of_list":
        return st.sampled_from(("=1", "a, b", "ب"))
    return st.text("abcxyz é", min_size=1, max_size=8)


@st.composite
def conditions(draw: st.DrawFn, use: str) -> Condition:
    kind = draw(st.sampled_from(sorted(name for name, kind in KINDS.items() if use in kind.uses)))
    least, most = KINDS[kind].values
    count = draw(st.integers(least, least + 3 if most is None else most))
    if use != "validation" and kind in ("date_before", "date_after", "date_eq") and draw(st.booleans()):
        return Condition(kind, (draw(st.sampled_from(RELATIVE_DATES)),))
    return Condition(kind, tuple(draw(_value(kind)) for _ in range(count)))


validations = st.builds(Validation, conditions("validation"), st.booleans(), st.booleans(), texts).map(
    canonical_validation
)
rules = st.builds(
    ConditionalRule,
    keys,
    st.lists(areas("one"), min_size=1, max_size=3).map(tuple),
    conditions("rule"),
    rule_formats,
)
bandings = st.builds(Banding, keys, areas(), colours, colours, maybe(colours))
protections = st.builds(Protection, keys, areas(), texts, st.booleans())
named_ranges = st.builds(NamedRange, keys, areas())


@st.composite
def _criteria(draw: st.DrawFn) -> tuple[Criterion, ...]:
    columns = sorted(draw(st.sets(st.sampled_from(COLUMNS), max_size=4)))
    hidden = st.lists(texts, min_size=1, max_size=3).map(tuple)
    return tuple(
        draw(
            st.builds(Criterion, st.just(column), conditions("filter"), st.just(()) | hidden)
            | st.builds(Criterion, st.just(column), st.none(), hidden)
        )
        for column in columns
    )


_sorts = st.lists(st.builds(SortKey, st.sampled_from(COLUMNS), st.booleans()), max_size=3).map(tuple)
basic_filters = st.builds(BasicFilter, areas("one", first_row=1), _criteria(), _sorts)
views = st.builds(FilterView, keys, texts, areas("one", first_row=1), _criteria(), _sorts)
