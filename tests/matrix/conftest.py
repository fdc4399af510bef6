"""One filled portal on each database for the whole matrix, and the means to notice what changed in it."""

import shutil

import pytest

from statusportal.config import load_settings
from statusportal.foundation.clock import FixedClock
from statusportal.wiring import wiring
from statusportal.work import Works
from tests.factories.moments import NOON
from tests.matrix.gone import delete_things
from tests.matrix.snapshots import PostgresqlState, SqliteState
from tests.matrix.visitors import VISITORS
from tests.matrix.world import build_world
from tests.servers.engines import quick_engine


# PostgreSQL's three minutes are asked each night: both together would be a fifth of the suite.
@pytest.fixture(scope="package", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def place(request, tmp_path_factory):
    """A filled portal on each database, and the means to notice what changed in it."""
    folder = tmp_path_factory.mktemp("matrix")
    environment = {"STATUSPORTAL_INSTANCE_DIR": str(folder)}
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), folder / "portal.sqlite")
        settings = load_settings(environment)
    else:
        server = request.getfixturevalue("postgresql")
        app_url, owner_url = server.create_database("portal_matrix", request.getfixturevalue("postgresql_template"))
        settings = load_settings(environment, database_url=app_url, database_owner_url=owner_url)
    engine = quick_engine(settings.database_url)
    world = build_world(Works(engine, FixedClock(NOON), wiring(), settings))
    world.gone = delete_things(world)
    for visitor in VISITORS:
        world.ask(visitor, "GET", "/api/v1/session")  # the first use of a token is noted once
    state = (SqliteState if request.param == "sqlite" else PostgresqlState)(world.works)
    yield world, state
    state.close()
    engine.dispose()
    if request.param == "postgresql":
        server.drop_database("portal_matrix")
