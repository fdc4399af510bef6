"""Class 34: what was shown once and is not any more: an export, a search or a list that still has it.

Seen at Zulip, twice. An entry is shown to guests, taken back inside, and shown again; every way to read it
follows at once.
"""

import pytest

from tests.holes.street import visitor

WORDS = "Why so hot?"


def ways(world):
    """Return what a guest reads in each place where the entry could stand."""
    guest, things = visitor("customer_admin/guest_all"), world.things
    places = {
        "entry": f"/api/v1/entries/{things['entry_id']}",
        "comments": f"/api/v1/entries/{things['entry_id']}/comments",
        "page": f"/entries/{things['entry_id']}",
        "list": "/api/v1/entries",
        "time line": f"/api/v1/devices/{things['device_id']}/entries",
        "device": f"/devices/{things['device_id']}",
        "search": "/api/v1/search?q=hot",
        "search page": "/search?q=hot",
        "csv": f"/api/v1/devices/{things['device_id']}/export?format=csv",
        "json": f"/api/v1/devices/{things['device_id']}/export?format=json",
    }
    return {name: world.ask(guest, "GET", address).text for name, address in places.items()}


@pytest.fixture
def move(world):
    def _move(audience):
        address = f"/api/v1/entries/{world.things['entry_id']}"
        answer = world.ask(visitor("customer_admin/owner"), "PATCH", address, json={"audience": audience})
        if answer.status_code != 200:
            answer = world.ask(visitor("customer/author"), "PATCH", address, json={"audience": audience})
        assert answer.status_code == 200, answer.text

    return _move


def test_every_way_to_read_follows_at_once(world, state, move):
    shown = {name: WORDS in text for name, text in ways(world).items()}
    move("organisation")
    hidden = {name: WORDS in text or "Nobody answers." in text for name, text in ways(world).items()}
    move("shared")
    again = {name: WORDS in text for name, text in ways(world).items()}

    assert sum(shown.values()) >= 6
    assert {name for name, is_there in hidden.items() if is_there} == set()
    assert again == shown
