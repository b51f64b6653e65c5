"""One description laid over another: values that know where they were written, merged, and written out again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crm_builder.settings.lines import Path
from crm_builder.settings.source import Source
from crm_builder.settings.words import dotted, same

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_WIDE = 100


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something was written: file, line (1-based; 0 = unknown), dotted path in that file."""

    file: str
    line: int
    path: str


@dataclass(slots=True)
class Node:
    """A value of a TOML text. `value`: a dict or list of Nodes, or a plain value."""

    value: Any
    spot: Spot


def tree(source: Source, path: Path = ()) -> Node:
    """What stands at a path of the source, with the spot of everything in it."""
    value: Any = source.data
    for part in path:
        value = value[part]
    return _tree(source, path, value)


def _tree(source: Source, path: Path, value: Any) -> Node:
    spot = Spot(source.file, source.positions.line(path), dotted(path))
    if isinstance(value, Mapping):
        return Node({key: _tree(source, (*path, key), item) for key, item in value.items()}, spot)
    if isinstance(value, list):
        return Node([_tree(source, (*path, index), item) for index, item in enumerate(value)], spot)
    return Node(value, spot)


def lay_over(below: Node, above: Node, path: Path = ()) -> Node:
    """`above` over `below`; neither is changed.

    Sections are merged key by key. Members and fields are matched by their e-mail or key: a known one is merged, a new
    one is added behind. What [changes] lists is added. Any other value takes the place of the one below.
    """
    if isinstance(below.value, dict) and isinstance(above.value, dict):
        merged = dict(below.value)
        for key, node in above.value.items():
            merged[key] = lay_over(merged[key], node, (*path, key)) if key in merged else node
        return Node(merged, below.spot)
    if isinstance(below.value, list) and isinstance(above.value, list) and _is_added_to(path):
        items = list(below.value)
        places = {identity(path, item): at for at, item in enumerate(items)}
        for item in above.value:
            # Each is met once: what is given twice above stays there twice, to be reported.
            at = places.pop(name, None) if (name := identity(path, item)) else None
            if at is None:
                items.append(item)
            else:
                items[at] = lay_over(items[at], item, (*path, at))
        return Node(items, below.spot)
    return above


def _is_added_to(path: Path) -> bool:
    return path == ("team",) or (len(path) == 2 and path[0] in ("fields", "changes"))


def identity(path: Path, item: Node) -> str:
    """What an item of such a list is known by; "" where it does not say."""
    value = item.value
    if isinstance(value, dict):
        named = value.get("email" if path == ("team",) else "key")
        value = named.value if named else ""
    return same(value) if isinstance(value, str) else ""


def without(node: Node, name: str) -> tuple[Node, str, list[str]]:
    """The tree less what `name` says: `team`, `team.maya@example.com`, `fields.customers.nickname`, `lists.source`.

    The second answer is "" where it was found, otherwise the part that is not there, with what is there beside it.
    """
    return _without(node, name, ())


def _without(node: Node, name: str, path: Path) -> tuple[Node, str, list[str]]:
    if isinstance(node.value, list) and _is_added_to(path):
        names = [identity(path, item) for item in node.value]
        if same(name) not in names:
            return node, name, [one for one in names if one]
        at = names.index(same(name))
        return Node([*node.value[:at], *node.value[at + 1 :]], node.spot), "", []
    if not isinstance(node.value, dict):
        return node, name, []
    head, _, rest = name.partition(".")
    if head not in node.value:
        return node, head, list(node.value)
    kept = {key: item for key, item in node.value.items() if key != head}
    if not rest:
        return Node(kept, node.spot), "", []
    inner, missing, known = _without(node.value[head], rest, (*path, head))
    return Node({**node.value, head: inner}, node.spot), missing, known


def plain(node: Node) -> Any:
    """The values alone."""
    if isinstance(node.value, dict):
        return {key: plain(item) for key, item in node.value.items()}
    return [plain(item) for item in node.value] if isinstance(node.value, list) else node.value


def spots(node: Node, path: Path = ()) -> Iterator[tuple[Path, Spot]]:
    """The spot of every path in the tree."""
    yield path, node.spot
    if isinstance(node.value, dict | list):
        for key, item in node.value.items() if isinstance(node.value, dict) else enumerate(node.value):
            yield from spots(item, (*path, key))


def toml(data: Mapping[str, Any]) -> str:
    """The values as TOML: sections with a blank line between them, lists of tables as repeated sections."""
    return "\n".join(_section(data, ())).strip("\n") + "\n"


def _section(data: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    inner = {key: value for key, value in data.items() if _is_section(value, (*path, key))}
    for key, value in data.items():
        if key not in inner:
            yield f"{_key(key)} = {_value(value)}"
    for key, value in inner.items():
        here = (*path, key)
        name = ".".join(map(_key, here))
        if isinstance(value, list):
            for item in value:
                yield from ("", f"[[{name}]]", *_section(item, here))
        else:
            if not value or any(not _is_section(one, (*here, own)) for own, one in value.items()):
                yield from ("", f"[{name}]")
            yield from _section(value, here)


def _is_section(value: Any, path: tuple[str, ...]) -> bool:
    if isinstance(value, Mapping):
        return True
    return isinstance(value, list) and bool(value) and _is_added_to(path) and all(isinstance(i, Mapping) for i in value)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_value(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        items = [_value(item) for item in value]
        flat = f"[{', '.join(items)}]"
        return flat if len(flat) <= _WIDE else "[\n" + "".join(f"  {item},\n" for item in items) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    return str(value) if isinstance(value, int) else repr(value) if isinstance(value, float) else value.isoformat()
