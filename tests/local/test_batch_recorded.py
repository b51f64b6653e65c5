"""Recorded exchanges with the real service, sent again to a local workspace: every answer is the recorded one."""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import urlencode

import pytest

from crm_builder.local.transport import open_workspace

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "conformance" / "sheets"
OTHERS = ("ClientTest.",)  # of uploads, exports and listings of files, which the workspace does not answer yet
FILES = [file for file in sorted(FOLDER.glob("*.jsonl")) if not file.name.startswith(OTHERS)]
IDS = ("id", "spreadsheetId", "sheetId", "namedRangeId", "protectedRangeId")
MEASURED = {"pixelSize"}  # of a text, by the service's fonts
OWN = {"createdTime", "modifiedTime", "spreadsheetUrl", "users"}  # differ from run to run


def ids_of(value):
    """Ids of an answer, in order of appearance."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key in IDS and item:
                yield str(item)
            else:
                yield from ids_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from ids_of(item)


def compared(value):
    if isinstance(value, dict):
        return {key: None if key in OWN | MEASURED else compared(item) for key, item in value.items()}
    return [compared(item) for item in value] if isinstance(value, list) else value


def replaced(text, known):
    for old, new in known.items():
        text = text.replace(old, new)
    return text


@pytest.mark.skipif(not FILES and not os.environ.get("CI"), reason=f"no recorded exchanges in {FOLDER}")
def test_the_recorded_exchanges_are_there():
    assert len(FILES) > 80


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_answers_are_the_recorded_ones(file, tmp_path):
    known: dict[str, str] = {}
    asked = 0
    with open_workspace(tmp_path) as transport:
        for line in file.read_text(encoding="utf-8").splitlines():
            exchange = json.loads(line)
            if "body" not in exchange:
                continue
            if exchange["path"].endswith("/export"):
                break
            query = urlencode([(*pair, "")[:2] for pair in exchange["query"] or []])
            uri = replaced(f"https://{exchange['host']}{exchange['path']}?{query}", known)
            body = None if exchange["body"] is None else replaced(json.dumps(exchange["body"]), known)
            answer, content = transport.request(uri, method=exchange["method"], body=body)
            given = json.loads(content) if content else ""
            wanted = exchange["response"]
            known |= dict(zip(ids_of(wanted), ids_of(given), strict=False))
            if exchange["host"] != "sheets.googleapis.com":
                continue
            assert int(answer.status) == exchange["status"], (exchange["path"], given)
            assert compared(given) == compared(json.loads(replaced(json.dumps(wanted), known))), exchange["path"]
            asked += 1
    assert asked
