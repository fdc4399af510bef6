"""Class 24: tokens that travel on, and secrets that are shown again.

Seen at Grafana, whose plugins were sent the reader's cookies, and at GitLab, whose API told a token a second time.
What the portal sends to somebody else holds the headers that are named here and nothing of who made it send; what was
once shown, or was only ever written, stands in no answer to anybody.
"""

from datetime import timedelta

import msgspec

from statusportal.access.actor import SYSTEM
from statusportal.federation.configuring import keep_provider
from statusportal.federation.vocabulary import ProviderDraft
from statusportal.foundation.clock import to_ms
from statusportal.ingest.follow import follow_once
from statusportal.jobs.forwarding import forwarding_round
from tests.factories.connections import make_connection
from tests.holes.street import operations, send, visitor
from tests.servers.receiver import Receiver

OWN_HEADERS = {
    "Host",
    "Accept-Encoding",
    "Content-Length",
    "Content-Type",
    "User-Agent",
    "X-Portal-Parcel",
    "X-Portal-Signature",
}
SHARED, PROVIDERS, BROKERS = "canary-of-a-receiver-1", "canary-of-a-provider-1", "canary-of-a-broker-1"


def forwarded(world, receiver):
    """Let the owner have what is theirs sent on, by calls that carry a token, a cookie and a machine's key."""
    settings = msgspec.structs.replace(world.works.settings, forwarding_allow="127.0.0.0/8")
    usual, world.works.settings = world.works.settings, settings
    owner, machine = visitor("customer_admin/owner"), visitor("device")
    address = f"/api/v1/organisations/{world.things['organisation_id']}/forwardings"
    body = {"name": "Kilde", "address": receiver.url, "secret": SHARED}
    made = world.ask(owner, "POST", address, json=body, cookies={"portal_session": "canary-of-a-cookie"})
    sample = {"ts": to_ms(world.works.clock.now()), "values": {"temperature": 21.5}}
    assert (made.status_code, world.ask(machine, "POST", "/api/v1/telemetry", json=sample).status_code) == (201, 200)
    world.works.clock.move(timedelta(seconds=1))
    while follow_once(world.works):
        pass
    while forwarding_round(world.works) == 0.0:
        pass
    world.works.settings = usual


def test_what_is_sent_to_others_holds_nothing_of_who_made_it_send(world):
    with Receiver() as receiver:
        forwarded(world, receiver)

    secrets = [SHARED, "canary-of-a-cookie", *world.tokens.values()]
    assert receiver.calls != []
    assert {name for headers, _ in receiver.calls for name in headers} == OWN_HEADERS
    sent = [repr(headers) + body.decode() for headers, body in receiver.calls]
    assert [one for one in secrets for said in sent if one in said] == []


def test_no_answer_tells_a_secret_a_second_time(world):
    """Every reading operation, by those who see most, with what was shown once and what was only ever written."""
    alpha = world.organisations["owner"]
    broker = {"host": "127.0.0.1", "port": 1, "topics": ["a"], "username": "u", "password": BROKERS}
    things = {**world.things, "connection_id": str(make_connection(world.works, alpha, "mqtt", broker))}
    with world.works.writing(SYSTEM) as work:
        draft = ProviderDraft(name="Work", issuer="https://127.0.0.1", client_id="portal", client_secret=PROVIDERS)
        keep_provider(work, alpha.id, draft)
    shown_once = {name: things[name] for name in ("token", "secret", "claim_secret", "link_token")}
    secrets = {*shown_once.values(), *world.tokens.values(), "a shared secret of ours", PROVIDERS, BROKERS}
    told, opened = [], 0

    for operation in operations(world.app):
        if not operation.is_reading or operation.endpoint == "static" or shown_once.keys() & set(operation.variables):
            continue
        for who in map(visitor, ("admin", "customer_admin/owner", "customer/author")):
            answer = send(world, operation, who, things)
            opened += answer.status_code == 200
            text = answer.data.decode(errors="replace") + str(answer.headers)
            told += [(operation.name, who.name, one[:12]) for one in secrets if one in text]

    assert told == []
    assert opened > 100
