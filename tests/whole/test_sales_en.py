"""Every figure of sales in the CRMs in English against an independent computation."""

from tests.whole.sales_stories import *  # noqa: F403

LANGUAGE = "en"
