"""The table of what may be sent again: every method has a decision, and every case is met."""

from __future__ import annotations

import pytest

from crm_builder.google.repeats import CASES, case_of
from crm_builder.sheets.discovery import document


def _methods(holder: dict):
    yield from holder.get("methods", {}).values()
    for inner in holder.get("resources", {}).values():
        yield from _methods(inner)


@pytest.mark.parametrize(("api", "version"), [("sheets", "v4"), ("drive", "v3"), ("script", "v1")])
def test_every_method_of_the_services_has_a_decision(api, version):
    found = document(api, version)
    for method in _methods(found):
        path = method.get("flatPath", method["path"])
        filled = "/".join("1" if part.startswith("{") and ":" not in part else part for part in path.split("/"))
        for name in method.get("parameters", {}):
            filled = filled.replace("{" + name + "}", "1").replace("{+" + name + "}", "1")
        case = case_of(method["httpMethod"], found["rootUrl"] + found["servicePath"] + filled)
        assert case in CASES, (method["id"], filled)
        if method["httpMethod"] == "GET":
            assert case.reads


NEVER = (
    "sheets.spreadsheets.create", "sheets.spreadsheets.batchUpdate", "sheets.spreadsheets.values.append",
    "sheets.spreadsheets.values.update", "sheets.spreadsheets.values.batchUpdate", "sheets.spreadsheets.values.clear",
    "sheets.spreadsheets.sheets.copyTo", "drive.files.create", "drive.files.copy", "script.projects.create",
    "script.projects.versions.create", "script.projects.deployments.create", "script.scripts.run",
)  # fmt: skip


@pytest.mark.parametrize("name", NEVER)
def test_what_would_happen_twice_is_never_repeated(name):
    api, *path, last = name.split(".")
    holder = found = document(api, {"sheets": "v4", "drive": "v3", "script": "v1"}[api])
    for part in path:
        holder = holder["resources"][part]
    method = holder["methods"][last]
    uri = found["rootUrl"] + found["servicePath"] + method.get("flatPath", method["path"])
    assert not case_of(method["httpMethod"], uri).repeat


def test_each_case_of_the_table_is_met_by_some_request():
    """A case that an earlier one covers would never decide."""
    seen = {
        case_of(method, f"https://host{path}")
        for method, path in [
            ("GET", "/x"), ("POST", "/v4/spreadsheets/1:getByDataFilter"),
            ("POST", "/v4/spreadsheets/1/values:batchGetByDataFilter"),
            ("POST", "/v4/spreadsheets/1/developerMetadata:search"), ("POST", "/token"), ("POST", "/revoke"),
            ("POST", "/v4/spreadsheets/1:batchUpdate"), ("PUT", "/v4/spreadsheets/1/values/A1"),
            ("POST", "/v4/spreadsheets/1/values/A1:append"), ("POST", "/v4/spreadsheets"),
            ("POST", "/drive/v3/files/1/permissions?sendNotificationEmail=false"),
            ("POST", "/drive/v3/files/1/permissions"), ("PATCH", "/drive/v3/files/1"),
            ("PATCH", "/upload/drive/v3/files/1"), ("DELETE", "/drive/v3/files/trash"), ("DELETE", "/drive/v3/files/1"),
            ("PUT", "/v1/projects/1/content"), ("PUT", "/v1/projects/1/deployments/2"), ("POST", "/v1/projects"),
            ("POST", "/batch/drive/v3"), ("POST", "/drive/v3/files"),
        ]
    }  # fmt: skip
    assert set(CASES) <= seen
