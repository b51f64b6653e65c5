"""What was last applied, and what forgotten sheets held ↔ a hidden sheet, in which any machine finds it."""

from __future__ import annotations

import base64
import hashlib
import json
import lzma
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from crm_builder import __version__
from crm_builder.errors import CrmError
from crm_builder.model import Workbook
from crm_builder.sheets import codec, ids
from crm_builder.sheets.probes import FORMULAS, probe_cells

Json = dict[str, Any]

KEY = "_baseline"  # no key of a template begins so
SHEET_ID = ids.sheet_id(KEY)
TITLE = "_crm"
FORMAT = 1
FORMER = "former"  # no field of a workbook, so that an earlier version skips it
CHUNK = 45_000  # characters of a cell, which holds 50,000
WIDTH = 1 + len(FORMULAS)  # columns: the texts, and beside the first of them what shows locale and clock


class BaselineError(CrmError):
    """The sheet with what was last applied is damaged, or of a later version."""


def encode(workbook: Workbook, former: Workbook | None = None) -> list[str]:
    """Texts of cells: what is written, then the workbook in pieces, with the `former` sheets beside its parts."""
    data = codec.encode(workbook, Workbook)
    if former:
        data[FORMER] = codec.encode(former, Workbook)
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    packed = base64.b64encode(lzma.compress(text.encode("utf-8", "surrogatepass"))).decode()
    chunks = [packed[start : start + CHUNK] for start in range(0, len(packed), CHUNK)]
    header = {"format": FORMAT, "chunks": len(chunks), "digest": _digest(packed), "written": __version__}
    return [json.dumps(header), *chunks]


def decode(texts: Sequence[str]) -> Workbook:
    """The workbook; BaselineError for texts that are damaged or were written by a later version."""
    return decode_both(texts)[0]


def decode_both(texts: Sequence[str]) -> tuple[Workbook, Workbook | None]:
    """The same with the former sheets, None where none are noted."""
    try:
        header = json.loads(texts[0])
        if header["format"] > FORMAT:
            raise BaselineError(f"crm_builder {header['written']} wrote this CRM; this is {__version__}: update it")
        packed = "".join(texts[1 : header["chunks"] + 1])
        if _digest(packed) != header["digest"]:
            raise BaselineError("what was last applied is damaged")
        text = lzma.decompress(base64.b64decode(packed)).decode("utf-8", "surrogatepass")
        data = json.loads(text)
        former = codec.decode(data[FORMER], Workbook) if FORMER in data else None
        return codec.decode(data, Workbook), former
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, lzma.LZMAError) as error:
        raise BaselineError("what was last applied is damaged") from error


def _digest(packed: str) -> str:
    return hashlib.sha256(packed.encode()).hexdigest()[:16]


def baseline_requests(
    workbook: Workbook,
    rows_there: int | None,
    taken: Collection[str] = (),
    columns_there: int = WIDTH,
    former: Workbook | None = None,
) -> list[Json]:
    """The requests that write the workbook down; `rows_there` of the sheet's grid, None where there is no such sheet.

    `taken` are the titles of the other sheets, of which a new one cannot have any.
    """
    texts = encode(workbook, former)
    requests: list[Json] = []
    if rows_there is None:
        size = {"rowCount": len(texts), "columnCount": WIDTH}
        properties = {"sheetId": SHEET_ID, "title": _free(taken), "hidden": True, "gridProperties": size}
        requests.append({"addSheet": {"properties": properties}})
    else:
        for dimension, more in (("ROWS", len(texts) - rows_there), ("COLUMNS", WIDTH - columns_there)):
            if more > 0:
                requests.append({"appendDimension": {"sheetId": SHEET_ID, "dimension": dimension, "length": more}})
    cells: list[Json] = [{"values": [{"userEnteredValue": {"stringValue": text}}]} for text in texts]
    cells[0]["values"] += probe_cells()
    cells += [{"values": [{}]}] * ((rows_there or 0) - len(texts))  # what a longer one left
    start = {"sheetId": SHEET_ID, "rowIndex": 0, "columnIndex": 0}
    return [*requests, {"updateCells": {"start": start, "rows": cells, "fields": "userEnteredValue"}}]


def rows_after(requests: Sequence[Json], rows: int) -> int:
    """The rows of the sheet's grid once these requests are carried out."""
    return max([rows, *(len(one["updateCells"]["rows"]) for one in requests if "updateCells" in one)])


def _free(taken: Collection[str]) -> str:
    used = {title.casefold() for title in taken}
    return next(title for title in (TITLE, *(f"{TITLE}_{n}" for n in range(2, len(used) + 3))) if title not in used)


def sheet_of(sheets: Iterable[Json]) -> Json | None:
    """The sheet of an answer that holds it; None where there is none."""
    return next((sheet for sheet in sheets if sheet["properties"].get("sheetId", 0) == SHEET_ID), None)


def columns_of(sheet: Json) -> int:
    """The columns of that sheet's grid."""
    return sheet["properties"].get("gridProperties", {}).get("columnCount", 1)


def texts_of(sheet: Json) -> list[str]:
    """The texts in the first column of that sheet, by row."""
    texts: dict[int, str] = {}
    for block in sheet.get("data", ()):
        if not block.get("startColumn", 0):
            for row, line in enumerate(block.get("rowData", ()), block.get("startRow", 0)):
                entered = next(iter(line.get("values", ())), {}).get("userEnteredValue", {})
                texts[row] = entered.get("stringValue", "")
    return [texts.get(row, "") for row in range(max(texts, default=-1) + 1)]
