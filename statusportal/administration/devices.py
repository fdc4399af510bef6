"""Reads for the administration of devices, models and machine tokens: each list in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select, tuple_

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.access.vocabulary import Right
from statusportal.accounts.models import Organisation
from statusportal.accounts.queries import note_customers
from statusportal.administration.policy import holds_everywhere, looked_after
from statusportal.catalogue.models import DeviceModel, ModelSignal
from statusportal.catalogue.queries import model_for
from statusportal.credentials.models import DeviceCredential
from statusportal.credentials.vocabulary import CredentialKind
from statusportal.custody.queries import granted_to, receiver_names
from statusportal.fleet.models import AccessGrant, Device, Ownership
from statusportal.fleet.policy import name_at, owned_at, visible_grants
from statusportal.fleet.queries import device_for, ownerships_of
from statusportal.foundation.errors import Forbidden
from statusportal.foundation.paging import Page, Slice, page_of
from statusportal.status.models import DeviceStatus
from statusportal.work import Work

_MOST_DEVICES = 200
_MOST_CREDENTIALS = 200
_MOST_CHOICES = 500


@dataclass(frozen=True, slots=True)
class DeviceOwned:
    """A device, who has it now and since when, and how it fares; None where nobody has it or it was never heard."""

    device: Device
    organisation_id: UUID | None
    organisation: str | None
    owned_from: datetime | None
    status: DeviceStatus | None


@dataclass(frozen=True, slots=True)
class Owned:
    """A time in which an organisation has a device."""

    organisation: str
    from_at: datetime
    to_at: datetime | None


@dataclass(frozen=True, slots=True)
class GrantSeen:
    """What an owner gave, to whom by name."""

    grant: AccessGrant
    receiver: str
    rights: Right


@dataclass(frozen=True, slots=True)
class CredentialSeen:
    """A machine's token and the organisation it speaks for."""

    credential: DeviceCredential
    organisation: str


@dataclass(frozen=True, slots=True)
class ModelCounted:
    """A model with how many signals it declares and how many devices are of it."""

    model: DeviceModel
    signals: int
    devices: int


def devices_looked_after(
    work: Work, wanted: Slice, q: str = "", *, organisation_id: UUID | None = None, model_id: UUID | None = None
) -> Page[DeviceOwned]:
    """List devices by name that the actor may administer or share: staff all, others those owned now. One query.

    Raises: Forbidden.
    """
    require(work.actor, Permission.DEVICE_SHARE)
    name = name_at(work.now)
    query = (
        select(Device, Organisation.id, Organisation.name, Ownership.from_at, DeviceStatus)
        .join(DeviceModel, DeviceModel.id == Device.model_id)
        .outerjoin(Ownership, (Ownership.device_id == Device.id) & owned_at(work.now))
        .outerjoin(Organisation, Organisation.id == Ownership.organisation_id)
        .outerjoin(DeviceStatus, DeviceStatus.device_id == Device.id)
        .where(looked_after(work.actor, Permission.DEVICE_SHARE, Ownership.organisation_id))
    )
    if q:
        texts = (name, Device.serial, DeviceModel.name, Organisation.name)
        query = query.where(or_(*(text.icontains(q, autoescape=True) for text in texts)))
    if organisation_id is not None:
        query = query.where(Ownership.organisation_id == organisation_id)
    if model_id is not None:
        query = query.where(Device.model_id == model_id)
    if position := wanted.position(str, UUID):
        query = query.where(tuple_(name, Device.id) > tuple_(*position))
    found = work.session.execute(query.order_by(name, Device.id).limit(wanted.limit + 1))
    rows = [DeviceOwned(*row) for row in found]
    page = page_of(rows, wanted, lambda row: (row.device.name_at(work.now), row.device.id))
    if q or organisation_id is not None:
        note_customers(work, [row.organisation_id for row in page.items])
    return page


def device_looked_after(work: Work, device_id: UUID) -> DeviceOwned:
    """Return a device whose present owner the actor stands for, or for staff any device.

    Raises: NotFound, Forbidden for who may look at the device and not more.
    """
    device = device_for(work, device_id)
    query = (
        select(Organisation.id, Organisation.name, Ownership.from_at, DeviceStatus)
        .select_from(Ownership)
        .join(Organisation, Organisation.id == Ownership.organisation_id)
        .outerjoin(DeviceStatus, DeviceStatus.device_id == Ownership.device_id)
        .where(
            Ownership.device_id == device.id,
            owned_at(work.now),
            looked_after(work.actor, Permission.DEVICE_SHARE, Ownership.organisation_id),
        )
    )
    found = work.session.execute(query).one_or_none()
    if found is not None:
        return DeviceOwned(device, *found)
    if not holds_everywhere(work.actor, Permission.DEVICE_SHARE):
        raise Forbidden(Permission.DEVICE_SHARE.value, "an administrator of the present owner")
    return DeviceOwned(device, None, None, None, work.session.get(DeviceStatus, device.id))


