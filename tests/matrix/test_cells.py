"""Every operation by everybody: what the declared policy promises is what the door does.

Each cell has one expected answer, derived by `expectation.py` from the declaration and the tables of rights alone. A
thing that is not there for a visitor must be answered as one that nobody has, byte for byte, and whoever is refused
leaves no row different. The relations are those of visitors.py, and two that hang on the thing: it never was, and it
was deleted. On SQLite every cell is asked; on PostgreSQL, where walls could hide or show more, one role in each,
each night.
"""

import os
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from statusportal.access.vocabulary import MemberRole
from statusportal.http.policies import Door, Reach
from tests.matrix.cells import Operation, apart, deleted, nowhere, operations, role, send, stand_ins, told
from tests.matrix.expectation import REMAINS, Left, Outcome
from tests.matrix.visitors import GUESTS, Relation, Visitor, who_comes
from tests.matrix.world import World

pytestmark = pytest.mark.timeout(600)

# `MATRIX=claims pytest tests/matrix` asks the operations whose names hold the word, for who adds one.
_ONLY = os.environ.get("MATRIX", "")
# How who may is told that a thing is over, or that nothing more can be done to it.
_OVER = {200, 204, 303, 404, 409, 422}
# What is there to change what was deleted: it stands again.
_BRINGING_BACK = {"Comments.bring_back"}
_FAMILIES = ("/admin", "/api", "/devices", "/entries", "/comments", "")


def family(operation: Operation) -> str:
    return next(one for one in _FAMILIES if operation.rule.startswith(one))


@pytest.mark.parametrize("of", _FAMILIES)
def test_every_cell_is_answered_as_the_policy_says(place, of):
    world, state = place
    people, wrong, opened = who_comes(is_whole=state.is_whole), [], set()

    mine = [one for one in operations(world.app) if family(one) == of and _ONLY in one.name]
    for operation in mine:
        missing = Missing(world, operation)
        for visitor in stand_ins(operation, people, apart(operation)):
            if visitor.is_seen and operation.policy.is_leaving:
                continue  # what leaving does to a visit, tests/functional/test_seen_as_leaving.py shows
            outcome = operation.outcome_for(visitor)
            if outcome is Outcome.OPEN and visitor.name not in (operation.act.by or {visitor.name}):
                continue
            answer, changed = asked(world, state, operation, visitor, things_for(world, operation, visitor))
            wanted = operation.status_of(outcome)
            if answer.status_code != wanted:
                wrong.append((operation.name, visitor.name, f"{wanted} expected, {answer.status_code} answered"))
            if outcome is Outcome.OPEN and answer.status_code < 400:
                opened.add(operation.name)
            elif changed and not (outcome is Outcome.OPEN and operation.act.elsewhere):
                wrong.append((operation.name, visitor.name, f"refused, and changed {changed}"))
            if outcome is Outcome.ABSENT:
                wrong += missing.differences(visitor, answer, things_for(world, operation, visitor))

    assert wrong == [], told_of(wrong)
    if state.is_whole:
        assert uncovered(mine, opened) == [], "Nobody opens these: give each an Act in tests/matrix/acts.py"


def things_for(world: World, operation: Operation, visitor: Visitor) -> dict[str, str]:
    return world.things_of(visitor) if operation.policy.door is Door.LINK else world.things


def asked(world: World, state, operation: Operation, visitor: Visitor, things) -> tuple[TestResponse, list[str]]:
    """Ask one cell, and return the answer with the tables that differ after it; the portal is as before again."""
    answer = send(world, operation, visitor, things)
    changed = state.changed_tables()
    state.go_on()
    return answer, changed


def told_of(wrong) -> str:
    return "\n".join(" | ".join(map(str, one)) for one in wrong)


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_what_nobody_ever_had_is_missing_to_who_may_see_the_like(place):
    """To everybody else it was compared with the foreign thing, cell by cell."""
    world, state = place
    wrong = []

    for operation in [one for one in operations(world.app) if one.variables]:
        seeing = [
            one
            for one in who_comes(is_whole=state.is_whole)
            if operation.outcome_for(one) in {Outcome.OPEN, Outcome.LACKING}
        ]
        for visitor in stand_ins(operation, seeing, role):
            things = nowhere(things_for(world, operation, visitor))
            answer, changed = asked(world, state, operation, visitor, things)
            wanted = operation.status_of(operation.outcome_for(visitor, Left.NOTHING))
            if answer.status_code != wanted or changed:
                wrong.append((operation.name, visitor.name, f"{wanted} expected", answer.status_code, changed))

    assert wrong == [], told_of(wrong)


