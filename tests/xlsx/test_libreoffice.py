"""The built workbook of the whole CRM, computed anew by LibreOffice: every formula gives what the workspace gave."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from crm_builder import deploy, xlsx
from crm_builder.a1 import letters
from crm_builder.project import load_project
from tests.xlsx.office import office, recalculated
from tests.xlsx.reader import Value, read

SHARE = 0.6  # of the formulas of the CRM that have to live in the file


def same(ours: Value, theirs: Value) -> bool:
    if isinstance(ours, bool) or isinstance(theirs, bool):  # LibreOffice saves the truth of an array as 1
        return ours is not None and theirs is not None and float(ours) == float(theirs)
    if isinstance(ours, float) and isinstance(theirs, float):
        return math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9)
    return ours == theirs


def test_libreoffice_computes_the_same(describe: Callable[..., Path], clock: datetime, tmp_path: Path) -> None:
    """The Persian CRM: every formula of the English one and those of the Jalali calendar. The clock is given, so that formulas keep to its day; LibreOffice itself knows only the real one."""
    program = office()
    project = load_project(describe("fa"))
    with deploy.open_target(project.folder, clock) as http:
        made = deploy.up(project, http, sample_data=True, clock=clock, tell=lambda text: None)
        files = deploy.workbook_file(project, http, made.spreadsheet_id, clock)
    path = tmp_path / xlsx.WORKBOOK
    path.write_bytes(files[xlsx.WORKBOOK])
    written, computed = read(path), read(recalculated(program, path, tmp_path))
    wrong, cells = [], 0
    for title, sheet in written.items():
        theirs = computed[title].values
        for place, formula in sheet.formulas.items():
            for row, column in sheet.filled(place):
                cells += 1
                ours, found = sheet.values.get((row, column)), theirs.get((row, column))
                if not same(ours, found):
                    wrong.append(f"{title}!{letters(column)}{row + 1}: {ours!r}, not {found!r}: {formula[:200]}")
    assert not wrong, f"{len(wrong)} of {cells} differ:\n" + "\n".join(wrong[:20])
    held = sum(line.startswith("| ") for line in files[xlsx.NOTES].splitlines()) - 2
    live = sum(len(sheet.formulas) for sheet in written.values())
    assert live / (live + held) >= SHARE
    assert cells > 4000
