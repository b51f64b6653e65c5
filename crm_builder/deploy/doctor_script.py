"""The doctor on the script inside the spreadsheet: whether it is there, runs, and keeps the same time."""

from __future__ import annotations

from datetime import timedelta

from crm_builder.deploy.doctor_crm import copied_from
from crm_builder.deploy.doctor_facts import Facts, Script
from crm_builder.deploy.doctor_finding import Finding
from crm_builder.deploy.probes import same_zone
from crm_builder.errors import CrmError, LoginError, RestError

MOST_TRIGGERS = 20  # of one user in one script (documented quota)
_SLACK = timedelta(minutes=90)  # a trigger of every hour comes at any minute of it
_SILENT = timedelta(days=2)
_SET_UP_HERE = "crm-builder run finishSetUp, then crm-builder run dispatch for each run; nothing leaves this computer"
_SET_UP = "open the spreadsheet, click “{}” in its menu bar and then “{}”; Google asks once for your permission"


def script(facts: Facts) -> list[Finding]:
    """Whether it is there, and whether its time zone is the spreadsheet's."""
    if not facts.wanted.script:
        return [Finding("script", "ok", "crm.toml switches it off")] * facts.at_google
    found = facts.script
    if isinstance(found, RestError) and found.status == 404:
        text = "the script that the spreadsheet remembers is gone, or this login cannot see it"
        return [Finding("script", "error", text, "crm-builder up --new-script makes another one")]
    if isinstance(found, CrmError):
        return []  # told with the API, or with the login
    if found is None:
        return [Finding("script", "note", "there is none yet", "crm-builder up")] * bool(
            facts.at_google and facts.health
        )
    if found.time_zone and not same_zone(found.time_zone, facts.time_zone, facts.now):
        zones = f"it lives in the time zone {found.time_zone}, and crm.toml says {facts.time_zone}"
        text = f"{zones}: mails go out at another hour"
        return [Finding("script", "warning", text, "crm-builder apply --overwrite-script")]
    return [Finding("script", "ok", f"it is there, in the time zone {found.time_zone or facts.time_zone}")]


def heartbeat(facts: Facts) -> list[Finding]:
    """When the script ran last by itself."""
    if not facts.wanted.script or not _can_be(facts):
        return []
    beat = facts.heartbeat
    if beat is None:
        if not facts.noted:
            return []  # the script comes first
        if not facts.at_google:
            return [Finding("automation", "note", "the set-up is not finished", _SET_UP_HERE)]
        return [
            Finding("automation", "note", "one click is left: nothing runs by itself yet", _SET_UP.format(*facts.menu))
        ]
    ago = facts.now - beat.at
    text = f"the script ran last {_ago(ago)}"
    todo = _SET_UP.format(*facts.menu)
    if copied_from(facts):
        return []  # it is not this spreadsheet's
    if ago > _SILENT:
        return [Finding("automation", "error", f"{text}: it does not run any more", todo)]
    if ago > timedelta(minutes=beat.every) * 2 + _SLACK:
        return [Finding("automation", "warning", f"{text}, and should every {_minutes(beat.every)}", todo)]
    if beat.errors:
        wrong = "; ".join(beat.errors)
        advice = "mend what it names; the next run tries again, and says no more of it once it goes well"
        return [Finding("automation", "warning", f"{text}, and not all went well: {wrong}", advice)]
    return [Finding("automation", "ok", f"{text}, and runs every {_minutes(beat.every)}")]


def triggers(facts: Facts) -> list[Finding]:
    """How many there are, and whose: only the script itself can tell."""
    beat = facts.heartbeat
    if beat is None or copied_from(facts):
        return []
    if beat.triggers < 1:
        todo = _SET_UP.format(*facts.menu)
        return [Finding("triggers", "error", "there are none: nothing runs by itself", todo)]
    owner = _owner(facts)
    found = []
    if beat.triggers > MOST_TRIGGERS * 0.9:
        text = f"{beat.triggers} of the {MOST_TRIGGERS} that a script may have"
        found.append(Finding("triggers", "warning", text, "remove what is not needed: script.google.com/home/triggers"))
    if owner and beat.owner and beat.owner.casefold() != owner.casefold():
        text = (
            f"they are {beat.owner}'s, not the owner's ({owner}): mails go out in that name, and end with that account"
        )
        found.append(Finding("triggers", "note", text, "let the owner start it in the sheet, if that is not meant"))
    whose = f", {beat.owner}'s" if beat.owner else ""
    return found or [Finding("triggers", "ok", f"{beat.triggers}{whose}")]


def mail(facts: Facts) -> list[Finding]:
    beat = facts.heartbeat
    if not facts.at_google and not beat:
        return []
    if not facts.wanted.mail:
        return [Finding("mail", "ok", "crm.toml switches it off")]
    if beat is None or copied_from(facts):
        return []
    modes = {
        "live": "mails go to customers",
        "test": "every mail goes to its owner, none to customers",
        "off": "no mail is sent",
    }
    said = modes.get(beat.mail_mode, "the script does not tell")
    if beat.unknown:
        text = f"mails of which nobody knows whether they arrived: {beat.unknown}; {said}"
        where = f"look for them among {beat.owner or 'the sender'}'s sent mails, and set their status in the mail log"
        return [Finding("mail", "warning", text, f"{where} (docs/mail.md)")]
    return [Finding("mail", "ok", f"{beat.mail_mode}: {said}" if beat.mail_mode in modes else said)]


def web_app(facts: Facts) -> list[Finding]:
    """A web app goes on serving a former version until its deployment is pointed at the new one."""
    found = facts.script
    if not isinstance(found, Script):
        return []
    if facts.noted is None or not facts.noted.deployment:
        return [Finding("web app", "ok", "there is none, and none is needed")]
    if found.web_app is None:
        return [Finding("web app", "error", "its deployment is gone: its address answers no more", "crm-builder up")]
    if found.version and found.web_app < found.version:
        text = f"it serves version {found.web_app}, and the script has version {found.version}"
        return [Finding("web app", "warning", text, "crm-builder apply")]
    return [Finding("web app", "ok", f"it serves version {found.web_app}")]


def _can_be(facts: Facts) -> bool:
    """Whether anything can be said of what runs: not where the way to it is broken."""
    return not isinstance(facts.script, LoginError) and not isinstance(facts.health, CrmError)


def _owner(facts: Facts) -> str:
    if isinstance(facts.permissions, CrmError) or facts.permissions is None:
        return ""
    return next((one.get("emailAddress", "") for one in facts.permissions if one["role"] == "owner"), "")


def _ago(span: timedelta) -> str:
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 1:
        return "just now"
    if minutes < 120:
        return f"{minutes} minute{'s' if minutes > 1 else ''} ago"
    return f"{minutes // 60} hours ago" if minutes < 2880 else f"{minutes // 1440} days ago"


def _minutes(every: int) -> str:
    return "hour" if every == 60 else f"{every} minutes"
