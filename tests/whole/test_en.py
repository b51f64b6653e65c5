"""Every preset in English; see stories.py."""

from __future__ import annotations

from tests.whole.sales_stories import *  # noqa: F403
from tests.whole.stories import *  # noqa: F403

LANGUAGE = "en"
