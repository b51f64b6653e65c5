"""Single samples of the real services, and short ways to send requests like them."""

from __future__ import annotations

import json

from .replay import SAMPLES


def sample(name):
    return json.loads((SAMPLES / f"{name}.json").read_text("utf-8"))


def area(r0, c0, r1, c1):
    return {"sheetId": 0, "startRowIndex": r0, "endRowIndex": r1, "startColumnIndex": c0, "endColumnIndex": c1}


def ask(local, path, body):
    """POST a path after the spreadsheet's: the status and the answer."""
    uri = f"https://sheets.googleapis.com/v4/spreadsheets/{local.id}{path}"
    answer, content = local.transport.request(uri, "POST", json.dumps(body))
    return int(answer.status), json.loads(content)


def send(local, *requests):
    status, answer = ask(local, ":batchUpdate", {"requests": list(requests)})
    assert status == 200, answer
    return answer


def write(local, range_, *values):
    local.values.update(
        spreadsheetId=local.id, range=range_, valueInputOption="USER_ENTERED", body={"values": list(values)}
    ).execute()