def owners_of(work: Work, device_id: UUID) -> list[Owned]:
    """List a device's owners by name, the latest first; an organisation sees its own times.

    Raises: NotFound.
    """
    rows = ownerships_of(work, device_id)
    query = select(Organisation.id, Organisation.name).where(Organisation.id.in_({row.organisation_id for row in rows}))
    names = {row.id: row.name for row in work.session.execute(query)}
    return [Owned(names[row.organisation_id], row.from_at, row.to_at) for row in reversed(rows)]


def grants_given(work: Work, device_id: UUID) -> list[GrantSeen]:
    """List what was granted on a device and still opens something or will, with the receivers' names, newest first."""
    query = (
        select(AccessGrant)
        .where(
            AccessGrant.device_id == device_id,
            visible_grants(work.actor),
            AccessGrant.revoked_at.is_(None),
            or_(AccessGrant.to_at.is_(None), AccessGrant.to_at > work.now),
        )
        .order_by(AccessGrant.created_at.desc(), AccessGrant.id.desc())
    )
    found = work.session.scalars(query).all()
    names = receiver_names(work, [granted_to(row) for row in found])
    return [GrantSeen(row, names[granted_to(row)], Right(row.rights)) for row in found]


def tokens_of_device(work: Work, device_id: UUID) -> Sequence[DeviceCredential]:
    """List a device's tokens of organisations that the actor stands for, those that still work, newest first."""
    query = select(DeviceCredential).where(
        DeviceCredential.device_id == device_id,
        DeviceCredential.revoked_at.is_(None),
        looked_after(work.actor, Permission.CREDENTIAL_ADMINISTER, DeviceCredential.organisation_id),
    )
    ordered = query.order_by(DeviceCredential.created_at.desc(), DeviceCredential.id.desc())
    return work.session.scalars(ordered.limit(_MOST_CREDENTIALS)).all()


def gateway_tokens(work: Work) -> list[CredentialSeen]:
    """List gateway tokens that still work, of all organisations that the actor stands for, newest first.

    Raises: Forbidden.
    """
    require(work.actor, Permission.CREDENTIAL_ADMINISTER)
    query = (
        select(DeviceCredential, Organisation.name)
        .join(Organisation, Organisation.id == DeviceCredential.organisation_id)
        .where(
            DeviceCredential.kind == CredentialKind.GATEWAY.value,
            DeviceCredential.revoked_at.is_(None),
            looked_after(work.actor, Permission.CREDENTIAL_ADMINISTER, DeviceCredential.organisation_id),
        )
        .order_by(DeviceCredential.created_at.desc(), DeviceCredential.id.desc())
        .limit(_MOST_CREDENTIALS)
    )
    return [CredentialSeen(*row) for row in work.session.execute(query)]


def models_counted(work: Work, wanted: Slice) -> Page[ModelCounted]:
    """List models by name with their counts, for who administers them. One query.

    Raises: Forbidden.
    """
    require(work.actor, Permission.MODEL_ADMINISTER)
    signals = select(func.count()).where(ModelSignal.model_id == DeviceModel.id).scalar_subquery()
    devices = select(func.count()).where(Device.model_id == DeviceModel.id).scalar_subquery()
    query = select(DeviceModel, signals, devices)
    if position := wanted.position(str, UUID):
        query = query.where(tuple_(DeviceModel.name, DeviceModel.id) > tuple_(*position))
    found = work.session.execute(query.order_by(DeviceModel.name, DeviceModel.id).limit(wanted.limit + 1))
    rows = [ModelCounted(*row) for row in found]
    return page_of(rows, wanted, lambda row: (row.model.name, row.model.id))


def model_to_change(work: Work, model_id: UUID) -> DeviceModel:
    """Return a model for who administers models.

    Raises: Forbidden, NotFound.
    """
    require(work.actor, Permission.MODEL_ADMINISTER)
    return model_for(work, model_id)


def devices_of_model(work: Work, model_id: UUID) -> tuple[list[DeviceOwned], int]:
    """Return the first devices of a model by name with their owners, and how many there are.

    Raises: Forbidden.
    """
    require(work.actor, Permission.MODEL_ADMINISTER)
    query = (
        select(Device, Organisation.id, Organisation.name, Ownership.from_at)
        .outerjoin(Ownership, (Ownership.device_id == Device.id) & owned_at(work.now))
        .outerjoin(Organisation, Organisation.id == Ownership.organisation_id)
        .where(Device.model_id == model_id)
        .order_by(Device.name, Device.id)
        .limit(_MOST_DEVICES)
    )
    rows = [DeviceOwned(*row, None) for row in work.session.execute(query)]
    if len(rows) < _MOST_DEVICES:
        return rows, len(rows)
    counted = work.session.scalar(select(func.count()).where(Device.model_id == model_id))
    return rows, counted or 0


def models_to_choose(work: Work) -> Sequence[DeviceModel]:
    """List models by name for a form's choice.

    Raises: Forbidden.
    """
    require(work.actor, Permission.MODEL_VIEW)
    query = select(DeviceModel).order_by(DeviceModel.name, DeviceModel.id)
    return work.session.scalars(query.limit(_MOST_CHOICES)).all()
