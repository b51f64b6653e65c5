"""Sharing with the team: whom it was shared with last, who has access now, and the team of crm.toml → steps."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from crm_builder.sheets import ids
from crm_builder.sheets.marks import SHARED, mark, values_of

Json = dict[str, Any]

PERMISSION_FIELDS = "id,type,role,emailAddress"
ROLES = {"owner": "writer", "editor": "writer", "viewer": "reader"}  # of crm.toml → of Drive
WORDS = {"writer": "editor", "reader": "viewer"}  # and back, for people
_ABOVE = frozenset({"owner", "organizer", "fileOrganizer"})  # they can do all of it, and nobody here takes it from them
_SHORT = {"writer": "w", "reader": "r", "owner": "o"}
_LONG = {short: role for role, short in _SHORT.items()}


class Person(Protocol):
    """Somebody of the team. `role`: owner, editor or viewer."""

    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def role(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody was given last: a role of Drive, and the address Drive has for them, where it is another one."""

    role: str
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    name: str
    email: str
    role: str


@dataclass(frozen=True, slots=True)
class ChangeRole:
    name: str
    email: str
    role: str
    was: str
    permission: str


@dataclass(frozen=True, slots=True)
class Revoke:
    email: str
    was: str
    permission: str


Step = Grant | ChangeRole | Revoke


@dataclass(frozen=True, slots=True)
class Kept:
    """Access that stays as it is. foreign: people gave it. changed, revoked: people changed what we gave.

    owner: the owner, and who has more rights than an editor, whatever crm.toml says.
    """

    who: str
    role: str
    why: Literal["foreign", "changed", "revoked", "owner"]


@dataclass(frozen=True, slots=True)
class SharingPlan:
    """`refused`: what crm.toml asks for and is not done, in a sentence each. `shared`: what is given without any step,
    by address in small letters; each step that succeeds adds to it or takes from it."""

    steps: tuple[Step, ...] = ()
    kept: tuple[Kept, ...] = ()
    refused: tuple[str, ...] = ()
    shared: Mapping[str, Access] = field(default_factory=dict)

    @property
    def leaving(self) -> tuple[Revoke, ...]:
        """Who would lose access: to be asked for."""
        return tuple(step for step in self.steps if isinstance(step, Revoke))

    def data(self) -> Json:
        """The same for machines, and for a digest."""
        steps = [{"step": type(one).__name__.lower(), **_fields(one)} for one in self.steps]
        return {"steps": steps, "kept": [_fields(one) for one in self.kept], "refused": list(self.refused)}


def _fields(value: Any) -> Json:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def sign_of(step: Step) -> str:
    return {Grant: "+", ChangeRole: "~", Revoke: "-"}[type(step)]


def text_of(step: Step) -> str:
    match step:
        case Grant():
            return f"share with {name_of(step)} as {word(step.role)}"
        case ChangeRole():
            return f"{name_of(step)}: {word(step.was)} → {word(step.role)}"
        case Revoke():
            return f"{name_of(step)} loses access (was {word(step.was)})"


def word(role: str) -> str:
    return WORDS.get(role, role)


def name_of(step: Step) -> str:
    return step.email if isinstance(step, Revoke) else f"{step.name} <{step.email}>"


def needs_look(team: Iterable[Person], last: Mapping[str, Access]) -> bool:
    """Whether the team is not what it was when it was shared with: only then are the permissions asked for."""
    people = list(team)
    return bool(missing_access(people, last)) or bool(last.keys() - _wanted(people).keys())


def missing_access(team: Iterable[Person], last: Mapping[str, Access]) -> list[str]:
    """The names of those who were not given yet what crm.toml says."""
    return [
        person.name
        for address, (person, role) in _wanted(team).items()
        if address not in last or last[address].role not in (role, "owner")
    ]


