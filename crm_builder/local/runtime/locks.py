"""LockService: locks among the documents of the workspace, so that another run, or a test, can hold one."""

from __future__ import annotations

from datetime import timedelta

from .bridge import milliseconds
from .objects import Scripted, ScriptError, method
from .world import World

LOCKS = "script_locks"
_HELD = "Lock timeout: another process was holding the lock for too long."


def held_until(world: World, scope: str) -> float | None:
    """The moment at which another run's lock ends, in milliseconds; None where nobody else holds it."""
    found = world.document(LOCKS, scope, None)
    if found is None or found["holder"] == world.id or found["until"] <= milliseconds(world.now()):
        return None
    until: float = found["until"]
    return until


def release_all(world: World) -> None:
    """A run that is over holds nothing, however it ended."""
    kind = world.kind(LOCKS)
    for scope, found in world.workspace.documents(kind).items():
        if found["holder"] == world.id:
            world.workspace.drop_document(kind, scope)


class Lock(Scripted):
    type = "Lock"
    service = "LockService"

    def __init__(self, world: World, scope: str):
        self._world, self._scope = world, scope

    def _take(self, wait: float) -> bool:
        """Waits on the virtual clock; True once the lock is ours."""
        world = self._world
        until = held_until(world, self._scope)
        if until is not None:
            left = until - milliseconds(world.now())
            world.spend(min(left, wait))
            if left > wait:
                return False
        # A run that died leaves no lock for longer than any run may take.
        ends = world.started + timedelta(milliseconds=world.limits.run_ms)
        world.keep(LOCKS, self._scope, {"holder": world.id, "until": milliseconds(ends)})
        return True

    @method
    def tryLock(self, milliseconds: float) -> bool:
        return self._take(milliseconds)

    @method
    def waitLock(self, milliseconds: float) -> None:
        if not self._take(milliseconds):
            raise ScriptError(_HELD)

    @method
    def hasLock(self) -> bool:
        found = self._world.document(LOCKS, self._scope, None)
        return found is not None and found["holder"] == self._world.id

    @method
    def releaseLock(self) -> None:
        found = self._world.document(LOCKS, self._scope, None)
        if found is not None and found["holder"] == self._world.id:
            # What the lock guarded must be there before anybody else is let in; the service advises to flush here.
            self._world.workspace.drop_document(self._world.kind(LOCKS), self._scope)


class LockService(Scripted):
    type = "LockService"

    def __init__(self, world: World):
        self._script = Lock(world, "script")
        self._user = Lock(world, f"user:{world.user}")
        self._file = Lock(world, "document")

    @method
    def getScriptLock(self) -> Lock:
        return self._script

    @method
    def getUserLock(self) -> Lock:
        return self._user

    @method
    def getDocumentLock(self) -> Lock:
        return self._file
