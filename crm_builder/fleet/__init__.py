"""Many CRMs from one description: clients.toml, a crm.toml for each client, runs side by side, a report each."""

from crm_builder.fleet.clients import Fleet, FleetClient, load_fleet
from crm_builder.fleet.guard import Stopped, seldom, waiting
from crm_builder.fleet.report import SIGNS, data, rows, told, write_report
from crm_builder.fleet.result import BROKEN, PENDING, Result
from crm_builder.fleet.run import Run
from crm_builder.fleet.threads import side_by_side

__all__ = [
    "BROKEN",
    "PENDING",
    "SIGNS",
    "Fleet",
    "FleetClient",
    "Result",
    "Run",
    "Stopped",
    "data",
    "load_fleet",
    "rows",
    "seldom",
    "side_by_side",
    "told",
    "waiting",
    "write_report",
]
