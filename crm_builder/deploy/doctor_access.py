"""The doctor on the way to Google: login, permissions of the login, the three APIs, limits, storage."""

from __future__ import annotations

from crm_builder.deploy.doctor_facts import Facts, UnseenError
from crm_builder.deploy.doctor_finding import Finding
from crm_builder.errors import CrmError, LoginError, RestError
from crm_builder.google import SCRIPT, SHEET

_LIMITS = (403, 429)
_FULL = 0.95  # of the storage
_SWITCHES = {  # each with the page of its switch
    "Drive API": "https://console.cloud.google.com/apis/library/drive.googleapis.com",
    "Sheets API": "https://console.cloud.google.com/apis/library/sheets.googleapis.com",
    "Apps Script API": "https://console.cloud.google.com/apis/library/script.googleapis.com",
}
_USER_SWITCH = "https://script.google.com/home/usersettings"


def login(facts: Facts) -> list[Finding]:
    if not facts.at_google:
        text = "this CRM lives in a local workspace: login, APIs, limits, sharing and triggers do not apply"
        return [Finding("Google", "ok", text)]
    broken = next((one for one in facts.errors if isinstance(one, LoginError)), None)
    account = broken or facts.account
    if isinstance(account, CrmError):
        return [Finding("login", "error", *_parted(account))]
    if account is None:
        return [Finding("login", "error", "nobody is logged in", "crm-builder login")]
    drive = facts.drive if isinstance(facts.drive, dict) else {}
    mail = account.mail or drive.get("user", {}).get("emailAddress", "")
    return [Finding("login", "ok", f"{mail or account.name} (account {account.name})")]


def permissions(facts: Facts) -> list[Finding]:
    """What Google granted to the login, beside what crm.toml switches on."""
    account = facts.account
    if not facts.at_google or account is None or isinstance(account, CrmError):
        return []
    again = f"crm-builder login --account {account.name}, and leave every box on Google's page ticked"
    if missing := SHEET - account.scopes:
        return [
            Finding("permissions", "error", f"the login lacks {_short(missing)}: nothing can be done with it", again)
        ]
    if facts.wanted.script and (missing := SCRIPT - account.scopes):
        text = f"the login lacks {_short(missing)}: the script is left out, and menu, reminders and mails with it"
        return [Finding("permissions", "warning", text, f"{again}; or write script = false under [google] in crm.toml")]
    return [Finding("permissions", "ok", _short(account.scopes & SCRIPT))]


def _short(scopes: frozenset[str]) -> str:
    return ", ".join(sorted(scope.rpartition("/")[2] for scope in scopes))


def switches(facts: Facts) -> list[Finding]:
    """Whether each API answers, by a call that only reads."""
    if not facts.at_google or facts.account is None or isinstance(facts.account, CrmError):
        return []  # nothing was asked
    found = []
    parts = {"Drive API": facts.drive, "Sheets API": facts.health, "Apps Script API": facts.script}
    for name, part in parts.items():
        if isinstance(part, LoginError | UnseenError):
            continue
        off = isinstance(part, RestError) and _is_off(part)
        if name == "Apps Script API" and not facts.wanted.script:
            found.append(Finding(name, "ok", "not needed: crm.toml switches the script off"))
        elif isinstance(part, RestError) and off:
            link = _USER_SWITCH if "usersettings" in part.message else _link(part) or _SWITCHES[name]
            found.append(Finding(name, "error", "it is switched off", f"switch it on at {link} and wait a minute"))
        elif isinstance(part, RestError) and _lacks_scope(part) and name == "Apps Script API":
            found.append(Finding(name, "note", "not asked: the login does not allow it"))
        elif isinstance(part, RestError) and not _is_limit(part) and part.status != 404:
            found.append(Finding(name, "error", *_parted(part, "run it again; if it stays so, please report it")))
        elif not isinstance(part, RestError):
            found.append(Finding(name, "ok", "it answers"))
    return found


def limits(facts: Facts) -> list[Finding]:
    """Answers that a limit is used up, and the storage of the account."""
    if not facts.at_google:
        return []
    hit = next((one for one in facts.errors if isinstance(one, RestError) and _is_limit(one)), None)
    if hit:
        return [Finding("limits", "warning", *_parted(hit, "wait some minutes and run it again"))]
    if not isinstance(facts.drive, dict):
        return []
    quota = facts.drive.get("storageQuota", {})
    limit, used = int(quota.get("limit") or 0), int(quota.get("usage") or 0)
    if not limit:
        return [Finding("limits", "ok", "no limit is used up; the storage has none")]
    share = f"{used / limit:.0%} of the storage is used"
    if used >= limit:
        text, todo = f"{share}: Google makes no new file", "free some room: https://one.google.com/storage"
        return [Finding("limits", "error", text, todo)]
    if used > limit * _FULL:
        return [Finding("limits", "warning", share, "free some room: https://one.google.com/storage")]
    return [Finding("limits", "ok", f"no limit is used up; {share}")]


def _parted(error: CrmError, todo: str = "") -> tuple[str, str]:
    """What happened, and what to do: an error says both, parted by a semicolon."""
    text = error.told if isinstance(error, RestError) and error.told else str(error)
    said, _, way = text.partition("; ")
    return (said, way) if way else (text, todo)


def _is_off(error: RestError) -> bool:
    """As recorded: "… has not been used in project N before or it is disabled", and of Apps Script also "User has not
    enabled the Apps Script API"."""
    return error.status == 403 and ("it is disabled" in error.message or "has not enabled the" in error.message)


def _link(error: RestError) -> str:
    """The page that Google names in its message."""
    words = error.message.split()
    return next((word.rstrip(".,") for word in words if word.startswith("https://")), "")


def _lacks_scope(error: RestError) -> bool:
    return error.status == 403 and "scopes" in error.message


def _is_limit(error: RestError) -> bool:
    said = f"{error.code} {error.message}".casefold()
    return error.status in _LIMITS and ("quota" in said or "ratelimit" in said or "limitexceeded" in said)
