"""A server process that a test starts on a port of its own and ends by its pid, however busy the machine is."""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from tests.servers.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-c", "from statusportal.cli import main; main()")
# Bounds for a machine that does other work beside; a quiet one takes a tenth of them.
STARTS_WITHIN_S = 60
STOPS_WITHIN_S = 30


def end(process: subprocess.Popen[bytes], number: signal.Signals = signal.SIGTERM) -> int:
    """Send a signal and wait until the process is gone, with force if it does not listen; return its status."""
    process.send_signal(number)
    try:
        return process.wait(STOPS_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


class ServeProcess:
    """`statusportal serve` on one data folder and one port: started, killed and started again."""

    def __init__(self, folder: Path, log: Path, settings: Mapping[str, object]) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None
        given = {f"STATUSPORTAL_{name.upper()}": str(value) for name, value in settings.items()}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("STATUSPORTAL_")}
        self.environment = kept | {"STATUSPORTAL_INSTANCE_DIR": str(folder), "PYTHONUNBUFFERED": "1"} | given

    def start(self) -> None:
        """Start and wait until it can store.

        Raises: RuntimeError with what it said when it ended, or is not ready in time.
        """
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*COMMAND, "serve", "--port", str(self.port)],
                env=self.environment,
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        ends_at = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < ends_at and self.process.poll() is None:
            if self._is_ready():
                return
            time.sleep(0.05)
        said = self.log.read_text(encoding="utf-8", errors="replace")
        self.stop()
        raise RuntimeError(f"The portal did not start:\n{said[-4000:]}")

    def stop(self) -> None:
        """End it as an operator would, and with force if it does not."""
        if self.process is not None:
            end(self.process)

    def kill(self) -> None:
        """Kill -9 the master and its worker at once: the session of this process and nobody else's."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def connection(self) -> http.client.HTTPConnection:
        """Open a connection that a test speaks by hand."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)

    def _is_ready(self) -> bool:
        with contextlib.closing(self.connection()) as connection:
            try:
                connection.request("GET", "/readyz")
                return connection.getresponse().status == 200
            except (OSError, http.client.HTTPException):
                return False
