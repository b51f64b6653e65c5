"""CRMs of every preset, open one after the other; the language is that of the test module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import Once
from tests.whole.crm import Whole, Workshop, clock, entered

pytest.register_assert_rewrite("tests.whole.stories")


@pytest.fixture(scope="session")
def workshop(once: Once, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(once, tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def language(request: pytest.FixtureRequest) -> str:
    return request.module.LANGUAGE


@pytest.fixture(scope="module")
def crm(request: pytest.FixtureRequest, workshop: Workshop, language: str) -> Iterator[Whole]:
    """A CRM with sample data, open for all tests of its preset and clock; they leave it as it was."""
    preset, at = request.param
    with entered(workshop.sample(preset, language, at), clock(language, at)) as opened:
        yield opened