def test_what_was_deleted_is_a_record_a_place_without_words_or_missing(place):
    """Each kind of thing as REMAINS says; whoever is told of nothing is told what of the missing, byte for byte."""
    world, state = place
    wrong, met = [], set()

    for operation in operations(world.app):
        things = deleted(operation, world.things, world.gone)
        if things is None:
            continue
        met.add(operation.subject)
        missing = Missing(world, operation)
        left = REMAINS[operation.subject]
        for visitor in stand_ins(operation, who_comes(is_whole=state.is_whole), role_or_stranger(operation)):
            outcome = operation.outcome_for(visitor, left)
            if outcome is Outcome.OPEN and visitor.name not in (operation.act.by or {visitor.name}):
                continue
            answer, changed = asked(world, state, operation, visitor, things)
            over = _OVER if outcome is Outcome.OPEN else set()
            if answer.status_code not in {operation.status_of(outcome), *over} or (
                changed and left is not Left.OPERATORS and operation.endpoint not in _BRINGING_BACK
            ):
                wrong.append((operation.name, visitor.name, outcome.name, answer.status_code, changed))
            if outcome is Outcome.ABSENT:
                wrong += missing.differences(visitor, answer, things)

    assert wrong == [], told_of(wrong)
    assert met == set(REMAINS), "Every kind of thing that can be deleted is asked for after it was"


def role_or_stranger(operation: Operation) -> Callable[[Visitor], object]:
    """Return the roles of those who find the thing while it is there; all others are one."""

    def kind(visitor: Visitor) -> object:
        outcome = operation.outcome_for(visitor)
        return role(visitor) if outcome in {Outcome.OPEN, Outcome.LACKING} else outcome

    return kind


class Missing:
    """What is said of a thing that nobody has: asked of one visitor of each role, and of whoever is told otherwise."""

    def __init__(self, world: World, operation: Operation) -> None:
        self._world, self._operation = world, operation
        self._told: dict[object, object] = {}

    def differences(self, visitor: Visitor, answer: TestResponse, things) -> list[tuple[str, str, str]]:
        """Compare what a visitor was told of a thing that is not there for them."""
        heard = told(answer, things)
        if role(visitor) not in self._told:
            self._told[role(visitor)] = self._ask(visitor, things)
        if heard == self._told[role(visitor)] or heard == (missing := self._ask(visitor, things)):
            return []
        pairs = zip(heard[1].splitlines(), missing[1].splitlines(), strict=False)
        shown = next((f"{here!r} and {there!r}" for here, there in pairs if here != there), "in length or headers")
        return [(self._operation.name, visitor.name, f"foreign and missing differ: {shown}")]

    def _ask(self, visitor: Visitor, things):
        nobodys = nowhere(things)
        return told(send(self._world, self._operation, visitor, nobodys), nobodys, things)


def uncovered(asked: list[Operation], opened: set[str]) -> list[str]:
    return [one.name for one in asked if one.name not in opened and not one.act.elsewhere]


def test_words_for_the_owner_alone_are_missing_to_guests(place):
    """The matrix shares its entry with guests; this one is the organisation's, on the same machine."""
    world, state = place
    entry_id, comment_id = world.private
    things = {**world.things, "entry_id": entry_id, "comment_id": comment_id}
    guests = [one for one in who_comes(is_whole=state.is_whole) if one.relation in GUESTS]
    wrong = []

    for operation in [one for one in operations(world.app) if {"entry_id", "comment_id"} & set(one.variables)]:
        missing = Missing(world, operation)
        for visitor in stand_ins(operation, guests, lambda one: one.relation):
            answer, changed = asked(world, state, operation, visitor, things)
            if answer.status_code != 404 or changed:
                wrong.append((operation.name, visitor.name, answer.status_code, changed))
            wrong += missing.differences(visitor, answer, things)

    assert wrong == [], told_of(wrong)


def test_confidential_device_is_missing_to_its_owners_members_and_to_the_holding(place):
    """Only who decides in the organisation, and staff, find it; to the others it is what nobody ever had."""
    world, state = place
    things = {**world.things, "device_id": world.confidential}
    members = {Relation.AUTHOR, Relation.OWNER, Relation.HOLDING}
    people = [one for one in who_comes(is_whole=True) if one.relation in members and not one.is_seen]
    decide = [one for one in people if one.relation is Relation.OWNER and one.role is MemberRole.CUSTOMER_ADMIN]
    wrong, opened = [], 0

    for operation in [one for one in operations(world.app) if one.subject == "device_id" and one.reach is Reach.DEVICE]:
        missing = Missing(world, operation)
        kept_out = [one for one in people if one not in decide]
        for visitor in stand_ins(operation, kept_out, lambda one: (one.relation, one.elsewhere)):
            answer, changed = asked(world, state, operation, visitor, things)
            if answer.status_code != operation.act.missing or changed:
                wrong.append((operation.name, visitor.name, answer.status_code, changed))
            wrong += missing.differences(visitor, answer, things)
        if operation.is_reading and operation.variables == ("device_id",):
            answer, _ = asked(world, state, operation, decide[0], things)
            opened += answer.status_code == operation.status_of(operation.outcome_for(decide[0]))

    assert wrong == [], told_of(wrong)
    assert opened > 5
