"""docs/templates.md followed to the letter in a copy of templates/: what it writes is written, what it promises is there."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from crm_builder import assets, deploy, deployment, preview
from crm_builder.a1 import quote
from crm_builder.cli import main
from crm_builder.google import Client
from crm_builder.project import Project, load_project, sample_rows
from crm_builder.sheets import check_call
from crm_builder.template.shape import SHAPES
from crm_builder.template.strings import Renderer
from crm_builder.template.views import _KINDS as KINDS
from tests.conftest import CLOCK

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "templates.md").read_text("utf-8")
SECTIONS = {part.partition("\n")[0]: part for part in re.split(r"^## ", PAGE, flags=re.M)[1:]}
MISTAKES = "Mistakes"
# What people read: the new table, the new view, its chart and the chart's series.
TITLES = {
    "my-bakery": ("Invoices", "Billing", "By way of payment", "Amount"),
    "my-persian": ("صورت‌حساب‌ها", "وصول مطالبات", "به تفکیک روش پرداخت", "مبلغ"),
}
OWN = "my-templates"

# One step of the page: a file to write, a text to append, a text to replace, or commands to run.
_STEP = re.compile(
    r"New\s+file\s+`(?P<new>[^`]+)`:\n\n```toml\n(?P<content>.*?)^```$"
    r"|Add\s+to\s+the\s+end\s+of\s+`(?P<add>[^`]+)`[^:]*:\n\n```toml\n(?P<more>.*?)^```$"
    r"|In\s+`(?P<change>[^`]+)`,\s+replace\s+`(?P<old>[^`]+)`\s+with\s+`(?P<by>[^`]+)`"
    r"|^```sh\n(?P<commands>.*?)^```$",
    re.M | re.S,
)


def crm_builder(folder: Path, *arguments: str) -> Result:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("CRM_BUILDER_CLOCK", CLOCK.isoformat())
        result = CliRunner().invoke(main, list(arguments))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def follow(section: str, folder: Path) -> None:
    """Does what the section says, step by step; `folder` is where its commands are typed."""
    templates = folder / OWN
    for step in _STEP.finditer(SECTIONS[section]):
        if step["new"]:
            path = templates / step["new"]
            assert not path.exists(), f"{path.name} is not new"
            path.parent.mkdir(exist_ok=True)
            path.write_text(step["content"], "utf-8")
        elif step["add"]:
            path = templates / step["add"]
            path.write_text(path.read_text("utf-8") + "\n" + step["more"], "utf-8")
        elif step["change"]:
            path = templates / step["change"]
            text = path.read_text("utf-8")
            assert text.count(step["old"]) == 1, (
                f"{step['old']!r} stands {text.count(step['old'])} times in {path.name}"
            )
            path.write_text(text.replace(step["old"], step["by"]), "utf-8")
        else:
            type_in(step["commands"], folder)


def type_in(commands: str, folder: Path) -> None:
    for line in commands.splitlines():
        if line.startswith("crm-builder "):
            result = crm_builder(folder, *shlex.split(line)[1:])
            assert result.exit_code == 0, result.output
        else:
            subprocess.run(["sh", "-euc", line], cwd=folder, check=True)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with templates/ in it, where the page was followed from the first section to the last recipe."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(assets.folder("templates"), folder / "templates")
    for section in SECTIONS:
        if section != MISTAKES:
            follow(section, folder)
    type_in(f"crm-builder new my-persian --language fa --preset bakery --templates {OWN}", folder)
    type_in(f"crm-builder up -C my-persian --templates {OWN} --sample-data", folder)
    return folder


class Opened:
    """A CRM of the desk: its project, and its spreadsheet as REST answers tell it."""

    def __init__(self, folder: Path, client: Client, templates: Path):
        self.project: Project = load_project(folder, templates)
        self.client = client
        found = deployment.load(folder, deploy.LOCAL)
        assert found
        self.id = found.spreadsheet_id

    def values(self, where: str) -> list[list[Any]]:
        get = self.client.values.get(spreadsheetId=self.id, range=where, valueRenderOption="UNFORMATTED_VALUE")
        return self.client.call(get).get("values", [])

    def column(self, key: str, table: str = "invoices") -> list[Any]:
        """What stands below the header of a table's column, blank for blank."""
        return [row[0] if row else "" for row in self.values(f"{table}_{key}")[1:]]

    def charts(self, *keys: str) -> dict[tuple[str, str], preview.ChartData]:
        """The charts over the recipe's helper by the titles of their sheet and of themselves; `keys`: of those sheets."""
        sheet = self.project.rendered.workbook.sheet
        ranges = [quote(sheet(key).title) for key in ("invoiced", *keys)]
        answer = self.client.get(self.id, ranges, preview.FIELDS)
        return {(made.sheet, made.title): made for made in preview.chart_series(answer).values()}

    def rows(self, table: str) -> list[dict[str, Any]]:
        return sample_rows(self.project, CLOCK)[table]


