"""What a stranger can do who opens the script's page on the web: any function may be called from there, as the CRM's owner."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from crm_builder import deploy, deployment
from crm_builder.a1 import letters
from crm_builder.local.runtime import Runtime
from crm_builder.local.runtime.project import load, web_address
from crm_builder.local.workspace import Workspace
from crm_builder.project import Project, load_project
from tests.conftest import CLOCK, TEAM
from tests.script.javascript import run

ANYTHING: list[list[Any]] = [
    [],
    [{}],
    [None, None],
    ["suggest", {"text": "sara"}, ""],
    ["find", {"fields": {"query": "sara"}}, True],
    ["saveSettings", {"fields": {"mail_paused": True}, "confirmed": True}, "0" * 64],
    ["sendNow", {"confirmed": True}, {"length": 64}],
    [{"range": {"columnStart": 1}, "triggerUid": "1", "parameter": {"unsubscribe": "sara@example.com", "token": "0"}}],
    [{"parameter": {"unsubscribe": ["sara@example.com"], "token": {"length": 0}}}],
]
# Each of Google's services notes that it was asked, and refuses.
REACH = """
const asked = [];
for (const name of ['SpreadsheetApp', 'PropertiesService', 'HtmlService', 'ScriptApp', 'LockService', 'MailApp', 'GmailApp', 'Session', 'Utilities', 'CacheService', 'UrlFetchApp'])
  globalThis[name] = new Proxy({}, { get: (_, method) => () => { asked.push(`${name}.${method}`); throw new Error(name); } });
const reached = {};
for (const name of Object.getOwnPropertyNames(globalThis).filter((one) => typeof globalThis[one] === 'function' && !one.endsWith('_') && given.own.includes(one)))
  for (const words of given.anything) {
    asked.length = 0;
    try { globalThis[name](...words); } catch (refused) { /* as it should */ }
    if (asked.length) reached[name] = [...new Set([...(reached[name] ?? []), asked[0]])];
  }
return reached;
"""
PUBLIC = {"doGet", "doPost"}


@pytest.fixture(scope="module")
def entries(crm: Callable[..., Project]) -> set[str]:
    """The public functions of Main.js."""
    main = next(file for file in crm().script.files if file.name == "Main")
    return {
        line.split("(")[0].removeprefix("function ") for line in main.source.splitlines() if line[:9] == "function "
    }


def test_functions_that_a_page_can_call_reach_nothing_before_they_know_who_asks(
    crm: Callable[..., Project], entries: set[str]
) -> None:
    files = crm().script.files
    own = [
        line.split("(")[0].removeprefix("function ")
        for file in files
        for line in file.source.splitlines()
        if file.type == "SERVER_JS" and line.startswith("function ")
    ]
    given = json.dumps({"own": own, "anything": ANYTHING})
    reached = run(files, f"const given = {given}; {REACH}")
    shown = {name for name in entries if not name.endswith("_")} - PUBLIC - {"onEdit"}
    assert len(own) > 200 and len(shown) > 20
    assert reached == {
        **{name: ["SpreadsheetApp.getUi"] for name in shown},
        "dispatch": ["SpreadsheetApp.getUi", "ScriptApp.getProjectTriggers"],
        **{name: ["PropertiesService.getScriptProperties"] for name in (*PUBLIC, "storeService")},
        "signService": ["Utilities.computeHmacSha256Signature"],  # with a secret of one's own
    }


def test_a_stranger_sees_and_changes_nothing(provisioned: Callable[..., Path], entries: set[str]) -> None:
    folder = provisioned("en")
    found = deployment.load(folder, deploy.LOCAL)
    assert found
    workspace = Workspace(folder / ".crm" / "workspace", CLOCK)
    try:
        email = TEAM[0].partition("<")[2].rstrip(">")
        runtime = Runtime(
            workspace, found.spreadsheet_id, clock=CLOCK, outbox=folder / "outbox", user=email, owner=email
        )
        sheet = load_project(folder).rendered.workbook.sheet("leads")
        place = {column.key: letters(at) for at, column in enumerate(sheet.columns)}
        for key, text in {"name": "Sara", "email": "sara@example.com", "contact_date": "2026-11-22"}.items():
            assert runtime.edit(sheet.title, f"{place[key]}2", [[text]]).ok
        runtime.answers = ["YES", "OK"]
        assert runtime.run("finishSetUp").ok and runtime.run("saveSettings_", {"mail_mode": "live"}).value["good"]
        trigger = next(iter(runtime.triggers()))

        def state() -> Any:
            return deepcopy([workspace.book(found.spreadsheet_id).doc, runtime.properties(), runtime.triggers()])

        before = state()
        secrets = ("sara", email.lower(), trigger, runtime.properties()["secret"])
        for name in sorted(entries):
            for words in ANYTHING[:: 1 if name in ("pageAction", "dispatch", *PUBLIC) else 7]:
                outcome = runtime.call_page(name, *words, web=True)
                told = f"{outcome.value} {outcome.error} {outcome.shown}".lower()
                assert outcome.value is None and not outcome.mails, (name, words)
                assert not any(one in told for one in secrets), (name, words, told)
        assert state() == before

        # What they were kept from, the clock may do; and the link that it mails leads to the page.
        monday = CLOCK + timedelta(days=1)
        runtime.wait_until(monday)
        ((_, _, outcome),) = runtime.advance(monday)
        (mail,) = outcome.mails
        text = message_from_bytes((folder / "outbox" / mail.file).read_bytes(), policy=policy.default)
        address = web_address(workspace, load(workspace, found.spreadsheet_id).document)
        assert address and f"{address}?unsubscribe=sara" in text.get_body(("plain",)).get_content()  # type: ignore[attr-defined]
    finally:
        workspace.close()
