"""Regular expressions mean what RE2 makes of them."""

from __future__ import annotations

import pytest

from crm_builder.local.formulas.query.patterns import PatternError, compiled


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("a(?i)b", "aB", "aB"),
        ("a(?i)b", "AB", None),
        ("(?i)a|b", "B", "B"),
        ("(a(?i)b)c", "aBc", "aBc"),
        ("(a(?i)b)c", "aBC", None),
        ("x|(?i)y", "X", None),
        ("(?s).+", "a\nb", "a\nb"),
        (".+", "a\nb", "a"),
        ("(?m)^b$", "a\nb\nc", "b"),
        ("a\\z", "a\n", None),
        ("[^\\d]+", "12ab", "ab"),
        ("[\\w.]+", "a.b-c", "a.b"),
        ("[]a]+", "]a", "]a"),
        ("\\bcat\\b", "a cat", "cat"),
        ("\\Q1+1\\E=2", "1+1=2", "1+1=2"),
        ("(?P<year>\\d{4})", "in 2026", "2026"),
        ("(?<year>\\d{4})", "in 2026", "2026"),
        ("(?:ab)+?", "abab", "ab"),
        ("[[:digit:]]{2}", "a12", "12"),
        ("\\p{L}+", "۱ سلام", "سلام"),
        ("\\p{Greek}+", "abc αβγ", "αβγ"),
        ("(?U)a+", "aaa", "a"),
        ("\\w+", "سلام ab", "ab"),
        ("", "abc", ""),
    ],
)
def test_search(pattern, text, found):
    match = compiled(pattern).search(text)
    assert (match and match.group()) == found


@pytest.mark.parametrize("pattern", ["(", "a)", "[a", "*", "a(?=b)", "(?<!a)b", "(a)\\1", "a{2,1}"])
def test_refused(pattern):
    with pytest.raises(PatternError):
        compiled(pattern)
