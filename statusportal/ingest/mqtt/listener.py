"""The listener: an event loop in a thread of its own that accepts, watches over and ends connections.

It never waits for the database itself: who signs in and what is to be kept is asked of the desk, from a few threads for
each. HTTP has its own, so neither stops the other; samples of both share the store's commits.
"""

import asyncio
import contextlib
import fcntl
import resource
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, TypeVar
from uuid import UUID

import structlog

from statusportal.foundation.clock import to_ms
from statusportal.foundation.ids import new_id
from statusportal.ingest.mqtt.budget import Budget
from statusportal.ingest.mqtt.connection import CHUNK_BYTES, CONNECT_WITHIN_S, Connection
from statusportal.ingest.mqtt.desk import Caller, Desk, Machine, StoreWaits
from statusportal.ingest.mqtt.metrics import CONNECTIONS, SIGN_INS
from statusportal.ingest.mqtt.packets import Connect, Reason
from statusportal.ingest.mqtt.parcels import Parcel
from statusportal.work import Works

log = structlog.get_logger()

Answer = TypeVar("Answer")

LOOK_EVERY_S: Final = 2.0
WAITING_BYTES: Final = 64 * 1024 * 1024
# Connections that have not said who they are. A newcomer takes the place of the oldest.
STRANGERS: Final = 1_024
STRANGERS_OF_AN_ADDRESS: Final = 256
_STORE_THREADS: Final = 12
_DOOR_THREADS: Final = 4
# Files of the process that are not MQTT connections: HTTP's, the database's, logs.
_OTHER_FILES: Final = 1_500
_SELECTABLE: Final = 1_024
_MANY: Final = 1_000_000
# TCP's own signs of life find out that the other side is gone, also where MQTT's are not promised.
_PROBE_AFTER_S, _PROBE_EVERY_S, _PROBES = 60, 15, 4


