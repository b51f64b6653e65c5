"""DataValidation, NamedRange and Filter: what scripts may ask of rules and names that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...batch.ranges import known_rect
from ..objects import Scripted, method
from .context import SCOPES, SERVICE, Context
from .enums import criteria

if TYPE_CHECKING:
    from .range import Range


class DataValidation(Scripted):
    type = "DataValidation"
    service = SERVICE

    def __init__(self, rule: dict[str, Any]):
        self.rule = rule

    @method
    def getAllowInvalid(self) -> bool:
        return not self.rule.get("strict", False)

    @method
    def getCriteriaType(self) -> object:
        return criteria(self.rule["condition"]["type"])

    @method
    def getCriteriaValues(self) -> list[Any]:
        """The choices of a list as one list, followed by whether a dropdown shows (documented); else texts as typed."""
        given = [one.get("userEnteredValue", "") for one in self.rule["condition"].get("values", ())]
        if self.rule["condition"]["type"] == "ONE_OF_LIST":
            return [given, bool(self.rule.get("showCustomUi"))]
        return given

    @method
    def getHelpText(self) -> str | None:
        return self.rule.get("inputMessage")


class NamedRange(Scripted):
    type = "NamedRange"
    service = SERVICE
    scopes = SCOPES

    def __init__(self, context: Context, named: dict[str, Any]):
        self.context = context
        self.named = named

    @method
    def getName(self) -> str:
        return self.named["name"]

    @method
    def getRange(self) -> Range:
        from .range import Range

        return Range(self.context, known_rect(self.context.shape(), self.named["range"]))


class Filter(Scripted):
    """The basic filter of a sheet."""

    type = "Filter"
    service = SERVICE
    scopes = SCOPES

    def __init__(self, context: Context, sheet_id: int):
        self.context = context
        self.sheet_id = sheet_id

    @method
    def getRange(self) -> Range:
        from .range import Range

        found = self.context.sheet(self.sheet_id)["basicFilter"]["range"]
        return Range(self.context, known_rect(self.context.shape(), found))

    @method
    def remove(self) -> None:
        self.context.batch({"clearBasicFilter": {"sheetId": self.sheet_id}})
