"""Sharing carried out on a file of a workspace: it comes out as planned, whatever happens on the way, and stays so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from crm_builder import deployment as deployments
from crm_builder.deploy.beside import UNSAID, Beside, Settled, look_beside, settle
from crm_builder.deploy.sharing import Access, decode_shared, shared_mark
from crm_builder.deploy.sharing_steps import Shared, carry_out, meaning, permissions_of, prepare_sharing
from crm_builder.errors import LostAnswer, RestError
from crm_builder.google import Client
from crm_builder.local.transport import open_workspace
from crm_builder.project import Project, load_project
from crm_builder.settings import Member
from crm_builder.settings.values import Google
from crm_builder.sheets import check_call
from tests.changes.crm import description

MINA = Member("Mina", "mina@example.com", "editor")
TOM = Member("Tom", "tom@example.com", "viewer")
ALI = Member("Ali", "ali@example.com", "editor")
NO_ACCOUNT = (
    'Bad Request. User message: "You are trying to invite tom@example.com. Since there is no Google account associated '
    'with this email address, you must check the "Notify people" box to invite this recipient."'
)


class Drive(Client):
    """A client whose batches meet with what is in store for them: refusals by address, or anything else once."""

    def __init__(self, http: Any):
        super().__init__(http, check_call)
        self.refusals: dict[str, RestError] = {}
        self.once: list[Callable[[], None]] = []  # after the next batch

    def batch(self, requests: Sequence[Any]) -> list[Any]:
        answers: list[Any] = []
        for request in requests:
            refused = next((one for address, one in self.refusals.items() if address in str(request.body)), None)
            answers.append(refused)
        passed = iter(super().batch([one for one, refused in zip(requests, answers, strict=True) if refused is None]))
        if self.once:
            self.once.pop(0)()
        return [next(passed) if refused is None else refused for refused in answers]


@pytest.fixture
def drive(tmp_path: Path) -> Iterator[Drive]:
    with open_workspace(tmp_path, None) as http:
        yield Drive(http)


@pytest.fixture
def file(drive: Drive) -> str:
    return str(drive.create_file("CRM", "key")["id"])


def share(drive: Drive, file: str, *team: Member) -> Shared | None:
    """What `up` and `apply` do: look, share, note. A kill before the note is a call that is left out."""
    metadata = drive.get(file, fields="developerMetadata").get("developerMetadata", [])
    plan = prepare_sharing(drive, file, team, decode_shared(metadata))
    if plan is None:
        return None
    done = carry_out(drive, file, plan)
    if requests := shared_mark(metadata, done.shared):
        drive.batch_update(file, requests)
    return done


@dataclass
class Folder:
    """A folder whose CRM is at Google, and is shared as `up` does it; without a script."""

    project: Project
    drive: Drive
    deployment: deployments.Deployment

    @property
    def metadata(self) -> list[dict[str, Any]]:
        return self.drive.get(self.deployment.spreadsheet_id, fields="developerMetadata").get("developerMetadata", [])

    def look(self, *team: Member) -> Beside:
        settings = replace(self.project.settings, team=team, google=Google(script=False))
        self.project = replace(self.project, settings=settings)
        return look_beside(self.project, self.drive, self.deployment, self.metadata, UNSAID)

    def settle(self, beside: Beside, *, killed: bool = False) -> Settled:
        """Killed before the mark is written, a batch does not come to it."""
        done = settle(self.project, self.drive, self.deployment, beside, self.metadata, lambda text: None)
        if done.marks and not killed:
            self.drive.batch_update(self.deployment.spreadsheet_id, done.marks)
        return done


@pytest.fixture
def folder(drive: Drive, file: str, small_templates: Path, tmp_path: Path) -> Folder:
    (tmp_path / "crm.toml").write_text(description(), "utf-8")
    deployment = deployments.new("google").with_spreadsheet(file)
    deployments.save(tmp_path, deployment)
    return Folder(load_project(tmp_path, small_templates).on("google"), drive, deployment)


def test_who_leaves_after_a_kill_before_the_mark_is_no_stranger(folder: Folder, drive: Drive, file: str):
    folder.settle(folder.look(MINA, TOM), killed=True)
    assert access(drive, file) == {"mina": "writer", "tom": "reader"}
    beside = folder.look(TOM)
    assert beside.leaving == [MINA.email]
    folder.settle(beside, killed=True)
    folder.settle(folder.look(ALI))
    assert access(drive, file) == {"ali": "writer"}
    assert folder.look(ALI).sharing is None


def test_killed_before_anything_was_shared_all_of_it_is_done_the_next_time(
    folder: Folder, drive: Drive, file: str, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Drive, "batch", _interrupted)
        folder.settle(folder.look(MINA, TOM))
    folder.settle(folder.look(TOM))
    assert access(drive, file) == {"tom": "reader"} and folder.look(TOM).sharing is None
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Drive, "batch", _interrupted)
        folder.settle(folder.look(TOM, ALI))
    beside = folder.look(TOM)
    assert beside.sharing and not beside.lines  # it looks once whether Ali has access
    folder.settle(beside)
    assert folder.look(TOM).sharing is None


def _interrupted(*_: Any) -> Any:
    raise KeyboardInterrupt


def test_where_nobody_may_look_who_has_access_only_the_sharing_is_left_out(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
):
    refused = RestError(403, "insufficientFilePermissions", "The user does not have sufficient permissions.")

    def refuses(*_: Any) -> Any:
        raise refused

    monkeypatch.setattr("crm_builder.deploy.sharing_steps.permissions_of", refuses)
    beside = folder.look(MINA)
    assert beside.sharing is None and not beside.pending and "not shared" in beside.notes[0]
    assert folder.settle(beside).told == tuple(beside.notes)
    refused = RestError(401, "UNAUTHENTICATED", "Invalid Credentials")
    with pytest.raises(RestError):
        folder.look(MINA)


def test_where_the_answer_stays_lost_only_the_sharing_is_left_out(folder: Folder, drive: Drive, file: str):
    def lost() -> None:
        raise LostAnswer(0, "", "no answer came in time")

    drive.once += [lost] * 3
    done = folder.settle(folder.look(MINA))
    assert "not known to be done" in done.told[0] and not done.marks
    folder.settle(folder.look(TOM))
    assert access(drive, file) == {"tom": "reader"}


def access(drive: Drive, file: str) -> dict[str, str]:
    found = permissions_of(drive, file)
    assert len({one["id"] for one in found}) == len(found)
    return {one["emailAddress"].partition("@")[0]: one["role"] for one in found if one["role"] != "owner"}


def test_the_team_comes_changes_and_goes(drive: Drive, file: str):
    done = share(drive, file, MINA, TOM)
    assert done and done.lines() == [
        "shared with Mina (editor), Tom (viewer); Google sent them no mail: give them the link"
    ]
    assert access(drive, file) == {"mina": "writer", "tom": "reader"}
    done = share(drive, file, Member("Tom", "TOM@example.com", "editor"), ALI)
    assert done and done.lines()[1] == "no longer shared with mina@example.com"
    assert access(drive, file) == {"tom": "writer", "ali": "writer"}
    assert share(drive, file, Member("Tom", "TOM@example.com", "editor"), ALI) is None
    share(drive, file)
    assert access(drive, file) == {}


def test_nothing_to_do_costs_nothing_and_a_change_three_calls(drive: Drive, file: str):
    assert prepare_sharing(drive, file, [], {}) is None and len(drive.calls) == 1
    plan = prepare_sharing(drive, file, [MINA, TOM], {}, permissions=[])
    assert plan
    carry_out(drive, file, plan)
    assert [call.method for call in drive.calls[1:]] == ["batch", "permissions.list"]
    plan = prepare_sharing(drive, file, [MINA, TOM, ALI], {one.email: Access("writer") for one in (MINA, TOM)})
    assert plan
    carry_out(drive, file, plan)
    assert [call.method for call in drive.calls[3:]] == ["permissions.list", "batch"]


def test_killed_before_it_is_noted_the_next_run_shares_with_nobody_twice(drive: Drive, file: str):
    plan = prepare_sharing(drive, file, [MINA, TOM], {})
    assert plan
    carry_out(drive, file, plan)
    before = permissions_of(drive, file)
    done = share(drive, file, MINA, TOM)
    assert done and done.done == () == done.failed
    assert permissions_of(drive, file) == before
    assert share(drive, file, MINA, TOM) is None


def test_what_others_share_stays(drive: Drive, file: str):
    guest = {"type": "user", "role": "commenter", "emailAddress": "guest@example.com"}
    drive.call(drive.drive.permissions().create(fileId=file, body=guest, sendNotificationEmail=False))
    share(drive, file, MINA)
    share(drive, file)
    assert access(drive, file) == {"guest": "commenter"}


def test_one_who_cannot_be_shared_with_is_named_and_stops_nobody(drive: Drive, file: str):
    drive.refusals["tom@"] = RestError(400, "invalidSharingRequest", NO_ACCOUNT)
    done = share(drive, file, MINA, TOM, ALI)
    assert done and access(drive, file) == {"mina": "writer", "ali": "writer"}
    assert done.lines()[1].startswith("sharing: Tom <tom@example.com>: there is no Google account with this address; ")
    done = share(drive, file, MINA, TOM, ALI)  # tried again, and nothing else
    assert done and done.done == () and len(done.failed) == 1
    del drive.refusals["tom@"]
    share(drive, file, MINA, TOM, ALI)
    assert access(drive, file)["tom"] == "reader"
    assert share(drive, file, MINA, TOM, ALI) is None


def test_an_address_that_is_none_is_refused_by_drive_itself(drive: Drive, file: str):
    done = share(drive, file, Member("X", "nobody", "editor"), MINA)
    assert done and [failure.text for failure in done.failed] == ["Drive does not take the address"]
    assert access(drive, file) == {"mina": "writer"}


def test_what_did_not_stay_is_done_again(drive: Drive, file: str):
    def others_win() -> None:
        lost = next(one["id"] for one in permissions_of(drive, file) if one.get("emailAddress") == TOM.email)
        drive.call(drive.drive.permissions().delete(fileId=file, permissionId=lost))

    drive.once.append(others_win)
    done = share(drive, file, MINA, TOM)
    assert done and not done.failed and access(drive, file) == {"mina": "writer", "tom": "reader"}


def test_what_never_stays_is_told_and_not_noted(drive: Drive, file: str):
    def others_win() -> None:
        for one in permissions_of(drive, file):
            if one.get("emailAddress") == TOM.email:
                drive.call(drive.drive.permissions().delete(fileId=file, permissionId=one["id"]))

    drive.once += [others_win] * 2
    drive.refusals["ali@"] = RestError(503, "backendError", "")  # so that there are several each time
    done = share(drive, file, MINA, TOM, ALI)
    assert done and {failure.step.email for failure in done.failed} == {ALI.email}
    assert access(drive, file) == {"mina": "writer", "tom": "reader"}


def test_a_lost_answer_is_asked_for_again(drive: Drive, file: str):
    def lost() -> None:
        raise LostAnswer(0, "", "no answer came in time")

    drive.once.append(lost)
    done = share(drive, file, MINA, TOM)
    assert done and len(done.done) == 2 and access(drive, file) == {"mina": "writer", "tom": "reader"}
    drive.once += [lost] * 3
    with pytest.raises(LostAnswer):
        share(drive, file, TOM, ALI)
    share(drive, file, TOM, ALI)
    assert access(drive, file) == {"tom": "reader", "ali": "writer"}


def test_who_was_removed_by_hand_meanwhile_is_gone_all_the_same(drive: Drive, file: str):
    share(drive, file, MINA)
    plan = prepare_sharing(drive, file, [], {MINA.email: Access("writer")})
    assert plan
    gone = plan.leaving[0].permission
    drive.call(drive.drive.permissions().delete(fileId=file, permissionId=gone))
    done = carry_out(drive, file, plan)
    assert done.failed == () and done.shared == {}


def test_the_owner_in_the_team_is_left_alone(drive: Drive, file: str):
    owner = next(one["emailAddress"] for one in permissions_of(drive, file))
    assert (done := share(drive, file, Member("Boss", owner, "owner"))) and done.done == ()
    assert share(drive, file, Member("Boss", owner, "owner")) is None


@pytest.mark.parametrize(
    ("status", "code", "message", "told"),
    [
        (400, "invalidSharingRequest", NO_ACCOUNT, "there is no Google account with this address"),
        (400, "invalidSharingRequest", 'Bad Request. User message: "ACL change not allowed."', "the rules of an"),
        (403, "domainPolicy", "The domain administrators have disabled Drive apps.", "the rules of an organisation"),
        (403, "sharingRateLimitExceeded", "Rate limit exceeded. User message: \"These item(s) could not be shared "
         'because a rate limit was exceeded."', "Google lets this account share no more today"),
        (400, "invalid", "The specified emailAddress is invalid or not applicable for the given permission type.",
         "Drive does not take the address"),
        (404, "notFound", "Permission not found: 7.", "their access was taken away meanwhile"),
        (503, "backendError", "", "Drive did not carry it out just now"),
        (403, "userRateLimitExceeded", "User Rate Limit Exceeded", "Drive did not carry it out just now"),
        (400, "badRequest", "Something new.", "Something new."),
        (418, "", "", "Drive answered 418"),
    ],
)  # fmt: skip
def test_each_refusal_says_what_to_do(status: int, code: str, message: str, told: str):
    text, todo = meaning(RestError(status, code, message))
    assert text.startswith(told) and todo
