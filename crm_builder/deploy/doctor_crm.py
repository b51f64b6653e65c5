"""The doctor on the CRM itself: its sheets and rules, locale and clock, copies, and who has access."""

from __future__ import annotations

from crm_builder.deploy.doctor_facts import Facts, UnseenError
from crm_builder.deploy.doctor_finding import Finding
from crm_builder.deploy.examine import Health
from crm_builder.deploy.probes import judge
from crm_builder.deploy.sharing import Kept, plan_sharing, text_of, word
from crm_builder.errors import CrmError, LoginError, RestError
from crm_builder.plan.words import count
from crm_builder.sheets.damage import Fragments

_LISTED = 5


def workbook(facts: Facts) -> list[Finding]:
    """Whether the spreadsheet can be read, what is broken in it, and what crm.toml describes otherwise."""
    health = facts.health
    if isinstance(health, UnseenError | LoginError) or (isinstance(health, RestError) and health.status != 404):
        return []  # told with the login or the API
    if isinstance(health, CrmError):
        said, _, way = str(health).partition("; ")
        return [Finding("workbook", "error", said, way)]
    if not facts.spreadsheet_id:
        return [Finding("workbook", "note", "there is no CRM yet", "crm-builder up")]
    if health is None:
        return []
    found = [
        Finding("workbook", "warning", line.partition("; repair")[0], "crm-builder repair")
        for line, one in zip(health.damage_lines(), health.damage, strict=True)
        if not isinstance(one, Fragments)
    ]
    if len(found) > _LISTED:
        rest = Finding("workbook", "warning", f"and {len(found) - _LISTED} more", "crm-builder status lists them")
        found = [*found[:_LISTED], rest]
    told = health.told
    if told.refusals:
        found.append(Finding("workbook", "warning", "something of crm.toml is refused", "crm-builder plan tells why"))
    if told.changes:
        pending = f"{count(len(told.changes), 'change')} of crm.toml not made yet"
        found.append(Finding("workbook", "note", pending, "crm-builder apply"))
    return found or [Finding("workbook", "ok", "as crm.toml describes it, and nothing is broken")]


def rules(facts: Facts) -> list[Finding]:
    """Colour rules that pasting has cut into pieces: the more there are, the slower the sheet."""
    if not isinstance(facts.health, Health):
        return []
    found = [
        Finding("rules", "warning", line.partition("; repair")[0], "crm-builder repair")
        for line, one in zip(facts.health.damage_lines(), facts.health.damage, strict=True)
        if isinstance(one, Fragments)
    ]
    return found[:_LISTED] or [Finding("rules", "ok", "every colour rule is in one piece")]


def clocks(facts: Facts) -> list[Finding]:
    """Locale and time zone of the spreadsheet. Its clock is judged where it was just changed, which is not here."""
    if not isinstance(facts.health, Health):
        return []
    probed = facts.health.seen.observed.probed.at_rest
    found = judge(probed, facts.locale, facts.time_zone, facts.now)
    return found or [Finding("locale", "ok", f"{facts.locale}, {facts.time_zone}, as crm.toml has it")]


def copies(facts: Facts) -> list[Finding]:
    """Whether this spreadsheet is a copy, and whether there are others that say that they are this CRM."""
    found = []
    if original := copied_from(facts):
        text = f"this spreadsheet is a copy of {link(original)}: its script sends no mail"
        todo = "go on with the other one; or, for a script of its own here, crm-builder up --new-script"
        found.append(Finding("copies", "warning", text, todo))
    if not isinstance(facts.files, CrmError) and facts.files is not None:
        others = [one for one in facts.files if one["id"] != facts.spreadsheet_id]
        for one in others[:_LISTED]:
            text = f"another spreadsheet says that it is this CRM: {one.get('name', '')} ({link(one['id'])})"
            todo = "put the one that is not needed into the bin"
            found.append(Finding("copies", "warning", text, todo))
        if len(others) == len(facts.files) and isinstance(facts.health, Health):
            text = "the spreadsheet can be read, and is not among your files any more: it may lie in the bin"
            found.append(Finding("copies", "error", text, "take it out of the bin in Google Drive"))
    return found or [Finding("copies", "ok", "there is one spreadsheet of this CRM")] * (facts.files is not None)


def copied_from(facts: Facts) -> str:
    """The spreadsheet that this one is a copy of, by what came along with it; "" for none."""
    noted = (facts.noted.spreadsheet if facts.noted else "", facts.heartbeat.spreadsheet if facts.heartbeat else "")
    return next((one for one in noted if one and one != facts.spreadsheet_id), "")


def link(spreadsheet_id: str) -> str:
    return f"https://docs.google.com/spreadsheets/d/{spreadsheet_id}/edit"


def sharing(facts: Facts) -> list[Finding]:
    """Who has access, beside the team of crm.toml."""
    if facts.permissions is None:
        return []
    if isinstance(facts.permissions, CrmError):
        return [Finding("sharing", "note", "who has access was not told")]
    plan = plan_sharing(facts.team, facts.shared, facts.permissions)
    found = [_access(one) for one in plan.kept if one.why != "owner"]
    open_to_all = [one for one in facts.permissions if one.get("type") == "anyone"]
    if open_to_all:
        roles = ", ".join(sorted({word(one["role"]) for one in open_to_all}))
        text = f"anyone who has the link can see what is in the CRM ({roles}), your customers' data included"
        todo = "the spreadsheet's Share dialog: General access: Restricted"
        found = [Finding("sharing", "warning", text, todo)] + [one for one in found if "anyone with" not in one.text]
    if not facts.wanted.share:
        return [*found, Finding("sharing", "ok", "left to you: crm.toml switches it off")]
    found += [Finding("sharing", "note", f"to be done: {text_of(step)}", "crm-builder apply") for step in plan.steps]
    found += [Finding("sharing", "note", text) for text in plan.refused]
    members = len([one for one in plan.shared.values() if one.role != "owner"])
    text = f"with {count(members, 'member') if members else 'nobody'} of the team{'' if found else ', and nobody else'}"
    return [Finding("sharing", "ok", text), *found]


def _access(one: Kept) -> Finding:
    if one.why == "foreign":
        return Finding("sharing", "note", f"{one.who} has access too ({word(one.role)}): somebody gave it by hand")
    if one.why == "revoked":
        text = f"{one.who} is in the team of crm.toml, and somebody took the access away"
        return Finding("sharing", "note", text, "share it by hand again, or take them out of crm.toml")
    text = f"{one.who} was made {word(one.role)} by hand, which is not what crm.toml says"
    return Finding("sharing", "note", text, "let crm.toml say so too, or change it back in the Share dialog")


def form(facts: Facts) -> list[Finding]:
    return [Finding("form", "ok", "no form yet")] * bool(facts.at_google and facts.spreadsheet_id)
