"""One connection: bytes between a socket and the pure session, and messages between the session and the store.

Two tasks share it. One reads, and stops when as much waits as a machine may have on its way. The other takes whatever
waits to the store at once, so that pipelined messages share a commit, and then acknowledges in their order.
"""

import asyncio
import contextlib
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Final, Protocol

import structlog

from statusportal.ingest.mqtt.budget import Budget
from statusportal.ingest.mqtt.codec import Framer, decode
from statusportal.ingest.mqtt.desk import Machine, StoreWaits
from statusportal.ingest.mqtt.metrics import CUTS, MESSAGES, WAITS
from statusportal.ingest.mqtt.packets import Broken, Connect, Incoming, Reason
from statusportal.ingest.mqtt.parcels import Parcel
from statusportal.ingest.mqtt.session import RECEIVE_MAXIMUM, Cut, Keep, Say, Session, SignIn, Step, Verdict

log = structlog.get_logger()

CONNECT_WITHIN_S: Final = 10.0
# A packet that has begun is whole within this time, and what is said is taken within it, or the connection is cut.
PACKET_WITHIN_S: Final = 60.0
KEEP_ALIVE_GRACE: Final = 1.5
# Also the largest first packet; larger ones ask the budget before they are read.
CHUNK_BYTES: Final = 16_384
# Who has several messages on their way answers acknowledgements with the next ones; a moment's wait puts those into one
# commit instead of two.
GATHER_S: Final = 0.003
_CLOSE_WITHIN_S: Final = 2.0
_OBJECTS_BYTES: Final = 400


class House(Protocol):
    """What a connection needs of the listener that it belongs to."""

    budget: Budget
    packet_maximum: int

    async def sign_in(self, connection: "Connection", connect: Connect) -> Machine | Reason:
        """Say who this is and give it a place, or say why not; its `client_id` is set."""
        ...

    async def keep(self, machine: Machine, parcels: Sequence[Parcel]) -> None:
        """Store parcels and give each its verdict.

        Raises: StoreWaits when those without a verdict may come again.
        """
        ...

    def limits_answer(self, machine: Machine) -> bytes:
        """Write what a client of ThingsBoard's is told when it asks for its limits."""
        ...

    def now_ms(self) -> int:
        """Return the present instant in milliseconds since 1970 UTC."""
        ...


