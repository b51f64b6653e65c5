"""Charts and slicers: add, update, move, frame, delete. Drawing them is another room's; slicers filter pivot tables."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..errors import ApiError, invalid
from . import masks
from .conditions import FILTER, checked
from .ranges import cell_of, limits, sheet_of, stored
from .sheets import free_title, place_sheet, sheet_ids
from .values import chosen_id, fresh_id, paired

if TYPE_CHECKING:
    from ..book import Book

_KINDS = (
    *("basicChart", "pieChart", "bubbleChart", "candlestickChart", "orgChart", "histogramChart"),
    *("waterfallChart", "treemapChart", "scorecardChart"),
)
_NO_KIND = (  # the service's own spelling (reported)
    "One of basicChart, pieChart, bubbleChart, candelstickChart, histogramChart, or orgChart must be set on chartSpec"
)
_FONT = "Roboto"  # of the titles of charts that name none: what the tests of other clients find
_BOUNDS = frozenset({"startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex"})
_WIDTH, _HEIGHT = 600, 371  # what a chart without a size gets (documented)
_OVERLAY = ("anchorCell", "offsetXPixels", "offsetYPixels", "widthPixels", "heightPixels")
_SLICER = (
    *("dataRange", "filterCriteria", "columnIndex", "applyToPivotTables", "title"),
    *("textFormat", "backgroundColor", "backgroundColorStyle", "horizontalAlignment"),
)


def checked_spec(book: Book, spec: dict[str, Any]) -> dict[str, Any]:
    """The canonical ChartSpec: ranges canonical, colours with styles. ApiError 400 unless it has one kind of chart."""
    kinds = [kind for kind in _KINDS if kind in spec]
    if "dataSourceChartProperties" in spec:
        raise invalid("Charts on data sources are not supported by a local workspace.")
    if not kinds:
        raise invalid(_NO_KIND)
    if len(kinds) > 1:
        raise invalid(f"oneof field 'chart' is already set. Cannot set '{kinds[1]}'")
    basic = spec.get("basicChart", {})
    if "basicChart" in spec and not basic.get("domains") and not basic.get("series"):
        raise ApiError(500, "INTERNAL", "Internal error encountered.")  # reported of the service
    out = _ranges(book, paired(spec))
    if out.get("hiddenDimensionStrategy", "CHART_HIDDEN_DIMENSION_STRATEGY_UNSPECIFIED").endswith("UNSPECIFIED"):
        out["hiddenDimensionStrategy"] = "SKIP_HIDDEN_ROWS_AND_COLUMNS"  # read back so (documented)
    if out.get("title"):
        out["titleTextFormat"] = {"fontFamily": out.get("fontName") or _FONT, **out.get("titleTextFormat", {})}
    return out


def _ranges(book: Book, value: Any, key: str = "") -> Any:
    if isinstance(value, list):
        return [_ranges(book, item, key) for item in value]
    if not isinstance(value, dict):
        return value
    if key == "sources" or (_BOUNDS & value.keys()):
        return stored(book, value, what="source")
    return {name: _ranges(book, item, name) for name, item in value.items()}


def _objects(book: Book) -> Iterator[tuple[dict[str, Any], str, str, dict[str, Any]]]:
    for sheet in book.doc["sheets"]:
        for kind, key in (("charts", "chartId"), ("slicers", "slicerId")):
            for item in sheet.get(kind, []):
                yield sheet, kind, key, item


def _object_ids(book: Book) -> set[int]:
    return {item[key] for _, _, key, item in _objects(book)}


def _object(book: Book, number: int) -> tuple[dict[str, Any], str, dict[str, Any]]:
    for sheet, kind, key, item in _objects(book):
        if item[key] == number:
            return sheet, kind, item
    raise invalid(f"No embedded object with id: {number}")


def _overlay(book: Book, overlay: dict[str, Any]) -> dict[str, Any]:
    sheet_id, row, column = cell_of(book, overlay.get("anchorCell", {}), "anchorCell")
    out: dict[str, Any] = {"anchorCell": {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}}
    for key, default in zip(_OVERLAY[1:], (0, 0, _WIDTH, _HEIGHT), strict=True):
        number = overlay.get(key) or default
        if number < 0:
            raise invalid(f"overlayPosition.{key} must not be negative.")
        if number:
            out[key] = number
    return {"overlayPosition": out}


def _place(book: Book, position: dict[str, Any], default: str, *, own_sheet: bool) -> tuple[dict[str, Any], dict]:
    """The canonical position and the sheet it is on; a chart may ask for a sheet of its own."""
    if position.get("newSheet"):
        if not own_sheet:
            raise invalid("Only a chart can have a sheet of its own.")
        number = fresh_id(sheet_ids(book))
        properties = {"sheetId": number, "title": free_title(book, default), "index": 0, "sheetType": "OBJECT"}
        sheet = {"properties": properties}
        place_sheet(book, sheet, None)
        return {"sheetId": number}, sheet
    overlay = _overlay(book, position.get("overlayPosition", {}))
    return overlay, sheet_of(book, overlay["overlayPosition"]["anchorCell"]["sheetId"])


def _add_chart(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    new = body.get("chart", {})
    number = chosen_id(new.get("chartId"), _object_ids(book), "Embedded object with id")
    spec = checked_spec(book, new.get("spec", {}))
    position, sheet = _place(book, new.get("position", {}), "Chart", own_sheet=True)
    made = {"chartId": number, "spec": spec, "position": position}
    if new.get("border"):
        made["border"] = paired(new["border"])
    sheet.setdefault("charts", []).append(made)
    return {"addChart": {"chart": copy.deepcopy(made)}}


def _update_chart(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    _, kind, own = _object(book, body.get("chartId", 0))
    if kind != "charts":
        raise invalid(f"No chart with id: {body.get('chartId', 0)}")
    own["spec"] = checked_spec(book, body.get("spec", {}))
    return {}


def _move(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    sheet, kind, own = _object(book, body.get("objectId", 0))
    new = body.get("newPosition", {})
    if new.get("newSheet") or "sheetId" in new:
        position, target = _place(book, new, "Chart", own_sheet=kind == "charts")
        if "sheetId" in new and not new.get("newSheet"):
            raise invalid("An embedded object can only be put on a new sheet of its own.")
    else:
        paths = masks.parse(body.get("fields"), "OverlayPosition")
        masks.heads(paths, _OVERLAY)
        old = own["position"].get("overlayPosition", {})
        position = _overlay(book, masks.merged(old, new.get("overlayPosition", {}), paths))
        target = sheet_of(book, position["overlayPosition"]["anchorCell"]["sheetId"])
    sheet[kind] = [item for item in sheet[kind] if item is not own]
    own["position"] = position
    target.setdefault(kind, []).append(own)
    _drop_empty(book, sheet)
    _slicers_changed(book, kind)
    return {"updateEmbeddedObjectPosition": {"position": copy.deepcopy(position)}}


def _drop_empty(book: Book, sheet: dict[str, Any]) -> None:
    """A chart's own sheet goes with its chart."""
    if sheet["properties"].get("sheetType") == "OBJECT" and not sheet.get("charts"):
        book.doc["sheets"] = [other for other in book.doc["sheets"] if other is not sheet]
        for index, other in enumerate(book.doc["sheets"]):
            other["properties"]["index"] = index


