import json
import logging
import threading
import time

import pytest

from devices.errors import AuthenticationFailed, OptionInvalid, SinkRefused, SinkUnavailable
from devices.gateway.buffer import Buffer
from devices.gateway.forwarder import Forwarder
from devices.gateway.portal import Portal
from devices.protocol import Receipt, SinkWaiting
from devices.reading import Quality, Reading
from tests.servers.portal import ScriptedPortal
from tests.servers.ports import free_port

READINGS = tuple(Reading("A", signal, 1_700_000_000_000 + n, n) for n in range(50) for signal in ("t", "h"))


@pytest.fixture
def portal():
    with ScriptedPortal() as scripted:
        yield scripted


@pytest.fixture
def buffer(tmp_path):
    made = Buffer(tmp_path / "buffer.sqlite")
    made.store(READINGS)
    yield made
    made.close()


def test_neighbours_of_one_time_travel_together(portal):
    readings = (
        Reading("A", "t", 1, 1.5),
        Reading("A", "h", 1, 2),
        Reading("A", "t", 1, 9),
        Reading("B", "t", 1, "x", Quality.STALE, is_retained=True),
    )

    receipt = Portal(portal.url, "spd_secret").send(readings)

    assert receipt == Receipt(accepted=3, conflicts=1)
    ((headers, items),) = portal.requests
    assert headers["Authorization"] == "Bearer spd_secret"
    assert items == [
        {"device": "A", "ts": 1, "values": {"t": 1.5, "h": 2}},
        {"device": "A", "ts": 1, "values": {"t": 9}},
        {"device": "B", "ts": 1, "values": {"t": "x"}, "quality": "stale", "retained": True},
    ]


@pytest.mark.parametrize(
    ("status", "headers", "error", "retry_after_s"),
    [
        (429, {"Retry-After": "7"}, SinkUnavailable, 7.0),
        (503, {"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"}, SinkUnavailable, None),
        (500, {}, SinkUnavailable, None),
        (302, {"Location": "http://127.0.0.1:1/"}, SinkUnavailable, None),
        (400, {}, SinkRefused, None),
        (413, {}, SinkRefused, None),
        (401, {}, AuthenticationFailed, None),
        (404, {}, AuthenticationFailed, None),
    ],
)
def test_answers_become_the_houses_errors(portal, status, headers, error, retry_after_s):
    portal.answers = [(status, headers, b'{"detail": "because"}')]

    with pytest.raises(error, match=f"answered {status}: .*because") as caught:
        Portal(portal.url, "spd_secret").send(READINGS)

    assert getattr(caught.value, "retry_after_s", None) == retry_after_s


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b'{"accepted": "many"}', b"\xff"])
def test_an_answer_that_is_no_portals_is_tried_again(portal, body):
    portal.answers = [(200, {}, body)]

    with pytest.raises(SinkUnavailable, match="is the address right"):
        Portal(portal.url, "spd_secret").send(READINGS)


def test_nobody_there_is_tried_again():
    with pytest.raises(SinkUnavailable, match="is not reached"):
        Portal(f"http://127.0.0.1:{free_port()}", "spd_secret").send(READINGS)


@pytest.mark.parametrize("url", ["status.example.com", "ftp://x", "http://", "http://u:p@x", "http://x:99999"])
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(OptionInvalid, match="url"):
        Portal(url, "spd_secret")


@pytest.mark.parametrize("token", ["", "two\nlines", "tök"])
def test_a_token_that_is_none_is_refused_and_not_shown(token):
    with pytest.raises(OptionInvalid, match="token: A gateway token was expected"):
        Portal("http://127.0.0.1", token)


def test_a_troubled_portal_gets_everything_in_the_end(portal, buffer):
    trouble = [(503, {"Retry-After": "0"}, b""), (429, {"Retry-After": "0"}, b""), (200, {}, b"?")]
    portal.answers = list(trouble)
    told, stop = [], threading.Event()
    forwarder = Forwarder(buffer, Portal(portal.url, "spd_secret"), told.append)
    forwarder._backoff._bound_s = 0.05

    thread = threading.Thread(target=forwarder.run, args=(stop,))
    thread.start()
    until_s = time.monotonic() + 10
    while buffer.count() and time.monotonic() < until_s:
        time.sleep(0.01)
    stop.set()
    thread.join()

    assert buffer.count() == 0
    assert portal.kept == {(one.serial, one.signal, one.at_ms): one.value for one in READINGS}
    assert [type(one) for one in told] == [SinkWaiting] * 3


def test_an_answer_that_was_lost_costs_only_duplicates(portal, buffer):
    Portal(portal.url, "spd_secret").send(READINGS)

    forwarder = Forwarder(buffer, Portal(portal.url, "spd_secret"), print)

    assert forwarder.forward_once()
    assert not forwarder.forward_once()
    assert len(portal.kept) == len(READINGS)


def test_one_poisonous_reading_is_dropped_alone_and_logged(portal, buffer, caplog):
    buffer.store([Reading("A", "poison", 5, 1)])
    portal.poison = {"poison"}
    forwarder = Forwarder(buffer, Portal(portal.url, "spd_secret"), print)

    with caplog.at_level(logging.WARNING):
        forwarder.forward_once()

    assert (forwarder.dropped, buffer.count(), len(portal.kept)) == (1, 0, len(READINGS))
    assert [record.getMessage() for record in caplog.records] == [
        'The portal refused poison of A at 5: The portal answered 400: {"detail": "poison"}',
    ]


def test_what_the_portal_rejects_is_dropped_with_its_reason(portal, buffer, caplog):
    rejected = [{"index": 0, "signal": "t", "detail": "no such device"}]
    portal.answers = [(422, {}, json.dumps({"detail": "nothing usable", "rejected": rejected}).encode())]
    forwarder = Forwarder(buffer, Portal(portal.url, "spd_secret"), print)

    with caplog.at_level(logging.WARNING):
        forwarder.forward_once()

    assert (forwarder.dropped, buffer.count()) == (1, 0)
    assert [record.getMessage() for record in caplog.records] == ["The portal rejected t: no such device"]


def test_a_wrong_token_drops_nothing(portal, buffer):
    portal.answers = [(401, {}, b"")]
    forwarder = Forwarder(buffer, Portal(portal.url, "spd_wrong"), print)

    with pytest.raises(AuthenticationFailed):
        forwarder.forward_once()

    assert buffer.count() == len(READINGS)
