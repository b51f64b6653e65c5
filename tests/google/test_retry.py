"""What is sent again and what never is: the client library over real sockets, against a server with faults."""

from __future__ import annotations

import gzip
import json
from email.utils import formatdate

import pytest

from crm_builder.errors import LostAnswer, RestError
from crm_builder.google import Budget, Client, Limits
from crm_builder.google.retry import Retrying, seconds
from crm_builder.google.wire import Wire
from crm_builder.sheets import check_call

from .faulty import Break, Faulty, Leave, Say, Silence, Time, faulty

QUOTA = {
    "error": {
        "code": 429,
        "message": "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per user'",
        "status": "RESOURCE_EXHAUSTED",
        "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "RATE_LIMIT_EXCEEDED",
                     "metadata": {"quota_unit": "1/min/{project}/{user}"}}],
    }
}  # fmt: skip
DAILY = {"error": {"code": 429, "message": "Quota exceeded", "status": "RESOURCE_EXHAUSTED",
                   "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "RATE_LIMIT_EXCEEDED",
                                "metadata": {"quota_unit": "1/d/{project}"}}]}}  # fmt: skip
UNAVAILABLE = {"error": {"code": 503, "message": "The service is currently unavailable.", "status": "UNAVAILABLE"}}
INTERNAL = {"error": {"code": 500, "message": "Internal error encountered.", "status": "INTERNAL"}}


def drive_error(status: int, reason: str) -> Say:
    return Say(status, {"error": {"code": status, "message": "no", "errors": [{"domain": "global", "reason": reason}]}})


class Line:
    """A client over a faulty server, with a clock of its own; jitter is always the longest."""

    def __init__(self, server: Faulty, *, timeout: float = 5.0, budget: Budget | None = None, time: Time | None = None):
        self.time = time or Time()
        self.told: list[str] = []
        self.renewed = 0
        self.wire = Wire(server.url, timeout)
        http = budget.over(self.wire, "me") if budget else self.wire
        self.client = Client(
            Retrying(
                http,
                clock=self.time.clock,
                sleep=self.time.sleep,
                random=lambda: 1.0,
                now=lambda: 1_700_000_000.0,
                tell=self.told.append,
                renew=self._renew,
            ),
            check_call,
        )

    def _renew(self) -> None:
        self.renewed += 1

    def read(self):
        return self.client.get("x", fields="spreadsheetId")

    def write(self):
        return self.client.batch_update("x", [{"deleteSheet": {"sheetId": 1}}])

    def rename(self):
        return self.client.call(self.client.drive.files().update(fileId="x", body={"name": "y"}))

    def delete(self):
        return self.client.call(self.client.drive.files().delete(fileId="x"))


REFUSED_AT_ONCE = {
    "429": Say(429, QUOTA),
    "429 that says when": Say(429, QUOTA, {"retry-after": "7"}),
    "403 of a rate": drive_error(403, "rateLimitExceeded"),
    "403 of a user's rate": drive_error(403, "userRateLimitExceeded"),
}
MAY_HAVE_WORKED = {
    "500": Say(500, INTERNAL),
    "502 of a proxy": Say(502, b"<html>bad gateway</html>"),
    "503": Say(503, UNAVAILABLE),
    "504": Say(504, b""),
    "408": Say(408, b""),
    "aborted": Say(409, {"error": {"code": 409, "message": "aborted", "status": "ABORTED"}}),
    "reset before the effect": Break(effect=False),
    "reset after the effect": Break(effect=True),
    "closed without a word": Break(effect=True, reset=False),
    "closed after the head": Say(200, b"{}", {"content-length": "2"}, cut=0),
    "broken off": Say(200, {"replies": [{}]}, cut=4),
    "cut JSON": Say(200, b'{"replies": [{'),
    "no JSON": Say(200, b"<html>please log in to this network</html>"),
    "no body": Say(200, b""),
    "broken gzip": Say(200, b"no gzip at all", {"content-encoding": "gzip"}),
    "cut gzip": Say(
        200, gzip.compress(json.dumps({"replies": list(range(5000))}).encode())[:200], {"content-encoding": "gzip"}
    ),
}
FINAL = {
    "400": Say(400, {"error": {"code": 400, "message": "Unable to parse range: X", "status": "INVALID_ARGUMENT"}}),
    "404": drive_error(404, "notFound"),
    "501": Say(501, {"error": {"code": 501, "message": "no", "status": "UNIMPLEMENTED"}}),
    "a full Drive": drive_error(403, "storageQuotaExceeded"),
    "a used up day": Say(429, DAILY),
    "a used up day of Drive": drive_error(403, "dailyLimitExceeded"),
    "too much shared": drive_error(403, "sharingRateLimitExceeded"),
    "not shared": drive_error(403, "insufficientFilePermissions"),
    "a redirect": Say(302, b"", {"location": "http://127.0.0.1:9/elsewhere"}),
}


