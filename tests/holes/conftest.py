"""One filled portal for every class of hole; what each test changes is put back."""

import shutil

import pytest

from statusportal.config import load_settings
from statusportal.foundation.clock import FixedClock
from statusportal.wiring import wiring
from statusportal.work import Works
from tests.factories.moments import NOON
from tests.matrix.snapshots import SqliteState
from tests.matrix.visitors import VISITORS
from tests.matrix.world import build_world
from tests.servers.engines import quick_engine


@pytest.fixture(scope="session")
def _filled(tmp_path_factory, sqlite_template):
    folder = tmp_path_factory.mktemp("holes")
    shutil.copy(sqlite_template, folder / "portal.sqlite")
    settings = load_settings({"STATUSPORTAL_INSTANCE_DIR": str(folder)})
    engine = quick_engine(settings.database_url)
    world = build_world(Works(engine, FixedClock(NOON), wiring(), settings))
    for visitor in VISITORS:
        world.ask(visitor, "GET", "/api/v1/session")  # the first use of a token is noted once
    state = SqliteState(world.works)
    yield world, state
    state.close()
    engine.dispose()


@pytest.fixture
def state(_filled):
    """What the rows were before the test, to which they go back after it."""
    world, first = _filled
    mine = SqliteState(world.works)
    yield mine
    mine.close()
    first.go_on()


@pytest.fixture
def world(_filled, state):
    """Alpha and its things, and everybody at the door. On SQLite: these holes are at the edge, before any database."""
    return _filled[0]
