"""The main job on a real recording: mosquitto, somebody else's client, a real server, and people in real browsers."""

import subprocess
import time
from datetime import UTC, datetime

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.street import ANN, JONAS, ROOT, Street, Watched, context_of, sign_in, wait_until_live
from tests.factories import recordings
from tests.servers import mosquitto
from tests.servers.portal_process import PortalProcess

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(240),
    pytest.mark.skipif(mosquitto.MOSQUITTO is None, reason=mosquitto.MISSING),
]

MACHINE = """
name = "Industrial machine"
expected_interval_s = 300

[[signals]]
name = "temperature"
unit = "°F"
label_en = "Temperature"
label_da = "Temperatur"

[[signals.limits]]
code = "N-085"
side = "high"
threshold = 85.0
hysteresis = 1.0
duration_s = 600
health = "off_spec"
"""
CONNECTION = """
adapter = "mqtt"
name = "Plant broker"
organisation = "alpha"
[options]
host = "127.0.0.1"
port = {port}
topics = ["plant/+/telemetry"]
format = "thingsboard-json"
[map]
device = "topic[1]"
"""


@pytest.fixture
def broker(tmp_path):
    folder = tmp_path / "broker"
    folder.mkdir()
    # mosquitto would write its whole memory to disk after each of 22,695 messages.
    with mosquitto.Mosquitto(folder, is_persistent=False) as running:
        yield running


@pytest.fixture
def street(tmp_path, broker):
    with PortalProcess(tmp_path / "instance", requests_per_minute=0) as portal:
        portal.make_organisation("alpha")
        portal.make_person(ANN, name="Ann", organisation="alpha", role="customer")
        portal.make_person(JONAS, name="Jonas", staff="engineer")
        portal.make_person(ROOT, name="Root", staff="admin")
        portal.make_model("machine", MACHINE)
        device_id = portal.make_device("alpha", "machine", "NAB-1", "Line 4 machine")
        file = tmp_path / "broker.toml"
        file.write_text(CONNECTION.format(port=broker.port), encoding="utf-8")
        portal.told("connection", "create", "--file", str(file))
        yield Street(portal, device_id, "")


def connection_of(street):
    return street.portal.told("connection", "list", "--json")


def play(street, broker, recording):
    """Publish the recording and wait until the connection has counted every row of it."""
    wait_until(lambda: '"connected"' in connection_of(street))
    lines = "\n".join(recording.lines).encode()
    command = ["mosquitto_pub", "-p", str(broker.port), "-t", "plant/NAB-1/telemetry", "-q", "1", "-l"]
    subprocess.run(command, input=lines, check=True, timeout=120)
    wanted = (f'"accepted": {recording.accepted}', f'"conflicts": {len(recording.conflicts)}')
    wait_until(lambda: all(one in connection_of(street) for one in wanted))


def wait_until(holds, timeout_s=90):
    ends_at = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < ends_at
        time.sleep(0.5)


def test_recording_becomes_a_conversation(street, broker, chromium):
    recording = recordings.nab(datetime.now(UTC).replace(microsecond=0))
    play(street, broker, recording)
    pages = [Watched(context_of(chromium).new_page()) for _ in range(3)]
    ann, jonas, root = (one.page for one in pages)

    sign_in(street, ann, ANN, f"/devices/{street.device_id}")
    expect(ann.locator(".verdict .pill")).to_have_text("Out of specification")
    expect(ann.locator(".verdict__say")).to_contain_text("above the limit of 85.0\u00a0°F")
    ann.locator("#timeline .timeline__title a").first.click()
    expect(ann.locator(".snapshot .chart")).to_be_visible()
    wait_until_live(ann)
    ann.locator("#say").fill("Is the bearing dry?")
    ann.locator("#write [data-send]").click()
    expect(ann.locator("#thread")).to_contain_text("Is the bearing dry?")
    wait_until_live(ann)
    address = ann.url.partition("#")[0].removeprefix(street.portal.url)

    sign_in(street, jonas, JONAS, address)
    jonas.locator("#say").fill("It was. It has new grease.")
    jonas.locator("#write [data-send]").click()
    expect(jonas.locator("#thread")).to_contain_text("It has new grease.")
    ann.locator(".newbutton").click()
    expect(ann.locator("#thread")).to_contain_text("It has new grease.")
    jonas.locator("button[name=lifecycle][value=resolved]").click()
    expect(ann.locator("#entry-top .steps [aria-current=step]")).to_contain_text("Resolved")

    sign_in(street, root, ROOT, "/admin/connections")
    root.get_by_role("link", name="Plant broker").click()
    at, kept, refused = recording.conflicts[0]
    expect(root.locator("main")).to_contain_text(kept)
    expect(root.locator("main")).to_contain_text(refused)
    assert at < datetime.now(UTC)
    assert [one.complaints for one in pages] == [[], [], []]
    assert requests.get(street.address("/readyz"), timeout=20).ok
