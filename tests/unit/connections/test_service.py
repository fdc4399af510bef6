import msgspec
import pytest
from sqlalchemy import select

from statusportal.access.actor import SYSTEM, Actor
from statusportal.access.vocabulary import ActorKind, MemberRole, StaffRole
from statusportal.accounts.models import Organisation
from statusportal.audit.models import AuditRecord
from statusportal.connections.queries import (
    adapter_of,
    connection_for,
    connections_page,
    enabled_connections,
    kept_secrets_of,
)
from statusportal.connections.service import (
    change_connection,
    create_connection,
    disable_connection,
    enable_connection,
)
from statusportal.connections.vocabulary import ConnectionDraft
from statusportal.foundation.errors import Forbidden, Invalid, NotFound, Stale
from statusportal.foundation.ids import new_id
from statusportal.foundation.paging import Slice

ADMIN = Actor(ActorKind.PERSON, person_id=new_id(), staff_role=StaffRole.ADMIN)
SUPPORT = Actor(ActorKind.PERSON, person_id=new_id(), staff_role=StaffRole.SUPPORT)

OPTIONS = {"host": "127.0.0.1", "topics": ["plant/+/telemetry"], "username": "u", "password": "hunter2"}
DRAFT = ConnectionDraft("Plant broker", "mqtt", OPTIONS, {"device": "topic[1]"})


@pytest.fixture
def organisation_id(works):
    with works.writing(SYSTEM) as work:
        row = Organisation(slug="alpha", name="Alpha", kind="customer", time_zone="UTC", created_at=work.now)
        work.session.add(row)
        work.session.flush()
        return row.id


@pytest.fixture
def connection_id(works, organisation_id):
    with works.writing(ADMIN) as work:
        return create_connection(work, organisation_id, DRAFT).id


def test_created_connection_keeps_its_secret_sealed(works, connection_id):
    with works.reading(ADMIN) as work:
        row = connection_for(work, connection_id)

        assert row.options == {"host": "127.0.0.1", "topics": ["plant/+/telemetry"], "username": "u"}
        assert b"hunter2" not in row.secret_options
        assert kept_secrets_of(work, row) == {"password"}
        assert adapter_of(work, row).manifest.name == "mqtt"
        assert (row.is_enabled, row.state, row.version) == (True, "stopped", 1)


def test_creating_is_audited_by_ids_alone(works, organisation_id, connection_id):
    with works.reading(SYSTEM) as work:
        row = work.session.scalars(select(AuditRecord).where(AuditRecord.act == "connection.created")).one()

        assert (row.subject_id, row.organisation_id) == (str(connection_id), organisation_id)
        assert row.codes == {"version": 1, "actor_role": "admin"}


def test_wrong_option_keeps_nothing(works, organisation_id):
    wrong = ConnectionDraft("Plant broker", "mqtt", {**OPTIONS, "port": 99_999})

    with pytest.raises(Invalid), works.writing(ADMIN) as work:
        create_connection(work, organisation_id, wrong)

    with works.reading(ADMIN) as work:
        assert connections_page(work, Slice()).items == []


@pytest.mark.parametrize("actor", [SUPPORT, "customer_admin"])
def test_only_administrators_see_and_make_connections(works, organisation_id, connection_id, actor):
    if actor == "customer_admin":
        actor = Actor(ActorKind.PERSON, person_id=new_id(), memberships={organisation_id: MemberRole.CUSTOMER_ADMIN})

    with works.reading(actor) as work:
        assert connections_page(work, Slice()).items == []
        with pytest.raises(NotFound):
            connection_for(work, connection_id)
        with pytest.raises(Forbidden):
            create_connection(work, organisation_id, DRAFT)


def test_change_keeps_the_secret_that_was_not_typed(works, connection_id):
    options = {"host": "broker.example", "topics": ["a/b"], "username": "u"}

    with works.writing(ADMIN) as work:
        change_connection(work, connection_id, ConnectionDraft("Renamed", "mqtt", options), version=1)

    with works.reading(ADMIN) as work:
        row = connection_for(work, connection_id)
        assert (row.name, row.options, row.version) == ("Renamed", options, 2)
        assert kept_secrets_of(work, row) == {"password"}


def test_change_forgets_the_secret_that_was_given_up(works, connection_id):
    options = {"host": "broker.example", "topics": ["a/b"]}
    draft = ConnectionDraft("Renamed", "mqtt", options, forgotten=frozenset({"password"}))

    with works.writing(ADMIN) as work:
        change_connection(work, connection_id, draft, version=1)

    with works.reading(ADMIN) as work:
        assert connection_for(work, connection_id).secret_options is None


def test_change_under_another_key_wants_the_secret_again(works, connection_id):
    works.settings = msgspec.structs.replace(works.settings, connections_key="another key")

    with works.writing(ADMIN) as work:
        change_connection(work, connection_id, DRAFT, version=1)

    with works.reading(ADMIN) as work:
        assert kept_secrets_of(work, connection_for(work, connection_id)) == {"password"}


def test_change_of_what_somebody_else_changed_is_stale(works, connection_id):
    with works.writing(ADMIN) as work:
        change_connection(work, connection_id, DRAFT, version=1)

    with pytest.raises(Stale) as caught, works.writing(ADMIN) as work:
        change_connection(work, connection_id, DRAFT, version=1)

    assert caught.value.version == 2


def test_disabled_connection_leaves_the_runners_list_and_comes_back(works, connection_id):
    with works.writing(ADMIN) as work:
        disable_connection(work, connection_id)
    with works.reading(SYSTEM) as work:
        disabled = enabled_connections(work)
    with works.writing(ADMIN) as work:
        enable_connection(work, connection_id)
    with works.reading(SYSTEM) as work:
        enabled = enabled_connections(work)

    assert disabled == []
    assert [(row.id, row.version) for row in enabled] == [(connection_id, 3)]


def test_list_pages_by_name(works, organisation_id):
    with works.writing(ADMIN) as work:
        for name in ("C", "A", "B"):
            create_connection(work, organisation_id, ConnectionDraft(name, "mqtt", OPTIONS))

    with works.reading(ADMIN) as work:
        first = connections_page(work, Slice(limit=2))
        second = connections_page(work, Slice(limit=2, cursor=first.next_cursor))

    assert [row.name for row in first.items] == ["A", "B"]
    assert [row.name for row in second.items] == ["C"]
    assert second.next_cursor is None
