"""Addresses of mail as scripts give them: several in one text, with or without names."""

from __future__ import annotations

import re
from email.utils import getaddresses

from .objects import ScriptError

_ADDRESS = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]+")


def addresses(text: str) -> list[tuple[str, str]]:
    """[(name, address)] of a text with commas. ScriptError for what is no address (the service's text)."""
    if "\n" in text or "\r" in text:
        raise ScriptError(f"Invalid email: {text}")
    found = [(name, address) for name, address in getaddresses([text]) if name or address]
    for name, address in found:
        if not _ADDRESS.fullmatch(address):
            raise ScriptError(f"Invalid email: {address or name}")
    if text.strip() and not found:
        raise ScriptError(f"Invalid email: {text}")
    return found
