"""Drive permissions and what a file says of people; files of others."""

from __future__ import annotations

import pytest
from googleapiclient.discovery import build_from_document

from crm_builder.local.discovery import document

MARA = {"type": "user", "role": "writer", "emailAddress": "mara@example.com"}


@pytest.fixture
def drive(local, client):
    return build_from_document(document("drive"), http=client.current)


@pytest.fixture
def share(local, drive):
    def make(body, **query):
        return drive.permissions().create(fileId=local.id, body=body, **query)

    return make


def everyone(local, drive):
    fields = "permissions(role,type,emailAddress)"
    return drive.permissions().list(fileId=local.id, fields=fields).execute()["permissions"]


def test_a_permission_lives_and_ends(local, drive, share):
    made = share(MARA, sendNotificationEmail=False).execute()
    assert made == {"kind": "drive#permission", "id": made["id"], "type": "user", "role": "writer"}
    where = {"fileId": local.id, "permissionId": made["id"]}
    assert drive.permissions().update(**where, body={"role": "reader"}, fields="role").execute() == {"role": "reader"}
    got = drive.permissions().get(**where, fields="emailAddress,role,displayName").execute()
    assert got == {"emailAddress": "mara@example.com", "role": "reader", "displayName": "mara"}
    assert share(MARA).execute()["id"] == made["id"]  # the same person again: another role, no second permission
    assert [one["role"] for one in everyone(local, drive)] == ["writer", "owner"]
    assert drive.permissions().delete(**where).execute() == ""
    assert [one["role"] for one in everyone(local, drive)] == ["owner"]
    assert local.refused(drive.permissions().get(**where))["errors"][0]["location"] == "permissionId"


def test_a_list_without_fields_is_short_and_comes_in_pages(local, drive, share):
    share({"type": "anyone", "role": "reader"}).execute()
    first = drive.permissions().list(fileId=local.id, pageSize=1).execute()
    assert first["permissions"] == [
        {"kind": "drive#permission", "id": "anyoneWithLink", "type": "anyone", "role": "reader"}
    ]
    second = drive.permissions().list(fileId=local.id, pageSize=1, pageToken=first["nextPageToken"]).execute()
    assert [one["role"] for one in second["permissions"]] == ["owner"] and "nextPageToken" not in second


def test_the_owner_stays_the_owner(local, drive, share):
    owner = everyone(local, drive)[0] | {
        "id": drive.permissions().list(fileId=local.id).execute()["permissions"][0]["id"]
    }
    where = {"fileId": local.id, "permissionId": owner["id"]}
    assert local.refused(drive.permissions().delete(**where))["code"] == 403
    assert local.refused(drive.permissions().update(**where, body={"role": "reader"}))["code"] == 403
    assert share({**MARA, "emailAddress": owner["emailAddress"]}).execute()["role"] == "owner"
    assert local.refused(share({**MARA, "role": "owner"}))["errors"][0]["location"] == "transferOwnership"


@pytest.mark.parametrize(
    ("body", "location"),
    [
        ({"role": "reader"}, "permission.type"),
        ({"type": "user"}, "permission.role"),
        ({"type": "user", "role": "reader"}, "permission.emailAddress"),
        ({**MARA, "emailAddress": "nobody"}, "permission.emailAddress"),
        ({**MARA, "role": "boss"}, "permission.role"),
        ({"type": "domain", "role": "reader"}, "permission.domain"),
        ({"type": "anyone", "role": "reader", "emailAddress": "mara@example.com"}, "permission.emailAddress"),
    ],
)
def test_what_is_no_permission_is_refused(local, drive, share, body, location):
    error = local.refused(share(body))
    assert (error["code"], error["errors"][0]["location"]) == (400, location)
    assert len(everyone(local, drive)) == 1


def test_a_file_tells_who_may_what(local, drive, share):
    share(MARA).execute()
    fields = "shared,owners(me),capabilities(canShare,canEdit),permissions(role),permissionIds,ownedByMe"
    told = local.files.get(fileId=local.id, fields=fields).execute()
    assert (told["shared"], told["owners"], told["ownedByMe"]) == (True, [{"me": True}], True)
    assert told["capabilities"] == {"canShare": True, "canEdit": True}
    assert [one["role"] for one in told["permissions"]] == ["writer", "owner"] and len(told["permissionIds"]) == 2
    copy = local.files.copy(fileId=local.id, fields="shared").execute()
    assert copy == {"shared": False}
    assert drive.about().get(fields="user(me,emailAddress)").execute()["user"]["me"] is True


def test_a_file_of_somebody_else_is_told_from_one_that_is_gone(local):
    local.files.delete(fileId=local.id).execute()
    assert local.refused(local.sheets.get(spreadsheetId=local.id))["code"] == 404
    other = "1jIKzPs8LsiZZdLdeMEP-5ZIHw6RkjiOmj1LrJN706Yc"
    assert local.refused(local.sheets.get(spreadsheetId=other))["status"] == "PERMISSION_DENIED"
    assert local.refused(local.files.get(fileId=other))["code"] == 404


@pytest.mark.parametrize("order", ["recency desc", "folder,name_natural", "starred,quotaBytesUsed,viewedByMeTime"])
def test_files_are_listed_in_every_order_there_is(local, order):
    for name in ("file 10", "file 9"):
        local.files.create(body={"name": name}).execute()
    names = [file["name"] for file in local.files.list(orderBy=order).execute()["files"]]
    assert sorted(names) == ["Test", "file 10", "file 9"]
    assert "natural" not in order or names == ["file 9", "file 10", "Test"]
