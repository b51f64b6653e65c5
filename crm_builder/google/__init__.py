"""The REST client: every call to Sheets and Drive goes through here, whatever answers at the other end."""

from crm_builder.google.client import Call, Client

__all__ = ["Call", "Client"]
