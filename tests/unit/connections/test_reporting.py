from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from devices.sentence import Sentence
from statusportal.access.actor import SYSTEM
from statusportal.accounts.models import Organisation
from statusportal.connections import reporting
from statusportal.connections.models import ConnectionHappening
from statusportal.connections.queries import connection_for, happenings_of, unknown_serials_of
from statusportal.connections.reporting import forget_unknown_serials, report_progress
from statusportal.connections.service import create_connection
from statusportal.connections.vocabulary import (
    ConnectionDraft,
    ConnectionState,
    Happening,
    HappeningKind,
    Progress,
)
from statusportal.foundation.ids import new_id
from statusportal.foundation.paging import Slice

DRAFT = ConnectionDraft("Plant broker", "mqtt", {"host": "h", "topics": ["a"]})

said = Sentence.quoting


@pytest.fixture
def connection(works):
    with works.writing(SYSTEM) as work:
        row = Organisation(slug="alpha", name="Alpha", kind="customer", time_zone="UTC", created_at=work.now)
        work.session.add(row)
        work.session.flush()
        return create_connection(work, row.id, DRAFT)


def report(works, connection, progress):
    with works.writing(SYSTEM) as work:
        report_progress(work, connection.organisation_id, connection.id, progress)


def test_counters_add_up_and_the_state_has_its_time(works, clock, connection):
    report(works, connection, Progress(accepted=5, conflicts=1, heard_at=clock.now(), state=ConnectionState.CONNECTED))
    heard_at = clock.now()
    clock.move(timedelta(seconds=9))
    report(works, connection, Progress(accepted=2, duplicates=3, rejected=4, state=ConnectionState.CONNECTED))

    with works.reading(SYSTEM) as work:
        row = connection_for(work, connection.id)
        assert (row.accepted, row.duplicates, row.conflicts, row.rejected) == (7, 3, 1, 4)
        assert (row.state, row.state_since, row.last_heard_at) == ("connected", heard_at, heard_at)


def test_counter_goes_beyond_32_bits(works, connection):
    report(works, connection, Progress(accepted=2**40))

    with works.reading(SYSTEM) as work:
        assert connection_for(work, connection.id).accepted == 2**40


def test_last_error_stands_until_the_next(works, clock, connection):
    report(works, connection, Progress(last_error=said("Nobody answers."), last_error_at=clock.now()))
    report(works, connection, Progress(accepted=1))

    with works.reading(SYSTEM) as work:
        row = connection_for(work, connection.id)
        assert (row.last_error, row.last_error_at) == ("Nobody answers.", clock.now())


def test_happenings_come_newest_first_and_page(works, clock, connection):
    lines = [Happening(HappeningKind.REFUSED, clock.now(), said(f"line {number}")) for number in range(3)]
    report(works, connection, Progress(happenings=lines))

    with works.reading(SYSTEM) as work:
        row = connection_for(work, connection.id)
        first = happenings_of(work, row, Slice(limit=2))
        second = happenings_of(work, row, Slice(limit=2, cursor=first.next_cursor))

    assert [one.detail for one in [*first.items, *second.items]] == ["line 2", "line 1", "line 0"]


def test_happening_keeps_its_template_and_values_at_any_depth(works, clock, connection):
    inner = Sentence("%(given)s is not a number", given="'hot'")
    said = Sentence("line %(line)s, %(column)s: %(fault)s", line=3, column="temp", fault=inner)
    report(works, connection, Progress(happenings=[Happening(HappeningKind.REFUSED, clock.now(), said)]))

    with works.reading(SYSTEM) as work:
        kept = happenings_of(work, connection_for(work, connection.id), Slice()).items[0].detail
    assert kept == "line 3, temp: 'hot' is not a number"
    assert (kept.template, kept.values["line"], kept.values["fault"].template) == (said.template, 3, inner.template)


@pytest.mark.parametrize("words", ["Nobody answers: 100 % silence.", '{"temperature": 1}', "{", '"quoted"', "[1]", "7"])
def test_happening_from_before_there_were_templates_is_read_as_it_was_written(works, clock, connection, words):
    report(works, connection, Progress(happenings=[Happening(HappeningKind.LOST, clock.now(), Sentence("x"))]))
    with works.writing(SYSTEM) as work:
        work.session.execute(text("UPDATE connection_happening SET detail = :words"), {"words": words})

    with works.reading(SYSTEM) as work:
        assert happenings_of(work, connection_for(work, connection.id), Slice()).items[0].detail == words


def test_oldest_happenings_are_forgotten(works, clock, connection, monkeypatch):
    monkeypatch.setattr(reporting, "HAPPENINGS_KEPT", 3)
    for number in range(5):
        report(
            works,
            connection,
            Progress(happenings=[Happening(HappeningKind.LOST, clock.now(), said(f"line {number}"))]),
        )

    with works.reading(SYSTEM) as work:
        kept = work.session.scalars(select(ConnectionHappening.detail).order_by(ConnectionHappening.id)).all()
    assert kept == ["line 2", "line 3", "line 4"]


def test_unknown_serial_is_listed_once_with_its_count(works, clock, connection):
    report(works, connection, Progress(unknown={"B-1": 2}))
    first_at = clock.now()
    clock.move(timedelta(seconds=5))
    report(works, connection, Progress(unknown={"B-1": 3, "A-1": 1}))

    with works.reading(SYSTEM) as work:
        found = unknown_serials_of(work, connection_for(work, connection.id), Slice()).items
        assert [(one.serial, one.samples, one.first_at, one.last_at) for one in found] == [
            ("A-1", 1, clock.now(), clock.now()),
            ("B-1", 5, first_at, clock.now()),
        ]


def test_list_of_unknown_serials_is_bounded(works, connection, monkeypatch):
    monkeypatch.setattr(reporting, "UNKNOWN_SERIALS_KEPT", 2)

    report(works, connection, Progress(unknown={"A": 1, "B": 1, "C": 1}))

    with works.reading(SYSTEM) as work:
        found = unknown_serials_of(work, connection_for(work, connection.id), Slice()).items
        assert [one.serial for one in found] == ["A", "B"]


def test_serial_that_a_device_has_now_leaves_the_list(works, connection):
    report(works, connection, Progress(unknown={"A": 1, "B": 1}))

    with works.writing(SYSTEM) as work:
        forget_unknown_serials(work, connection.organisation_id, connection.id, ["A"])

    with works.reading(SYSTEM) as work:
        found = unknown_serials_of(work, connection_for(work, connection.id), Slice()).items
        assert [one.serial for one in found] == ["B"]


def test_progress_of_a_connection_that_is_gone_is_no_error(works, connection):
    gone = Progress(accepted=1, happenings=[Happening(HappeningKind.LOST, connection.created_at, said("x"))])

    with works.writing(SYSTEM) as work:
        report_progress(work, connection.organisation_id, new_id(), gone)

    with works.reading(SYSTEM) as work:
        assert work.session.scalar(select(func.count(ConnectionHappening.id))) == 0
