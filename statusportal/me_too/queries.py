"""Reading me-toos of entries that the reader has found."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, func, select

from statusportal.entries.models import StatusEntry
from statusportal.fleet.models import Device, Ownership
from statusportal.fleet.policy import owned_at, present_devices
from statusportal.me_too.grouping import FEWEST_SHOWN, Group, Machines, groups_shown
from statusportal.me_too.models import AffectedMachine, MeToo
from statusportal.me_too.policy import visible_me_toos
from statusportal.work import Work


@dataclass(frozen=True, slots=True)
class Affected:
    """How many other machines have what an entry tells of, which of them are the reader's, and in which groups.

    `machines` are all that the reader may know: their own, or for staff every one.
    """

    count: int = 0
    mine: Sequence[UUID] = ()
    machines: Sequence[UUID] = ()
    by_firmware: Sequence[Group] = ()
    by_site_type: Sequence[Group] = ()


NONE_AFFECTED = Affected()


def affected_by(work: Work, entry_ids: Collection[UUID]) -> Mapping[UUID, Affected]:
    """Count the affected machines of entries, in one query. Shape: an entry without any is left out."""
    if not entry_ids:
        return {}
    columns = (AffectedMachine.entry_id, AffectedMachine.firmware, AffectedMachine.site_type, MeToo.device_id)
    is_mine = and_(MeToo.publication_id == AffectedMachine.id, visible_me_toos(work.actor, work.now))
    query = (
        select(*columns, func.count())
        .select_from(AffectedMachine)
        .outerjoin(MeToo, is_mine)
        .where(AffectedMachine.entry_id.in_(entry_ids))
        .group_by(*columns)
    )
    found: dict[UUID, list[tuple[str, str | None, UUID | None, int]]] = {}
    for entry_id, firmware, site_type, device_id, count in work.session.execute(query):
        found.setdefault(entry_id, []).append((firmware, site_type, device_id, count))
    return {entry_id: _affected(work, rows) for entry_id, rows in found.items()}


def machines_to_say_it_for(work: Work, entry: StatusEntry) -> Sequence[Device]:
    """List the machines of the reader's organisations, of the entry's model, for which me too can be said."""
    query = (
        select(Device)
        .join(Ownership, Ownership.device_id == Device.id)
        .where(
            Ownership.organisation_id.in_(work.actor.organisations),
            owned_at(work.now),
            present_devices(work.actor, work.now),
            Device.model_id == entry.device.model_id,
            Device.id != entry.device_id,
        )
        .order_by(Device.name, Device.id)
        .limit(200)
    )
    return work.session.scalars(query).all()


def _affected(work: Work, rows: Sequence[tuple[str, str | None, UUID | None, int]]) -> Affected:
    known = sorted({device_id for _, _, device_id, _ in rows if device_id is not None})
    fewest = 0 if work.actor.is_operator else FEWEST_SHOWN
    owned = [(firmware, site_type, count, count if device_id else 0) for firmware, site_type, device_id, count in rows]
    return Affected(
        count=sum(count for _, _, count, _ in owned),
        mine=() if work.actor.is_operator else known,
        machines=known,
        by_firmware=groups_shown((Machines(firmware, count, mine) for firmware, _, count, mine in owned), fewest),
        by_site_type=groups_shown((Machines(kind or "", count, mine) for _, kind, count, mine in owned), fewest),
    )