@pytest.mark.parametrize(
    "fault", [*REFUSED_AT_ONCE.values(), *MAY_HAVE_WORKED.values()], ids=[*REFUSED_AT_ONCE, *MAY_HAVE_WORKED]
)
def test_a_read_is_asked_again_until_it_is_answered(fault):
    with faulty(fault, fault, Say(body={"spreadsheetId": "x"})) as server:
        line = Line(server)
        assert line.read() == {"spreadsheetId": "x"}
        assert len(server.asked) == 3


@pytest.mark.parametrize("fault", REFUSED_AT_ONCE.values(), ids=REFUSED_AT_ONCE)
def test_a_write_that_was_refused_before_anything_was_done_is_sent_again(fault):
    with faulty(fault, fault, Say(body={"replies": [{}]})) as server:
        assert Line(server).write() == [{}]
        assert len(server.effects) == 1


@pytest.mark.parametrize("fault", MAY_HAVE_WORKED.values(), ids=MAY_HAVE_WORKED)
def test_a_write_whose_answer_is_lost_is_never_sent_again(fault):
    with faulty(fault) as server:
        with pytest.raises(LostAnswer, match="may or may not have taken effect") as caught:
            Line(server).write()
        assert len(server.asked) == 1
        assert caught.value.method == "spreadsheets.batchUpdate"


def test_a_lost_answer_is_told_as_one_where_the_run_ends_meanwhile():
    class Ended(Exception):
        pass

    def end(seconds: float) -> None:
        raise Ended

    with faulty(Break(effect=True)) as server:
        http = Retrying(Wire(server.url), sleep=end)
        with pytest.raises(LostAnswer):
            Client(http, check_call).batch_update("x", [{"deleteSheet": {"sheetId": 1}}])


@pytest.mark.parametrize("fault", MAY_HAVE_WORKED.values(), ids=MAY_HAVE_WORKED)
def test_a_write_that_changes_nothing_the_second_time_is_sent_again(fault):
    with faulty(fault, Say(body={"id": "x"})) as server:
        assert Line(server).rename() == {"id": "x"}
        assert len(server.asked) == 2


@pytest.mark.parametrize("fault", FINAL.values(), ids=FINAL)
def test_what_no_waiting_mends_is_told_at_once(fault):
    with faulty(fault) as server:
        for call in ("read", "write"):
            line = Line(server)
            with pytest.raises(RestError) as caught:
                getattr(line, call)()
            assert not isinstance(caught.value, LostAnswer)
            assert caught.value.status == fault.status
            assert not line.time.slept
        assert len(server.asked) == 2


def test_a_server_that_never_answers_is_given_up_on():
    with faulty(Silence(), Say(body={"spreadsheetId": "x"})) as server:
        assert Line(server, timeout=0.05).read() == {"spreadsheetId": "x"}
    with faulty(Silence()) as server:
        with pytest.raises(LostAnswer, match="no answer came in time"):
            Line(server, timeout=0.05).write()
        assert len(server.effects) == 1


def test_a_write_on_a_connection_that_the_other_end_closed_meanwhile_is_sent_once_on_a_new_one():
    with faulty(Leave(), Leave(), Say(body={"replies": [{}]})) as server:
        line = Line(server)
        for _ in range(2):
            line.read()
            assert server.ended.acquire(timeout=10)
        assert line.write() == [{}]
        assert [one.method for one in server.asked] == ["GET", "GET", "POST"]
        assert server.connections == 3
        assert not line.time.slept


def test_an_answer_that_packs_well_is_no_attack():
    """Blank cells by the thousand come a hundredth of their size and less, which httplib2 takes for one."""
    cells = json.dumps({"spreadsheetId": "x", "blank": " " * (11 << 20)}).encode()
    packed = gzip.compress(cells, 6)
    assert len(cells) > max(100 * len(packed), 10 << 20)
    with faulty(Say(200, packed, {"content-encoding": "gzip"})) as server:
        assert Line(server).read()["spreadsheetId"] == "x"


def test_connections_are_kept():
    with faulty(Say(body={"spreadsheetId": "x"})) as server:
        line = Line(server)
        for _ in range(3):
            line.read()
        assert server.connections == 1


def test_nothing_is_sent_where_nobody_listens_and_a_write_waits_for_it_too():
    with faulty(Say()) as server:
        pass
    line = Line(server)
    with pytest.raises(RestError, match=r"not reached in 6 tries over 31 s, so nothing more was done") as caught:
        line.write()
    assert not isinstance(caught.value, LostAnswer)
    assert line.time.slept == [1, 2, 4, 8, 16]


def test_a_deletion_that_worked_although_its_answer_was_lost_is_one_that_worked():
    with faulty(Break(effect=True), drive_error(404, "notFound")) as server:
        assert not Line(server).delete()
        assert len(server.asked) == 2
    with faulty(drive_error(404, "notFound")) as server, pytest.raises(RestError):
        Line(server).delete()


