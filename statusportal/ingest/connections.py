"""The runner of connections: a thread for each, started, changed and stopped as the people who run them say.

One adapter that hangs or lies delays nobody else: it has a thread of its own, and its page is written by the runner's.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from devices.errors import DeviceError
from devices.loop import keep_running
from devices.protocol import Adapter, Sink
from statusportal.access.actor import SYSTEM
from statusportal.connections.models import Connection
from statusportal.connections.queries import adapter_of, enabled_connections
from statusportal.connections.reporting import report_progress
from statusportal.connections.vocabulary import Progress
from statusportal.foundation.errors import PortalError
from statusportal.ingest.connection_ledger import Ledger
from statusportal.ingest.connection_sink import PortalSink, portal_reason
from statusportal.work import Works

log = structlog.get_logger()

LOOK_EVERY_S = 1.0
# An adapter that does not end when told to is left behind after this long, and a new one started beside it.
PATIENCE_S = 30.0


@dataclass(slots=True)
class _Life:
    """One connection as it runs, in one version of its settings."""

    organisation_id: UUID
    connection_id: UUID
    version: int
    ledger: Ledger
    stop: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None
    unwritten: Progress | None = None
    told_to_stop_s: float | None = None

    @property
    def has_ended(self) -> bool:
        return self.thread is None or not self.thread.is_alive()

    @property
    def is_beyond_patience(self) -> bool:
        return self.told_to_stop_s is not None and time.monotonic() - self.told_to_stop_s > PATIENCE_S


class ConnectionRunner:
    """Keep one thread running for each enabled connection of a portal."""

    def __init__(
        self, works: Works, may_run: Callable[[], bool] = lambda: True, look_every_s: float = LOOK_EVERY_S
    ) -> None:
        """Take `may_run`, asked at each look: it says whether this process is the one that runs them."""
        self._works = works
        self._may_run = may_run
        self._look_every_s = look_every_s
        self._lives: dict[UUID, _Life] = {}
        self._leaving: list[_Life] = []
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._supervise, name="connections", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self, timeout_s: float = 10.0) -> None:
        """Tell every adapter to end, wait for them together, and write down what they did last."""
        until_s = time.monotonic() + timeout_s
        self._stopping.set()
        self._thread.join(timeout_s)
        for life in self._lives.values():
            life.stop.set()
        for life in [*self._lives.values(), *self._leaving]:
            if life.thread is not None:
                life.thread.join(max(0.0, until_s - time.monotonic()))
        self._write_down()

    def _supervise(self) -> None:
        while not self._stopping.is_set():
            try:
                self._follow_settings()
                self._write_down()
            except SQLAlchemyError as err:
                # The database is away: what runs goes on, and is written down when it is back.
                log.warning("connections_not_followed", reason=str(err))
            self._stopping.wait(self._look_every_s)

    def _follow_settings(self) -> None:
        wanted = self._wanted() if self._may_run() else {}
        for connection_id, life in list(self._lives.items()):
            row = wanted.get(connection_id)
            if row is None or row.version != life.version:
                life.stop.set()
                life.told_to_stop_s = time.monotonic()
                self._leaving.append(self._lives.pop(connection_id))
        busy = {life.connection_id for life in self._leaving if not (life.has_ended or life.is_beyond_patience)}
        for connection_id, row in wanted.items():
            if connection_id not in self._lives and connection_id not in busy:
                self._lives[connection_id] = self._begin(row)

    def _wanted(self) -> dict[UUID, Connection]:
        with self._works.reading(SYSTEM) as work:
            return {row.id: row for row in enabled_connections(work)}

    def _begin(self, row: Connection) -> _Life:
        ledger = Ledger(self._works.clock.now)
        life = _Life(row.organisation_id, row.id, row.version, ledger)
        try:
            with self._works.reading(SYSTEM) as work:
                adapter = adapter_of(work, row)
        except (DeviceError, PortalError) as err:
            ledger.fail(err.sentence if isinstance(err, DeviceError) else portal_reason(err))
            return life
        ledger.begin()
        sink = PortalSink(self._works, row, ledger)
        life.thread = threading.Thread(
            target=_live, args=(adapter, sink, life), name=f"connection-{row.id}", daemon=True
        )
        life.thread.start()
        return life

    def _write_down(self) -> None:
        for life in [*self._lives.values(), *self._leaving]:
            self._write_down_one(life)
        self._leaving = [life for life in self._leaving if not (life.has_ended or life.is_beyond_patience)]

    def _write_down_one(self, life: _Life) -> None:
        # What could not be written the last time goes first, whole, so that nothing is counted twice.
        progress = life.unwritten or life.ledger.take()
        if progress is None:
            return
        life.unwritten = progress
        with self._works.writing(SYSTEM) as work:
            report_progress(work, life.organisation_id, life.connection_id, progress)
        life.unwritten = None


def _live(adapter: Adapter, sink: Sink, life: _Life) -> None:
    keep_running(adapter, sink, life.stop, life.ledger)
