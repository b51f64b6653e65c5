"""clients.toml: differences laid over the base, and every mistake told with the client, the file and the line."""

from __future__ import annotations

import time
import tomllib

import pytest

from crm_builder.errors import CrmError
from crm_builder.fleet import load_fleet
from crm_builder.google import Limits
from tests.fleet.conftest import BASE, clients


def one(write, templates, text, base=BASE):
    """The first client of a clients.toml."""
    return load_fleet(write(text, base), templates).clients[0]


def test_a_client_without_differences_is_the_base(write, templates) -> None:
    client = one(write, templates, '[[client]]\nkey = "north"\n')
    assert tomllib.loads(client.text) == tomllib.loads(BASE)
    assert client.folder == write("", None).parent / "clients" / "north"
    assert client.settings.name == "Common"


def test_sections_are_merged_key_by_key(write, templates) -> None:
    text = '[[client]]\nkey = "north"\nfolder = "elsewhere"\n[client.crm]\nname = "شرکت شمال"\nlanguage = "fa"\n'
    client = one(write, templates, text)
    assert (client.settings.name, client.settings.language) == ("شرکت شمال", "fa")
    assert [member.name for member in client.settings.team] == ["Maya Collins"]
    assert client.folder.name == "elsewhere"


def test_fields_and_members_are_merged_by_key_or_added(write, templates) -> None:
    text = """
[[client]]
key = "north"
[[client.team]]
name = "Omid"
email = "omid@example.com"
[[client.team]]
name = "Maya C."
email = "MAYA@example.com"
[[client.fields.customers]]
key = "shoe"
title = "Shoe"
type = "number"
[[client.fields.customers]]
key = "nickname"
note = "What friends say"
"""
    settings = one(write, templates, text).settings
    assert [(member.name, member.role) for member in settings.team] == [("Maya C.", "owner"), ("Omid", "editor")]
    assert [(field.key, field.title, field.note) for field in settings.fields] == [
        ("nickname", "Nickname", "What friends say"),
        ("shoe", "Shoe", ""),
    ]


def test_lists_under_changes_are_added_and_other_values_replaced(write, templates) -> None:
    base = '[crm]\nname = "C"\n[lists.deal_stage]\nchoices = ["One", "Two"]\n[changes]\ndelete = ["customers.old"]\n'
    text = '[[client]]\nkey = "a"\n[client.lists.deal_stage]\nchoices = ["Three"]\n[client.changes]\n'
    text += 'delete = ["customers.older"]\naccept = ["currency"]\n'
    data = tomllib.loads(merged_text(write, templates, text, base))
    assert data["lists"]["deal_stage"]["choices"] == ["Three"]
    assert data["changes"] == {"delete": ["customers.old", "customers.older"], "accept": ["currency"]}


def merged_text(write, templates, text, base):
    """The merged description; the small templates may lack what it names."""
    from crm_builder.fleet import clients as module

    path = write(text, base)
    source = module.read_source(path.read_text("utf-8"), str(path))
    below = module.tree(module.read_source(base, "crm.toml"))
    return module._merged(module.Checker(source), below, "a", path.parent / "a", 0).text


@pytest.mark.parametrize(
    "name, left",
    [
        ("fields.customers.nickname", {"team", "crm"}),
        ("fields", {"team", "crm"}),
        ("team.maya@example.com", {"fields", "crm"}),
        ("team", {"fields", "crm"}),
    ],
)
def test_a_client_can_go_without_a_part_of_the_base(name, left, write, templates) -> None:
    data = tomllib.loads(one(write, templates, f'[[client]]\nkey = "a"\nwithout = ["{name}"]\n').text)
    assert {key for key, value in data.items() if value and value != {"customers": []}} == left


def test_what_is_not_there_cannot_be_left_out(problems) -> None:
    assert problems('[[client]]\nkey = "a"\nwithout = ["fields.customers.nikname", 3]\n') == [
        'clients.toml:3: client[1].without[1]: the base has no "fields.customers.nikname" (did you mean "nickname"?)',
        "clients.toml:3: client[1].without[2]: this must be a text, not 3",
    ]


def test_all_mistakes_at_once_each_with_its_client_and_line(problems) -> None:
    text = """\
bse = "crm.toml"
[budget]
reads = 0
writes = 1.5
[[client]]
key = "../x"
[[client]]
key = "north"
[client.crm]
langage = "fa"
[[client.fields.customers]]
key = "shoe"
title = "Shoe"
type = "numbr"
[client.crmm]
[[client]]
folder = "x"
[[client]]
key = "north"
"""
    assert problems(text) == [
        'clients.toml:1: bse: "bse" is not known here (did you mean "base"?)',
        "clients.toml:3: budget.reads: 0 is out of range (from 1 to 1000000)",
        "clients.toml:4: budget.writes: 1.5 is no whole number",
        'clients.toml:6: client[1].key: "../x" is not a client\'s key (it names a folder and a report: a-z, 0-9, _ and -, '
        "at most 40)",
        'clients.toml:10: client[2].crm.langage: client north: "langage" is not known here (did you mean "language"?)',
        'clients.toml:14: client[2].fields.customers[1].type: client north: unknown type "numbr" (did you mean "number"?)',
        'clients.toml:15: client[2].crmm: "crmm" is not known here (did you mean "crm"?)',
        'clients.toml:16: client[3]: the client has no key (add: key = "…")',
        'clients.toml:19: client[4].key: the key "north" is given twice (it is already on line 8)',
    ]


