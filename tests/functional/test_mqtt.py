"""Machines publish to the portal's own listener, in both versions of MQTT, and what they send is kept as over HTTP."""

import contextlib
import ssl
import threading
import time
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import select, text

from statusportal.access.actor import SYSTEM
from statusportal.app import create_app
from statusportal.credentials.issuing import accept_certificate, revoke_credential
from statusportal.credentials.models import DeviceCredential
from statusportal.credentials.rotating import rotate_credential
from statusportal.fleet.models import Device
from statusportal.foundation.clock import SystemClock, to_ms
from statusportal.identity.issuing import issue_personal_token
from statusportal.ingest.follow import follow_once
from statusportal.ingest.mqtt.opening import tls_for_mqtt
from statusportal.status.queries import status_of
from statusportal.telemetry.store.opening import sample_reader
from tests.factories.accounts import actor_for, make_organisation, make_person
from tests.factories.client_certificates import Authority
from tests.factories.doors import Visitor
from tests.factories.fleet import device_token, gateway_token, make_device, make_model, make_transfer
from tests.factories.mqtt_house import listening
from tests.factories.mqtt_machine import LEAVE, PING, MqttMachine, publish

VERSIONS = (4, 5)
TELEMETRY = "v1/devices/me/telemetry"
BUSY, OVER_QUOTA, TOO_MANY_TRIES = (0x89, 0x97, 0x9F)
NO_NAME, NOT_AUTHORIZED, TAKEN_OVER = (0x86, 0x87, 0x8E)
PAYLOAD_UNUSABLE = 0x99


@pytest.fixture
def plant(works):
    """Alpha's press with its token, beside beta's, at an open port."""
    works.settings = msgspec.structs.replace(works.settings, mqtt_tries_per_minute=3)
    alpha, beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
    device = make_device(works, alpha, "P-1", from_at=works.clock.now() - timedelta(days=1))
    with contextlib.ExitStack() as opened, listening(works) as port:
        yield {
            "opened": opened,
            "alpha": alpha,
            "beta": beta,
            "device": device,
            "foreign": make_device(works, beta, "P-2"),
            "token": device_token(works, device),
            "port": port,
        }


def signed_in(plant, version=5, token=None, **more):
    machine = plant["opened"].enter_context(MqttMachine(plant["port"], version))
    assert machine.sign_in(token or plant["token"], **more) == 0
    return machine


def newest(works, device):
    """Return each signal's newest value of a device, with how many milliseconds ago it was."""
    now_ms = to_ms(works.clock.now())
    with works.reading(SYSTEM) as work:
        return {one.signal: (now_ms - one.at_ms, one.value) for one in sample_reader().last_values(work, [device.id])}


def ask(plant, works, token, method, address, **more):
    return Visitor(create_app(works.settings, works).test_client(), token).ask(method, address, **more)


@pytest.mark.parametrize("version", VERSIONS)
def test_samples_land_once_and_a_conflict_is_kept_as_over_http(plant, works, version):
    at_ms = to_ms(works.clock.now()) - 5_000
    body = b'{"ts":%d,"values":{"heat":21.5,"odd":{}}}' % at_ms
    machine = signed_in(plant, version)

    reasons = [
        machine.tell(body, 1),
        machine.tell(body, 2),
        machine.tell(body.replace(b"21.5", b"22.5"), 3),
        machine.tell(b'{"short":1}', 4, "v2/t"),
        machine.tell(b'{"fw":"1.2"}', 5, "v2/a"),
    ]
    again = ask(plant, works, plant["token"], "POST", "/api/v1/telemetry", json={"ts": at_ms, "values": {"heat": 21.5}})

    assert reasons == [0] * 5
    assert newest(works, plant["device"]) == {"heat": (5_000, 21.5), "short": (0, 1), "fw": (0, "1.2")}
    assert newest(works, plant["foreign"]) == {}
    with works.reading(SYSTEM) as work:
        assert work.session.execute(text("SELECT kept, refused FROM sample_conflict")).all() == [("21.5", "22.5")]
    assert again.json == {"accepted": 0, "duplicates": 1, "conflicts": 0, "rejected": []}


