"""GridRanges: their stored form, their cells, their limits, and the words of the errors about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crm_builder.a1 import letters
from crm_builder.formulas.scan import quoted_title

from ..errors import invalid

if TYPE_CHECKING:
    from ..book import Book

ROWS, COLUMNS = "ROWS", "COLUMNS"
AXES = ((ROWS, "startRowIndex", "endRowIndex"), (COLUMNS, "startColumnIndex", "endColumnIndex"))
MAX_CELLS = 10_000_000
MAX_COLUMNS = 18_278


class Rect(NamedTuple):
    """A block of cells of one sheet, half-open, 0-based, inside the grid."""

    sheet_id: int
    r0: int
    c0: int
    r1: int
    c1: int

    @property
    def height(self) -> int:
        return self.r1 - self.r0

    @property
    def width(self) -> int:
        return self.c1 - self.c0

    @property
    def area(self) -> tuple[int, int, int, int]:
        return self.r0, self.c0, self.r1, self.c1

    def meets(self, other: Rect) -> bool:
        """True where the two share a cell."""
        return (
            self.sheet_id == other.sheet_id
            and self.r0 < other.r1
            and other.r0 < self.r1
            and self.c0 < other.c1
            and other.c0 < self.c1
        )

    def holds(self, other: Rect) -> bool:
        """True where every cell of the other is one of this one's."""
        return (
            self.sheet_id == other.sheet_id
            and self.r0 <= other.r0
            and other.r1 <= self.r1
            and self.c0 <= other.c0
            and other.c1 <= self.c1
        )


class Span(NamedTuple):
    """Whole rows or columns of one sheet, half-open, 0-based."""

    sheet_id: int
    dimension: str
    start: int
    end: int


def sheet_of(book: Book, sheet_id: int | None) -> dict[str, Any]:
    """The sheet with that id, a missing id meaning 0. ApiError 400 where there is none."""
    wanted = sheet_id or 0
    for sheet in book.doc["sheets"]:
        if sheet["properties"]["sheetId"] == wanted:
            return sheet
    raise invalid(f"No grid with id: {wanted}")


def title_of(book: Book, sheet_id: int) -> str:
    return sheet_of(book, sheet_id)["properties"]["title"]


def limits(book: Book, sheet_id: int) -> tuple[int, int]:
    """Rows and columns of a sheet's grid. ApiError 400 where the sheet has none (a chart's own sheet)."""
    if sheet_of(book, sheet_id)["properties"].get("sheetType", "GRID") != "GRID":
        raise invalid(f"No grid with id: {sheet_id}")
    grid = book.grid(sheet_id)
    return grid.rows, grid.columns


def stored(book: Book, grid_range: dict[str, Any] | None, *, clip: bool = False, what: str = "range") -> dict[str, Any]:
    """The canonical GridRange: sheetId always, start and end where they bound something.

    A start of 0 without an end is left out, as whole rows and columns are read back. `clip` bounds the open sides by
    the grid, as the basic filter does (recorded). ApiError 400: no such sheet, an empty range, beyond the grid.
    """
    if grid_range is None:
        raise invalid(f"The {what} must be set.")
    sheet_id = grid_range.get("sheetId") or 0
    size = limits(book, sheet_id)
    out: dict[str, Any] = {"sheetId": sheet_id}
    beyond = False
    for bound, (_, first, last) in zip(size, AXES, strict=True):
        start, end = grid_range.get(first), grid_range.get(last)
        if clip:
            start, end = start or 0, bound if end is None else end
        low = start or 0
        if low < 0 or (end is not None and end <= low):
            raise invalid(f"GridRange.{first}[{low}] must be at least 0 and less than GridRange.{last}[{end}].")
        beyond = beyond or low >= bound or (end or 0) > bound
        if low or end is not None:
            out[first] = low
        if end is not None:
            out[last] = end
    if beyond:
        raise beyond_grid(book, Rect(sheet_id, *_bounds(out, size)))
    return out


def rect(book: Book, grid_range: dict[str, Any] | None, what: str = "range") -> Rect:
    """The cells of a GridRange, its open sides closed by the grid. Errors as `stored`."""
    known = stored(book, grid_range, what=what)
    return Rect(known["sheetId"], *_bounds(known, limits(book, known["sheetId"])))


def known_rect(book: Book, grid_range: dict[str, Any]) -> Rect:
    """The cells of a GridRange out of the document itself, unchecked."""
    sheet_id = grid_range.get("sheetId") or 0
    return Rect(sheet_id, *_bounds(grid_range, limits(book, sheet_id)))


