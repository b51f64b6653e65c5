"""The real client libraries against the local workspace: batches, uploads, downloads, copies, consent and tokens."""

from __future__ import annotations

import io
import json
import urllib.error
import urllib.request
import zipfile
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlencode, urlsplit

import httplib2
import pytest
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request
from google.oauth2.credentials import Credentials
from google_auth_httplib2 import AuthorizedHttp
from google_auth_oauthlib.flow import Flow
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError
from googleapiclient.http import BatchHttpRequest, MediaInMemoryUpload, MediaIoBaseDownload, build_http

from crm_builder.local.discovery import document
from crm_builder.local.server import serve

SHEET = "application/vnd.google-apps.spreadsheet"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DRIVE_FILE = "https://www.googleapis.com/auth/drive.file"
SCRIPTS = "https://www.googleapis.com/auth/script.projects"


@pytest.fixture(scope="module")
def there(tmp_path_factory):
    """server, http, drive, sheets, script: the library's services with the root of Google's hosts replaced."""
    with serve(tmp_path_factory.mktemp("clients")) as server:
        http = AuthorizedHttp(Credentials("any"), build_http())
        services = {}
        for api in ("drive", "sheets", "script"):
            own = {**document(api), "rootUrl": f"{server.url}/", "baseUrl": f"{server.url}/"}
            services[api] = build_from_document(json.dumps(own), http=http)
        yield SimpleNamespace(server=server, http=http, **services)
        http.http.close()


def made(there, name="File"):
    return there.drive.files().create(body={"name": name, "mimeType": SHEET}).execute()["id"]


def rows(there, id, range_="A1:Z20"):
    return there.sheets.spreadsheets().values().get(spreadsheetId=id, range=range_).execute().get("values", [])


# -- batches ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/batch/drive/v3", "/batch"])
def test_a_batch_answers_each_call_by_itself(there, path):
    id = made(there)
    done = {}
    batch = BatchHttpRequest(lambda key, answer, error: done.update({key: error or answer}), there.server.url + path)
    body = {"type": "user", "role": "writer", "emailAddress": "sara@example.com"}
    create = there.drive.permissions().create(fileId=id, body=body, sendNotificationEmail=False, fields="id,role")
    batch.add(create, request_id="share with Sara")
    batch.add(there.drive.files().get(fileId="none"), request_id="missing")
    batch.add(there.drive.files().update(fileId=id, body={"name": "نام تازه"}, fields="name"), request_id="rename")
    calls = len(there.server.log)
    batch.execute(http=there.http)
    assert len(there.server.log) == calls + 1
    assert done["share with Sara"]["role"] == "writer"
    assert isinstance(done["missing"], HttpError) and done["missing"].resp.status == 404
    assert done["rename"] == {"name": "نام تازه"}
    listed = there.drive.permissions().list(fileId=id, fields="permissions(role,emailAddress)").execute()["permissions"]
    assert {"role": "writer", "emailAddress": "sara@example.com"} in listed


def test_sheets_takes_no_part_in_batches_and_a_batch_has_its_limit(there):
    told = []
    batch = BatchHttpRequest(lambda key, answer, error: told.append(error.resp.status), f"{there.server.url}/batch")
    batch.add(there.sheets.spreadsheets().get(spreadsheetId="x"))
    batch.execute(http=there.http)
    assert told == [501]
    large = BatchHttpRequest(lambda *_: None, f"{there.server.url}/batch/drive/v3")
    for _ in range(101):
        large.add(there.drive.files().get(fileId="x"))
    with pytest.raises(HttpError, match="exceeds the maximum of 100"):
        large.execute(http=there.http)


def test_a_batch_that_is_none_is_refused(there):
    answer, content = there.http.request(f"{there.server.url}/batch", "POST", "x", {"content-type": "text/plain"})
    assert answer.status == 400 and b"Failed to parse batch request" in content


