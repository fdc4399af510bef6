"""The walls in the database: what it shows and takes when the code above it has a bug."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole
from statusportal.accounts.inviting import invite_person
from statusportal.discussion.models import Comment
from statusportal.entries.models import StatusEntry
from statusportal.fleet.models import AccessGrant
from tests.factories.accounts import make_actor, make_organisation, make_person
from tests.factories.fleet import device_token, gateway_token, make_device, make_grant, present_ownership_of

FILLED = ("membership", "invitation", "ownership", "access_grant", "device_credential", "status_entry", "comment")


def entry_on(works, device, **changes):
    ownership = present_ownership_of(works, device)
    given = {
        "organisation_id": ownership.organisation_id,
        "device_id": device.id,
        "ownership_id": ownership.id,
        "kind": "question",
        "title": "Why?",
        "lifecycle": "open",
        "audience": "organisation",
        "opened_at": works.clock.now(),
        "created_at": works.clock.now(),
    }
    return StatusEntry(**{**given, **changes})


def comment_on(works, entry, **changes):
    given = {
        "organisation_id": entry.organisation_id,
        "entry_id": entry.id,
        "path": "0001",
        "depth": 0,
        "kind": "comment",
        "audience": "organisation",
        "state": "visible",
        "body_markdown": "Because.",
        "body_html": "<p>Because.</p>",
        "created_at": works.clock.now(),
    }
    return Comment(**{**given, **changes})


def add(works, row):
    with works.writing(SYSTEM) as work:
        work.session.add(row)
        work.session.flush()
        return row


@pytest.fixture
def two(works):
    """Two organisations with a row in every walled table that people and their devices fill."""
    organisations = [make_organisation(works, "alpha"), make_organisation(works, "beta")]
    guest = make_organisation(works, "guest")
    for mine in organisations:
        make_person(works, mine)
        device = make_device(works, mine)
        make_grant(works, device, guest)
        device_token(works, device)
        gateway_token(works, mine)
        add(works, comment_on(works, add(works, entry_on(works, device))))
        with works.writing(SYSTEM) as work:
            invite_person(work, mine.id, "new@example.com", "New", MemberRole.CUSTOMER)
    return organisations


def rows_seen(connection, table):
    return list(connection.execute(text(f"SELECT DISTINCT organisation_id FROM {table}")).scalars())  # noqa: S608 - the table is one of ours


def reach(connection, *organisations, operator="off"):
    connection.execute(
        text(
            "SELECT set_config('statusportal.organisations', :own, true), "
            "set_config('statusportal.operator', :op, true)"
        ),
        {"own": "{" + ",".join(str(one.id) for one in organisations) + "}", "op": operator},
    )


@pytest.mark.parametrize("table", FILLED)
def test_app_role_reads_what_the_transaction_was_opened_for(works, two, table):
    if works.engine.dialect.name != "postgresql":
        return
    alpha, beta = two
    with works.engine.connect() as connection:
        unset = rows_seen(connection, table)
        reach(connection, alpha)
        own = rows_seen(connection, table)
        reach(connection, operator="on")
        every = rows_seen(connection, table)
        connection.rollback()
        after = rows_seen(connection, table)

    assert (unset, own, after) == ([], [alpha.id], [])
    assert set(every) == {alpha.id, beta.id}


def test_app_role_writes_nothing_for_another_organisation(works, two):
    if works.engine.dialect.name != "postgresql":
        return
    alpha, beta = two
    insert = text("INSERT INTO membership SELECT :organisation, id, 'customer', now() FROM person LIMIT 1")
    with works.engine.connect() as connection:
        reach(connection, alpha)
        with pytest.raises(ProgrammingError, match="row-level security"):
            connection.execute(insert, {"organisation": beta.id})
        connection.rollback()
        reach(connection, alpha)
        assert connection.execute(text("UPDATE ownership SET to_at = now() + interval '1 day'")).rowcount == 1
        move = text("UPDATE device_credential SET organisation_id = :organisation")
        with pytest.raises(ProgrammingError, match="row-level security"):
            connection.execute(move, {"organisation": beta.id})


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE ownership DISABLE ROW LEVEL SECURITY",
        "DROP POLICY tenant ON ownership",
        "SET ROLE portal_owner",
        "UPDATE audit_record SET act = 'nothing'",
        "DELETE FROM audit_record",
    ],
)
def test_app_role_cannot_take_the_walls_down(works, two, statement):
    if works.engine.dialect.name != "postgresql":
        return
    with works.engine.connect() as connection:
        reach(connection, operator="on")
        with pytest.raises(ProgrammingError):
            connection.execute(text(statement))


def test_actor_sees_nothing_foreign_even_without_a_condition(works, two):
    if works.engine.dialect.name != "postgresql":
        return
    make_person(works, two[1])
    stranger = make_actor(works, make_organisation(works))

    with works.reading(stranger) as work:
        assert {table: rows_seen(work.session, table) for table in FILLED if table != "membership"} == {
            table: [] for table in FILLED if table != "membership"
        }


def test_grant_on_anothers_ownership_is_refused(works, two):
    alpha, beta = two
    device = make_device(works, alpha)
    ownership = present_ownership_of(works, device)
    now = works.clock.now()
    grant = AccessGrant(
        organisation_id=beta.id,
        device_id=device.id,
        ownership_id=ownership.id,
        to_organisation_id=beta.id,
        rights=1,
        from_at=now,
        created_at=now,
    )

    with pytest.raises(IntegrityError):
        add(works, grant)


def test_entry_under_anothers_ownership_is_refused(works, two):
    alpha, beta = two
    device, other = make_device(works, alpha), make_device(works, beta)

    for changes in ({"organisation_id": beta.id}, {"device_id": other.id}, {"ownership_id": beta.id}):
        with pytest.raises(IntegrityError):
            add(works, entry_on(works, device, **changes))


def test_comment_under_anothers_entry_is_refused(works, two):
    alpha, beta = two
    mine = add(works, entry_on(works, make_device(works, alpha)))
    theirs = add(works, entry_on(works, make_device(works, beta)))
    above = add(works, comment_on(works, theirs))

    for changes in ({"entry_id": theirs.id}, {"organisation_id": beta.id}, {"parent_id": above.id, "depth": 1}):
        with pytest.raises(IntegrityError):
            add(works, comment_on(works, mine, **changes))


def test_two_open_ownerships_of_a_device_are_refused(works, two):
    alpha, beta = two
    device = make_device(works, alpha)
    later = works.clock.now() + timedelta(days=1)

    insert = text(
        "INSERT INTO ownership (organisation_id, device_id, id, from_at) VALUES (:organisation, :device, :id, :at)"
    )
    hexed = works.engine.dialect.name == "sqlite"
    values = {"organisation": beta.id, "device": device.id, "id": beta.id}
    given = {name: value.hex if hexed else value for name, value in values.items()}
    with works.writing(SYSTEM) as work, pytest.raises(IntegrityError):
        work.session.execute(insert, {**given, "at": later.isoformat() if hexed else later})
