"""What a script project is: files by name, one of them the manifest. Frozen; known by digests."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

FileType = Literal["SERVER_JS", "HTML", "JSON"]
MANIFEST = "appsscript"
_DIGEST = 12  # hexadecimal digits: of the few files of one project no two are taken for each other


@dataclass(frozen=True)
class ScriptFile:
    """One file. `name` has no extension; a folder is part of it: `pages/Help`."""

    name: str
    type: FileType
    source: str

    @cached_property
    def digest(self) -> str:
        """Of what the file means: ends of lines and the manifest's layout are the service's to change."""
        return _digest(self.type, meaning(self))


@dataclass(frozen=True, slots=True)
class WebApp:
    """How the script answers at an address of its own, in the manifest's words."""

    access: Literal["MYSELF", "DOMAIN", "ANYONE", "ANYONE_ANONYMOUS"]
    execute_as: Literal["USER_ACCESSING", "USER_DEPLOYING"] = "USER_DEPLOYING"


@dataclass(frozen=True)
class ScriptProject:
    """The script as it is to be. The manifest is one of the files."""

    title: str
    files: tuple[ScriptFile, ...]
    scopes: tuple[str, ...] = ()
    web_app: WebApp | None = None

    @property
    def digests(self) -> dict[str, str]:
        """The digest of each file, by name."""
        return {file.name: file.digest for file in self.files}

    @cached_property
    def digest(self) -> str:
        """Of all files."""
        return digest_of(self.digests)


def digest_of(digests: dict[str, str]) -> str:
    """The digest of a project by those of its files."""
    return _digest(*(f"{name}={digest}" for name, digest in sorted(digests.items())))


def meaning(file: ScriptFile) -> str:
    """The source without what changes nothing."""
    if file.type == "JSON":
        try:
            return json.dumps(json.loads(file.source), sort_keys=True)
        except ValueError:  # somebody's broken manifest, as it stands
            return file.source
    return file.source.replace("\r\n", "\n").rstrip("\n")


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:_DIGEST]
