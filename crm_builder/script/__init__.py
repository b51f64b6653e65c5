"""The script that is bound to the spreadsheet: what it consists of, and how it differs from the one that is there."""

from crm_builder.script.content import decode, encode, on_disk
from crm_builder.script.diff import Refusal, ScriptPlan, diff
from crm_builder.script.render import render
from crm_builder.script.values import MANIFEST, ScriptFile, ScriptProject, WebApp

__all__ = [
    "MANIFEST",
    "Refusal",
    "ScriptFile",
    "ScriptPlan",
    "ScriptProject",
    "WebApp",
    "decode",
    "diff",
    "encode",
    "on_disk",
    "render",
]
