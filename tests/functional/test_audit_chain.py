"""The log on both databases: it is linked in order, nothing is skipped, and tampering by SQL is found and named."""

import json
import re
import threading
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from statusportal.access.actor import SYSTEM
from statusportal.audit.linking import MOST_AT_ONCE
from statusportal.audit.models import AuditLink, AuditRecord
from statusportal.audit.proving import breaches_of_log, count_waiting, last_check
from statusportal.audit.sealing import read_head, write_head
from statusportal.audit.service import record_act
from statusportal.audit.vocabulary import Fault
from statusportal.backup.taking import take_backup
from statusportal.db.engine import open_engine
from statusportal.jobs.chaining import check_round, link_round
from statusportal.work import Work
from tests.factories.accounts import make_actor, make_organisation
from tests.functional.test_backup import run


def write_acts(works, count, actor=SYSTEM, act="device.seen"):
    for number in range(count):
        with works.writing(actor) as work:
            record_act(work, act, "device", number, role="engineer")


def found_in(work):
    return [(one.fault, one.position, one.record_id) for one in breaches_of_log(work)]


def found(works):
    with works.reading(SYSTEM) as work:
        return found_in(work)


def order_of_links(works):
    with works.reading(SYSTEM) as work:
        return list(work.session.scalars(select(AuditLink.record_id).order_by(AuditLink.position)))


def ids_by_time(works):
    with works.reading(SYSTEM) as work:
        return list(work.session.scalars(select(AuditRecord.id).order_by(AuditRecord.at, AuditRecord.id)))


def test_acts_are_linked_by_time_and_a_late_one_behind_what_is_linked(works, clock):
    write_acts(works, 3)
    link_round(works)
    before = order_of_links(works)
    clock.move(timedelta(hours=-2))
    write_acts(works, 1)
    clock.move(timedelta(hours=3))
    write_acts(works, 1)
    link_round(works)

    late, newest = (one for one in ids_by_time(works) if one not in before)
    assert order_of_links(works) == [*before, late, newest]
    assert found(works) == []


def test_more_acts_than_one_round_takes_are_all_linked(works):
    with works.writing(SYSTEM) as work:
        for number in range(MOST_AT_ONCE + 20):
            record_act(work, "device.seen", "device", number)

    link_round(works)

    with works.reading(SYSTEM) as work:
        assert (count_waiting(work), work.session.scalar(select(func.max(AuditLink.position)))) == (
            0,
            MOST_AT_ONCE + 20,
        )
    assert found(works) == []


def test_nothing_is_skipped_while_many_write_and_some_hold_their_commit(works):
    actor = make_actor(works, make_organisation(works))
    stopped = threading.Event()

    def link():
        while not stopped.is_set():
            link_round(works)

    def write(name):
        for number in range(8):
            with works.writing(actor) as work:
                record_act(work, "device.seen", "device", f"{name}-{number}")
                work.session.flush()
                if works.engine.dialect.name == "postgresql":
                    stopped.wait(0.01 * (name % 3))  # others commit in between

    linker = threading.Thread(target=link)
    writers = [threading.Thread(target=write, args=(name,)) for name in range(6)]
    for one in (linker, *writers):
        one.start()
    for one in writers:
        one.join()
    stopped.set()
    linker.join()
    link_round(works)

    assert sorted(order_of_links(works)) == sorted(ids_by_time(works))
    assert found(works) == []


def test_log_only_grows_on_either_database(works):
    write_acts(works, 1)
    link_round(works)
    check_round(works)
    statements = [
        f"{verb} {table}" for table in ("audit_record", "audit_link", "audit_check") for verb in ("DELETE FROM",)
    ]
    statements += [
        "UPDATE audit_record SET act = 'x'",
        "UPDATE audit_link SET digest = 'x'",
        "UPDATE audit_check SET breaches = 0",
    ]

    for url in {works.settings.database_url, works.settings.database_owner_url or works.settings.database_url}:
        engine = open_engine(url)
        for statement in statements:
            with engine.connect() as connection, pytest.raises(DatabaseError, match=r"only grows|permission denied"):
                connection.execute(text(statement))
        engine.dispose()


