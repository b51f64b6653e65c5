"""`make demo`, the first thing that a newcomer runs: both CRMs, and again without harm."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_builder.demo import CRMS, demo


def test_demo_makes_both_crms_and_refuses_what_would_falsify_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    demo(tmp_path)
    printed = capsys.readouterr().out
    for language, (name, _) in CRMS.items():
        page = tmp_path / language / ".crm" / "preview" / "index.html"
        assert str(page) in printed
        assert name in page.read_text("utf-8")
    description = tmp_path / "en" / "crm.toml"
    description.write_text(description.read_text("utf-8").replace('"USD"', '"GBP"'), "utf-8")
    demo(tmp_path)
    again = capsys.readouterr().out
    assert "Not everything could be changed in Bright Studio" in again
    assert "استودیو روشن is as crm.toml describes it; nothing to do" in again
