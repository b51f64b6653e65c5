"""The settings of one CRM: crm.toml in, frozen Settings out; every problem of the file is reported at once."""

from crm_builder.settings.catalog import Catalog, CurrencyInfo, LanguageInfo
from crm_builder.settings.read import load, parse
from crm_builder.settings.values import Changes, Choice, ChoiceList, Deletion, Field, Google, Member, Settings
from crm_builder.settings.write import FILE_NAME, write_new

__all__ = [
    "FILE_NAME",
    "Catalog",
    "Changes",
    "Choice",
    "ChoiceList",
    "CurrencyInfo",
    "Deletion",
    "Field",
    "Google",
    "LanguageInfo",
    "Member",
    "Settings",
    "load",
    "parse",
    "write_new",
]
