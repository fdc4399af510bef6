"""Verbs of who has machines in stock: making claim secrets, one or a batch, and withdrawing them."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.accounts.queries import find_operator
from statusportal.audit.service import record_act
from statusportal.claims.models import ClaimSecret
from statusportal.claims.queries import is_open
from statusportal.claims.secrets import new_claim_secret
from statusportal.claims.vocabulary import MadeSecret
from statusportal.fleet.models import Device, Ownership
from statusportal.fleet.policy import owned_at
from statusportal.fleet.queries import device_for
from statusportal.foundation.errors import Faults, Invalid, NotFound, Sentence
from statusportal.foundation.ids import secret_digest
from statusportal.work import Work

MOST_AT_ONCE = 500


def make_claim_secret(work: Work, device_id: UUID, expires_at: datetime | None = None) -> MadeSecret:
    """Make the one secret with which a device in stock can be taken; an earlier one that is open dies.

    Shape: without `expires_at` it lives for the setting `claim_days`.
    Raises: NotFound, Forbidden, Invalid for a device that has an owner.
    """
    device = device_for(work, device_id)
    require(work.actor, Permission.CLAIM_ISSUE)
    ends_at = _end(work, expires_at)
    stock = _stock_of(work, [device])
    if device.id not in stock:
        raise Invalid.field("/device", Sentence("has an owner. Hand it over instead"))
    return _make(work, device, stock[device.id], ends_at)


def make_claim_secrets(
    work: Work, model_id: UUID, serials: Sequence[str], expires_at: datetime | None = None
) -> list[MadeSecret]:
    """Make a secret for each of many devices of a model, in the order of their serial numbers; all of them or none.

    Raises: Forbidden, Invalid, which names each serial number that is twice here, unknown, or has an owner.
    """
    require(work.actor, Permission.CLAIM_ISSUE)
    ends_at = _end(work, expires_at)
    wanted = [serial.strip() for serial in serials]
    faults = Faults()
    if not 1 <= len(wanted) <= MOST_AT_ONCE:
        faults.note("/serials", Sentence("must be 1 to %(most)s serial numbers", most=MOST_AT_ONCE))
    faults.close()
    query = select(Device).where(Device.model_id == model_id, Device.serial.in_(wanted))
    devices = {device.serial: device for device in work.session.scalars(query)}
    stock = _stock_of(work, devices.values())
    for index, serial in enumerate(wanted):
        pointer = f"/serials/{index}"
        if serial in wanted[:index]:
            faults.note(pointer, Sentence("%(serial)s is in the list twice", serial=serial))
        elif serial not in devices:
            faults.note(pointer, Sentence("%(serial)s is no machine of this model", serial=serial))
        elif devices[serial].id not in stock:
            faults.note(pointer, Sentence("%(serial)s has an owner. Hand it over instead", serial=serial))
    faults.close()
    return [_make(work, devices[serial], stock[devices[serial].id], ends_at) for serial in wanted]


def revoke_claim_secret(work: Work, secret_id: UUID) -> None:
    """Let a secret open nothing any more; one that was used stays as it was.

    Raises: NotFound, Forbidden.
    """
    row = None
    if work.actor.is_operator:
        row = work.session.scalar(select(ClaimSecret).where(ClaimSecret.id == secret_id).with_for_update())
    if row is None:
        raise NotFound
    require(work.actor, Permission.CLAIM_ISSUE)
    if row.used_at is None:
        row.revoked_at = row.revoked_at or work.now
    record_act(
        work, "claim.revoked", "device", row.device_id, organisation_id=row.organisation_id, claim_id=str(row.id)
    )


def withdraw_open_secrets(work: Work, device_id: UUID) -> None:
    """Let no secret open a device any more, for a verb that has checked its right to."""
    query = update(ClaimSecret).where(ClaimSecret.device_id == device_id, is_open(work.now))
    work.session.execute(query.values(revoked_at=work.now))


def _stock_of(work: Work, devices: Collection[Device]) -> dict[UUID, Ownership]:
    """Return the operator's present ownerships among devices, which are held, in one order, until the work is done."""
    ids = [device.id for device in devices]
    work.session.execute(select(Device.id).where(Device.id.in_(ids)).order_by(Device.id).with_for_update(of=Device))
    operator = find_operator(work)
    query = select(Ownership).where(
        Ownership.device_id.in_(ids),
        Ownership.organisation_id == (operator.id if operator else None),
        owned_at(work.now),
    )
    return {row.device_id: row for row in work.session.scalars(query)}


def _make(work: Work, device: Device, stock: Ownership, expires_at: datetime) -> MadeSecret:
    withdraw_open_secrets(work, device.id)
    secret = new_claim_secret()
    row = ClaimSecret(
        organisation_id=stock.organisation_id,
        device_id=device.id,
        ownership_id=stock.id,
        secret_digest=secret_digest(secret),
        created_at=work.now,
        expires_at=expires_at,
    )
    work.session.add(row)
    work.session.flush()
    record_act(work, "claim.made", "device", device.id, organisation_id=stock.organisation_id, claim_id=str(row.id))
    return MadeSecret(row.id, device.id, device.model.name, device.serial, secret, expires_at)


def _end(work: Work, expires_at: datetime | None) -> datetime:
    ends_at = expires_at or work.now + timedelta(days=work.settings.claim_days)
    if ends_at <= work.now:
        raise Invalid.field("/expires_at", Sentence("must lie ahead"))
    return ends_at