def test_gateway_speaks_for_its_organisations_machines_and_no_others(plant, works):
    gateway = signed_in(plant, token=gateway_token(works, plant["alpha"]))
    body = b'{"P-1":[{"values":{"heat":1}}],"P-2":[{"values":{"heat":2}}]}'

    reasons = [
        gateway.tell(b'{"device":"P-1"}', 1, "v1/gateway/connect"),
        gateway.tell(body, 2, "v1/gateway/telemetry"),
        gateway.tell(b'{"P-1":{"fw":3}}', 3, "v1/gateway/attributes"),
        gateway.tell(b'[{"device":"P-1","values":{"own":4}}]', 4),
        gateway.tell(b'{"P-2":[{"values":{"heat":5}}]}', 5, "v1/gateway/telemetry"),
        signed_in(plant).tell(b'{"P-2":[{"values":{"heat":6}}]}', 6, "v1/gateway/telemetry"),
    ]

    assert reasons == [0, 0, 0, 0, PAYLOAD_UNUSABLE, NOT_AUTHORIZED]
    assert newest(works, plant["device"]) == {"heat": (0, 1), "fw": (0, 3), "own": (0, 4)}
    assert newest(works, plant["foreign"]) == {}


def test_what_cannot_be_kept_is_refused_and_never_acknowledged(plant, works):
    strict = make_device(works, plant["alpha"], "P-3", make_model(works, "strict", is_strict=True))
    works.settings = msgspec.structs.replace(works.settings, samples_per_request=2)
    bodies = [b"{", b"{}", b'{"undeclared":1}', b'{"a":1,"b":2,"c":3}']

    told = signed_in(plant, token=device_token(works, strict))
    reasons = [told.tell(body, number) for number, body in enumerate(bodies, 1)]
    cut = [signed_in(plant, 4, device_token(works, strict)).tell(body) for body in bodies]
    unheard = signed_in(plant, 4).tell(b'{"a":1}', 1, "plant/heat")

    assert reasons == [PAYLOAD_UNUSABLE, PAYLOAD_UNUSABLE, PAYLOAD_UNUSABLE, OVER_QUOTA]
    assert (cut, unheard) == (["cut"] * 4, "cut")
    assert (newest(works, strict), newest(works, plant["device"])) == ({}, {})


@pytest.mark.parametrize("version", VERSIONS)
def test_message_of_a_machine_that_leaves_at_once_is_kept_without_an_answer(plant, works, version):
    machine = signed_in(plant, version)

    machine.send(publish(TELEMETRY, b'{"heat":1}', version=version), LEAVE)
    answer = machine.read()

    assert (answer, newest(works, plant["device"])) == (None, {"heat": (0, 1)})


def test_retained_message_is_kept_and_is_no_sign_of_life(plant, works):
    machine = signed_in(plant)

    seen = []
    for is_retained in (True, False):
        assert machine.tell(b'{"heat":%d}' % is_retained, 1, is_retained=is_retained) == 0
        works.clock.move(timedelta(seconds=1))
        follow_once(works)
        with works.reading(SYSTEM) as work:
            seen.append(status_of(work, plant["device"].id).connectivity.value)

    assert seen == ["never_seen", "online"]


@pytest.mark.parametrize(("version", "codes"), [(4, [4, 5, 5, 5]), (5, [NO_NAME, *[NOT_AUTHORIZED] * 3])])
def test_only_a_machines_living_token_gets_in(plant, works, version, codes):
    person = make_person(works, plant["alpha"])
    with works.writing(actor_for(works, person)) as work:
        personal = issue_personal_token(work, "phone", [], None)[1]
    sold = make_device(works, plant["alpha"], "P-4", from_at=works.clock.now() - timedelta(days=1))
    sellers = device_token(works, sold)
    make_transfer(works, sold, plant["beta"])

    heard = []
    for token in (None, "spd_nobody_has_this", personal, sellers):
        with MqttMachine(plant["port"], version) as machine:
            heard.append(machine.sign_in(token))
            assert machine.read() is None

    assert heard == codes


def test_guessing_is_bounded_for_an_address_and_a_machine_that_was_known_gets_in(plant):
    signed_in(plant)

    heard = []
    for number in range(5):
        with MqttMachine(plant["port"]) as machine:
            heard.append(machine.sign_in(f"spd_guess_{number}"))

    assert heard == [*[NOT_AUTHORIZED] * 3, *[TOO_MANY_TRIES] * 2]
    assert signed_in(plant).tell(b'{"heat":1}') == 0


def test_open_connection_ends_with_its_token_and_no_other_does(plant, works):
    other = signed_in(plant, token=device_token(works, plant["device"]))
    with works.reading(SYSTEM) as work:
        credential = work.session.query(DeviceCredential).order_by(DeviceCredential.id).first()
    machine, older = signed_in(plant), signed_in(plant, 4)

    with works.writing(SYSTEM) as work:
        revoke_credential(work, credential.id)
    began_at = time.monotonic()
    last = (machine.read(), older.read())

    assert last == ((0xE0, bytes([NOT_AUTHORIZED])), None)
    assert time.monotonic() - began_at < 5
    assert other.tell(b'{"heat":1}') == 0


