"""Where the shipped data lies: templates/ and appsscript/, beside the package in a checkout, inside it in the wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder `templates` or `appsscript`; the wheel carries both under crm_builder/_data."""
    for candidate in (_PACKAGE / "_data" / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"{name}/ is missing beside {_PACKAGE}; install crm-builder again")
