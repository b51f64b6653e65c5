"""Many CRMs from one description: clients.toml, a crm.toml for each client, runs side by side, a report each."""

from crm_builder.fleet.clients import Fleet, FleetClient, load_fleet
from crm_builder.fleet.report import SIGNS, data, rows, write_report
from crm_builder.fleet.run import BROKEN, PENDING, Result, Run, side_by_side, waiting

__all__ = [
    "BROKEN",
    "PENDING",
    "SIGNS",
    "Fleet",
    "FleetClient",
    "Result",
    "Run",
    "data",
    "load_fleet",
    "rows",
    "side_by_side",
    "waiting",
    "write_report",
]