INSERT = (
    "INSERT INTO audit_record (id, at, act, actor_kind, subject_kind, subject_id, codes)"
    " SELECT :id, at, act, actor_kind, subject_kind, subject_id, codes FROM audit_record LIMIT 1"
)
TAMPERINGS = {
    "change": ["UPDATE audit_record SET subject_id = '99' WHERE id = :record"],
    "change the time": ["UPDATE audit_record SET at = :then WHERE id = :record"],
    "change the organisation": ["UPDATE audit_record SET organisation_id = id WHERE id = :record"],
    "delete the act": ["DELETE FROM audit_record WHERE id = :record"],
    "delete both": [
        "DELETE FROM audit_record WHERE id = :record",
        "DELETE FROM audit_link WHERE position = :at",
    ],
    "delete both and close up": [
        "DELETE FROM audit_record WHERE id = :record",
        "DELETE FROM audit_link WHERE position = :at",
        "UPDATE audit_link SET position = -position WHERE position > :at",
        "UPDATE audit_link SET position = -position - 1 WHERE position < 0",
    ],
    "delete the link": ["DELETE FROM audit_link WHERE position = :at"],
    "swap": [
        "UPDATE audit_link SET position = 0 WHERE position = :at",
        "UPDATE audit_link SET position = :at WHERE position = :other",
        "UPDATE audit_link SET position = :other WHERE position = 0",
    ],
    "cut": [
        "DELETE FROM audit_record WHERE id IN (SELECT record_id FROM audit_link WHERE position >= :at)",
        "DELETE FROM audit_link WHERE position >= :at",
    ],
    "cut, with the head": [
        "DELETE FROM audit_record WHERE id IN (SELECT record_id FROM audit_link WHERE position >= :at)",
        "DELETE FROM audit_link WHERE position >= :at",
        "UPDATE audit_head SET position = :at - 1",
    ],
    "insert beside": [INSERT],
    "insert with a link": [
        INSERT,
        "INSERT INTO audit_link SELECT 7, :id, key_id, digest FROM audit_link WHERE position = :at",
    ],
    "other key": ["UPDATE audit_link SET key_id = 'mine' WHERE position = :at"],
    "other digest": ["UPDATE audit_link SET digest = :digest WHERE position = :at"],
    "forge the head": ["UPDATE audit_head SET digest = :digest"],
    "delete the head": ["DELETE FROM audit_head"],
}
COUNT = 6
NEW, NEWER = "01a21c58d14671b4bb0ee0759c7b076e", "01a21c58d14671b4bb0ee0759c7b076f"


