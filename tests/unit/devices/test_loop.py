import logging
import threading

from devices.backoff import Backoff
from devices.delivery import deliver
from devices.errors import ConnectionLost, SinkRefused, SinkUnavailable
from devices.loop import keep_running
from devices.memory_sink import MemorySink
from devices.protocol import Connected, Disconnected, GapStated, PayloadRefused, Receipt, SinkWaiting
from devices.reading import Reading
from devices.registry import manifest_of

READINGS = (Reading("A", "t", 1, 2),)


class Lives:
    """An adapter whose lives end as they are told to."""

    manifest = manifest_of("simulated")

    def __init__(self, *endings):
        self._endings = list(endings)

    def run(self, _sink, _stop, report):
        report(Connected("here"))
        ending = self._endings.pop(0)
        if ending is not None:
            raise ending

    def check(self, _wait_s):
        raise AssertionError


def lived(*endings):
    happenings, clock = [], iter(range(1_000, 9_000, 1_000))
    keep_running(
        Lives(*endings),
        MemorySink(),
        threading.Event(),
        happenings.append,
        backoff=Backoff(first_s=0.001, longest_s=0.001),
        clock=lambda: next(clock),
    )
    return happenings


def test_the_time_between_two_lives_is_a_stated_gap():
    happenings = lived(ConnectionLost("here", "cut"), None)

    assert [type(one) for one in happenings] == [Connected, Disconnected, Connected, GapStated, Disconnected]
    assert happenings[1].reason == "here: cut"
    assert happenings[3] == GapStated(1_000, 2_000, "here: cut")
    assert happenings[4] == Disconnected("The source has ended.")


def test_the_unforeseen_is_logged_with_the_id_it_is_reported_by(caplog):
    with caplog.at_level(logging.ERROR):
        happenings = lived(ZeroDivisionError("secret detail"), None)

    reason = happenings[1].reason
    (record,) = caplog.records
    assert reason == f"The adapter failed (fault {record.args[1]})."


def test_the_wait_grows_to_its_limit_and_begins_anew():
    backoff = Backoff(first_s=1.0, longest_s=4.0)

    waits = [backoff.next_s() for _ in range(4)]
    backoff.reset()

    assert [low <= wait <= 2 * low for low, wait in zip([0.5, 1, 2, 2], waits, strict=True)] == [True] * 4
    assert backoff.next_s() <= 1.0


class Sink:
    def __init__(self, *answers):
        self._answers = list(answers)

    def store(self, _readings):
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_a_delivery_waits_as_long_as_the_sink_asks():
    happenings = []

    receipt = deliver(Sink(SinkUnavailable("full", 0.01), Receipt(1)), READINGS, threading.Event(), happenings.append)

    assert receipt == Receipt(1)
    assert happenings[0] == SinkWaiting("full", 0.01)


def test_a_delivery_stopped_in_its_wait_is_not_made():
    stop = threading.Event()
    stop.set()

    assert deliver(Sink(SinkUnavailable("full", 9.0)), READINGS, stop, print) is None


def test_readings_the_sink_will_never_take_are_let_go_and_reported():
    happenings = []

    assert deliver(Sink(SinkRefused("never")), READINGS, threading.Event(), happenings.append) == Receipt()
    assert happenings == [PayloadRefused("never", "1 readings from 't' on")]
