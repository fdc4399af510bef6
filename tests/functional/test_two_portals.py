"""Two portals on one database: what ends in one ends in the other, open sockets within five seconds."""

import time

import pytest
import requests

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import StaffRole
from statusportal.accounts.service import disable_person
from statusportal.app import create_app
from statusportal.db.engine import open_engine
from statusportal.foundation.clock import SystemClock
from statusportal.identity.signing_in import end_all_sign_ins_of
from statusportal.wiring import wiring
from statusportal.work import Works
from tests.factories.accounts import PASSWORD, make_organisation, make_person, make_staff_actor
from tests.servers.live import Listener, LiveServer, within


@pytest.fixture
def portals(settings):
    """Two engines, two apps, two servers; one database."""
    made = [Works(open_engine(settings.database_url), SystemClock(), wiring(), settings) for _ in range(2)]
    servers = [LiveServer(create_app(settings, one)) for one in made]
    yield made, servers
    for server in servers:
        server.stop()
    for one in made:
        one.engine.dispose()


@pytest.fixture
def mette(portals):
    return make_person(portals[0][0], make_organisation(portals[0][0], "alpha"), password=PASSWORD)


def entered(server, person):
    client = requests.Session()
    client.post(f"{server.url}/api/v1/session", json={"email": person.email, "password": PASSWORD})
    listener = Listener()
    assert listener.connect(
        server.url, headers={"Cookie": "; ".join(f"{one.name}={one.value}" for one in client.cookies)}
    )
    return client, listener


def is_in(client, server):
    return client.get(f"{server.url}/api/v1/session").status_code == 200


def end_by_owner(works, here, person):
    csrf = here.client.get(f"{here.url}/api/v1/session").json()["csrf_token"]
    assert here.client.delete(f"{here.url}/api/v1/sessions", headers={"X-CSRFToken": csrf}).status_code == 204


def end_by_administrator(works, here, person):
    with works.writing(make_staff_actor(works, StaffRole.ADMIN)) as work:
        end_all_sign_ins_of(work, person.id)


def shut_out(works, here, person):
    with works.writing(make_staff_actor(works, StaffRole.ADMIN)) as work:
        disable_person(work, person.id)


class Here:
    """The first portal, and a browser that is signed in there."""

    def __init__(self, url, client):
        self.url, self.client = url, client


@pytest.mark.parametrize("end", [end_by_owner, end_by_administrator, shut_out])
def test_what_ends_in_one_portal_ends_in_the_other(portals, mette, end):
    (works, _), (first, second) = portals
    here, _ = entered(first, mette)
    there, socket = entered(second, mette)
    assert is_in(there, second)

    end(works, Here(first.url, here), mette)
    ended_at = time.monotonic()
    outside = not is_in(there, second)
    is_cut = within(20, lambda: not socket.is_open)
    took_s = time.monotonic() - ended_at

    assert (outside, is_cut) == (True, True)
    assert took_s < 5.0
    for client in (here, there):
        client.close()


def test_one_session_ends_and_the_others_stay(portals, mette):
    _, (first, second) = portals
    here, kept = entered(first, mette)
    there, cut = entered(second, mette)
    csrf = {"X-CSRFToken": here.get(f"{first.url}/api/v1/session").json()["csrf_token"]}
    sessions = here.get(f"{first.url}/api/v1/sessions").json()["items"]
    other = next(one["id"] for one in sessions if not one["is_current"])

    here.delete(f"{first.url}/api/v1/sessions/{other}", headers=csrf)

    assert within(5, lambda: not cut.is_open)
    assert (is_in(there, second), is_in(here, first), kept.is_open) == (False, True, True)
    kept.leave()
    for client in (here, there):
        client.close()


def test_nobody_is_cut_who_may_stay(portals, mette):
    (works, _), (_, second) = portals
    other = make_person(works, make_organisation(works, "beta"), password=PASSWORD)
    client, socket = entered(second, other)

    with works.writing(SYSTEM) as work:
        end_all_sign_ins_of(work, mette.id)

    assert not within(5, lambda: not socket.is_open)
    assert is_in(client, second)
    socket.leave()
    client.close()