def test_a_mistake_of_the_base_is_told_once_at_its_place(problems) -> None:
    base = BASE.replace('role = "owner"', 'role = "boss"')
    found = problems(clients("a", "b", "c"), base)
    assert len(found) == 1
    assert found[0].startswith('crm.toml:7: team[1].role: every client: unknown role "boss"')


def test_a_mistake_of_the_base_that_only_some_have_names_them(problems) -> None:
    base = BASE.replace('type = "text"', 'type = "txt"')
    text = clients("a", "b") + '[[client]]\nkey = "c"\nwithout = ["fields"]\n'
    assert problems(text, base)[0].startswith("crm.toml:12: fields.customers[1].type: clients a, b: unknown type")


def test_what_contradicts_the_base_names_both_places(problems) -> None:
    text = '[[client]]\nkey = "a"\n[client.changes]\ndelete = ["customers.nickname"]\n'
    found = problems(text)
    assert found == [
        'clients.toml:4: client[1].changes.delete[1]: client a: "customers.nickname" is still described (it is on line 10 '
        "of crm.toml; remove it there or here)"
    ]


def test_a_field_given_twice_by_the_client_is_found(problems) -> None:
    field = '[[client.fields.customers]]\nkey = "shoe"\ntitle = "{}"\ntype = "text"\n'
    found = problems('[[client]]\nkey = "a"\n' + field.format("One") + field.format("Two"))
    assert found == [
        'clients.toml:8: client[1].fields.customers[2].key: client a: the key "shoe" is given twice (it is already on '
        "line 4 of clients.toml)"
    ]


def test_a_missing_name_is_asked_of_the_client(problems) -> None:
    found = problems('[[client]]\nkey = "a"\n', "[crm]\n")
    assert len(found) == 1 and "client a: the CRM has no name" in found[0] and found[0].startswith("crm.toml:1")


def test_mistakes_of_syntax_in_both_files(problems) -> None:
    found = problems("[[client]]\nkey = north\n", "[crm]\nname = Common\n")
    assert [one.split(": ")[0] for one in found] == ["crm.toml:2", "clients.toml:2"]


@pytest.mark.parametrize(
    "text, base, expected",
    [
        ("", BASE, "clients.toml: there is no client"),
        ("client = 3\n", BASE, "clients.toml:1: client: this must be a repeated section"),
        ('base = "no.toml"\n' + clients("a"), None, "no.toml: there is no such file"),
        (
            '[[client]]\nkey = "a"\nfolder = "."\n',
            BASE,
            'clients.toml:3: client[1].folder: "." is the folder of the base',
        ),
        (
            clients("a") + '[[client]]\nkey = "b"\nfolder = "x/../clients/A"\n',
            BASE,
            'clients.toml:7: client[2].folder: "x/../clients/A" is already the folder of client a',
        ),
        ('[[client]]\nkey = "شمال"\n', BASE, 'clients.toml:2: client[1].key: "شمال" is not a client\'s key'),
        ('[[client]]\nkey = "a"\nwithout = "team"\n', BASE, "clients.toml:3: client[1].without: this must be a list"),
        (
            '[crm]\nname = "x"\n' + clients("a"),
            BASE,
            'clients.toml:1: crm: "crm" is not known here (write [client.crm]',
        ),
    ],
)
def test_other_mistakes(text, base, expected, problems) -> None:
    assert problems(text, base)[0].startswith(expected)


@pytest.mark.parametrize("key", ["", "..", "a/b", "A", "-a", "a" * 41, "a b", "a\\u0000", "con.md"])
def test_hostile_keys_are_refused(key, problems) -> None:
    assert "is not a client's key" in problems(f'[[client]]\nkey = "{key}"\n')[0]


def test_only_reads_those_that_are_asked_for(write, templates) -> None:
    path = write(clients("a", "b") + '[[client]]\nkey = "c"\n[client.crm]\nlanguage = "xx"\n')
    assert [one.key for one in load_fleet(path, templates, ["b"]).clients] == ["b"]
    with pytest.raises(CrmError, match=r'no client "bb" in .*clients\.toml'):
        load_fleet(path, templates, ["bb"])


def test_a_budget_is_read(write, templates) -> None:
    path = write("[budget]\nreads = 10\nuser_writes = 5\n" + clients("a"))
    assert load_fleet(path, templates).limits == Limits(reads=10, user_writes=5)
    assert load_fleet(write(clients("a")), templates).limits is None


def test_five_hundred_clients_are_read_in_a_moment(write, templates) -> None:
    text = clients(*(f"c{number}" for number in range(500)))
    start = time.process_time()
    assert len(load_fleet(write(text), templates).clients) == 500
    assert time.process_time() - start < 20


def test_a_missing_clients_toml_is_told(tmp_path, templates) -> None:
    with pytest.raises(CrmError, match=r"there is no .*clients\.toml"):
        load_fleet(tmp_path / "clients.toml", templates)
