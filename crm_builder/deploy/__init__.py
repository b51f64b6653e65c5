"""Stories where all rooms meet: making a CRM, planning and applying changes, keeping and restoring, looking at it."""

from crm_builder.deploy.apply import Applied, StaleError, apply, check_digest
from crm_builder.deploy.backup import Backup, backup
from crm_builder.deploy.beside import Beside, Ways
from crm_builder.deploy.examine import Health, examine
from crm_builder.deploy.living import rehearsing, running
from crm_builder.deploy.missing import Missing, prepare_missing, restore_missing
from crm_builder.deploy.plan import Prepared, plan_to, prepare
from crm_builder.deploy.repair import prepare_repair
from crm_builder.deploy.restore import Restore, prepare_restore, restore
from crm_builder.deploy.script import script_files
from crm_builder.deploy.show import look, workbook_file
from crm_builder.deploy.simulate import simulate
from crm_builder.deploy.stays import cells_that_stay
from crm_builder.deploy.target import LOCAL, chosen_account, chosen_target, open_target
from crm_builder.deploy.undo import Undo, prepare_undo, undo
from crm_builder.deploy.up import Outcome, up

__all__ = [
    "LOCAL",
    "Applied",
    "Backup",
    "Beside",
    "Health",
    "Missing",
    "Outcome",
    "Prepared",
    "Restore",
    "StaleError",
    "Undo",
    "Ways",
    "apply",
    "backup",
    "cells_that_stay",
    "check_digest",
    "chosen_account",
    "chosen_target",
    "examine",
    "look",
    "open_target",
    "plan_to",
    "prepare",
    "prepare_missing",
    "prepare_repair",
    "prepare_restore",
    "prepare_undo",
    "rehearsing",
    "restore",
    "restore_missing",
    "running",
    "script_files",
    "simulate",
    "undo",
    "up",
    "workbook_file",
]
