"""What the spreadsheet remembers of its bound script, in a mark: nothing else tells which script is bound to a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crm_builder.script.values import digest_of
from crm_builder.sheets import ids
from crm_builder.sheets.marks import SCRIPT, mark, values_of

Json = dict[str, Any]


@dataclass(frozen=True)
class ScriptMark:
    """`spreadsheet` is the file it was written for: a copy of that file carries a mark that is not its own.

    `files`: the digests of the files that were pushed last. `deployment`, `version`, `published`: the web app's, with
    the digest of what that version holds.
    """

    id: str
    spreadsheet: str
    files: Mapping[str, str] = field(default_factory=dict)
    deployment: str = ""
    version: int = 0
    published: str = ""

    @property
    def digest(self) -> str:
        return digest_of(dict(self.files))


def read_mark(metadata: Iterable[Json]) -> ScriptMark | None:
    """The mark among the spreadsheet's own metadata; None where there is none of our making."""
    for _, text in values_of(metadata, SCRIPT):
        try:
            data = json.loads(text)
            known = ScriptMark(
                str(data["id"]),
                str(data["spreadsheet"]),
                {str(name): str(digest) for name, digest in data.get("files", {}).items()},
                str(data.get("deployment", "")),
                int(data.get("version", 0)),
                str(data.get("published", "")),
            )
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            continue
        if known.id:
            return known
    return None


def mark_requests(remembered: ScriptMark, metadata: Iterable[Json]) -> list[Json]:
    """The requests of a batch that write the mark, over the one that is there; none where it says so already."""
    there = values_of(metadata, SCRIPT)
    value = _text(remembered)
    if [text for _, text in there] == [value]:
        return []
    where: Json = {"spreadsheet": True}
    if there:
        lookup = {"metadataKey": SCRIPT, "metadataLocation": where, "locationMatchingStrategy": "EXACT_LOCATION"}
        changed = {"developerMetadata": {"metadataValue": value}, "fields": "metadataValue"}
        return [{"updateDeveloperMetadata": {"dataFilters": [{"developerMetadataLookup": lookup}], **changed}}]
    return [mark(ids.metadata_id(SCRIPT), SCRIPT, value, where)]


def _text(remembered: ScriptMark) -> str:
    data: Json = {"id": remembered.id, "spreadsheet": remembered.spreadsheet, "files": dict(remembered.files)}
    if remembered.deployment:
        data |= {"deployment": remembered.deployment, "version": remembered.version, "published": remembered.published}
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
