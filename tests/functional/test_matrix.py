"""What is declared of every operation, as a golden table; tests/matrix/test_cells.py asks each cell of it."""

import difflib

import pytest

from statusportal.app import create_app
from statusportal.config import load_settings
from statusportal.http.policies import REACHES, declared_routes, reach_of
from tests.architecture.tree import files
from tests.factories.doors import build_door, filled, object_routes
from tests.matrix.acts import ACTS
from tests.matrix.cells import operations
from tests.matrix.golden import GOLDEN, drawn


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("declared")
    return create_app(load_settings({"STATUSPORTAL_INSTANCE_DIR": str(folder)}))


def test_every_route_says_who_sees_its_thing(app):
    unsaid = [rule for rule, _, policy in declared_routes(app) if policy and reach_of(rule, policy) is None]

    assert unsaid == [], "Add the last variable to REACHES of statusportal/http/policies.py, or declare a reach"


def test_every_act_is_of_an_operation_and_asks_what_its_route_declares(app):
    found = operations(app)
    undeclared = [one.name for one in found if one.act.asks is not None and one.act.asks not in one.policy.permissions]

    assert sorted(set(ACTS) - {one.endpoint for one in found}) == []
    assert undeclared == []


def test_what_is_shown_elsewhere_is_shown_by_a_test_that_is_there():
    told = {act.elsewhere for acts in ACTS.values() for act in acts if act.elsewhere}

    assert sorted(told - set(files())) == []


def test_every_reach_is_somebodys(app):
    variables = {name for one in operations(app) for name in one.variables}

    assert sorted(set(REACHES) - variables) == []


def test_matrix_is_the_golden_one(app):
    now, kept = drawn(operations(app)), GOLDEN.read_text(encoding="utf-8")

    diff = "\n".join(difflib.unified_diff(kept.splitlines(), now.splitlines(), "golden", "declared", "", "", 0, ""))
    assert now == kept, f"Doors changed. If that is meant, run `python -m tests.matrix.golden`:\n{diff}"


def test_missing_is_never_a_fault_of_ours(works):
    door = build_door(works)
    odd = ("9" * 400, "%00", "..%2f..", "{id}", "é")
    wrong = []

    for method, rule, _, names in object_routes(door.app):
        for one in odd:
            answer = door.visitor("admin").ask(method, filled(rule, dict.fromkeys(names, one)))
            if answer.status_code >= 500 or answer.status_code < 300:
                wrong.append((method, rule, one, answer.status_code))

    assert wrong == []
