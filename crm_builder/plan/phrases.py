"""The phrases of a plan in short: English here, other languages come from their templates (`[plan]`)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from crm_builder.errors import Problem, TemplateError

# "one|many" where a count decides.
PHRASES: Mapping[str, str] = MappingProxyType(
    {
        "direction": "ltr",  # of the report as a page: ltr or rtl
        "digits": "0123456789",
        "thousands": ",",
        "comma": ", ",
        "report": "Plan",
        "digest": "Digest: `{digest}`",
        "in_full": "In full",
        "crm": "The whole CRM",
        # What stays as it is
        "stays": "{cells} with data stays as it is.|{cells} with data stay as they are.",
        "stays_retitled": "{cells} with data stays; it follows its choice if that has a new title.|"
        "{cells} with data stay; those that hold a choice with a new title follow it.",
        "untouched": "Nothing that people typed is changed or deleted.",
        "nothing_deleted": "Nothing is deleted. What leaves crm.toml stays with its data, as people's own, and comes "
        "back with it once crm.toml describes it again.",
        "copies": "{columns} computes anew; the values that it had stay beside it, as a column of people's own.|"
        "{columns} compute anew; the values that they had stay beside them, as columns of people's own.",
        "goes": "{cells} with data will be deleted, as crm.toml asks. A snapshot keeps it.|"
        "{cells} with data will be deleted, as crm.toml asks. A snapshot keeps them.",
        "nothing": "Nothing to do.",
        "as_described": "All is as described.",
        # What happens
        "new": "{thing}: new",
        "new_after": "{thing}: new, after {after}",
        "new_sheet": "new sheet",
        "new_table": "new sheet, {columns}",
        "leaves": "{thing}: leaves crm.toml, stays with its data",
        "leaves_table": "leaves crm.toml, stays with its data",
        "leaves_view": "leaves crm.toml, stays with what it shows now",
        "deleted": "{thing}: deleted",
        "deleted_with": "{thing}: deleted, with {cells} of data",
        "deleted_sheet": "deleted",
        "deleted_sheet_with": "deleted, with {cells} of data",
        "first": "{thing}: moves to the front",
        "moves": "{thing}: moves behind {after}",
        "rekeyed": "{thing}: goes on under another key, {before} → {after}",
        "retitled": "{thing}: becomes {after}, in the cells that hold it as well",
        "changed": "{thing}: {properties}",
        "becomes": "{before} → {after}",
        "many": "{things}: {names}",
        "many_new": "{things}, new: {names}",
        "many_leave": "{things} leave crm.toml, stay with their data: {names}",
        "many_deleted": "{things}, deleted: {names}",
        "more": "{names} and {count} more",
        # What follows from it, and what is not done
        "follows": "and with it {things} {where}",
        "also": "{things} {where}",
        "on": "on {sheets}",
        "behind": "; {count} more in hidden helpers",
        "behind_only": "{count} in hidden helpers, nothing that people see",
        "kept": "{things} that people changed stays so: {sheets}|{things} that people changed stay so: {sheets}",
        "refused": "{thing}: {reason}",
        "refused_with": "{thing}: {reason} ({cells})",
        "way": "→ {way}",
        # Its count
        "count_added": "{count} new",
        "count_changed": "{count} changed",
        "count_moved": "{count} moved or renamed",
        "count_forgotten": "{count} no longer in crm.toml",
        "count_deleted": "{count} deleted",
        "count_follows": "{count} that follows|{count} that follow",
        "count_kept": "{count} kept as people made it|{count} kept as people made them",
        "count_refused": "{count} refused",
        # Nouns
        "thing": "thing|things",
        "workbook": "workbook|workbooks",
        "sheet": "sheet|sheets",
        "column": "column|columns",
        "header": "column header|column headers",
        "cell": "cell|cells",
        "item": "row|rows",
        "choice": "choice|choices",
        "choice_of": "choice {title} of {column}",
        "rule": "colour rule|colour rules",
        "banding": "row colours|row colours",
        "filter": "filter|filters",
        "view": "filter view|filter views",
        "protection": "protection|protections",
        "merge": "merged area|merged areas",
        "height": "row height|row heights",
        "chart": "chart|charts",
        "pivot": "pivot table|pivot tables",
        "slicer": "slicer|slicers",
        "name": "name|names",
        "mark": "mark|marks",
        # Properties
        "title": "title",
        "width": "width",
        "note": "note",
        "hidden": "hidden",
        "format": "format",
        "validation": "what it accepts",
        "value": "value",
        "time_zone": "time zone",
        "theme": "colours",
        "locale": "locale",
        "formula": "formula",
        "font": "font",
        "size": "size",
        "yes": "yes",
        "no": "no",
        "none": "none",
    }
)


def complete(words: Mapping[str, str] | None) -> dict[str, str]:
    """English where `words` says nothing. TemplateError names every phrase that a plan does not know or cannot use."""
    given = dict(words or {})
    problems = [Problem("a plan has no such phrase", path=f"plan.{key}") for key in given if key not in PHRASES]
    if len(given.get("digits", PHRASES["digits"])) != 10:
        problems.append(Problem("the ten digits from zero to nine are needed", path="plan.digits"))
    if given.get("direction", "ltr") not in ("ltr", "rtl"):
        problems.append(Problem("this must be ltr or rtl", path="plan.direction"))
    if problems:
        raise TemplateError(problems)
    return {**PHRASES, **given}


class Phrases:
    """The phrases of one language."""

    def __init__(self, words: Mapping[str, str] | None = None):
        self._words = complete(words)

    def __getitem__(self, key: str) -> str:
        return self._words[key]

    def get(self, key: str, otherwise: str) -> str:
        return self._words.get(key, otherwise)

    def say(self, key: str, number: int = 1, **values: str) -> str:
        """A phrase with its `{place}` filled; whatever else stands in braces stays as it is."""
        text = self.noun(key, number)
        for name, value in values.items():
            text = text.replace("{" + name + "}", value)
        return text

    def number(self, value: int) -> str:
        text = f"{value:,}".replace(",", self["thousands"])
        return text.translate(str.maketrans(PHRASES["digits"], self["digits"]))

    def amount(self, value: int, noun: str) -> str:
        """`1 cell`, `12 cells`."""
        return f"{self.number(value)} {self.noun(noun, value)}"

    def noun(self, noun: str, value: int = 1) -> str:
        one, _, many = self[noun].partition("|")
        return one if value == 1 or not many else many

    def listed(self, names: list[str], most: int) -> str:
        """The first of some names, and how many more there are."""
        shown = self["comma"].join(names[:most])
        more = len(names) - most
        return self.say("more", names=shown, count=self.number(more)) if more > 0 else shown
