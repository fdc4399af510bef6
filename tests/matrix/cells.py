"""The cells of the matrix: every operation, each of its acts, every visitor; asked, and judged against the policy."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import cast
from zlib import crc32

from flask import Flask
from werkzeug.test import TestResponse

from statusportal.access.permissions import Permission
from statusportal.foundation.ids import new_id
from statusportal.http.policies import REACHES, Door, Reach, RoutePolicy, policy_for, reach_of
from tests.factories.steady import steady
from tests.matrix.act import Act, filled
from tests.matrix.acts import acts_of
from tests.matrix.expectation import REMAINS, Left, Outcome, expected
from tests.matrix.visitors import BY_NAME, Kind, Visitor
from tests.matrix.world import World

_READING = {"GET", "HEAD"}
_UNSTEADY_HEADERS = {"Content-Length", "Set-Cookie", "Date"}
_PROGRAMS = ("/api/", "/v1/", "/healthz", "/readyz", "/metrics")


@dataclass(frozen=True, slots=True)
class Operation:
    """One route with one method and one act."""

    rule: str
    method: str
    endpoint: str
    policy: RoutePolicy
    act: Act

    @property
    def name(self) -> str:
        """Name it as the golden table does."""
        return f"{self.method} {self.rule}" + (f" ({self.act.name})" if self.act.name else "")

    @property
    def variables(self) -> tuple[str, ...]:
        """Return the names of the rule's variables, in order."""
        return tuple(re.findall(r"<(?:\w+:)?(\w+)>", self.rule))

    @property
    def reach(self) -> Reach:
        """Return who sees the thing, wherever it is named."""
        reach = self.act.reach or reach_of(self.rule, self.policy)
        assert reach is not None, f"Say in REACHES of statusportal/http/policies.py who sees the thing of {self.rule}"
        return reach

    @property
    def asked(self) -> Permission | None:
        """Return the permission that this act needs."""
        return self.act.asks or self.policy.permission

    @property
    def is_authors(self) -> bool:
        """Tell whether it is for who wrote the thing alone."""
        return self.act.is_authors or self.policy.is_authors

    @property
    def is_page(self) -> bool:
        """Tell whether a person's browser asks."""
        return not self.rule.startswith(_PROGRAMS)

    @property
    def is_reading(self) -> bool:
        """Tell whether nothing is to change."""
        return self.method in _READING

    @property
    def subject(self) -> str | None:
        """Return the variable that names the thing whose reach is declared; None where it stands in the body."""
        named = [name for name in self.variables if REACHES.get(name) is self.reach]
        return named[-1] if named else None

    def outcome_for(self, visitor: Visitor, left: Left = Left.ALL) -> Outcome:
        """Derive the answer from the policy alone."""
        return expected(
            self.policy,
            self.reach,
            self.asked,
            visitor,
            is_authors=self.is_authors,
            is_reading=self.is_reading,
            left=left,
        )

    def status_of(self, outcome: Outcome) -> int:
        """Return the one status that an outcome has here."""
        usual = 200 if self.is_reading else 303 if self.is_page else 201 if self.method == "POST" else 200
        return {
            Outcome.OPEN: self.act.status or usual,
            Outcome.CLOSED: 303 if self.is_page else 401,
            Outcome.LACKING: 403,
            Outcome.ABSENT: self.act.missing,
        }[outcome]


def stand_ins(operation: Operation, visitors: Iterable[Visitor], kind: Callable[[Visitor], object]) -> list[Visitor]:
    """Return one of each kind of visitors, taken in turn from operation to operation so that everybody comes to many.

    For those between whom no door can tell a difference: they are one column here, and still each by themselves in the
    golden table.
    """
    groups: dict[object, list[Visitor]] = {}
    for one in visitors:
        groups.setdefault(kind(one), []).append(one)
    turn = crc32(operation.name.encode())
    return [group[turn % len(group)] for group in groups.values()]


def role(visitor: Visitor) -> object:
    """Return what somebody is wherever they are."""
    return visitor.kind, visitor.role, visitor.scopes, visitor.elsewhere, visitor.is_seen


