"""`python -m benchmarks [NAME …] [--json]`: runs the benchmarks, all or the named, and tells what they found."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence

from benchmarks import fleet, google, mail, provisioning, recalculation, startup, workspace
from benchmarks.report import Report, text

BENCHMARKS: dict[str, Callable[[], Report]] = {
    "startup": startup.run,
    "provisioning": provisioning.run,
    "workspace": workspace.run,
    "recalculation": recalculation.run,
    "fleet": fleet.run,
    "google": google.run,
    "mail": mail.run,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """0 where every figure is within its limit, 1 otherwise."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Speed and memory, beside the usual ways."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(BENCHMARKS)}; all without")
    parser.add_argument("--json", action="store_true", help="the figures for machines, on standard output")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}")
    reports = []
    for name in options.names or BENCHMARKS:
        report = BENCHMARKS[name]()
        reports.append(report)
        if not options.json:
            print(text(report), end="\n\n", flush=True)
    if options.json:
        print(json.dumps([report.data() for report in reports], ensure_ascii=False, indent=1))
    return 0 if all(report.ok for report in reports) else 1


if __name__ == "__main__":
    sys.exit(main())
