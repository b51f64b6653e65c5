"""The steps of permissions: what somebody has not allowed is not done and is told, and all else goes on."""

from __future__ import annotations

import json

from crm_builder.local import scripts_store
from crm_builder.local.scripts_manifest import MANIFEST
from tests.living.again import HOUR
from tests.living.bare import MONDAY, Bare, people
from tests.living.conftest import Bares

SEND = "https://www.googleapis.com/auth/script.send_mail"


def allow(bare: Bare, scope: str, allowed: bool) -> None:
    """Takes a permission out of the script's manifest, or puts it there."""
    project = scripts_store.bound(bare.workspace, bare.id)[0]
    manifest = next(file for file in project["files"] if file["name"] == MANIFEST)
    said = json.loads(manifest["source"])
    said["oauthScopes"] = [*(one for one in said["oauthScopes"] if one != scope), *[scope] * allowed]
    manifest["source"] = json.dumps(said)
    with bare.workspace.request():
        scripts_store.save(bare.workspace, project)


def test_without_the_permission_to_send_all_else_goes_on_and_no_mail_is_lost(bares: Bares) -> None:
    with bares(3) as bare:
        allow(bare, SEND, False)
        first = bare.dispatch()
        assert first.ok and not first.mails
        assert first.value["jobs"]["hygiene"] == "done"
        assert first.value["jobs"]["follow_ups"] == "failed"
        assert any("script.send_mail" in one["message"] for one in first.value["errors"])
        assert bare.log() == {}
        allow(bare, SEND, True)
        second = bare.dispatch(MONDAY + HOUR)
        assert len(people(second)) == 3 and not second.value["errors"]
