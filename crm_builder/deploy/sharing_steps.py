"""Carrying out a plan of sharing: one call for all of its steps, one that looks, and each failure told by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_builder.deploy.sharing import (
    PERMISSION_FIELDS,
    Access,
    ChangeRole,
    Grant,
    Person,
    Revoke,
    SharingPlan,
    Step,
    fold,
    name_of,
    needs_look,
    plan_sharing,
    word,
)
from crm_builder.errors import LostAnswer, RestError
from crm_builder.google import Client

Json = dict[str, Any]

_UNAUTHORIZED, _NOT_FOUND, _NONE = 401, 404, 0
_TRIES = 3
_PASSING = frozenset({429, 500, 502, 503, 504})
_RATES = ("rateLimitExceeded", "userRateLimitExceeded")


@dataclass(frozen=True, slots=True)
class Failure:
    """A step that was not carried out: why, and what to do. The next run tries it again."""

    step: Step
    text: str
    todo: str

    def line(self) -> str:
        return f"{name_of(self.step)}: {self.text}; {self.todo}"


@dataclass(frozen=True, slots=True)
class Shared:
    """What came of it. `shared` is what to note in the spreadsheet (sharing.shared_mark)."""

    done: tuple[Step, ...]
    failed: tuple[Failure, ...]
    shared: Mapping[str, Access]

    def lines(self) -> list[str]:
        """For the report; nothing where nothing happened."""
        given = [f"{one.name} ({word(one.role)})" for one in self.done if not isinstance(one, Revoke)]
        gone = [one.email for one in self.done if isinstance(one, Revoke)]
        told = []
        if given:
            told.append(f"shared with {', '.join(given)}; Google sent them no mail: give them the link")
        if gone:
            told.append(f"no longer shared with {', '.join(gone)}")
        return told + [f"sharing: {failure.line()}" for failure in self.failed]


def prepare_sharing(
    client: Client,
    file_id: str,
    team: Sequence[Person],
    last: Mapping[str, Access],
    permissions: Sequence[Json] | None = None,
) -> SharingPlan | None:
    """None where nothing in the team has changed since it was shared last. One call, none where `permissions` are
    known, as they are in the answer to the creation of a file."""
    if not needs_look(team, last):
        return None
    return plan_sharing(team, last, permissions_of(client, file_id) if permissions is None else permissions)


def left_out(error: RestError) -> str:
    """Why sharing is left out, for people; everything else may go on. Raises it where nothing else can either.

    Such as an editor where only the owner may share (403 of permissions.list), or an answer that was lost.
    """
    lost = isinstance(error, LostAnswer)
    if not lost and error.status in (_UNAUTHORIZED, _NONE):
        raise error
    return f"{'sharing is not known to be done' if lost else 'not shared'}: {error}"


def permissions_of(client: Client, file_id: str) -> list[Json]:
    """Every permission of a file."""
    found: list[Json] = []
    token = None
    while True:
        mask = f"nextPageToken,permissions({PERMISSION_FIELDS})"
        answer = client.call(
            client.drive.permissions().list(fileId=file_id, fields=mask, pageSize=100, pageToken=token)
        )
        found += answer.get("permissions", [])
        token = answer.get("nextPageToken")
        if not token:
            return found


def carry_out(client: Client, file_id: str, plan: SharingPlan) -> Shared:
    """All steps in one call, and, where there are several, one that looks: Drive warns that of changes to one file that
    happen at the same time only the last may stay (reference of permissions.create). What did not stay is done again.

    Nobody is shared with twice: who has a permission and is given one again keeps the one, with the new role.
    """
    failed: dict[Step, RestError] = {}
    answers: dict[Step, Json] = {}
    left: Sequence[Step] = plan.steps
    for _ in range(_TRIES):
        for step, answer in _send(client, file_id, left).items():
            answers.pop(step, None)
            failed.pop(step, None)
            if isinstance(answer, RestError):
                failed[step] = answer
            else:
                answers[step] = answer
        lost = _lost(client, file_id, answers) if len(left) > 1 else []
        left = [*lost, *(step for step, error in failed.items() if _passes(error))]
        if not left:
            break
    done = tuple(step for step in plan.steps if step in answers and step not in left)
    failures = [Failure(step, *meaning(error)) for step, error in failed.items()]
    failures += [
        Failure(step, "it was done and did not stay", "run the same again") for step in left if step in answers
    ]
    shared = dict(plan.shared)
    for step in done:
        _note(shared, step, answers[step])
    return Shared(done, tuple(failures), shared)


def _lost(client: Client, file_id: str, answers: Mapping[Step, Json]) -> list[Step]:
    """What Drive said was done and is not so."""
    if not answers:
        return []
    there = {one["id"]: one["role"] for one in permissions_of(client, file_id)}
    return [step for step, answer in answers.items() if not _is_so(step, answer, there)]


def _passes(error: RestError) -> bool:
    return isinstance(error, LostAnswer) or error.status in _PASSING or error.code in _RATES


def _send(client: Client, file_id: str, steps: Sequence[Step]) -> dict[Step, Json | RestError]:
    """What came of each. All of them may be sent again where the answer is lost: they say how it shall be."""
    if not steps:
        return {}
    for turn in range(_TRIES):
        try:
            answers = client.batch([_request(client, file_id, step) for step in steps])
            break
        except LostAnswer:
            if turn == _TRIES - 1:
                raise
    return {
        step: {} if isinstance(step, Revoke) and isinstance(answer, RestError) and answer.status == _NOT_FOUND
        else answer or {}
        for step, answer in zip(steps, answers, strict=True)
    }  # fmt: skip


def _request(client: Client, file_id: str, step: Step) -> Any:
    permissions = client.drive.permissions()
    match step:
        case Grant():
            body = {"type": "user", "role": step.role, "emailAddress": step.email}
            return permissions.create(fileId=file_id, body=body, sendNotificationEmail=False, fields=PERMISSION_FIELDS)
        case ChangeRole():
            return permissions.update(
                fileId=file_id, permissionId=step.permission, body={"role": step.role}, fields=PERMISSION_FIELDS
            )
        case Revoke():
            return permissions.delete(fileId=file_id, permissionId=step.permission)


def _is_so(step: Step, answer: Json, there: Mapping[str, str]) -> bool:
    match step:
        case Grant():
            return there.get(answer.get("id", "")) in (step.role, "owner")
        case ChangeRole():
            return there.get(step.permission) == step.role
        case Revoke():
            return step.permission not in there


def _note(shared: dict[str, Access], step: Step, answer: Json) -> None:
    address = fold(step.email)
    if isinstance(step, Revoke):
        shared.pop(address, None)
        return
    role = "owner" if answer.get("role") == "owner" else step.role
    alias = fold(answer.get("emailAddress") or step.email)
    before = shared.get(address)
    shared[address] = Access(role, alias if alias != address else before.alias if before else "")


def meaning(error: RestError) -> tuple[str, str]:
    """Why somebody was not given access, and what to do (causes: guides/handle-errors and manage-sharing of Drive)."""
    said = error.message.casefold()
    if "no google account" in said:
        return (
            "there is no Google account with this address",
            "invite them in the spreadsheet's Share dialog, which sends the mail they need, or correct the address",
        )
    if "sharingratelimit" in error.code.casefold() or "sharing quota" in said:
        return "Google lets this account share no more today", "run the same again tomorrow"
    if error.status == _NOT_FOUND:
        return "their access was taken away meanwhile", "run the same again"
    if _passes(error):
        return "Drive did not carry it out just now", "run the same again in a few minutes"
    if any(word in f"{error.code} {said}".casefold() for word in _POLICY):
        return (
            "the rules of an organisation do not allow it",
            "ask its administrator, or use an address that may be shared with",
        )
    if error.code == "invalid" or "emailaddress" in said:
        return "Drive does not take the address", "correct it in crm.toml"
    return error.message or f"Drive answered {error.status}", "try it in the spreadsheet's Share dialog"


_POLICY = ("domainpolicy", "notpermitted", "acl change", "policy", "administrator", "cannotshare", "outside of")
