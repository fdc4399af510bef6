"""The walls show exactly the rows somebody was let at, whatever the query asks and however connections are shared."""

import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DatabaseError, IntegrityError, ProgrammingError

from statusportal.access.actor import ANONYMOUS, SYSTEM
from statusportal.access.vocabulary import MemberRole
from statusportal.accounts.service import add_member
from statusportal.discussion.service import post_comment
from statusportal.entries.service import publish_entry
from statusportal.entries.vocabulary import Audience, EntryKind
from statusportal.work import Works
from tests.factories.accounts import actor_for, make_actor, make_organisation, make_person, make_staff_actor
from tests.factories.fleet import device_token, gateway_token, make_device, make_grant, present_ownership_of
from tests.functional.test_sold_devices import send

TABLES = ("ownership", "status_entry", "comment", "search_document", "signal")
REQUESTS = 2_000


class Neighbours:
    """Alpha and beta with two machines each, every one with an entry, a comment and a sample."""

    def __init__(self, works):
        self.works = works
        self.organisations = [make_organisation(works, "alpha"), make_organisation(works, "beta")]
        self.machines = {one.id: [self._machine(one) for _ in range(2)] for one in self.organisations}

    def _machine(self, organisation):
        device = make_device(self.works, organisation)
        with self.works.writing(make_actor(self.works, organisation)) as work:
            entry = publish_entry(work, device.id, EntryKind.QUESTION, "Canary", "", Audience.ORGANISATION)
            post_comment(work, entry.id, "Canary")
        send(self.works, device, organisation, 20.0, self.works.clock.now())
        return device

    def seen_by(self, actor):
        """Give, for each table, the machines or organisations of the rows that a query without a condition gives."""
        with self.works.reading(actor) as work:
            return {table: _whose(work.session, table) for table in TABLES}


def _whose(session, table):
    named = "organisation_id" if table in {"comment", "search_document"} else "device_id"
    rows = session.execute(text(f"SELECT {named} FROM {table}")).scalars()  # noqa: S608 - the table is one of ours
    return {str(row) for row in rows}


def expected(devices, organisations):
    machines, owners = {str(one.id) for one in devices}, {str(one.id) for one in organisations}
    return {table: owners if table in {"comment", "search_document"} else machines for table in TABLES}


@pytest.fixture
def neighbours(works):
    return Neighbours(works) if works.engine.dialect.name == "postgresql" else None


def test_member_of_two_organisations_gets_both_and_of_one_gets_one(works, neighbours):
    if neighbours is None:
        return
    alpha, beta = neighbours.organisations
    both = make_person(works, alpha)
    with works.writing(SYSTEM) as work:
        add_member(work, beta.id, both.id, MemberRole.CUSTOMER)
    machines = neighbours.machines

    assert neighbours.seen_by(make_actor(works, alpha)) == expected(machines[alpha.id], [alpha])
    assert neighbours.seen_by(actor_for(works, both)) == expected(machines[alpha.id] + machines[beta.id], [alpha, beta])


def test_guest_gets_the_rows_of_the_one_machine_they_were_let_at(works, neighbours):
    if neighbours is None:
        return
    alpha, _ = neighbours.organisations
    shared, kept = neighbours.machines[alpha.id]
    gamma = make_organisation(works)
    person = make_person(works)
    make_grant(works, shared, gamma)
    make_grant(works, shared, person)

    for guest in (make_actor(works, gamma), actor_for(works, person)):
        assert neighbours.seen_by(guest) == expected([shared], [alpha])
        with works.reading(guest) as work:
            entries = work.session.execute(text("SELECT device_id FROM status_entry")).scalars()
            below = text(
                "SELECT entry.device_id FROM comment JOIN status_entry AS entry ON entry.id = comment.entry_id"
            )
            assert {*entries, *work.session.execute(below).scalars()} == {shared.id}
            assert kept.id not in set(work.session.execute(text("SELECT id FROM device")).scalars())


def test_staff_and_jobs_get_every_row_and_nobody_gets_none(works, neighbours):
    if neighbours is None:
        return
    machines = [one for found in neighbours.machines.values() for one in found]
    whole = expected(machines, neighbours.organisations)

    assert [neighbours.seen_by(actor) for actor in (make_staff_actor(works), SYSTEM)] == [whole, whole]
    stranger = make_actor(works, make_organisation(works))
    assert [neighbours.seen_by(actor) for actor in (stranger, ANONYMOUS)] == [expected([], [])] * 2


def test_guest_changes_and_deletes_nothing_of_the_owners_papers(works, neighbours):
    if neighbours is None:
        return
    alpha, _ = neighbours.organisations
    shared = neighbours.machines[alpha.id][0]
    gamma = make_organisation(works)
    make_grant(works, shared, gamma)

    with works.reading(make_actor(works, gamma)) as work:
        for statement in ("UPDATE ownership SET to_at = NULL", "DELETE FROM access_grant", "DELETE FROM ownership"):
            assert work.session.execute(text(statement)).rowcount == 0


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("SELECT EXISTS (SELECT 1 FROM status_entry WHERE id = :entry)", False),
        ("SELECT count(*) FROM status_entry WHERE id = :entry", 0),
        ("SELECT (SELECT title FROM status_entry WHERE id = :entry)", None),
        ("WITH changed AS (UPDATE status_entry SET title = 'x' WHERE id = :entry RETURNING title) TABLE changed", None),
        ("WITH gone AS (DELETE FROM status_entry WHERE id = :entry RETURNING title) TABLE gone", None),
    ],
)
def test_question_about_a_foreign_row_is_answered_as_about_none(works, neighbours, question, answer):
    if neighbours is None:
        return
    alpha, beta = neighbours.organisations
    with works.reading(SYSTEM) as work:
        entry = work.session.scalar(
            text("SELECT id FROM status_entry WHERE organisation_id = :beta"), {"beta": beta.id}
        )

    with works.reading(make_actor(works, alpha)) as work:
        assert work.session.scalar(text(question), {"entry": entry}) is answer or answer == 0


