"""The script inside the CRM, run on this computer: run, simulate."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from datetime import datetime
from math import isfinite
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from crm_builder.commands.common import DONE, FAILED, Time, Where, crm_command, progress
from crm_builder.deployment import LOCAL
from crm_builder.errors import RunError

if TYPE_CHECKING:
    from crm_builder.deploy.simulate import Day
    from crm_builder.local.runtime import Outcome, Runtime

_HELD_LINES = 12  # of one day; -v shows all
_BUTTONS = {"y": "YES", "n": "NO", "o": "OK", "c": "CANCEL"}


class Moment(Time):
    """A time of our age: calendars and triggers count onwards from it."""

    def convert(self, value: Any, param: Any, ctx: Any) -> datetime:
        moment = super().convert(value, param, ctx)
        if not 1970 <= moment.year <= 2200:
            self.fail(f"{moment.year} is too far away; write a year from 1970 to 2200", param, ctx)
        return moment


@crm_command(
    "run",
    asks=True,
    needs_login=False,
    short_help="Run a function of the CRM's script on this computer.",
)
@click.argument("function")
@click.option("--at", type=Moment(), help="The time it is run at.  [default: now]")
@click.option("--cell", metavar="SHEET!A1", help="Type --value into this cell first, as a person does; onEdit runs.")
@click.option("--value", metavar="TEXT", help="What is typed into --cell.")
@click.option("--arg", "arguments", multiple=True, metavar="JSON", help="An argument of the function; may be repeated.")
@click.option("--show", is_flag=True, help="Open the page that it shows in the browser, and answer it; Ctrl-C ends.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Where --show answers.  [default: a free one]")
def run(
    where: Where,
    function: str,
    at: datetime | None,
    cell: str | None,
    value: str | None,
    arguments: tuple[str, ...],
    show: bool,
    port: int,
    yes: bool,
    as_json: bool,
    verbose: bool,
) -> None:
    """Run a function of the CRM's script here, as Google would run it, with its limits.

    \b
      crm-builder run finishSetUp                 what the menu calls
      crm-builder run dispatch --at 2026-11-23T09:00+01:00
      crm-builder run showAddLead --show          a page of the menu, to work with
      crm-builder run onEdit --cell "Leads!D5" --value "+98 912 000 0000"

    What it writes stays in the CRM; mails become files in .crm/outbox, and nothing leaves this computer. Only for a
    CRM on this computer: at Google the script runs by itself.
    """
    from crm_builder import deploy
    from crm_builder.project import now_of

    if (cell is None) != (value is None) or (cell is not None and function != "onEdit"):
        raise click.UsageError("--cell and --value go together, and with onEdit")
    given = [_argument(one) for one in arguments]
    _only_here(where)
    unanswered: list[str] = []

    def ask(asked: dict[str, Any]) -> Any:
        answer = _answer(asked, yes)
        if answer is None:
            unanswered.append(asked["title"] or asked["text"])
        return answer

    with deploy.running(where.folder, where.deployment(), at or now_of(where.clock), ask=ask) as runtime:
        if cell is not None:
            sheet, _, a1 = cell.rpartition("!")
            if not sheet:
                raise click.UsageError(f"--cell {cell!r} names no sheet; write 'Leads!D5'")
            outcome = runtime.edit(sheet.strip("'"), a1, [[value]])
        else:
            if function not in (known := runtime.script.functions) or function.endswith("_"):
                raise RunError(f"the script has no function {function}; {_offered(function, known)}")
            outcome = runtime.run(function, *given)
        outbox = runtime.outbox
        if show and outcome.ok:
            _serve(runtime, outcome, port)
    if as_json:
        click.echo(json.dumps(_data(outcome), ensure_ascii=False, indent=1))
    else:
        for line in _lines(outcome, verbose):
            click.echo(line)
        for mail in outcome.mails:
            click.echo(f"✉ {outbox / mail.file}")
    if unanswered:
        told = f"it asked, and nobody could answer: {_visible(unanswered[0])}; --yes agrees"
        click.echo(click.style("✘ ", fg="red") + told, err=True)
    sys.exit(DONE if outcome.ok and not unanswered else FAILED)


def _count(number: int, thing: str) -> str:
    from crm_builder.plan.words import count

    return count(number, thing)


def _visible(text: str) -> str:
    from crm_builder.plan.words import visible

    return visible(text)


def _only_here(where: Where) -> None:
    if where.target != LOCAL:
        raise RunError(
            "only the script of a CRM on this computer can be run here; at Google it runs by itself, and `crm-builder "
            "doctor` tells when it last did. `crm-builder up --target local` makes one here from the same crm.toml"
        )


def _argument(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_finite, parse_float=_finite)
    except (ValueError, RecursionError):
        raise click.UsageError(f"--arg {text!r} is no JSON; a text is written '\"so\"'") from None


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(text)
    return number


def _offered(function: str, known: frozenset[str]) -> str:
    from difflib import get_close_matches

    public = sorted(name for name in known if not name.endswith("_"))
    near = get_close_matches(function, public, n=3)
    return f"did you mean {' or '.join(near)}?" if near else "appsscript/Main.js names them"


def _answer(asked: dict[str, Any], yes: bool) -> Any:
    """Shows what the script asks, and gives what somebody answers; nobody at a terminal closes the window."""
    buttons = asked["buttons"].split("_")
    for line in (asked["title"], *asked["text"].splitlines()):
        click.echo(_visible(line), err=True)
    if asked["kind"] == "prompt":
        return click.prompt("", prompt_suffix="> ", err=True) if sys.stdin.isatty() else None
    if len(buttons) == 1 or yes:
        return buttons[0]
    if not sys.stdin.isatty():
        return None
    chosen = click.prompt(" / ".join(name.lower() for name in buttons), default=buttons[-1].lower(), err=True)
    named = _BUTTONS.get(chosen.strip().lower()[:1], buttons[-1])
    return named if named in buttons else buttons[-1]


def _lines(outcome: Outcome, verbose: bool) -> list[str]:
    lines = [f"  {_visible(line)}" for line in outcome.log]
    for one in outcome.shown:
        if one["kind"] in ("dialog", "sidebar"):
            lines.append(f"▣ {one['kind']}: {_visible(one['title'])}")
        elif one["kind"] == "toast":
            lines.append("▣ " + _visible(" ".join(filter(None, (one.get("title"), one.get("text"))))))
        elif one["kind"] == "menu":
            lines.append(f"▣ menu: {_visible(one['title'])}")
    for ended in (outcome, *outcome.then):
        if ended.error:
            lines += [
                click.style("✘ ", fg="red") + _visible(ended.error),
                *(f"  {line}" for line in ended.stack.splitlines()),
            ]
    if verbose:
        lines += [f"  {count:>6} {name}" for name, count in outcome.calls.most_common()]
    if outcome.ok:
        value = "" if outcome.value is None else " " + json.dumps(outcome.value, ensure_ascii=False, default=str)
        calls = f"{outcome.number} call{'s' if outcome.number != 1 else ''}"
        lines.append(f"{click.style('✔', fg='green')} {calls}, {outcome.elapsed_ms / 1000:.1f} s at Google{value}")
    return lines


def _serve(runtime: Runtime, outcome: Outcome, port: int) -> None:
    from crm_builder.local.runtime.page_server import PageServer

    server = PageServer(runtime, outcome, port)
    click.echo(server.url)
    click.launch(server.url)
    with suppress(KeyboardInterrupt):
        server.serve()


def _data(outcome: Outcome) -> dict[str, Any]:
    shown = [{key: one[key] for key in one if key != "page"} for one in outcome.shown]
    return {
        "value": outcome.value,
        "error": outcome.error,
        "stack": outcome.stack.splitlines(),
        "calls": dict(outcome.calls),
        "seconds": round(outcome.elapsed_ms / 1000, 3),
        "log": list(outcome.log),
        "shown": json.loads(json.dumps(shown, default=str)),
        "mails": [mail.file for mail in outcome.mails],
    }


@crm_command("simulate", needs_login=False, short_help="Show, day by day, who would get which mail, and why not.")
@click.option("--days", type=click.IntRange(1, 400), default=30, show_default=True, help="How many days.")
@click.option("--at", type=Moment(), help="The time it begins at.  [default: now]")
@click.option(
    "--mode",
    type=click.Choice(["as-set", "test", "live"]),
    default="live",
    show_default=True,
    help="The mode of mail to try; as-set is the one in the sheet.",
)
def simulate(where: Where, days: int, at: datetime | None, mode: str, as_json: bool, verbose: bool) -> None:
    """Show, day by day, which mail the CRM's script would send to whom, and which it would keep back and why.

    It runs on a copy: nothing of the CRM changes, and nothing is sent. Nobody answers, buys or writes in these days.
    """
    from crm_builder import deploy
    from crm_builder.project import now_of

    _only_here(where)
    zone = ZoneInfo(where.project().settings.time_zone)
    told: dict[str, str] = {}
    count = faults = 0
    found = []
    with deploy.rehearsing(where.folder, where.deployment(), at or now_of(where.clock)) as runtime:
        told_mode = "as the sheet has it" if mode == "as-set" else f"as if it were {mode}"
        progress(f"{_count(days, 'day')} on a copy of the CRM, with mail {told_mode}")
        for day in deploy.simulate(runtime, zone, days, None if mode == "as-set" else mode):
            count, faults = count + len(day.mails), faults + len(day.faults)
            if as_json:
                found.append(_day_data(day))
                continue
            for line in _day_lines(day, told, verbose):
                click.echo(line)
            sys.stdout.flush()  # a day takes seconds: whoever reads it in a pipe waits for nothing more
            told = {one.key: one.why for one in day.held}
    if as_json:
        click.echo(json.dumps({"mails": count, "days": found}, ensure_ascii=False, indent=1))
    else:
        told = f"{_count(count, 'mail')} in {_count(days, 'day')}"
        click.echo(f"{told}; nothing was sent, and nothing changed")
    sys.exit(FAILED if faults else DONE)


def _day_lines(day: Day, told: dict[str, str], verbose: bool) -> list[str]:
    """A day's mails; of those kept back only what was not so the day before."""
    lines = [
        click.style(f"  ✉ {one.at:%H:%M} {_visible(one.to)}", fg="green") + f"  {_visible(one.subject)}"
        for one in day.mails
    ]
    lines += [click.style(f"  ✘ {_visible(one)}", fg="red") for one in day.faults]
    fresh = [one for one in day.held if told.get(one.key) != one.why]
    shown = fresh if verbose else fresh[:_HELD_LINES]
    lines += [
        click.style("  · not " + _visible(f"{one.name} <{one.to}>, {one.step}: {one.why}"), dim=True) for one in shown
    ]
    if len(fresh) > len(shown):
        lines.append(click.style(f"  · and {len(fresh) - len(shown)} more; -v shows them", dim=True))
    return [click.style(f"{day.day:%a %Y-%m-%d}", bold=True) + ("" if lines else "  –"), *lines]


def _day_data(day: Day) -> dict[str, Any]:
    return {
        "day": day.day.isoformat(),
        "mails": [{"at": one.at.isoformat(), "to": one.to, "subject": one.subject} for one in day.mails],
        "kept_back": [
            {"name": one.name, "to": one.to, "step": one.step, "why": one.why, "key": one.key} for one in day.held
        ],
        "faults": list(day.faults),
    }


COMMANDS = (run, simulate)
