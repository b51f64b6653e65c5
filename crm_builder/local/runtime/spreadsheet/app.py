"""SpreadsheetApp: where a script's way to the spreadsheet begins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from ...batch.ranges import Rect
from ..objects import Scripted, ScriptError, method
from .arguments import fitting
from .context import FULL, SCOPES, Context
from .enums import CRITERIA, DIMENSION, LOCATION, PROTECTION, SHEET_TYPE, VISIBILITY
from .range import Range
from .sheet import Sheet
from .ui import Ui
from .workbook import Selection, Spreadsheet

if TYPE_CHECKING:
    from ..world import World


class SpreadsheetApp(Scripted):
    """One for each run."""

    type = "SpreadsheetApp"
    constants: ClassVar[Mapping[str, Any]] = {
        "DataValidationCriteria": CRITERIA,
        "DeveloperMetadataLocationType": LOCATION,
        "DeveloperMetadataVisibility": VISIBILITY,
        "Dimension": DIMENSION,
        "ProtectionType": PROTECTION,
        "SheetType": SHEET_TYPE,
    }
    scopes = SCOPES

    def __init__(self, world: World):
        self.world = world
        self.context = Context(world)
        self.spreadsheet = Spreadsheet(self.context)

    # -- for the runtime -------------------------------------------------------------------------------------------

    def range(self, sheet_id: int, r0: int, c0: int, r1: int, c1: int) -> Range:
        """The cells, half-open and from 0, as the range of an event; they are selected too."""
        self.context.selected = Rect(sheet_id, r0, c0, r1, c1)
        made = Range(self.context, self.context.selected)
        made.fields = {"rowStart": r0 + 1, "rowEnd": r1, "columnStart": c0 + 1, "columnEnd": c1}
        return made

    # -- for scripts -----------------------------------------------------------------------------------------------

    @method
    def getActiveSpreadsheet(self) -> Spreadsheet:
        return self.spreadsheet

    @method
    def getActive(self) -> Spreadsheet:
        return self.spreadsheet

    @method(scopes=(FULL,), limited=False)
    def openById(self, *given: Any) -> Spreadsheet:
        """Only the script's own file is there; any other is as one that nobody has shared."""
        (id,) = fitting(self, "openById", given, (str,))
        if id != self.world.spreadsheet_id:
            raise ScriptError("You do not have permission to access the requested document.")
        return self.spreadsheet

    @method
    def flush(self) -> None:
        self.world.flush()

    @method(scopes=())
    def getUi(self) -> Ui:
        self.world.need_interface("SpreadsheetApp.getUi()")
        return Ui(self.context)

    @method
    def getActiveSheet(self) -> Sheet:
        return self.spreadsheet.getActiveSheet()

    @method
    def getActiveRange(self) -> Range:
        return self.spreadsheet.getActiveRange()

    @method
    def getCurrentCell(self) -> Range:
        return self.spreadsheet.getCurrentCell()

    @method
    def getSelection(self) -> Selection:
        return self.spreadsheet.getSelection()

    @method
    def setActiveSheet(self, *given: Any) -> Sheet:
        return self.spreadsheet.setActiveSheet(*given)

    @method
    def setActiveRange(self, *given: Any) -> Range:
        return self.spreadsheet.setActiveRange(*given)

    @method
    def setCurrentCell(self, *given: Any) -> Range:
        return self.spreadsheet.setCurrentCell(*given)
