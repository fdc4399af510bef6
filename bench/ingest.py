"""The store as it is now against the plainest peers: bare row inserts into SQLite, and COPY into PostgreSQL.

The store does more than its peers: it finds duplicates and conflicts, keeps the newest value of each signal, and writes
the journal, all in the commit it waits for. The peers write the same rows under the same key, durable as well.
"""

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import psycopg

from bench.served import seed
from statusportal.config import load_settings
from statusportal.db.engine import open_engine
from statusportal.foundation.clock import SystemClock, to_ms
from statusportal.telemetry.store.port import Batch, Incoming, Terms
from statusportal.telemetry.store.rows import RowStore
from statusportal.wiring import wiring
from statusportal.work import Works
from tests.servers.postgresql import PostgreSQL

BATCHES = (1, 100, 1_000)
SIGNALS = 10
RUN_S = 1.5
RUNS = 3

Write = Callable[[list[tuple[int, int, float]]], None]


def main() -> None:
    """Print samples a second of each, and ours as a share of its peer."""
    print(f"one sender, durable at every answer; samples a second, median of {RUNS} interleaved runs of {RUN_S} s")
    with tempfile.TemporaryDirectory() as name:
        _print("SQLite", _sqlite_writers(Path(name)))
    server = PostgreSQL(fsync="on")
    try:
        with tempfile.TemporaryDirectory() as name, _postgresql_writers(server, name) as writers:
            _print("PostgreSQL", writers)
    finally:
        server.stop()


def _print(name: str, writers: dict[str, Write]) -> None:
    clock = _Times()
    for size in BATCHES:
        rates: dict[str, list[float]] = {label: [] for label in writers}
        for _ in range(RUNS):
            for label, write in writers.items():
                rates[label].append(_rate(write, size, clock))
        ours, peer = (statistics.median(found) for found in rates.values())
        shown = "   ".join(f"{label} {statistics.median(found):>9,.0f}" for label, found in rates.items())
        print(f"  {name:<11} batch {size:>5}: {shown}   ratio {ours / peer:.2f}")


class _Times:
    """Give every sample a time of its own, so that nothing is a duplicate."""

    def __init__(self) -> None:
        self._next_ms = to_ms(SystemClock().now()) - 300 * 24 * 3_600_000

    def batch(self, size: int) -> list[tuple[int, int, float]]:
        start = self._next_ms
        self._next_ms += size // SIGNALS + 1
        return [(index % SIGNALS, start + index // SIGNALS, index * 0.5) for index in range(size)]


def _rate(write: Write, size: int, times: _Times) -> float:
    written = 0
    began = time.perf_counter()
    while time.perf_counter() - began < RUN_S:
        write(times.batch(size))
        written += size
    return written / (time.perf_counter() - began)


def _our_writer(works: Works, device_id: UUID) -> Write:
    store = RowStore(works)
    terms = {device_id: Terms({})}

    def write(samples: list[tuple[int, int, float]]) -> None:
        incoming = [Incoming(device_id, f"s{number}", at_ms, value) for number, at_ms, value in samples]
        receipt = store.append(Batch("credential:bench", works.clock.now(), incoming, terms))
        assert receipt.accepted == len(samples)

    return write


def _sqlite_writers(folder: Path) -> dict[str, Write]:
    settings = load_settings({"STATUSPORTAL_INSTANCE_DIR": str(folder)})
    seeded = seed(settings)
    works = Works(open_engine(settings.database_url), SystemClock(), wiring(), settings)
    bare = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    bare.execute("PRAGMA journal_mode=WAL")
    bare.execute("PRAGMA synchronous=FULL")
    bare.execute(
        "CREATE TABLE sample (device TEXT, signal INT, at_ms INT, value REAL, PRIMARY KEY (device, signal, at_ms))"
        " WITHOUT ROWID"
    )

    def write(samples: list[tuple[int, int, float]]) -> None:
        bare.execute("BEGIN IMMEDIATE")
        rows = [(seeded.device_id, *sample) for sample in samples]
        bare.executemany("INSERT INTO sample VALUES (?, ?, ?, ?)", rows)
        bare.execute("COMMIT")

    return {"ours": _our_writer(works, UUID(seeded.device_id)), "bare rows": write}


@contextmanager
def _postgresql_writers(server: PostgreSQL, folder: str) -> Iterator[dict[str, Write]]:
    app_url, owner_url = server.create_database("portal")
    given = {"STATUSPORTAL_INSTANCE_DIR": folder}
    settings = load_settings(given, database_url=app_url, database_owner_url=owner_url)
    seeded = seed(settings)
    works = Works(open_engine(settings.database_url), SystemClock(), wiring(), settings)
    bare = psycopg.connect(owner_url.replace("+psycopg", ""))
    bare.execute(
        "CREATE TABLE bare (device uuid, signal int, at_ms int8, value float8, PRIMARY KEY (device, signal, at_ms))"
    )
    bare.execute("COMMIT")
    device_id = UUID(seeded.device_id)

    def write(samples: list[tuple[int, int, float]]) -> None:
        with bare.cursor() as cursor, cursor.copy("COPY bare FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(("uuid", "int4", "int8", "float8"))
            for sample in samples:
                copy.write_row((device_id, *sample))
        bare.execute("COMMIT")

    try:
        yield {"ours": _our_writer(works, device_id), "COPY": write}
    finally:
        bare.close()
        works.engine.dispose()


if __name__ == "__main__":
    main()
