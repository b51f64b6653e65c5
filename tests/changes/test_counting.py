"""What counts columns is put right where people inserted one, and stays where they chose another column themselves."""

from __future__ import annotations

from pathlib import Path

from tests.changes.crm import change, description, lines_of, make, opened

_FIELDS = "sheets(properties(sheetId),data(rowData(values(pivotTable))))"


def test_a_pivot_table_that_people_changed_stays(small_templates: Path, tmp_path: Path) -> None:
    with opened(make(tmp_path / "crm", small_templates, description()), small_templates) as crm:
        number = crm.sheet("pivots")
        sheets = crm.client.get(crm.user.id, fields=_FIELDS)["sheets"]
        rows = next(one["data"][0] for one in sheets if one["properties"].get("sheetId", 0) == number)["rowData"]
        line, at, pivot = next(
            (line, at, cell["pivotTable"])
            for line, row in enumerate(rows)
            for at, cell in enumerate(row.get("values", ()))
            if "pivotTable" in cell
        )
        pivot.pop("criteria", None)
        pivot["rows"][0]["sourceColumnOffset"] = crm.column("deals", "customer")
        start = {"sheetId": number, "rowIndex": line, "columnIndex": at}
        body = {"start": start, "rows": [{"values": [{"pivotTable": pivot}]}], "fields": "pivotTable"}
        crm.user.send({"updateCells": body})
        crm.user.insert_column(crm.sheet("deals"), crm.column("deals", "stage"))
        told = lines_of(change(crm, None).plan)
        assert any("pivot table stages: rows; kept as you made it" in line for line in told), told
        assert any("~" in line and "slicer deals_stage" in line for line in told), told