def apart(operation: Operation) -> Callable[[Visitor], object]:
    """Return what tells visitors apart at a door.

    Where no thing is asked for, roles; relations too where one is. Links and machines are nobody but at doors of their
    own. An act that is one visitor's alone is everybody's own. Of those who were let in by name one comes for each
    answer that the policy has for them.
    """
    door = operation.policy.door
    nobody = {Kind.LINK: Door.LINK, Kind.MACHINE: Door.MACHINE}
    has_thing = door is not Door.MACHINE and (bool(operation.variables) or operation.reach is not Reach.NO_THING)

    def kind(visitor: Visitor) -> object:
        if visitor.kind in nobody and nobody[visitor.kind] is not door:
            return visitor.kind
        if has_thing and visitor.relation in BY_NAME and not operation.act.by:
            return BY_NAME, operation.outcome_for(visitor)
        return visitor.name if has_thing or operation.act.by or visitor.kind is not Kind.PERSON else role(visitor)

    return kind


def operations(app: Flask) -> list[Operation]:
    """List every operation of the app, by address."""
    found = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            policy = policy_for(app, rule.endpoint, method)
            assert policy is not None, f"{method} {rule.rule} declares no policy"
            found += [Operation(rule.rule, method, rule.endpoint, policy, act) for act in acts_of(rule.endpoint)]
    return found


def send(
    world: World, operation: Operation, visitor: Visitor, things: Mapping[str, str], **instead: object
) -> TestResponse:
    """Use an operation on given things in a visitor's name; `instead` replaces the act's body or query."""
    act = operation.act
    things = {**things, **{name: things[other] for name, other in act.things.items()}}
    address = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: things[found[1]], operation.rule)
    more: dict[str, object] = {"query_string": filled(act.query, things)}
    if act.json is not None:
        more["json"] = filled(act.json, things)
    if act.form is not None:
        more["data"] = filled(act.form, things)
    if act.files:
        sent = {name: (BytesIO(body), called) for name, (body, called) in act.files.items()}
        more["data"] = {**cast("dict[str, object]", more.get("data", {})), **sent}
    if act.cookies:
        more["cookies"] = filled(act.cookies, things)
    is_form = operation.policy.door is Door.LINK
    return world.ask(visitor, operation.method, address, is_form=is_form, **{**more, **instead})


# What names a thing in an address that a page repeats.
_NAMING = ("_id", "model_slug")
# What nobody ever had, where a thing is not named by an id.
_NOBODYS = {
    "label": "ZZZZZZZZZZ",
    "token": "nothing",
    "link_token": "nothing",
    "calendar_token": "nothing",
    "secret": "nothing",
    "filename": "nothing.js",
    "slug": "nobody",
    "model_slug": "nobody",
}


def nowhere(things: Mapping[str, str]) -> dict[str, str]:
    """Return things of the same names that nobody has."""
    return {name: str(new_id()) if name.endswith("_id") else _NOBODYS.get(name, one) for name, one in things.items()}


def deleted(operation: Operation, things: Mapping[str, str], gone: Mapping[str, str]) -> dict[str, str] | None:
    """Return things of which the one that an operation is about was deleted; None where no such thing can be.

    A link that ended is a visitor of its own.
    """
    named = operation.act.things.get(operation.subject or "", operation.subject)
    if named not in gone or operation.subject not in REMAINS or operation.policy.door is Door.LINK:
        return None
    return {**things, named: gone[named]}


def told(answer: TestResponse, *things: Mapping[str, str]) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
    """Return all that an answer tells, less the names of the given things in it, and what is new in every answer.

    A page names its own address, in which a thing stands by its id or, of a model, by its word.
    """
    body = steady(answer.data)
    for one in {one for some in things for name, one in some.items() if name.endswith(_NAMING)}:
        body = body.replace(one.encode(), b"ID")
    headers = tuple(sorted((name, steady(value)) for name, value in answer.headers if name not in _UNSTEADY_HEADERS))
    return answer.status_code, body, headers
