"""What a sheet and the whole spreadsheet have in common for scripts: a selection, and metadata attached to them."""

from __future__ import annotations

from typing import Any, Self

from ..objects import Scripted, method
from .arguments import fitting
from .context import Context
from .metadata import DeveloperMetadata, DeveloperMetadataFinder, add, found_on
from .range import Range


class Whole(Scripted):
    """`place`: the id of the sheet; None for the spreadsheet."""

    def __init__(self, context: Context, place: int | None):
        self.context = context
        self.place = place

    def named(self, text: str) -> Range:
        """The range that a text names here. ScriptError where there is none."""
        raise NotImplementedError

    # -- what is selected ------------------------------------------------------------------------------------------

    @method
    def getActiveRange(self) -> Range:
        return Range(self.context, self.context.selection(self.place))

    @method
    def getActiveCell(self) -> Range:
        return self.getActiveRange().first()

    @method
    def getCurrentCell(self) -> Range:
        return self.getActiveRange().first()

    @method
    def setActiveRange(self, *given: Any) -> Range:
        (found,) = fitting(self, "setActiveRange", given, (Range,))
        return found.activate()

    @method
    def setActiveSelection(self, *given: Any) -> Range:
        (wanted,) = fitting(self, "setActiveSelection", given, (Range,), (str,))
        return (self.named(wanted) if isinstance(wanted, str) else wanted).activate()

    # -- metadata --------------------------------------------------------------------------------------------------

    @method
    def createDeveloperMetadataFinder(self) -> DeveloperMetadataFinder:
        return DeveloperMetadataFinder(self.context, self.place)

    @method
    def getDeveloperMetadata(self) -> list[DeveloperMetadata]:
        return found_on(self.context, self.place)

    @method
    def addDeveloperMetadata(self, *given: Any) -> Self:
        add(self.context, self, given, {"spreadsheet": True} if self.place is None else {"sheetId": self.place})
        return self
