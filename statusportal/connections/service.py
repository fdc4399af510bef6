"""Verbs of the people who run connections: create, change, enable, disable."""

from typing import Any
from uuid import UUID

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.audit.service import record_act
from statusportal.connections.describing import require_sound, secret_names
from statusportal.connections.models import Connection
from statusportal.connections.queries import connection_for
from statusportal.connections.secrets import parted, seal, unseal
from statusportal.connections.vocabulary import ConnectionDraft, ConnectionState
from statusportal.foundation.errors import Stale
from statusportal.work import Work


def create_connection(work: Work, organisation_id: UUID, draft: ConnectionDraft) -> Connection:
    """Keep a new connection, enabled; the runner takes it up within a second.

    Raises: Forbidden; Invalid with a pointer for each wrong option.
    """
    require(work.actor, Permission.CONNECTION_ADMINISTER, organisation_id)
    require_sound(draft, draft.options)
    shown, hidden = parted(draft.options, secret_names(draft.adapter))
    row = Connection(
        organisation_id=organisation_id,
        name=draft.name.strip(),
        adapter=draft.adapter,
        options=shown,
        secret_options=seal(work.settings.connections_key, hidden),
        format_options=dict(draft.format_options),
        mapping=dict(draft.mapping),
        is_creating_devices=draft.is_creating_devices,
        model_id=draft.model_id,
        state=ConnectionState.STOPPED.value,
        state_since=work.now,
        created_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    _record(work, "connection.created", row)
    return row


def change_connection(work: Work, connection_id: UUID, draft: ConnectionDraft, version: int) -> Connection:
    """Replace what a connection is told; the runner starts it anew. Its adapter and organisation never change.

    Raises: NotFound; Stale when somebody changed it since `version`; Invalid; SecretsUnreadable when a kept secret
    cannot be opened and was not typed again.
    """
    row = connection_for(work, connection_id)
    require(work.actor, Permission.CONNECTION_ADMINISTER, row.organisation_id)
    if row.version != version:
        raise Stale(row.version)
    options, hidden = merged_options(work, row, draft)
    require_sound(draft, options)
    row.name = draft.name.strip()
    row.options, _ = parted(draft.options, secret_names(row.adapter))
    row.secret_options = seal(work.settings.connections_key, hidden)
    row.format_options = dict(draft.format_options)
    row.mapping = dict(draft.mapping)
    row.is_creating_devices = draft.is_creating_devices
    row.model_id = draft.model_id
    row.version += 1
    _record(work, "connection.changed", row)
    return row


def merged_options(work: Work, row: Connection, draft: ConnectionDraft) -> tuple[dict[str, Any], dict[str, Any]]:
    """Join a draft with the secrets that stay; the second of the two holds the secrets alone.

    Raises: Forbidden; SecretsUnreadable.
    """
    require(work.actor, Permission.CONNECTION_ADMINISTER, row.organisation_id)
    names = secret_names(row.adapter)
    shown, given = parted(draft.options, names)
    kept: dict[str, Any] = {}
    if names - given.keys() - draft.forgotten:
        stored = unseal(work.settings.connections_key, row.secret_options)
        kept = {name: value for name, value in stored.items() if name not in draft.forgotten}
    hidden = {**kept, **given}
    return {**shown, **hidden}, hidden


def enable_connection(work: Work, connection_id: UUID) -> Connection:
    """Let a connection run; one that runs already, or whose source has ended, begins anew.

    Raises: NotFound.
    """
    row = connection_for(work, connection_id)
    require(work.actor, Permission.CONNECTION_ADMINISTER, row.organisation_id)
    row.is_enabled = True
    row.version += 1
    _record(work, "connection.enabled", row)
    return row


def disable_connection(work: Work, connection_id: UUID) -> Connection:
    """Stop a connection and keep all it knows.

    Raises: NotFound.
    """
    row = connection_for(work, connection_id)
    require(work.actor, Permission.CONNECTION_ADMINISTER, row.organisation_id)
    if row.is_enabled:
        row.is_enabled = False
        row.version += 1
        row.state, row.state_since = ConnectionState.STOPPED.value, work.now
        _record(work, "connection.disabled", row)
    return row


def _record(work: Work, act: str, row: Connection) -> None:
    record_act(work, act, "connection", row.id, organisation_id=row.organisation_id, version=row.version)
