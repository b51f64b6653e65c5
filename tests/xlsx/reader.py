"""A small reader of .xlsx files: each sheet's values and formulas as they stand in its XML."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from crm_builder.a1 import column_index

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
Place = tuple[int, int]
Value = str | float | bool | None


@dataclass
class Sheet:
    """`values` leaves out empty cells; `areas` is what each formula fills: first and last place."""

    root: ElementTree.Element
    values: dict[Place, Value] = field(default_factory=dict)
    formulas: dict[Place, str] = field(default_factory=dict)
    areas: dict[Place, tuple[Place, Place]] = field(default_factory=dict)

    def filled(self, place: Place) -> list[Place]:
        (top, left), (bottom, right) = self.areas[place]
        return [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]


def place_of(text: str) -> Place:
    found = re.fullmatch(r"\$?([A-Z]+)\$?([0-9]+)", text)
    assert found, text
    return int(found[2]) - 1, column_index(found[1])


def read(path: Path) -> dict[str, Sheet]:
    """Every sheet by its title."""
    with zipfile.ZipFile(path) as archive:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        targets = {one.get("Id"): str(one.get("Target")) for one in links}
        texts: list[str] = []
        if "xl/sharedStrings.xml" in archive.namelist():
            shared = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
            texts = ["".join(text.text or "" for text in one.iter(f"{MAIN}t")) for one in shared]
        out = {}
        for sheet in book.iter(f"{MAIN}sheet"):
            name = "xl/" + targets[sheet.get(LINK)].removeprefix("/xl/")
            out[str(sheet.get("name"))] = _sheet(ElementTree.fromstring(archive.read(name)), texts)
        return out


def _sheet(root: ElementTree.Element, texts: list[str]) -> Sheet:
    sheet = Sheet(root)
    for cell in root.iter(f"{MAIN}c"):
        place = place_of(str(cell.get("r")))
        formula = cell.find(f"{MAIN}f")
        if formula is not None and formula.text:
            sheet.formulas[place] = formula.text
            first, _, last = (formula.get("ref") or str(cell.get("r"))).partition(":")
            sheet.areas[place] = (place_of(first), place_of(last or first))
        value = _value(cell, texts)
        if value not in (None, ""):
            sheet.values[place] = value
    return sheet


def _value(cell: ElementTree.Element, texts: list[str]) -> Value:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(text.text or "" for text in cell.iter(f"{MAIN}t"))
    value = cell.findtext(f"{MAIN}v")
    if not value:
        return None
    if kind == "s":
        return texts[int(value)]
    if kind == "b":
        return value == "1"
    return float(value) if kind == "n" else value
