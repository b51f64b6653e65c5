"""Frozen dataclasses ↔ JSON by their types: defaults are left out, and a type's name stands only where it must."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

KIND = "_"  # the field with the type's name, where a value may be of several dataclasses
_SCALARS = (str, float, int, bool, NoneType)

Decoder = Callable[[Any], Any]


class CodecError(ValueError):
    """JSON that is no value of the wanted type."""


def encode(value: Any, kind: Any) -> Any:
    """JSON of a value of that type."""
    return _encode(value, named=len(_dataclasses(kind)) > 1)


def _encode(value: Any, named: bool = False) -> Any:
    if is_dataclass(value):
        data = {KIND: type(value).__name__} if named else {}
        for name, default, several in _parts(type(value)):
            held = getattr(value, name)
            if held is not default and not _same(held, default):
                data[name] = _encode(held, several)
        return data
    if isinstance(value, tuple):
        return [_encode(one, named) for one in value]
    return value


def _same(held: Any, default: Any) -> bool:
    """Equal also in what a comparison of dataclasses skips; 0 is not False."""
    return type(held) is type(default) and repr(held) == repr(default)


def decode(data: Any, kind: Any) -> Any:
    """The value of that type; CodecError where the JSON is none. Fields that the type does not have are skipped."""
    return _decoder(kind)(data)


@cache
def _parts(kind: type) -> tuple[tuple[str, Any, bool], ...]:
    """(name, default or MISSING, whether its values are told apart by name) of each field that is encoded."""
    hints = get_type_hints(kind)
    return tuple(
        (field.name, _default(field), len(_dataclasses(hints[field.name])) > 1) for field in fields(kind) if field.init
    )


def _default(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


@cache
def _dataclasses(kind: Any) -> tuple[type, ...]:
    """The dataclasses that a value of the type may be, inside of tuples too."""
    if get_origin(kind) is Literal:
        return ()
    if is_dataclass(kind):
        return (kind,)
    return tuple(dict.fromkeys(found for part in get_args(kind) for found in _dataclasses(part)))


@cache
def _decoder(kind: Any) -> Decoder:
    origin = get_origin(kind)
    if is_dataclass(kind):
        return lambda data: _dataclass(data, kind)
    if origin in (Union, UnionType):
        return _union(kind)
    if origin is tuple:
        return _tuple(get_args(kind))
    if origin is Literal:
        return _checked(str)
    return _checked(kind)


def _dataclass(data: Any, kind: Any) -> Any:
    if not isinstance(data, dict):
        raise CodecError(f"{kind.__name__} is no object")
    decoders, needed = _decoders(kind)
    found = {name: decoders[name](held) for name, held in data.items() if name in decoders}
    if missing := needed - found.keys():
        raise CodecError(f"{kind.__name__} has no {min(missing)}")
    return kind(**found)


@cache
def _decoders(kind: type) -> tuple[dict[str, Decoder], frozenset[str]]:
    """The decoder of each field, and the fields that must be there."""
    hints = get_type_hints(kind)
    parts = _parts(kind)
    needed = frozenset(name for name, default, _ in parts if default is MISSING)
    return {name: _decoder(hints[name]) for name, _, _ in parts}, needed


def _union(kind: Any) -> Decoder:
    kinds = {one.__name__: one for one in _dataclasses(kind)}
    tuples = [one for one in get_args(kind) if get_origin(one) is tuple]
    scalars = tuple(one for one in get_args(kind) if one in _SCALARS)
    literal = any(get_origin(one) is Literal for one in get_args(kind))
    allowed = _checked(*scalars, *([str] if literal else []))

    def decoded(data: Any) -> Any:
        if isinstance(data, dict) and kinds:
            name = data.get(KIND, next(iter(kinds))) if len(kinds) > 1 else next(iter(kinds))
            if name not in kinds:
                raise CodecError(f"{name!r} is none of {', '.join(kinds)}")
            return _dataclass(data, kinds[name])
        return _decoder(tuples[0])(data) if isinstance(data, list) and tuples else allowed(data)

    return decoded


def _tuple(parts: tuple[Any, ...]) -> Decoder:
    many = len(parts) == 2 and parts[1] is Ellipsis

    def decoded(data: Any) -> tuple[Any, ...]:
        if not isinstance(data, list) or not (many or len(data) == len(parts)):
            raise CodecError("a list is expected")
        kinds = [parts[0]] * len(data) if many else parts
        return tuple(_decoder(kind)(one) for kind, one in zip(kinds, data, strict=True))

    return decoded


def _checked(*kinds: type) -> Decoder:
    accepted = (*kinds, int) if float in kinds else kinds
    numbers_only = bool not in kinds

    def decoded(data: Any) -> Any:
        if not isinstance(data, accepted) or (numbers_only and isinstance(data, bool)):
            raise CodecError(f"{data!r:.40} is of another type")
        return data

    return decoded