def test_first_use_of_a_new_token_ends_the_old_ones_connection_and_not_before(plant, works):
    with works.reading(SYSTEM) as work:
        credential = work.session.query(DeviceCredential).first()
    old = signed_in(plant)
    with works.writing(SYSTEM) as work:
        new = rotate_credential(work, credential.id)[1]

    before = old.tell(b'{"heat":1}')
    follower = signed_in(plant, token=new)
    after = old.read()

    assert (before, after, follower.tell(b'{"heat":2}', 2)) == (0, (0xE0, bytes([NOT_AUTHORIZED])), 0)


def test_machine_that_comes_again_takes_the_place_of_its_lost_connection(plant):
    lost, neighbour = signed_in(plant, client_id="plc"), signed_in(plant, client_id="hmi")

    back = signed_in(plant, client_id="plc")

    assert lost.read() == (0xE0, bytes([TAKEN_OVER]))
    assert (back.tell(b'{"heat":1}'), neighbour.tell(b'{"heat":1}')) == (0, 0)


def test_acknowledgement_waits_for_the_commit_and_others_are_heard_meanwhile(plant, works):
    held, free = threading.Event(), threading.Event()
    holder = threading.Thread(target=hold_store, args=(works, held, free))
    machine, other = signed_in(plant, 4), signed_in(plant)
    holder.start()
    held.wait()

    machine.send(
        *(publish("v2/t", b'{"ts":%d,"values":{"n":%d}}' % (10**12 + one, one), one, 4) for one in range(1, 301))
    )
    is_silent = machine.is_silent(0.5)
    other.send(PING)
    pong = other.read()
    free.set()
    reasons = [machine.reason_for(number) for number in range(1, 301)]
    holder.join()

    assert (is_silent, pong) == (True, (0xD0, b""))
    assert reasons == [0] * 300
    with works.reading(SYSTEM) as work:
        assert work.session.scalar(text("SELECT count(*) FROM sample")) == 300


def hold_store(works, held, free):
    """Keep samples from being stored, by the very lock that storing takes."""
    with works.writing(SYSTEM) as work:
        work.session.execute(select(Device.id).with_for_update()).all()
        held.set()
        free.wait(10)


def test_places_are_counted_in_all_and_for_an_address(works):
    alpha = make_organisation(works, "alpha")
    token = device_token(works, make_device(works, alpha, "P-1"))
    heard = {}
    for limit in ("mqtt_connections", "mqtt_connections_per_address"):
        works.settings = msgspec.structs.replace(works.settings, mqtt_connections=0, mqtt_connections_per_address=0)
        works.settings = msgspec.structs.replace(works.settings, **{limit: 1})
        with (
            listening(works) as port,
            MqttMachine(port) as first,
            MqttMachine(port) as second,
            MqttMachine(port) as third,
        ):
            said = [first.sign_in(token), second.sign_in(token)]
            first.wire.close()
            first.stream.close()
            said.append(first_free(third, token))
            heard[limit] = said

    assert heard == {"mqtt_connections": [0, BUSY, 0], "mqtt_connections_per_address": [0, OVER_QUOTA, 0]}


def first_free(machine, token):
    """Sign in once the listener has seen the other leave."""
    time.sleep(0.1)
    return machine.sign_in(token)


def test_machine_signs_in_with_a_certificate_over_tls(works, tmp_path):
    works.clock = SystemClock()
    authority = Authority(name="Made-up authority")
    mine, strange = authority.issue("press"), authority.issue("stranger")
    device = make_device(works, make_organisation(works, "alpha"), "P-1")
    with works.writing(SYSTEM) as work:
        accept_certificate(work, device.id, mine.pem)
    files = authority.issue("portal").files(tmp_path, "portal")
    ca_file, _ = authority.own.files(tmp_path, "authority")
    names = ("mqtt_certificate_file", "mqtt_key_file", "mqtt_client_authority_file")
    works.settings = msgspec.structs.replace(
        works.settings, **dict(zip(names, map(str, (*files, ca_file)), strict=True))
    )

    heard = []
    with listening(works, tls_for_mqtt(works.settings)) as port:
        for issued in (mine, strange, None):
            context = ssl.create_default_context(cafile=ca_file)
            if issued:
                context.load_cert_chain(*issued.files(tmp_path, "client"))
            with MqttMachine(port, tls=context) as machine:
                heard.append(machine.sign_in())
                if heard[-1] == 0:
                    heard.append(machine.tell(b'{"heat":1}'))
        with MqttMachine(port) as machine:
            heard.append(machine.sign_in(device_token(works, device)))

    assert heard == [0, 0, NOT_AUTHORIZED, NO_NAME, None]
    assert [one[1] for one in newest(works, device).values()] == [1]
