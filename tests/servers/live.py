"""A real server with sockets in a thread, and real clients of the live channel."""

import functools
import json
import threading
import time
from wsgiref.types import WSGIApplication

import socketio
import websocket
from werkzeug.serving import make_server

from statusportal.access.actor import SYSTEM
from statusportal.db.outbox import OutboxMessage
from statusportal.wiring import NUDGE

# Longer than a busy machine needs: what is tested is that an answer comes, not how soon.
PATIENCE_S = 20


class LiveServer:
    """Serve an app on a free port of this machine."""

    def __init__(self, app: WSGIApplication) -> None:
        self._server = make_server("127.0.0.1", 0, app, threaded=True)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def stop(self) -> None:
        """Stop taking requests."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Listener:
    """One client of the live channel; `changed` holds the nudges that came."""

    def __init__(self) -> None:
        self.changed: list[dict[str, object]] = []
        self.client = socketio.Client(reconnection=False)
        self.client.on("changed", self.changed.append, namespace="/live")

    def connect(self, url: str, *, auth: object = None, headers: dict[str, str] | None = None) -> bool:
        """Try to come in, and tell whether that worked."""
        try:
            self.client.connect(
                url,
                namespaces=["/live"],
                auth=auth,
                headers=headers or {},
                transports=["websocket"],
                wait_timeout=PATIENCE_S,
            )
        except socketio.exceptions.ConnectionError:
            return False
        return True

    def watch(self, *topics: str) -> dict[str, dict[str, object]]:
        """Watch topics and return the answer."""
        answer: dict[str, dict[str, object]] = self.client.call(
            "watch", {"topics": list(topics), "since": {}}, namespace="/live", timeout=PATIENCE_S
        )
        return answer

    @property
    def is_open(self) -> bool:
        """Tell whether the channel still stands."""
        return bool(self.client.connected) and "/live" in self.client.namespaces

    def leave(self) -> None:
        """Go at once: the library would wait three seconds for the other side's farewell."""
        if self.client.eio.ws is not None:
            self.client.eio.ws.close = functools.partial(self.client.eio.ws.close, timeout=0)
        self.client.disconnect()


class RawClient:
    """A client that says what it likes, packet by packet."""

    def __init__(self, url: str, **options: object) -> None:
        address = url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
        self._socket = websocket.create_connection(address, timeout=PATIENCE_S, **options)
        self._socket.recv()

    def say(self, packet: str, said: object) -> str:
        """Send a packet and return the next one that comes."""
        self.send(packet, said)
        return str(self._socket.recv())

    def send(self, packet: str, said: object) -> None:
        """Send a packet and wait for nothing."""
        self._socket.send(packet + json.dumps(said))

    def leave(self) -> None:
        """Go at once."""
        self._socket.shutdown()


def deliver_nudges(works) -> int:
    """Carry out the nudges of the outbox now, as the portal's own delivery does, and forget them."""
    with works.writing(SYSTEM) as work:
        messages = work.session.query(OutboxMessage).filter_by(listener=NUDGE).order_by(OutboxMessage.id).all()
        for message in messages:
            works.wiring.listeners[NUDGE](works, message.payload)
            work.session.delete(message)
        return len(messages)


def within(seconds, condition):
    """Wait until something holds, and tell whether it did in time."""
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.02)
    return condition()