def test_copy_gives_own_rows_and_takes_none(works, neighbours):
    if neighbours is None:
        return
    alpha, _ = neighbours.organisations
    with works.reading(make_actor(works, alpha)) as work:
        cursor = work.session.connection().connection.cursor()
        with cursor.copy("COPY status_entry (organisation_id) TO STDOUT") as copy:
            told = b"".join(bytes(part) for part in copy).decode().split()
        refused = pytest.raises(psycopg.Error, match="COPY FROM not supported with row-level security")
        with refused, cursor.copy("COPY ownership FROM STDIN") as copy:
            copy.write(b"")

    assert set(told) == {str(alpha.id)}


def test_conflict_with_a_foreign_row_tells_nothing_of_it(works, neighbours):
    if neighbours is None:
        return
    alpha, beta = neighbours.organisations
    person = make_person(works, beta)
    insert = "INSERT INTO membership VALUES (:beta, :person, 'customer', now()) ON CONFLICT"
    values = {"beta": beta.id, "person": person.id}

    for ending in ("DO NOTHING", "(organisation_id, person_id) DO UPDATE SET role = 'customer_admin' RETURNING role"):
        with works.reading(make_actor(works, alpha)) as work, pytest.raises(DatabaseError) as refused:
            work.session.execute(text(f"{insert} {ending}"), values)
        told = str(refused.value.orig)
        assert isinstance(refused.value, ProgrammingError)
        assert ("row-level security" in told, str(beta.id) in told, str(person.id) in told) == (True, False, False)


@pytest.mark.timeout(300)
def test_two_thousand_interleaved_requests_on_a_pool_of_two_show_nothing_foreign(works, neighbours):
    if neighbours is None:
        return
    engine = create_engine(works.settings.database_url, pool_size=2, max_overflow=0, pool_timeout=60)
    small = Works(engine, works.clock, works.wiring, works.settings)
    people = [(make_actor(works, one), one.id) for one in neighbours.organisations]
    met = threading.Lock()
    foreign = []

    def ask(number):
        actor, own = people[number % len(people)]
        with small.reading(actor) as work:
            rows = set(work.session.execute(text("SELECT organisation_id FROM status_entry")).scalars())
            if number % 7 == 0:
                work.session.rollback()  # what follows on this connection begins anew, and says who asks no more
                rows |= set(work.session.execute(text("SELECT organisation_id FROM status_entry")).scalars())
        if rows != {own}:
            with met:
                foreign.append((number, rows))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(REQUESTS)))
    with engine.connect() as connection:
        left = connection.scalar(text("SELECT count(*) FROM status_entry"))
    engine.dispose()

    assert (foreign, left) == ([], 0)


FOREIGN = {
    "a token of an organisation that is none": (
        "UPDATE device_credential SET organisation_id = :nobody",
        "device_credential",
    ),
    "an entry moved to another organisation": ("UPDATE status_entry SET organisation_id = :beta", "status_entry"),
    "an entry moved to another's machine": ("UPDATE status_entry SET device_id = :theirs", "status_entry"),
    "an entry moved to another's time": ("UPDATE status_entry SET ownership_id = :their_time", "status_entry"),
    "a comment moved to another organisation": ("UPDATE comment SET organisation_id = :beta", "comment"),
    "a grant under another's ownership": ("UPDATE access_grant SET ownership_id = :their_time", "access_grant"),
    "a found text under another's entry": ("UPDATE search_document SET organisation_id = :beta", "search_document"),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_row_that_would_cross_to_another_organisation_is_refused_by_both_databases(works, name):
    statement, table = FOREIGN[name]
    alpha, beta = make_organisation(works, "alpha"), make_organisation(works, "beta")
    mine, theirs = make_device(works, alpha), make_device(works, beta)
    make_grant(works, mine, beta)
    device_token(works, mine)
    gateway_token(works, alpha)
    with works.writing(make_actor(works, alpha)) as work:
        entry = publish_entry(work, mine.id, EntryKind.QUESTION, "Why?", "")
        post_comment(work, entry.id, "Because.")
    ids = {
        "nobody": mine.id,
        "beta": beta.id,
        "theirs": theirs.id,
        "their_time": present_ownership_of(works, theirs).id,
    }
    hexed = works.engine.dialect.name == "sqlite"
    given = {key: value.hex if hexed else value for key, value in ids.items() if f":{key}" in statement}

    with works.writing(SYSTEM) as work:
        assert work.session.scalar(text(f"SELECT count(*) FROM {table}"))  # noqa: S608 - the table is one of ours
        with pytest.raises(IntegrityError):
            work.session.execute(text(statement), given)
        work.session.rollback()
