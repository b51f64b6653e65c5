"""The CRM as it stands, in two calls: what is there without its cells, then the cells that can be ours."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crm_builder import deployment as deployments
from crm_builder.a1 import letters, quote
from crm_builder.deployment import Deployment
from crm_builder.errors import CrmError, RestError
from crm_builder.google import Client
from crm_builder.model import Sheet, Workbook
from crm_builder.project import Project
from crm_builder.sheets import READ_FIELDS, STATE_FIELDS, Layout, Observed, marks, read, read_ranges, with_more_cells
from crm_builder.sheets.baseline import TITLE
from crm_builder.sheets.deep import VALUE_FIELDS, Deep, deep_ranges
from crm_builder.sheets.former import as_left, base_of
from crm_builder.sheets.owned import own_sheets

Json = dict[str, Any]
Values = dict[tuple[str, str], list[Any]]

NOT_FOUND = 404


@dataclass(frozen=True)
class Seen:
    """One look at a spreadsheet: what it says of itself, and the model of it."""

    state: Json
    answer: Json
    observed: Observed

    @property
    def layout(self) -> Layout:
        return self.observed.layout

    @property
    def baseline(self) -> Workbook | None:
        """What was last applied; None where the spreadsheet does not tell. CrmError where it is damaged."""
        if self.observed.damage:
            raise CrmError(
                f"{self.observed.damage}; restore the sheet {TITLE} from the version history of the spreadsheet, or "
                "delete that sheet: every difference from crm.toml is then shown as a change"
            )
        return self.observed.baseline

    @property
    def titles(self) -> frozenset[str]:
        return frozenset(sheet["properties"]["title"] for sheet in self.state.get("sheets", ()))

    @property
    def taken(self) -> list[str]:
        """The titles of people's own sheets."""
        return [one.title for one in self.observed.foreign if one.kind == "sheet"]

    @property
    def occupied(self) -> list[tuple[str, str]]:
        """(kind, sheet) of what people have of their own on our sheets."""
        return [(one.kind, one.sheet) for one in self.observed.foreign]

    @property
    def own(self) -> list[tuple[str, str]]:
        """(sheet, title) of people's own columns."""
        return [(one.sheet, one.title) for one in self.observed.foreign if one.kind == "column"]


def state_of(project: Project, client: Client, deployment: Deployment) -> Json:
    """Everything but cells. CrmError where the spreadsheet is gone."""
    try:
        return client.get(deployment.spreadsheet_id, fields=STATE_FIELDS)
    except RestError as error:
        if error.status != NOT_FOUND:
            raise
        path = deployments.path_of(project.folder, project.target)
        raise CrmError(
            f"the spreadsheet of this CRM is gone from the {deployment.target} target; bring it back, or, if that was "
            f"meant, remove {path} and run `up` again for a new one"
        ) from error


def observe(project: Project, client: Client, deployment: Deployment, state: Json) -> Seen:
    """The workbook as it stands, found by its marks; `state` tells the present titles and sizes.

    One call, and one more where what was last applied had cells that the description does not have.
    """
    desired = project.rendered.workbook
    answer = client.get(deployment.spreadsheet_id, read_ranges(state, [desired]), READ_FIELDS)
    observed = read(answer, None, desired, state)
    if observed.baseline and (leaving := _not_read(observed.baseline, desired, observed)).sheets:
        ours, _ = own_sheets(state, [leaving])
        there = {**state, "sheets": [ours[sheet.key] for sheet in leaving.sheets if sheet.key in ours]}
        more = client.get(deployment.spreadsheet_id, read_ranges(there, [leaving]), READ_FIELDS)
        answer = with_more_cells(answer, more)
        observed = read(answer, None, desired, state)
    return Seen(state, answer, observed)


