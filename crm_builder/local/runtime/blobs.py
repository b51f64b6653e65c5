"""Blobs: bytes with a type and a name, as Utilities makes them and mails carry them."""

from __future__ import annotations

from typing import Any

from .objects import Scripted, ScriptError, method


def as_bytes(value: Any, charset: str = "utf-8") -> bytes:
    """The bytes of a text, or of an array of numbers, signed as the service's or not. ScriptError for anything else."""
    if isinstance(value, str):
        return value.encode(charset, "replace")
    if isinstance(value, list) and all(isinstance(one, int) and -128 <= one <= 255 for one in value):
        return bytes(one & 0xFF for one in value)
    raise ScriptError("Cannot convert the value to bytes.")


class Blob(Scripted):
    type = "Blob"
    service = "Utilities"

    def __init__(self, content: bytes, content_type: str | None = None, title: str | None = None):
        self.content, self.content_type, self.title = content, content_type, title

    @method
    def getBytes(self) -> bytes:
        return self.content

    @method
    def setBytes(self, content: list[int]) -> Blob:
        self.content = as_bytes(content)
        return self

    @method
    def getDataAsString(self, charset: str = "utf-8") -> str:
        try:
            return self.content.decode(charset, "replace")
        except LookupError as error:
            raise ScriptError(f"Invalid argument: {charset}") from error

    @method
    def setDataFromString(self, text: str, charset: str = "utf-8") -> Blob:
        self.content = as_bytes(text, charset)
        return self

    @method
    def getContentType(self) -> str | None:
        return self.content_type

    @method
    def setContentType(self, content_type: str | None) -> Blob:
        self.content_type = content_type
        return self

    @method
    def getName(self) -> str | None:
        return self.title

    @method
    def setName(self, title: str) -> Blob:
        self.title = title
        return self

    @method
    def copyBlob(self) -> Blob:
        return Blob(self.content, self.content_type, self.title)
