"""Verbs of me too: say it for a machine of one's own, and take it back."""

from uuid import UUID, uuid4

from sqlalchemy import delete, select

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.entries.models import StatusEntry
from statusportal.entries.queries import locked_entry
from statusportal.entries.service import raise_version
from statusportal.entries.snapshotting import snapshot_of
from statusportal.fleet.models import Device, Ownership
from statusportal.fleet.queries import find_present_device, ownership_at
from statusportal.foundation.errors import Invalid, Sentence
from statusportal.foundation.ids import new_id
from statusportal.me_too.events import MeTooChanged
from statusportal.me_too.models import AffectedMachine, MeToo
from statusportal.me_too.vocabulary import SiteType
from statusportal.work import Work


def say_me_too(work: Work, entry_id: UUID, device_id: UUID, site_type: SiteType | None = None) -> MeToo:
    """Say that a machine of one's own has what an entry tells of; said twice it counts once.

    Others learn that one more machine is affected, and its firmware and kind of site where these are common.

    Raises: NotFound for an invisible entry; Invalid for a machine that is not one's own, or of another model.
    """
    entry = locked_entry(work, entry_id)
    device, ownership = _own_machine(work, device_id)
    if device.id == entry.device_id:
        raise Invalid.field("/device", Sentence("is the machine that the entry is about"))
    if device.model_id != entry.device.model_id:
        raise Invalid.field("/device", Sentence("is not of the model that the entry is about"))
    known = _said(work, entry, ownership)
    if known is not None:
        return known
    public = AffectedMachine(
        organisation_id=entry.organisation_id,
        entry_id=entry.id,
        id=uuid4(),
        firmware=device.firmware if device.has_words_at(work.now) else "",
        site_type=site_type,
    )
    row = MeToo(
        organisation_id=ownership.organisation_id,
        id=new_id(),
        device_id=device.id,
        ownership_id=ownership.id,
        entry_id=entry.id,
        publication_id=public.id,
        said_by=work.actor.person_id,
        said_at=work.now,
        snapshot=snapshot_of(work, device.id, work.now, (entry.snapshot or {}).get("signal")),
    )
    work.session.add_all([public, row])
    _tell(work, entry)
    return row


def unsay_me_too(work: Work, entry_id: UUID, device_id: UUID) -> None:
    """Take it back for a machine that is still one's own; nothing happens where it was not said.

    Raises: NotFound for an invisible entry; Invalid for a machine that is not one's own.
    """
    entry = locked_entry(work, entry_id)
    _, ownership = _own_machine(work, device_id)
    row = _said(work, entry, ownership)
    if row is None:
        return
    public = AffectedMachine.organisation_id == entry.organisation_id, AffectedMachine.entry_id == entry.id
    work.session.execute(delete(AffectedMachine).where(*public, AffectedMachine.id == row.publication_id))
    work.session.delete(row)
    _tell(work, entry)


def _own_machine(work: Work, device_id: UUID) -> tuple[Device, Ownership]:
    """Return a machine for whose present owner the actor speaks; a stranger's is the same as none."""
    device = find_present_device(work, device_id)
    ownership = ownership_at(work, device_id, work.now) if device else None
    if device is None or ownership is None or ownership.organisation_id not in work.actor.organisations:
        raise Invalid.field("/device", Sentence("is not a machine of yours"))
    if not actor_holds(work.actor, Permission.COMMENT_POST, ownership.organisation_id):
        raise Invalid.field("/device", Sentence("is not a machine of yours"))
    return device, ownership


def _said(work: Work, entry: StatusEntry, ownership: Ownership) -> MeToo | None:
    query = select(MeToo).where(
        MeToo.organisation_id == ownership.organisation_id,
        MeToo.entry_id == entry.id,
        MeToo.device_id == ownership.device_id,
        MeToo.ownership_id == ownership.id,
    )
    return work.session.scalars(query).one_or_none()


def _tell(work: Work, entry: StatusEntry) -> None:
    raise_version(entry, entry.audience)
    work.session.flush()
    work.emit(MeTooChanged(organisation_id=entry.organisation_id, device_id=entry.device_id, entry_id=entry.id))
