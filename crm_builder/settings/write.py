"""A new crm.toml: every setting with a comment in the language of the CRM, written in one step or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from email.utils import parseaddr
from pathlib import Path

import jinja2

from crm_builder import assets
from crm_builder.errors import CrmError, DescriptionError, Problem
from crm_builder.settings.catalog import Catalog
from crm_builder.settings.changes import RISKS
from crm_builder.settings.read import parse
from crm_builder.settings.values import Member
from crm_builder.settings.words import did_you_mean, show

FILE_NAME = "crm.toml"


def write_new(
    folder: Path,
    catalog: Catalog,
    *,
    language: str = "en",
    preset: str = "general",
    name: str | None = None,
    members: Sequence[str] = (),
    templates: Path | None = None,
) -> Path:
    """Writes `folder`/crm.toml and returns its path; creates the folder. `name` None = the name of the folder.

    `members` are people as "Name <mail>", the first of them the owner.

    `templates` is the folder that holds crm.<language>.toml.j2; None = the shipped one. DescriptionError, and nothing
    written, for an unknown language or preset, an unfit name, a crm.toml that is there already, or a folder that
    cannot be written.
    """
    path = Path(folder) / FILE_NAME
    team = [_member(text, number) for number, text in enumerate(members)]
    text = new_text(catalog, path, language=language, preset=preset, name=name, team=team, templates=templates)
    parse(text, catalog, str(path))  # an unfit name is found here, before anything is written
    try:
        if os.path.lexists(path):
            raise DescriptionError([Problem("there is a crm.toml already", str(path), hint="change that one")])
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, text)
    except (OSError, ValueError) as error:  # ValueError: a path with a null character
        reason = getattr(error, "strerror", None) or str(error)
        hint = "choose another folder, or check its permissions"
        raise DescriptionError([Problem(f"cannot be written: {reason}", str(path), hint=hint)]) from error
    return path


def new_text(
    catalog: Catalog,
    path: Path,
    *,
    language: str,
    preset: str,
    name: str | None,
    team: Sequence[Member] = (),
    templates: Path | None = None,
) -> str:
    """The text of a new crm.toml that will lie at `path`. DescriptionError for an unknown language or preset."""
    problems = [
        Problem(f"unknown {what} {show(value)}", path=what, hint=did_you_mean(value, allowed))
        for what, value, allowed in (
            ("language", language, tuple(catalog.languages)),
            ("preset", preset, catalog.presets),
        )
        if value not in allowed
    ]
    if problems:
        raise DescriptionError(problems)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates or assets.folder("templates")),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.filters["toml"] = _toml
    file = f"crm.{language}.toml.j2"
    try:
        template = environment.get_template(file)
    except jinja2.TemplateNotFound as error:
        hint = "copy that of another language and translate it"
        raise DescriptionError([Problem("the file is missing", f"templates/{file}", hint=hint)]) from error
    return template.render(
        catalog=catalog,
        language=catalog.languages[language],
        preset=preset,
        name=path.parent.absolute().name or "CRM" if name is None else name,
        team=team,
        fields=catalog.fields_for(preset, language),
        risks=RISKS,
        word=lambda key: catalog.word(language, key, preset),
    )


def _member(text: str, number: int) -> Member:
    """Somebody as "Name <mail>"; the first is the owner, the others edit."""
    name, mail = parseaddr(text)
    if not name or "@" not in mail:
        raise CrmError(f"{show(text)} is no name with an e-mail address; write 'Mina Rahimi <mina@example.com>'")
    return Member(name, mail, "editor" if number else "owner")


def _toml(value: str | float | bool | tuple[str, ...]) -> str:
    """A value as TOML: JSON agrees with it for these kinds, but for the delete character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _write(path: Path, text: str) -> None:
    """Writes a file that is either whole or not there: under a name of its own first, then renamed."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with draft.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
