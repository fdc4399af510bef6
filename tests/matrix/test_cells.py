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
from statusportal.http.policies import Door
from statusportal.wiring import wiring
from statusportal.work import Works
from tests.factories.moments import NOON
from tests.matrix.cells import Operation, asked_operations, nowhere, send, told
from tests.matrix.expectation import Outcome
from tests.matrix.snapshots import PostgresqlState, SqliteState
from tests.matrix.visitors import VISITORS, Kind, Visitor
from tests.matrix.world import World, build_world
from tests.servers.engines import quick_engine

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("matrix")]

# `MATRIX=claims pytest tests/matrix` asks the operations whose names hold the word, for who adds one.
_ONLY = os.environ.get("MATRIX", "")
_FAMILIES = ("/admin", "/api", "/devices", "/entries", "/comments", "")


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


def is_asked(operation: Operation, visitor: Visitor, *, is_whole: bool) -> bool:
    """Tell whether a cell is asked here: elsewhere than at their own door, all who come by links are one nobody."""
    if visitor.kind is Kind.LINK and operation.policy.door is not Door.LINK:
        return is_whole and visitor.name == "link/comment"
    return is_whole or not visitor.name.startswith(("customer/", "scoped/", "expert", "product"))


def family(operation: Operation) -> str:
    return next(one for one in _FAMILIES if operation.rule.startswith(one))


@pytest.mark.parametrize("of", _FAMILIES)
def test_every_cell_is_answered_as_the_policy_says(place, of):
    world, state = place
    wrong, opened = [], set()

    mine = [one for one in asked_operations(world.app) if family(one) == of and _ONLY in one.name]
    for operation, visitor in itertools.product(mine, VISITORS):
        if not is_asked(operation, visitor, is_whole=is_whole(state)):
            continue
        outcome = operation.outcome_for(visitor)
        if outcome is Outcome.OPEN and visitor.name not in (operation.act.by or {visitor.name}):
            continue
        things = world.things_of(visitor) if operation.policy.door is Door.LINK else world.things
        answer = send(world, operation, visitor, things)
        wanted = operation.status_of(outcome)
        if answer.status_code != wanted:
            wrong.append((operation.name, visitor.name, f"{wanted} expected, {answer.status_code} answered"))
        if outcome is Outcome.OPEN and answer.status_code < 400:
            opened.add(operation.name)
        elif (changed := state.changed_tables()) and not (outcome is Outcome.OPEN and operation.act.elsewhere):
            wrong.append((operation.name, visitor.name, f"refused, and changed {changed}"))
        if outcome is Outcome.ABSENT:
            wrong += differences(world, operation, visitor, answer, things)
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
    return [one.name for one in asked if one.name not in opened and not one.act.elsewhere]


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