def with_adopted(baseline: Workbook, observed: Observed, wanted: Workbook) -> Workbook:
    """What was last applied, with all that is taken back as it is found, but for the contents of sheets.

    It was left to people with values for formulas; so what the description says of it is to be written where they
    still are what was left.
    """
    left = {sheet.key: sheet for sheet in observed.former.sheets} if observed.former else {}
    adopted = {sheet for sheet, column in observed.adopted if not column}
    applied = {sheet.key for sheet in baseline.sheets}
    aims = {sheet.key: sheet for sheet in wanted.sheets}
    back = aims.keys() & left.keys() - applied  # also where a run set its mark again
    sheets = adopted | {sheet.key for sheet in observed.workbook.sheets if sheet.key in back}
    sheets |= {one.sheet for one in observed.unmarked if one.mark == marks.SHEET and one.sheet not in applied}
    columns = {one for one in observed.adopted if one[1]}
    kept = [_as_found(sheet, columns, observed.workbook) for sheet in baseline.sheets if sheet.key not in sheets]
    kept = [as_left(sheet, left[sheet.key]) if sheet.key in left else sheet for sheet in kept]
    before = -1
    for sheet in observed.workbook.sheets:
        if sheet.key in sheets:
            if sheet.key in adopted or sheet.key in left:
                sheet = base_of(sheet, left.get(sheet.key), aims.get(sheet.key))
            kept.insert(before + 1, sheet)
        before = next((index for index, one in enumerate(kept) if one.key == sheet.key), before)
    found = {name.name: name for name in observed.workbook.names}
    names = []
    for name in baseline.names:
        if name.area.sheet in sheets or (name.area.sheet, name.area.first_column) in columns:
            names += [found[name.name]] if name.name in found else []
        else:
            names.append(name)
    return replace(baseline, sheets=tuple(kept), names=tuple(names))


def _as_found(sheet: Sheet, columns: Collection[tuple[str, str]], workbook: Workbook) -> Sheet:
    """The sheet with those of the columns that it has as they are found."""
    mine = {key for home, key in columns if home == sheet.key}
    found = {one.key: one for one in workbook.sheet(sheet.key).columns} if mine else {}
    return replace(sheet, columns=tuple(found.get(one.key, one) if one.key in mine else one for one in sheet.columns))


def _not_read(baseline: Workbook, desired: Workbook, observed: Observed) -> Workbook:
    """The sheets of what was last applied that hold cells where the description has none any more.

    And those that it does not have at all, where no mark of theirs let them be asked for.
    """
    wanted = {sheet.key: _cells(sheet) for sheet in desired.sheets}
    unmarked = {one.sheet for one in observed.unmarked if one.mark == marks.SHEET}
    sheets = (
        sheet
        for sheet in baseline.sheets
        if _cells(sheet) - wanted.get(sheet.key, _cells(sheet)) or sheet.key in unmarked - wanted.keys()
    )
    return replace(baseline, sheets=tuple(sheets))


def _cells(sheet: Sheet) -> set[tuple[int, str]]:
    return {(one.row, one.column) for one in (*sheet.cells, *sheet.pivots)}


def values_of(client: Client, deployment: Deployment, layout: Layout, places: Iterable[tuple[str, str]]) -> Values:
    """What stands below the header, formulas as such, by (sheet, column); "" asks for a whole sheet, in one list."""
    asked = sorted(places)
    ranges = deep_ranges(None, layout, asked)
    if not ranges:
        return {}
    return Deep.of(client.get(deployment.spreadsheet_id, ranges, VALUE_FIELDS), layout).values(asked)


def shown_in(
    client: Client, deployment: Deployment, layout: Layout, places: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], list[list[Any]]]:
    """What cells show, from the grid's first line on, by (sheet, column); "" for a whole sheet."""
    if not places:
        return {}
    ranges = []
    for sheet, column in places:
        place = layout.place(sheet)
        letter = letters(place.column(column)) if column else ""
        ranges.append(f"{quote(place.title)}!{letter}:{letter}" if column else quote(place.title))
    get = client.values.batchGet(
        spreadsheetId=deployment.spreadsheet_id, ranges=ranges, valueRenderOption="UNFORMATTED_VALUE"
    )
    found = client.call(get)["valueRanges"]
    return {place: one.get("values", []) for place, one in zip(places, found, strict=True)}


def heights(state: Mapping[str, Any], layout: Layout) -> dict[str, int]:
    """The rows of each sheet's grid: as they are now, or as the layout has them where the state does not tell."""
    now = {
        sheet["properties"].get("sheetId", 0): sheet["properties"].get("gridProperties", {}).get("rowCount", 0)
        for sheet in state.get("sheets", ())
    }
    return {key: now.get(place.sheet_id, place.rows) for key, place in layout.places.items()}
