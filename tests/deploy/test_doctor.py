"""The doctor: what each thing that can be wrong is told as, on a real CRM at a stand-in for Google and a local one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from crm_builder import deploy, deployment
from crm_builder.cli import main
from crm_builder.deploy.doctor import Facts, Finding, bare, findings, gather, worst
from crm_builder.deploy.doctor_facts import Heartbeat, Script, UnseenError, _script, heartbeat_of
from crm_builder.deploy.doctor_state import state_lines
from crm_builder.deploy.script_mark import ScriptMark, mark_requests
from crm_builder.deploy.sharing import Access, encode_shared
from crm_builder.errors import CrmError, LoginError, LostAnswer, RestError
from crm_builder.google import SCRIPT, SHEET, Account, Client
from crm_builder.google.logins import Login, save
from crm_builder.local.server import serve
from crm_builder.project import Project, load_project
from crm_builder.settings.values import Google
from crm_builder.sheets import check_call, ids
from crm_builder.sheets.baseline import BaselineError
from crm_builder.sheets.marks import HEARTBEAT, SHARED, mark
from tests.conftest import CLOCK

NOW = CLOCK
ME = Account("main", "mina@example.com", SCRIPT, NOW)
BEAT = Heartbeat(NOW - timedelta(minutes=20), "owner@example.com", 2, "test")


@dataclass(frozen=True)
class Crm:
    project: Project
    client: Client
    deployment: deployment.Deployment

    def facts(self) -> Facts:
        return gather(self.project, self.client, self.deployment, ME, NOW)

    def beat(self, **data: Any) -> None:
        text = json.dumps({"at": NOW.isoformat(), "spreadsheet": self.deployment.spreadsheet_id, **data})
        made = mark(ids.metadata_id(HEARTBEAT), HEARTBEAT, text, {"spreadsheet": True})
        self.client.batch_update(self.deployment.spreadsheet_id, [made])


@pytest.fixture(scope="module")
def made(
    small_crm: Callable[[str], Path], small_templates: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Crm]:
    """The workspace taken for Google: what answers says the same."""
    folder = Path(shutil.copytree(small_crm("en"), tmp_path_factory.mktemp("doctor") / "crm"))
    found = deployment.load(folder, "local")
    assert found
    with deploy.open_target(folder, CLOCK) as http:
        project = load_project(folder, small_templates).on("google")
        yield Crm(project, Client(http, check_call), replace(found, target="google"))


@pytest.fixture(scope="module")
def seen(made: Crm) -> Facts:
    return made.facts()


def told(facts: Facts, check: str) -> list[tuple[str, str]]:
    return [(one.level, one.text) for one in findings(facts) if one.check == check]


def test_a_crm_that_is_well(made: Crm, seen: Facts):
    found = findings(seen)
    assert {one.level for one in found} <= {"ok", "note"}
    checks = {one.check for one in found if one.level == "ok"}
    assert checks >= {
        "login",
        "permissions",
        "Drive API",
        "Sheets API",
        "limits",
        "workbook",
        "rules",
        "locale",
        "copies",
    }
    assert len(made.client.calls) <= 9


LIMIT = RestError(
    429,
    "RESOURCE_EXHAUSTED",
    "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per user' of service "
    "'sheets.googleapis.com' for consumer 'project_number:603366585132'.",
)
OFF = RestError(
    403,
    "PERMISSION_DENIED",
    "Google Sheets API has not been used in project 977449744253 before or it is disabled. Enable it by visiting "
    "https://console.developers.google.com/apis/api/sheets.googleapis.com/overview?project=977449744253 then retry. If "
    "you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.",
)
USER_OFF = RestError(
    403,
    "PERMISSION_DENIED",
    "User has not enabled the Apps Script API. Enable it by visiting https://script.google.com/home/usersettings then "
    "retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.",
)
NO_SCOPE = RestError(403, "PERMISSION_DENIED", "Request had insufficient authentication scopes.")
GONE = RestError(404, "NOT_FOUND", "Requested entity was not found.")
EXPIRED = LoginError("Google no longer accepts the login; run `crm-builder login` again")
UNREACHED = LostAnswer(0, "", "no answer came in time", told="Google was not reached; check the connection")
UNSEEN = UnseenError("not looked at")
ANYONE = {"id": "anyoneWithLink", "type": "anyone", "role": "reader"}
OWNER = {"id": "0", "type": "user", "role": "owner", "emailAddress": "owner@example.com"}
BOARD = {"limit": "100", "usage": "97"}

WELL = {"spreadsheet_id": "ID", "files": [{"id": "ID"}], "noted": ScriptMark("S", "ID")}

# name: (what is otherwise, the check, its level, how the sentence begins, what is in what to do)
CASES: dict[str, tuple[dict[str, Any], str, str, str, str]] = {
    "nobody logged in": ({"account": LoginError("no account is logged in; run `crm-builder login`")},
                         "login", "error", "no account is logged in", "crm-builder login"),
    "a login that no longer holds": ({"drive": EXPIRED, "health": UNSEEN}, "login", "error", "Google no longer", "login"),
    "no permission at all": ({"account": replace(ME, scopes=frozenset())},
                             "permissions", "error", "the login lacks drive.file", "every box"),
    "no permission for the script": ({"account": replace(ME, scopes=SHEET)}, "permissions", "warning",
                                     "the login lacks script.deployments, script.projects", "script = false"),
    "sheets off": ({"health": OFF}, "Sheets API", "error", "it is switched off", "?project=977449744253 and wait"),
    "script off for the user": ({"script": USER_OFF}, "Apps Script API", "error", "it is switched off",
                                "https://script.google.com/home/usersettings"),
    "script not allowed": ({"script": NO_SCOPE}, "Apps Script API", "note", "not asked", ""),
    "a limit": ({"health": LIMIT}, "limits", "warning", "429", "wait"),
    "storage nearly full": ({"drive": {"storageQuota": BOARD}}, "limits", "warning", "97% of the storage", "one.google"),
    "storage full": ({"drive": {"storageQuota": BOARD | {"usage": "100"}}}, "limits", "error", "100%", "one.google"),
    "the spreadsheet is gone": ({"health": CrmError("the spreadsheet of this CRM is gone; bring it back")},
                                "workbook", "error", "the spreadsheet of this CRM is gone", "bring it back"),
    "the baseline is damaged": ({"health": BaselineError("what was last applied is damaged; restore it")},
                                "workbook", "error", "what was last applied is damaged", "restore"),
    "not made yet": ({"spreadsheet_id": "", "health": None}, "workbook", "note", "there is no CRM yet", "up"),
    "another time zone": ({"time_zone": "Asia/Tehran"}, "time zone", "warning", "the spreadsheet has the time zone",
                          "File > Settings"),
    "a copy": ({"heartbeat": replace(BEAT, spreadsheet="other")}, "copies", "warning",
               "this spreadsheet is a copy of https://docs.google.com/spreadsheets/d/other/edit", "go on with"),
    "a copy with its script": ({"noted": ScriptMark("S", "other")}, "copies", "warning",
                               "this spreadsheet is a copy of https://docs", "--new-script"),
    "another file with the key": ({"files": [{"id": "x", "name": "Old"}, {"id": "ID"}]}, "copies", "warning",
                                  "another spreadsheet says that it is this CRM: Old", "bin"),
    "in the bin": ({"files": []}, "copies", "error", "the spreadsheet can be read", "bin"),
    "open to all": ({"permissions": [OWNER, ANYONE]}, "sharing", "warning", "anyone who has the link can see", "Restricted"),
    "not shared yet": ({"permissions": [OWNER]}, "sharing", "note", "to be done: share with", "apply"),
    "no script yet": ({"script": None}, "script", "note", "there is none yet", "up"),
    "the script is gone": ({"script": GONE, "noted": ScriptMark("S", "ID")}, "script", "error", "the script that", "--new-script"),
    "the script's time zone": ({"script": Script("S", "Asia/Tokyo")}, "script", "warning", "it lives in", "apply"),
    "not set up": ({"noted": ScriptMark("S", "ID"), "script": Script("S")}, "automation", "note", "one click is left", "click “CRM” in its menu bar and then “Finish set-up”"),
    "runs": ({"heartbeat": BEAT}, "automation", "ok", "the script ran last 20 minutes ago, and runs every hour", ""),
    "late": ({"heartbeat": replace(BEAT, at=NOW - timedelta(hours=6))}, "automation", "warning", "the script ran last 6", "open"),
    "stopped": ({"heartbeat": replace(BEAT, at=NOW - timedelta(days=9))}, "automation", "error", "the script ran last 9 days", "open"),
    "a job that fails": ({"heartbeat": replace(BEAT, errors=("digest: full",))}, "automation", "warning",
                         "the script ran last 20 minutes ago, and not all went well: digest: full", "mend"),
    "no triggers": ({"heartbeat": replace(BEAT, triggers=0)}, "triggers", "error", "there are none", "open"),
    "many triggers": ({"heartbeat": replace(BEAT, triggers=19)}, "triggers", "warning", "19 of the 20", "remove"),
    "triggers of another": ({"heartbeat": replace(BEAT, owner="tom@example.com"), "permissions": [OWNER]},
                            "triggers", "note", "they are tom@example.com's", "owner"),
    "mail": ({"heartbeat": replace(BEAT, mail_mode="live")}, "mail", "ok", "live: mails go to customers", ""),
    "unknown mails": ({"heartbeat": replace(BEAT, unknown=3)}, "mail", "warning", "mails of which nobody knows whether they arrived: 3", "mail log"),
    "mail off": ({"wanted": Google(mail=False)}, "mail", "ok", "crm.toml switches it off", ""),
    "no script wanted": ({"wanted": Google(False, False), "account": replace(ME, scopes=SHEET)},
                         "permissions", "ok", "drive.file", ""),
    "sharing off": ({"wanted": Google(share=False), "permissions": [OWNER]}, "sharing", "ok", "left to you", ""),
    "an old web app": ({"script": Script("S", "", 3, 5), "noted": ScriptMark("S", "ID", deployment="D")},
                       "web app", "warning", "it serves version 3, and the script has version 5", "apply"),
    "a web app that is gone": ({"script": Script("S"), "noted": ScriptMark("S", "ID", deployment="D")},
                               "web app", "error", "its deployment is gone", "up"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_case(name: str, seen: Facts):
    change, check, level, text, todo = CASES[name]
    facts = replace(seen, **WELL | change)
    found = [one for one in findings(facts) if one.check == check]
    (one,) = [one for one in found if one.text.startswith(text)][:1] or [None]
    assert one and one.level == level and todo in one.todo, found
    assert all(one.todo or one.level in ("ok", "note") for one in findings(facts)), "something wrong without a way out"


def test_a_login_of_unknown_mail_is_told_although_drive_refuses(seen: Facts):
    assert told(replace(seen, account=replace(ME, mail=""), drive=OFF), "login") == [("ok", "main (account main)")]


def test_the_last_version_is_found_on_any_page(made: Crm):
    """A web app that serves version 60 of 60 is up to date, though a page has 50."""
    call = made.client.call
    body = {"title": "Test", "parentId": made.deployment.spreadsheet_id}
    projects = made.client.script.projects()
    id = call(projects.create(body=body))["scriptId"]
    for _ in range(60):
        call(projects.versions().create(scriptId=id, body={}))
    config = {"versionNumber": 60, "manifestFileName": "appsscript"}
    web = call(projects.deployments().create(scriptId=id, body=config))["deploymentId"]
    found = _script(made.client, ScriptMark(id, made.deployment.spreadsheet_id, deployment=web))
    assert found and (found.web_app, found.version) == (60, 60)


def test_nobody_logged_in_is_all_that_is_told_of_google(made: Crm):
    found = findings(bare(made.project, EXPIRED, NOW))
    assert [one.check for one in found if one.level == "error"] == ["login"]


def test_what_fails_stops_nothing_else_unless_the_way_to_google_does(made: Crm, monkeypatch: pytest.MonkeyPatch):
    def no_answer(*_: Any) -> Any:
        raise OFF

    monkeypatch.setattr(Client, "find_files", no_answer)
    facts = made.facts()
    assert facts.files is OFF and not isinstance(facts.permissions, CrmError)

    for error, check in ((EXPIRED, "login"), (UNREACHED, "Drive API")):

        def fails(*_: Any, error: Exception = error, **__: Any) -> Any:
            raise error

        monkeypatch.setattr(Client, "call", fails)
        facts = made.facts()
        assert facts.drive is error and isinstance(facts.health, UnseenError)
        assert [one.check for one in findings(facts) if one.level == "error"] == [check]


def test_before_the_crm_is_made_the_way_to_it_is_looked_at(made: Crm):
    facts = gather(made.project, made.client, None, ME, NOW)
    assert told(facts, "Sheets API") == [("ok", "it answers")]
    assert told(facts, "workbook") == [("note", "there is no CRM yet")]


def test_a_heartbeat_is_read_back(made: Crm):
    errors = [{"job": "digest", "message": "full", "at": "2026-11-22T08:00:00Z"}, "no error"]
    made.beat(owner="mina@example.com", triggers=3, mail_mode="live", every=30, unknown=2, errors=errors)
    beat = made.facts().heartbeat
    id = made.deployment.spreadsheet_id
    assert beat == Heartbeat(NOW, "mina@example.com", 3, "live", id, 30, ("digest: full",), 2)
    assert deploy.prepare(made.project, made.client, made.deployment).plan.empty  # it is no change of ours


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "no", '{"at":7}', '{"at":"today"}', '{"at":"2026-11-22","triggers":"x"}']
)
def test_a_heartbeat_that_people_changed_is_none(text: str):
    assert heartbeat_of([{"metadataKey": HEARTBEAT, "metadataValue": text}]) is None


def test_a_time_without_zone_is_utc():
    beat = heartbeat_of([{"metadataKey": HEARTBEAT, "metadataValue": '{"at":"2026-11-22T09:00:00"}'}])
    assert beat and beat.at == datetime(2026, 11, 22, 9, tzinfo=UTC)


def test_the_worst():
    assert worst([]) == "ok"
    assert worst([Finding("a", "note", ""), Finding("b", "error", ""), Finding("c", "warning", "")]) == "error"


def test_what_status_tells_without_asking(made: Crm):
    def lines(metadata: list[dict[str, Any]], **google: bool) -> list[tuple[str, str, str]]:
        settings = replace(made.project.settings, google=Google(**google))
        project = replace(made.project, settings=settings)
        found = state_lines(project, made.deployment.spreadsheet_id, metadata, NOW)
        return [(one.check, one.level, one.text) for one in found]

    state = made.client.get(made.deployment.spreadsheet_id, fields="developerMetadata")["developerMetadata"]
    before = len(made.client.calls)
    assert lines(state)[:2] == [
        ("sharing", "note", "not shared as crm.toml says with Maya Collins, Omid Rahimi"),
        ("script", "ok", "it is as crm.toml describes it"),
    ]
    assert [one for one in lines([]) if one[0] == "script"] == [("script", "note", "there is none yet")]
    assert lines(state, script=False, mail=False, share=False) == []
    given = {member.email: Access("writer") for member in made.project.settings.team}
    noted = [{"metadataKey": SHARED, "metadataValue": encode_shared(given)}]
    assert lines(noted)[0] == ("sharing", "ok", "shared with 2 members of the team")
    noted = [{"metadataKey": SHARED, "metadataValue": encode_shared(given | {"x@example.com": Access("reader")})}]
    assert lines(noted)[0] == ("sharing", "note", "somebody who left the team has access")
    copied = mark_requests(ScriptMark("S", "other"), [])[0]["createDeveloperMetadata"]["developerMetadata"]
    assert [one[1] for one in lines([copied]) if one[0] == "script"] == ["warning"]
    assert len(made.client.calls) == before
    local = made.project.on("local")
    assert state_lines(local, made.deployment.spreadsheet_id, state, NOW) == []


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, env={"CRM_BUILDER_CLOCK": NOW.isoformat()})


def test_a_local_crm_is_looked_at_too(crm_folder: Path, small_templates: Path):
    where = ("-C", str(crm_folder), "--templates", str(small_templates))
    result = run("doctor", *where)
    assert result.exit_code == 0, result.output
    assert "local workspace" in result.output and "nothing is broken" in result.output and "API" in result.output
    data = json.loads(run("doctor", *where, "--json").stdout)
    assert data["worst"] == "note" and {one["check"] for one in data["findings"]} >= {"rules", "locale", "automation"}
    found = deployment.load(crm_folder, "local")
    assert found
    with deploy.open_target(crm_folder, CLOCK) as http:
        Client(http, check_call).call(Client(http, check_call).drive.files().delete(fileId=found.spreadsheet_id))
    result = run("doctor", *where)
    assert result.exit_code == 1 and "✘ workbook" in result.output and "is gone" in result.output


def test_its_commands_are_to_be_typed_as_they_stand(crm_folder: Path, small_templates: Path):
    text = (crm_folder / "crm.toml").read_text("utf-8").replace("[crm]", '[crm]\naccent = "#118855"', 1)
    (crm_folder / "crm.toml").write_text(text, "utf-8")
    result = run("doctor", "-C", str(crm_folder), "--templates", str(small_templates))
    assert "of crm.toml not made yet" in result.output
    assert f"→ crm-builder apply -C {crm_folder} --templates {small_templates}" in result.output


def test_open_says_where_it_is(crm_folder: Path, small_templates: Path):
    result = run("open", "-C", str(crm_folder), "--templates", str(small_templates), "--print")
    assert result.exit_code == 0 and Path(result.stdout.strip()).exists()


@pytest.fixture
def no_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CRM_BUILDER_CONFIG", str(tmp_path / "config"))
    return tmp_path


def test_without_a_login_it_says_so_and_what_to_do(no_account: Path, crm_folder: Path, small_templates: Path):
    result = run("doctor", "-C", str(crm_folder), "--templates", str(small_templates), "--target", "google")
    assert result.exit_code == 1 and "✘ login" in result.output and "crm-builder login" in result.output


def test_through_sockets_with_a_login_for_the_sheet_alone(
    no_account: Path, crm_folder: Path, small_templates: Path, monkeypatch: pytest.MonkeyPatch
):
    with serve(no_account / "served", port=0) as server:
        monkeypatch.setenv("CRM_BUILDER_GOOGLE_ENDPOINT", server.url)
        later = datetime.now(UTC).timestamp() + 3000
        save(Login("main", "id", "secret", "refresh", tuple(SHEET), NOW.timestamp(), "token", later))
        where = ("-C", str(crm_folder), "--templates", str(small_templates), "--target", "google")
        result = run("doctor", *where, "--json")
        told = {one["check"]: one for one in json.loads(result.stdout)["findings"]}
    assert result.exit_code == 0, result.output
    assert told["login"]["text"] == "owner@example.com (account main)"
    assert told["permissions"]["level"] == "warning" and "script = false" in told["permissions"]["todo"]
    assert told["Drive API"]["level"] == told["Sheets API"]["level"] == "ok"
    assert told["workbook"]["todo"] == "crm-builder up" and "secret" not in result.output