# -- content ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("resumable", [False, True])
@pytest.mark.parametrize(
    ("kind", "text"), [("text/csv", 'a,"b, c"\n1,=A2+1\n'), ("text/tab-separated-values", "a\tb, c\n1\t=A2+1\n")]
)
def test_a_table_of_text_becomes_a_spreadsheet(there, kind, text, resumable):
    media = MediaInMemoryUpload(text.encode(), kind, resumable=resumable, chunksize=256 * 1024)
    body = {"name": "Table", "mimeType": SHEET, "appProperties": {"k": "v"}}
    file = there.drive.files().create(body=body, media_body=media, fields="id,name,mimeType,appProperties").execute()
    assert (file["name"], file["mimeType"], file["appProperties"]) == ("Table", SHEET, {"k": "v"})
    assert rows(there, file["id"]) == [["a", "b, c"], ["1", "2"]]
    shown = there.sheets.spreadsheets().get(spreadsheetId=file["id"]).execute()
    assert [sheet["properties"]["title"] for sheet in shown["sheets"]] == ["Table"]


def test_a_resumable_upload_comes_in_pieces_and_may_be_asked_after(there):
    content = b"x,y\n" * 200_000
    media = MediaInMemoryUpload(content, "text/plain", resumable=True, chunksize=256 * 1024)
    upload = there.drive.files().create(body={"name": "notes.txt"}, media_body=media, fields="id,size,md5Checksum")
    progress, file = upload.next_chunk()
    assert file is None and progress.resumable_progress == 256 * 1024
    asked, _ = there.http.request(upload.resumable_uri, "PUT", headers={"content-range": f"bytes */{len(content)}"})
    assert (asked.status, asked["range"]) == (308, f"bytes=0-{256 * 1024 - 1}")
    while file is None:
        _, file = upload.next_chunk()
    assert file["size"] == str(len(content))
    assert there.drive.files().get_media(fileId=file["id"]).execute() == content


def test_new_content_takes_the_place_of_the_old(there):
    id = made(there, "Import")
    media = MediaInMemoryUpload(b"new,rows\n", "text/csv")
    there.drive.files().update(fileId=id, media_body=media).execute()
    assert rows(there, id) == [["new", "rows"]]


@pytest.mark.parametrize(
    ("body", "kind", "part"),
    [
        ({"name": "a", "mimeType": SHEET}, "application/pdf", "CSV and TSV only"),
        ({"name": "a", "mimeType": "application/vnd.google-apps.document"}, "text/plain", "Bad Request"),
        ({"name": "a", "unknown": 1}, "text/plain", "Parse Error"),
    ],
)
def test_content_that_cannot_become_what_is_wanted_is_refused(there, body, kind, part):
    before = there.drive.files().list(pageSize=1000).execute()["files"]
    media = MediaInMemoryUpload(b"content", kind)
    with pytest.raises(HttpError, match=part) as caught:
        there.drive.files().create(body=body, media_body=media).execute()
    assert caught.value.resp.status == 400
    assert there.drive.files().list(pageSize=1000).execute()["files"] == before


def test_the_first_sheet_is_exported_as_it_is_shown(there):
    id = made(there)
    values = [["Name", 'says "hi"', ""], ["سارا", 1234.5, "=1/4"], ["", "", "a\tb"]]
    write = there.sheets.spreadsheets().values().update
    write(spreadsheetId=id, range="A1", valueInputOption="USER_ENTERED", body={"values": values}).execute()
    csv = there.drive.files().export(fileId=id, mimeType="text/csv").execute()
    assert csv.decode() == 'Name,"says ""hi""",\r\nسارا,1234.5,0.25\r\n,,a\tb'
    tsv = there.drive.files().export_media(fileId=id, mimeType="text/tab-separated-values").execute()
    assert tsv.decode() == 'Name\tsays "hi"\t\r\nسارا\t1234.5\t0.25\r\n\t\ta b'
    book = there.drive.files().export(fileId=id, mimeType=XLSX).execute()
    assert "سارا" in zipfile.ZipFile(io.BytesIO(book)).read("xl/sharedStrings.xml").decode()
    with pytest.raises(HttpError, match="conversion is not supported"):
        there.drive.files().export(fileId=id, mimeType="application/pdf").execute()
    with pytest.raises(HttpError, match="Only files with binary content can be downloaded"):
        there.drive.files().get_media(fileId=id).execute()


