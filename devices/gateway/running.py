"""The whole gateway: each connection in a thread of its own, one buffer, one forwarder."""

import logging
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Event
from typing import Final

from devices.connection import Connection, PortalOptions, read_secret
from devices.errors import OptionInvalid
from devices.gateway.buffer import Buffer
from devices.gateway.forwarder import Forwarder
from devices.gateway.portal import Portal
from devices.loop import keep_running
from devices.options import validate
from devices.protocol import Happening, ReadingsStored
from devices.sentence import Sentence

_LOGGER = logging.getLogger(__name__)
TOKEN_VARIABLE: Final = "STATUSPORTAL_GATEWAY_TOKEN"  # noqa: S105 -- the variable's name, not a token
URL_VARIABLE: Final = "STATUSPORTAL_URL"
_DRAIN_S: Final = 10.0

Tell = Callable[[str, Happening], None]


def portal_of(options: PortalOptions, environment: Mapping[str, str] = os.environ) -> Portal:
    """Make the portal a `[portal]` table speaks of; its token comes from the environment or a file.

    Raises: OptionInvalid.
    """
    if options.token_file:
        token = read_secret("token_file", options.token_file, environment)
    else:
        token = read_secret("token_env", options.token_env or TOKEN_VARIABLE, environment)
    return Portal(options.url, token)


def portal_options(connections: Sequence[Connection], environment: Mapping[str, str] = os.environ) -> PortalOptions:
    """Find the one `[portal]` table among the connections, or fall back on the environment.

    Raises: OptionInvalid: there is none, or two differ.
    """
    tables = [connection.portal for connection in connections if connection.portal is not None]
    if any(table != tables[0] for table in tables):
        raise OptionInvalid("portal", Sentence("The files name different portals; run one gateway for each."))
    given = dict(tables[0]) if tables else {}
    if "url" not in given and environment.get(URL_VARIABLE):
        given["url"] = environment[URL_VARIABLE]
    if "url" not in given:
        needed = Sentence("A [portal] table with a url, or the variable %(name)s, is needed.", name=URL_VARIABLE)
        raise OptionInvalid("portal", needed)
    return validate(PortalOptions, given)


def run_gateway(connections: Sequence[Connection], portal: Portal, buffer_path: Path, stop: Event, tell: Tell) -> None:
    """Run connections until stopped or until every source has ended, and forward what they bring; blocks.

    What could not be forwarded by the end waits in the buffer for the next run.

    Raises: SettingInvalid: before anything is started.
    """
    adapters = [(connection.name, connection.build()) for connection in connections]
    buffer = Buffer(buffer_path)
    forwarder = Forwarder(buffer, portal, lambda happening: tell("portal", happening))
    ended = Event()
    threads = [
        threading.Thread(
            name=f"connection {name}",
            target=keep_running,
            args=(adapter, buffer, stop, _teller(name, tell)),
        )
        for name, adapter in adapters
    ]
    forwarding = threading.Thread(name="forwarder", target=forwarder.run, args=(ended,))
    for thread in (*threads, forwarding):
        thread.start()
    for thread in threads:
        thread.join()
    _drain(buffer, stop)
    ended.set()
    forwarding.join()
    if buffer.count():
        _LOGGER.info("%d readings wait in %s for the next run", buffer.count(), buffer_path)
    buffer.close()


def _drain(buffer: Buffer, stop: Event) -> None:
    """Give the forwarder its time: a while when stopped, as long as it takes when the sources have ended."""
    if stop.is_set():
        patience = Event()
        left_s = _DRAIN_S
        while buffer.count() and left_s > 0:
            patience.wait(0.1)
            left_s -= 0.1
        return
    while buffer.count() and not stop.wait(0.1):
        pass


def _teller(name: str, tell: Tell) -> Callable[[Happening], None]:
    def report(happening: Happening) -> None:
        if not isinstance(happening, ReadingsStored):
            tell(name, happening)

    return report
