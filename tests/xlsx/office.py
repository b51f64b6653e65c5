"""LibreOffice as a judge: it opens a workbook, computes every formula anew and saves what it found."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

OLDEST = (24, 8)  # the first with LET, XLOOKUP and FILTER
_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def office() -> str:
    """The program. Where it is missing or too old the test is skipped; in CI it has to be there."""
    program = shutil.which("soffice")
    version = (0, 0)
    if program:
        told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
        found = re.search(r"(\d+)\.(\d+)", told)
        version = (int(found[1]), int(found[2])) if found else version
    if program is None or version < OLDEST:
        reason = "needs LibreOffice 24.8 or newer, which knows LET, XLOOKUP and FILTER"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return program


def recalculated(program: str, path: Path, folder: Path) -> Path:
    """The workbook as LibreOffice computes it, whatever values stand in the file."""
    user = folder / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(_ALWAYS, "utf-8")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    out = folder / "computed"
    command = [program, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(path)]
    subprocess.run(command, capture_output=True, check=True, timeout=900)
    return out / path.name
