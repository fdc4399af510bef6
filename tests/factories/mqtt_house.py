"""A listener beside a test's own portal, on a port of its own, in the test's process."""

import contextlib
import socket

from statusportal.ingest.mqtt.listener import MqttListener
from statusportal.work import Works


@contextlib.contextmanager
def listening(works: Works, tls=None):
    """Serve machines until the block is left; gives the port. Ended credentials are looked for every 0.2 s."""
    door = socket.create_server(("127.0.0.1", 0))
    port = door.getsockname()[1]
    listener = MqttListener(works, door, tls, look_every_s=0.2)
    listener.start()
    try:
        yield port
    finally:
        listener.stop(3)
