"""What a message holds for whom, and the verdict over it."""

import pytest

from devices.sentence import Sentence
from statusportal.ingest.mqtt.packets import Reason
from statusportal.ingest.mqtt.parcels import Parcel, portions
from statusportal.ingest.mqtt.session import Keep, Verdict
from statusportal.ingest.mqtt.topics import Purpose
from statusportal.telemetry.store.port import Rejection

ARRIVED_MS = 1_795_000_000_000


def opened(payload, purpose=Purpose.TELEMETRY, most=0, *, is_gateway=False, is_retained=False):
    parcel = Parcel(Keep(purpose, payload, 1, is_retained), ARRIVED_MS)
    parcel.open(most, is_gateway=is_gateway)
    return parcel


def read(parcel):
    return [(one.serial, one.signal, one.at_ms - ARRIVED_MS, one.value) for one in parcel.readings]


@pytest.mark.parametrize(
    ("payload", "purpose", "is_gateway", "found"),
    [
        (b'{"t":1.5,"on":true}', Purpose.TELEMETRY, False, [(None, "t", 0, 1.5), (None, "on", 0, True)]),
        (b'[{"ts":1795000000007,"values":{"t":2}}]', Purpose.TELEMETRY, False, [(None, "t", 7, 2)]),
        (b'{"fw":"1.2"}', Purpose.ATTRIBUTES, False, [(None, "fw", 0, "1.2")]),
        (b'{"P-1":[{"ts":1795000000007,"values":{"t":2}}]}', Purpose.GATEWAY_TELEMETRY, True, [("P-1", "t", 7, 2)]),
        (
            b'{"P-1":{"fw":"1.2"},"P-2":{"fw":3}}',
            Purpose.GATEWAY_ATTRIBUTES,
            True,
            [("P-1", "fw", 0, "1.2"), ("P-2", "fw", 0, 3)],
        ),
        (b'{"device":"P-1","values":{"t":2}}', Purpose.TELEMETRY, True, [("P-1", "t", 0, 2)]),
    ],
)
def test_body_is_read_in_the_form_of_its_topic(payload, purpose, is_gateway, found):
    parcel = opened(payload, purpose, is_gateway=is_gateway)

    assert (read(parcel), parcel.verdict) == (found, None)


@pytest.mark.parametrize(
    ("payload", "purpose", "is_gateway", "reason"),
    [
        (b"[", Purpose.TELEMETRY, False, Reason.PAYLOAD_UNUSABLE),
        (b"[" * 100_000, Purpose.TELEMETRY, False, Reason.PAYLOAD_UNUSABLE),
        (b"\xff\x00", Purpose.ATTRIBUTES, False, Reason.PAYLOAD_UNUSABLE),
        (b"{}", Purpose.TELEMETRY, False, Reason.PAYLOAD_UNUSABLE),
        (b'{"a":null}', Purpose.TELEMETRY, False, Reason.PAYLOAD_UNUSABLE),
        (b'{"a":1,"b":2,"c":3}', Purpose.TELEMETRY, False, Reason.OVER_QUOTA),
        (b'{"P-1":[{"t":1}]}', Purpose.GATEWAY_TELEMETRY, False, Reason.NOT_AUTHORIZED),
        (b'{"P-1":[{"t":1}]}', Purpose.TELEMETRY, False, Reason.NOT_AUTHORIZED),
        (b'{"fw":1}', Purpose.ATTRIBUTES, True, Reason.NOT_AUTHORIZED),
    ],
)
def test_message_of_which_nothing_can_be_kept_is_refused_at_once(payload, purpose, is_gateway, reason):
    parcel = opened(payload, purpose, most=2, is_gateway=is_gateway)

    assert parcel.verdict is not None
    assert (parcel.verdict.reason, list(parcel.readings)) == (reason, [])


def test_verdict_says_what_was_left_out_and_refuses_what_left_nothing():
    no = Sentence("the model does not declare this signal")
    partly, wholly, all_of_it = (opened(body) for body in (b'{"a":1,"b":null}', b'{"a":1}', b'{"a":1}'))

    partly.close([])
    wholly.close([Rejection(0, "a", no)])
    all_of_it.close([])

    assert partly.verdict == Verdict(words="1 rejected: b: /b: null is not a value")
    assert wholly.verdict == Verdict(Reason.PAYLOAD_UNUSABLE, "1 rejected: a: the model does not declare this signal")
    assert all_of_it.verdict == Verdict()


def test_retained_message_is_marked_so_that_it_counts_as_no_life():
    assert [one.is_retained for one in opened(b'{"a":1}', is_retained=True).readings] == [True]


def test_portions_hold_what_may_go_at_once_and_leave_out_what_is_judged():
    parcels = [opened(body) for body in (b'{"a":1}', b'{"a":1,"b":2}', b"[", b'{"a":1}', b'{"a":1,"b":2,"c":3,"d":4}')]

    found = portions(parcels, 3)

    assert [[parcels.index(one) for one in some] for some in found] == [[0, 1], [3], [4]]
