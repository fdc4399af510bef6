"""Connections of a portal, running as in production, and somebody else's client that publishes to their broker."""

import contextlib
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from uuid import UUID

from statusportal.access.actor import SYSTEM
from statusportal.accounts.models import Organisation
from statusportal.connections.models import Connection, ConnectionHappening
from statusportal.connections.queries import connection_for, happenings_of, unknown_serials_of
from statusportal.connections.service import create_connection
from statusportal.connections.vocabulary import ConnectionDraft
from statusportal.foundation.paging import Slice
from statusportal.ingest.connections import ConnectionRunner
from statusportal.work import Works
from tests.servers.mosquitto import Mosquitto

TOPIC_NAMES_IT = {"device": "topic[1]"}


def make_connection(
    works: Works,
    organisation: Organisation,
    adapter: str,
    options: dict[str, object],
    mapping: dict[str, object] | None = None,
    **more: object,
) -> UUID:
    """Make a connection of any adapter."""
    draft = ConnectionDraft("Plant", adapter, options, mapping or {}, **more)
    with works.writing(SYSTEM) as work:
        return create_connection(work, organisation.id, draft).id


def make_mqtt_connection(works: Works, organisation: Organisation, broker: Mosquitto, **more: object) -> UUID:
    """Make a connection to a broker whose topics name the machine and whose bodies are ThingsBoard's."""
    options = {
        "host": broker.host,
        "port": broker.port,
        "topics": ["plant/+/telemetry"],
        "format": "thingsboard-json",
    }
    return make_connection(works, organisation, "mqtt", options, TOPIC_NAMES_IT, **more)


@contextlib.contextmanager
def running(works: Works) -> Iterator[ConnectionRunner]:
    """Run the portal's connections as `serve` does, with less patience between two looks."""
    runner = ConnectionRunner(works, look_every_s=0.1)
    runner.start()
    try:
        yield runner
    finally:
        runner.stop()


def publish(broker: Mosquitto, topic: str, lines: Iterable[str | bytes], qos: int = 1) -> None:
    """Let mosquitto_pub send one message a line."""
    body = b"\n".join(line.encode() if isinstance(line, str) else line for line in lines) + b"\n"
    command = ["mosquitto_pub", "-h", broker.host, "-p", str(broker.port), "-q", str(qos), "-t", topic, "-l"]
    subprocess.run(command, input=body, check=True, timeout=100)


def state_of(works: Works, connection_id: UUID) -> Connection:
    """Read a connection as its page shows it."""
    with works.reading(SYSTEM) as work:
        return connection_for(work, connection_id)


def page_lines(works: Works, connection_id: UUID) -> list[ConnectionHappening]:
    """Read what a connection's page tells, the oldest first."""
    with works.reading(SYSTEM) as work:
        page = happenings_of(work, connection_for(work, connection_id), Slice(limit=200))
        return list(reversed(page.items))


def unknown_on_page(works: Works, connection_id: UUID) -> dict[str, int]:
    """Read the serial numbers that no device has, with their samples."""
    with works.reading(SYSTEM) as work:
        page = unknown_serials_of(work, connection_for(work, connection_id), Slice(limit=200))
        return {row.serial: row.samples for row in page.items}


def wait_until(condition: Callable[[], bool], timeout_s: float = 20.0) -> None:
    """Wait for what other threads bring about.

    Raises: AssertionError when it did not come in time.
    """
    until_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < until_s, "it did not come in time"
        time.sleep(0.05)
