"""A mistake in a view's file is one clear problem with its file and its path, all of them at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.template.test_views import CARD, CHART, LIST, PIVOT
from tests.template.view_templates import Templates, make_templates

FILE = "templates/views/trial.toml: "
TEXT = '[[band.item]]\nkind = "text"\ntext = "x"\n'
FIELD = '[[band.item]]\nkind = "field"\ntitle = "x"\nname = "trial_x"\nspan = 2\n'
SLICER = '[[band.item]]\nkind = "slicer"\ntitle = "x"\ntable = "orders"\ncolumn = "stage"\n'


@pytest.fixture
def templates(tmp_path: Path) -> Templates:
    return make_templates(tmp_path / "templates")


FAULTS = [
    (TEXT, '"text"', '"txt"', "band[0].item[0].kind: unknown kind `txt` (did you mean `text`?)"),
    (TEXT, "text =", "txet =", "band[0].item[0].txet: unknown key `txet`, did you mean `text`?"),
    (TEXT, 'text = "x"', 'title = "x"', "band[0].item[0]: a text needs `text` (add text = …)"),
    (TEXT, 'text = "x"', 'text = "x"\nspark = "=1"', "band[0].item[0].spark: a text has no `spark`"),
    (TEXT, 'text = "x"', 'text = "x"\nstyle = "headng"', "band[0].item[0].style: unknown style `headng` (did you mean `heading`?)"),
    (TEXT, 'text = "x"', 'text = "x"\ntype = "mony"', "band[0].item[0].type: unknown type `mony` (did you mean `money`?)"),
    (TEXT, 'text = "x"', 'text = "x"\nspan = 13', "band[0].item[0].span: reaches to column 13 of 12 (make it narrower)"),
    (TEXT, 'text = "x"', 'text = "x"\nspan = "{{ 3 / 2 }}"', "band[0].item[0].span: `span` must be a whole number, 1 or more, not 1.5"),
    (TEXT, 'text = "x"', 'text = "x"\nlink = "oders"', "band[0].item[0].link: there is no sheet `oders` to lead to (did you mean `orders`?)"),
    (TEXT, 'text = "x"', 'text = "{{ words.views.trial.texts.x }}"', "band[0].item[0].text: 'dict object' has no attribute 'texts'"),
    (TEXT, 'text = "x"', 'text = "=SUM(orders_amuont)"', "band[0].item[0].text: the formula names `orders_amuont`, which is not there (did you mean `orders_amount`?)"),
    (TEXT, 'text = "x"', 'text = "=[amount]"', "band[0].item[0].text: `[amount]` stands for nothing here"),
    (TEXT, 'text = "x"', 'text = "x"\nfor = "list:deal_stages"', "band[0].item[0].for: there is no loop `list:deal_stages` (did you mean `list:deal_stage`?)"),
    (TEXT, 'text = "x"', 'text = "x"\nfor = "list:deal_stage"\nexcept = ["wun"]', "band[0].item[0].except[0]: `list:deal_stage` has no `wun` (did you mean `won`?)"),
    (TEXT, 'text = "x"', 'text = "x"\nexcept = ["won"]', "band[0].item[0].except: `except` chooses among the items of a loop"),
    (TEXT + TEXT, 'text = "x"\n[[', 'text = "x"\nspan = 6\nat = 2\n[[', ""),
    (TEXT + TEXT + "at = 4\n", 'text = "x"\n[[', 'text = "x"\nspan = 6\nat = 2\n[[', "band[0].item[1].span: reaches to column 15 of 12"),
    (TEXT + TEXT + "at = 4\nspan = 2\n", 'text = "x"\n[[', 'text = "x"\nspan = 6\nat = 2\n[[', "band[0].item[1].at: overlaps the item before it, which reaches to column 7"),
    (CARD, '"up"', '"upp"', "band[0].item[0].better: unknown `upp` (did you mean `up`?)"),
    (CARD, "span = 3", 'span = 3\nsize = "small"', "band[0].item[0].change: a small card has no `change`"),
    (FIELD, "span = 2", 'span = 2\nfrom = "numbers_months_mont"', "band[0].item[0].from: there is no column `numbers_months_mont` of a helper (did you mean `numbers_months_month`?)"),
    (FIELD, "span = 2", 'span = 2\nchoices = ["A"]\nvalue = "B"', "band[0].item[0].value: `B` is none of the choices"),
    (LIST, "rows = 3", "rows = 1", "band[0].item[0].column[1].cells: has 2 cells, and the list 1 rows"),
    (LIST, "span = 3", "span = 5", "band[0].item[0].column[1].span: reaches beyond the list's 6 columns"),
    (LIST, "[sum]>1", "[summ]>1", "band[0].item[0].rule[0].when: `summ` is no column of this list (did you mean `sum`?)"),
    (LIST, '"urgent"', '"urgnt"', "band[0].item[0].rule[0].style: unknown style `urgnt` (did you mean `urgent`?)"),
    (LIST, 'list = "deal_stage"', 'list = "deal_stag"', "band[0].item[0].column[1].list: unknown list `deal_stag` (did you mean `deal_stage`?)"),
    (CHART, '"line"', '"lines"', "band[0].item[0].chart: unknown `lines` (did you mean `line`?)"),
    (CHART, '"numbers_months"', '"numbers_month"', "band[0].item[0].from: there is no block `numbers_month` (did you mean `numbers_months`?)"),
    (CHART, '"numbers_months"', '"numbers_endless"', "band[0].item[0].from: the block `numbers_endless` has no end (give the block a `height`)"),
    (CHART, '"count"', '"cuont"', "band[0].item[0].series[1].column: `numbers_months` has no column `cuont` (did you mean `count`?)"),
    (CHART, '"amber"', '"ambr"', "band[0].item[0].series[1].color: unknown colour `ambr` (did you mean `amber`?)"),
    (CHART + CHART.replace("at = 7", "at = 1"), "", "", "band: two charts are called `numbers_months` (give each a `key` of its own)"),
    (SLICER, '"orders"', '"order"', "band[0].item[0].table: there is no table `order` (did you mean `orders`?)"),
    (SLICER, '"stage"', '"stagge"', "band[0].item[0].column: `stagge` is no column of `orders` (did you mean `stage`?)"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "old", "new", "message"), FAULTS, ids=[fault[3][:70] or "none" for fault in FAULTS])
def test_a_fault_is_told_with_its_path(templates: Templates, body: str, old: str, new: str, message: str) -> None:
    assert old in body
    faults = templates.faults("[[band]]\n" + body.replace(old, new, 1))
    assert [fault for fault in faults if fault.startswith(FILE + message)] if message else not faults


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('at = "a"', 'at = "e"', "band[0].item[0].at: `e` is no column of this view"),
        ('"sum", title', '"summ", title', "band[0].item[0].value[0].summary: unknown summary `summ` (did you mean `sum`?)"),
        ("totals = true", "by = 1", "band[0].item[0].row[0].by: there is no such value (count the values from 0)"),
        ("pivot:by_stage", "pivot:by_stages", "band[0].item[1].from: there is no pivot `by_stages` above (did you mean `by_stage`?)"),
        ('{ column = "stage", filled = true }', '{ column = "stgae", filled = true }', "band[0].item[0].filter[0].column: `stgae` is no column of `orders`"),
    ],
)  # fmt: skip
def test_a_fault_of_a_pivot(templates: Templates, old: str, new: str, message: str) -> None:
    assert old in PIVOT
    faults = templates.faults(PIVOT.replace(old, new, 1))
    assert [fault for fault in faults if fault.startswith(FILE + message)], faults


def test_a_pivot_needs_plain_columns(templates: Templates) -> None:
    body = PIVOT[PIVOT.index("[[band]]") : PIVOT.index('[[band.item]]\nkind = "chart"')].replace('at = "a"\n', "")
    assert templates.faults(body) == [
        FILE + "band[0].item[0]: a pivot needs plain columns (list the view's columns with their widths)"
    ]


def test_a_view_without_words(templates: Templates) -> None:
    templates.write("", "other")
    assert templates.faults("") == ["templates/words/en: views.other: no words for the view `other` (add its title)"]


def test_two_files_of_one_name(templates: Templates) -> None:
    templates.write("", "numbers")
    message = "templates/helpers/numbers.toml: `views/numbers` has this name too (rename one of the files)"
    assert templates.faults("") == [message]


def test_all_faults_come_at_once(templates: Templates) -> None:
    body = (
        "[[band]]\n"
        + CARD.replace('"up"', '"upp"')
        + LIST.replace('"urgent"', '"urgnt"')
        + CHART.replace("count", "cnt")
    )
    assert len(templates.faults(body)) == 3
