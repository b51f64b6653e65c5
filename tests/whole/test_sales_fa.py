"""Every figure of sales in the CRMs in Persian against an independent computation."""

from tests.whole.sales_stories import *  # noqa: F403

LANGUAGE = "fa"
