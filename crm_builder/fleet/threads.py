"""Work on many clients side by side, in threads, and its end at Ctrl-C: requests under way are finished first."""

from __future__ import annotations

import gc
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import Enum
from queue import Empty, SimpleQueue
from typing import Any

from crm_builder.fleet.clients import FleetClient
from crm_builder.fleet.result import Result
from crm_builder.google import Client
from crm_builder.sheets import check_call

_ALLOCATIONS = 200_000  # between two searches of Python's for what nobody holds
_LOOK_UP = 0.5  # seconds


class _Said(Enum):
    ENDED = "a thread has ended"
    INTERRUPTED = "Ctrl-C"


def side_by_side(
    clients: Sequence[FleetClient],
    work: Callable[[FleetClient], Result],
    *,
    jobs: int,
    stop: threading.Event,
    done: Callable[[Result], None],
    interrupted: Callable[[], None] = lambda: None,
) -> list[Result]:
    """The result of every client, in their order. `done` is called with each as it comes, in this thread.

    At Ctrl-C the requests under way are finished and no others are sent; at a second one it ends at once.
    """
    _ = Client(_Nothing(), check_call).values  # the services are made once, before all threads would make them
    left: SimpleQueue[FleetClient] = SimpleQueue()
    for client in clients:
        left.put(client)
    said: SimpleQueue[Result | BaseException | _Said] = SimpleQueue()
    # Daemons: at a second Ctrl-C nobody waits for them.
    threads = [
        threading.Thread(target=_work_off, args=(left, work, stop, said), daemon=True)
        for _ in range(max(1, min(jobs, len(clients))))
    ]
    results: dict[str, Result] = {}
    with _rare_collections(), _interrupts(said):
        for thread in threads:
            thread.start()
        running = len(threads)
        try:
            while running:
                match _next(said):
                    case _Said.ENDED:
                        running -= 1
                    case _Said.INTERRUPTED:
                        stop.set()
                        interrupted()
                    case Result() as result:
                        results[result.client.key] = result
                        done(result)
                    case BaseException() as error:
                        raise error
        except KeyboardInterrupt:
            raise
        except BaseException:
            stop.set()
            for thread in threads:
                thread.join()
            raise
    return [results.get(client.key) or Result(client, "not begun") for client in clients]


def _work_off(
    left: SimpleQueue[FleetClient],
    work: Callable[[FleetClient], Result],
    stop: threading.Event,
    said: SimpleQueue[Result | BaseException | _Said],
) -> None:
    try:
        while not stop.is_set():
            said.put(work(left.get_nowait()))
    except Empty:
        pass
    except BaseException as error:
        said.put(error)
    finally:
        said.put(_Said.ENDED)


@contextmanager
def _interrupts(said: SimpleQueue[Any]) -> Iterator[None]:
    """Ctrl-C is told in the queue, which takes it wherever this thread is; the second one is raised as ever.

    Raised at once it could end a step in the middle, one that holds a lock or has taken something out of the queue.
    """
    ignored = signal.getsignal(signal.SIGINT) in (signal.SIG_IGN, None)  # as in the background of a shell script
    if ignored or threading.current_thread() is not threading.main_thread():  # signals come to that one only
        yield
        return
    first = True

    def handle(number: int, frame: Any) -> None:
        nonlocal first
        if not first:
            raise KeyboardInterrupt
        first = False
        said.put(_Said.INTERRUPTED)

    former = signal.signal(signal.SIGINT, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, former)


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Python looks for what nobody holds less often: the templates and each CRM are large, and most of it is held.

    It took a third of all work on a client that is as described.
    """
    former = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS, *former[1:])
    try:
        yield
    finally:
        gc.set_threshold(*former)
        gc.unfreeze()


def _next(queue: SimpleQueue[Any]) -> Any:
    """What the queue gives next. Looks up now and then: a Ctrl-C that reaches another thread wakes this one not."""
    while True:
        with suppress(Empty):
            return queue.get(timeout=_LOOK_UP)


class _Nothing:
    def request(self, uri: str, method: str = "GET", body: Any = None, headers: Any = None, **more: Any) -> Any:
        raise TypeError("nothing answers here")