def plan_sharing(
    team: Iterable[Person], last: Mapping[str, Access], permissions: Sequence[Mapping[str, Any]], owner: str = ""
) -> SharingPlan:
    """What leads to the team's access. `last`: what was given last, by address in small letters; `permissions` as Drive
    answers PERMISSION_FIELDS; `owner`: the owner's address, where the permissions do not tell it.

    | last | there | crm.toml | what happens |
    |---|---|---|---|
    | –, or other than crm.toml | – | a | grant |
    | a | – | a | nothing: somebody took it away on purpose |
    | any | a | a | nothing |
    | a | b | a | nothing: somebody changed it on purpose |
    | –, or other than crm.toml | b | a | change |
    | a | any | – | revoke |
    | – | any | – | nothing: it is theirs |
    """
    there = {address: one for one in permissions if (address := fold(one.get("emailAddress", "")))}
    wanted = _wanted(team)
    steps: list[Step] = []
    kept: list[Kept] = []
    refused: list[str] = []
    shared: dict[str, Access] = {}
    seen = set()
    for address, (person, role) in wanted.items():
        before = last.get(address)
        found = there.get(address) or there.get(before.alias if before else "")
        alias = before.alias if before else ""
        if address == fold(owner) or (found and found["role"] in _ABOVE):
            present = found["role"] if found else "owner"
            kept.append(Kept(person.email, present, "owner"))
            shared[address] = Access("owner", alias)
            if person.role == "viewer":
                refused.append(f"{person.name} <{person.email}> stays {_more(present)}; crm.toml says viewer")
        elif found is None and before and before.role == role:
            kept.append(Kept(person.email, role, "revoked"))
            shared[address] = before
        elif found is None:
            steps.append(Grant(person.name, person.email, role))
        elif found["role"] == role:
            shared[address] = Access(role, alias)
        elif before and before.role == role:
            kept.append(Kept(person.email, found["role"], "changed"))
            shared[address] = before
        else:
            steps.append(ChangeRole(person.name, person.email, role, found["role"], found["id"]))
            if before:
                shared[address] = before
        seen.add(id(found))
        # Told once: who is the owner stays as it is from then on.
        if person.role == "owner" and before is None and owner_of(permissions, owner) not in ("", address, alias):
            refused.append(
                f"{person.name} <{person.email}> is an editor, not the owner: who owns the spreadsheet is changed by "
                "its owner alone, in its Share dialog"
            )
    for address, before in last.items():
        found = there.get(address) or there.get(before.alias)
        if address in wanted or found is None:
            continue
        seen.add(id(found))
        if found["role"] in _ABOVE:
            kept.append(Kept(address, found["role"], "owner"))
        else:
            steps.append(Revoke(address, found["role"], found["id"]))
            shared[address] = before
    kept += (_foreign(one) for one in permissions if id(one) not in seen and one["role"] != "owner")
    return SharingPlan(tuple(sorted(steps, key=_order)), tuple(kept), tuple(refused), shared)


def owner_of(permissions: Iterable[Mapping[str, Any]], owner: str = "") -> str:
    """The owner's address in small letters; "" where nothing tells it."""
    found = (one.get("emailAddress", "") for one in permissions if one["role"] == "owner")
    return fold(owner) or fold(next(found, ""))


def _wanted(team: Iterable[Person]) -> dict[str, tuple[Person, str]]:
    """Who shall have access, with their role in Drive; of two entries of one address the one with more rights."""
    found: dict[str, tuple[Person, str]] = {}
    for person in team:
        address, role = fold(person.email), ROLES[person.role]
        if address and (address not in found or (role == "writer" and found[address][1] != "writer")):
            found[address] = person, role
    return found


def fold(address: str) -> str:
    return address.strip().casefold()


def _more(role: str) -> str:
    return "the owner" if role == "owner" else f"what the shared drive makes them ({role})"


def _order(step: Step) -> int:
    return (Revoke, ChangeRole, Grant).index(type(step))


def _foreign(permission: Mapping[str, Any]) -> Kept:
    everybody = {"anyone": "anyone with the link", "domain": "everybody of the domain"}
    who = permission.get("emailAddress") or everybody.get(permission.get("type", ""), permission["id"])
    return Kept(who, permission["role"], "foreign")


def encode_shared(shared: Mapping[str, Access]) -> str:
    """`{"mina@example.com":"w","tom@example.com":["r","thomas@example.com"]}`: hundreds of people fit into a mark."""
    data = {
        address: [_SHORT[one.role], one.alias] if one.alias else _SHORT[one.role]
        for address, one in sorted(shared.items())
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def decode_shared(metadata: Iterable[Json]) -> dict[str, Access]:
    """Whom it was shared with last, by the spreadsheet's own metadata; what is not of our making is not there."""
    return dict(accesses_of(next((text for _, text in values_of(metadata, SHARED)), "")))


def accesses_of(text: str) -> Iterator[tuple[str, Access]]:
    """What `encode_shared` wrote; what is not of our making is not there."""
    try:
        data = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return
    for address, value in data.items() if isinstance(data, dict) else ():
        role, alias = value if isinstance(value, list) and len(value) == 2 else (value, "")
        if isinstance(role, str) and role in _LONG and isinstance(alias, str):
            yield fold(address), Access(_LONG[role], alias)


def shared_mark(metadata: Iterable[Json], shared: Mapping[str, Access]) -> list[Json]:
    """The requests that note what is shared now; none where that is noted already."""
    text = encode_shared(shared)
    there = values_of(metadata, SHARED)
    if [value for _, value in there] == [text] or (not there and not shared):
        return []
    number = ids.metadata_id(SHARED)
    gone = [
        {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": id}}}} for id, _ in there
    ]
    return [*gone, mark(number, SHARED, text, {"spreadsheet": True})]
