"""How much of what people typed stays as it is under a plan."""

from __future__ import annotations

from crm_builder.a1 import quote
from crm_builder.deploy.entered import is_data
from crm_builder.deploy.plan import Prepared
from crm_builder.deployment import Deployment
from crm_builder.google import Client
from crm_builder.plan import Delete
from crm_builder.sheets.baseline import SHEET_ID


def cells_that_stay(client: Client, deployment: Deployment, prepared: Prepared) -> int:
    """Cells with data in tables and in sheets of people's own, without those that the plan deletes. One call."""
    seen, layout = prepared.seen, prepared.seen.layout
    ours = {place.sheet_id: key for key, place in layout.places.items()}
    books = {sheet.key: sheet for sheet in seen.observed.workbook.sheets}
    skipped: list[set[int]] = []
    headers: list[int] = []
    ranges = []
    for sheet in seen.state.get("sheets", ()):
        properties = sheet["properties"]
        key = ours.get(properties.get("sheetId", 0))
        if "gridProperties" not in properties or properties.get("sheetId", 0) == SHEET_ID:
            continue
        if key is not None and books[key].kind != "table":
            continue
        ranges.append(quote(properties["title"]))
        place = layout.place(key) if key is not None else None
        headers.append(place.line(1) if place else -1)
        columns = books[key].columns if key is not None else ()
        skipped.append({place.column(one.key) for one in columns if place and one.formula is not None})
    if not ranges:
        return 0
    get = client.values.batchGet(spreadsheetId=deployment.spreadsheet_id, ranges=ranges, valueRenderOption="FORMULA")
    count = 0
    for found, header, computed in zip(client.call(get)["valueRanges"], headers, skipped, strict=True):
        for line, row in enumerate(found.get("values", ())):
            if line != header:
                count += sum(value != "" and is_data(value) for index, value in enumerate(row) if index not in computed)
    return count - sum(change.cells for change in prepared.plan.changes if isinstance(change, Delete))
