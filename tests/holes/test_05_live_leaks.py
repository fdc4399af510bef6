"""Class 5: who loses sight of a machine loses it on open sockets too, within five seconds, whatever took it away.

Seen at Discourse and Zulip.
"""

import time
from datetime import timedelta

import pytest

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, SharingMode
from statusportal.app import create_app
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import Audience, EntryKind
from statusportal.trees.confiding import keep_confidential, set_sharing_mode
from statusportal.trees.placing import free_organisation, place_organisation
from tests.factories.accounts import make_organisation, make_person
from tests.factories.doors import token_of
from tests.factories.fleet import end_grant, make_device, make_grant, make_transfer
from tests.servers.live import Listener, LiveServer, deliver_nudges, within

WITHIN_S = 5.0


@pytest.fixture
def server(settings, works):
    server = LiveServer(create_app(settings, works))
    yield server
    server.stop()


def as_portal(works, verb, *values):
    with works.writing(SYSTEM) as work:
        verb(work, *values)


def granted(works, device, owner):
    guest = make_organisation(works)
    grant = make_grant(works, device, guest)
    return make_person(works, guest), lambda: end_grant(works, grant)


def member_of_a_closing_house(works, device, owner):
    return make_person(works, owner), lambda: as_portal(works, set_sharing_mode, owner.id, SharingMode.NONE)


def member_before_it_is_confidential(works, device, owner):
    return make_person(works, owner), lambda: as_portal(works, keep_confidential, device.id)


def holding_before_the_site_leaves(works, device, owner):
    holding = make_organisation(works)
    as_portal(works, place_organisation, owner.id, holding.id)
    return make_person(works, holding), lambda: as_portal(works, free_organisation, owner.id)


class Watch:
    """Two who watch one machine: one who is about to lose sight of it, and one who keeps it."""

    def __init__(self, works, server, lose):
        owner = make_organisation(works)
        self.name = lose.__name__
        self.device = make_device(works, owner)
        self.topic = f"device:{self.device.id}"
        person, self.take_away = lose(works, self.device, owner)
        boss = make_person(works, owner, MemberRole.CUSTOMER_ADMIN)
        self.losing, self.keeping = Listener(), Listener()
        for listener, who in ((self.losing, person), (self.keeping, boss)):
            assert listener.connect(server.url, auth={"token": token_of(works, who)})
            assert listener.watch(self.topic)[self.topic]["state"] == "ok"

    def leave(self):
        self.losing.leave()
        self.keeping.leave()


WAYS = (granted, member_of_a_closing_house, member_before_it_is_confidential, holding_before_the_site_leaves)


def test_lost_sight_is_cut_on_open_sockets(settings, works, server):
    watches = [Watch(works, server, lose) for lose in WAYS]

    for watch in watches:
        watch.take_away()
    time.sleep(WITHIN_S)
    for watch in watches:
        with works.writing(SYSTEM) as work:
            publish_entry(work, watch.device.id, EntryKind.FIELD_UPDATE, "canary", "Hm.", Audience.SHARED)
    deliver_nudges(works)

    for watch in watches:
        assert within(WITHIN_S, lambda now=watch: [one["topic"] for one in now.keeping.changed] == [now.topic])
        assert (watch.name, watch.losing.changed) == (watch.name, [])
        assert watch.losing.watch(watch.topic) == {watch.topic: {"state": "not_found"}}
        watch.leave()


def test_seller_hears_nothing_after_the_sale(works, server, clock):
    seller, buyer = make_organisation(works), make_organisation(works)
    device = make_device(works, seller, from_at=clock.now() - timedelta(hours=1))
    listener = Listener()
    assert listener.connect(server.url, auth={"token": token_of(works, make_person(works, seller))})
    topic = f"device:{device.id}"
    before = listener.watch(topic)[topic]
    make_transfer(works, device, buyer)
    with works.writing(SYSTEM) as work:
        publish_entry(work, device.id, EntryKind.FIELD_UPDATE, "canary", "Hm.")
    deliver_nudges(works)

    assert listener.changed == []
    assert listener.watch(topic)[topic] == before
    listener.leave()
