"""The REST client: every call to Sheets and Drive goes through here, whatever answers at the other end."""

from crm_builder.google.budget import Budget, Limits, kind_of
from crm_builder.google.client import Call, Client, Http

__all__ = ["Budget", "Call", "Client", "Http", "Limits", "kind_of"]
