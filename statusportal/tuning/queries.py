"""Reading devices' own limits, and the rules that a device is really judged by."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import joinedload

from statusportal.catalogue.queries import rules_of
from statusportal.catalogue.vocabulary import ModelRules
from statusportal.fleet.models import Device, Ownership
from statusportal.fleet.policy import owned_at
from statusportal.fleet.queries import device_for
from statusportal.fleet.vocabulary import Held
from statusportal.tuning.models import DeviceLimit
from statusportal.tuning.policy import visible_own_limits
from statusportal.tuning.vocabulary import Band, Bands, tuned
from statusportal.work import Work

MOST_SHOWN = 200


def own_limits_of(work: Work, device_id: UUID) -> list[DeviceLimit]:
    """List the own limits that a device has now, by code, each with who set it.

    Raises: NotFound.
    """
    device = device_for(work, device_id)
    query = _present_limits(work, device.id).options(joinedload(DeviceLimit.person))
    return list(work.session.scalars(query.order_by(DeviceLimit.code)))


def rules_of_device(work: Work, device: Device) -> ModelRules:
    """Return what a device is judged by now: its model's rules with its own limits, as far as the reader sees them."""
    rules = rules_of(work, [device.model_id])[device.model_id]
    return tuned(rules, {row.code: row.band for row in work.session.scalars(_present_limits(work, device.id))})


def _present_limits(work: Work, device_id: UUID) -> Select[DeviceLimit]:
    return (
        select(DeviceLimit)
        .join(Ownership, _ownership_of_limit())
        .where(visible_own_limits(work.actor, work.now), DeviceLimit.device_id == device_id, owned_at(work.now))
    )


def bands_under(work: Work, ownerships: Iterable[Held]) -> Mapping[UUID, Bands]:
    """Return by device the own limits under these ownerships, for the portal's own jobs; who has none is missing."""
    wanted = {one.device_id: one for one in ownerships}
    query = select(DeviceLimit).where(
        DeviceLimit.organisation_id.in_({one.organisation_id for one in wanted.values()}),
        DeviceLimit.device_id.in_(list(wanted)),
    )
    found: dict[UUID, dict[str, Band]] = {}
    for row in work.session.scalars(query):
        if row.ownership_id == wanted[row.device_id].id:
            found.setdefault(row.device_id, {})[row.code] = row.band
    return found


def count_own_limits(work: Work, model_id: UUID) -> Mapping[str, int]:
    """Count, by code, the devices of a model that have a limit of their own now, as far as the reader sees them."""
    query = (
        select(DeviceLimit.code, func.count())
        .join(Device, Device.id == DeviceLimit.device_id)
        .join(Ownership, _ownership_of_limit())
        .where(Device.model_id == model_id, owned_at(work.now), visible_own_limits(work.actor, work.now))
        .group_by(DeviceLimit.code)
    )
    return dict(iter(work.session.execute(query)))


def own_limits_of_rule(
    work: Work, model_id: UUID, code: str, most: int = MOST_SHOWN
) -> list[tuple[DeviceLimit, Device]]:
    """List the devices of a model that have a limit of their own for a rule now, by serial, with it."""
    query = (
        select(DeviceLimit, Device)
        .join(Device, Device.id == DeviceLimit.device_id)
        .join(Ownership, _ownership_of_limit())
        .where(
            Device.model_id == model_id,
            DeviceLimit.code == code,
            owned_at(work.now),
            visible_own_limits(work.actor, work.now),
        )
        .order_by(Device.serial, Device.id)
    )
    return [(row, device) for row, device in work.session.execute(query.limit(most))]


def _ownership_of_limit() -> ColumnElement[bool]:
    return and_(
        Ownership.organisation_id == DeviceLimit.organisation_id,
        Ownership.device_id == DeviceLimit.device_id,
        Ownership.id == DeviceLimit.ownership_id,
    )
