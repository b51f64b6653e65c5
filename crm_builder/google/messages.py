"""What a refusal means and what to do about it, in one sentence: a table from the service's words to ours."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crm_builder.google.refusals import Refusal

SWITCH = "https://script.google.com/home/usersettings"
LIBRARY = "https://console.cloud.google.com/apis/library"
STORAGE = "https://one.google.com/storage"

GAVE_UP = "{said}; tried {tries} times in {time}, which is as long as it waits; run the same command again later"
TOO_LONG = "{said}, and asks to come back in {time}; run the same command again then"
SILENT = "Google's service does not answer as it should"
UNREACHABLE = (
    "Google was not reached in {tries} tries over {time}, so nothing more was done; check the connection to the "
    "internet and run the same command again"
)
NO_SERVER = "no server answers at {root}; is crm-builder serve running?"
UNTRUSTED = (
    "the other end could not prove that it is Google, and nothing was sent; check the computer's clock, and whether a "
    "proxy or a virus scanner stands in between"
)
LOST = (
    "the answer was lost, so this request may or may not have taken effect; run the same command again: it looks first "
    "and goes on from what it finds"
)


@dataclass(frozen=True, slots=True)
class Words:
    """A refusal of this status, with this reason, whose message fits the pattern; "" fits all."""

    status: int
    reason: str
    pattern: str
    text: str  # {service}, {link}


_SWITCHED_OFF = (
    "the {service} is switched off in the Google Cloud project of your credentials, so nothing was done; switch it on "
    "at {link}, wait a minute, and run the same command again"
)
_SCOPES = (
    "this login lacks a permission that is needed here, so nothing was done; run `crm-builder login` again and leave "
    "every box on Google's page ticked"
)
_RATE = "Google's limit of requests is reached"
_NOT_YOURS = (
    "this account may not change that file, so nothing was done; its owner has to share it as an editor, or log in "
    "with the account that made it (`crm-builder login --list` shows yours)"
)

# The first that fits says it. Recorded bodies: shared conformance samples; reasons of Drive:
# developers.google.com/workspace/drive/api/guides/handle-errors; the others as the services were reported to answer.
TABLE = (
    Words(401, "", "", "Google no longer accepts this login, and nothing was done; run `crm-builder login` again"),
    Words(
        403, "", "not enabled the Apps Script API",
        f"your Google account has the Apps Script API switched off, so nothing was done; switch it on at {SWITCH}, "
        "wait a minute, and run the same command again",
    ),
    Words(403, "SERVICE_DISABLED", "", _SWITCHED_OFF),
    Words(403, "accessNotConfigured", "", _SWITCHED_OFF),
    Words(403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "", _SCOPES),
    Words(403, "insufficientPermissions", "", _SCOPES),
    Words(403, "", "insufficient authentication scopes", _SCOPES),
    Words(
        403, "", "scopes are not sufficient", _SCOPES
    ),
    Words(403, "rateLimitExceeded", "", _RATE),
    Words(403, "userRateLimitExceeded", "", _RATE),
    Words(403, "RATE_LIMIT_EXCEEDED", "", _RATE),
    Words(
        403, "dailyLimitExceeded", "",
        "the requests that this Google Cloud project has for a day are used up, so nothing was done; run the same "
        "command again tomorrow",
    ),
    Words(
        403, "sharingRateLimitExceeded", "",
        "Google lets this account share nothing more for now, so nothing was shared; run the same command again in "
        "some hours, or share the file by hand",
    ),
    Words(
        403, "storageQuotaExceeded", "",
        f"the storage of this account is full, so nothing was made; free some room ({STORAGE}) and run the same "
        "command again",
    ),
    Words(
        403, "domainPolicy", "",
        "the administrators of your organisation do not allow this program, so nothing was done; ask them to allow the "
        "client id of your credentials (admin.google.com, Security, API controls), or log in with another account",
    ),
    Words(
        403, "appNotAuthorizedToFile", "",
        "crm-builder reaches only files that it made itself with these credentials, and this is another one, so "
        "nothing was done; use the credentials that it was made with, or let `crm-builder up` make a CRM of its own",
    ),
    Words(403, "insufficientFilePermissions", "", _NOT_YOURS),
    Words(403, "insufficientParentPermissions", "", _NOT_YOURS),
    Words(403, "", "caller does not have permission", _NOT_YOURS),
    Words(
        400, "invalidSharingRequest", "",
        "Google does not share with this address without a mail to it, for there is no Google account of that name; "
        "nothing was shared with it: correct the address, or share with it by hand",
    ),
    Words(
        400, "", "protected cell or object",
        "somebody protected what was to be changed, and this account is not among its editors; nothing of this request "
        "was done: the owner of the file has to take the protection away or to add the account",
    ),
    Words(
        400, "", "limit of 10000000 cells",
        "the file would hold more cells than Google allows, so nothing of this request was done; delete rows, columns "
        "or sheets that are not needed",
    ),
    Words(
        400, "", "must not be an Office file",
        "the file is one of Excel, which Google lets nobody change this way; save it as a Google Sheets file first",
    ),
    Words(
        404, "", "",
        "it is not there, or this login may not see it: crm-builder sees only what it made itself with the same "
        "credentials",
    ),
    Words(408, "", "", SILENT),
    Words(409, "ABORTED", "", "somebody else was changing the file at the same moment"),
    Words(413, "", "", "the request is larger than Google takes, so nothing was done; please report this"),
    Words(429, "", "per day|PerDay", "the requests of this day are used up, so nothing was done; try again tomorrow"),
    Words(429, "", "", _RATE),
    Words(500, "", "", "Google's service failed inside"),
    Words(502, "", "", "Google's service is not available"),
    Words(503, "", "", "Google's service is not available"),
    Words(504, "", "", "Google's service took too long"),
)  # fmt: skip

_SERVICES = {
    "sheets.googleapis.com": "Google Sheets API",
    "drive.googleapis.com": "Google Drive API",
    "script.googleapis.com": "Apps Script API",
}


def told(refusal: Refusal) -> str:
    """One sentence without a full stop; "" where Google's own words say it best."""
    for words in TABLE:
        if words.status != refusal.status or (words.reason and words.reason not in refusal.reasons):
            continue
        if words.pattern and not re.search(words.pattern, refusal.message, re.IGNORECASE):
            continue
        named = re.match(r"(?:Access Not Configured\. )?(.{3,40}? API) has not been used", refusal.message)
        service = _SERVICES.get(refusal.service) or (named[1] if named else "API that is needed here")
        return words.text.format(service=service, link=refusal.link or LIBRARY)
    return ""
