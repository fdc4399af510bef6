"""Every route by everybody: what the declared policy promises is what the door does, and foreign looks like missing."""

import re

import pytest

from statusportal.access.policy import table
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.foundation.ids import new_id
from statusportal.http.policies import Door, RoutePolicy, policy_for
from tests.factories.doors import build_door, filled, object_routes, told

ROLES = {
    "customer": MemberRole.CUSTOMER,
    "customer_admin": MemberRole.CUSTOMER_ADMIN,
    "stranger": MemberRole.CUSTOMER_ADMIN,
    "engineer": StaffRole.ENGINEER,
    "support": StaffRole.SUPPORT,
    "admin": StaffRole.ADMIN,
}
# A model is everybody's to see, and not to change.
EVERYBODYS = {"model_id"}
# What one person asked for is nobody else's to see, whatever their role.
ASKERS = {"takeout_id": "customer_admin"}
# It leads on to the first page that the reader may open, and there may be none.
LEADING_ON = {"/admin/"}
VISITORS = ("anonymous", "disabled", "machine", *ROLES)
# What makes an unsafe call right, so that it gets as far as the thing.
BODIES = {
    "Entries.publish": {"kind": "question", "title": "Why?"},
    "Entries.change_entry": {"lifecycle": "acknowledged"},
    "Comments.post": {"body": "Words"},
}


@pytest.fixture
def door(works):
    return build_door(works)


def readable_routes(app):
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
        if "GET" in rule.methods and rule.endpoint != "static":
            yield rule.rule, policy_for(app, rule.endpoint, "GET")


def is_page(rule):
    return not rule.startswith(("/api/", "/v1/", "/healthz", "/readyz", "/metrics"))


def expected(policy: RoutePolicy, rule: str, visitor: str) -> set[int]:
    """Say what a visitor may be answered, from the declaration alone; the thing asked for is there."""
    closed = {303} if is_page(rule) else {401}
    if policy.door in {Door.PUBLIC, Door.LINK}:
        told = {404} if policy.door is Door.LINK else {200, 303, 404}
        return {*told, *(closed if visitor == "disabled" else ())}
    if policy.door is Door.MACHINE:
        return {200} if visitor == "machine" else closed if visitor in {"anonymous", "disabled"} else {403}
    if visitor not in ROLES:
        return closed
    is_holder = policy.permission is None or ROLES[visitor] in table()[policy.permission]
    if policy.door is Door.HOLDER and not is_holder:
        return {403}
    names = set(re.findall(r"<(\w+)>", rule))
    askers = {ASKERS[name] for name in names & set(ASKERS)}
    if (visitor == "stranger" and names - EVERYBODYS) or (askers and visitor not in askers):
        return {404}
    open_ = {200, 302, 303, 409} if askers else {200, 302, 303}
    return open_ if is_holder and rule not in LEADING_ON else {302, 303, 403, 404}


def test_every_reading_route_answers_everybody_as_it_declares(door):
    wrong = []

    for rule, policy in readable_routes(door.app):
        for visitor in VISITORS:
            answer = door.visitor(visitor).ask("GET", filled(rule, door.things))
            if answer.status_code not in expected(policy, rule, visitor):
                wrong.append((rule, visitor, answer.status_code, answer.text[:200]))

    assert wrong == []


def test_owner_and_staff_read_what_the_thing_says(door):
    """Guard against a matrix of nothing but closed doors."""
    read = {
        visitor: [
            door.visitor(visitor).ask("GET", filled(rule, door.things)).status_code
            for rule in ("/devices/<device_id>", "/entries/<entry_id>", "/api/v1/comments/<comment_id>")
        ]
        for visitor in ROLES
    }

    assert read == {visitor: [404] * 3 if visitor == "stranger" else [200] * 3 for visitor in ROLES}


def test_foreign_and_missing_are_the_same_to_a_stranger(door):
    different = []

    for method, rule, endpoint, names in object_routes(door.app):
        missing = {name: str(new_id()) for name in names}
        body = {"json": BODIES.get(endpoint, {})} if not is_page(rule) and method not in {"GET", "DELETE"} else {}
        there = door.visitor("stranger").ask(method, filled(rule, door.things), **body)
        nowhere = door.visitor("stranger").ask(method, filled(rule, missing), **body)
        known = told(there, *(door.things[name] for name in names))
        if known != told(nowhere, *missing.values()) or there.status_code < 400:
            different.append((method, rule, known[:2], nowhere.status_code))

    assert different == []


def test_missing_is_never_a_fault_of_ours(door):
    odd = ("9" * 400, "%00", "..%2f..", "{id}", "é")
    wrong = []

    for method, rule, _, names in object_routes(door.app):
        for one in odd:
            answer = door.visitor("admin").ask(method, filled(rule, dict.fromkeys(names, one)))
            if answer.status_code >= 500 or answer.status_code < 300:
                wrong.append((method, rule, one, answer.status_code))

    assert wrong == []
