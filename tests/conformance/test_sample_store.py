"""What every sample store promises. An implementation supplies the two fixtures below and nothing else."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from devices.reading import Quality
from statusportal.access.actor import SYSTEM
from statusportal.catalogue.vocabulary import SignalKind
from statusportal.foundation.clock import to_ms
from statusportal.telemetry.models import SampleConflict
from statusportal.telemetry.store.port import Batch, Incoming, Receipt, Rejection, Terms
from statusportal.telemetry.store.rows import RowStore
from statusportal.telemetry.store.rows_reading import RowReader
from tests.factories.machines import make_machine

ALWAYS = [(0, 2**62)]


@pytest.fixture
def store(works):
    return works.kept(RowStore)


@pytest.fixture
def reader():
    return RowReader()


@pytest.fixture
def machine(works):
    return make_machine(works)


@pytest.fixture
def send(works, store, machine, clock):
    """Append (signal, milliseconds before now, value) of the machine."""

    def append(*samples, terms=None, source="credential:1", quality=0):
        now_ms = to_ms(clock.now())
        incoming = [
            Incoming(machine.id, signal, now_ms - back_ms, value, quality, index=index)
            for index, (signal, back_ms, value) in enumerate(samples)
        ]
        return store.append(Batch(source, clock.now(), incoming, {machine.id: terms or Terms({})}))

    return append


@pytest.fixture
def stored(works, reader, machine, clock):
    """Read a signal back as (milliseconds before now, value)."""

    def read(signal, spans=ALWAYS, limit=10_000, after_ms=None):
        with works.reading(SYSTEM) as work:
            points = reader.points(work, machine.id, signal, spans, limit, after_ms)
        return [(to_ms(clock.now()) - at_ms, value) for at_ms, value in points]

    return read


def test_values_of_every_kind_come_back_as_they_went(send, stored):
    values = [21.5, -0.1, 1e300, 5e-324, 0, -7, 2**53 + 1, -(2**63), True, False, "", "idle", "æ\U0001f600 ☃"]

    receipt = send(*[("mixed", 1000 - index, value) for index, value in enumerate(values)])

    back = [value for _, value in stored("mixed")]
    assert receipt == Receipt(accepted=len(values))
    assert back == values
    assert [type(value) for value in back] == [type(value) for value in values]


def test_second_sending_is_a_duplicate_and_stored_once(send, stored):
    first = send(("a", 10, 1.0), ("b", 10, "on"))

    second = send(("a", 10, 1.0), ("b", 10, "on"), ("a", 5, 2))

    assert (first, second) == (Receipt(accepted=2), Receipt(accepted=1, duplicates=2))
    assert stored("a") == [(10, 1.0), (5, 2)]
    assert stored("b") == [(10, "on")]


def test_same_number_written_differently_is_a_duplicate_and_a_boolean_is_not(send):
    send(("a", 10, 1), ("b", 10, 1))

    receipt = send(("a", 10, 1.0), ("b", 10, True))

    assert receipt == Receipt(duplicates=1, conflicts=1)


def test_other_value_conflicts_and_the_first_stands(works, send, stored, machine, clock):
    send(("a", 10, 1.5))

    receipt = send(("a", 10, 2.5), source="connection:7")
    send(("a", 10, 2.5), source="connection:7")

    with works.reading(SYSTEM) as work:
        kept = [
            (row.device_id, row.signal_name, row.at_ms, row.kept, row.refused, row.source)
            for row in work.session.scalars(select(SampleConflict))
        ]
    assert receipt == Receipt(conflicts=1)
    assert stored("a") == [(10, 1.5)]
    assert kept == [(machine.id, "a", to_ms(clock.now()) - 10, "1.5", "2.5", "connection:7")]


def test_duplicate_and_conflict_inside_one_request(send, stored):
    receipt = send(("a", 10, 1), ("a", 10, 1), ("a", 10, 2), ("a", 9, 2))

    assert receipt == Receipt(accepted=2, duplicates=1, conflicts=1)
    assert stored("a") == [(10, 1), (9, 2)]


def test_late_samples_are_stored_in_order_of_time(send, stored):
    send(("a", 10, "late"), ("a", 30, "later"))
    send(("a", 1000, "latest"), ("a", 20, "between"))

    assert stored("a") == [(1000, "latest"), (30, "later"), (20, "between"), (10, "late")]


def test_newest_value_follows_event_time(works, reader, send, machine, clock):
    send(("a", 10, 1.0), ("b", 5, "x"))
    send(("a", 50, 9.0), ("a", 8, 3.0), quality=2)

    with works.reading(SYSTEM) as work:
        newest = reader.last_values(work, [machine.id])
    assert [(one.signal, to_ms(clock.now()) - one.at_ms, one.value, one.quality) for one in newest] == [
        ("a", 8, 3.0, Quality.BAD),
        ("b", 5, "x", Quality.GOOD),
    ]


def test_newest_value_inside_spans(works, reader, send, machine, clock):
    send(("a", 100, 1), ("a", 50, 2), ("a", 10, 3), ("b", 10, 4))
    now_ms = to_ms(clock.now())

    with works.reading(SYSTEM) as work:
        newest = reader.last_values_within(work, machine.id, [(now_ms - 100, now_ms - 50), (now_ms - 50, now_ms - 10)])

    assert [(one.signal, one.value) for one in newest] == [("a", 2)]


def test_spans_are_half_open_and_pages_go_on(send, stored, clock):
    now_ms = to_ms(clock.now())
    send(*[("a", back, back) for back in range(10)])

    spans = [(now_ms - 8, now_ms - 6), (now_ms - 4, now_ms - 1)]

    assert stored("a", spans) == [(8, 8), (7, 7), (4, 4), (3, 3), (2, 2)]
    assert stored("a", spans, limit=2) == [(8, 8), (7, 7)]
    assert stored("a", spans, limit=2, after_ms=now_ms - 7) == [(4, 4), (3, 3)]
    assert stored("nothing", spans) == []


def test_whole_samples_come_back_with_their_quality_in_the_same_pages(works, reader, send, machine, clock):
    send(("a", 3000, 1.5), ("b", 2500, 9))
    send(("a", 2000, "text"), quality=1)
    send(("a", 1000, 2**60), quality=2)
    now_ms = to_ms(clock.now())
    with works.reading(SYSTEM) as work:
        first = reader.samples(work, machine.id, "a", ALWAYS, 2, None)
        rest = reader.samples(work, machine.id, "a", ALWAYS, 2, first[-1].at_ms)

    assert [(now_ms - one.at_ms, one.value, one.quality) for one in [*first, *rest]] == [
        (3000, 1.5, Quality.GOOD),
        (2000, "text", Quality.STALE),
        (1000, 2**60, Quality.BAD),
    ]


def test_times_out_of_range_are_rejected_with_the_reason(send, stored, clock):
    day_ms = 24 * 3600 * 1000
    age_ms = to_ms(clock.now()) - 631_152_000_000

    receipt = send(("a", age_ms + 1, 1), ("a", age_ms, 2), ("a", -day_ms, 3), ("a", -day_ms - 1, 4))

    assert receipt == Receipt(
        accepted=2,
        rejected=(
            Rejection(0, "a", "the time is before 1990-01-01"),
            Rejection(3, "a", "the time is more than 24 hours ahead"),
        ),
    )
    assert [value for _, value in stored("a")] == [2, 3]


def test_strict_model_rejects_what_it_does_not_declare(send):
    terms = Terms({"a": SignalKind.NUMBER}, is_strict=True)

    receipt = send(("a", 1, 1), ("z", 1, 1), terms=terms)

    assert receipt == Receipt(accepted=1, rejected=(Rejection(1, "z", "the model does not declare this signal"),))


def test_kind_that_was_not_declared_is_rejected(send):
    terms = Terms({"n": SignalKind.NUMBER, "b": SignalKind.BOOLEAN, "t": SignalKind.TEXT})

    receipt = send(
        ("n", 1, True), ("n", 2, "x"), ("b", 1, 1), ("t", 1, 2.0), ("n", 3, 4), ("free", 1, "x"), terms=terms
    )

    assert receipt.accepted == 2
    assert [(one.index, one.detail) for one in receipt.rejected] == [
        (0, "a number was declared, not a boolean"),
        (1, "a number was declared, not a text"),
        (2, "a boolean was declared, not a number"),
        (3, "a text was declared, not a number"),
    ]


def test_name_too_long_is_rejected(send):
    receipt = send(("n" * 101, 1, 1), ("n" * 100, 1, 1))

    assert receipt == Receipt(accepted=1, rejected=(Rejection(0, "n" * 100, "a name longer than 100 characters"),))


def test_signals_over_the_limit_are_rejected_and_the_others_kept(works, clock):
    store = RowStore(works)
    store._most_signals = 3
    machine = make_machine(works)
    now_ms = to_ms(clock.now())

    def send(*names):
        samples = [Incoming(machine.id, name, now_ms, 1, index=index) for index, name in enumerate(names)]
        return store.append(Batch("credential:1", clock.now(), samples, {machine.id: Terms({})}))

    receipts = [send("a", "b"), send("c", "d", "a", "d"), send("d", "c")]

    over = "the device already has 3 signals"
    assert receipts == [
        Receipt(accepted=2),
        Receipt(accepted=1, duplicates=1, rejected=(Rejection(1, "d", over), Rejection(3, "d", over))),
        Receipt(duplicates=1, rejected=(Rejection(0, "d", over),)),
    ]


def test_two_writers_number_new_signals_without_meeting(works, clock, stored, machine):
    stores = [RowStore(works), RowStore(works)]
    now_ms = to_ms(clock.now())
    receipts = []

    def send(store, start):
        for number in range(start, start + 20):
            samples = [Incoming(machine.id, f"s{number % 25}", now_ms - number, number)]
            receipts.append(store.append(Batch("credential:1", clock.now(), samples, {machine.id: Terms({})})))

    threads = [threading.Thread(target=send, args=(store, 10 * index)) for index, store in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(receipt.accepted for receipt in receipts) == 30
    assert sum(receipt.duplicates for receipt in receipts) == 10
    assert sorted(value for number in range(25) for _, value in stored(f"s{number}")) == list(range(30))


def test_those_who_wait_share_a_commit_and_each_gets_its_own_receipt(works, store, clock, machine):
    now_ms = to_ms(clock.now())
    receipts = {}

    def send(index):
        samples = [Incoming(machine.id, "a", now_ms - value, value) for value in (index, index + 1)]
        receipts[index] = store.append(Batch("credential:1", clock.now(), samples, {machine.id: Terms({})}))

    threads = [threading.Thread(target=send, args=(index,)) for index in range(0, 40, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert receipts == {index: Receipt(accepted=2) for index in range(0, 40, 2)}
    with works.reading(SYSTEM) as work:
        assert work.session.scalar(text("SELECT count(*) FROM sample")) == 40


def test_journal_tells_what_was_newly_stored_once(works, reader, send, machine, clock):
    send(("a", 10, 1.5), ("b", 10, True))
    send(("a", 10, 1.5), ("a", 10, 9), ("a", 4, "x"))

    with works.writing(SYSTEM) as work:
        news = reader.journal_after(work, "status", 100)
        reader.move_cursor(work, "status", news.upto)
    send(("a", 1, 7))
    with works.writing(SYSTEM) as work:
        later = reader.journal_after(work, "status", 100)

    now_ms = to_ms(clock.now())
    told = [
        [
            (one.device_id, one.arrived_at_ms, [(s.signal, now_ms - s.at_ms, s.value) for s in one.samples])
            for one in piece.arrivals
        ]
        for piece in (news, later)
    ]
    assert told == [
        [
            (machine.id, now_ms, [("a", 10, 1.5), ("b", 10, True)]),
            (machine.id, now_ms, [("a", 4, "x")]),
        ],
        [(machine.id, now_ms, [("a", 1, 7)])],
    ]


def test_cursor_that_was_not_committed_tells_again(works, reader, send):
    send(("a", 10, 1.5))

    with works.reading(SYSTEM) as work:
        before = reader.journal_after(work, "status", 100)
        reader.move_cursor(work, "status", before.upto)
    with works.reading(SYSTEM) as work:
        again = reader.journal_after(work, "status", 100)

    assert again == before
    assert len(again.arrivals) == 1


def test_journal_of_several_writers_is_read_in_pieces_without_a_gap(works, reader, clock, machine):
    now_ms = to_ms(clock.now())
    stores = [RowStore(works) for _ in range(3)]
    for number in range(9):
        store = stores[number // 3]
        samples = [Incoming(machine.id, "a", now_ms - number, number)]
        store.append(Batch("credential:1", clock.now(), samples, {machine.id: Terms({})}))
        clock.move(timedelta(milliseconds=1))

    heard = []
    waiting = []
    for _ in range(20):
        with works.writing(SYSTEM) as work:
            waiting.append(reader.count_waiting(work, "status"))
            news = reader.journal_after(work, "status", 3)
            reader.move_cursor(work, "status", news.upto)
            heard += [sample.value for arrival in news.arrivals for sample in arrival.samples]

    assert sorted(heard) == list(range(9))
    assert waiting[:4] == [9, 6, 3, 0]


def test_trimming_keeps_what_a_follower_has_not_seen(works, reader, send):
    send(("a", 10, 1))
    with works.writing(SYSTEM) as work:
        untouched = reader.trim_journal(work)
        news = reader.journal_after(work, "status", 100)
        reader.move_cursor(work, "status", news.upto)
    send(("a", 9, 2))

    with works.writing(SYSTEM) as work:
        trimmed = reader.trim_journal(work)
        left = reader.journal_after(work, "status", 100)

    assert (untouched, trimmed) == (0, 1)
    assert [sample.value for arrival in left.arrivals for sample in arrival.samples] == [2]
    with works.writing(SYSTEM) as work:
        reader.move_cursor(work, "status", left.upto)
        assert reader.trim_journal(work) == 1
        assert work.session.scalar(text("SELECT count(*) FROM journal_cursor")) == 0
    send(("a", 8, 3))
    with works.reading(SYSTEM) as work:
        assert reader.oldest_waiting_ms(work, "status") is not None


def test_nothing_new_calls_nobody(store, send):
    calls = []
    store.on_append(lambda: calls.append(1))

    send(("a", 10, 1))
    send(("a", 10, 1))

    assert calls == [1]
