"""A shared budget of requests: no minute ever holds more than it allows, nobody starves, nobody waits for nothing."""

from __future__ import annotations

import threading

import httplib2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_builder.google import Budget, Limits, kind_of
from crm_builder.google.budget import MINUTE, Window

OK = (httplib2.Response({"status": "200"}), b"{}")


class VirtualClock:
    """Time that passes only where somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class Noting:
    """Answers everything, and remembers when it was asked for what."""

    def __init__(self, clock: VirtualClock):
        self.clock = clock
        self.asked: list[tuple[float, str]] = []

    def request(self, uri, method="GET", body=None, headers=None, **more):
        self.asked.append((self.clock(), method))
        return OK


def most_in_a_minute(times: list[float]) -> int:
    """The most of them in any minute, its beginning included and its end not."""
    return max((sum(start <= time < start + MINUTE for time in times) for start in times), default=0)


limits = st.builds(Limits, *(st.integers(1, 6) for _ in range(4)))
steps = st.lists(
    st.tuples(st.sampled_from(["reads", "writes"]), st.sampled_from(["a", "b", "c"]), st.floats(0, 90)), max_size=60
)


@given(limits, steps)
def test_no_minute_holds_more_than_the_budget(allowed: Limits, asked) -> None:
    """Promises are collected as if everybody asked at its moment and slept by itself."""
    clock = VirtualClock()
    budget = Budget(allowed, clock=clock, sleep=lambda seconds: None)
    went: list[tuple[str, str, float]] = []
    for kind, user, pause in asked:
        clock.now += pause / 10
        when = budget._promise(kind, user, clock.now)
        assert when >= clock.now
        went.append((kind, user, when))
    for kind in ("reads", "writes"):
        project, own = allowed.of(kind)
        assert most_in_a_minute([when for one, _, when in went if one == kind]) <= project
        for user in "abc":
            mine = [when for one, who, when in went if (one, who) == (kind, user)]
            assert most_in_a_minute(mine) <= own
            assert mine == sorted(mine), "who asked first goes first"


@given(st.integers(1, 5), st.lists(st.floats(0, 200), max_size=40))
def test_a_promise_is_the_earliest_that_there_is(limit: int, times) -> None:
    window, now = Window(limit), 0.0
    for pause in times:
        now += pause / 4
        openings = [now, *sorted(window.openings(now))]
        when = next(one for one in openings if window.allows(one))
        for earlier in openings:
            assert earlier >= when or not window.allows(earlier)
        window.take(when, now)


@given(st.integers(1, 4), st.integers(1, 30))
def test_one_after_the_other_waits_no_longer_than_it_must(limit: int, calls: int) -> None:
    clock = VirtualClock()
    http = Noting(clock)
    shared = Budget(Limits(user_reads=limit), clock=clock, sleep=clock.sleep).over(http)
    for _ in range(calls):
        shared.request("https://sheets.googleapis.com/x")
    assert [time for time, _ in http.asked] == [MINUTE * (number // limit) for number in range(calls)]


def test_reads_and_writes_have_budgets_of_their_own() -> None:
    clock = VirtualClock()
    http = Noting(clock)
    shared = Budget(Limits(user_reads=1, user_writes=2), clock=clock, sleep=clock.sleep).over(http)
    for method in ("GET", "POST", "PUT", "GET", "POST"):
        shared.request("u", method)
    assert http.asked == [(0, "GET"), (0, "POST"), (0, "PUT"), (60, "GET"), (60, "POST")]


def test_a_long_read_that_is_sent_as_a_post_is_a_read() -> None:
    assert kind_of("POST", {"X-HTTP-Method-Override": "GET"}) == "reads"
    assert (kind_of("GET", None), kind_of("POST", {}), kind_of("DELETE", {})) == ("reads", "writes", "writes")


def test_a_user_without_room_holds_up_nobody_else() -> None:
    clock = VirtualClock()
    budget = Budget(Limits(reads=3, user_reads=1), clock=clock, sleep=clock.sleep)
    promised = [budget._promise("reads", user, 0) for user in ("a", "a", "a", "b", "c")]
    assert promised == [0, 60, 120, 0, 0]


def test_every_attempt_of_a_retry_is_counted() -> None:
    clock = VirtualClock()

    class Busy(Noting):
        def request(self, uri, method="GET", body=None, headers=None, **more):
            super().request(uri, method)
            return (httplib2.Response({"status": "429"}), b"") if len(self.asked) % 3 else OK

    def retried(http) -> None:
        while int(http.request("u", "POST")[0].status) == 429:
            clock.sleep(1)

    http = Busy(clock)
    shared = Budget(Limits(user_writes=2), clock=clock, sleep=clock.sleep).over(http)
    for _ in range(4):
        retried(shared)
    times = [time for time, _ in http.asked]
    assert len(times) == 12
    assert most_in_a_minute(times) == 2


def test_threads_share_it_and_all_get_through() -> None:
    budget = Budget(Limits(user_reads=5), minute=0.05)
    went: list[int] = []

    def work(number: int) -> None:
        for _ in range(5):
            budget.wait("reads")
            went.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert sorted(went) == sorted(list(range(8)) * 5)


def test_what_the_sleep_raises_ends_the_wait() -> None:
    class Enough(Exception):
        pass

    def sleep(seconds: float) -> None:
        raise Enough

    budget = Budget(Limits(user_reads=1), clock=lambda: 0.0, sleep=sleep)
    assert budget.wait("reads") == 0
    with pytest.raises(Enough):
        budget.wait("reads")


def test_a_budget_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="never let anything"):
        Budget(Limits(reads=0)).wait("reads")


def test_the_defaults_are_the_published_ones() -> None:
    assert Limits() == Limits(300, 300, 60, 60)
