"""A headless Chromium for tests: opens a page, and runs a check inside it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
OPTIONS = """
--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync --hide-scrollbars --virtual-time-budget=3000
"""
SECONDS = 180

# What a check script may use. Its `answer` is written into the document, where --dump-dom shows it.
TOOLS = """
const $ = (text, from = document) => from.querySelector(text);
const key = (name) => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: name, bubbles: true}));
const open = () => document.documentElement.dataset.sheet;
const panel = () => $("[role=tabpanel]:not([hidden])");
addEventListener("load", async () => {
  const answer = {};
  try { await check(answer); } catch (error) { answer.failed = String(error); }
  document.documentElement.dataset.answer = JSON.stringify(answer);
});
"""


def needed() -> str:
    """The browser; a test without one is skipped, and fails where everything must be tested."""
    if BROWSER:
        return BROWSER
    if os.environ.get("CI"):
        pytest.fail("no Chromium on PATH: the preview page was not looked at in a browser")
    pytest.skip("no Chromium on PATH: the preview page was not looked at in a browser")


def run(folder: Path, html: str, sheet: str = "", *more: str) -> str:
    """What the browser prints for a page, opened at a sheet."""
    page = folder / "index.html"
    page.write_text(html, encoding="utf-8")
    address = page.as_uri() + (f"#sheet={quote(sheet)}" if sheet else "")
    command = [
        str(BROWSER),
        *OPTIONS.split(),
        f"--user-data-dir={folder / 'profile'}",
        "--window-size=1000,700",
        *more,
        address,
    ]
    done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=True)
    return done.stdout.decode("utf-8")


def states(dom: str) -> dict[str, str]:
    """The data attributes of the root element."""
    head = re.search(r"<html([^>]*)>", dom)
    assert head, "the browser printed no document"
    return {name: unescape(value) for name, value in re.findall(r'data-([a-z]+)="([^"]*)"', head[1])}


def checked(folder: Path, html: str, check: str, sheet: str = "") -> dict[str, Any]:
    """The answer of a check script that runs inside the page, without the policy that forbids such scripts."""
    policy = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
    assert policy.search(html)
    script = f"<script>{TOOLS}\nasync function check(answer) {{{check}}}</script></body>"
    dom = run(folder, policy.sub("", html).replace("</body>", script), sheet, "--dump-dom")
    found = states(dom)
    assert "error" not in found, found["error"]
    answer = json.loads(found["answer"])
    assert "failed" not in answer, answer["failed"]
    return answer
