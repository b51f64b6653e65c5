"""Sample rows beyond the end of a table's grid: the rows that are added look and accept what the others do."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from crm_builder import assets
from crm_builder.project import load_project, row_sets, sample_rows
from crm_builder.settings import write_new
from crm_builder.template import catalog, read


def test_rows_beyond_the_grid_accept_what_the_others_do(tmp_path: Path, clock: datetime) -> None:
    write_new(tmp_path, catalog(read(assets.folder("templates"))), language="fa", preset="handmade", members=())
    project = load_project(tmp_path)
    rows = sample_rows(project, clock)
    heights = {sheet.key: sheet.rows for sheet in project.rendered.workbook.sheets}
    grown = [one for one in row_sets(project, rows, (), heights, project.layout) if one.rows + 1 > heights[one.table]]
    assert grown
    for one in grown:
        table = project.rendered.workbook.sheet(one.table)
        place, validated = project.layout.place(one.table), set()
        for request in one.requests:
            kind, body = next(iter(request.items()))
            if kind == "setDataValidation" or (kind == "repeatCell" and "dataValidation" in body["fields"]):
                area = body["range"]
                assert (area["startRowIndex"], area["endRowIndex"]) == (heights[one.table], one.rows + 1)
                validated |= set(range(area["startColumnIndex"], area["endColumnIndex"]))
        assert validated == {place.column(column.key) for column in table.columns if column.validation}
