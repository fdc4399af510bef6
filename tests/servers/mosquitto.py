"""Start mosquitto on a loopback port for a test, and kill it when asked."""

import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Self

from tests.servers.ports import free_port
from tests.servers.serving import STARTS_WITHIN_S, end

MOSQUITTO = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
PUBLISHER = shutil.which("mosquitto_pub")
MISSING = "mosquitto is not installed (Debian package mosquitto)"


class Mosquitto:
    """A broker of one's own, as a context manager; `kill` and `start` may follow each other inside it.

    `folder` holds its configuration, its log and, with persistence, its sessions. `lines` are further lines of
    mosquitto.conf(5), such as `password_file ...` or `acl_file ...`; `listener_lines` belong to the listener (TLS).
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int | None = None,
        lines: tuple[str, ...] = ("allow_anonymous true",),
        listener_lines: tuple[str, ...] = (),
        is_persistent: bool = True,
    ) -> None:
        self.port = port or free_port()
        self.host = "127.0.0.1"
        self.log = folder / "mosquitto.log"
        self._config = folder / "mosquitto.conf"
        self._process: subprocess.Popen[bytes] | None = None
        text = [f"listener {self.port} {self.host}", *listener_lines, *lines, f"log_dest file {self.log}"]
        if is_persistent:
            # autosave after every change: what the test kills must come back with its sessions
            text += [
                "persistence true",
                f"persistence_location {folder}/",
                "autosave_interval 1",
                "autosave_on_changes true",
            ]
        text += ["max_queued_messages 0", "set_tcp_nodelay true"]
        if shutil.which("id") and subprocess.check_output(["id", "-u"]).strip() == b"0":
            text.append("user root")
        self._config.write_text("\n".join(text) + "\n")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start and wait until the port answers."""
        self._process = subprocess.Popen(
            [str(MOSQUITTO), "-c", str(self._config)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until_s = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < until_s:
            if self._process.poll() is not None:
                break
            try:
                socket.create_connection((self.host, self.port), timeout=1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return
        msg = f"mosquitto did not start: {self.log.read_text() if self.log.exists() else 'no log'}"
        raise RuntimeError(msg)

    def stop(self) -> None:
        """End it as an operator would; it saves its sessions."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            end(self._process, number)
            self._process = None
