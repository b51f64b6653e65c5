"""A connection to Google in the name of an account: network, token, budget and patience, one around the other."""

from __future__ import annotations

import random as randomness
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

from crm_builder.google import logins
from crm_builder.google.budget import Budget
from crm_builder.google.client import Http
from crm_builder.google.hosts import endpoint

Tell = Callable[[str], object]


@contextmanager
def connect(
    account: str | None = None,
    *,
    tell: Tell = lambda text: None,
    budget: Budget | None = None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], object] = time.sleep,
    random: Callable[[], float] = randomness.random,
) -> Iterator[Http]:
    """An httplib2-like object for one thread, closed at the end; the default account where none is named.

    `tell` is told of each longer wait. `budget` is this process's own where none is given, shared by all connections
    of an account. LoginError where nobody is logged in; RestError and LostAnswer come out of its requests.
    """
    from crm_builder.google.auth import Authorized  # late, with what they import: only what goes to Google pays for it
    from crm_builder.google.retry import Retrying
    from crm_builder.google.wire import Wire

    login = logins.load(account)
    wire = Wire(endpoint())
    try:
        tokens = Retrying(wire, clock=clock, sleep=sleep, random=random, tell=tell)
        authorized = Authorized(wire, login, tokens)
        counted = (budget or _budget()).over(authorized, login.mail or login.name, tell)
        yield Retrying(counted, clock=clock, sleep=sleep, random=random, tell=tell, renew=authorized.renew)
    finally:
        wire.close()


@cache
def _budget() -> Budget:
    return Budget()
