"""Class 13: little that becomes much: compressed bodies, and structures within structures.

Seen at Discourse and Nextcloud. Archives are not taken; of a picture the head is read before its pixels.
"""

import gzip
import resource
import time
from io import BytesIO

import pytest

from tests.factories.files import bomb
from tests.holes.street import visitor

DEEP = 100_000
BODIES = {
    "forty megabytes in forty kilobytes": (
        gzip.compress(b'{"temperature": 1}' + b" " * 40_000_000),
        {"Content-Encoding": "gzip"},
    ),
    "lists in lists": (b"[" * DEEP + b"]" * DEEP, {}),
    "objects in objects": (b'{"values":' * DEEP + b"1" + b"}" * DEEP, {}),
    "a number of a million digits": (b'{"temperature": ' + b"9" * 1_000_000 + b"}", {}),
    "an exponent": (b'{"temperature": 1e999999999}', {}),
}


@pytest.mark.parametrize("what", BODIES)
def test_small_body_stays_small(world, state, what):
    data, headers = BODIES[what]
    client = world.app.test_client()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    answers = [
        client.open(
            address,
            method="POST",
            data=data,
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json", **headers},
        )
        for address, token in (
            ("/api/v1/telemetry", world.tokens["device"]),
            (f"/api/v1/devices/{world.things['device_id']}/entries", world.tokens["customer_admin/owner"]),
        )
    ]

    assert all(400 <= one.status_code < 500 for one in answers), [one.status_code for one in answers]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024
    assert state.changed_tables() == []


@pytest.mark.parametrize("body", [bomb(), gzip.compress(b"0" * 40_000_000)], ids=["900 million pixels", "a packed log"])
def test_file_that_would_burst_is_refused_at_once(world, state, body):
    address = f"/api/v1/entries/{world.things['entry_id']}/attachments"
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()

    answer = world.ask(visitor("customer_admin/owner"), "POST", address, data={"file": (BytesIO(body), "a.png")})

    assert time.monotonic() - began < 1
    assert (answer.status_code, [one["pointer"] for one in answer.json["errors"]]) == (422, ["/file"])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024
    assert state.changed_tables() == []


def test_visitor_of_these_bodies_is_let_in_otherwise(world, state):
    address = f"/api/v1/devices/{world.things['device_id']}/entries"

    answer = world.ask(visitor("customer_admin/owner"), "POST", address, json={"kind": "question", "title": "Why?"})

    assert answer.status_code == 201
