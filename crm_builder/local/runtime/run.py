"""One run from its first line to its end: the context, the services, the transaction around it, and what it left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import locks, services
from .bridge import Bridge, milliseconds
from .fetch import Fetcher
from .objects import RunEnded, ScriptError
from .outbox import write
from .outcome import Outcome
from .process import Process
from .world import TOO_LONG, World

if TYPE_CHECKING:
    from .project import Script

Json = dict[str, Any]
Arguments = Callable[[World], Sequence[Any]]
STATE = "script_state"
_UNSUPPORTED = "The script completed but the returned value is not a supported return type."


def run(
    world: World,
    script: Script,
    entry: str,
    arguments: Arguments,
    *,
    process: Process,
    outbox: Path | None,
    fetcher: Fetcher | None = None,
) -> Outcome:
    """Runs an entry point. What it did is kept as a whole when it is over, killed or not; nothing of it is where the
    local run itself fails (RunError, WorkspaceError, a bug), which is raised."""
    bridge = Bridge(world)
    with ExitStack() as transaction:
        transaction.enter_context(world.workspace.request())
        world.keep(STATE, "runs", world.run_number)
        world.meanwhile = {at: _between(world, transaction, happens) for at, happens in world.meanwhile.items()}
        done = _done(bridge, script, entry, arguments, process, fetcher)
        if bridge.failure is not None:
            raise bridge.failure
        error, stack = _told(bridge, done)
        if world.keeps_buffer(bool(bridge.ended)):
            refused = _flushed(world)
            error = error or refused
        else:
            world.buffer.clear()
        locks.release_all(world)
        if outbox is not None:
            write(outbox, world.sent)
    return Outcome(
        value=None if error else done.get("value"),
        error=error,
        stack=stack,
        calls=world.calls,
        number=world.number,
        elapsed_ms=world.elapsed_ms,
        log=tuple(world.log),
        shown=tuple(world.shown),
        mails=tuple(world.sent),
        ended=bool(bridge.ended),
    )


def _between(world: World, transaction: ExitStack, happens: Callable[[], None]) -> Callable[[], None]:
    """What others do in the middle of the run sees what it has done so far, and is kept whatever becomes of it."""

    def paused() -> None:
        transaction.close()
        try:
            happens()
        finally:
            transaction.enter_context(world.workspace.request())

    return paused


def _done(
    bridge: Bridge, script: Script, entry: str, arguments: Arguments, process: Process, fetcher: Fetcher | None
) -> Json:
    world = bridge.world
    world.services = services.made(world, script, fetcher)
    setting = {
        "entry": entry,
        "arguments": list(arguments(world)),
        "services": world.services,
        "now": milliseconds(world.now()),
        "seed": world.random.randrange(1, 2**31),
    }
    job = {
        "digest": script.digest,
        "zone": script.time_zone,
        "setting": bridge.encode(setting),
        "timeout": round(world.limits.loop_s * 1000),
    }
    return process.run(job, script.sources, bridge.decode, bridge.answer)


def _told(bridge: Bridge, done: Mapping[str, Any]) -> tuple[str | None, str]:
    """The error of a run and its stack."""
    if bridge.ended:
        return bridge.ended, ""
    if done.get("timeout"):
        bridge.ended = TOO_LONG
        return TOO_LONG, ""
    if done.get("unsupported"):
        return (_UNSUPPORTED, "") if bridge.world.entry in ("page", "web") else (None, "")
    error = done.get("error")
    if error is None:
        return None, ""
    text = ": ".join(part for part in (error["name"], error["message"]) if part)
    own = [line.strip() for line in error["stack"].splitlines() if _is_own(line)]
    return text, "\n".join(own)


def _is_own(line: str) -> bool:
    """Whether a line of a stack names the script, and not what stands around it."""
    foreign = ("prelude.js", "host.js", "node:", "new Script (")
    return (line.lstrip().startswith("at ") or ".js:" in line) and not any(word in line for word in foreign)


def _flushed(world: World) -> str | None:
    """Writes what is still pending, as the service does at the end of a run; the error where it is refused."""
    try:
        world.flush()
    except ScriptError as error:
        return f"{error.name}: {error}"
    except RunEnded as error:
        return str(error)
    return None
