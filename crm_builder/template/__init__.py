"""templates/ and Settings → the desired Workbook. The templates hold every table, word and formula; this room none."""

from crm_builder.template.catalog import catalog
from crm_builder.template.render import Rendered, render
from crm_builder.template.source import Source, read
from crm_builder.template.specs import ColumnSpec, TableSpec
from crm_builder.template.wishes import wishes_of

__all__ = ["ColumnSpec", "Rendered", "Source", "TableSpec", "catalog", "read", "render", "wishes_of"]