def test_a_repeatable_write_that_is_given_up_on_stays_in_doubt():
    with faulty(Say(503, UNAVAILABLE)) as server, pytest.raises(LostAnswer):
        Line(server).rename()


def test_the_quota_of_a_minute_is_waited_for_and_each_pause_is_told():
    with faulty(*[Say(429, QUOTA)] * 8, Say(body={"replies": [{}]})) as server:
        line = Line(server)
        assert line.write() == [{}]
    assert line.time.slept == [1, 2, 4, 8, 16, 32, 64, 64]
    assert line.told[0] == "Google's limit of requests is reached; going on in 2 s (for at most 10 min)"
    assert len(line.told) == 7


def test_a_quota_that_stays_used_up_ends_in_one_clear_error():
    with faulty(Say(429, QUOTA)) as server:
        line = Line(server)
        with pytest.raises(
            RestError, match=r"limit of requests is reached; tried \d+ times in \d+ min, .* run the same"
        ) as caught:
            line.write()
        assert not server.effects
    assert not isinstance(caught.value, LostAnswer)
    assert 500 < sum(line.time.slept) <= 600


def test_retry_after_is_waited_for():
    with faulty(Say(429, QUOTA, {"retry-after": "40"}), Say(body={"spreadsheetId": "x"})) as server:
        line = Line(server)
        line.read()
        assert line.time.slept == [41]  # and a second of jitter


def test_a_retry_after_beyond_all_patience_is_told_and_not_waited_for():
    with faulty(Say(429, QUOTA, {"retry-after": "7200"})) as server:
        line = Line(server)
        with pytest.raises(RestError, match="asks to come back in 120 min"):
            line.write()
        assert not line.time.slept


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, 0),
        ("", 0),
        ("0", 0),
        ("30", 30),
        (" 30 ", 30),
        ("-5", 0),
        ("soon", 0),
        ("1e9", 0),
        (formatdate(1_700_000_090, usegmt=True), 90),
        (formatdate(1_699_999_000, usegmt=True), 0),
        ("Tuesday, 14-Nov-23 22:14:50 GMT", 90),
        ("Tue Nov 14 22:14:50 2023", 90),
    ],
)
def test_retry_after_comes_in_seconds_and_as_a_date(header, expected):
    assert seconds(header, 1_700_000_000) == expected


def test_pauses_are_drawn_from_zero_on():
    with faulty(*[Say(503, UNAVAILABLE)] * 3, Say(body={"spreadsheetId": "x"})) as server:
        time = Time()
        draws = iter([0.0, 0.5, 0.25])
        http = Retrying(Wire(server.url), clock=time.clock, sleep=time.sleep, random=lambda: next(draws))
        Client(http, check_call).get("x", fields="spreadsheetId")
    assert time.slept == [0, 1, 1]


def test_each_attempt_is_counted_by_the_budget():
    time = Time()
    budget = Budget(Limits(user_reads=2), clock=time.clock, sleep=time.sleep)
    with faulty(Say(429, QUOTA), Say(429, QUOTA), Say(body={"spreadsheetId": "x"})) as server:
        Line(server, budget=budget, time=time).read()
    assert time.slept == [1, 2, pytest.approx(57)]  # the third within a minute waits for the first to leave it


def test_a_refused_token_is_renewed_once():
    refused = Say(401, {"error": {"code": 401, "message": "Invalid Credentials", "status": "UNAUTHENTICATED"}})
    with faulty(refused, Say(body={"replies": [{}]})) as server:
        line = Line(server)
        assert line.write() == [{}]
        assert (line.renewed, len(server.effects)) == (1, 1)
    with faulty(refused) as server:
        line = Line(server)
        with pytest.raises(
            RestError, match="no longer accepts this login, and nothing was done; run `crm-builder login`"
        ):
            line.write()
        assert (line.renewed, len(server.asked)) == (1, 2)


def test_losing_answers_one_after_the_other_slows_down():
    """Whoever looks what became of a write and sends it again does not hurry."""
    with faulty(*[Say(503, UNAVAILABLE)] * 3, Say(body={"replies": [{}]}), Say(503, UNAVAILABLE)) as server:
        line = Line(server)
        for _ in range(3):
            with pytest.raises(LostAnswer):
                line.write()
        line.write()
        with pytest.raises(LostAnswer):
            line.write()
    assert line.time.slept == [1, 2, 4, 1]


def test_a_long_read_sent_as_a_post_is_a_read():
    with faulty(Break(effect=True), Say(body={"spreadsheetId": "x"})) as server:
        line = Line(server)
        assert line.client.get("x", ranges=["A1:B2"] * 500, fields="spreadsheetId")
        assert [one.method for one in server.asked] == ["POST", "POST"]