class MqttListener:
    """Serve machines on one listening socket until stopped."""

    def __init__(
        self,
        works: Works,
        listening: socket.socket,
        tls: ssl.SSLContext | None = None,
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        """Take an open port; `look_every_s` is how soon a connection is cut whose credential has ended."""
        settings = works.settings
        self._look_every_s = look_every_s
        self.budget = Budget(WAITING_BYTES)
        self.packet_maximum = settings.telemetry_bytes or WAITING_BYTES
        self._most = _room_for(settings.mqtt_connections)
        self._most_of_an_address = settings.mqtt_connections_per_address
        self._works = works
        self._listening = listening
        self._tls = tls
        self._desk = Desk(works)
        self._door = ThreadPoolExecutor(_DOOR_THREADS, "mqtt-door")
        self._store = ThreadPoolExecutor(_STORE_THREADS, "mqtt-store")
        self._strangers: dict[asyncio.Task[None], str] = {}
        self._serving: set[asyncio.Task[None]] = set()
        self._places: dict[asyncio.Task[None], str] = {}
        self._present: dict[tuple[UUID, str], Connection] = {}
        self._is_running = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._live()), name="mqtt", daemon=True)

    def start(self) -> None:
        """Begin to accept; returns once the loop runs."""
        self._thread.start()
        self._is_running.wait()

    def stop(self, timeout_s: float) -> None:
        """Accept and read no more, acknowledge what the store still takes in time, and say farewell."""
        self._drain_s = timeout_s
        with contextlib.suppress(RuntimeError):  # the loop has ended already
            self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(timeout_s + 1)
        self._door.shutdown(wait=False, cancel_futures=True)
        self._store.shutdown(wait=False, cancel_futures=True)

    async def sign_in(self, connection: Connection, connect: Connect) -> Machine | Reason:
        """Say who this is and give it a place, or say why not."""
        found: Machine | Reason | None = self._take_place(connection.address)
        if found is None:
            caller = Caller(connection.address, connect.user_name or "", connection.certificate)
            found = await self._ask(self._door, partial(self._desk.sign_in, caller))
        SIGN_INS.labels("admitted" if isinstance(found, Machine) else found.name.lower()).inc()
        if self._stopping.is_set():
            return Reason.SHUTTING_DOWN
        if isinstance(found, Machine):
            connection.client_id = connect.client_id or f"portal-{new_id()}"
            self._seat(connection, found)
        return found

    async def keep(self, machine: Machine, parcels: Sequence[Parcel]) -> None:
        """Store parcels and give each its verdict.

        Raises: StoreWaits when those without a verdict may come again.
        """
        await self._ask(self._store, partial(self._desk.keep, machine.source, parcels))

    def limits_answer(self, machine: Machine) -> bytes:
        """Write what a client of ThingsBoard's is told when it asks for its limits."""
        return self._desk.limits_answer(machine.source, self.packet_maximum)

    def now_ms(self) -> int:
        """Return the present instant by the portal's clock."""
        return to_ms(self._works.clock.now())

    async def _live(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        self._drain_s = 0.0
        self._listening.settimeout(0)
        accepting, watching = asyncio.create_task(self._accept()), asyncio.create_task(self._watch())
        self._is_running.set()
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({stopping, accepting, watching}, return_when=asyncio.FIRST_COMPLETED)
        self._stopping.set()
        for task in (accepting, *self._strangers):
            task.cancel()
        self._listening.close()
        for connection in self._present.values():
            connection.drain(Reason.SHUTTING_DOWN)
        await asyncio.wait({watching, *self._serving}, timeout=self._drain_s)
        watching.cancel()
        for outcome in await asyncio.gather(accepting, watching, return_exceptions=True):
            if isinstance(outcome, Exception):
                raise outcome

    async def _accept(self) -> None:
        while True:
            try:
                taken, (address, *_) = await self._loop.sock_accept(self._listening)
            except OSError as err:
                # No file is left, most likely. Who waits is let in when somebody has gone.
                log.warning("mqtt.not_accepted", reason=str(err))
                await asyncio.sleep(1)
                continue
            self._make_room(address)
            task = asyncio.create_task(self._serve(taken, address))
            self._strangers[task] = address
            self._serving.add(task)
            task.add_done_callback(self._forget)

    def _make_room(self, address: str) -> None:
        """Cut the oldest who have not said who they are, so that such as never will keep nobody out."""
        neighbours = [task for task, whose in self._strangers.items() if whose == address]
        for task in [*neighbours[: max(0, len(neighbours) + 1 - STRANGERS_OF_AN_ADDRESS)]]:
            self._strangers.pop(task)
            task.cancel()
        while len(self._strangers) >= STRANGERS:
            oldest = next(iter(self._strangers))
            self._strangers.pop(oldest)
            oldest.cancel()

    async def _serve(self, taken: socket.socket, address: str) -> None:
        taken = _lifted(taken)
        try:
            _probe(taken)
            reader = asyncio.StreamReader(CHUNK_BYTES)
            talk = asyncio.StreamReaderProtocol(reader)
            transport, _ = await self._loop.connect_accepted_socket(
                lambda: talk, taken, ssl=self._tls, ssl_handshake_timeout=CONNECT_WITHIN_S if self._tls else None
            )
        except (OSError, asyncio.CancelledError):
            # Cut while shaking hands, or it broke its own off: either way nobody was there yet.
            taken.close()
            return
        connection = Connection(self, address, reader, asyncio.StreamWriter(transport, talk, reader, self._loop))
        try:
            await connection.serve()
        finally:
            self._unseat(connection)

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._serving.discard(task)
        self._strangers.pop(task, None)
        self._places.pop(task, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("mqtt.connection_failed", exc_info=error)

    def _take_place(self, address: str) -> Reason | None:
        """Count the present task among those who said who they are, or say that there is no place."""
        if len(self._places) >= self._most:
            return Reason.BUSY
        most = self._most_of_an_address
        if most and sum(whose == address for whose in self._places.values()) >= most:
            return Reason.OVER_QUOTA
        task = asyncio.current_task()
        if task is not None:
            self._strangers.pop(task, None)
            self._places[task] = address
        return None

    def _seat(self, connection: Connection, machine: Machine) -> None:
        """Give a machine its seat; whoever sat there under the same name, a lost connection mostly, is cut."""
        key = (machine.credential_id, connection.client_id)
        before = self._present.get(key)
        if before is not None:
            before.end(Reason.TAKEN_OVER)
        self._present[key] = connection
        CONNECTIONS.set(len(self._present))

    def _unseat(self, connection: Connection) -> None:
        if connection.machine is not None:
            key = (connection.machine.credential_id, connection.client_id)
            if self._present.get(key) is connection:
                del self._present[key]
        CONNECTIONS.set(len(self._present))

    async def _watch(self) -> None:
        """Cut, again and again, the connections whose credential has ended in the meantime."""
        while not await self._stops_within(self._look_every_s):
            present = list(self._present.values())
            asked = {one.machine.credential_id for one in present if one.machine}
            if not asked:
                continue
            used = {one.machine.credential_id for one in present if one.machine and one.has_sent}
            try:
                still_open = await self._ask(self._door, partial(self._desk.still_open, asked, used))
            except StoreWaits:
                continue  # the database is away, and keeps nothing of anybody
            for one in present:
                one.has_sent = False
                if one.machine and one.machine.credential_id not in still_open:
                    one.end(Reason.NOT_AUTHORIZED)

    async def _stops_within(self, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                return await self._stopping.wait()
        return False

    async def _ask(self, pool: ThreadPoolExecutor, question: Callable[[], Answer]) -> Answer:
        return await self._loop.run_in_executor(pool, question)


def _probe(taken: socket.socket) -> None:
    taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, _PROBE_AFTER_S)
    taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, _PROBE_EVERY_S)
    taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, _PROBES)


def _lifted(taken: socket.socket) -> socket.socket:
    """Move a socket beyond the first 1,024 files, where there are more: select() in other libraries needs those."""
    try:
        number = fcntl.fcntl(taken.fileno(), fcntl.F_DUPFD_CLOEXEC, _SELECTABLE)
    except OSError:
        return taken
    taken.close()
    lifted = socket.socket(fileno=number)
    lifted.settimeout(0)
    return lifted


def _room_for(wanted: int) -> int:
    """Return how many machines may be connected, as many as the process may hold files for; 0 asks for all of those."""
    soft, hard = (_MANY if one == resource.RLIM_INFINITY else one for one in resource.getrlimit(resource.RLIMIT_NOFILE))
    needed = min(hard, wanted + STRANGERS + _OTHER_FILES) if wanted else hard
    if soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    fitting = max(max(soft, needed) - STRANGERS - _OTHER_FILES, soft // 4)
    if wanted > fitting:
        log.warning("mqtt.few_files", wanted=wanted, fitting=fitting)
    return min(wanted, fitting) if wanted else fitting
