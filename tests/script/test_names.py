"""All files of the script share one global scope: a name that two of them declare is a fault that nobody is told of."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path


def test_no_two_files_declare_the_same_name(sources: Path) -> None:
    texts = [path.read_text("utf-8") for path in sources.glob("*.js")]
    names = Counter(
        name for text in texts for name in re.findall(r"^(?:async )?(?:function|const|let|var|class) (\w+)", text, re.M)
    )
    assert len(names) > 50 and [name for name, count in names.items() if count > 1] == []


def test_no_syntax_is_newer_than_2020(sources: Path) -> None:
    """Google says "modern" of its engine and no more; one word that it cannot read stops all files of a script."""
    newer = re.compile(r"\?\?=|\|\|=|&&=|\b\d+_\d|\bstatic\b|Object\.hasOwn\(|\.at\(|\.replaceAll\(")
    files = [path for path in sources.rglob("*") if path.suffix in (".js", ".html")]
    code = {path.name: re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text("utf-8"), flags=re.S) for path in files}
    assert len(code) > 40
    assert {name: newer.findall(text) for name, text in code.items() if newer.search(text)} == {}
