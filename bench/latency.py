"""From a device's POST to the change on an open page: the nudge on a socket, and the page that it fetches."""

import contextlib
import http.client
import json
import tempfile
import threading
import time
from pathlib import Path

from simple_websocket import Client, ConnectionClosed

from bench.served import Seeded, percentile, seed, serving
from statusportal.config import load_settings

ROUNDS = 100


class Watcher(threading.Thread):
    """Watch a device as the page does: note when each nudge came, and when the fetched page was whole."""

    def __init__(self, port: int, seeded: Seeded) -> None:
        super().__init__(daemon=True)
        self._port, self._seeded = port, seeded
        self.ready = threading.Event()
        self.nudged = threading.Event()
        self.fetched = threading.Event()
        self.nudged_at = self.fetched_at = 0.0

    def run(self) -> None:
        """Watch until the portal is stopped."""
        with contextlib.suppress(ConnectionClosed):
            self._watch()

    def _watch(self) -> None:
        """Speak Engine.IO 4 by hand: open, let in, watch, answer pings, note nudges."""
        socket = Client.connect(f"ws://127.0.0.1:{self._port}/socket.io/?EIO=4&transport=websocket")
        page = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
        while True:
            packet = str(socket.receive())
            if packet.startswith("0"):
                socket.send("40/live," + json.dumps({"token": self._seeded.person_token}))
            elif packet == "2":
                socket.send("3")
            elif packet.startswith("40/live"):
                socket.send('42/live,1["watch",' + json.dumps({"topics": [f"device:{self._seeded.device_id}"]}) + "]")
            elif packet.startswith("43/live"):
                self.ready.set()
            elif packet.startswith("42/live") and '"kind":"device"' in packet:
                self._see(page)

    def _see(self, page: http.client.HTTPConnection) -> None:
        self.nudged_at = time.perf_counter()
        self.nudged.set()
        headers = {"Authorization": f"Bearer {self._seeded.person_token}"}
        page.request("GET", f"/devices/{self._seeded.device_id}", headers=headers)
        answer = page.getresponse()
        answer.read()
        assert answer.status == http.HTTPStatus.OK, answer.status
        self.fetched_at = time.perf_counter()
        self.fetched.set()


def main() -> None:
    """Print p50 and p95 of each leg, in milliseconds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seeded = seed(load_settings({"STATUSPORTAL_INSTANCE_DIR": name}))
        with serving(folder) as port:
            legs = measure(port, seeded)
    print(f"{ROUNDS} status changes, one at a time, SQLite; milliseconds from the start of the POST")
    for leg, taken in legs.items():
        print(f"  {leg:<28} p50 {percentile(taken, 0.5) * 1000:7.1f}   p95 {percentile(taken, 0.95) * 1000:7.1f}")
    print("  goal: page fetched, p95 under 500")


def measure(port: int, seeded: Seeded) -> dict[str, list[float]]:
    """Change the status to and fro; return how long each leg took, in seconds."""
    watcher = Watcher(port, seeded)
    watcher.start()
    assert watcher.ready.wait(20), "the socket was not let in"
    machine = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {seeded.machine_token}"}
    legs: dict[str, list[float]] = {"answered (durable)": [], "nudged": [], "page fetched": []}
    for number in range(ROUNDS):
        watcher.nudged.clear()
        watcher.fetched.clear()
        began = time.perf_counter()
        machine.request("POST", "/api/v1/telemetry", json.dumps({"temperature": 95.0 if number % 2 else 20.0}), headers)
        answer = machine.getresponse()
        answer.read()
        assert answer.status == http.HTTPStatus.OK, answer.status
        legs["answered (durable)"].append(time.perf_counter() - began)
        assert watcher.fetched.wait(10), "no nudge came"
        legs["nudged"].append(watcher.nudged_at - began)
        legs["page fetched"].append(watcher.fetched_at - began)
        time.sleep(0.15)
    return legs


if __name__ == "__main__":
    main()
