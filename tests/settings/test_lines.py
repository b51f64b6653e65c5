"""The line of each path, against the standard parser's idea of which paths there are."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_builder.settings.lines import locate

SAMPLE = '''\
# a comment with [brackets] and "quotes
top = 1

[crm]   # section
name = "a # b = [c]" # behind
"quoted key" = 'lit\\'
a.b . c = { d = 1, "e f" = [ 2, 3 ] }
text = """
[not.a.table]
key = 1 \\"""
""\"""
after = 2
[[team]]
name = "x"
[[team]]
name = "y"
[team.more]
deep = true
[[team.items]]
n = 1
[[team.items]]
n = [
  1, # ]
  [ "]", """
""" ],

  {k = 1},
]
when = 1979-05-27 07:32:00
'''

EXPECTED = {
    ("top",): 2,
    ("crm",): 4,
    ("crm", "name"): 5,
    ("crm", "quoted key"): 6,
    ("crm", "a", "b", "c", "e f", 1): 7,
    ("crm", "text"): 8,
    ("crm", "after"): 12,
    ("team",): 13,
    ("team", 0, "name"): 14,
    ("team", 1): 15,
    ("team", 1, "more", "deep"): 18,
    ("team", 1, "items", 0, "n"): 20,
    ("team", 1, "items", 1, "n", 0): 23,
    ("team", 1, "items", 1, "n", 1, 1): 24,
    ("team", 1, "items", 1, "n", 2, "k"): 27,
    ("team", 1, "items", 1, "when"): 29,
}


def paths(value: Any, path: tuple = ()) -> Iterator[tuple]:
    """Every path inside a parsed value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from paths(item, (*path, key))


@pytest.mark.parametrize(("path", "line"), EXPECTED.items(), ids=str)
def test_line_of(path, line):
    assert locate(SAMPLE).lines[path] == line


def test_sample_has_exactly_the_paths_of_the_parser():
    assert set(locate(SAMPLE).lines) == set(paths(tomllib.loads(SAMPLE)))


def test_an_unknown_path_has_the_line_of_what_holds_it():
    found = locate(SAMPLE)
    assert found.line(("crm", "nothing", 3)) == 4
    assert found.line(("nothing",)) == 0


def test_a_broken_text_is_followed_up_to_the_mistake():
    found = locate("a = 1\n[b]\nc = \nd = 2\n")
    assert found.lines == {("a",): 1, ("b",): 2, ("b", "c"): 3}
    assert found.statement(4).line == 3


words = st.sampled_from(["a", "b-1", "C_d", "x y", "é", 'q"uote', "p.q", "#", ""])
space = st.sampled_from(["", " ", "\t "])
gaps = st.sampled_from(["", " ", "\n", "  # ] } , =\n\n"])
strings = st.sampled_from(["", "a", "]", "}", "#", '"', "\\", "=", "'", "فارسی"])


@st.composite
def scalars(draw) -> str:
    text = draw(strings)
    forms = [json.dumps(text, ensure_ascii=False), "1_000", "-1.5e3", "true", "inf", "07:32:00", "1979-05-27 07:32:00"]
    forms += [f'"""\n{json.dumps(text)[1:-1]}\n[x]\nk = 1\n"""', '""""two""\\""""', "'''it''s\n'''''"]
    if "'" not in text:
        forms.append(f"'{text}'")
    return draw(st.sampled_from(forms))


@st.composite
def inline(draw, values) -> str:
    pairs = draw(st.dictionaries(words, values, max_size=3))
    pad = draw(space)
    return "{" + ",".join(f"{pad}{key(draw, k)}{pad}={pad}{v}{pad}" for k, v in pairs.items()) + "}"


@st.composite
def arrays(draw, values) -> str:
    items = draw(st.lists(values, max_size=4))
    gap = draw(gaps)
    comma = "," if items and draw(st.booleans()) else ""
    return "[" + gap + f"{gap},{gap}".join(items) + gap + comma + gap + "]"


def key(draw, word: str) -> str:
    bare = word and all(char.isascii() and (char.isalnum() or char in "-_") for char in word)
    return word if bare and draw(st.booleans()) else json.dumps(word, ensure_ascii=False)


values = st.recursive(scalars(), lambda inner: st.one_of(arrays(inner), inline(inner)), max_leaves=6)


@st.composite
def documents(draw) -> str:
    """Texts of headers and keys in any order; not each is valid, which the test sees to."""
    rows = []
    for _ in range(draw(st.integers(0, 8))):
        name = ".".join(key(draw, draw(words)) for _ in range(draw(st.integers(1, 3))))
        end = draw(st.sampled_from(["\n", "  # = [\n", "\n\n"]))
        form = draw(st.sampled_from(["[{}]", "[[{}]]", "value", "value"]))
        rows.append((f"{name} = {draw(values)}" if form == "value" else form.format(name)) + end)
        try:
            tomllib.loads("".join(rows))
        except tomllib.TOMLDecodeError:
            rows.pop()
    return "".join(rows)


@given(documents())
def test_the_paths_found_are_those_of_the_parser(text):
    found = locate(text)
    assert set(found.lines) == set(paths(tomllib.loads(text)))
    rows = text.split("\n")
    for path, line in found.lines.items():
        if isinstance(path[-1], str):
            assert path[-1] in rows[line - 1] or json.dumps(path[-1], ensure_ascii=False) in rows[line - 1]


@given(st.text(alphabet="ab.[]{}=,\"'#\\\n 1é", max_size=60))
def test_any_text_has_an_answer(text):
    last = text.count("\n") + 1
    found = locate(text)
    assert all(1 <= line <= last for line in found.lines.values())
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert set(found.lines) == set(paths(data))
