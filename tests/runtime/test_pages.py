"""Pages: google.script.run, and the web app at the version that is deployed."""

from __future__ import annotations

import json

import pytest

from crm_builder.errors import RunError
from crm_builder.local.runtime import Answer
from tests.runtime.conftest import Stage

WEB = {"webapp": {"access": "ANYONE_ANONYMOUS", "executeAs": "USER_DEPLOYING"}}


def test_a_page_calls_functions_and_gets_plain_values(stage: Stage) -> None:
    stage.push("""function add(a, b) { return { sum: a + b, list: [null, 'x'] }; } function own_() {}
      function day() { return [new Date()]; } function object() { return Utilities; } function fail() { throw new Error('no'); }""")
    runtime = stage.runtime()
    assert runtime.call_page("add", 1, 2).value == {"sum": 3, "list": [None, "x"]}
    for name in ("day", "object"):
        outcome = runtime.call_page(name)
        assert (
            outcome.value is None
            and outcome.error == "The script completed but the returned value is not a supported return type."
        )
    assert runtime.call_page("fail").error == "Error: no"
    for name in ("own_", "nothing", "Date"):
        assert runtime.call_page(name).error == f"Exception: Script function not found: {name}"


def test_what_a_dialog_shows(stage: Stage) -> None:
    stage.push(
        """function main() { const page = HtmlService.createHtmlOutputFromFile('pages/Lead').setTitle('Lead').setWidth(300);
        SpreadsheetApp.getUi().showSidebar(page.append('<p>').appendUntrusted('<b>')); return page.getContent(); }""",
        pages={"pages/Lead": "<h1>Lead</h1>"},
    )
    runtime = stage.runtime()
    outcome = runtime.run("main")
    assert outcome.value == "<h1>Lead</h1><p>&lt;b&gt;"
    page = runtime.shown_page(outcome)
    assert (page.content, page.title, page.width) == (outcome.value, "Lead", 300)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("HtmlService.createHtmlOutputFromFile('Nothing')", "Exception: No HTML file named Nothing was found."),
        ("HtmlService.createTemplateFromFile('Lead')", "Exception: Templates of HtmlService are not part of the local run: build the page's HTML in the script and hand it to createHtmlOutput."),
        ("HtmlService.createHtmlOutput('').setWidth('300')", "Exception: The parameters (String) don't match the method signature for HtmlService.HtmlOutput.setWidth."),
        ("UrlFetchApp.fetch('https://example.com')", "Exception: No request leaves the local run, so https://example.com was not fetched."),
        ("FormApp.create('x')", "Exception: FormApp is not part of the local run: there are no forms here. Type their answers into the sheet."),
    ],
)  # fmt: skip
def test_refusals(stage: Stage, code: str, error: str) -> None:
    assert stage.error(code) == error


def test_the_web_app_is_the_version_that_was_deployed(stage: Stage) -> None:
    source = """function doGet(e) { return HtmlService.createHtmlOutput(`VERSION ${e.parameter.a} ${e.parameters.a.length} ${e.queryString} ${ScriptApp.getService().getUrl()}`); }
      function doPost(e) { return ContentService.createTextOutput(JSON.stringify([e.parameter, e.postData, Session.getEffectiveUser().getEmail()])).setMimeType(ContentService.MimeType.JSON); }"""
    stage.push(source.replace("VERSION", "one"), **WEB)
    with pytest.raises(RunError, match="not deployed as a web app"):
        stage.runtime().get()
    address = stage.deploy()
    stage.push(source.replace("VERSION", "two"), **WEB)
    runtime = stage.runtime(user="b@example.com")
    assert runtime.get({"a": ["x y", "z"]}).value.content == f"one x y 2 a=x+y&a=z {address}"
    told = runtime.post({"token": "t"}, {"name": "علی"}).value
    assert told.mime_type == "JSON"
    parameter, post, user = json.loads(told.content)
    assert parameter == {"token": "t", "name": "علی"} and user == "owner@example.com"
    assert (post["type"], post["contents"]) == ("application/x-www-form-urlencoded", "name=%D8%B9%D9%84%DB%8C")
    assert json.loads(runtime.post(body='{"a": 1}').value.content)[1]["type"] == "application/json"


def test_a_page_of_the_web_app_runs_what_is_deployed_as_its_owner_for_somebody_unknown(stage: Stage) -> None:
    source = """function who() { return ['VERSION', Session.getActiveUser().getEmail(), Session.getEffectiveUser().getEmail(), ScriptApp.getService().getUrl()]; }
      function own_() {} function ask() { SpreadsheetApp.getUi(); }"""
    stage.push(source.replace("VERSION", "one"), **WEB)
    address = stage.deploy()
    stage.push(source.replace("VERSION", "two") + " function later() {}", **WEB)
    runtime = stage.runtime(user="b@example.com")
    assert runtime.call_page("who", web=True).value == ["one", "", "owner@example.com", address]
    assert (
        runtime.call_page("ask", web=True).error == "Exception: Cannot call SpreadsheetApp.getUi() from this context."
    )
    for name in ("later", "own_"):
        assert runtime.call_page(name, web=True).error == f"Exception: Script function not found: {name}"
    dev = f"https://script.google.com/macros/s/{stage.script_id}/dev"
    assert runtime.call_page("who").value == ["two", "b@example.com", "b@example.com", dev]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("", "The script completed but did not return anything."),
        ("return 'text';", "The script completed but the returned value is not a supported return type."),
        ("throw new Error('no');", "Error: no"),
        ("SpreadsheetApp.getUi();", "Exception: Cannot call SpreadsheetApp.getUi() from this context."),
    ],
)
def test_web_apps_that_answer_nothing_of_use(stage: Stage, body: str, error: str) -> None:
    stage.push(f"function doGet() {{ {body} }}", **WEB)
    stage.deploy()
    assert stage.runtime().get().error == error


def test_requests_are_answered_by_who_plays_the_other_side(stage: Stage) -> None:
    stage.push("""function main() { const answer = UrlFetchApp.fetch('https://example.com', { method: 'post', payload: 'x' });
      return [answer.getResponseCode(), JSON.parse(answer.getContentText()), answer.getHeaders()]; }""")
    asked = []

    def fetch(address: str, options: object) -> Answer:
        asked.append((address, options))
        return Answer(200, '{"ok": "بله"}'.encode(), {"X": "y"})

    assert stage.runtime(fetcher=fetch).run("main").value == [200, {"ok": "بله"}, {"X": "y"}]
    assert asked == [("https://example.com", {"method": "post", "payload": "x"})]
    error = stage.runtime(fetcher=lambda *given: Answer(404, b"gone")).run("main").error
    assert (
        error == "Exception: Request failed for https://example.com returned code 404. Truncated server response: gone"
    )
