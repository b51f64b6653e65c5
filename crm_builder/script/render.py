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
_NEEDS = {"web": "mail", "replies": "mail"}  # parts that are nothing without another one
# Whoever gets a mail has to be able to answer it without an account; what is answered is done in the owner's name.
WEB_APP = WebApp("ANYONE_ANONYMOUS", "USER_DEPLOYING")
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
    facts: Mapping[str, Any] | None = None,
) -> ScriptProject:
    """The script of a CRM.

    `words`: those of its language, with a section `script`. `marks`: what the metadata that says of what key a sheet or
    column is, is called. `folder`: the sources. `facts`: what the templates say to the script, with `sheets` by key.
    TemplateError names every word that is missing.
    """
    sources = [one for one in read_sources(folder) if all(_is_on(part, settings) for part in one.parts)]
    said = words.get("script", {})
    if problems := list(_missing(sources, said, settings.language)):
        raise TemplateError(problems)
    scopes = tuple(sorted({scope for one in sources for scope, part in one.scopes if _is_on(part, settings)}))
    web_app = WEB_APP if _is_on("web", settings) else None
    config = _config(workbook, settings, said, words["language"]["direction"], marks, facts or {})
    files = [
        ScriptFile(MANIFEST, "JSON", _text(_manifest(settings.time_zone, scopes, web_app))),
        ScriptFile(_CONFIG, "SERVER_JS", f"{_ABOUT_CONFIG}const CONFIG = {_javascript(config)};\n"),
        *(one.file for one in sources),
    ]
    return ScriptProject(settings.name, tuple(files), scopes, web_app)


def _is_on(part: str, settings: Settings) -> bool:
    """A part may be switched off as one of the CRM and as one of what is set up in Google."""
    needed = _NEEDS.get(part)
    on = settings.parts.get(part, True) and getattr(settings.google, part, True)
    return on and (needed is None or _is_on(needed, settings))


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
    workbook: Workbook,
    settings: Settings,
    said: Mapping[str, Any],
    direction: str,
    marks: Mapping[str, str],
    facts: Mapping[str, Any],
) -> Json:
    tables = facts.get("sheets", {})
    return {
        "name": settings.name,
        "language": settings.language,
        "direction": direction,
        "calendar": settings.calendar,
        "digits": settings.digits,
        "timeZone": settings.time_zone,
        "accent": settings.accent,
        "parts": dict(settings.parts),
        "google": {part: _is_on(part, settings) for part in ("mail", "web", "replies")},
        "team": [{"name": one.name, "email": one.email, "role": one.role} for one in settings.team],
        "marks": dict(marks),
        **{name: value for name, value in facts.items() if name != "sheets"},
        "sheets": {sheet.key: _sheet(sheet, tables.get(sheet.key, {})) for sheet in workbook.sheets},
        "words": said,
    }


def _sheet(sheet: Sheet, facts: Mapping[str, Any]) -> Json:
    """A sheet as the script finds it, by its key. Of its columns only what the templates say of their own: a field more
    would mean another script, and two calls more for each change of one. What can be typed into stands in the mark of
    the sheet (sheets/marks.py)."""
    return {"title": sheet.title, "kind": sheet.kind, "prefix": "", "anchor": "", "lists": {}, "automation": {}} | facts


def _text(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _javascript(value: Json, indent: str = "") -> str:
    """The value as an expression: a line for each leaf section, so that people can read it and a diff is small."""
    if not isinstance(value, dict) or not any(isinstance(inner, dict) for inner in value.values()):
        return json.dumps(value, ensure_ascii=False)
    inside = indent + "  "
    lines = [f"{inside}{json.dumps(key)}: {_javascript(one, inside)},\n" for key, one in value.items()]
    return "{\n" + "".join(lines) + indent + "}"
