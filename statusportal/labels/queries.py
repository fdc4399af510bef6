"""Reads of labels: what an owner chose, what stands on a label, and which machines a sheet is for."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.accounts.queries import find_operator, organisation_for
from statusportal.fleet.models import Device, Ownership
from statusportal.fleet.policy import owned_at, visible_devices
from statusportal.fleet.queries import device_for
from statusportal.fleet.service import present_ownership
from statusportal.labels.addressing import label_address
from statusportal.labels.models import PublicChoice
from statusportal.labels.vocabulary import Label, PublicMinimum
from statusportal.work import Work

MOST_ON_SHEETS = 1_000


def public_minimum_of(work: Work, device_id: UUID) -> PublicMinimum:
    """Return what the present owner lets strangers read, for who may change it.

    Raises: NotFound, Forbidden.
    """
    ownership = present_ownership(work, device_for(work, device_id), Permission.DEVICE_SHARE)
    return chosen_under(work, ownership)


def chosen_under(work: Work, ownership: Ownership) -> PublicMinimum:
    """Return what was chosen under an ownership; nothing, where nothing was."""
    key = (ownership.organisation_id, ownership.device_id, ownership.id)
    row = work.session.get(PublicChoice, key)
    return PublicMinimum(row.level) if row else PublicMinimum.NOTHING


def find_device_by_label(work: Work, label: str) -> Device | None:
    """Return the machine that carries a label, if the actor may see it."""
    query = select(Device).where(Device.label == label, visible_devices(work.actor, work.now))
    return work.session.scalar(query)


def devices_to_label(work: Work, organisation_id: UUID) -> Sequence[Device]:
    """List the devices an organisation has now, by model and serial number, as many as go into one print.

    Raises: NotFound, Forbidden.
    """
    organisation = organisation_for(work, organisation_id)
    require(work.actor, Permission.DEVICE_SHARE, organisation.id)
    query = (
        select(Device)
        .join(Ownership, Ownership.device_id == Device.id)
        .join(Device.model)
        .where(Ownership.organisation_id == organisation.id, owned_at(work.now))
        .order_by(Device.model_id, Device.serial)
    )
    return work.session.scalars(query.limit(MOST_ON_SHEETS)).all()


def labels_of(work: Work, devices: Iterable[Device]) -> list[Label]:
    """Return what stands on the labels of devices that the caller read, in their order.

    Shape: only what never changes; the name and the site of a machine are its owner's words, and a label is in public.
    Raises: AddressNotLasting.
    """
    maker = maker_of(work)
    return [
        Label(
            address=label_address(work.settings.public_url, device.label),
            model=device.model.name,
            serial=device.serial,
            maker=maker,
        )
        for device in devices
    ]


def maker_of(work: Work) -> str:
    """Return who makes the machines: the operator's name, or the setting before there is an operator."""
    operator = find_operator(work)
    return operator.name if operator else work.settings.operator_name
