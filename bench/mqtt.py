"""Messages of QoS 1 through the portal's own listener, beside mosquitto and beside the portal's HTTP, in the same run.

The three promise different things. The portal acknowledges a sample that is checked, addressed and on the disk, over
MQTT as over HTTP; mosquitto acknowledges that it has a message, keeps it in memory here, and nobody has read it.
"""

import contextlib
import http.client
import itertools
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from bench.served import Seeded, seed, serving
from statusportal.config import load_settings
from tests.factories.mqtt_machine import MqttMachine, publish
from tests.servers.mosquitto import MISSING, MOSQUITTO, Mosquitto
from tests.servers.ports import free_port

SENDERS = (1, 16)
IN_FLIGHT = 20
RUN_S = 3.0
RUNS = 3
TOPIC = "v1/devices/me/telemetry"

Send = Callable[[int, float], int]

_ticks = itertools.count()


def main() -> None:
    """Print messages a second of each way, and ours over MQTT as a share of the others."""
    print(f"one sample a message, {IN_FLIGHT} on their way; messages a second, median of {RUNS} runs of {RUN_S} s")
    with contextlib.ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        seeded = seed(load_settings({"STATUSPORTAL_INSTANCE_DIR": str(folder)}))
        mqtt_port = free_port()
        port = opened.enter_context(serving(folder, mqtt_port=str(mqtt_port), samples_per_second="0"))
        ways: dict[str, Send] = {
            "ours, MQTT": lambda number, until_s: _publish(mqtt_port, seeded.machine_token, number, until_s),
            "ours, HTTP": lambda number, until_s: _post(port, seeded, number, until_s),
        }
        if MOSQUITTO is None:
            print(f"  {MISSING}")
        else:
            broker = Mosquitto(Path(opened.enter_context(tempfile.TemporaryDirectory())), is_persistent=False)
            broker_port = opened.enter_context(broker).port
            ways["mosquitto"] = lambda number, until_s: _publish(broker_port, None, number, until_s)
        for senders in SENDERS:
            _print(senders, ways)


def _print(senders: int, ways: dict[str, Send]) -> None:
    rates: dict[str, list[float]] = {label: [] for label in ways}
    for _ in range(RUNS):
        for label, send in ways.items():
            rates[label].append(_rate(send, senders))
    medians = {label: statistics.median(found) for label, found in rates.items()}
    ours, *others = medians.values()
    shown = "   ".join(f"{label} {rate:>7,.0f}" for label, rate in medians.items())
    print(f"  {senders:>2} senders: {shown}   ratios {' '.join(f'{ours / other:.2f}' for other in others)}")


def _rate(send: Send, senders: int) -> float:
    counts = [0] * senders
    began_s = time.perf_counter()

    def run(number: int) -> None:
        counts[number] = send(number, began_s + RUN_S)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(senders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - began_s)


def _body(number: int) -> bytes:
    # A signal of each sender's own, and a time of each message's own: nothing is a duplicate.
    return b'{"ts":%d,"values":{"s%d":1.5}}' % (time.time_ns() // 1_000_000 - next(_ticks), number)


def _publish(port: int, token: str | None, number: int, until_s: float) -> int:
    """Send message after message, as many on their way as allowed, and count the acknowledgements."""
    count = 0
    with MqttMachine(port, 4) as machine:
        machine.sign_in(token, client_id=f"bench-{number}")
        machine.send(*(publish(TOPIC, _body(number), one + 1, 4) for one in range(IN_FLIGHT)))
        while time.perf_counter() < until_s:
            packet_id = count % IN_FLIGHT + 1
            assert machine.reason_for(packet_id) == 0
            machine.send(publish(TOPIC, _body(number), packet_id, 4))
            count += 1
    return count


def _post(port: int, seeded: Seeded, number: int, until_s: float) -> int:
    """Post one sample after the other: HTTP/1.1 has one on its way."""
    count = 0
    headers = {"Authorization": f"Bearer {seeded.machine_token}", "Content-Type": "application/json"}
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        while time.perf_counter() < until_s:
            connection.request("POST", "/api/v1/telemetry", _body(number), headers)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == http.HTTPStatus.OK, answer.status
            count += 1
    return count


if __name__ == "__main__":
    main()
