"""The desired workbook, crm.toml and the shipped sources → the script project of one CRM."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from crm_builder.errors import Problem, TemplateError
from crm_builder.model import Sheet, Workbook
from crm_builder.script.sources import Source, read_sources, words_used
from crm_builder.script.values import MANIFEST, ScriptFile, ScriptProject, WebApp
from crm_builder.settings import Settings

Json = dict[str, Any]
_CONFIG = "Config"
_ABOUT_CONFIG = """/**
 * What this CRM is: written by crm-builder from crm.toml, and written anew whenever that changes. No secrets.
 */
"""


def render(
    workbook: Workbook,
    settings: Settings,
    words: Mapping[str, Any],
    marks: Mapping[str, str],
    folder: Path,
    web_app: WebApp | None = None,
) -> ScriptProject:
    """The script of a CRM.

    `words`: those of its language, with a section `script`. `marks`: what the metadata that says of what key a sheet or
    column is, is called. `folder`: the sources. TemplateError names every word that is missing.
    """
    sources = [one for one in read_sources(folder) if all(_is_on(part, settings) for part in one.parts)]
    said = words.get("script", {})
    if problems := list(_missing(sources, said, settings.language)):
        raise TemplateError(problems)
    scopes = tuple(sorted({scope for one in sources for scope in one.scopes}))
    config = _config(workbook, settings, said, words["language"]["direction"], marks)
    files = [
        ScriptFile(MANIFEST, "JSON", _text(_manifest(settings.time_zone, scopes, web_app))),
        ScriptFile(_CONFIG, "SERVER_JS", f"{_ABOUT_CONFIG}const CONFIG = {_javascript(config)};\n"),
        *(one.file for one in sources),
    ]
    return ScriptProject(settings.name, tuple(files), scopes, web_app)


def _is_on(part: str, settings: Settings) -> bool:
    """A part may be switched off as one of the CRM and as one of what is set up in Google."""
    return settings.parts.get(part, True) and getattr(settings.google, part, True)


def _missing(sources: list[Source], said: Mapping[str, Any], language: str) -> Iterator[Problem]:
    for section, word in dict.fromkeys(use for one in sources for use in words_used(one.file.source)):
        if word not in said.get(section, {}):
            place = f"script.{section}.{word}"
            yield Problem("no word for this text of the script", f"templates/words/{language}", place, hint="add it")


def _manifest(time_zone: str, scopes: tuple[str, ...], web_app: WebApp | None) -> Json:
    manifest: Json = {
        "timeZone": time_zone,
        "dependencies": {},
        "exceptionLogging": "STACKDRIVER",
        "runtimeVersion": "V8",
        # Said outright: found by a scan of the code they would change with every comment, and a scope that comes later
        # stops every trigger until its owner consents again.
        "oauthScopes": list(scopes),
    }
    if web_app:
        manifest["webapp"] = {"access": web_app.access, "executeAs": web_app.execute_as}
    return manifest


def _config(
    workbook: Workbook, settings: Settings, said: Mapping[str, Any], direction: str, marks: Mapping[str, str]
) -> Json:
    return {
        "name": settings.name,
        "language": settings.language,
        "direction": direction,
        "calendar": settings.calendar,
        "digits": settings.digits,
        "timeZone": settings.time_zone,
        "accent": settings.accent,
        "parts": dict(settings.parts),
        "marks": dict(marks),
        "sheets": {sheet.key: _sheet(sheet) for sheet in workbook.sheets},
        "words": said,
    }


def _sheet(sheet: Sheet) -> Json:
    """A sheet as the script finds it, by its key. Nothing of its columns: a field more would mean another script, and
    two calls more for each change of one."""
    return {"title": sheet.title, "kind": sheet.kind}


def _text(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _javascript(value: Json, indent: str = "") -> str:
    """The value as an expression: a line for each leaf section, so that people can read it and a diff is small."""
    if not isinstance(value, dict) or not any(isinstance(inner, dict) for inner in value.values()):
        return json.dumps(value, ensure_ascii=False)
    inside = indent + "  "
    lines = [f"{inside}{json.dumps(key)}: {_javascript(one, inside)},\n" for key, one in value.items()]
    return "{\n" + "".join(lines) + indent + "}"
