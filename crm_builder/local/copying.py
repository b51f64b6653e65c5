"""sheets.copyTo: a sheet of one spreadsheet made anew in another, or once more in the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .batch import apply
from .batch.sheets import sheet_ids
from .batch.values import chosen_id, shown
from .create import contents
from .errors import ApiError
from .spreadsheets import describe

if TYPE_CHECKING:
    from .workspace import Workspace

Json = dict[str, Any]
# Objects get new ids where they arrive; what the service says of itself in an answer is no part of a copy.
_OWN = {"bandedRangeId", "protectedRangeId", "filterViewId", "chartId", "slicerId", "tableId", "metadataId"}
_TOLD = {"effectiveValue", "effectiveFormat", "formattedValue", "requestingUserCanEdit"}


def copy_to(workspace: Workspace, id: str, sheet_id: str, body: Json) -> Json:
    """The properties of the copy: it stands last and is called "Copy of …". ApiError 404 for either spreadsheet, 400
    for a sheet that is not there or cannot be carried over."""
    source = workspace.book(id)
    number = int(sheet_id) if sheet_id.lstrip("-").isdecimal() else -1
    source.sheet(number)
    whole = describe(source, None, True, {})
    sheet = next(one for one in whole["sheets"] if one["properties"].get("sheetId", 0) == number)
    sheet = _clean(json.loads(json.dumps(sheet)))
    sheet.pop("tables", None)  # as with duplicateSheet
    target = workspace.book(body.get("destinationSpreadsheetId", ""))
    fresh = chosen_id(None, sheet_ids(target), "Sheet id")
    titles = {one["properties"]["title"].casefold() for one in target.doc["sheets"]}
    stem = f"Copy of {sheet['properties']['title']}"
    title = next(name for name in (stem, *(f"{stem} {n}" for n in range(2, 10_000))) if name.casefold() not in titles)
    index = len(target.doc["sheets"])
    properties = {**sheet["properties"], "sheetId": fresh, "title": title, "index": index}
    moved = _moved(sheet, number, fresh)
    try:
        apply(target, [{"addSheet": {"properties": properties}}, *contents(moved, fresh)])
    except ApiError as error:
        raise ApiError(error.status, error.code, error.message.partition(": ")[2], error.details) from error
    target.was_changed = True
    return shown(target.sheet(fresh)["properties"])


def _clean(value: Any) -> Any:
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: _clean(item) for key, item in value.items() if key not in _OWN and key not in _TOLD}


def _moved(value: Any, old: int, new: int) -> Any:
    """Ranges that are on the sheet itself, where 0 is left out, are on the copy."""
    if isinstance(value, list):
        return [_moved(item, old, new) for item in value]
    if not isinstance(value, dict):
        return value
    ranged = {"startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex"} & value.keys()
    placed = {"rowIndex", "columnIndex"} & value.keys() or "dimension" in value
    made = {key: _moved(item, old, new) for key, item in value.items()}
    if (ranged or placed or "sheetId" in value) and value.get("sheetId", 0) == old:
        made["sheetId"] = new
    return made
