"""Class 6: a page of somebody else that opens a socket with its reader's cookie.

Seen at python-engineio, socket.io and NodeBB. Whatever the origin looks like, polling and WebSocket alike are refused.
"""

import pytest
import requests
import websocket

from tests.servers.live import LiveServer


@pytest.fixture
def server(world):
    server = LiveServer(world.app)
    yield server
    server.stop()


@pytest.mark.parametrize(
    "origin",
    ["null", "https://evil.example", "http://127.0.0.1.evil.example", "http://evil.127.0.0.1", "http://[", "file://"],
)
def test_foreign_origin_is_refused_on_both_transports(server, origin):
    polling = requests.get(f"{server.url}/socket.io/?EIO=4&transport=polling", headers={"Origin": origin}, timeout=20)
    address = server.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"

    assert polling.status_code == 400
    with pytest.raises(websocket.WebSocketBadStatusException, match="400"):
        websocket.create_connection(address, origin=origin, timeout=20)


def test_own_origin_is_let_in(server):
    answer = requests.get(
        f"{server.url}/socket.io/?EIO=4&transport=polling", headers={"Origin": server.url}, timeout=20
    )

    assert answer.status_code == 200
