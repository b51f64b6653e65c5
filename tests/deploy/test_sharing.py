"""Who shall have access, who has it, and whom it was given last: what follows from each mixture, and that it stays so."""

from __future__ import annotations

import pytest

from crm_builder.deploy.sharing import (
    Access,
    ChangeRole,
    Grant,
    Kept,
    Revoke,
    decode_shared,
    encode_shared,
    needs_look,
    plan_sharing,
    shared_mark,
    sign_of,
    text_of,
)
from crm_builder.settings import Member
from crm_builder.sheets import check_body
from crm_builder.sheets.marks import SHARED

OWNER = {"id": "0", "type": "user", "role": "owner", "emailAddress": "Boss@example.com"}
W, R = Access("writer"), Access("reader")


def mina(role: str = "editor", email: str = "mina@example.com") -> Member:
    return Member("Mina", email, role)


def there(role: str, email: str = "mina@example.com", id: str = "7", type: str = "user") -> dict[str, str]:
    return {"id": id, "type": type, "role": role, "emailAddress": email}


GRANT = Grant("Mina", "mina@example.com", "writer")
UP = ChangeRole("Mina", "mina@example.com", "writer", "reader", "7")

# name: (team, given last, permissions beside the owner's, steps, what is kept)
CASES = {
    "nobody": ([], {}, [], [], []),
    "somebody new": ([mina()], {}, [], [GRANT], []),
    "a viewer": ([mina("viewer")], {}, [], [Grant("Mina", "mina@example.com", "reader")], []),
    "given and there": ([mina()], {"mina@example.com": W}, [there("writer")], [], []),
    "there by hand already": ([mina()], {}, [there("writer")], [], []),
    "there by hand with another role": ([mina()], {}, [there("reader")], [UP], []),
    "another role in crm.toml": ([mina()], {"mina@example.com": R}, [there("reader")], [UP], []),
    "another role in crm.toml, taken away by hand": ([mina()], {"mina@example.com": R}, [], [GRANT], []),
    "taken away by hand": (
        [mina()], {"mina@example.com": W}, [], [], [Kept("mina@example.com", "writer", "revoked")],
    ),
    "changed by hand": (
        [mina()], {"mina@example.com": W}, [there("reader")], [], [Kept("mina@example.com", "reader", "changed")],
    ),
    "changed by hand to what crm.toml says now": ([mina()], {"mina@example.com": R}, [there("writer")], [], []),
    "left the team": ([], {"mina@example.com": W}, [there("writer")], [Revoke("mina@example.com", "writer", "7")], []),
    "left the team, changed by hand": (
        [], {"mina@example.com": R}, [there("writer")], [Revoke("mina@example.com", "writer", "7")], [],
    ),
    "left the team, taken away by hand": ([], {"mina@example.com": W}, [], [], []),
    "another address": (
        [mina(email="m@example.com")], {"mina@example.com": W}, [there("writer")],
        [Revoke("mina@example.com", "writer", "7"), Grant("Mina", "m@example.com", "writer")], [],
    ),
    "a guest of others": ([], {}, [there("commenter")], [], [Kept("mina@example.com", "commenter", "foreign")]),
    "anyone with the link": (
        [mina()], {"mina@example.com": W}, [there("writer"), {"id": "anyoneWithLink", "type": "anyone", "role": "reader"}],
        [], [Kept("anyone with the link", "reader", "foreign")],
    ),
    "capitals": ([mina(email="Mina@Example.com")], {"mina@example.com": W}, [there("writer", "MINA@example.com")], [], []),
    "twice in other letters": ([mina("viewer"), mina("editor", "MINA@example.com")], {}, [], [
        Grant("Mina", "MINA@example.com", "writer")], []),
    "no address": ([mina(email="")], {}, [there("reader", email="")], [], [Kept("7", "reader", "foreign")]),
    "another address at Google": (
        [mina()], {"mina@example.com": Access("writer", "minarahimi@example.com")},
        [there("writer", "minarahimi@example.com")], [], [],
    ),
    "another address at Google, left": (
        [], {"mina@example.com": Access("writer", "minarahimi@example.com")},
        [there("writer", "minarahimi@example.com")], [Revoke("mina@example.com", "writer", "7")], [],
    ),
    "the owner": ([mina("owner", "boss@example.com")], {}, [], [], [Kept("boss@example.com", "owner", "owner")]),
    "a group": ([mina()], {"mina@example.com": W}, [there("writer", type="group")], [], []),
    "a manager of the shared drive": (
        [mina()], {}, [there("organizer")], [], [Kept("mina@example.com", "organizer", "owner")],
    ),
    "became the manager and left": (
        [], {"mina@example.com": W}, [there("organizer")], [], [Kept("mina@example.com", "organizer", "owner")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_case(name: str):
    team, last, permissions, steps, kept = CASES[name]
    plan = plan_sharing(team, last, [OWNER, *permissions])
    assert (list(plan.steps), list(plan.kept)) == (steps, kept)
    assert [step for step in plan.leaving] == [step for step in steps if isinstance(step, Revoke)]


@pytest.mark.parametrize("name", CASES)
def test_after_it_nothing_is_left_to_do(name: str):
    team, last, permissions, _, _ = CASES[name]
    plan = plan_sharing(team, last, [OWNER, *permissions])
    now, shared = {one["id"]: one for one in permissions}, dict(plan.shared)
    for number, step in enumerate(plan.steps, 100):
        if isinstance(step, Revoke):
            del now[step.permission], shared[step.email]
        else:
            one = now.get(step.permission) if isinstance(step, ChangeRole) else there("", step.email, str(number))
            now[one["id"]] = one | {"role": step.role}
            shared[step.email.casefold()] = Access(step.role)
    again = plan_sharing(team, shared, [OWNER, *now.values()])
    assert again.steps == () and again.shared == shared
    assert not needs_look(team, shared)
    assert decode_shared([{"metadataKey": SHARED, "metadataValue": encode_shared(shared)}]) == shared


@pytest.mark.parametrize(
    ("role", "email", "text"),
    [
        ("owner", "mina@example.com", "Mina <mina@example.com> is an editor, not the owner"),
        ("viewer", "boss@example.com", "Mina <boss@example.com> stays the owner; crm.toml says viewer"),
    ],
)
def test_who_owns_it_is_never_changed(role: str, email: str, text: str):
    plan = plan_sharing([mina(role, email)], {}, [OWNER])
    assert [line.partition(":")[0] for line in plan.refused] == [text]
    assert all(isinstance(step, Grant) and step.role == "writer" for step in plan.steps)


def test_the_owner_is_known_from_elsewhere_too():
    assert plan_sharing([mina("owner")], {}, [], "MINA@example.com").steps == ()


@pytest.mark.parametrize(
    ("team", "last", "look"),
    [
        ([], {}, False),
        ([mina()], {"mina@example.com": W}, False),
        ([mina(email="MINA@example.com")], {"mina@example.com": W}, False),
        ([mina("owner")], {"mina@example.com": Access("owner")}, False),
        ([mina()], {}, True),
        ([mina()], {"mina@example.com": R}, True),
        ([], {"mina@example.com": W}, True),
    ],
)
def test_permissions_are_asked_for_only_where_the_team_changed(team: list[Member], last: dict[str, Access], look: bool):
    assert needs_look(team, last) is look


@pytest.mark.parametrize("text", ["", "[]", "7", "{", '{"a@b.c":"x"}', '{"a@b.c":["w"]}', '{"a@b.c":7}', "[" * 9999])
def test_a_mark_that_people_changed_is_none(text: str):
    assert decode_shared([{"metadataKey": SHARED, "metadataValue": text}]) == {}


def test_the_mark_is_written_once():
    shared = {"mina@example.com": W, "tom@example.com": Access("reader", "thomas@example.com")}
    (made,) = shared_mark([], shared)
    entry = made["createDeveloperMetadata"]["developerMetadata"]
    assert entry["metadataValue"] == '{"mina@example.com":"w","tom@example.com":["r","thomas@example.com"]}'
    check_body({"requests": [made]})
    assert shared_mark([entry], shared) == [] == shared_mark([], {})
    removed, _ = shared_mark([entry], {})
    check_body({"requests": [removed]})
    assert (
        removed["deleteDeveloperMetadata"]["dataFilter"]["developerMetadataLookup"]["metadataId"] == entry["metadataId"]
    )


def test_the_team_of_a_large_office_fits_into_the_mark():
    shared = {f"somebody.with.a.long.name.{number}@example.com": W for number in range(500)}
    assert len(encode_shared(shared)) < 30_000


def test_it_is_told_in_the_words_of_crm_toml():
    team = [mina("viewer"), Member("Tom", "tom@example.com", "editor")]
    last = {"mina@example.com": W, "ali@example.com": R}
    plan = plan_sharing(team, last, [OWNER, there("writer"), there("reader", "ali@example.com", "8")])
    assert [(sign_of(step), text_of(step)) for step in plan.steps] == [
        ("-", "ali@example.com loses access (was viewer)"),
        ("~", "Mina <mina@example.com>: editor → viewer"),
        ("+", "share with Tom <tom@example.com> as editor"),
    ]
    assert [one["step"] for one in plan.data()["steps"]] == ["revoke", "changerole", "grant"]