@contextmanager
def powerful(works):
    """Work as somebody who has the database and no key: the triggers are gone, and nothing is kept afterwards."""
    engine = open_engine(works.settings.database_owner_url or works.settings.database_url)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
            for name in names:
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            for table in ("audit_record", "audit_link"):
                connection.execute(text(f"DROP TRIGGER {table}_change ON {table}"))
                connection.execute(text(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"))
            connection.execute(text("ALTER TABLE audit_head DISABLE ROW LEVEL SECURITY"))
            connection.execute(text("ALTER TABLE audit_waiting DISABLE ROW LEVEL SECURITY"))
        yield connection, Work(Session(connection), SYSTEM, works.clock, works.settings)
        connection.rollback()
    engine.dispose()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.sampled_from(sorted(TAMPERINGS)), again=st.sampled_from(["", *sorted(TAMPERINGS)]), data=st.data())
def test_tampering_by_sql_is_found_and_named(works, first, again, data):
    if not order_of_links(works):
        write_acts(works, COUNT)
        link_round(works)
    order = order_of_links(works)
    at, other = data.draw(st.permutations(range(1, COUNT + 1)))[:2]

    places = {"at": at, "other": other, "record": order[at - 1].hex}
    with powerful(works) as (connection, work):
        _tamper(connection, TAMPERINGS[first], {**places, "id": NEW})
        if again != first:  # a swap taken back is none
            _tamper(connection, TAMPERINGS.get(again, ()), {**places, "id": NEWER})
        wrong = found_in(work)

    assert wrong
    if again in {"", first}:
        assert _named(first, wrong, order, at, other)


def _tamper(connection, statements, places):
    given = {**places, "digest": "e" * 64, "then": "2020-01-01 00:00:00+00:00"}
    for statement in statements:
        used = {name: value for name, value in given.items() if re.search(rf":{name}\b", statement)}
        connection.execute(text(statement), used)


def _named(kind, wrong, order, at, other):
    faults, positions, ids = ({one[part] for one in wrong} for part in range(3))
    if kind in {"cut", "cut, with the head"}:
        return Fault.CUT in faults
    if kind in {"forge the head", "delete the head"}:
        return faults <= {Fault.HEAD_FORGED, Fault.HEAD_MISSING}
    if kind.startswith("insert"):
        return NEW in {one.hex for one in ids if one}
    if kind == "swap":
        return {at, other} <= positions
    return at in positions or order[at - 1] in ids or Fault.CUT in faults


def test_tampering_harmless_to_look_at_is_nothing(works):
    write_acts(works, COUNT)
    link_round(works)

    with powerful(works) as (_, work):
        assert found_in(work) == []


def test_copy_of_the_head_outside_finds_a_cut_that_the_database_hides(works):
    write_acts(works, COUNT)
    link_round(works)
    with powerful(works) as (connection, work):
        connection.execute(text("DELETE FROM audit_record"))
        connection.execute(text("DELETE FROM audit_link"))
        connection.execute(text("DELETE FROM audit_head"))

        assert [(one.fault, one.place, one.last) for one in breaches_of_log(work)] == [
            (Fault.CUT, "the data folder", COUNT)
        ]


def test_copy_that_proves_a_cut_is_not_written_over(works):
    folder = Path(works.settings.instance_dir)
    write_acts(works, COUNT)
    link_round(works)
    ahead = read_head(folder)
    with powerful(works) as (connection, _):
        connection.execute(
            text("DELETE FROM audit_record WHERE id IN (SELECT record_id FROM audit_link WHERE position > 3)")
        )
        connection.execute(text("DELETE FROM audit_link WHERE position > 3"))
        connection.commit()
    write_acts(works, 1)

    link_round(works)

    assert read_head(folder) == ahead
    assert (Fault.CUT, 4, None) in found(works)


def test_copy_that_was_lost_is_made_anew_and_an_unreadable_one_is_named(works):
    folder = Path(works.settings.instance_dir)
    write_acts(works, 1)
    link_round(works)
    head = read_head(folder)
    (folder / "audit-head.json").unlink()
    assert [fault for fault, *_ in found(works)] == [Fault.HEAD_MISSING]

    link_round(works)
    assert (read_head(folder), found(works)) == (head, [])
    (folder / "audit-head.json").write_text("{")
    assert [fault for fault, *_ in found(works)] == [Fault.HEAD_FORGED]
    write_head(folder, head)
    assert found(works) == []


def test_check_once_a_day_is_kept_with_how_far_it_went(works, clock):
    write_acts(works, 2)
    link_round(works)
    check_round(works)
    first = clock.now()
    clock.move(timedelta(hours=23))
    check_round(works)
    with works.reading(SYSTEM) as work:
        kept = last_check(work)
        assert (kept.at, kept.position, kept.breaches) == (first, 2, 0)
    clock.move(timedelta(hours=2))
    (Path(works.settings.instance_dir) / "audit-head.json").unlink()
    check_round(works)

    with works.reading(SYSTEM) as work:
        kept = last_check(work)
        assert (kept.at, kept.position, kept.breaches) == (clock.now(), 2, 1)


def test_backup_taken_while_acts_are_linked_has_no_head_ahead_of_its_chain(works, tmp_path):
    write_acts(works, COUNT)
    link_round(works)
    before = read_head(Path(works.settings.instance_dir))

    def meanwhile(told):
        if told.startswith("file:"):  # the database was copied; the portal serves on
            write_acts(works, 1)
            link_round(works)

    take_backup(works.settings, works.clock, tmp_path / "copy", meanwhile)

    assert read_head(tmp_path / "copy" / "data") == before
    assert read_head(Path(works.settings.instance_dir)).position > COUNT


def test_restored_log_is_whole_and_goes_on(works, tmp_path):
    write_acts(works, COUNT)
    link_round(works)
    assert run(works.settings, "backup", str(tmp_path / "copy")).returncode == 0
    write_acts(works, 3)
    link_round(works)
    works.engine.dispose()

    assert run(works.settings, "restore", str(tmp_path / "copy"), "--force").returncode == 0
    write_acts(works, 1)
    link_round(works)

    assert (len(order_of_links(works)) > COUNT, found(works)) == (True, [])


def test_command_names_what_was_tampered_with_and_fails(works, tmp_path):
    write_acts(works, COUNT)
    link_round(works)
    whole = run(works.settings, "db", "check", "--json")
    third = order_of_links(works)[2]
    with powerful(works) as (connection, _):
        _tamper(connection, TAMPERINGS["change"], {"record": third.hex})
        connection.commit()

    broken = run(works.settings, "db", "check", "--json")

    assert (whole.returncode, json.loads(whole.stdout)["checks"]["audit chain"]) == (0, [])
    assert (broken.returncode, json.loads(broken.stdout)["checks"]["audit chain"]) == (
        1,
        [f"link 3, act {third}: is not what was linked there"],
    )
