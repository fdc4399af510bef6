"""Where a new token is shown, a line stands beside it that publishes with it, and the line works as it stands."""

import html
import re
import shlex
import subprocess

import msgspec
import pytest

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import StaffRole
from statusportal.app import create_app
from statusportal.telemetry.store.opening import sample_reader
from tests.factories.accounts import PASSWORD, make_organisation, make_person
from tests.factories.browsing import browser_of
from tests.factories.fleet import make_device
from tests.factories.mqtt_house import listening
from tests.servers.mosquitto import PUBLISHER

needs_publisher = pytest.mark.skipif(
    PUBLISHER is None, reason="mosquitto_pub is not installed (Debian package mosquitto-clients)"
)


@pytest.fixture
def plant(works):
    alpha = make_organisation(works, "alpha")
    return alpha, make_device(works, alpha, "SERIAL"), make_person(works, password=PASSWORD, staff_role=StaffRole.ADMIN)


def lines(browser, plant):
    """Make a machine's and a gateway's token, and return the lines for MQTT on the two pages that show them."""
    alpha, device, _ = plant
    pages = [
        browser.send(f"/admin/devices/{device.id}/credentials", name="PLC").text,
        browser.send("/admin/credentials", organisation=str(alpha.id), name="Gateway").text,
    ]
    return [html.unescape(line) for page in pages for line in re.findall(r"mosquitto_pub [^<]*", page)]


@needs_publisher
def test_line_on_the_page_publishes_a_sample(works, plant):
    with listening(works) as port:
        works.settings = msgspec.structs.replace(works.settings, mqtt_port=port)
        shown = lines(browser_of(create_app(works.settings, works), plant[2]), plant)
        done = [subprocess.run(shlex.split(line), check=False, timeout=20).returncode for line in shown]

    assert done == [0, 0]
    with works.reading(SYSTEM) as work:
        assert [(one.signal, one.value) for one in sample_reader().last_values(work, [plant[1].id])] == [
            ("temperature", 21.5)
        ]


def test_no_line_stands_where_nothing_listens(works, plant):
    assert lines(browser_of(create_app(works.settings, works), plant[2]), plant) == []
