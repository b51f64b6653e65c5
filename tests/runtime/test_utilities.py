"""Utilities and Session: formats, encodings, digests as Apps Script gives them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crm_builder.local.runtime.formats import format_date, format_string
from crm_builder.local.runtime.objects import ScriptError
from tests.runtime.conftest import Stage

MOMENT = datetime(2026, 3, 5, 20, 45, 6, 7000, tzinfo=UTC)  # 00:15 of the next day in Tehran


@pytest.mark.parametrize(
    ("zone", "pattern", "text"),
    [
        ("Asia/Tehran", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "2026-03-06T00:15:06.007+03:30"),
        ("Asia/Tehran", "EEEE d MMMM yy, h:mm a", "Friday 6 March 26, 12:15 AM"),
        ("GMT", "EEE, d MMM yyyy k 'o''clock' Z X", "Thu, 5 Mar 2026 20 o'clock +0000 Z"),
        ("GMT+3:30", "D u K m s", "65 5 0 15 6"),
        ("GMT-05:00", "HH", "15"),
        ("UTC", "''yyyy''", "'2026'"),
    ],
)
def test_dates(zone: str, pattern: str, text: str) -> None:
    assert format_date(MOMENT, zone, pattern) == text


@pytest.mark.parametrize(
    ("zone", "pattern"), [("Nowhere/City", "yyyy"), ("GMT", "YYYY"), ("GMT", "'open"), ("GMT", "b")]
)
def test_dates_that_are_refused(zone: str, pattern: str) -> None:
    """Where Java would silently give something else than was meant."""
    with pytest.raises(ScriptError):
        format_date(MOMENT, zone, pattern)


@pytest.mark.parametrize(
    ("template", "values", "text"),
    [
        ("%s has %d of %05.1f%%", ("x", 2.0, 3.14159), "x has 2 of 003.1%"),
        ("%s %s %s", (True, None, 2.0), "true null 2"),
        ("%x|%-4s|%+d", (255, "a", 1), "ff|a   |+1"),
    ],
)
def test_texts(template: str, values: tuple[object, ...], text: str) -> None:
    assert format_string(template, values) == text


# What these give is known from elsewhere: RFC 4231 (test case 2), RFC 4648, and the digest of "abc" from FIPS 180.
@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("hex(Utilities.computeHmacSha256Signature('what do ya want for nothing?', 'Jefe'))", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        ("hex(Utilities.computeDigest(Utilities.DigestAlgorithm.SHA_1, 'abc'))", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("hex(Utilities.computeDigest(Utilities.DigestAlgorithm.MD5, 'س')) === hex(Utilities.computeDigest(Utilities.DigestAlgorithm.MD5, '?'))", True),
        ("hex(Utilities.computeDigest(Utilities.DigestAlgorithm.MD5, 'س', Utilities.Charset.UTF_8)) === hex(Utilities.computeDigest(Utilities.DigestAlgorithm.MD5, '?'))", False),
        ("Utilities.base64Encode('foobar') + Utilities.base64EncodeWebSafe([-1, -2, -3])", "Zm9vYmFy__79"),
        ("Utilities.newBlob(Utilities.base64Decode('2LPZhNin2YU=')).getDataAsString()", "سلام"),
        ("Utilities.base64DecodeWebSafe('__79')", [-1, -2, -3]),
        ("Utilities.getUuid().length + new Set(Array(50).fill().map(() => Utilities.getUuid())).size", 86),
        ("Session.getScriptTimeZone() + ' ' + Session.getActiveUser().getEmail()", "Asia/Tehran owner@example.com"),
    ],
)  # fmt: skip
def test_values(stage: Stage, code: str, value: object) -> None:
    hex = "const hex = (bytes) => bytes.map((byte) => `0${(byte & 255).toString(16)}`.slice(-2)).join('');"
    assert stage.run(f"{hex} return {code};") == value


@pytest.mark.parametrize("code", ["Utilities.sleep(300001)", "Utilities.sleep('1')", "Utilities.formatDate('x', 'GMT', 'y')", "Utilities.base64Decode('*')", "Utilities.computeHmacSha256Signature('a', [1])"])  # fmt: skip
def test_refusals(stage: Stage, code: str) -> None:
    assert stage.error(code).startswith("Exception: ")
