"""Drive's answer to several requests at once: cut anywhere it is none, and what one of its parts says is that part's."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httplib2
import pytest

from crm_builder.errors import LostAnswer, RestError
from crm_builder.google import Client
from crm_builder.google.retry import Retrying
from crm_builder.local.exchange import Answer, Request
from crm_builder.local.transport import LocalTransport, open_workspace
from crm_builder.sheets import check_call
from tests.conftest import CLOCK
from tests.google.faulty import Time

PEOPLE = ("maya@example.com", "omid@example.com", "vera@example.com")


class Cut:
    """Answers so many bytes of what was answered the first time."""

    def __init__(self, answer: tuple[httplib2.Response, bytes], length: int):
        self.answer, self.length = answer, length

    def request(self, uri: str, **more: Any) -> tuple[httplib2.Response, bytes]:
        response, content = self.answer
        return httplib2.Response(dict(response)), content[: self.length]


class Keeping:
    def __init__(self, http: Any):
        self.http = http

    def request(self, uri: str, **more: Any) -> Any:
        self.answer = self.http.request(uri, **more)
        return self.answer


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[LocalTransport]:
    with open_workspace(tmp_path, CLOCK) as transport:
        yield transport


def steps(client: Client, id: str, send_mail: bool = False) -> list[Any]:
    """Two people more, and one of those who are there gone: an answer with content, one without, one with."""
    permissions = client.drive.permissions()
    listed = client.call(permissions.list(fileId=id, fields="permissions(id,emailAddress)"))["permissions"]
    gone = next(one["id"] for one in listed if one["emailAddress"] == "former@example.com")
    made = [
        permissions.create(fileId=id, body=person(mail), sendNotificationEmail=send_mail, fields="id,role")
        for mail in PEOPLE[:2]
    ]
    return [made[0], permissions.delete(fileId=id, permissionId=gone), made[1]]


def person(mail: str) -> dict[str, str]:
    return {"type": "user", "role": "writer", "emailAddress": mail}


@pytest.fixture
def file(cloud: LocalTransport) -> str:
    client = Client(cloud, check_call)
    id = client.create_file("Test", "key")["id"]
    client.call(client.drive.permissions().create(fileId=id, body=person("former@example.com")))
    return id


def test_an_answer_that_is_cut_anywhere_is_lost(cloud: LocalTransport, file: str) -> None:
    kept = Keeping(cloud)
    client = Client(kept, check_call)
    asked = steps(client, file)
    whole = client.batch(asked)
    length, time = len(kept.answer[1]), Time()
    last = length - len("\r\n")
    for end in {*range(0, last, 11), *range(last - 40, last)}:
        http = Retrying(Cut(kept.answer, end), clock=time.clock, sleep=time.sleep, random=lambda: 0.0)
        with pytest.raises(LostAnswer):
            Client(http, check_call).batch(asked)
    http = Retrying(Cut(kept.answer, length), clock=time.clock, sleep=time.sleep, random=lambda: 0.0)
    assert Client(http, check_call).batch(asked) == whole


def _refused(status: int, reason: str) -> Answer:
    error = {"code": status, "message": "no", "errors": [{"domain": "global", "reason": reason}]}
    return Answer(status, json.dumps({"error": error}).encode(), {"content-type": "application/json"})


PASSING = {
    "403 of a rate": (lambda: _refused(403, "userRateLimitExceeded"), False),
    "429": (lambda: _refused(429, "rateLimitExceeded"), False),
    "500 before the effect": (lambda: _refused(500, "internalError"), False),
    "500 after the effect": (lambda: _refused(500, "internalError"), True),
    "503 after the effect": (lambda: _refused(503, "backendError"), True),
}


@pytest.mark.parametrize("part", range(3))
@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
def test_a_part_that_fails_for_a_moment_is_done_again_by_itself(
    fault: tuple[Callable[[], Answer], bool], part: int, cloud: LocalTransport, file: str
) -> None:
    client = Client(cloud, check_call)
    asked = steps(client, file)
    say, effect = fault
    seen: list[str] = []
    dispatch: Any = cloud._dispatch
    usual = dispatch.answer

    def answer(request: Request, *check: Any) -> Answer:
        if not request.path.startswith("/batch") and len(seen) <= part:
            seen.append(request.path)
            if len(seen) == part + 1:
                if effect:
                    usual(request)
                return say()
        return usual(request)

    dispatch.answer = answer
    answers = client.batch(asked)
    again = isinstance(answers[1], RestError) and answers[1].status == 404  # it was gone the first time
    assert not [one for one in answers if isinstance(one, RestError) and not (again and one is answers[1])]
    found = client.call(client.drive.permissions().list(fileId=file, fields="permissions(emailAddress)"))["permissions"]
    assert sorted(one["emailAddress"] for one in found) == [*PEOPLE[:2], "owner@example.com"]
