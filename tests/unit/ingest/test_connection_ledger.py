from collections import Counter
from datetime import UTC, datetime

from devices.protocol import (
    Connected,
    Disconnected,
    GapStated,
    PayloadRefused,
    ReadingsStored,
    SinkWaiting,
    TopicRefused,
)
from devices.sentence import Sentence
from statusportal.connections.vocabulary import ConnectionState, Happening, HappeningKind, Progress
from statusportal.foundation.clock import to_ms
from statusportal.ingest.connection_ledger import REFUSALS_SHOWN, Ledger

NOW = datetime(2026, 11, 18, 14, 9, tzinfo=UTC)


said = Sentence.quoting


def ledger():
    return Ledger(lambda: NOW)


def test_nothing_new_is_nothing_to_write():
    assert ledger().take() is None


def test_receipts_add_up_and_are_taken_once():
    book = ledger()

    book(ReadingsStored(5, 1, 2, 3))
    book(ReadingsStored(5, 0, 0, 0))

    assert book.take() == Progress(accepted=10, duplicates=1, conflicts=2, rejected=3, heard_at=NOW)
    assert book.take() is None


def test_trouble_is_told_once_and_its_repetition_renews_the_error():
    book = ledger()

    book(Disconnected(said("Nobody answers."), 1.0))
    first = book.take()
    book(Disconnected(said("Nobody answers still."), 2.0))
    second = book.take()

    assert first == Progress(
        state=ConnectionState.FAILED,
        last_error="Nobody answers.",
        last_error_at=NOW,
        happenings=(Happening(HappeningKind.LOST, NOW, "Nobody answers."),),
    )
    assert second == Progress(state=ConnectionState.FAILED, last_error="Nobody answers still.", last_error_at=NOW)


def test_return_states_the_gap():
    book = ledger()
    from_at = datetime(2026, 11, 18, 14, 2, tzinfo=UTC)

    book(Connected("mqtt://h:1883"))
    book(GapStated(to_ms(from_at), to_ms(NOW), said("The line ended.")))

    assert book.take() == Progress(
        state=ConnectionState.CONNECTED,
        happenings=(
            Happening(HappeningKind.CONNECTED, NOW, "mqtt://h:1883"),
            Happening(HappeningKind.GAP, NOW, "The line ended.", from_at=from_at),
        ),
    )


def test_flood_of_refusals_is_summed_up():
    book = ledger()

    for number in range(REFUSALS_SHOWN + 1_000):
        book(PayloadRefused(said(f"reason {number}"), "{", "plant/x"))

    progress = book.take()
    assert progress.rejected == REFUSALS_SHOWN + 1_000
    assert len(progress.happenings) == REFUSALS_SHOWN + 1
    assert progress.happenings[0] == Happening(HappeningKind.REFUSED, NOW, "reason 0", topic="plant/x", excerpt="{")
    assert progress.happenings[-1].detail == "1000 more messages were refused within a second."


def test_refused_topic_is_an_error_that_names_it():
    book = ledger()

    book(TopicRefused("secret/#", said("Not authorized")))

    assert book.take() == Progress(
        last_error="secret/#: Not authorized",
        last_error_at=NOW,
        happenings=(Happening(HappeningKind.TOPIC_REFUSED, NOW, "Not authorized", topic="secret/#"),),
    )


def test_waiting_for_the_store_is_told_once_until_it_takes_again():
    book = ledger()

    for _ in range(3):
        book(SinkWaiting(said("The store is busy."), 1.0))
    waiting = book.take()
    book(ReadingsStored(1, 0, 0, 0))
    book(SinkWaiting(said("The store is busy."), 1.0))

    assert [one.detail for one in waiting.happenings] == ["The store is busy."]
    assert [one.detail for one in book.take().happenings] == ["The store is busy."]


def test_end_by_itself_is_a_stop():
    book = ledger()

    book(Disconnected(said("The source has ended.")))

    assert book.take() == Progress(
        state=ConnectionState.STOPPED, happenings=(Happening(HappeningKind.ENDED, NOW, "The source has ended."),)
    )


def test_unknown_serials_are_counted():
    book = ledger()

    book.hear_unknown(Counter({"A": 2}))
    book.hear_unknown(Counter({"A": 1, "B": 1}))

    assert book.take() == Progress(unknown={"A": 3, "B": 1})


def test_foreign_text_is_made_storable():
    book = ledger()

    book(PayloadRefused(said("a\x00b\ud800" + "x" * 2_000), "e\x00", "t\x00"))

    line = book.take().happenings[0]
    assert line.detail == "a\\x00b\\ud800" + "x" * 996
    assert (line.excerpt, line.topic) == ("e\\x00", "t\\x00")
