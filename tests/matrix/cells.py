"""The cells of the matrix: every operation, each of its acts, every visitor; asked, and judged against the policy."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask
from werkzeug.test import TestResponse

from statusportal.access.permissions import Permission
from statusportal.foundation.ids import new_id
from statusportal.http.policies import Door, Reach, RoutePolicy, policy_for, reach_of
from tests.matrix.act import Act, filled
from tests.matrix.acts import acts_of, is_awaited
from tests.matrix.expectation import Outcome, expected
from tests.matrix.visitors import Visitor
from tests.matrix.world import World

_READING = {"GET", "HEAD"}
_UNSTEADY = re.compile(rb'(csrf[-_]token" (?:content|value)=")[^"]*')
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

    def outcome_for(self, visitor: Visitor) -> Outcome:
        """Derive the answer from the policy alone."""
        return expected(self.policy, self.reach, self.asked, visitor, is_authors=self.is_authors)

    def status_of(self, outcome: Outcome) -> int:
        """Return the one status that an outcome has here."""
        usual = 200 if self.is_reading else 303 if self.is_page else 201 if self.method == "POST" else 200
        return {
            Outcome.OPEN: self.act.status or usual,
            Outcome.CLOSED: 303 if self.is_page else 401,
            Outcome.LACKING: 403,
            Outcome.ABSENT: 404,
        }[outcome]


def operations(app: Flask) -> list[Operation]:
    """List every operation of the app, by address."""
    found = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            policy = policy_for(app, rule.endpoint, method)
            assert policy is not None, f"{method} {rule.rule} declares no policy"
            found += [Operation(rule.rule, method, rule.endpoint, policy, act) for act in acts_of(rule.endpoint)]
    return found


def asked_operations(app: Flask) -> list[Operation]:
    """List the operations whose cells are asked."""
    return [one for one in operations(app) if not is_awaited(one.endpoint)]


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
    is_form = operation.policy.door is Door.LINK
    return world.ask(visitor, operation.method, address, is_form=is_form, **{**more, **instead})


def nowhere(things: Mapping[str, str]) -> dict[str, str]:
    """Return things of the same names that nobody has."""
    return {name: str(new_id()) if name.endswith("_id") else value for name, value in things.items()}


def told(answer: TestResponse, things: Mapping[str, str]) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
    """Return all that an answer tells, less the ids that were asked for and what is new in every answer."""
    body = _UNSTEADY.sub(rb"\1", answer.data)
    for name, one in things.items():
        if name.endswith("_id"):
            body = body.replace(one.encode(), b"ID")
    headers = tuple(sorted((name, value) for name, value in answer.headers if name not in _UNSTEADY_HEADERS))
    return answer.status_code, body, headers
