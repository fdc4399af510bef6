"""Class 1: what one organisation reads, another replays.

Seen at Sentry, Discourse, ShellHub and OneUptime, whose tenant came from a header. Alpha's administrator follows every
address that pages and lists lead to; strangers replay them, plainly and with everything that might name a tenant.
"""

import pytest

from tests.holes.street import crawl, visitor

# What alpha's people typed, and what their machine is called: nobody else may read it anywhere.
CANARIES = (b"Why so hot?", b"smells", b"Nobody answers.", b"A-1")
OVERRIDES = ("X-Org-Id", "X-Organisation", "X-Tenant", "X-Forwarded-User", "X-Original-URL", "X-Rewrite-URL")


def opened(world):
    return crawl(world, visitor("customer_admin/owner"))


def told(data):
    return [one for one in CANARIES if one in data]


def test_crawl_finds_what_could_leak(world):
    found = opened(world)

    assert len(found) > 25
    assert {one for data in found.values() for one in told(data)} == set(CANARIES)


@pytest.mark.parametrize("who", ["customer_admin/stranger", "customer_admin/same_model", "customer_admin/revoked"])
def test_replaying_anothers_addresses_tells_nothing(world, who):
    leaks = []

    for address in opened(world):
        answer = world.ask(visitor(who), "GET", address)
        leaks += [(address, one) for one in told(answer.data)]
        assert answer.status_code < 500, address

    # What was searched for stands in the search field of whoever searches.
    assert [leak for leak in leaks if not leak[0].startswith("/search")] == []


def test_naming_a_tenant_opens_nothing(world):
    alpha = world.things["organisation_id"]
    stranger = visitor("customer_admin/stranger")
    token = {"Authorization": f"Bearer {world.tokens[stranger.name]}"}
    device = f"/api/v1/devices/{world.things['device_id']}"
    client = world.app.test_client()

    by_header = [client.get(device, headers=token | {name: alpha}).status_code for name in OVERRIDES]
    by_query = [
        told(client.get(address, headers=token, query_string={name: alpha}).data)
        for address in ("/api/v1/devices", "/api/v1/entries", "/")
        for name in ("organisation", "organisation_id", "org_id", "tenant")
    ]

    assert by_header == [404] * len(OVERRIDES)
    assert by_query == [[]] * 12
