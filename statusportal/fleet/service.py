"""Verbs about devices and who has them."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.access.vocabulary import MemberRole, Right
from statusportal.accounts.queries import organisation_for
from statusportal.audit.service import record_act
from statusportal.catalogue.queries import model_for
from statusportal.fleet.errors import PeriodsOverlap, SerialTaken
from statusportal.fleet.events import DeviceCreated, DeviceRenamed
from statusportal.fleet.models import Device, Ownership
from statusportal.fleet.policy import owned_at
from statusportal.fleet.queries import device_for, ownership_at, require_right
from statusportal.fleet.vocabulary import BEGINNING
from statusportal.foundation.errors import Faults, Forbidden, Invalid, NotFound, Sentence
from statusportal.work import Work

_LABEL_BYTES = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceWords:
    """What a device is called, where it stands, and what runs on it."""

    name: str
    site: str = ""
    firmware: str = ""
    installed_on: date | None = None


def create_device(
    work: Work,
    organisation_id: UUID,
    model_id: UUID,
    serial: str,
    name: str = "",
    site: str = "",
    from_at: datetime | None = None,
) -> Device:
    """Take in a device, which belongs to the organisation from `from_at`, or from the beginning.

    Raises: Forbidden, NotFound, Invalid, SerialTaken.
    """
    require(work.actor, Permission.DEVICE_ADMINISTER)
    organisation = organisation_for(work, organisation_id)
    model = model_for(work, model_id)
    faults = Faults()
    clean_serial = faults.line("/serial", serial, most=100)
    clean = _clean(faults, DeviceWords(name=name or f"{model.name} {serial}", site=site))
    faults.close()
    known = select(Device.id).where(Device.model_id == model.id, Device.serial == clean_serial)
    if work.session.scalar(known) is not None:
        raise SerialTaken(
            Sentence(
                "There is a %(model)s with the serial number %(serial)s already.", model=model.name, serial=clean_serial
            )
        )
    device = Device(
        model_id=model.id,
        model=model,
        serial=clean_serial,
        name=clean.name,
        site=clean.site,
        firmware="",
        label=secrets.token_urlsafe(_LABEL_BYTES),
        created_at=work.now,
    )
    work.session.add(device)
    work.session.flush()
    ownership = add_ownership(work, device.id, organisation.id, from_at or BEGINNING, None)
    record_act(work, "device.created", "device", device.id, organisation_id=organisation.id)
    work.emit(DeviceCreated(device_id=device.id, organisation_id=organisation.id, ownership_id=ownership.id))
    return device


def rename_device(work: Work, device_id: UUID, words: DeviceWords) -> Device:
    """Change what a device's page calls it: its owner's people who may, staff, and who was granted MANAGE.

    Raises: NotFound, Forbidden, Invalid.
    """
    device = device_for(work, device_id)
    ownership = ownership_at(work, device.id, work.now)
    if ownership is None and work.actor.is_operator:
        raise Invalid.field("/device", Sentence("belongs to nobody now"))
    if ownership is None:
        raise Forbidden(Permission.DEVICE_RENAME.value, "customer_admin")
    require_right(work, Permission.DEVICE_RENAME, Right.MANAGE, device.id, ownership.organisation_id, work.now)
    faults = Faults()
    clean = _clean(faults, words)
    faults.close()
    device.name, device.site, device.firmware = clean.name, clean.site, clean.firmware
    device.installed_on = clean.installed_on
    if not device.has_words_at(work.now):
        device.words_until = None
    organisation_id = ownership.organisation_id
    record_act(work, "device.renamed", "device", device.id, organisation_id=organisation_id)
    work.emit(DeviceRenamed(device_id=device.id, organisation_id=organisation_id))
    return device


def add_ownership(
    work: Work, device_id: UUID, organisation_id: UUID, from_at: datetime, to_at: datetime | None
) -> Ownership:
    """Write a time in which an organisation has a device.

    Raises: Forbidden, Invalid, PeriodsOverlap when somebody has the device in that time.
    """
    require(work.actor, Permission.DEVICE_ADMINISTER)
    if to_at is not None and to_at <= from_at:
        raise Invalid.field("/to", Sentence("must lie after the beginning"))
    return put_ownership(work, device_id, organisation_id, from_at, to_at)


def put_ownership(
    work: Work, device_id: UUID, organisation_id: UUID, from_at: datetime, to_at: datetime | None
) -> Ownership:
    """Write a time in which an organisation has a device, for a verb that has asked the right to.

    Raises: PeriodsOverlap when somebody has the device in that time.
    """
    lock_ownerships(work, device_id)
    query = select(Ownership.id).where(
        Ownership.device_id == device_id, or_(Ownership.to_at.is_(None), Ownership.to_at > from_at)
    )
    if to_at is not None:
        query = query.where(Ownership.from_at < to_at)
    if work.session.scalars(query.limit(1)).one_or_none() is not None:
        raise PeriodsOverlap(Sentence("The device belongs to somebody in that time."))
    row = Ownership(organisation_id=organisation_id, device_id=device_id, from_at=from_at, to_at=to_at)
    work.session.add(row)
    work.session.flush()
    record_act(work, "ownership.added", "device", device_id, organisation_id=organisation_id, ownership_id=str(row.id))
    return row


def present_ownership(work: Work, device: Device, permission: Permission) -> Ownership:
    """Return the present ownership of a visible device if the actor holds the permission in its organisation.

    Raises: Forbidden, also for a former owner and for who was granted a look: they see the device and lack the right.
    """
    query = select(Ownership).where(Ownership.device_id == device.id, owned_at(work.now))
    found = work.session.scalar(query)
    if found is None and work.actor.is_operator:
        raise Invalid.field("/device", Sentence("belongs to nobody now"))
    if found is None:
        raise Forbidden(permission.value, "the present owner")
    require(work.actor, permission, found.organisation_id)
    return found


def ownership_for(work: Work, device_id: UUID, permission: Permission, right: Right) -> Ownership:
    """Return the present ownership of a device for whom its owner's role, staff's or a grant of the right lets act.

    Raises: NotFound, also for staff where the device belongs to nobody; Forbidden, also for a former owner.
    """
    device_for(work, device_id)
    found = ownership_at(work, device_id, work.now)
    if found is None:
        if work.actor.is_operator:
            raise NotFound
        raise Forbidden(permission.value, MemberRole.CUSTOMER_ADMIN.value)
    require_right(work, permission, right, device_id, found.organisation_id, work.now)
    return found


def _clean(faults: Faults, words: DeviceWords) -> DeviceWords:
    return DeviceWords(
        name=faults.line("/name", words.name, most=200),
        site=faults.line("/site", words.site, most=200, least=0),
        firmware=faults.line("/firmware", words.firmware, most=60, least=0),
        installed_on=words.installed_on,
    )


def lock_ownerships(work: Work, device_id: UUID) -> None:
    """Let one change of ownership of a device happen at a time (PostgreSQL; SQLite has one writer anyway)."""
    work.session.execute(select(Device.id).where(Device.id == device_id).with_for_update(of=Device))
