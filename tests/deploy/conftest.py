"""The small CRM of the tests of changes, for whoever looks at one."""

from __future__ import annotations

from tests.changes.conftest import crm_folder, small_crm, small_templates

__all__ = ["crm_folder", "small_crm", "small_templates"]
