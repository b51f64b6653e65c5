"""A good file with anything done to it is either read or refused with problems: never any other error."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crm_builder.errors import DescriptionError
from crm_builder.settings import Settings, parse
from tests.settings.catalog import CATALOG
from tests.settings.test_load import FULL

PIECES = st.one_of(
    st.text(max_size=4),
    st.sampled_from(
        ['"', "'", '"""', "[", "]]", "{", "}", "=", ",", ".", "#", "\n", "\r\n", "\\", "\x00", "۵", "true", "nan",
         "1e999", "9" * 5000, "1979-05-27", "[crm]\n", "[[team]]\n", "[fields]\n", "crm = 1\n", "[" * 900, "\ufeff"]
    ),
)  # fmt: skip
LINES = FULL.split("\n")


def answer(text: str) -> Settings | tuple:
    """The settings, or the problems, each of which is checked for its form."""
    try:
        return parse(text, CATALOG)
    except DescriptionError as error:
        lines = [problem.line for problem in error.problems]
        assert lines == sorted(lines)
        assert all(0 <= line <= text.count("\n") + 1 for line in lines)
        assert error.problems and all(problem.message for problem in error.problems)
        return error.problems


@given(st.lists(st.tuples(st.integers(0, len(FULL)), st.integers(0, 12), PIECES), min_size=1, max_size=4))
def test_characters_replaced(edits):
    text = FULL
    for start, length, piece in edits:
        text = text[:start] + piece + text[start + length :]
    answer(text)


@given(st.lists(st.sampled_from(range(len(LINES))), max_size=40))
def test_lines_left_out_doubled_and_moved(numbers):
    answer("\n".join(LINES[number] for number in numbers))


VALUES = ["1", '""', '"=x"', "[]", "{}", "[[]]", "[{}]", "[1, true]", "{ a = { b = 1 } }", "true", "inf", "07:32:00"]


@given(st.sampled_from([n for n, line in enumerate(LINES) if line[:1].isalpha()]), st.sampled_from(VALUES))
def test_a_value_of_another_kind_is_found_on_its_line(number, value):
    if LINES[number].endswith(("[", "'''two")):
        return
    key = LINES[number].split(" = ")[0]
    text = "\n".join([*LINES[:number], f"{key} = {value}", *LINES[number + 1 :]])
    found = answer(text)
    good = {("vip_value", "1"), ("mailing", "true"), ("required", "true"), ("extend", "true"), ("note", '""')}
    good |= {("vip_share", "1"), ("delete", "[]"), ("accept", "[]")}
    good |= {("script", "true"), ("mail", "true"), ("share", "true")}
    if (key, value) not in good:
        assert number + 1 in [problem.line for problem in found]
