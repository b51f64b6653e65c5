"""The script's code among fakes of Google's services, in V8: a module's cases run in one process."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from crm_builder.project import Project
from crm_builder.script import ScriptFile
from tests.script.javascript import run

FAKES = ScriptFile("fakes", "SERVER_JS", (Path(__file__).parent / "fakes.js").read_text("utf-8"))
Cases = Callable[[Mapping[str, str], str], dict[str, Any]]


@pytest.fixture(scope="module")
def cases(crm: Callable[..., Project]) -> Iterator[Cases]:
    """`cases({"name": "return …;"}, "fa")`: what each piece of code returns; an error of one is its text.

    The clock is that of a place with daylight saving.
    """
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Europe/Berlin"

    def results(code: Mapping[str, str], language: str = "en") -> dict[str, Any]:
        pieces = ", ".join(f"{name!r}: () => {{ {one} }}" for name, one in code.items())
        every = (
            "for (const [name, work] of Object.entries(work_)) {"
            " try { found[name] = work(); } catch (error) { found[name] = `${error.stack}`; } }"
        )
        source = f"const work_ = {{ {pieces} }}; const found = {{}}; {every} return found;"
        return run((*crm(language).script.files, FAKES), source)

    yield results
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
