"""Spreadsheet: the file that the script is bound to, as scripts see it."""

from __future__ import annotations

from typing import Any

from ... import a1, permissions
from ...batch.ranges import Rect, known_rect
from ...errors import ApiError
from ..objects import Scripted, ScriptError, method
from .arguments import fitting
from .context import SCOPES, SERVICE, Context
from .range import Range
from .rules import NamedRange
from .sheet import NOT_FOUND, Sheet
from .whole import Whole


class User(Scripted):
    """Somebody who may open the file."""

    type = "User"

    def __init__(self, address: str):
        self.address = address

    def text(self) -> str:
        return self.address

    @method
    def getEmail(self) -> str:
        return self.address


class Selection(Scripted):
    type = "Selection"
    service = SERVICE
    scopes = SCOPES

    def __init__(self, context: Context):
        self.context = context

    @method
    def getActiveRange(self) -> Range:
        return Range(self.context, self.context.selection())

    @method
    def getCurrentCell(self) -> Range:
        return Range(self.context, self.context.selection()).first()

    @method
    def getActiveSheet(self) -> Sheet:
        return Sheet(self.context, self.context.selection().sheet_id)


class Spreadsheet(Whole):
    type = "Spreadsheet"
    service = SERVICE
    scopes = SCOPES

    def __init__(self, context: Context):
        super().__init__(context, None)

    def named(self, text: str) -> Range:
        return self.getRange(text)

    # -- the file --------------------------------------------------------------------------------------------------

    @method
    def getId(self) -> str:
        return self.context.world.spreadsheet_id

    @method
    def getName(self) -> str:
        return self._properties()["title"]

    @method
    def getUrl(self) -> str:
        return f"https://docs.google.com/spreadsheets/d/{self.context.world.spreadsheet_id}/edit"

    @method
    def getSpreadsheetTimeZone(self) -> str:
        return self._properties().get("timeZone", "Etc/GMT")

    @method
    def getSpreadsheetLocale(self) -> str:
        return self._properties().get("locale", "en_US")

    def _properties(self) -> dict[str, Any]:
        return self.context.shape().doc["properties"]

    @method
    def getOwner(self) -> User:
        return User(self.context.world.owner)

    @method
    def getEditors(self) -> list[User]:
        """The owner and all who may write."""
        world = self.context.world
        file = world.workspace.file(world.spreadsheet_id) or {}
        listed = [one for one in permissions.of_file(file) if one["role"] == "writer" and one.get("emailAddress")]
        return [User(world.owner), *(User(one["emailAddress"]) for one in listed)]

    @method
    def toast(self, *given: Any) -> None:
        message, *rest = fitting(
            *(self, "toast", given),
            *((str,), (str, str), (str, type(None)), (str, str, int), (str, str, type(None)), (str, type(None), int)),
        )
        title = rest[0] if rest and rest[0] else ""
        self.context.world.shown.append({"kind": "toast", "title": title, "text": message})

    # -- sheets ----------------------------------------------------------------------------------------------------

    @method
    def getSheets(self) -> list[Sheet]:
        sheets = self.context.shape().doc["sheets"]
        return [Sheet(self.context, sheet["properties"]["sheetId"]) for sheet in sheets]

    @method
    def getNumSheets(self) -> int:
        return len(self.context.shape().doc["sheets"])

    @method
    def getSheetByName(self, *given: Any) -> Sheet | None:
        """Capitals make a difference (reported)."""
        (title,) = fitting(self, "getSheetByName", given, (str,))
        return self._sheet("title", title)

    @method
    def getSheetById(self, *given: Any) -> Sheet | None:
        (number,) = fitting(self, "getSheetById", given, (int,))
        return self._sheet("sheetId", number)

    def _sheet(self, name: str, wanted: Any) -> Sheet | None:
        for sheet in self.context.shape().doc["sheets"]:
            if sheet["properties"][name] == wanted:
                return Sheet(self.context, sheet["properties"]["sheetId"])
        return None

    @method
    def insertSheet(self, *given: Any) -> Sheet:
        """A new sheet, after the active one where no place is given (documented); made at once."""
        values = fitting(self, "insertSheet", given, (), (int,), (str,), (str, int))
        active = self.context.properties(self.context.selection().sheet_id)["index"]
        properties: dict[str, Any] = {"index": active + 1}
        for value in values:
            properties["title" if isinstance(value, str) else "index"] = value
        reply = self.context.batch_now({"addSheet": {"properties": properties}})
        made = reply["addSheet"]["properties"]["sheetId"]
        self.context.select_sheet(made)
        return Sheet(self.context, made)

    @method
    def deleteSheet(self, *given: Any) -> None:
        (sheet,) = fitting(self, "deleteSheet", given, (Sheet,))
        self.context.sheet(sheet.sheet_id)
        self.context.batch_now({"deleteSheet": {"sheetId": sheet.sheet_id}})
        if self.context.selected is not None and self.context.selected.sheet_id == sheet.sheet_id:
            self.context.selected = None

    # -- ranges ----------------------------------------------------------------------------------------------------

    @method
    def getRange(self, *given: Any) -> Range:
        (text,) = fitting(self, "getRange", given, (str,))
        if "!" in text or self._is_name(text):
            found = self.find_range(text)
            if found is None:
                raise ScriptError(NOT_FOUND)
            return found
        return Sheet(self.context, self.context.selection().sheet_id).getRange(text)

    def find_range(self, text: str) -> Range | None:
        """The range of a name, or of A1 notation with a title; None where it is neither."""
        if "!" not in text and not self._is_name(text):
            return None
        try:
            area = a1.parse(self.context.shape(), text)
        except ApiError:
            return None
        return Range(self.context, Rect(*area[:5]))

    def _is_name(self, text: str) -> bool:
        named = self.context.shape().doc.get("namedRanges", ())
        return any(one["name"].casefold() == text.casefold() for one in named)

    @method
    def getNamedRanges(self) -> list[NamedRange]:
        return [NamedRange(self.context, one) for one in self.context.shape().doc.get("namedRanges", ())]

    @method
    def getRangeByName(self, *given: Any) -> Range | None:
        (name,) = fitting(self, "getRangeByName", given, (str,))
        book = self.context.shape()
        for one in book.doc.get("namedRanges", ()):
            if one["name"].casefold() == name.casefold():
                return Range(self.context, known_rect(book, one["range"]))
        return None

    # -- what is selected ------------------------------------------------------------------------------------------

    @method
    def getActiveSheet(self) -> Sheet:
        return Sheet(self.context, self.context.selection().sheet_id)

    @method
    def getSelection(self) -> Selection:
        return Selection(self.context)

    @method
    def setActiveSheet(self, *given: Any) -> Sheet:
        sheet, *_ = fitting(self, "setActiveSheet", given, (Sheet,), (Sheet, bool))
        self.context.select_sheet(sheet.sheet_id)
        return sheet

    @method
    def setCurrentCell(self, *given: Any) -> Range:
        (found,) = fitting(self, "setCurrentCell", given, (Range,))
        return found.activate()
