"""What a script keeps: properties and caches, with the service's limits, and nothing of it in a copy."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm_builder.local.runtime import Limits, Runtime
from tests.runtime.conftest import NOW, Stage


def test_properties(stage: Stage) -> None:
    code = """const store = PropertiesService.getScriptProperties();
      store.setProperty('a', 1).setProperties({ b: true, c: 'سلام' }).deleteProperty('b');
      const first = [store.getProperties(), store.getKeys(), store.getProperty('none')];
      store.setProperties({ d: '1' }, true);
      PropertiesService.getUserProperties().setProperty('mine', 'x');
      return [...first, store.getProperties(), PropertiesService.getDocumentProperties().getKeys()];"""
    assert stage.run(code) == [{"a": "1", "c": "سلام"}, ["a", "c"], None, {"d": "1"}, []]
    other = stage.runtime(user="b@example.com")
    stage.push(
        "function main() { return [PropertiesService.getUserProperties(), PropertiesService.getScriptProperties()].map((one) => one.getKeys()); }"
    )
    assert other.run("main").value == [[], ["d"]]
    assert stage.runtime().run("main").value == [["mine"], ["d"]], "another run of the same user"


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("setProperty('a', 'ب'.repeat(5000))", "Exception: Argument too large: value"),
        ("setProperty('a', null)", "Exception: The parameters (String,null) don't match the method signature for PropertiesService.Properties.setProperty."),
        ("setProperty(1, 'x')", "Exception: The parameters (number,String) don't match the method signature for PropertiesService.Properties.setProperty."),
        ("setProperties(Object.fromEntries(Array(60).fill().map((_, i) => [i, 'x'.repeat(9000)])))", "Exception: You have exceeded the property storage quota. Please remove some properties and try again."),
    ],
)  # fmt: skip
def test_what_no_store_takes(stage: Stage, code: str, error: str) -> None:
    assert stage.error(f"PropertiesService.getScriptProperties().{code}") == error
    assert stage.runtime().properties() == {}


def test_a_cache_forgets(stage: Stage) -> None:
    stage.push("""function fill() { const cache = CacheService.getScriptCache(); cache.put('a', '1'); cache.put('b', '2', 60);
        cache.putAll({ c: '3', d: '4' }, 10); cache.remove('d'); }
      function main() { return CacheService.getScriptCache().getAll(['a', 'b', 'c', 'd']); }""")
    runtime = stage.runtime()
    runtime.run("fill")
    assert runtime.run("main").value == {"a": "1", "b": "2", "c": "3"}
    runtime.wait_until(NOW + timedelta(seconds=30))
    assert runtime.run("main").value == {"a": "1", "b": "2"}
    runtime.wait_until(NOW + timedelta(seconds=601))
    assert runtime.run("main").value == {}


def test_another_limit(stage: Stage) -> None:
    stage.push("function main() { PropertiesService.getScriptProperties().setProperty('a', '12345'); }")
    assert stage.runtime(limits=Limits(property_bytes=4)).run("main").error == "Exception: Argument too large: value"


def test_a_copied_spreadsheet_has_the_script_and_nothing_that_it_kept(stage: Stage) -> None:
    stage.push("""function main() {
        PropertiesService.getScriptProperties().setProperty('spreadsheet', SpreadsheetApp.getActiveSpreadsheet().getId());
        ScriptApp.newTrigger('main').timeBased().everyHours(1).create(); }
      function look() { return [PropertiesService.getScriptProperties().getKeys(), ScriptApp.getProjectTriggers().length,
        SpreadsheetApp.getActiveSpreadsheet().getId()]; }""")
    runtime = stage.runtime()
    assert runtime.run("main").ok
    copy = stage.call("POST", f"/drive/v3/files/{stage.id}/copy", {"name": "Copy"})["id"]
    copied = Runtime(stage.http.workspace, copy, clock=NOW, outbox=stage.folder / "outbox")
    assert copied.run("look").value == [[], 0, copy]
    assert runtime.run("look").value == [["spreadsheet"], 1, stage.id]
    assert copied.advance(NOW + timedelta(hours=3)) == []


def test_a_deleted_spreadsheet_takes_along_what_its_script_kept(stage: Stage) -> None:
    stage.push("function main() { PropertiesService.getScriptProperties().setProperty('a', '1'); }")
    assert stage.runtime().run("main").ok
    stage.http.request(f"https://any.googleapis.com/drive/v3/files/{stage.id}", "DELETE")
    kinds = stage.http.workspace.db.execute("SELECT kind FROM documents WHERE kind LIKE ?", (f"%{stage.script_id}%",))
    assert kinds.fetchall() == []
