"""What a refusal is made into: the bodies that Google's services answer with, and the sentence for each."""

from __future__ import annotations

import json

import pytest

from crm_builder.google.messages import TABLE, told
from crm_builder.google.refusals import refusal

GOOGLE = "type.googleapis.com/google.rpc."
LINK = "https://console.developers.google.com/apis/api/sheets.googleapis.com/overview?project=1234567890"
DISABLED = (
    "Google Sheets API has not been used in project 1234567890 before or it is disabled. Enable it by visiting "
    f"{LINK} then retry. If you enabled this API recently, wait a few minutes."
)


def body(status: int, word: str, message: str, *details: dict) -> bytes:
    return json.dumps(
        {"error": {"code": status, "message": message, "status": word, "details": list(details)}}
    ).encode()


def info(reason: str, **metadata: str) -> dict:
    return {"@type": GOOGLE + "ErrorInfo", "reason": reason, "domain": "googleapis.com", "metadata": metadata}


def drive(status: int, reason: str, message: str, **more: str) -> bytes:
    errors = [{"domain": "global", "reason": reason, "message": message, **more}]
    return json.dumps({"error": {"errors": errors, "code": status, "message": message}}).encode()


# (what it is, status, body as recorded or documented, kind, words that the sentence must hold)
CASES = [
    ("an API that is off, recorded", 403, body(403, "PERMISSION_DENIED", DISABLED,
        {"@type": GOOGLE + "Help", "links": [{"description": "Google developers console API activation", "url": LINK}]},
        info("SERVICE_DISABLED", service="sheets.googleapis.com")), "final", ["Google Sheets API is switched off", LINK, "wait a minute"]),
    ("the same in its compact form", 403, body(403, "PERMISSION_DENIED", DISABLED,
        info("SERVICE_DISABLED", activationUrl=LINK, serviceTitle="Google Sheets API")), "final", ["Google Sheets API is switched off", LINK]),
    ("Drive that is off", 403, drive(403, "accessNotConfigured", "Google Drive API has not been used in project 1 before or it is disabled.",
        extendedHelp="https://console.developers.google.com/drive"), "final", ["Google Drive API is switched off", "https://console.developers.google.com/drive"]),
    ("the switch of Apps Script", 403, body(403, "PERMISSION_DENIED", "User has not enabled the Apps Script API. Enable it by visiting "
        "https://script.google.com/home/usersettings then retry."), "final", ["your Google account", "https://script.google.com/home/usersettings"]),
    ("a scope that is missing in Sheets", 403, body(403, "PERMISSION_DENIED", "Request had insufficient authentication scopes.",
        info("ACCESS_TOKEN_SCOPE_INSUFFICIENT")), "final", ["lacks a permission", "every box", "crm-builder login"]),
    ("a scope that is missing in Drive, recorded", 403, b'{"error": {"code": 403, "message": "Request had insufficient authentication scopes.", '
        b'"errors": [{"message": "Insufficient Permission", "domain": "global", "reason": "insufficientPermissions"}], "status": "PERMISSION_DENIED"}}',
        "final", ["lacks a permission"]),
    ("a file of somebody else in Sheets", 403, body(403, "PERMISSION_DENIED", "The caller does not have permission"), "final", ["share it as an editor"]),
    ("a file of somebody else in Drive", 403, drive(403, "insufficientFilePermissions", "The user does not have sufficient permissions for file 1."), "final", ["share it as an editor"]),
    ("a file that another program made", 403, drive(403, "appNotAuthorizedToFile", "The user has not granted the app 1 write access to the file 2."), "final", ["only files that it made itself"]),
    ("a policy of an organisation", 403, drive(403, "domainPolicy", "The domain administrators have disabled Drive apps."), "final", ["administrators", "client id"]),
    ("a Drive that is full", 403, drive(403, "storageQuotaExceeded", "The user's Drive storage quota has been exceeded."), "final", ["full", "free some room"]),
    ("a day's requests", 403, drive(403, "dailyLimitExceeded", "Daily Limit Exceeded"), "final", ["tomorrow"]),
    ("too much shared", 403, drive(403, "sharingRateLimitExceeded", "Rate limit exceeded."), "final", ["share", "some hours"]),
    ("Drive's rate", 403, drive(403, "rateLimitExceeded", "Rate Limit Exceeded"), "quota", ["limit of requests"]),
    ("Drive's rate of a user", 403, drive(403, "userRateLimitExceeded", "User Rate Limit Exceeded"), "quota", ["limit of requests"]),
    ("the quota of Sheets, recorded", 429, body(429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'Read requests' and limit "
        "'Read requests per minute per user' of service 'sheets.googleapis.com'", info("RATE_LIMIT_EXCEEDED", quota_unit="1/min/{project}/{user}",
        quota_limit="ReadRequestsPerMinutePerUser")), "quota", ["limit of requests"]),
    ("the quota of a day", 429, body(429, "RESOURCE_EXHAUSTED", "Quota exceeded for limit 'Requests per day'",
        info("RATE_LIMIT_EXCEEDED", quota_unit="1/d/{project}")), "final", ["tomorrow"]),
    ("a token that no longer holds", 401, body(401, "UNAUTHENTICATED", "Request had invalid authentication credentials."), "credentials", ["crm-builder login"]),
    ("a file that is not there, recorded", 404, drive(404, "notFound", "File not found: NOPE.", locationType="parameter", location="fileId"), "final", ["not there", "same credentials"]),
    ("a spreadsheet that is not there, recorded", 404, body(404, "NOT_FOUND", "Requested entity was not found."), "final", ["not there"]),
    ("an address without an account", 400, drive(400, "invalidSharingRequest", "Bad Request. User message: \"You are trying to invite …\""), "final", ["no Google account", "by hand"]),
    ("a protection of people", 400, body(400, "INVALID_ARGUMENT", "Invalid requests[0].updateCells: You are trying to edit a protected cell or object. "
        "Please contact the spreadsheet owner to remove protection if you need to edit."), "final", ["protected", "nothing of this request was done"]),
    ("too many cells", 400, body(400, "INVALID_ARGUMENT", "Invalid requests[4].addSheet: This action would increase the number of cells in the workbook "
        "above the limit of 10000000 cells."), "final", ["more cells than Google allows"]),
    ("a file of Excel", 400, body(400, "FAILED_PRECONDITION", "This operation is not supported for this document. The document must not be an Office file."), "final", ["Excel"]),
    ("a mistake in a request", 400, body(400, "INVALID_ARGUMENT", "Unable to parse range: NOPE!A5:F15"), "final", []),
    ("a failure inside", 500, body(500, "INTERNAL", "Internal error encountered."), "service", ["failed inside"]),
    ("a service that is away", 503, body(503, "UNAVAILABLE", "The service is currently unavailable."), "service", ["not available"]),
    ("a proxy's page", 502, b"<html>Bad Gateway</html>", "service", ["not available"]),
    ("two at once", 409, body(409, "ABORTED", "The operation was aborted."), "service", ["same moment"]),
    ("a size", 413, b"", "final", ["larger than Google takes"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "content", "kind", "words"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_refusal_says_what_it_means_and_what_to_do(status, content, kind, words):
    found = refusal(status, content)
    assert found.kind == kind
    sentence = told(found)
    for word in words:
        assert word in sentence
    assert bool(sentence) == bool(words), "Google's own words are enough only for mistakes in a request"
    assert "{" not in sentence
    assert not sentence.endswith(".")


def test_each_line_of_the_table_says_something_that_no_earlier_one_said():
    heads = [(words.status, words.reason, words.pattern) for words in TABLE]
    assert len(set(heads)) == len(heads)
    for index, words in enumerate(TABLE):
        earlier = [one for one in TABLE[:index] if one.status == words.status and not one.reason and not one.pattern]
        assert not earlier, words


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"[]", b'"x"', b"null", b'{"error": "invalid_grant"}', b'{"error": {"errors": [3]}}', b'{"error": {"errors": 3}}',
     b'{"error": {"details": [null, {"@type": 3, "metadata": []}]}}', b'{"error": {"details": [{"links": 3}]}}', b'{"error": {"message": {}}}'],
)  # fmt: skip
def test_a_body_of_any_shape_is_read(content):
    found = refusal(500, content)
    assert found.status == 500
    assert isinstance(found.message, str)
    assert isinstance(told(found), str)
