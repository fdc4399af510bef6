"""Every operation by everybody: what the declared policy promises is what the door does.

Each cell has one expected answer, derived by `expectation.py` from the declaration and the tables of rights alone. A
thing that is not there for a visitor must be answered as one that nobody has, byte for byte, and whoever is refused
leaves no row different. On SQLite every cell is asked; on PostgreSQL, one role in each relation.
"""

import itertools
import os
import shutil

import pytest

from statusportal.config import load_settings
from statusportal.foundation.clock import FixedClock
from statusportal.wiring import wiring
from statusportal.work import Works
from tests.factories.moments import NOON
from tests.matrix.cells import Operation, asked_operations, nowhere, send, told
from tests.matrix.expectation import Outcome
from tests.matrix.snapshots import PostgresqlState, SqliteState
from tests.matrix.visitors import VISITORS, Visitor
from tests.matrix.world import World, build_world
from tests.servers.engines import quick_engine

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("matrix")]

# `MATRIX=claims pytest tests/matrix` asks the operations whose names hold the word, for who adds one.
_ONLY = os.environ.get("MATRIX", "")
_FAMILIES = ("/admin", "/api", "/devices", "/entries", "/comments", "")
# A 2xx needs more than one request by token; the test that asks it so is named.
_ELSEWHERE = {
    "DELETE /api/v1/session": "tests/functional/test_session_api.py",
    "POST /api/v1/session/proof": "tests/functional/test_proofs.py",
    "GET /api/v1/exports/<takeout_id>/file": "tests/functional/test_takeouts.py",
    "PUT /api/v1/organisations/<uuid:organisation_id>/identity-provider": "tests/functional/test_provider.py",
    "DELETE /api/v1/organisations/<uuid:organisation_id>/identity-provider": "tests/functional/test_provider.py",
    "PUT /api/v1/organisations/<uuid:organisation_id>/identity-provider/required": (
        "tests/functional/test_provider.py"
    ),
    "DELETE /api/v1/session/identities/<uuid:organisation_id>": "tests/functional/test_provider.py",
    "POST /api/v1/erasure": "tests/functional/test_erasing.py",
    "DELETE /api/v1/erasure": "tests/functional/test_erasing.py",
    "POST /api/v1/people/<person_id>/erasure": "tests/functional/test_erasing.py",
    "POST /api/v1/organisations/<organisation_id>/erasure": "tests/functional/test_erasing.py",
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
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
    for visitor in VISITORS:
        world.ask(visitor, "GET", "/api/v1/session")  # the first use of a token is noted once
    state = (SqliteState if request.param == "sqlite" else PostgresqlState)(world.works)
    yield world, state
    state.close()
    engine.dispose()
    if request.param == "postgresql":
        server.drop_database("portal_matrix")


def is_whole(state: SqliteState | PostgresqlState) -> bool:
    return isinstance(state, SqliteState)


def family(operation: Operation) -> str:
    return next(one for one in _FAMILIES if operation.rule.startswith(one))


@pytest.mark.parametrize("of", _FAMILIES)
def test_every_cell_is_answered_as_the_policy_says(place, of):
    world, state = place
    wrong, opened = [], set()

    mine = [one for one in asked_operations(world.app) if family(one) == of and _ONLY in one.name]
    visitors = VISITORS if is_whole(state) else [one for one in VISITORS if not one.name.startswith("customer/")]
    for operation, visitor in itertools.product(mine, visitors):
        outcome = operation.outcome_for(visitor)
        if outcome is Outcome.OPEN and visitor.name not in (operation.act.by or {visitor.name}):
            continue
        answer = send(world, operation, visitor, world.things)
        wanted = operation.status_of(outcome)
        if answer.status_code != wanted:
            wrong.append((operation.name, visitor.name, f"{wanted} expected, {answer.status_code} answered"))
        if outcome is Outcome.OPEN and answer.status_code < 400:
            opened.add(operation.name)
        elif changed := state.changed_tables():
            wrong.append((operation.name, visitor.name, f"refused, and changed {changed}"))
        if outcome is Outcome.ABSENT:
            wrong += differences(world, operation, visitor, answer, world.things)
        state.go_on()

    assert not wrong, "\n".join(" | ".join(map(str, one)) for one in wrong)
    if is_whole(state):
        assert uncovered(mine, opened) == [], "Nobody opens these: give each an Act in tests/matrix/acts.py"


def differences(world: World, operation: Operation, visitor: Visitor, answer, asked) -> list[tuple[str, str, str]]:
    """Compare what is said of a foreign thing with what is said of one that nobody has."""
    things = nowhere(asked)
    missing = send(world, operation, visitor, things)
    if told(answer, asked) == told(missing, things):
        return []
    pairs = zip(told(answer, asked)[1].splitlines(), told(missing, things)[1].splitlines(), strict=False)
    shown = next((f"{here!r} and {there!r}" for here, there in pairs if here != there), "in length or headers")
    return [(operation.name, visitor.name, f"foreign and missing differ: {shown}")]


def uncovered(asked: list[Operation], opened: set[str]) -> list[str]:
    return [one.name for one in asked if one.name not in opened and one.name not in _ELSEWHERE]


def test_words_for_the_owner_alone_are_missing_to_guests(place):
    """The matrix shares its entry with guests; this one is the organisation's, on the same machine."""
    world, _ = place
    entry_id, comment_id = world.private
    things = {**world.things, "entry_id": entry_id, "comment_id": comment_id}
    guests = [one for one in VISITORS if one.relation is not None and one.relation.value.startswith("guest_")]
    wrong = []

    for operation, visitor in itertools.product(asked_operations(world.app), guests):
        if not {"entry_id", "comment_id"} & set(operation.variables):
            continue
        answer = send(world, operation, visitor, things)
        if answer.status_code != 404:
            wrong.append((operation.name, visitor.name, answer.status_code))
        wrong += differences(world, operation, visitor, answer, things)

    assert not wrong, "\n".join(" | ".join(map(str, one)) for one in wrong)
