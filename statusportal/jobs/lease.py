"""One process at a time runs the jobs, and one the connections: whoever holds the lease, until its process ends."""

import fcntl
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from statusportal.work import Works

# Any numbers: they only have to differ from each other and from that of the migrations.
_KEYS = {"jobs": 7_202_612, "connections": 7_202_613}


class Lease:
    """Hold an advisory lock of PostgreSQL on a connection of its own, or with SQLite a lock on a file."""

    def __init__(self, works: Works, name: str = "jobs") -> None:
        self._engine = works.engine
        self._key = _KEYS[name]
        self._path = Path(works.settings.instance_dir) / f"{name}.lock"
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
            if connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": self._key}):
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
