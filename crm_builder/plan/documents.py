"""A plan in full, as Markdown for people and as JSON for programs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from crm_builder.plan.changes import (
    Change,
    Create,
    Delete,
    Drift,
    Forget,
    Id,
    Mend,
    Move,
    Plan,
    Refusal,
    Rename,
    Update,
)
from crm_builder.plan.outline import outline
from crm_builder.plan.phrases import Phrases
from crm_builder.plan.report import SIGNS, Entry, Titles, grouped, mended, retitled
from crm_builder.plan.words import ISOLATES, KINDS, count, difference_text, plain, visible

Json = dict[str, Any]


def as_json(plan: Plan, stays: int | None = None) -> Json:
    """Everything in the plan. `digest` is what `apply --digest` takes."""
    data: Json = {
        "digest": plan.digest,
        "empty": plan.empty,
        "changes": [_change(change) for change in plan.changes],
        "kept": [
            {
                **_id(one.id),
                "property": one.difference.name or None,
                **_sides(one.difference.before, one.difference.after),
            }
            for one in plan.drift
        ],
        "refused": [{**_id(one.id), "reason": one.reason, "cells": one.cells, "way": one.way} for one in plan.refusals],
    }
    return data if stays is None else data | {"cells_that_stay": stays}


def _change(change: Change) -> Json:
    data: Json = {"change": type(change).__name__.lower(), **_id(change.id)}
    match change:
        case Create():
            data["thing"] = plain(change.thing)
        case Update():
            data["properties"] = [{"property": one.name, **_sides(one.before, one.after)} for one in change.differences]
        case Rename():
            data["new"] = str(change.new)
            data |= {} if change.cells is None else {"cells": change.cells}
        case Move():
            data["after"] = change.after
        case Delete():
            data |= {"title": change.title, "asked": change.asked, "cells": change.cells}
        case Mend():
            data |= {"what": change.what, "cells": change.cells, "places": list(change.places)}
        case Forget():
            data["title"] = change.title
    return data


def _id(one: Id) -> Json:
    return {"id": str(one), "kind": one.kind, "sheet": one.sheet, "key": one.key}


def _sides(before: Any, after: Any) -> Json:
    return {"before": plain(before), "after": plain(after)}


def markdown(
    plan: Plan,
    stays: int | None = None,
    titles: Mapping[str, str] | None = None,
    words: Mapping[str, str] | None = None,
) -> str:
    """The plan in short, in the phrases of `words`; then everything: one section a sheet, one line a change."""
    phrases = Phrases(words)
    lines = [f"# {phrases['report']}", ""]
    for line in outline(plan, stays, words, isolate=True):
        text = _text(f"{line.sign} {line.text}".strip())
        flush = not line.depth and not line.sign and line.style != "sheet"  # a sentence of its own
        lines += ["", text, ""] if flush else [f"{'  ' * line.depth}- {text}"]
    lines += ["", phrases.say("digest", digest=plan.digest)]
    if phrases["direction"] == "rtl":
        lines = ['<div dir="rtl">', "", *lines, "", "</div>"]
    if not plan.empty or plan.drift:
        lines += ["", f"## {phrases['in_full']}", *_in_full(plan, Titles.of(plan, titles or {}))]
    return re.sub("\n{3,}", "\n\n", "\n".join(visible(line, ISOLATES) for line in lines)) + "\n"


def _in_full(plan: Plan, named: Titles) -> Iterator[str]:
    for home, entries in grouped(plan):
        told = [entry for entry in entries if not isinstance(entry, Refusal)]
        if told:
            yield from ("", f"### {_text(named.sheet(home)) if home else 'Workbook'}", "")
            yield from (f"- {_sentence(entry, named)}" for entry in told)
    if plan.refusals:
        yield from ("", "### Refused", "")
    for one in plan.refusals:
        data = f" Cells with data: {one.cells:,}." if one.cells else ""
        yield f"- **{_text(str(one.id))}**: {one.reason}.{data} To go on: {one.way}."


def _sentence(entry: Entry, titles: Titles) -> str:
    sign, _, word = SIGNS[type(entry)]
    head = f"{sign} {KINDS[entry.id.kind][0]} **{_text(titles.thing(entry.id) or titles.sheet(entry.id.sheet))}**"
    match entry:
        case Update():
            return f"{head}: " + "; ".join(_text(difference_text(one)) for one in entry.differences)
        case Create(twin=True):
            return f"{head}: {word}; a column of your own has that title too"
        case Rename(cells=int()):
            return f"{sign} {_text(retitled(entry))}"
        case Rename():
            return f"{head}: {word} to `{entry.new}`"
        case Move():
            return f"{head}: {word} " + (f"after `{entry.after}`" if entry.after else "to the front")
        case Delete():
            return f"{head}: {word}" + (f" with {count(entry.cells, 'cell')} of data" if entry.cells else "")
        case Mend():
            return f"{head}: {_text(mended(entry))}"
        case Drift():
            said = _text(difference_text(entry.difference)) if entry.difference.name else "you deleted it"
            return f"{head}: {said}; {word}"
    return f"{head}: {word}"


def _text(text: str) -> str:
    """A text in which nothing is taken for Markdown."""
    return "".join(f"\\{letter}" if letter in r"\`*_[]<>#|" else letter for letter in text)
