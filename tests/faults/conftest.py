"""The CRM before and after a change, described and made once; each test has a copy of its own."""

from __future__ import annotations

import pytest

from crm_builder import deployment
from crm_builder.deployment import GOOGLE
from tests.changes.conftest import make_templates
from tests.changes.crm import Crm
from tests.faults.world import Descriptions, Made, opened


@pytest.fixture(scope="session")
def descriptions(tmp_path_factory: pytest.TempPathFactory) -> Descriptions:
    folder = tmp_path_factory.mktemp("faults")
    return Descriptions.of(folder, make_templates(folder / "templates"))


@pytest.fixture(scope="session")
def made(descriptions: Descriptions, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A CRM of the first description with a few rows, and what is at Google where nothing goes wrong."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        with opened(folder / "first", patch) as world:
            line = world.line()
            run = world.up(descriptions.before, line)
            assert run.error is None, run.shown
            done = Made(folder, {"up": world.state(descriptions.before)}, {"up": run.told}, {"up": line.asked})
            found = deployment.load(world.folder, GOOGLE)
            crm = Crm.of(world.folder, descriptions.templates, world.cloud.transport, found)
            crm.fill()
            crm.user.type(crm.sheet("customers"), 1, crm.column("customers", "tier"), "Gold")
        done.copy("apply", folder / "second")
        with opened(folder / "second", patch) as world:
            line = world.line()
            run = world.apply(descriptions.after, line)
            assert run.error is None, run.shown
            done.states["apply"], done.told["apply"] = world.state(descriptions.after), run.told
            done.asked["apply"] = line.asked
    return done