@pytest.fixture(scope="module")
def crm(desk: Path) -> Callable[[str], Any]:
    @contextmanager
    def opened(name: str) -> Iterator[Opened]:
        with deploy.open_target(desk / name, CLOCK) as http:
            yield Opened(desk / name, Client(http, check_call), desk / OWN)

    return opened


both = pytest.mark.parametrize("name", TITLES)


@both
def test_the_table_has_its_rows_and_its_computed_value(crm: Callable[[str], Any], name: str) -> None:
    with crm(name) as opened:
        rows, today = opened.rows("invoices"), CLOCK.date()
        late, ids = opened.column("days_late"), opened.column("id")
        workbook = opened.project.rendered.workbook
    order, sheet = [one.key for one in workbook.sheets], workbook.sheet("invoices")
    assert sheet.title == TITLES[name][0]
    assert order.index("tasks") < order.index("invoices") < order.index("feedback")
    assert order.index("segments") < order.index("billing") < order.index("forecast")
    assert any(cell.link == "invoices" for cell in workbook.sheet("home").cells)
    assert len(rows) == 40 and ids[:40] == [row["id"] for row in rows]
    expected = ["" if row["paid"] else max((today - row["due"]).days, 0) for row in rows]
    assert any(expected) and [*late, *[""] * 40][:40] == expected
    assert [rule.key for rule in sheet.rules if rule.key == "late"] and len(sheet.views) == 1


@both
def test_the_charts_show_the_sums_of_the_typed_rows(crm: Callable[[str], Any], name: str) -> None:
    with crm(name) as opened:
        rows, charts = opened.rows("invoices"), opened.charts("billing", "analysis")
        (((open_amount,),), titles) = opened.values("invoiced_open"), opened.project.rendered.context.words["views"]
    counts = Counter(row["method"] for row in rows)
    _, view, title, label = TITLES[name]
    made = charts[view, title]
    assert made.kind == "COLUMN" and set(made.labels) == set(counts)
    assert [one.name for one in made.series] == [label]
    assert made.series[0].values == tuple(
        sum(row["amount"] for row in rows if row["method"] == method) for method in made.labels
    )
    round_one = charts[titles["analysis"]["title"], title]
    assert round_one.kind == "PIE"
    assert dict(zip(round_one.labels, round_one.series[0].values, strict=True)) == counts
    assert open_amount == sum(row["amount"] for row in rows if not row["paid"])


@both
def test_the_preset_has_its_products_and_fields_in_the_sample(crm: Callable[[str], Any], name: str) -> None:
    with crm(name) as opened:
        words = opened.project.rendered.context.words
        products, deliveries = set(opened.column("product", "deals")), set(opened.column("delivery", "customers"))
        goals = set(opened.column("goal", "campaigns"))
        thresholds = opened.project.settings.thresholds
    assert products - {""} == {words["choices"]["product"][key] for key in ("bread", "cakes", "breakfast")}
    assert deliveries - {""} == set(words["field_choices"]["customers"]["delivery"].values())
    assert len(goals - {""}) == 3 and thresholds["loyal_orders"] == 4


def test_a_new_description_says_what_the_preset_is(desk: Path) -> None:
    text = (desk / "my-bakery" / "crm.toml").read_text("utf-8")
    assert "bakery – A bakery: bread and cakes" in text


def test_the_language_has_its_titles_and_an_empty_crm_shows_no_error(crm: Callable[[str], Any]) -> None:
    with crm("mein-crm") as opened:
        workbook, settings = opened.project.rendered.workbook, opened.project.settings
        shown = opened.client.get(opened.id, fields="sheets(properties(title))")["sheets"]
        cells = [cell for row in opened.values(quote("Rechnungen")) for cell in row]
        charts = opened.charts("billing")
    titles = [sheet["properties"]["title"] for sheet in shown]
    assert "Kunden" in titles and "Rechnungen" in titles and "Deals" in titles
    assert (settings.currency, settings.time_zone) == ("EUR", "Europe/Berlin")
    assert any('"Gewonnen"' in (cell.formula or "") for cell in workbook.sheet("figures").cells)
    assert cells and not [cell for cell in cells if str(cell).startswith("#")]
    assert charts["Rechnungen", "By way of payment"].series[0].values == (0, 0, 0)


def test_trying_a_copy_writes_pages_and_no_crm(desk: Path) -> None:
    assert (desk / "out" / "preview" / "index.html").is_file()
    assert not (desk / "my-crm" / ".crm").exists()


def test_the_shown_mistakes_are_told_so(desk: Path, tmp_path: Path) -> None:
    shutil.copytree(desk / OWN, tmp_path / OWN)
    follow(MISTAKES, tmp_path)
    (shown,) = re.findall(r"^```text\n(.*?)^```$", SECTIONS[MISTAKES], re.M | re.S)
    told = crm_builder(tmp_path, "build", "-C", str(desk / "my-crm"), "--templates", OWN, "-o", "out")
    assert told.stderr == shown and told.exit_code == 1


def test_commands_and_options_exist() -> None:
    for name, rest in re.findall(r"crm-builder ([a-z]+)([^\n`|#]*)", PAGE):
        known = {option for one in main.commands[name].params for option in one.opts} | {"--help"}
        assert set(re.findall(r"(?<=\s)--?[A-Za-z][a-z-]*", rest)) <= known


