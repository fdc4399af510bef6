"""How often a machine's status changed in its seller's time is told to no buyer, before or after it begins anew."""

from datetime import timedelta

from devices.reading import Reading
from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole
from statusportal.custody.queries import organisation_named
from statusportal.custody.transferring import accept_transfer, offer_transfer
from statusportal.foundation.clock import to_ms
from statusportal.ingest.follow import follow_once
from statusportal.ingest.sources import Source
from statusportal.ingest.store import store_readings
from statusportal.live.seeing import device_versions
from statusportal.passage.service import expire_due
from statusportal.status.queries import status_of
from tests.factories.accounts import make_actor, make_organisation
from tests.factories.fleet import make_device, make_limit, make_model

ADMIN = MemberRole.CUSTOMER_ADMIN
MINUTE = timedelta(minutes=1)


def test_version_starts_at_none_for_the_next_owner_and_counts_on(works, clock):
    seller, buyer = make_organisation(works, "seller"), make_organisation(works, "buyer")
    model = make_model(works, "oven")
    make_limit(works, model)
    device = make_device(works, seller, "A-1", model)
    selling, buying = make_actor(works, seller, ADMIN), make_actor(works, buyer, ADMIN)

    def send(organisation, value):
        clock.move(MINUTE)
        reading = Reading(None, "temperature", to_ms(clock.now()), value)
        store_readings(works, Source("credential:test", organisation.id, device.id), [reading])
        while follow_once(works):
            pass

    def versions(actor):
        with works.reading(actor) as work:
            status = status_of(work, device.id)
            return status.version if status else None, device_versions(work, [device.id])[device.id]

    for value in (20.0, 99.0, 20.0, 99.0):
        send(seller, value)
    shown, watched = versions(selling)
    assert (shown > 1, watched >= shown) == (True, True)

    with works.writing(selling) as work:
        offered = offer_transfer(work, device.id, organisation_named(work, "buyer"))
    with works.writing(buying) as work:
        accept_transfer(work, offered.id)
    assert versions(buying) == (0, 0)
    with works.writing(SYSTEM) as work:
        assert expire_due(work) == 1
    assert versions(buying) == (0, 0)
    send(buyer, 20.0)
    assert versions(buying) == (1, 1)
