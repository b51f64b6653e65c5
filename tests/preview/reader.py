"""A page as a tree that tests can ask: every element with its tag, attributes, text and children."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

VOID = {"meta", "col", "br", "img", "link", "input", "path", "rect", "polyline"}


class Node:
    def __init__(self, tag: str, attributes: dict[str, str], parent: Node | None = None):
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.children: list[Node] = []
        self.pieces: list[str] = []

    def __getitem__(self, name: str) -> str | None:
        return self.attributes.get(name)

    @property
    def classes(self) -> list[str]:
        return (self["class"] or "").split()

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.walk()

    def all(self, tag: str = "", **wanted: str) -> list[Node]:
        """Descendants by tag, attributes (`role="tab"`) and class (`kind="note"`)."""
        kind = wanted.pop("kind", None)
        return [
            node
            for node in self.walk()
            if (not tag or node.tag == tag)
            and (kind is None or kind in node.classes)
            and all(node[name.rstrip("_").replace("_", "-")] == value for name, value in wanted.items())
        ]

    def one(self, tag: str = "", **wanted: str) -> Node:
        found = self.all(tag, **wanted)
        assert len(found) == 1, f"{len(found)} elements {tag} {wanted}"
        return found[0]


class Reader(HTMLParser):
    """Builds the tree and complains about tags that do not close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.root = self.at = Node("", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        node = Node(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.children.append(node)
        if tag not in VOID:
            self.at = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "colgroup" and self.at.tag != tag:
            return
        assert self.at.tag == tag, f"</{tag}> closes <{self.at.tag}>"
        assert self.at.parent is not None
        self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        node: Node | None = self.at
        while node is not None:
            node.pieces.append(data)
            node = node.parent


def read(page: str) -> Node:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.at is reader.root, f"<{reader.at.tag}> is never closed"
    return reader.root