def test_a_folder_of_ones_own_may_be_named_once_for_all(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_BUILDER_TEMPLATES", str(desk / OWN))
    assert crm_builder(desk, "new", "by-variable", "--language", "de", "--preset", "bakery").exit_code == 0
    monkeypatch.delenv("CRM_BUILDER_TEMPLATES")
    refused = crm_builder(desk, "new", "shipped", "--language", "de")
    assert refused.exit_code == 1 and 'unknown language "de"' in refused.stderr
    assert crm_builder(desk, "up", "--templates", "nowhere").exit_code == 2


def test_a_language_without_a_description_is_told(desk: Path, tmp_path: Path) -> None:
    shutil.copytree(desk / OWN, tmp_path / OWN)
    (tmp_path / OWN / "crm.de.toml.j2").unlink()
    told = crm_builder(tmp_path, "new", "mein-crm", "--language", "de", "--templates", OWN)
    assert told.exit_code == 1 and "templates/crm.de.toml.j2: the file is missing" in told.stderr


# ── What the page says about keys, files and names ──────────────────────────────


def table_of(head: str) -> list[list[str]]:
    """The rows of the page's table whose first header is this one."""
    found = re.search(rf"^\| {re.escape(head)} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", PAGE, re.M)
    assert found, head
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip()[1:-1])] for line in found[1].splitlines()]


def keys_of(cell: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", cell))


def one(shape: Any) -> dict[str, Any]:
    """The keys of a section, or of each entry of a list of sections."""
    for part in shape if isinstance(shape, tuple) else (shape,):
        part = part[0] if isinstance(part, list) else part
        if isinstance(part, dict):
            return part
    raise TypeError(shape)


def test_the_map_names_what_is_there_and_forgets_nothing() -> None:
    folder = assets.folder("templates")
    named = {name for row in table_of("in `templates/`") for name in keys_of(row[0])}
    there = {path.name + "/" * path.is_dir() for path in folder.iterdir()}
    assert named <= there and {name for name in there if not name.endswith(".j2")} <= named


def test_every_kind_of_item_is_told_with_its_keys() -> None:
    common = {"kind", "span", "at", "part"}
    told = {row[0].strip("`"): (keys_of(row[2]), keys_of(row[3])) for row in table_of("kind")}
    assert told == {
        name: (set(kind.keys.needed), set(kind.keys.allowed - kind.keys.needed - common))
        for name, kind in KINDS.items()
    }


def test_every_entry_of_an_item_is_told_with_its_keys() -> None:
    item = one(one(SHAPES["views"]["band"])["item"])
    told = {name: keys_of(row[1]) for row in table_of("entry of an item") for name in keys_of(row[0])}
    assert told == {
        name: set(one(item[name])) for name in ("column", "rule", "series", "row", "group", "value", "filter", "head")
    }


def test_every_key_of_views_is_named() -> None:
    page = SHAPES["views"]
    band = one(page["band"])
    keys = set(page) | set(one(page["columns"])) | set(band) | set(one(band["item"]))
    named = keys_of(SECTIONS["Views"]) | {word.strip("[]").rpartition(".")[2] for word in keys_of(SECTIONS["Views"])}
    assert not keys - named


def test_the_keys_of_tables_and_helpers_are_those_of_the_shapes() -> None:
    table, helper = SHAPES["tables"], SHAPES["helpers"]
    view, block = one(table["view"]), one(helper["block"])
    wanted = [
        table,
        table["column"],
        table["rule"],
        view,
        view["where"],
        view["sort"],
        table["row"],
        helper,
        block,
        block["row"],
    ]
    assert [keys_of(row[1]) for row in table_of("section")] == [set(one(shape)) for shape in wanted]


def test_what_strings_may_say_is_there(crm: Callable[[str], Any]) -> None:
    with crm("mein-crm") as opened:
        context = opened.project.rendered.context
    renderer = Renderer(context.values)
    for cell, _ in table_of("write"):
        for text in re.findall(r"`(\{\{.*?\}\})`", cell.replace("\\|", "|")):
            assert renderer.value(text, "page", item=context.loops["list:deal_stage"][0]) not in ("", None)
    assert not renderer.problems


def test_linked_files_exist() -> None:
    docs = Path(__file__).resolve().parents[1] / "docs"
    assert all((docs / link).is_file() for link in re.findall(r"\]\(([^)]+)\)", PAGE))
    named = re.findall(r"`((?:tables|helpers|views|presets)/[a-z_]+(?:\.toml|/))`", SECTIONS["Where to look things up"])
    assert named and all((assets.folder("templates") / name).exists() for name in named)


def test_the_page_is_read_in_ten_minutes() -> None:
    """Somebody who reads calmly reads 220 words in a minute; the files are there to be copied."""
    prose = re.sub(r"^```.*?^```$", "", PAGE, flags=re.M | re.S)
    assert len(prose.split()) < 10 * 220
