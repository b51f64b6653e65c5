"""How much of what people typed stays as it is under a plan."""

from __future__ import annotations

from crm_builder.deploy.entered import is_data, read_grids
from crm_builder.deploy.plan import Prepared
from crm_builder.deployment import Deployment
from crm_builder.google import Client
from crm_builder.plan import Delete
from crm_builder.sheets.baseline import SHEET_ID
from crm_builder.sheets.owned import sheet_id_of


def cells_that_stay(client: Client, deployment: Deployment, prepared: Prepared) -> int:
    """Cells with data in tables and in sheets of people's own, without those that the plan deletes. One call."""
    seen = prepared.seen
    ours = {place.sheet_id: place for place in seen.layout.places.values()}
    books = {sheet.key: sheet for sheet in seen.observed.workbook.sheets}
    sheets = {sheet_id_of(one): one["properties"] for one in seen.state.get("sheets", ())}
    titles = [
        one["title"]
        for number, one in sheets.items()
        if "gridProperties" in one
        and number != SHEET_ID
        and (number not in ours or books[ours[number].key].kind == "table")
    ]
    count = 0
    for number, grid in read_grids(client, deployment.spreadsheet_id, titles).items():
        place = ours.get(number)
        header = place.line(1) if place and place.shift >= 0 else -1
        count += sum(is_data(content) for line, row in enumerate(grid) if line != header for content in row)
    return count - sum(change.cells for change in prepared.plan.changes if isinstance(change, Delete))
