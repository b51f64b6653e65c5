"""CellFormat ↔ userEnteredFormat; colours `#RRGGBB` ↔ colour styles with parts from 0 to 1."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any

from crm_builder.model import Border, CellFormat, NumberFormat

Json = dict[str, Any]

_PARTS = ("red", "green", "blue")


def encode_colour(colour: str) -> Json:
    """`#RRGGBB` → a ColorStyle.

    The service cuts a share down to one of 255 steps (recorded: 0.5 comes back as 127/255), so each part is sent a
    quarter of a step above its own: cut or rounded, it stays what it was.
    """
    parts = zip(_PARTS, (int(colour[at : at + 2], 16) for at in (1, 3, 5)), strict=True)
    return {"rgbColor": {name: min(1, round((part + 0.25) / 255, 4)) if part else 0 for name, part in parts}}


def decode_colour(holder: Json, name: str) -> str | None:
    """The colour `name` of an object that holds it as `<name>Style` or, older, as `<name>`; a missing part is 0."""
    style = holder.get(f"{name}Style", {})
    rgb = style["rgbColor"] if "rgbColor" in style else holder.get(name)
    if rgb is None:
        return None
    return "#" + "".join(f"{round(rgb.get(part, 0) * 255):02X}" for part in _PARTS)


@dataclass(frozen=True, slots=True)
class _Field:
    """One attribute: the path of its JSON (which is its mask too) and both directions."""

    path: tuple[str, ...]
    encode: Callable[[Any], Any]
    decode: Callable[[Json, str], Any]  # the holding object and the last name of the path


def _plain(*path: str) -> _Field:
    return _Field(path, lambda value: value, lambda holder, name: holder.get(name))


def _words(table: dict[str, str], *path: str) -> _Field:
    back = {theirs: ours for ours, theirs in table.items()}
    return _Field(path, table.__getitem__, lambda holder, name: back.get(holder.get(name, "")))


def _colour(*path: str) -> _Field:
    """A colour; the path names the style, reading also takes the field without `Style`."""
    return _Field(path, encode_colour, lambda holder, name: decode_colour(holder, name.removesuffix("Style")))


_KINDS = {kind: kind.upper() for kind in ("text", "number", "percent", "currency", "date", "time", "scientific")}
_KINDS["datetime"] = "DATE_TIME"
_KINDS_BACK = {theirs: ours for ours, theirs in _KINDS.items()}


def _encode_number(number: NumberFormat) -> Json:
    data = {"type": _KINDS[number.kind]}
    return data | {"pattern": number.pattern} if number.pattern else data


def _decode_number(holder: Json, name: str) -> NumberFormat | None:
    data = holder.get(name, {})
    kind = _KINDS_BACK.get(data.get("type", ""))
    return NumberFormat(kind, canonical_pattern(kind, data.get("pattern", ""))) if kind else None


def canonical_pattern(kind: str, pattern: str) -> str:
    """A text format says nothing more by its only pattern."""
    return "" if kind == "text" and pattern == "@" else pattern


def _encode_border(border: Border) -> Json:
    return {"style": border.style.upper(), "colorStyle": encode_colour(border.color)}


def _decode_border(holder: Json, name: str) -> Border | None:
    data = holder.get(name, {})
    style = data.get("style", "NONE").lower()
    if style not in ("solid", "solid_medium", "solid_thick", "dotted", "dashed", "double"):
        return None
    return Border(style, decode_colour(data, "color") or "#000000")


_FIELDS: dict[str, _Field] = {
    "background": _colour("backgroundColorStyle"),
    "color": _colour("textFormat", "foregroundColorStyle"),
    "bold": _plain("textFormat", "bold"),
    "italic": _plain("textFormat", "italic"),
    "strikethrough": _plain("textFormat", "strikethrough"),
    "font": _plain("textFormat", "fontFamily"),
    "size": _plain("textFormat", "fontSize"),
    "number": _Field(("numberFormat",), _encode_number, _decode_number),
    "align": _words({"left": "LEFT", "center": "CENTER", "right": "RIGHT"}, "horizontalAlignment"),
    "vertical": _words({"top": "TOP", "middle": "MIDDLE", "bottom": "BOTTOM"}, "verticalAlignment"),
    "wrap": _words({"overflow": "OVERFLOW_CELL", "clip": "CLIP", "wrap": "WRAP"}, "wrapStrategy"),
    "direction": _words({"ltr": "LEFT_TO_RIGHT", "rtl": "RIGHT_TO_LEFT"}, "textDirection"),
    "border_bottom": _Field(("borders", "bottom"), _encode_border, _decode_border),
    "border_top": _Field(("borders", "top"), _encode_border, _decode_border),
    "border_left": _Field(("borders", "left"), _encode_border, _decode_border),
    "border_right": _Field(("borders", "right"), _encode_border, _decode_border),
}


def encode_format(cell_format: CellFormat) -> Json:
    """A CellFormat of the service that holds what is set and nothing else."""
    data: Json = {}
    for name, field in _FIELDS.items():
        value = getattr(cell_format, name)
        if value is None:
            continue
        holder = data
        for step in field.path[:-1]:
            holder = holder.setdefault(step, {})
        holder[field.path[-1]] = field.encode(value)
    return data


def decode_format(data: Json) -> CellFormat:
    """The format that is set; cells that answer the same, which most do, share one value."""
    key = repr(data)
    found = _SEEN.get(key)
    if found is None:
        if len(_SEEN) >= _MOST_SEEN:
            _SEEN.clear()
        found = _SEEN[key] = _decoded(data)
    return found


_SEEN: dict[str, CellFormat] = {}
_MOST_SEEN = 5_000


def _decoded(data: Json) -> CellFormat:
    values = {}
    for name, field in _FIELDS.items():
        holder = data
        for step in field.path[:-1]:
            holder = holder.get(step, {})
        values[name] = field.decode(holder, field.path[-1])
    return CellFormat(**values)


def read_mask() -> str:
    """The fields of a CellFormat that are read, as a mask.

    The older spelling of colours, which answers hold as well, is left out: it would be half of them.
    """
    tree: Json = {}
    for field in _FIELDS.values():
        holder = tree
        for step in field.path:
            holder = holder.setdefault(step, {})
    for border in tree["borders"].values():
        border |= {"style": {}, "colorStyle": {}}
    return _mask(tree)


def masks_of(names: Iterable[str]) -> list[str]:
    """The paths in a cell of these attributes of its format, each as a mask of its own."""
    return [".".join(("userEnteredFormat", *_FIELDS[name].path)) for name in names]


def _mask(tree: Json) -> str:
    return ",".join(name + (f"({_mask(below)})" if below else "") for name, below in tree.items())


def names_set(cell_format: CellFormat) -> set[str]:
    """The attributes that are set."""
    return {field.name for field in fields(cell_format) if getattr(cell_format, field.name) is not None}


@lru_cache(maxsize=5_000)
def overlay(base: CellFormat, top: CellFormat) -> CellFormat:
    """`top`, and `base` where `top` sets nothing."""
    return replace(base, **{name: getattr(top, name) for name in names_set(top)})


@lru_cache(maxsize=20_000)
def difference(cell_format: CellFormat, base: CellFormat) -> CellFormat:
    """What `cell_format` sets otherwise than `base`."""
    return CellFormat(
        **{
            name: getattr(cell_format, name)
            for name in names_set(cell_format)
            if getattr(cell_format, name) != getattr(base, name)
        }
    )


def settle(observed: CellFormat, known: CellFormat) -> CellFormat:
    """`observed`, without a number pattern that the service filled in for a kind that was sent without one."""
    ours, theirs = known.number, observed.number
    if ours and theirs and ours.kind == theirs.kind and not ours.pattern:
        return replace(observed, number=ours)
    return observed
