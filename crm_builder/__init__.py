"""A complete CRM inside Google Sheets, provisioned by one command from a text description."""

__version__ = "0.1.0"
