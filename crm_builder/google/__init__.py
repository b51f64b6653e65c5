"""Towards Google: every call to Sheets, Drive and Apps Script goes through here, whatever answers at the other end."""

from crm_builder.google.budget import Budget, Limits, kind_of
from crm_builder.google.client import Call, Client, Http
from crm_builder.google.connection import connect
from crm_builder.google.hosts import ENDPOINT, endpoint
from crm_builder.google.logins import SCRIPT, SHEET, Account, accounts, granted

__all__ = [
    "ENDPOINT",
    "SCRIPT",
    "SHEET",
    "Account",
    "Budget",
    "Call",
    "Client",
    "Http",
    "Limits",
    "accounts",
    "connect",
    "endpoint",
    "granted",
    "kind_of",
]
