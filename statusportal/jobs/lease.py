"""One process at a time runs the jobs: whoever holds the lease. It ends with the process, however that ends."""

import fcntl
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from statusportal.work import Works

_KEY = 7_202_612  # any number: it only has to differ from that of the migrations


class Lease:
    """Hold an advisory lock of PostgreSQL on a connection of its own, or with SQLite a lock on a file."""

    def __init__(self, works: Works) -> None:
        self._engine = works.engine
        self._path = Path(works.settings.instance_dir) / "jobs.lock"
        self._connection: Connection | None = None
        self._file: IO[str] | None = None

    def hold(self) -> bool:
        """Take the lease, or prove that it is still held; False while another has it or the database is away."""
        return self._hold_row() if self._engine.dialect.name == "postgresql" else self._hold_file()

    def release(self) -> None:
        """Let others have it."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None
        if self._file is not None:
            self._file.close()
            self._file = None

    def _hold_row(self) -> bool:
        try:
            if self._connection is not None:
                self._connection.execute(text("SELECT 1"))
                return True
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            if connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _KEY}):
                self._connection = connection
                return True
            connection.close()
        except SQLAlchemyError:
            self.release()
        return False

    def _hold_file(self) -> bool:
        if self._file is not None:
            return True
        file = self._path.open("w", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True
