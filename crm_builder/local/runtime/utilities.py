"""Utilities: dates, texts, digests, chance and sleep; everything on the virtual clock and from the run's seed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from .blobs import Blob, as_bytes
from .formats import format_date, format_string
from .objects import Choice, Enum, Scripted, ScriptError, method, mismatch
from .world import World

_LONGEST_SLEEP = 300_000  # milliseconds (documented)
_DIGESTS = {"MD5": "md5", "SHA_1": "sha1", "SHA_256": "sha256", "SHA_384": "sha384", "SHA_512": "sha512"}
_MACS = {f"HMAC_{name}": digest for name, digest in _DIGESTS.items()}
_CHARSETS = {"US_ASCII": "ascii", "UTF_8": "utf-8"}
# Without a charset, digests and signatures see a question mark in place of each sign beyond ASCII (reported by many).
_UNTOLD = "ascii"


def _charset(choice: Choice | None, otherwise: str) -> str:
    return otherwise if choice is None else _CHARSETS[choice.text()]


class Utilities(Scripted):
    type = "Utilities"
    constants: ClassVar[Mapping[str, Any]] = {
        "DigestAlgorithm": Enum("DigestAlgorithm", *_DIGESTS),
        "MacAlgorithm": Enum("MacAlgorithm", *_MACS),
        "Charset": Enum("Charset", *_CHARSETS),
    }

    def __init__(self, world: World):
        self._world = world

    @method
    def formatDate(self, moment: datetime, time_zone: str, pattern: str) -> str:
        if not isinstance(moment, datetime) or not isinstance(time_zone, str) or not isinstance(pattern, str):
            raise mismatch(self, "formatDate", [moment, time_zone, pattern])
        return format_date(moment, time_zone, pattern)

    @method
    def formatString(self, template: str, *values: Any) -> str:
        return format_string(template, values)

    @method
    def getUuid(self) -> str:
        return str(uuid.UUID(int=self._world.random.getrandbits(128), version=4))

    @method
    def sleep(self, milliseconds: float) -> None:
        if isinstance(milliseconds, bool) or not isinstance(milliseconds, int | float):
            raise mismatch(self, "sleep", [milliseconds])
        if not 0 <= milliseconds <= _LONGEST_SLEEP:
            raise ScriptError("Invalid argument: milliseconds")
        self._world.spend(milliseconds)

    @method
    def base64Encode(self, data: Any, charset: Choice | None = None) -> str:
        return base64.b64encode(as_bytes(data, _charset(charset, "utf-8"))).decode()

    @method
    def base64EncodeWebSafe(self, data: Any, charset: Choice | None = None) -> str:
        return base64.urlsafe_b64encode(as_bytes(data, _charset(charset, "utf-8"))).decode()

    @method
    def base64Decode(self, text: str, charset: Choice | None = None) -> bytes:
        return self._decoded(text, b"+/")

    @method
    def base64DecodeWebSafe(self, text: str, charset: Choice | None = None) -> bytes:
        return self._decoded(text, b"-_")

    def _decoded(self, text: str, signs: bytes) -> bytes:
        try:
            return base64.b64decode(
                text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=signs, validate=True
            )
        except ValueError as error:
            raise ScriptError("Could not decode string.") from error

    @method
    def computeDigest(self, algorithm: Choice, value: Any, charset: Choice | None = None) -> bytes:
        return hashlib.new(_DIGESTS[algorithm.text()], as_bytes(value, _charset(charset, _UNTOLD))).digest()

    @method
    def computeHmacSignature(self, algorithm: Choice, value: Any, key: Any, charset: Choice | None = None) -> bytes:
        return self._signed("computeHmacSignature", _MACS[algorithm.text()], value, key, charset)

    @method
    def computeHmacSha256Signature(self, value: Any, key: Any, charset: Choice | None = None) -> bytes:
        return self._signed("computeHmacSha256Signature", "sha256", value, key, charset)

    def _signed(self, name: str, digest: str, value: Any, key: Any, charset: Choice | None) -> bytes:
        if type(value) is not type(key) or not key:
            raise mismatch(self, name, [value, key])
        told = _charset(charset, _UNTOLD)
        return hmac.new(as_bytes(key, told), as_bytes(value, told), digest).digest()

    @method
    def newBlob(self, data: Any, content_type: str | None = None, title: str | None = None) -> Blob:
        return Blob(as_bytes(data), content_type or ("text/plain" if isinstance(data, str) else None), title)
