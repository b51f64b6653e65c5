"""Requests about the spreadsheet and its sheets: their properties, adding, deleting, duplicating."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..errors import invalid
from ..formulas.references import DeleteSheet, RenameSheet, shift
from . import masks
from .carry import map_ranges, map_texts
from .dimensions import grow, shrink
from .metadata import kept_with
from .ranges import COLUMNS, ROWS, check_cells, check_columns, limits, sheet_of
from .values import THEME_COLOURS, chosen_id, fresh_id, paired, style_of, without_false

if TYPE_CHECKING:
    from ..book import Book
    from ..grid import Grid

_SPREADSHEET_FIELDS = (
    "title",
    "locale",
    "autoRecalc",
    "timeZone",
    "iterativeCalculationSettings",
    "spreadsheetTheme",
    "importFunctionsExternalUrlAccessAllowed",
)
_SHEET_FIELDS = ("title", "index", "gridProperties", "hidden", "tabColor", "tabColorStyle", "rightToLeft")
_GRID_FIELDS = (
    "rowCount",
    "columnCount",
    "frozenRowCount",
    "frozenColumnCount",
    "hideGridlines",
    "rowGroupControlAfter",
    "columnGroupControlAfter",
)
_TITLE_LENGTH = 100
_OWN_IDS = (  # where the things of a sheet are kept, what they are called, and their ids
    ("charts", "chartId"),
    ("protectedRanges", "protectedRangeId"),
    ("bandedRanges", "bandedRangeId"),
    ("filterViews", "filterViewId"),
    ("slicers", "slicerId"),
)


def sheet_ids(book: Book) -> set[int]:
    return {sheet["properties"]["sheetId"] for sheet in book.doc["sheets"]}


def used_ids(book: Book, kind: str, key: str) -> set[Any]:
    """Ids in use all over the spreadsheet for one kind of thing a sheet holds."""
    return {item[key] for sheet in book.doc["sheets"] for item in sheet.get(kind, [])}


def place_sheet(book: Book, sheet: dict[str, Any], index: int | None) -> None:
    """Puts a sheet into the list at that index, at the end where it is None, and numbers all of them again."""
    sheets = book.doc["sheets"]
    at = len(sheets) if index is None else index
    if not 0 <= at <= len(sheets):
        raise invalid(f"Sheet index {at} is out of range: there are {len(sheets)} sheets.")
    sheets.insert(at, sheet)
    _number(book)


def check_title(book: Book, title: str, but: int | None = None) -> None:
    """ApiError 400 where the title is empty, too long or taken; capitals make no difference."""
    if not title:
        raise invalid("A sheet must have a name.")
    if len(title) > _TITLE_LENGTH:
        raise invalid(f"The sheet name cannot be greater than {_TITLE_LENGTH} characters.")
    for sheet in book.doc["sheets"]:
        own = sheet["properties"]
        if own["sheetId"] != but and own["title"].casefold() == title.casefold():
            raise invalid(f'A sheet with the name "{title}" already exists. Please enter another name.')


def free_title(book: Book, stem: str) -> str:
    """`stem` followed by the first number that makes it a new title: Sheet2, Chart1 …"""
    taken = {sheet["properties"]["title"].casefold() for sheet in book.doc["sheets"]}
    number = 1
    while f"{stem}{number}".casefold() in taken:
        number += 1
    return f"{stem}{number}"


def _number(book: Book) -> None:
    for index, sheet in enumerate(book.doc["sheets"]):
        sheet["properties"]["index"] = index


def _update_spreadsheet(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    paths = masks.parse(body.get("fields"), "SpreadsheetProperties")
    wanted, new = masks.heads(paths, _SPREADSHEET_FIELDS), body.get("properties", {})
    if "title" in wanted and not new.get("title"):
        raise invalid("properties.title must not be empty.")
    if "timeZone" in wanted:
        try:
            ZoneInfo(new.get("timeZone") or "")
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise invalid(f"Invalid time zone: {new.get('timeZone', '')}") from error
    if "locale" in wanted and not new.get("locale"):
        raise invalid("properties.locale must not be empty.")
    own = book.doc["properties"]
    changed = masks.merged(own, _themed(new), [p for p in paths if p] or [(name,) for name in wanted if name in new])
    own.clear()
    own.update(changed)
    book.restructured()
    return {}


def _themed(new: dict[str, Any]) -> dict[str, Any]:
    """The properties with a theme as it is read back: here `color` is itself a style. All colours must be given."""
    theme = new.get("spreadsheetTheme")
    if theme is None:
        return new
    pairs = [{**pair, "color": style_of(pair.get("color", {}))} for pair in theme.get("themeColors", ())]
    if {pair.get("colorType") for pair in pairs} != THEME_COLOURS or len(pairs) != len(THEME_COLOURS):
        raise invalid("spreadsheetTheme.themeColors must provide all theme color pairs.")
    return {**new, "spreadsheetTheme": {**theme, "themeColors": pairs}}


def _grid_size(new: dict[str, Any]) -> dict[str, Any]:
    size = without_false(new, *_GRID_FIELDS[2:])
    for key, default in (("rowCount", 1000), ("columnCount", 26)):
        size[key] = size.get(key, default)
        if size[key] < 1:
            raise invalid(f"Invalid gridProperties.{key}: {size[key]}. It must be at least 1.")
    return {key: size[key] for key in _GRID_FIELDS if key in size}


def _check_frozen(size: dict[str, Any], rows: int, columns: int) -> None:
    for key, noun, bound in (("frozenRowCount", "rows", rows), ("frozenColumnCount", "columns", columns)):
        if size.get(key, 0) < 0:
            raise invalid(f"gridProperties.{key} must not be negative.")
        if size.get(key, 0) >= bound:
            raise invalid(f"You can't freeze all visible {noun} on the sheet.")


def _add(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    new = paired(body.get("properties", {}))
    if new.get("sheetType", "GRID") != "GRID":
        raise invalid(f"Only sheets of type GRID can be added, not {new['sheetType']}.")
    if new.get("sheetId") in sheet_ids(book):
        raise invalid(f"Sheet with id {new['sheetId']} already exists.")
    title = new.get("title") or free_title(book, "Sheet")
    check_title(book, title)
    size = _grid_size(new.get("gridProperties", {}))
    check_cells(book, size["rowCount"] * size["columnCount"])
    check_columns(size["columnCount"])
    _check_frozen(size, size["rowCount"], size["columnCount"])
    sheet_id = chosen_id(new.get("sheetId"), sheet_ids(book), "Sheet id")
    properties = {"sheetId": sheet_id, "title": title, "index": 0, "sheetType": "GRID", "gridProperties": size}
    properties |= {key: new[key] for key in ("hidden", "tabColor", "tabColorStyle", "rightToLeft") if new.get(key)}
    place_sheet(book, {"properties": properties}, new.get("index"))
    book.add_grid(sheet_id, size["rowCount"], size["columnCount"])
    book.restructured()
    return {"addSheet": {"properties": properties}}


def _update(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    new = paired(body.get("properties", {}))
    sheet = sheet_of(book, new.get("sheetId"))
    own = sheet["properties"]
    paths = [path for path in masks.parse(body.get("fields"), "SheetProperties") if path != ("sheetId",)]
    wanted = masks.heads(paths, (*_SHEET_FIELDS, "sheetType"))
    if "gridProperties" in wanted:
        _update_grid(book, sheet, new.get("gridProperties", {}), masks.below(paths, "gridProperties"))
    if "title" in wanted and (new.get("title") or () not in paths):
        _rename(book, own, new.get("title", ""))
    if "hidden" in wanted:
        if new.get("hidden") and not any(
            not other["properties"].get("hidden") for other in book.doc["sheets"] if other is not sheet
        ):
            raise invalid("You can't hide all the sheets in a document.")
        own.pop("hidden", None)
        if new.get("hidden"):
            own["hidden"] = True
    if "rightToLeft" in wanted:
        own.pop("rightToLeft", None)
        if new.get("rightToLeft"):
            own["rightToLeft"] = True
    if wanted & {"tabColor", "tabColorStyle"}:
        for key in ("tabColor", "tabColorStyle"):
            own.pop(key, None)
            if new.get(key) is not None:
                own[key] = new[key]
    if "index" in wanted and (new.get("index") is not None or () not in paths):
        _move(book, sheet, new.get("index", 0))
    return {}


def _update_grid(book: Book, sheet: dict[str, Any], new: dict[str, Any], paths: list[masks.Path]) -> None:
    wanted, sheet_id = masks.heads(paths, _GRID_FIELDS), sheet["properties"]["sheetId"]
    rows, columns = limits(book, sheet_id)
    target = [rows, columns]
    for at, key in enumerate(("rowCount", "columnCount")):
        if key in wanted and (key in new or () not in paths):
            target[at] = new.get(key, 0)
            if target[at] < 1:
                raise invalid(f"Invalid gridProperties.{key}: {target[at]}. It must be at least 1.")
    size = sheet["properties"]["gridProperties"]
    for key in _GRID_FIELDS[2:]:
        if key in wanted:
            size.pop(key, None)
            if new.get(key):
                size[key] = new[key]
    _check_frozen(size, *target)
    for dimension, old, wished in ((ROWS, rows, target[0]), (COLUMNS, columns, target[1])):
        if wished < old:
            shrink(book, sheet_id, dimension, wished, old)
    for dimension, old, wished in ((ROWS, rows, target[0]), (COLUMNS, columns, target[1])):
        if wished > old:
            grow(book, sheet_id, dimension, wished - old)


def _rename(book: Book, own: dict[str, Any], title: str) -> None:
    old = own["title"]
    if title == old:
        return
    check_title(book, title, but=own["sheetId"])
    edit = RenameSheet(old, title)
    map_texts(book, lambda text, home: shift(text, edit, home))
    own["title"] = title
    book.restructured()


def _move(book: Book, sheet: dict[str, Any], index: int) -> None:
    """The index is read before the sheet is taken out of the list (documented)."""
    sheets, at = book.doc["sheets"], sheet["properties"]["index"]
    if not 0 <= index <= len(sheets):
        raise invalid(f"Sheet index {index} is out of range: there are {len(sheets)} sheets.")
    if index in (at, at + 1):
        return
    sheets.remove(sheet)
    sheets.insert(index if index < at else index - 1, sheet)
    _number(book)


def _delete(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    sheet = sheet_of(book, body.get("sheetId"))
    sheet_id, title = sheet["properties"]["sheetId"], sheet["properties"]["title"]
    others = [other for other in book.doc["sheets"] if other is not sheet]
    if not others:
        raise invalid("You can't remove all the sheets in a document.")
    if all(other["properties"].get("hidden") for other in others):
        raise invalid("You can't remove all the visible sheets in a document.")
    if book.has_grid(sheet_id):
        map_texts(book, lambda text, home: text if home == title else shift(text, DeleteSheet(title), home))
        map_ranges(book, lambda area: None if area.get("sheetId", 0) == sheet_id else area)
        book.drop_grid(sheet_id)
    book.doc["sheets"] = others
    _number(book)
    book.restructured()
    return {}


def _duplicate(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    source = sheet_of(book, body.get("sourceSheetId"))
    source_id = source["properties"]["sheetId"]
    rows, columns = limits(book, source_id)
    check_cells(book, rows * columns)
    title = body.get("newSheetName") or f"Copy of {source['properties']['title']}"
    check_title(book, title)
    if body.get("newSheetId") in sheet_ids(book):
        raise invalid(f"Sheet with id {body['newSheetId']} already exists.")
    sheet_id = chosen_id(body.get("newSheetId"), sheet_ids(book), "Sheet id")
    sheet = _moved_to_sheet(copy.deepcopy(source), source_id, sheet_id)
    sheet["properties"] |= {"sheetId": sheet_id, "title": title}
    sheet.pop("tables", None)
    for kind, key in _OWN_IDS:
        for item in sheet.get(kind, []):
            item[key] = fresh_id(used_ids(book, kind, key))
    place_sheet(book, sheet, body.get("insertSheetIndex", 0))
    grid = book.copy_grid(source_id, sheet_id)
    _renumber_metadata(book, sheet, grid)
    book.restructured()
    return {"duplicateSheet": {"properties": sheet["properties"]}}


def _renumber_metadata(book: Book, sheet: dict[str, Any], grid: Grid) -> None:
    """The copy's marks get ids of their own. Whether the service copies marks is unknown: so that nothing rests on it
    that it does not, they are here, where whoever reads marks has to tell the copy from the first one."""
    used = {
        entry["metadataId"]
        for place in (None, *sheet_ids(book) - {sheet["properties"]["sheetId"]})
        for entry in kept_with(book, place)
    }
    lists = [sheet.get("developerMetadata", [])]
    for dimension in (ROWS, COLUMNS):
        lists += [own["developerMetadata"] for own in grid.dimension(dimension).values() if "developerMetadata" in own]
    for entry in (entry for listed in lists for entry in listed):
        entry["metadataId"] = fresh_id(used)
        used.add(entry["metadataId"])


def _moved_to_sheet(value: Any, old: int, new: int) -> Any:
    """A copy whose ranges and positions on the one sheet are on the other."""
    if isinstance(value, list):
        return [_moved_to_sheet(item, old, new) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: new if key == "sheetId" and item == old else _moved_to_sheet(item, old, new) for key, item in value.items()
    }


TABLE: Mapping[str, Callable[[Book, dict[str, Any]], dict[str, Any]]] = MappingProxyType(
    {
        "updateSpreadsheetProperties": _update_spreadsheet,
        "addSheet": _add,
        "updateSheetProperties": _update,
        "deleteSheet": _delete,
        "duplicateSheet": _duplicate,
    }
)
