"""Drive files of a local workspace."""

from __future__ import annotations

import re

import pytest

SHEET = "application/vnd.google-apps.spreadsheet"
NOW = "2026-10-30T08:15:00.000Z"


def make(local, name, **more):
    return local.files.create(body={"name": name, "mimeType": SHEET, **more}).execute()["id"]


def names(local, **how):
    return [file["name"] for file in local.files.list(**how).execute()["files"]]


def test_create_answers_in_short_and_get_as_asked(local):
    done = local.files.create(body={"name": "A", "mimeType": SHEET, "appProperties": {"crm_builder": "k"}}).execute()
    assert done == {"kind": "drive#file", "id": done["id"], "name": "A", "mimeType": SHEET}
    assert re.fullmatch(r"[A-Za-z0-9_-]{44}", done["id"])
    fields = "id,name,createdTime,modifiedTime,appProperties"
    assert local.files.get(fileId=done["id"], fields=fields).execute() == {
        "id": done["id"],
        "name": "A",
        "createdTime": NOW,
        "modifiedTime": NOW,
        "appProperties": {"crm_builder": "k"},
    }
    assert local.sheets.get(spreadsheetId=done["id"]).execute()["properties"]["title"] == "A"


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("name = 'One'", ["One"]),
        ("name != 'One' and not name contains 'wo'", ["Test"]),
        ("name='One' or name='Two'", ["One", "Two"]),
        ('mimeType="application/vnd.google-apps.spreadsheet" and trashed = false', ["One", "Test"]),
        ("trashed = true", ["Two"]),
        ("appProperties has { key='crm_builder' and value='it\\'s' }", ["One"]),
        ("appProperties has {key='crm_builder' and value='other'}", []),
        ("'root' in parents and (name = 'One')", ["One"]),
        ("modifiedTime > '2026-01-01T00:00:00'", ["One", "Test", "Two"]),
    ],
)
def test_files_are_found(local, q, found):
    make(local, "One", appProperties={"crm_builder": "it's"})
    two = make(local, "Two")
    local.files.update(fileId=two, body={"trashed": True}).execute()
    assert sorted(names(local, q=q)) == found


@pytest.mark.parametrize(
    "q", ["name", "name = ", "name = One", "size > '1'", "name = 'a' and", "(name = 'a'", "name ~ 'a'"]
)
def test_a_query_it_does_not_know_is_refused(local, q):
    error = local.refused(local.files.list(q=q))
    assert (error["code"], error["errors"][0]["location"]) == (400, "q")


def test_pages(local):
    for number in range(4):
        make(local, f"file {number}")
    first = local.files.list(pageSize=3, orderBy="name", fields="nextPageToken,files(name)").execute()
    second = local.files.list(pageSize=3, orderBy="name", pageToken=first["nextPageToken"]).execute()
    listed = [file["name"] for file in first["files"] + second["files"]]
    assert listed == ["Test", "file 0", "file 1", "file 2", "file 3"]
    assert "nextPageToken" not in second
    assert local.refused(local.files.list(pageSize=1001))["code"] == 400


def test_a_copy_has_its_own_cells(local):
    body = {"values": [["=1+1", "x"]]}
    write = {"spreadsheetId": local.id, "range": "A1", "valueInputOption": "USER_ENTERED", "body": body}
    local.values.update(**write).execute()
    local.files.update(fileId=local.id, body={"appProperties": {"a": "1", "b": "2"}}).execute()
    copy = local.files.copy(
        fileId=local.id, body={"appProperties": {"b": "3"}}, fields="id,name,appProperties"
    ).execute()
    assert (copy["name"], copy["appProperties"]) == ("Copy of Test", {"a": "1", "b": "3"})
    local.values.clear(spreadsheetId=local.id, range="Sheet1").execute()
    kept = local.values.get(spreadsheetId=copy["id"], range="A1:B1").execute()
    assert kept["values"] == [["2", "x"]]
    shown = local.sheets.get(spreadsheetId=copy["id"]).execute()
    assert (shown["spreadsheetId"], shown["properties"]["title"]) == (copy["id"], "Copy of Test")


def test_a_new_name_is_the_spreadsheets_title(local):
    local.files.update(fileId=local.id, body={"name": "Renamed", "appProperties": {"a": "1"}}).execute()
    assert local.sheets.get(spreadsheetId=local.id).execute()["properties"]["title"] == "Renamed"
    local.files.update(fileId=local.id, body={"appProperties": {"a": None, "b": "2"}}).execute()
    kept = local.files.get(fileId=local.id, fields="name,appProperties").execute()
    assert kept == {"name": "Renamed", "appProperties": {"b": "2"}}


def test_a_deleted_file_is_gone_with_its_spreadsheet(local):
    local.files.delete(fileId=local.id).execute()
    error = local.refused(local.files.get(fileId=local.id))
    text = f"File not found: {local.id}."
    assert error == {
        "errors": [
            {
                "domain": "global",
                "reason": "notFound",
                "message": text,
                "locationType": "parameter",
                "location": "fileId",
            }
        ],
        "code": 404,
        "message": text,
    }
    gone = local.refused(local.sheets.get(spreadsheetId=local.id))
    assert gone == {"code": 404, "message": "Requested entity was not found.", "status": "NOT_FOUND"}
    for table in ("blocks", "grids", "interned", "spreadsheets"):
        assert local.transport.workspace.db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


@pytest.mark.parametrize(
    "body", [{"name": "a", "unknown": 1}, {"name": "a", "owners": []}, {"name": "a", "parents": ["none"]}]
)
def test_what_a_file_cannot_have_is_refused(local, body):
    assert local.refused(local.files.create(body=body))["code"] in (400, 404)
    assert names(local) == ["Test"]
