"""Fixtures for the whole suite: each test that asks for `settings` or `works` runs on SQLite and on PostgreSQL."""

import gc
import itertools
import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest
from argon2 import PasswordHasher
from jinja2 import Environment
from werkzeug.routing import Rule

from statusportal.config import load_settings
from statusportal.foundation.clock import FixedClock
from statusportal.identity import passwords
from statusportal.migrations.upgrade import upgrade
from statusportal.wiring import wiring
from statusportal.work import Works
from tests.servers.engines import quick_engine
from tests.servers.postgresql import PostgreSQL

_names = itertools.count()

MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes folders of its own in it
ENOUGH_BYTES = 4 * 2**30
# A file goes to one process as a whole: what takes minutes begins first, or the others wait for it at the end.
LONGEST = "tests/matrix/test_cells.py"


def pytest_configure():
    """Keep what tests write in memory where there is room: each makes a database, and none outlives its test."""
    if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH_BYTES:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Begin with the file that takes longest."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


def pytest_collection_finish():
    """Leave what was imported out of every later collection of garbage: it is most of what there is, and stays."""
    gc.collect()
    gc.freeze()


# Properties are about what holds, not about how fast a busy machine shows it.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")


@pytest.fixture(scope="session", autouse=True)
def quick_hashes():
    """Hash with argon2's least parameters: hundreds of people sign in here, and slowness is not what is tested."""
    usual = passwords._hasher
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield
    passwords._hasher = usual


@pytest.fixture(scope="session", autouse=True)
def quick_routes():
    """Compile the address of each route once for all apps: every test makes one, and compiling is most of that."""
    usual, compiled = Rule.compile, {}

    def compile_once(rule):
        key = (rule.rule, rule.subdomain, rule.host, rule.merge_slashes, tuple((rule.defaults or {}).items()))
        if key in compiled:
            parts, trace, converters, arguments, builders = compiled[key]
            rule._parts, rule._trace, rule._converters = list(parts), list(trace), dict(converters)
            rule.arguments |= arguments
            rule._build, rule._build_unknown = (builder.__get__(rule, None) for builder in builders)
            return
        usual(rule)
        builders = [builder.__func__ for builder in (rule._build, rule._build_unknown)]
        compiled[key] = (rule._parts, rule._trace, rule._converters, frozenset(rule.arguments), builders)

    Rule.compile = compile_once
    yield
    Rule.compile = usual


@pytest.fixture(scope="session", autouse=True)
def quick_templates():
    """Compile each template once for all apps: they are set up alike, and a page of a test is mostly compiling."""
    usual, compiled = Environment.compile, {}

    def compile_once(environment, source, *names, **how):
        key = (environment.autoescape, *environment.extensions, source, *names, *how.items())
        if key not in compiled:
            compiled[key] = usual(environment, source, *names, **how)
        return compiled[key]

    Environment.compile = compile_once
    yield
    Environment.compile = usual


@pytest.fixture(scope="session")
def postgresql():
    server = PostgreSQL()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgresql_template(postgresql, tmp_path_factory):
    app_url, owner_url = postgresql.create_database("template_portal")
    environment = {"STATUSPORTAL_INSTANCE_DIR": str(tmp_path_factory.mktemp("template"))}
    upgrade(load_settings(environment, database_url=app_url, database_owner_url=owner_url))
    return "template_portal"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("template-sqlite")
    upgrade(load_settings({"STATUSPORTAL_INSTANCE_DIR": str(folder)}))
    return folder / "portal.sqlite"


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request, tmp_path):
    """Settings on a fresh, migrated database of either kind, with a data folder of their own."""
    environment = {"STATUSPORTAL_INSTANCE_DIR": str(tmp_path / "instance")}
    if request.param == "sqlite":
        (tmp_path / "instance").mkdir()
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "instance" / "portal.sqlite")
        yield load_settings(environment)
        return
    server = request.getfixturevalue("postgresql")
    name = f"portal_{os.getpid()}_{next(_names)}"
    app_url, owner_url = server.create_database(name, request.getfixturevalue("postgresql_template"))
    yield load_settings(environment, database_url=app_url, database_owner_url=owner_url)
    server.drop_database(name)


@pytest.fixture
def clock():
    """A clock that stands at noon on a Wednesday until a test moves it."""
    return FixedClock(datetime(2026, 11, 18, 12, 0, tzinfo=UTC))


@pytest.fixture
def works(settings, clock):
    """Work on a fresh database, wired as in production, on a clock that the test moves."""
    engine = quick_engine(settings.database_url)
    yield Works(engine, clock, wiring(), settings)
    engine.dispose()
