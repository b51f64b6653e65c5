"""What a fleet writes beside clients.toml: each client's crm.toml, and reports; never over what people wrote."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from crm_builder.errors import CrmError
from crm_builder.fleet.clients import FleetClient

_FIRST = "# Written by crm-builder fleet"
_SECOND = "# Fingerprint: "


def write_description(client: FleetClient, fleet_file: Path) -> bool:
    """Writes the client's crm.toml where it is not as it should be; whether it was written.

    CrmError where people wrote or changed it.
    """
    path = client.path
    if path.exists():
        first, _, rest = path.read_text("utf-8", errors="replace").replace("\r\n", "\n").partition("\n")
        second, _, body = rest.partition("\n")
        if not first.startswith(_FIRST) or not second.startswith(_SECOND):
            raise CrmError(
                f"{path} was written by somebody, not by the fleet, and stays as it is: put what it says below "
                f"client {client.key} of {fleet_file.name} and move it away, or give the client another folder"
            )
        if second != _SECOND + _fingerprint(body):
            raise CrmError(
                f"{path} was changed by hand, and stays as it is: put the change below client {client.key} of "
                f"{fleet_file.name} and remove the file"
            )
    source = Path(os.path.relpath(fleet_file.absolute(), client.folder.absolute())).as_posix()
    head = f"{_FIRST} from {source}, client {client.key}: change that file, this one is written anew."
    return write_whole(path, f"{head}\n{_SECOND}{_fingerprint(client.text)}\n{client.text}")


def _fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def write_whole(path: Path, text: str) -> bool:
    """Writes the file as a whole, unless it holds just that; whether it was written."""
    content = text.encode()
    if path.is_file() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return True
