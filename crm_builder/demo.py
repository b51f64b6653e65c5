"""`make demo`: an English and a Persian CRM with sample data in local workspaces, and what to open."""

from __future__ import annotations

import sys
from pathlib import Path

from crm_builder.cli import main

CRMS = {
    "en": ("Bright Studio", ["Maya Collins", "Daniel Reyes", "Priya Nair"]),
    "fa": ("استودیو روشن", ["مینا رحیمی", "امید کریمی", "سارا نادری"]),
}
_MAILS = ("maya", "daniel", "priya"), ("mina", "omid", "sara")


def demo(folder: Path) -> None:
    for (language, (name, people)), mails in zip(CRMS.items(), _MAILS, strict=True):
        home = folder / language
        if not (home / "crm.toml").exists():
            members = [
                part
                for who, mail in zip(people, mails, strict=True)
                for part in ("--member", f"{who} <{mail}@example.com>")
            ]
            main(["new", str(home), "--language", language, "--name", name, *members], standalone_mode=False)
        try:
            main(["up", "-C", str(home), "--sample-data"], standalone_mode=False)
        except SystemExit as stop:
            if stop.code:
                raise
    print("\nOpen these pages in a browser:")
    for language in CRMS:
        print(f"  {(folder / language / '.crm' / 'preview' / 'index.html').resolve()}")


if __name__ == "__main__":
    demo(Path(sys.argv[1] if len(sys.argv) > 1 else "demo"))
