"""Session: who runs the script, and where."""

from __future__ import annotations

from .objects import Scripted, method
from .world import World

_EMAIL = ("https://www.googleapis.com/auth/userinfo.email",)


class User(Scripted):
    """Somebody, by the address that the script may know; "" where it may not."""

    type = "User"
    service = "Session"

    def __init__(self, email: str):
        self.email = email
        self.fields = {"email": email, "nickname": email.partition("@")[0]}

    def text(self) -> str:
        return self.email or self.type

    @method
    def getEmail(self) -> str:
        return self.email

    @method
    def getUserLoginId(self) -> str:
        return self.email


def visible(world: World) -> User:
    """The person at the sheet. Without consent a script of a consumer account knows its owner and nobody else; a
    web app that runs as its owner never knows who looks at it (documented)."""
    if world.entry == "web":
        return User("")
    return User(world.user if world.authorization == "full" or world.user == world.owner else "")


class Session(Scripted):
    type = "Session"
    scopes = _EMAIL

    def __init__(self, world: World):
        self._world = world
        self._active = visible(world)
        self._effective = User(world.user)

    @method
    def getActiveUser(self) -> User:
        return self._active

    @method(limited=False)
    def getEffectiveUser(self) -> User:
        return self._effective

    @method(scopes=())
    def getScriptTimeZone(self) -> str:
        return self._world.time_zone

    @method(scopes=())
    def getActiveUserLocale(self) -> str:
        return "en"

    @method(scopes=())
    def getTemporaryActiveUserKey(self) -> str:
        return f"key-of-{self._world.user}"
