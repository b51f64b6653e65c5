"""Bodies of several parts: read and written as MIME has them, headers first, then the content untouched."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_BOUNDARY = re.compile(r'boundary=(?:"([^"]+)"|([^\s;]+))', re.IGNORECASE)
_BLANK = re.compile(rb"\r?\n\r?\n")
_LINE = re.compile(rb"\r?\n")

Part = tuple[dict[str, str], bytes]  # headers with names in small letters, content


def parts_of(content_type: str, body: bytes) -> list[Part]:
    """The parts of a multipart body. ValueError where there is no boundary, or none of it in the body."""
    found = _BOUNDARY.search(content_type)
    if found is None:
        raise ValueError("the Content-Type names no boundary")
    mark = b"--" + (found.group(1) or found.group(2)).encode()
    # A boundary stands at the beginning of a line; the line break before it belongs to it (RFC 2046).
    pieces = re.split(rb"(?:^|\r?\n)" + re.escape(mark) + rb"(?=--|[ \t]*\r?\n|$)", body)
    if len(pieces) < 2:
        raise ValueError("the body does not contain the boundary")
    parts = []
    for piece in pieces[1:]:
        if piece.startswith(b"--"):
            break
        parts.append(split_head(_LINE.split(piece, maxsplit=1)[-1]))
    return parts


def split_head(text: bytes) -> Part:
    """Header lines, a blank line, the content."""
    if _LINE.match(text):
        return {}, text[_LINE.match(text).end() :]  # type: ignore[union-attr]
    head, *rest = _BLANK.split(text, maxsplit=1)
    return headers_of(head), rest[0] if rest else b""


def headers_of(head: bytes) -> dict[str, str]:
    """Header lines by name in small letters; a folded line goes on with the one before."""
    unfolded = re.sub(rb"\r?\n[ \t]+", b" ", head)
    lines = (line.partition(b":") for line in _LINE.split(unfolded) if line.strip())
    return {name.decode("latin-1").strip().lower(): value.decode("latin-1").strip() for name, _, value in lines}


def joined(boundary: str, parts: Sequence[tuple[Mapping[str, str], bytes]]) -> bytes:
    """The body of a multipart message."""
    made = b""
    for headers, content in parts:
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        made += f"--{boundary}\r\n{head}\r\n".encode("latin-1") + content + b"\r\n"
    return made + f"--{boundary}--\r\n".encode()