def test_a_sheet_is_copied_to_another_spreadsheet(there):
    source, target = made(there, "Source"), made(there, "Target")
    area = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 4, "startColumnIndex": 0, "endColumnIndex": 2}
    rule = {"condition": {"type": "NUMBER_GREATER", "values": [{"userEnteredValue": "1"}]}, "strict": True}
    red = {
        "ranges": [area],
        "booleanRule": {"condition": {"type": "NOT_BLANK"}, "format": {"textFormat": {"bold": True}}},
    }
    requests = [
        {"updateSheetProperties": {"properties": {"sheetId": 0, "title": "Prices"}, "fields": "title"}},
        {"setDataValidation": {"range": area, "rule": rule}},
        {"addConditionalFormatRule": {"rule": red, "index": 0}},
        {"mergeCells": {"range": {**area, "startRowIndex": 5, "endRowIndex": 6}, "mergeType": "MERGE_ALL"}},
        {"addProtectedRange": {"protectedRange": {"range": area, "warningOnly": True}}},
    ]
    there.sheets.spreadsheets().batchUpdate(spreadsheetId=source, body={"requests": requests}).execute()
    write = there.sheets.spreadsheets().values().update
    write(
        spreadsheetId=source, range="A1", valueInputOption="USER_ENTERED", body={"values": [["2", "=A1*2"]]}
    ).execute()
    copy = there.sheets.spreadsheets().sheets().copyTo
    for title in ("Copy of Prices", "Copy of Prices 2"):
        told = copy(spreadsheetId=source, sheetId=0, body={"destinationSpreadsheetId": target}).execute()
        assert (told["title"], told["index"]) == (title, 1 if title.endswith("s") else 2)
    assert rows(there, target, "'Copy of Prices'!A1:B1") == [["2", "4"]]
    whole = there.sheets.spreadsheets().get(spreadsheetId=target, includeGridData=True).execute()["sheets"][1]
    own = whole["properties"]["sheetId"]
    assert whole["conditionalFormats"][0]["ranges"] == [{**area, "sheetId": own}]
    assert whole["merges"] == [{**area, "sheetId": own, "startRowIndex": 5, "endRowIndex": 6}]
    assert whole["protectedRanges"][0]["range"] == {**area, "sheetId": own}
    assert whole["data"][0]["rowData"][1]["values"][0]["dataValidation"] == rule
    with pytest.raises(HttpError) as caught:
        copy(spreadsheetId=source, sheetId=7, body={"destinationSpreadsheetId": target}).execute()
    assert caught.value.resp.status == 400


# -- consent and tokens ----------------------------------------------------------------------------------------------


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def consented(address):
    """Where the consent page of an address leads to: the parameters of the redirect."""
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.build_opener(_Stay).open(address)
    caught.value.close()
    assert caught.value.code == 302, caught.value.code
    return dict(parse_qsl(urlsplit(caught.value.headers["Location"]).query))


@pytest.fixture
def flow(there, monkeypatch):
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # the stand-in speaks plain HTTP on this computer
    url = there.server.url
    installed = {
        "client_id": "me.apps.googleusercontent.com",
        "client_secret": "s",
        "auth_uri": f"{url}/o/oauth2/v2/auth",
        "token_uri": f"{url}/token",
    }
    made = Flow.from_client_config({"installed": installed}, [DRIVE_FILE], redirect_uri="http://127.0.0.1:1/")
    yield made
    made.oauth2session.close()


