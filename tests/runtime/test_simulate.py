"""Days to come on a copy: when the script is asked what it keeps back."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from crm_builder.deploy.simulate import simulate
from tests.runtime.conftest import Stage

SCRIPT = """function dispatch() {} function finishSetUp() { ScriptApp.newTrigger('dispatch').timeBased().everyHours(12).create(); }
  function explainMail_() { const hour = new Date().getHours(); const decision = hour < UNTIL ? 'quiet' : 'off';
    return [{ key: 'k', name: 'N', to: 'n@example.com', sequence: 's', step: 1, decision, why: String(hour) }]; }"""


@pytest.mark.parametrize(("quiet_until", "asked_at"), [(9, "12"), (14, "16"), (24, "23")])
def test_what_is_kept_back_is_asked_when_quiet_hours_do_not_hide_it(
    stage: Stage, quiet_until: int, asked_at: str
) -> None:
    stage.push(SCRIPT.replace("UNTIL", str(quiet_until)))
    days = list(simulate(stage.runtime(), ZoneInfo("Asia/Tehran"), 2))
    assert [[one.why for one in day.held] for day in days] == [[asked_at]] * 2 and not any(day.faults for day in days)