def _border(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    _, _, own = _object(book, body.get("objectId", 0))
    paths = masks.parse(body.get("fields"), "EmbeddedObjectBorder")
    masks.heads(paths, ("color", "colorStyle"))
    border = masks.merged(own.get("border", {}), paired(body.get("border", {})), paths)
    own.pop("border", None)
    if border:
        own["border"] = border
    return {}


def _delete(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    sheet, kind, own = _object(book, body.get("objectId", 0))
    sheet[kind] = [item for item in sheet[kind] if item is not own]
    _drop_empty(book, sheet)
    _slicers_changed(book, kind)
    return {}


# -- slicers -----------------------------------------------------------------------------------------------------------


def _checked_slicer(book: Book, spec: dict[str, Any]) -> dict[str, Any]:
    """The canonical SlicerSpec.

    The range may lie on another sheet than the slicer: public programs make such slicers, by the API and by
    Sheet.insertSlicer of Apps Script, and both note that the sheet of the data must then be a visible one for the
    slicer to list its values. The reference of the API names no such limit, it is not asked for here either.
    """
    out = paired(spec)
    area = out["dataRange"] = stored(book, spec.get("dataRange"), what="dataRange")
    width = limits(book, area["sheetId"])[1]
    if not 0 <= out.get("columnIndex", 0) < area.get("endColumnIndex", width) - area.get("startColumnIndex", 0):
        raise invalid(f"SlicerSpec.columnIndex {out['columnIndex']} is outside of the data range.")
    condition = out.get("filterCriteria", {}).get("condition")
    if condition is not None:
        out["filterCriteria"]["condition"] = checked(book, condition, FILTER, area["sheetId"])
    return out


def _slicers_changed(book: Book, kind: str = "slicers") -> None:
    """Pivot tables have to be looked at again: which slicers act on them is part of what they are."""
    if kind == "slicers":
        book.changed(book.doc["sheets"][0]["properties"]["sheetId"], 0, 0, 0, 0)


def _add_slicer(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    new = body.get("slicer", {})
    number = chosen_id(new.get("slicerId"), _object_ids(book), "Embedded object with id")
    position, sheet = _place(book, new.get("position", {}), "Chart", own_sheet=False)
    spec = _checked_slicer(book, new.get("spec", {}))
    made = {"slicerId": number, "spec": spec, "position": position}
    sheet.setdefault("slicers", []).append(made)
    _slicers_changed(book)
    return {"addSlicer": {"slicer": copy.deepcopy(made)}}


def _update_slicer(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    _, kind, own = _object(book, body.get("slicerId", 0))
    if kind != "slicers":
        raise invalid(f"No slicer with id: {body.get('slicerId', 0)}")
    paths = masks.parse(body.get("fields"), "SlicerSpec")
    masks.heads(paths, _SLICER)
    spec = masks.merged(own["spec"], paired(body.get("spec", {})), paths)
    own["spec"] = _checked_slicer(book, spec)
    _slicers_changed(book)
    return {}


TABLE: Mapping[str, Callable[[Book, dict[str, Any]], dict[str, Any]]] = MappingProxyType(
    {
        "addChart": _add_chart,
        "updateChartSpec": _update_chart,
        "updateEmbeddedObjectPosition": _move,
        "updateEmbeddedObjectBorder": _border,
        "deleteEmbeddedObject": _delete,
        "addSlicer": _add_slicer,
        "updateSlicerSpec": _update_slicer,
    }
)
