"""Reads of connections, for those who run them and for the portal's own jobs."""

import hashlib
from collections.abc import Sequence
from uuid import UUID

import msgspec
from sqlalchemy import select, tuple_

from devices.protocol import Adapter
from devices.registry import build_adapter
from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.connections.describing import options_of
from statusportal.connections.models import Connection, ConnectionHappening, UnknownSerial
from statusportal.connections.policy import visible_connections
from statusportal.connections.secrets import unseal
from statusportal.foundation.errors import NotFound
from statusportal.foundation.paging import Page, Slice, page_of
from statusportal.work import Work


def connection_for(work: Work, connection_id: UUID) -> Connection:
    """Find one connection.

    Raises: NotFound when there is none, or none for this actor.
    """
    found = work.session.scalar(
        select(Connection).where(Connection.id == connection_id, visible_connections(work.actor))
    )
    if found is None:
        raise NotFound
    return found


def connections_page(work: Work, wanted: Slice) -> Page[Connection]:
    """List connections by name."""
    query = select(Connection).where(visible_connections(work.actor)).order_by(Connection.name, Connection.id)
    after = wanted.position(str, UUID)
    if after is not None:
        query = query.where(tuple_(Connection.name, Connection.id) > tuple_(*after))
    rows = work.session.scalars(query.limit(wanted.limit + 1)).all()
    return page_of(rows, wanted, lambda row: (row.name, row.id))


def happenings_of(work: Work, connection: Connection, wanted: Slice) -> Page[ConnectionHappening]:
    """List what happened on a connection, the newest first."""
    query = (
        select(ConnectionHappening)
        .where(
            ConnectionHappening.organisation_id == connection.organisation_id,
            ConnectionHappening.connection_id == connection.id,
            visible_connections(work.actor),
        )
        .order_by(ConnectionHappening.id.desc())
    )
    after = wanted.position(UUID)
    if after is not None:
        query = query.where(ConnectionHappening.id < after[0])
    rows = work.session.scalars(query.limit(wanted.limit + 1)).all()
    return page_of(rows, wanted, lambda row: (row.id,))


def unknown_serials_of(work: Work, connection: Connection, wanted: Slice) -> Page[UnknownSerial]:
    """List the serial numbers that a connection hears and no device has, by serial number."""
    query = (
        select(UnknownSerial)
        .where(
            UnknownSerial.organisation_id == connection.organisation_id,
            UnknownSerial.connection_id == connection.id,
            visible_connections(work.actor),
        )
        .order_by(UnknownSerial.serial)
    )
    after = wanted.position(str)
    if after is not None:
        query = query.where(UnknownSerial.serial > after[0])
    rows = work.session.scalars(query.limit(wanted.limit + 1)).all()
    return page_of(rows, wanted, lambda row: (row.serial,))


def enabled_connections(work: Work) -> Sequence[Connection]:
    """List what should be running, for the runner."""
    query = select(Connection).where(Connection.is_enabled, visible_connections(work.actor)).order_by(Connection.id)
    return work.session.scalars(query).all()


def adapter_of(work: Work, connection: Connection) -> Adapter:
    """Make a connection's adapter, secrets included; nothing is opened yet.

    Raises: SecretsUnreadable, and a `devices` SettingInvalid for settings that no longer hold.
    """
    require(work.actor, Permission.CONNECTION_ADMINISTER, connection.organisation_id)
    secrets = unseal(work.settings.connections_key, connection.secret_options)
    options = {**connection.options, **secrets}
    if any(one.name == "client_id" for one in options_of(connection.adapter)) and not options.get("client_id"):
        options["client_id"] = _client_id(connection)
    return build_adapter(
        connection.adapter, options, mapping=connection.mapping, format_given=connection.format_options
    )


def _client_id(connection: Connection) -> str:
    """Name the portal at a broker: the same in every life, another for a second portal that asks for the same.

    The options count too, since a broker's lasting session would keep topics that were taken off the list.
    """
    seed = msgspec.json.encode([str(connection.id), connection.options], order="deterministic")
    return f"portal-{hashlib.sha256(seed).hexdigest()[:14]}"  # 21 characters: MQTT 3.1.1 allows 23


def kept_secrets_of(work: Work, connection: Connection) -> frozenset[str]:
    """Name the secret options that are stored, never their values."""
    require(work.actor, Permission.CONNECTION_ADMINISTER, connection.organisation_id)
    return frozenset(unseal(work.settings.connections_key, connection.secret_options))
