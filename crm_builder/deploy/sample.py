"""Sample data in a CRM: rows that go in with their marks, each set once, and never over rows of somebody else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from crm_builder.a1 import quote
from crm_builder.deploy.observe import heights
from crm_builder.deploy.sending import send
from crm_builder.deployment import Deployment
from crm_builder.errors import CrmError
from crm_builder.google import Client
from crm_builder.project import Project, RowSet, row_batches, row_sets
from crm_builder.sheets import Layout
from crm_builder.sheets.progress import marked_rows

Tell = Callable[[str], None]


def fill(
    project: Project,
    client: Client,
    deployment: Deployment,
    layout: Layout,
    state: Mapping[str, Any],
    rows: Mapping[str, list[dict[str, Any]]],
    tell: Tell,
) -> dict[str, int]:
    """Writes the sample rows that are not there yet; how many, by table. `state` is empty for a CRM just made.

    CrmError where somebody else's rows stand in their place, or a column that they need is gone.
    """
    there = {name for sheet in state.get("sheets", ()) for name in marked_rows(sheet)}
    missing = row_sets(project, rows, there, heights(state, layout), layout)
    if missing and state:
        _refuse_taken(client, deployment, layout, missing)
    for batch in row_batches(missing):
        tell("writing sample data")
        send(client, deployment.spreadsheet_id, batch)
    written: dict[str, int] = {}
    for one in missing:
        written[one.table] = written.get(one.table, 0) + one.rows
    return written


def _refuse_taken(client: Client, deployment: Deployment, layout: Layout, sets: Sequence[RowSet]) -> None:
    """CrmError where any of the rows that are to be written is not empty."""
    ranges = []
    for one in sets:
        place = layout.place(one.table)
        first = place.line(one.first_row) + 1
        ranges.append(f"{quote(place.title)}!{first}:{first + one.rows - 1}")
    answer = client.call(client.values.batchGet(spreadsheetId=deployment.spreadsheet_id, ranges=ranges))
    taken = {one.table for one, found in zip(sets, answer["valueRanges"], strict=True) if found.get("values")}
    if taken:
        titles = ", ".join(layout.place(table).title for table in sorted(taken))
        raise CrmError(f"sample data is for an empty CRM, and there are rows in: {titles}; nothing was written")
