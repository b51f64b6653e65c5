"""The local run of a CRM's script: the deployed files in real V8, with services that act on a local workspace."""

from .fetch import Answer
from .limits import Kill, Limits
from .outbox import Mail
from .outcome import Outcome
from .runtime import Runtime

__all__ = ["Answer", "Kill", "Limits", "Mail", "Outcome", "Runtime"]
