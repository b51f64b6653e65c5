"""How the texts of sample rows are made: filled in, dealt from pools, addresses and numbers that nobody has."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from .sample_values import Make, Pick, Raw, Row, Word
from .sample_world import Build, column

# Sample people never have an address that somebody could have.
_DOMAIN = "@example.com"
PLACEHOLDER = re.compile(r"\{([a-z_][a-z0-9_.]*)(?::([a-z]+))?\}")


def fill(text: str, row: Row) -> str | None:
    """The text with its {columns} filled in; None where one of them is empty."""
    parts: list[str] = []
    end = 0
    for found in PLACEHOLDER.finditer(text):
        value = Pick.text(row.at(found[1].split(".")), found[2] or "")
        if value is None:
            return None
        parts += (text[end : found.start()], value)
        end = found.end()
    return "".join((*parts, text[end:])) if end else text


def text(spec: Mapping[str, Any], build: Build) -> Make:
    if "text" in spec:
        return lambda row: fill(spec["text"], row)
    pool, deal = spec["pool"], build.world.deal
    name, _, form = spec.get("by", "").partition(":")
    read = column(name) if name else None

    def dealt_text(row: Row) -> Raw:
        dealt = deal(pool, Pick.branch(read(row), form) if read else "")
        if dealt is None:
            return None
        written, bar, latin = dealt.partition("|")
        return Word(written, latin) if bar else fill(written, row)

    return dealt_text


def address(spec: Mapping[str, Any], build: Build) -> Make:
    return _unused(spec, build, ".", "{}" + _DOMAIN)


def site(spec: Mapping[str, Any], build: Build) -> Make:
    return _unused(spec, build, "-", "https://{}" + _DOMAIN.replace("@", "."))


def _unused(spec: Mapping[str, Any], build: Build, joint: str, form: str) -> Make:
    """The text as a part of an address: Latin letters, digits and the joint; with a number where it is taken."""
    used = build.world.used

    def unused(row: Row) -> Raw:
        text = fill(spec["text"], row)
        if text is None:
            return None
        folded = unicodedata.normalize("NFKD", text).lower()
        if joint == "-":
            folded = folded.replace(" ", joint)
        name = re.sub(f"[^a-z0-9{joint}]", "", folded).strip(joint) or "someone"
        number, found = 1, form.format(name)
        while found in used:
            number += 1
            found = form.format(f"{name}{number}")
        used.add(found)
        return found

    return unused


def digits(spec: Mapping[str, Any], build: Build) -> Make:
    world, stream = build.world, build.stream

    def number_of(row: Row) -> Raw:
        pattern = world.deal(spec["pool"], "") or ""
        number = ""
        for _ in range(1000):  # a small pool of numbers may be exhausted: then one comes twice
            number = re.sub("#", lambda _: str(stream.whole(0, 9)), pattern)
            if number not in world.used:
                break
        world.used.add(number)
        return number

    return number_of
