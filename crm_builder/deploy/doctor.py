"""The doctor: looks at every part of a CRM and its way to Google, and says what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Callable

from crm_builder.deploy import doctor_access, doctor_crm, doctor_script
from crm_builder.deploy.doctor_facts import Facts, bare, gather
from crm_builder.deploy.doctor_finding import LEVELS, Finding, Level, worst

Check = Callable[[Facts], list[Finding]]

# In this order they are told: the way to the CRM, the CRM, what runs in it.
CHECKS: tuple[Check, ...] = (
    doctor_access.login,
    doctor_access.permissions,
    doctor_access.switches,
    doctor_access.limits,
    doctor_crm.workbook,
    doctor_crm.rules,
    doctor_crm.clocks,
    doctor_crm.copies,
    doctor_crm.sharing,
    doctor_script.script,
    doctor_script.heartbeat,
    doctor_script.triggers,
    doctor_script.mail,
    doctor_script.web_app,
    doctor_crm.form,
)


def findings(facts: Facts) -> list[Finding]:
    return [finding for check in CHECKS for finding in check(facts)]


__all__ = ["CHECKS", "LEVELS", "Facts", "Finding", "Level", "bare", "findings", "gather", "worst"]
