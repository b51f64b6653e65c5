"""Three workbooks (applied last, there, described) → a plan of typed changes: judged, with a digest, told to people."""

from crm_builder.plan.changes import (
    Change,
    Create,
    Delete,
    Difference,
    Drift,
    Forget,
    Id,
    Kind,
    Mend,
    Move,
    Plan,
    Refusal,
    Rename,
    Update,
    Wishes,
)
from crm_builder.plan.diff import compare
from crm_builder.plan.digest import digest_of
from crm_builder.plan.documents import as_json, markdown
from crm_builder.plan.outline import outline
from crm_builder.plan.report import Line, tree
from crm_builder.plan.safety import baseline_after, judge, needed
from crm_builder.plan.things import Order, assemble, things

__all__ = [
    "Change",
    "Create",
    "Delete",
    "Difference",
    "Drift",
    "Forget",
    "Id",
    "Kind",
    "Line",
    "Mend",
    "Move",
    "Order",
    "Plan",
    "Refusal",
    "Rename",
    "Update",
    "Wishes",
    "as_json",
    "assemble",
    "baseline_after",
    "compare",
    "digest_of",
    "judge",
    "markdown",
    "needed",
    "outline",
    "things",
    "tree",
]
