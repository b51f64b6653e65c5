"""HtmlService and ContentService: what pages, dialogs and the web app are made of."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

from .objects import Enum, Scripted, ScriptError, method, mismatch
from .world import World

if TYPE_CHECKING:
    from .project import Script

_TEMPLATES = (
    "Templates of HtmlService are not part of the local run: build the page's HTML in the script and hand it to "
    "createHtmlOutput."
)


_META_TAGS = (  # documented
    *("apple-mobile-web-app-capable", "google-site-verification", "mobile-web-app-capable", "viewport"),
)


class HtmlOutput(Scripted):
    """A page. `content`, `title`, `width` and `height` (pixels, None where not set) are for who shows it."""

    type = "HtmlOutput"
    service = "HtmlService"

    def __init__(self, content: str = ""):
        self.content = content
        self.title: str | None = None
        self.width: float | None = None
        self.height: float | None = None
        self.meta: dict[str, str] = {}

    @method
    def getContent(self) -> str:
        return self.content

    @method
    def setContent(self, content: str) -> HtmlOutput:
        self.content = content
        return self

    @method
    def append(self, more: str) -> HtmlOutput:
        self.content += more
        return self

    @method
    def appendUntrusted(self, more: str) -> HtmlOutput:
        self.content += escape(more)
        return self

    @method
    def clear(self) -> HtmlOutput:
        self.content = ""
        return self

    @method
    def getTitle(self) -> str | None:
        return self.title

    @method
    def setTitle(self, title: str) -> HtmlOutput:
        self.title = title
        return self

    @method
    def getWidth(self) -> float | None:
        return self.width

    @method
    def setWidth(self, width: float | None) -> HtmlOutput:
        self.width = self._size("setWidth", width)
        return self

    @method
    def getHeight(self) -> float | None:
        return self.height

    @method
    def setHeight(self, height: float | None) -> HtmlOutput:
        self.height = self._size("setHeight", height)
        return self

    def _size(self, name: str, pixels: Any) -> float | None:
        if pixels is not None and (isinstance(pixels, bool) or not isinstance(pixels, int | float)):
            raise mismatch(self, name, [pixels])
        return pixels

    @method
    def addMetaTag(self, name: str, content: str) -> HtmlOutput:
        if name not in _META_TAGS:
            raise ScriptError(f"The specified meta tag '{name}' is not allowed.")
        self.meta[name] = content
        return self

    @method
    def setXFrameOptionsMode(self, mode: Scripted) -> HtmlOutput:
        return self

    @method
    def setSandboxMode(self, mode: Scripted) -> HtmlOutput:
        return self

    @method
    def setFaviconUrl(self, address: str) -> HtmlOutput:
        return self


class HtmlService(Scripted):
    type = "HtmlService"
    constants: ClassVar[Mapping[str, Any]] = {
        "SandboxMode": Enum("SandboxMode", "EMULATED", "IFRAME", "NATIVE"),
        "XFrameOptionsMode": Enum("XFrameOptionsMode", "ALLOWALL", "DEFAULT"),
    }

    def __init__(self, world: World, script: Script):
        self._script = script

    @method
    def createHtmlOutput(self, html: str = "") -> HtmlOutput:
        if not isinstance(html, str):
            raise mismatch(self, "createHtmlOutput", [html])
        return HtmlOutput(html)

    @method
    def createHtmlOutputFromFile(self, name: str) -> HtmlOutput:
        found = self._script.page(name)
        if found is None:
            raise ScriptError(f"No HTML file named {name} was found.")
        return HtmlOutput(found)

    @method
    def createTemplate(self, html: str) -> None:
        raise ScriptError(_TEMPLATES)

    @method
    def createTemplateFromFile(self, name: str) -> None:
        raise ScriptError(_TEMPLATES)


class TextOutput(Scripted):
    """What the web app answers where it is no page."""

    type = "TextOutput"
    service = "ContentService"

    def __init__(self, content: str = ""):
        self.content = content
        self.mime_type = "TEXT"
        self.file_name: str | None = None

    @method
    def getContent(self) -> str:
        return self.content

    @method
    def setContent(self, content: str) -> TextOutput:
        self.content = content
        return self

    @method
    def append(self, more: str) -> TextOutput:
        self.content += more
        return self

    @method
    def clear(self) -> TextOutput:
        self.content = ""
        return self

    @method
    def getMimeType(self) -> Scripted:
        return _MIME_TYPES[self.mime_type]

    @method
    def setMimeType(self, mime_type: Scripted) -> TextOutput:
        self.mime_type = mime_type.text()
        return self

    @method
    def downloadAsFile(self, name: str) -> TextOutput:
        self.file_name = name
        return self


_MIME_TYPES = Enum("MimeType", "ATOM", "CSV", "ICAL", "JAVASCRIPT", "JSON", "RSS", "TEXT", "VCARD", "XML")


class ContentService(Scripted):
    type = "ContentService"
    constants: ClassVar[Mapping[str, Any]] = {"MimeType": _MIME_TYPES}

    @method
    def createTextOutput(self, text: str = "") -> TextOutput:
        return TextOutput(text)
