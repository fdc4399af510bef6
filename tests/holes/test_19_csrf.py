"""Class 19: what another site makes a browser send.

Seen at NodeBB. Every operation that changes something is sent with the cookie of somebody who may, from foreign origins
and as forms and plain text, and without the token.
"""

import re

import pytest

from tests.factories.accounts import PASSWORD
from tests.holes.street import changing
from tests.matrix.act import filled

FOREIGN = (
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "https://localhost.evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
)


_CHALLENGE = "Second proofs.begin_showing"
# Mail programs end letters from wherever they are: the secret in the address is the proof, and no cookie is asked.
_BY_SECRET = "/stop/<secret>"


@pytest.fixture
def cookies(world):
    """A signed-in client by visitor, and the state taken after the sign-ins."""
    clients = {}
    for name, person in world.people.items():
        clients[name] = world.app.test_client()
        clients[name].post("/api/v1/session", json={"email": person.email, "password": PASSWORD})
    return clients


def test_other_sites_change_nothing(world, cookies, state):
    state.take_anew()
    wrong = []

    for operation, who in changing(world):
        # A challenge is nobody's until a passkey answers it.
        if operation.policy.door == "machine" or who.scopes is not None or operation.endpoint == _CHALLENGE:
            continue
        if operation.rule.endswith(_BY_SECRET):
            continue
        client, address = cookies[who.name], address_of(world, operation)
        body = filled(operation.act.json or operation.act.form or {}, world.things)
        ways = [{"headers": one, "json" if operation.act.json is not None else "data": body} for one in FOREIGN]
        ways.append({"data": str(body).encode(), "content_type": "text/plain"})
        for way in ways:
            answer = client.open(address, method=operation.method, **way)
            if not 400 <= answer.status_code < 500 or (changed := state.changed_tables()):
                wrong.append((operation.name, str(way)[:60], answer.status_code, changed))
                state.go_on()

    assert wrong == []


def address_of(world, operation):
    rule = operation.rule
    for name in operation.variables:
        rule = re.sub(rf"<(?:\w+:)?{name}>", world.things[operation.act.things.get(name, name)], rule)
    return rule
