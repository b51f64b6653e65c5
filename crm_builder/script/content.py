"""Script files ↔ the JSON of projects.getContent and projects.updateContent, and as files for clasp."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crm_builder.script.values import ScriptFile, ScriptProject

Json = dict[str, Any]
_EXTENSIONS = {"SERVER_JS": ".js", "HTML": ".html", "JSON": ".json"}


def encode(files: Iterable[ScriptFile]) -> Json:
    """The body of projects.updateContent, which replaces all files of a project by these."""
    return {"files": [{"name": file.name, "type": file.type, "source": file.source} for file in files]}


def decode(answer: Json) -> tuple[ScriptFile, ...]:
    """The files of an answer of projects.getContent, in their order."""
    return tuple(ScriptFile(one["name"], one["type"], one.get("source", "")) for one in answer.get("files", ()))


def on_disk(script: ScriptProject) -> dict[str, str]:
    """The files by their paths, as clasp, Google's own tool for scripts, keeps them in a folder."""
    return {file.name + _EXTENSIONS[file.type]: file.source for file in script.files}
