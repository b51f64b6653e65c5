"""Compares the cells and charts of the views with the reference; no formula and no number of a view is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crm_builder.a1 import letters
from tests.spine.computed_check import same
from tests.spine.conftest import Grid
from tests.whole.blocks_results import SUMMARY
from tests.whole.business import Business
from tests.whole.checks import Lookup
from tests.whole.crm import Whole
from tests.whole.view_cards import CARDS, SENTENCES, Card, Rounded

# Lists of the views: the titles of their columns (paths into the words) and the reference's columns under them.
_CAMPAIGNS = "tables.campaigns.columns"
_RESULTS, _REPORT, _DASHBOARD = (f"views.{name}.texts" for name in ("results", "report", "dashboard"))
LISTS: dict[str, dict[str, dict[str, str]]] = {
    "results": {
        "outcomes.channels": {
            "channel": f"{_CAMPAIGNS}.channel", "spend": f"{_CAMPAIGNS}.spend", "revenue": f"{_CAMPAIGNS}.revenue",
            "ctr": f"{_CAMPAIGNS}.ctr", "open_rate": f"{_CAMPAIGNS}.open_rate",
            "conversion_rate": f"{_RESULTS}.conversion", "cac": f"{_CAMPAIGNS}.cac", "roi": f"{_REPORT}.roi",
        },
        "outcomes.newest": {
            "campaign": f"{_RESULTS}.campaign", "channel": f"{_CAMPAIGNS}.channel", "start": f"{_CAMPAIGNS}.start",
            "spend": f"{_CAMPAIGNS}.spend", "revenue": f"{_CAMPAIGNS}.revenue", "ctr": f"{_CAMPAIGNS}.ctr",
            "conversion_rate": f"{_RESULTS}.conversion", "roi": f"{_REPORT}.roi",
        },
    },
    "report": {
        "summary.top": {
            "name": f"{_REPORT}.top_customers|{_REPORT}.top_regions", "count": f"{_REPORT}.deals_short",
            "amount": f"{_DASHBOARD}.won|",
        },
        "summary.products": {
            "product": f"{_REPORT}.top_products", "count": f"{_REPORT}.deals_short",
            "share": f"{_REPORT}.share_value|{_REPORT}.share_deals",
        },
        "summary.campaigns": {
            "campaign": f"{_REPORT}.campaigns", "channel": f"{_CAMPAIGNS}.channel", "clicks": f"{_CAMPAIGNS}.clicks",
            "conversions": f"{_CAMPAIGNS}.conversions", "spend": f"{_CAMPAIGNS}.spend|", "roi": f"{_REPORT}.roi|",
        },
    },
}  # fmt: skip
# Charts by view and key: the block that they draw, its column of labels, and the columns of figures.
CHARTS: dict[tuple[str, str], tuple[str, str, tuple[str, ...]]] = {
    ("dashboard", "trend"): ("kpis.year", "short", ("won", "won_before")),
    ("dashboard", "sources"): ("kpis.sources", "source", ("count",)),
    ("dashboard", "funnel"): ("kpis.funnel", "stage", ("amount",)),
    ("dashboard", "products"): ("kpis.products", "product", ("amount",)),
    ("dashboard", "regions"): ("kpis.regions", "region", ("amount",)),
    ("dashboard", "campaigns"): ("kpis.campaigns", "campaign", ("roi",)),
    ("dashboard", "tasks"): ("kpis.tasks", "assignee", ("overdue", "open")),
    ("dashboard", "nps"): ("kpis.year_contentment", "short", ("nps",)),
    ("results", "money"): ("outcomes.year", "short", ("spend", "revenue")),
    ("results", "roi"): ("outcomes.year", "short", ("roi",)),
    ("results", "rates"): ("outcomes.year", "short", ("ctr", "open_rate", "conversion_rate")),
    ("results", "roi_channels"): ("outcomes.channels", "channel", ("roi",)),
    ("results", "rates_channels"): ("outcomes.channels", "channel", ("ctr", "open_rate", "conversion_rate")),
    ("results", "roi_campaigns"): ("outcomes.newest", "campaign", ("roi",)),
    ("report", "sales"): ("summary.year", "short", ("sales",)),
    ("report", "leads"): ("summary.year", "short", ("leads", "converted")),
}
VIEWS, DRAWN_FROM = tuple(CARDS), ("kpis", "outcomes", "summary")


class Page:
    """The cells of a view, and which of them were looked at."""

    def __init__(self, crm: Whole, key: str, grids: Mapping[str, Grid], formulas: Mapping[str, Grid]):
        self.key, self.grid, self.seen, self.crm = key, grids[key], set(), crm
        self.formulas = {
            (row, column): text
            for row, line in enumerate(formulas[key])
            for column, text in enumerate(line)
            if isinstance(text, str) and text.startswith("=") and not text.startswith("=HYPERLINK")
        }

    def at(self, row: int, column: int) -> Any:
        self.seen.add((row, column))
        line = self.grid[row] if row < len(self.grid) else []
        return line[column] if column < len(line) else ""

    def named(self, row: int, column: int) -> str:
        return f"{self.key}!{letters(column)}{row + 1}"

    def card(self, title: str) -> tuple[int, int]:
        """Where the title of a card stands: over a formula."""
        places = [
            (row, column)
            for row, line in enumerate(self.grid)
            for column, text in enumerate(line)
            if text == title and (row + 1, column) in self.formulas
        ]
        assert places, f"{self.key} has no card {title!r}"
        return places[0]

    def unseen(self) -> Iterator[str]:
        """Formulas and numbers that nothing was compared with."""
        for row, line in enumerate(self.grid):
            for column, value in enumerate(line):
                figure = isinstance(value, int | float) or (row, column) in self.formulas
                if figure and (row, column) not in self.seen:
                    yield f"{self.named(row, column)} has no reference: {value!r} {self.formulas.get((row, column), '')}"


def wrong_views(
    crm: Whole, grids: Mapping[str, Grid], formulas: Mapping[str, Grid], b: Business, reference: Lookup
) -> Iterator[str]:
    for key in VIEWS:
        if key not in grids:
            continue
        page = Page(crm, key, grids, formulas)
        for card in CARDS[key](b):
            yield from _wrong_card(page, card)
        for block, columns in LISTS.get(key, {}).items():
            for column, title in columns.items():
                yield from _wrong_list(page, block, column, _title(b, title), reference(block, column))
        yield from _wrong_sentences(page, b)
        yield from page.unseen()


def _title(b: Business, path: str) -> str:
    """A text of the words; of two, the second one is for clients."""
    house, _, clients = path.partition("|")
    found: Any = b.words
    for key in (house if b.internal or "|" not in path else clients).split("."):
        found = found[key] if key else ""
    return found


def _wrong_card(page: Page, card: Card) -> Iterator[str]:
    row, column = page.card(card.title)
    page.at(row, column)
    found = page.at(row + 1, column)
    if not same(found, card.value):
        yield f"{page.named(row + 1, column)} {card.title}: {found!r} instead of {card.value!r}"
    beside = column + 1 if (row + 2, column + 1) in page.formulas else column
    note = page.at(row + 2, beside)
    if not same(note, card.note):
        yield f"{page.named(row + 2, beside)} note of {card.title}: {note!r} instead of {card.note!r}"
    if beside != column:
        change = page.at(row + 2, column)
        right = card.change.is_near(change) if isinstance(card.change, Rounded) else change == ""
        if not right:
            yield f"{page.named(row + 2, column)} change of {card.title}: {change!r} instead of {card.change}"
    elif card.change:
        yield f"{page.key} {card.title} shows no change"
    if card.spark:
        page.at(row + 3, column)
        if f"({card.spark};" not in page.formulas.get((row + 3, column), ""):
            yield f"{page.named(row + 3, column)} does not draw {card.spark}"


def _wrong_list(page: Page, block: str, column: str, title: str, expected: Sequence[Any]) -> Iterator[str]:
    name = f"{block.replace('.', '_')}_{column}"
    places = [place for place, text in page.formulas.items() if re.search(rf"\b{name}\b", text)]
    if len(places) != 1:
        yield f"{page.key}: {name} stands in {places}"
        return
    row, at = places[0]
    if page.at(row - 1, at) != title:
        yield f"{page.named(row - 1, at)} is the title of {name}: {page.at(row - 1, at)!r} instead of {title!r}"
    for number, value in enumerate(expected):
        found = page.at(row + number, at)
        if not same(found, value):
            yield f"{page.named(row + number, at)} {name}: {found!r} instead of {value!r}"


def _wrong_sentences(page: Page, b: Business) -> Iterator[str]:
    wanted = SENTENCES[page.key](b)
    if page.key == "report":
        wanted.append(dict(SUMMARY["words"](b))["sentence"])
    left = [place for place in page.formulas if place not in page.seen]
    found = {page.at(*place): place for place in left}
    yield from (f"{page.key} does not say {text!r}, but {list(found)}" for text in wanted if text not in found)
    page.seen -= {place for text, place in found.items() if text not in wanted}


def wrong_charts(crm: Whole, b: Business, reference: Lookup) -> Iterator[str]:
    shown = crm.charts(VIEWS, DRAWN_FROM)
    yield from (f"chart {place} has no reference" for place in shown.keys() - CHARTS.keys())
    for place, data in shown.items():
        if place not in CHARTS:
            continue
        block, label, columns = CHARTS[place]
        labels = tuple(reference(block, label))
        if data.labels != labels:
            yield f"chart {place}: labels {data.labels} instead of {labels}"
        titles = [b.words["helpers"][block.partition(".")[0]]["columns"][_header(block, column)] for column in columns]
        if [series.name for series in data.series] != titles:
            yield f"chart {place}: series {[series.name for series in data.series]} instead of {titles}"
        for series, column in zip(data.series, columns, strict=False):
            expected = reference(block, column)
            if len(series.values) != len(expected) or not all(map(same, series.values, expected)):
                yield f"chart {place}, {series.name}: {series.values} instead of {expected}"


def _header(block: str, column: str) -> str:
    return f"{block.partition('.')[2]}_{column}"
