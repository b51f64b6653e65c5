"""Google's query language over an array: `run` takes the data and the text of a query and gives the resulting array."""

from __future__ import annotations

from crm_builder.local.formulas.query.run import run

__all__ = ["run"]
