"""What every adapter promises, as tests; capabilities decide what is asked, names never do."""

# ruff: noqa: S101 -- a suite's statements are asserts

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import TypeAlias

import pytest

from devices.backoff import Backoff
from devices.errors import LinkBroken
from devices.loop import keep_running
from devices.memory_sink import MemorySink
from devices.options import describe
from devices.protocol import Adapter, Capability, Connected, Disconnected, Happening, ReadingsStored, SinkWaiting
from devices.registry import manifest_of
from devices.sentence import Sentence

Make: TypeAlias = Callable[[], Adapter]
Feed: TypeAlias = Callable[[], None]
_PATIENCE_S = 15.0


@contextlib.contextmanager
def running(adapter: Adapter, sink: MemorySink) -> Iterator[list[Happening]]:
    """Keep an adapter alive in a thread for the length of a block; it must end when told to."""
    stop = threading.Event()
    happenings: list[Happening] = []
    thread = threading.Thread(
        target=keep_running,
        args=(adapter, sink, stop, happenings.append),
        kwargs={"backoff": Backoff(first_s=0.05, longest_s=0.2)},
    )
    thread.start()
    try:
        yield happenings
    finally:
        stop.set()
        thread.join(_PATIENCE_S)
        assert not thread.is_alive(), "The adapter did not stop."


def _wait_for_connection(happenings: list[Happening]) -> None:
    until_s = time.monotonic() + _PATIENCE_S
    while not any(isinstance(happening, Connected) for happening in happenings):
        assert time.monotonic() < until_s, f"The adapter never connected: {happenings}"
        time.sleep(0.01)


class AdapterConformance:
    """Inherit it and supply `make` and `sample_count`; `feed` where the source must be made to speak.

    The suites of capabilities below inherit it in turn: an adapter takes those that it claims, so nothing is skipped.
    """

    @pytest.fixture
    def make(self) -> Make:
        """Give a maker of equal adapters on one source; every implementation overrides this."""
        pytest.fail("The implementation supplies make.")

    @pytest.fixture
    def sample_count(self) -> int:
        """Say how many different samples the source gives, at least; every implementation overrides this."""
        pytest.fail("The implementation supplies sample_count.")

    @pytest.fixture
    def feed(self) -> Feed:
        """Make the source speak once the adapter is connected."""
        return lambda: None

    def test_the_manifest_is_the_registered_one(self, make: Make) -> None:
        """The registry tells about this very adapter, and every option can be explained."""
        manifest = make().manifest

        assert manifest_of(manifest.name) == manifest
        assert [spec.name for spec in describe(manifest.options) if not spec.help] == []

    def test_what_is_claimed_is_asked(self, make: Make) -> None:
        """An adapter inherits the suite of each capability that its manifest claims, and no other."""
        claimed = make().manifest.capabilities

        assert (Capability.REDELIVERS in claimed) == isinstance(self, RedeliveringConformance)
        assert (Capability.ENDS in claimed) == isinstance(self, EndingConformance)

    def test_samples_reach_the_sink(self, make: Make, feed: Feed, sample_count: int) -> None:
        """All of them, each named and timed, after `Connected` was reported."""
        sink = MemorySink()

        with running(make(), sink) as happenings:
            _wait_for_connection(happenings)
            feed()
            assert sink.wait_for(sample_count, _PATIENCE_S)

        assert all(serial and signal and at_ms for serial, signal, at_ms in sink.kept)
        assert any(isinstance(happening, ReadingsStored) for happening in happenings)

    def test_an_unavailable_sink_loses_nothing(self, make: Make, feed: Feed, sample_count: int) -> None:
        """The adapter waits as asked and stores the same readings later."""
        sink = MemorySink()
        sink.fail_next(3)

        with running(make(), sink) as happenings:
            _wait_for_connection(happenings)
            feed()
            assert sink.wait_for(sample_count, _PATIENCE_S)

        assert sum(isinstance(happening, SinkWaiting) for happening in happenings) == 3  # noqa: PLR2004 -- as asked

    def test_check_looks_and_takes_nothing(self, make: Make, feed: Feed, sample_count: int) -> None:
        """A look leaves everything for the run that follows."""
        sighting = make().check(0.1)
        sink = MemorySink()
        with running(make(), sink) as happenings:
            _wait_for_connection(happenings)
            feed()
            assert sink.wait_for(sample_count, _PATIENCE_S)

        assert sighting.address
        assert sighting.notes


class RedeliveringConformance(AdapterConformance):
    """For an adapter whose source brings again what was not stored."""

    def test_what_was_not_stored_comes_again(self, make: Make, feed: Feed, sample_count: int) -> None:
        """Stopped before the sink took them, the next life brings the same samples."""
        unwilling, willing = MemorySink(), MemorySink()
        unwilling.fail_next(10**6)
        with running(make(), unwilling) as happenings:
            _wait_for_connection(happenings)
            feed()
            until_s = time.monotonic() + _PATIENCE_S
            while unwilling.calls == 0 and time.monotonic() < until_s:
                time.sleep(0.01)

        with running(make(), willing):
            assert willing.wait_for(sample_count, _PATIENCE_S)

        assert unwilling.kept == {}

    def test_what_was_stored_is_not_brought_again(self, make: Make, feed: Feed, sample_count: int) -> None:
        """Acknowledged is done: the next life starts after it."""
        first, second = MemorySink(), MemorySink()
        with running(make(), first) as happenings:
            _wait_for_connection(happenings)
            feed()
            assert first.wait_for(sample_count, _PATIENCE_S)

        with running(make(), second) as happenings:
            _wait_for_connection(happenings)

        assert second.kept == {}


class EndingConformance(AdapterConformance):
    """For an adapter whose source comes to an end."""

    def test_an_exhausted_source_ends_the_run(self, make: Make, sample_count: int) -> None:
        """Without being told to stop, and with everything stored."""
        adapter = make()
        sink = MemorySink()
        happenings: list[Happening] = []

        keep_running(adapter, sink, threading.Event(), happenings.append)

        assert len(sink.kept) >= sample_count
        assert happenings[-1] == Disconnected(Sentence("The source has ended."))


class ReachingConformance(AdapterConformance):
    """For an adapter whose source is elsewhere, and may not be there; it supplies `make_unreachable`."""

    @pytest.fixture
    def make_unreachable(self) -> Make:
        """Give a maker of adapters whose source is not there; every implementation overrides this."""
        pytest.fail("The implementation supplies make_unreachable.")

    def test_an_unreachable_source_is_stated(self, make_unreachable: Make) -> None:
        """A look raises `LinkBroken`; a run reports `Disconnected` and tries again."""
        with pytest.raises(LinkBroken):
            make_unreachable().check(0.1)
        with running(make_unreachable(), MemorySink()) as happenings:
            until_s = time.monotonic() + _PATIENCE_S
            while len(happenings) < 2 and time.monotonic() < until_s:  # noqa: PLR2004 -- down, and down again
                time.sleep(0.01)

        assert [type(happening) for happening in happenings[:2]] == [Disconnected, Disconnected]