class Connection:
    """Serve one socket from its first byte to its last."""

    def __init__(self, house: House, address: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.address = address
        self.client_id = ""
        self.machine: Machine | None = None
        self.has_sent = False
        self._house = house
        self._reader = reader
        self._writer = writer
        self._session = Session(house.packet_maximum)
        self._framer = Framer(min(CHUNK_BYTES, house.packet_maximum))
        self._inbox: list[Parcel] = []
        self._has_come = asyncio.Event()
        self._has_room = asyncio.Event()
        self._reserved_bytes = 0
        self._farewell: Reason | None = None
        self._is_ended = False
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def certificate(self) -> bytes | None:
        """Return the client's certificate in DER, where TLS has proved one."""
        tls = self._writer.get_extra_info("ssl_object")
        return tls.getpeercert(binary_form=True) if tls else None

    async def serve(self) -> None:
        """Talk until either side ends it. What is still waiting then was not acknowledged, and comes again."""
        try:
            turned_away = await self._admit()
            self._farewell = self._farewell or turned_away
            if self.machine is not None and not self._is_ended:
                await self._converse(self.machine)
        except Broken as err:
            self._farewell = err.reason
        except (OSError, EOFError, TimeoutError):
            pass
        finally:
            self._house.budget.give_back(self._reserved_bytes + sum(_cost(parcel) for parcel in self._inbox))
            await self._close()

    def end(self, reason: Reason) -> None:
        """Cut the connection: it reads no more and stores no more."""
        self._farewell, self._is_ended = reason, True
        for task in self._tasks:
            task.cancel()

    def drain(self, reason: Reason) -> None:
        """Read no more, finish what waits, and say farewell."""
        self._farewell, self._is_ended = reason, True
        for task in self._tasks[:1]:
            task.cancel()

    async def _admit(self) -> Reason | None:
        """Let the sender of the first packet in; return why it is turned away, or None."""
        async with asyncio.timeout(CONNECT_WITHIN_S):
            first = self._session.receive(await self._packet())[0]
        if not isinstance(first, SignIn):
            return Reason.PROTOCOL_ERROR
        found = await self._house.sign_in(self, first.connect)
        if isinstance(found, Reason):
            return found
        self.machine = found
        self._session.limits_answer = self._house.limits_answer(found)
        self._framer.most_bytes = self._house.packet_maximum
        await self._take(self._session.welcome("" if first.connect.client_id else self.client_id))
        return None

    async def _converse(self, machine: Machine) -> None:
        """Read and keep side by side until both have ended."""
        reading, keeping = asyncio.create_task(self._read()), asyncio.create_task(self._keep(machine))
        self._tasks = [reading, keeping]
        reading.add_done_callback(lambda _task: self._has_come.set())
        try:
            await asyncio.wait({keeping})
        finally:
            reading.cancel()
            keeping.cancel()
            for outcome in await asyncio.gather(reading, keeping, return_exceptions=True):
                if isinstance(outcome, Exception):
                    raise outcome

    async def _read(self) -> None:
        try:
            while not await self._take(self._session.receive(await self._packet())):
                # One more than a machine may have on its way, so that one that keeps to it is still heard.
                while len(self._inbox) > RECEIVE_MAXIMUM:
                    self._has_room.clear()
                    await self._has_room.wait()
        except Broken as err:
            self._farewell = err.reason
        except TimeoutError:
            self._farewell = Reason.KEEP_ALIVE_OVER

    async def _packet(self) -> Incoming:
        """Return the next whole packet.

        Raises: Broken; EOFError at the end; TimeoutError when the machine is silent for too long.
        """
        begun_s: float | None = None
        while (frame := self._framer.next_frame()) is None:
            wanted = self._framer.wanted_bytes
            if wanted > CHUNK_BYTES and not self._reserved_bytes:
                await self._house.budget.take(wanted)
                self._reserved_bytes = wanted
                begun_s = None  # the wait for room was ours
            if begun_s is None and wanted:
                begun_s = asyncio.get_running_loop().time()
            async with asyncio.timeout_at(self._too_late_at(begun_s)):
                data = await self._reader.read(CHUNK_BYTES)
            if not data:
                raise EOFError
            self._framer.feed(data)
        return decode(frame, self._session.version)

    def _too_late_at(self, begun_s: float | None) -> float | None:
        """Return until when the rest of a packet that has begun, or else a sign of life, must come; None for ever."""
        if begun_s is not None:
            return begun_s + PACKET_WITHIN_S
        idle_s = self._session.keep_alive_s * KEEP_ALIVE_GRACE
        return asyncio.get_running_loop().time() + idle_s if idle_s else None

    async def _take(self, steps: Iterable[Step]) -> bool:
        """Carry out what the session says; tell whether that ends the connection."""
        for step in steps:
            if isinstance(step, Keep):
                await self._accept(Parcel(step, self._house.now_ms()))
            elif isinstance(step, Say | Cut):
                await self._say(step.data)
                if isinstance(step, Cut):
                    return True
        self._house.budget.give_back(self._reserved_bytes)
        self._reserved_bytes = 0
        return False

    async def _accept(self, parcel: Parcel) -> None:
        """Let a message wait for the store; what was reserved for its packet becomes its own."""
        if self._reserved_bytes == 0:
            await self._house.budget.take(_cost(parcel))
        else:
            self._house.budget.give_back(self._reserved_bytes - _cost(parcel))
            self._reserved_bytes = 0
        self._inbox.append(parcel)
        self._has_come.set()

    async def _keep(self, machine: Machine) -> None:
        reading = self._tasks[0]
        is_pipelining = False
        while True:
            await self._has_come.wait()
            self._has_come.clear()
            while self._inbox:
                if is_pipelining:
                    await asyncio.sleep(GATHER_S)
                is_pipelining = len(self._inbox) > 1
                wait_s = await self._store(machine, list(self._inbox))
                if await self._settle():
                    return
                if wait_s and reading.done():
                    return
                if wait_s:
                    await asyncio.wait({reading}, timeout=wait_s)
            if reading.done():
                return

    async def _store(self, machine: Machine, parcels: Sequence[Parcel]) -> float:
        """Try to store what waits; return how long to wait before the rest is tried again, 0 when there is none."""
        self.has_sent = True
        try:
            await self._house.keep(machine, parcels)
        except StoreWaits as err:
            WAITS.inc()
            return err.retry_after_s
        return 0

    async def _settle(self) -> bool:
        """Acknowledge, in order, what has its verdict; tell whether one of them ends the connection."""
        ready = list(takewhile(lambda parcel: parcel.verdict is not None, self._inbox))
        del self._inbox[: len(ready)]
        self._house.budget.give_back(sum(_cost(parcel) for parcel in ready))
        self._has_room.set()
        said = b""
        for parcel in ready:
            verdict = parcel.verdict or Verdict()
            MESSAGES.labels("kept" if verdict.reason is Reason.SUCCESS else "refused").inc()
            for step in self._session.settle(parcel.message, verdict):
                if isinstance(step, Cut):
                    self._note_refused(verdict)
                    await self._say(said)
                    return True
                said += step.data if isinstance(step, Say) else b""
        await self._say(said)
        return False

    def _note_refused(self, verdict: Verdict) -> None:
        """Tell the operator what MQTT 3.1.1 cannot tell the machine."""
        CUTS.labels(verdict.reason.name.lower()).inc()
        credential_id = self.machine.credential_id if self.machine else None
        log.warning("mqtt.message_refused", credential=str(credential_id), reason=verdict.words)

    async def _say(self, data: bytes) -> None:
        if data:
            self._writer.write(data)
            async with asyncio.timeout(PACKET_WITHIN_S):
                await self._writer.drain()

    async def _close(self) -> None:
        if self._farewell is not None:
            CUTS.labels(self._farewell.name.lower()).inc()
            self._writer.write(self._session.last_words(self._farewell))
        self._writer.close()
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(_CLOSE_WITHIN_S):
                await self._writer.wait_closed()
        self._writer.transport.abort()


def _cost(parcel: Parcel) -> int:
    """Return what a waiting message is counted for: itself, and what its objects take beside."""
    return len(parcel.message.payload) + _OBJECTS_BYTES
