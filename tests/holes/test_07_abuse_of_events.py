"""Class 7: crowds of sockets: strangers who shake hands and say nothing, and one person with too many windows.

Seen at NodeBB and python-socketio.
"""

import base64
import os
import socket
import time
from urllib.parse import urlsplit

import msgspec
import pytest
import requests

from statusportal.app import create_app
from statusportal.live import gate
from statusportal.live.channel import MOST_SOCKETS
from tests.factories.accounts import make_organisation, make_person
from tests.factories.doors import token_of
from tests.servers.live import Listener, LiveServer

THREADS = 8
ROOM = 6


@pytest.fixture
def server(settings, works, monkeypatch):
    monkeypatch.setattr(gate.Gate.__init__, "__defaults__", (1.0,))
    works.settings = msgspec.structs.replace(settings, threads=THREADS)
    server = LiveServer(create_app(works.settings, works))
    yield server
    server.stop()


def shake_hands(url):
    """Open a web socket without saying who one is, and return it with the status line."""
    place = urlsplit(url)
    found = socket.create_connection((place.hostname, place.port), timeout=20)
    key = base64.b64encode(os.urandom(16)).decode()
    lines = (
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
        f"Host: {place.netloc}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
    )
    found.sendall("".join(f"{line}\r\n" for line in (*lines, "")).encode())
    return found, found.recv(4096).split(b" ")[1].decode()


def test_strangers_take_a_share_of_the_threads_and_are_cut(server):
    crowd = [shake_hands(server.url) for _ in range(ROOM + 3)]

    assert [status for _, status in crowd] == ["101"] * ROOM + ["503"] * 3
    assert requests.get(f"{server.url}/healthz", timeout=20).status_code == 200

    deadline = time.monotonic() + 10
    late, status = shake_hands(server.url)
    while status != "101" and time.monotonic() < deadline:
        late.close()
        time.sleep(0.2)
        late, status = shake_hands(server.url)
    for one, _ in [*crowd, (late, "")]:
        one.close()
    assert status == "101"


def test_person_in_the_channel_is_not_cut_and_holds_so_many_sockets(settings, works, monkeypatch):
    monkeypatch.setattr(gate.Gate.__init__, "__defaults__", (0.5,))
    token = token_of(works, make_person(works, make_organisation(works, "alpha")))
    server = LiveServer(create_app(settings, works))
    listeners = [Listener() for _ in range(MOST_SOCKETS + 1)]

    came_in = [one.connect(server.url, auth={"token": token}) for one in listeners]
    time.sleep(2.0)
    still_in = [one.watch("me") for one in listeners[:3]]
    for one in listeners:
        one.leave()
    server.stop()

    assert came_in == [True] * MOST_SOCKETS + [False]
    assert still_in == [{"me": {"state": "ok", "version": 0}}] * 3
