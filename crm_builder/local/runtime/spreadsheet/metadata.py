"""Developer metadata: what is attached to the spreadsheet, its sheets, rows and columns, and how scripts find it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...batch import apply
from ...batch.metadata import BUDGET, kept_with
from ...batch.ranges import COLUMNS, ROWS, Rect
from ...filters import COLUMN, ROW, SHEET, SPREADSHEET, entries, matching
from ..objects import Choice, Scripted, ScriptError, method
from .arguments import fitting
from .context import SCOPES, SERVICE, Context
from .enums import LOCATION, VISIBILITY

if TYPE_CHECKING:
    from ...book import Book
    from .range import Range
    from .sheet import Sheet
    from .workbook import Spreadsheet

Json = dict[str, Any]
_NOT_WHOLE = (
    "Adding developer metadata to arbitrary ranges is not currently supported. Developer metadata may only be added"
    " to the top-level spreadsheet, an individual sheet, or an entire row or column."
)


def add(context: Context, owner: Scripted, given: Sequence[Any], place: Json) -> None:
    """addDeveloperMetadata of a spreadsheet, a sheet or a range: key, then value, visibility or both."""
    values = fitting(
        *(owner, "addDeveloperMetadata", given),
        *((str,), (str, str), (str, VISIBILITY), (str, str, VISIBILITY)),
    )
    shown = values[-1] if isinstance(values[-1], Choice) else VISIBILITY["DOCUMENT"]
    value = values[1] if len(values) > 1 and isinstance(values[1], str) else ""
    made: Json = {"metadataKey": values[0], "visibility": shown.name, "location": place}
    if value:
        made["metadataValue"] = value
    request = {"createDeveloperMetadata": {"developerMetadata": made}}
    sheet_id = _sheet_of(place)

    def create(book: Book) -> None:
        _check_budget(book, sheet_id, len(values[0]) + len(value))
        apply(book, [request])

    context.write(create, shape=True)


def _sheet_of(place: Json) -> int | None:
    return place["dimensionRange"]["sheetId"] if "dimensionRange" in place else place.get("sheetId")


def _check_budget(book: Book, sheet_id: int | None, more: int) -> None:
    """ScriptError where so many characters more are too many: asked before anything is changed, for what a script has
    done up to an error stays."""
    kept = kept_with(book, sheet_id)
    spent = sum(len(entry["metadataKey"]) + len(entry.get("metadataValue", "")) for entry in kept)
    if spent + more > BUDGET:
        raise ScriptError(f"The developer metadata would hold {spent + more} characters; the limit is {BUDGET}.")


def dimension_place(context: Context, area: Rect) -> Json:
    """The location of one whole row or column. ScriptError for any other block of cells (the service's text)."""
    height, width = context.size(area.sheet_id)
    if area.width == 1 and area.height == height:
        dimension, start = COLUMNS, area.c0
    elif area.height == 1 and area.width == width:
        dimension, start = ROWS, area.r0
    else:
        raise ScriptError(_NOT_WHOLE)
    where = {"sheetId": area.sheet_id, "dimension": dimension, "startIndex": start, "endIndex": start + 1}
    return {"dimensionRange": where}


def found_on(context: Context, place: Rect | int | None) -> list[DeveloperMetadata]:
    """What is attached to the very range, sheet or (None) spreadsheet."""
    if isinstance(place, Rect):
        wanted = _of_range(context, place, False)
    else:
        kind = SPREADSHEET if place is None else SHEET
        wanted = [
            entry
            for entry in entries(context.shape())
            if entry["location"]["locationType"] == kind and entry["location"].get("sheetId") == place
        ]
    return [DeveloperMetadata(context, entry) for entry in wanted]


def _of_range(context: Context, area: Rect, meeting: bool) -> list[Json]:
    """What lies wholly in the range; `meeting`: or has a cell in common with it."""
    found = []
    size = context.size(area.sheet_id)
    for entry in entries(context.shape()):
        where = entry["location"]
        if where["locationType"] == SHEET and where["sheetId"] == area.sheet_id and meeting:
            found.append(entry)
        place = where.get("dimensionRange")
        if place is None or place["sheetId"] != area.sheet_id:
            continue
        across = place["dimension"] == ROWS
        low, high = (area.r0, area.r1) if across else (area.c0, area.c1)
        whole = area.width == size[1] if across else area.height == size[0]
        if low <= place["startIndex"] < high and (whole or meeting):
            found.append(entry)
    return found


class DeveloperMetadata(Scripted):
    type = "DeveloperMetadata"
    service = SERVICE
    scopes = SCOPES

    def __init__(self, context: Context, entry: Json):
        self.context = context
        self.entry = entry

    @method
    def getId(self) -> int:
        return self.entry["metadataId"]

    @method
    def getKey(self) -> str:
        return self.entry["metadataKey"]

    @method
    def getValue(self) -> str | None:
        return self.entry.get("metadataValue")

    @method
    def getVisibility(self) -> Choice:
        return VISIBILITY[self.entry["visibility"]]

    @method
    def getLocation(self) -> DeveloperMetadataLocation:
        """Where it is now: rows and columns may have moved since it was found."""
        number = self.entry["metadataId"]
        now = next(entries(self.context.shape(), {"metadataId": number}), self.entry)
        return DeveloperMetadataLocation(self.context, now["location"])

    @method
    def setValue(self, *given: Any) -> DeveloperMetadata:
        (value,) = fitting(self, "setValue", given, (str,))
        return self._update("metadataValue", value)

    @method
    def setKey(self, *given: Any) -> DeveloperMetadata:
        (key,) = fitting(self, "setKey", given, (str,))
        return self._update("metadataKey", key)

    def _update(self, field: str, value: str) -> DeveloperMetadata:
        more = len(value) - len(self.entry.get(field, ""))
        self.entry = {**self.entry, field: value}
        body = {"dataFilters": [self._filter()], "developerMetadata": {field: value}, "fields": field}
        sheet_id = _sheet_of(self.entry["location"])

        def update(book: Book) -> None:
            _check_budget(book, sheet_id, more)
            apply(book, [{"updateDeveloperMetadata": body}])

        self.context.write(update, shape=True)
        return self

    @method
    def remove(self) -> None:
        self.context.batch({"deleteDeveloperMetadata": {"dataFilter": self._filter()}})

    def _filter(self) -> Json:
        return {"developerMetadataLookup": {"metadataId": self.entry["metadataId"]}}


class DeveloperMetadataLocation(Scripted):
    type = "DeveloperMetadataLocation"
    service = SERVICE
    scopes = SCOPES

    def __init__(self, context: Context, location: Json):
        self.context = context
        self.location = location

    @method
    def getLocationType(self) -> Choice:
        return LOCATION[self.location["locationType"]]

    @method
    def getSpreadsheet(self) -> Spreadsheet | None:
        from .workbook import Spreadsheet

        return Spreadsheet(self.context) if self.location["locationType"] == SPREADSHEET else None

    @method
    def getSheet(self) -> Sheet | None:
        from .sheet import Sheet

        is_sheet = self.location["locationType"] == SHEET
        return Sheet(self.context, self.location["sheetId"]) if is_sheet else None

    @method
    def getColumn(self) -> Range | None:
        return self._line(COLUMN)

    @method
    def getRow(self) -> Range | None:
        return self._line(ROW)

    def _line(self, kind: str) -> Range | None:
        from .range import Range

        if self.location["locationType"] != kind:
            return None
        place = self.location["dimensionRange"]
        rows, columns = self.context.size(place["sheetId"])
        start, end = place["startIndex"], place["endIndex"]
        area = (start, 0, end, columns) if kind == ROW else (0, start, rows, end)
        return Range(self.context, Rect(place["sheetId"], *area))


class DeveloperMetadataFinder(Scripted):
    """A search in a spreadsheet (scope None), a sheet (its id) or a range, narrowed down call by call."""

    type = "DeveloperMetadataFinder"
    service = SERVICE
    scopes = SCOPES

    def __init__(self, context: Context, scope: Rect | int | None):
        self.context = context
        self.scope = scope
        self.wanted: Json = {}
        self.meeting = False

    @method
    def withKey(self, *given: Any) -> DeveloperMetadataFinder:
        return self._narrowed("withKey", "metadataKey", given, str)

    @method
    def withValue(self, *given: Any) -> DeveloperMetadataFinder:
        return self._narrowed("withValue", "metadataValue", given, str)

    @method
    def withId(self, *given: Any) -> DeveloperMetadataFinder:
        return self._narrowed("withId", "metadataId", given, int)

    @method
    def withVisibility(self, *given: Any) -> DeveloperMetadataFinder:
        (shown,) = fitting(self, "withVisibility", given, (VISIBILITY,))
        self.wanted["visibility"] = shown.name
        return self

    @method
    def withLocationType(self, *given: Any) -> DeveloperMetadataFinder:
        (kind,) = fitting(self, "withLocationType", given, (LOCATION,))
        self.wanted["locationType"] = kind.name
        return self

    def _narrowed(self, name: str, field: str, given: Sequence[Any], kind: type) -> DeveloperMetadataFinder:
        (self.wanted[field],) = fitting(self, name, given, (kind,))
        return self

    @method
    def onIntersectingLocations(self) -> DeveloperMetadataFinder:
        self.meeting = True
        return self

    @method
    def find(self) -> list[DeveloperMetadata]:
        book = self.context.shape()
        lookup = dict(self.wanted)
        if isinstance(self.scope, int):
            self.context.sheet(self.scope)
            lookup["metadataLocation"] = {"sheetId": self.scope}
        found = matching(book, {"developerMetadataLookup": lookup})
        if isinstance(self.scope, Rect):
            inside = {entry["metadataId"] for entry in _of_range(self.context, self.scope, self.meeting)}
            found = [entry for entry in found if entry["metadataId"] in inside]
        return [DeveloperMetadata(self.context, entry) for entry in found]
