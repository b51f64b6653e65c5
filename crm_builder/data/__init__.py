"""Rows of data on their way into a CRM and out of it."""
