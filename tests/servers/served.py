"""The real thing: `statusportal serve` in a process of its own, on the settings of a test."""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.servers.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
_COMMAND = [sys.executable, "-c", "from statusportal.cli import main; main()"]
_START_WITHIN_S = 40


class ServedPortal:
    """Start, kill and start again on one data folder, one database and one port."""

    def __init__(self, settings, **overrides):
        given = {"database_url": settings.database_url, "database_owner_url": settings.database_owner_url} | overrides
        kept = {name: value for name, value in os.environ.items() if not name.startswith("STATUSPORTAL_")}
        self.environment = {
            **kept,
            "STATUSPORTAL_INSTANCE_DIR": settings.instance_dir,
            **{f"STATUSPORTAL_{name.upper()}": str(value) for name, value in given.items() if value},
        }
        self.port = free_port()
        self.log = Path(settings.instance_dir) / "serve.log"
        self._process = None

    def start(self):
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*_COMMAND, "serve", "--port", str(self.port)],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        ends_at = time.monotonic() + _START_WITHIN_S
        while not self._answers():
            assert self._process.poll() is None, self.log.read_text()
            assert time.monotonic() < ends_at, self.log.read_text()
            time.sleep(0.05)

    def kill(self):
        """Kill -9 the master and its worker at once: the session of this process and nobody else's."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(10)

    def stop(self):
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()

    def connection(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)

    def _answers(self):
        with contextlib.closing(self.connection()) as connection:
            try:
                connection.request("GET", "/readyz")
                return connection.getresponse().status == 200
            except (OSError, http.client.HTTPException):
                return False
