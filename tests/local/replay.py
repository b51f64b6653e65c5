"""Recorded exchanges with the real services, sent again and compared: what the conformance tests share."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "conformance"
RECORDED = Path(os.environ.get("CRM_BUILDER_RECORDED", SHARED / "sheets"))
SAMPLES = SHARED / "samples"

Json = Any
Send = Callable[[str, str, Json, str], tuple[int, Json]]  # (method, path?query, body, Content-Type) -> status, answer

# Values that differ from run to run; their form is compared. Everything else must be equal.
IDS = {
    *("id", "spreadsheetId", "sheetId", "namedRangeId", "protectedRangeId", "filterViewId", "chartId", "bandedRangeId"),
    *("slicerId", "tableId", "metadataId", "permissionId"),
}
TIMES = {"createdTime", "modifiedTime", "createdDate", "modifiedDate", "modifiedByMeDate", "lastViewedByMeDate"}
PEOPLE = {"emailAddress", "displayName", "lastModifyingUserName"}
LINKS = {"spreadsheetUrl", "selfLink", "parentLink", "thumbnailLink", "iconLink", "alternateLink", "embedLink"}
TAGS = {"etag"}
MEASURED = {"pixelSize"}  # of a text, by the service's own fonts
COUNTED = {"version"}  # of inner steps that nobody sees
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\Z")


def needs_the_shared_folder(folder: Path) -> pytest.MarkDecorator:
    """Skipped where the recordings are not there, but never where the whole suite is judged."""
    missing = not folder.is_dir() and not os.environ.get("CI")
    return pytest.mark.skipif(missing, reason=f"no recorded exchanges in {folder}")


def scenarios() -> list[Path]:
    return sorted(RECORDED.glob("*.jsonl"))


def exchanges(file: Path) -> Iterator[Json]:
    for line in file.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def replay(file: Path, send: Send) -> int:
    """Sends every exchange of a scenario and compares; the number of them. AssertionError tells the first difference."""
    count = 0
    for take in _takes(list(exchanges(file))):
        known = _prepared(take, send)
        for exchange in take:
            count += 1
            _play(exchange, known, send, f"{file.stem}, exchange {count}")
    return count


def _takes(listed: list[Json]) -> Iterator[list[Json]]:
    """A file holds as many takes of its scenario as were recorded; each begins with the same request."""
    first = [listed[0][name] for name in ("method", "path", "body")]
    starts = [at for at, one in enumerate(listed) if [one[name] for name in ("method", "path", "body")] == first]
    for start, end in zip(starts, [*starts[1:], len(listed)], strict=True):
        yield listed[start:end]


def _play(exchange: Json, known: dict[str, str], send: Send, where: str) -> None:
    query = urlencode([(*pair, "")[:2] for pair in exchange["query"] or []])
    uri = _replaced(f"{exchange['path']}?{query}", known)
    body, kind = exchange["body"], "application/json"
    if isinstance(body, str):
        kind = "text/csv"
    elif body is not None:
        body = json.loads(_replaced(json.dumps(body), known))
    status, given = send(exchange["method"], uri, body, kind)
    wanted = exchange["response"]
    _learn(wanted, given, known)
    where = f"{where}: {exchange['method']} {exchange['path']}"
    assert status == exchange["status"], f"{where}: status {status}, recorded {exchange['status']}: {given}"
    found = difference(json.loads(_replaced(json.dumps(wanted), known)), given)
    assert not found, f"{where}: {found}"


def _prepared(take: list[Json], send: Send) -> dict[str, str]:
    """An account with the files that the recorded one had before: recorded id -> ours. Nothing else is in it."""
    for one in send("GET", "/drive/v3/files?pageSize=1000", None, "")[1]["files"]:
        send("DELETE", f"/drive/v3/files/{one['id']}", None, "")
    made, there = set(), {}
    for exchange in take:
        if exchange["method"] == "POST" and exchange["path"].startswith("/drive/v3/files"):
            made.add(exchange["response"]["id"])
        elif exchange["path"] == "/drive/v3/files":
            there |= {one["id"]: one["name"] for one in exchange["response"]["files"] if one["id"] not in made}
    known = {}
    for id, name in reversed(there.items()):  # the one changed last is listed first
        body = {"name": name, "mimeType": "application/vnd.google-apps.spreadsheet"}
        known[id] = send("POST", "/drive/v3/files", body, "application/json")[1]["id"]
    return known


def difference(wanted: Json, given: Json, path: str = "", key: str = "") -> str:
    """Where two answers differ, "" where they do not."""
    if key in TIMES:
        return "" if _TIME.match(str(given)) else f"{path} is no time: {given!r}"
    if key in MEASURED:
        return "" if isinstance(given, int) and given > 0 else f"{path} is no size: {given!r}"
    if key in LINKS | PEOPLE | TAGS | COUNTED:
        return "" if isinstance(given, str) and given else f"{path} is no text: {given!r}"
    if isinstance(wanted, dict) and isinstance(given, dict):
        if key == "exportLinks":
            wanted, given = dict.fromkeys(wanted), dict.fromkeys(given)
        if wanted.keys() != given.keys():
            missing, extra = wanted.keys() - given.keys(), given.keys() - wanted.keys()
            return f"{path} lacks {sorted(missing)} and has {sorted(extra)} besides"
        return _first(difference(wanted[name], given[name], f"{path}.{name}", name) for name in wanted)
    if isinstance(wanted, list) and isinstance(given, list):
        if len(wanted) != len(given):
            return f"{path} has {len(given)} items, recorded {len(wanted)}: {given}"
        inner = "displayName" if key in ("users", "ownerNames") else ""
        pairs = enumerate(zip(wanted, given, strict=True))
        return _first(difference(old, new, f"{path}[{at}]", inner) for at, (old, new) in pairs)
    equal = wanted == given and isinstance(wanted, bool) == isinstance(given, bool)
    return "" if equal else f"{path} is {given!r}, recorded {wanted!r}"


def _first(found: Iterator[str]) -> str:
    return next((text for text in found if text), "")


def _learn(wanted: Json, given: Json, known: dict[str, str]) -> None:
    """Which id of ours stands for which recorded one: those at the same place of both answers."""
    if isinstance(wanted, dict) and isinstance(given, dict):
        for key, old in wanted.items():
            new = given.get(key)
            if key not in IDS:
                _learn(old, new, known)
            elif type(old) is type(new) and old != new and len(str(old)) > 4:  # a short one is a number like any other
                known.setdefault(str(old), str(new))
            if key == "permissionIds":
                known |= dict(zip(old, new or (), strict=False))
    elif isinstance(wanted, list) and isinstance(given, list):
        for old, new in zip(wanted, given, strict=False):
            _learn(old, new, known)


def _replaced(text: str, known: dict[str, str]) -> str:
    for old, new in known.items():
        text = text.replace(old, new)
    return text