def test_the_installed_app_flow_works_with_the_real_library(there, flow):
    address, state = flow.authorization_url(access_type="offline", login_hint="sara@example.com")
    given = consented(address)
    assert given["state"] == state and given["scope"] == DRIVE_FILE
    flow.fetch_token(code=given["code"])
    fresh = flow.credentials
    assert fresh.valid and fresh.refresh_token and fresh.granted_scopes == [DRIVE_FILE]
    old = fresh.token
    fresh.refresh(Request())
    assert fresh.token != old and fresh.valid
    with pytest.raises(Exception, match="invalid_grant"):  # a code works once
        flow.fetch_token(code=given["code"])


def test_a_token_does_what_its_scopes_allow(there, flow):
    flow.fetch_token(code=consented(flow.authorization_url()[0])["code"])
    http = AuthorizedHttp(flow.credentials, httplib2.Http())
    assert there.sheets.spreadsheets().create(body={}).execute(http=http)["spreadsheetId"]
    with pytest.raises(HttpError) as caught:
        there.script.projects().create(body={"title": "x"}).execute(http=http)
    error = json.loads(caught.value.content)["error"]
    assert (error["code"], error["message"]) == (403, "Request had insufficient authentication scopes.")
    assert error["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
    assert SCRIPTS in caught.value.resp["www-authenticate"]
    http.http.close()


@pytest.mark.parametrize(("scope", "status"), [(SCRIPTS, 403), (DRIVE_FILE, 200)])
def test_a_part_of_a_batch_does_what_the_scopes_allow(there, scope, status):
    id = made(there)
    url = f"{there.server.url}/o/oauth2/v2/auth?client_id=a&response_type=code&redirect_uri=http://127.0.0.1:1/"
    form = {"grant_type": "authorization_code", "code": consented(f"{url}&scope={scope}")["code"], "client_id": "a"}
    form |= {"client_secret": "b", "redirect_uri": "http://127.0.0.1:1/"}
    answer = httplib2.Http().request(
        f"{there.server.url}/token", "POST", urlencode(form), {"content-type": "application/x-www-form-urlencoded"}
    )
    http = AuthorizedHttp(Credentials(json.loads(answer[1])["access_token"]), httplib2.Http())
    told = []

    def received(key, answer, error):
        told.append(error.resp.status if error else 200)

    batch = BatchHttpRequest(received, f"{there.server.url}/batch/drive/v3")
    body = {"type": "user", "role": "writer", "emailAddress": "sara@example.com"}
    create = there.drive.permissions().create(fileId=id, body=body, sendNotificationEmail=False)
    create.http = None  # no token of its own
    batch.add(create)
    batch.execute(http=http)
    assert told == [status]
    http.http.close()


def test_refusals_of_consent_and_of_tokens(there, flow):
    url = there.server.url
    assert consented(flow.authorization_url(login_hint="denied@example.com")[0])["error"] == "access_denied"
    elsewhere = f"{url}/o/oauth2/v2/auth?client_id=a&response_type=code&scope=b&redirect_uri=https://example.com/"
    answer, page = httplib2.Http().request(elsewhere)
    assert answer.status == 400 and b"redirect_uri_mismatch" in page
    old = Credentials(None, "expired-long-ago", token_uri=f"{url}/token", client_id="a", client_secret="b")
    with pytest.raises(RefreshError, match="Token has been expired or revoked"):
        old.refresh(Request())


def test_a_token_taken_back_is_refused(there):
    url = there.server.url
    usable = Credentials(None, "anything", token_uri=f"{url}/token", client_id="a", client_secret="b")
    usable.refresh(Request())
    for token in (usable.token, "anything"):
        assert httplib2.Http().request(f"{url}/revoke?token={token}", "POST", "")[0].status == 200
    answer, _ = httplib2.Http().request(f"{url}/drive/v3/files", headers={"authorization": f"Bearer {usable.token}"})
    assert answer.status == 401
    with pytest.raises(RefreshError):
        usable.refresh(Request())


def test_a_download_is_written_to_a_file_in_pieces(there):
    id = made(there)
    file = io.BytesIO()
    done = False
    load = MediaIoBaseDownload(file, there.drive.files().export_media(fileId=id, mimeType="text/csv"))
    while not done:
        _, done = load.next_chunk()
    assert file.getvalue() == b""
