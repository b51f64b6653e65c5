"""How a sheet fits on paper: the way round that shows more of it, and by how much it is made smaller."""

from __future__ import annotations

from crm_builder.preview.grid import Grid

# A4 at 96 pixels an inch, without margins of 12 mm; a little less, because borders take room too.
_PORTRAIT, _LANDSCAPE = (698, 1024), (1024, 698)
_LEAST = 0.35  # below this nobody can read it: it goes on over the edge of the paper
_PAGE = 0.5  # a sheet that is a page stays on one sheet of paper down to this size


def css(grid: Grid, key: str, page: bool) -> list[str]:
    """The print rules of one sheet. `page`: it has no gridlines and is meant to be seen as a whole."""
    wide = max(1, sum(grid.width(column) for column in grid.columns))
    high = max(1, sum(grid.height(row) for row in grid.rows))
    name, scale = _best(wide, high) if page else ("portrait", 1.0) if wide <= _PORTRAIT[0] else _across(wide)
    zoom = f"#sheet-{key} .scroll>*{{zoom:{scale:.3g}}}" if scale < 1 else ""
    # Row numbers are not printed; without a width of its own the table would share their room among its columns.
    return [f"@media print{{#sheet-{key}{{page:{name}}}#t{key}{{width:{wide + 1}px!important}}{zoom}}}"]


def _across(wide: int) -> tuple[str, float]:
    return "landscape", max(_LEAST, min(1.0, _LANDSCAPE[0] / wide))


def _best(wide: int, high: int) -> tuple[str, float]:
    """The way round on which the whole page is larger; one that is too high for either is fitted by its width."""
    ways = [
        (min(1.0, paper[0] / wide, paper[1] / high), name)
        for paper, name in ((_PORTRAIT, "portrait"), (_LANDSCAPE, "landscape"))
    ]
    scale, name = max(ways)
    if scale >= _PAGE:
        return name, scale
    return ("portrait", _PORTRAIT[0] / wide) if wide <= _PORTRAIT[0] / _PAGE else _across(wide)