def cell_of(book: Book, coordinate: dict[str, Any] | None, what: str = "coordinate") -> tuple[int, int, int]:
    """(sheetId, row, column) of a GridCoordinate. ApiError 400 where it is missing or outside the grid."""
    if coordinate is None:
        raise invalid(f"The {what} must be set.")
    sheet_id = coordinate.get("sheetId") or 0
    row, column = coordinate.get("rowIndex") or 0, coordinate.get("columnIndex") or 0
    height, width = limits(book, sheet_id)
    if not (0 <= row < height and 0 <= column < width):
        raise beyond_grid(book, Rect(sheet_id, row, column, row + 1, column + 1))
    return sheet_id, row, column


def as_range(area: Rect) -> dict[str, int]:
    """A closed GridRange of those cells."""
    return {
        "sheetId": area.sheet_id,
        "startRowIndex": area.r0,
        "endRowIndex": area.r1,
        "startColumnIndex": area.c0,
        "endColumnIndex": area.c1,
    }


def span(book: Book, dimension_range: dict[str, Any] | None, what: str = "range", *, closed: bool = False) -> Span:
    """The rows or columns of a DimensionRange; open sides end at the grid unless `closed` asks for both.

    ApiError 400: no dimension, empty, beyond the grid.
    """
    if dimension_range is None:
        raise invalid(f"The {what} must be set.")
    sheet_id = dimension_range.get("sheetId") or 0
    dimension = dimension_of(dimension_range.get("dimension"))
    bound = limits(book, sheet_id)[0 if dimension == ROWS else 1]
    start, end = dimension_range.get("startIndex"), dimension_range.get("endIndex")
    if closed and end is None:
        raise invalid(f"{what}.endIndex must be set.")
    low, high = start or 0, bound if end is None else end
    if low < 0 or high <= low:
        raise invalid(f"{what}.startIndex[{low}] must be at least 0 and less than {what}.endIndex[{high}].")
    return Span(sheet_id, dimension, low, high)


def dimension_of(name: str | None) -> str:
    if name not in (ROWS, COLUMNS):
        raise invalid("Invalid dimension: it must be ROWS or COLUMNS.")
    return name


def inside(book: Book, rows: Span, what: str = "range") -> Span:
    """The span itself. ApiError 400 where it reaches beyond the grid."""
    bound = limits(book, rows.sheet_id)[0 if rows.dimension == ROWS else 1]
    if rows.end > bound:
        noun = "row" if rows.dimension == ROWS else "column"
        raise invalid(f"{what}: there is no {noun} index {rows.end - 1}, there are only {bound} {noun}s.")
    return rows


def a1(book: Book, area: Rect) -> str:
    """A1 notation of a block, its sheet included."""
    first = f"{letters(area.c0)}{area.r0 + 1}"
    last = f"{letters(area.c1 - 1)}{area.r1}"
    cells = first if first == last else f"{first}:{last}"
    return f"{quoted_title(title_of(book, area.sheet_id))}!{cells}"


def beyond_grid(book: Book, area: Rect) -> Exception:
    rows, columns = limits(book, area.sheet_id)
    return invalid(f"Range ({a1(book, area)}) exceeds grid limits. Max rows: {rows}, max columns: {columns}")


def check_cells(book: Book, extra: int) -> None:
    """ApiError 400 where so many cells more would be too many for one spreadsheet (documented limit)."""
    total = extra + sum(grid.rows * grid.columns for _, grid in book.grids())
    if extra > 0 and total > MAX_CELLS:
        raise invalid(
            f"This action would increase the number of cells in the workbook above the limit of {MAX_CELLS} cells."
        )


def check_columns(columns: int) -> None:
    """ApiError 400 where a sheet would have too many columns (documented limit)."""
    if columns > MAX_COLUMNS:
        raise invalid(
            f"This action would increase the number of columns in the sheet above the limit of {MAX_COLUMNS} columns"
        )


def _bounds(grid_range: dict[str, Any], size: tuple[int, int]) -> tuple[int, int, int, int]:
    end_row, end_column = grid_range.get("endRowIndex"), grid_range.get("endColumnIndex")
    return (
        grid_range.get("startRowIndex", 0),
        grid_range.get("startColumnIndex", 0),
        size[0] if end_row is None else end_row,
        size[1] if end_column is None else end_column,
    )
