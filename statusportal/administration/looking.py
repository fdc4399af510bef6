"""Reads for customers: who of the operator looked at what is theirs, and what was done with it, in words they may know.

A name is told of who acted for the operator, and of one's own people; somebody of another organisation stays unnamed.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import or_, select

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.accounts.models import Person
from statusportal.accounts.policy import visible_people
from statusportal.accounts.queries import organisation_for
from statusportal.administration.audit import ActNamed, id_in
from statusportal.audit.models import AuditRecord
from statusportal.audit.queries import NO_FILTERS, AuditFilters, devices_acts, organisations_acts
from statusportal.audit.vocabulary import Part
from statusportal.fleet.models import Ownership
from statusportal.fleet.queries import device_for, devices_by_id, words_seen
from statusportal.foundation.errors import Forbidden
from statusportal.foundation.paging import Page, Slice
from statusportal.work import Work

# Codes that an owner is shown: why, as what, and until when. Ids of others and of rows stay in the log.
_TOLD = ("reason", "role", "scope", "format", "expires_at")


def looks_at_device(work: Work, device_id: UUID, wanted: Slice, part: Part = Part.ALL) -> Page[ActNamed]:
    """List what was done with a device while it was the reader's, the newest first; to staff, in every owner's time.

    Raises: NotFound, and Forbidden for who sees the device by a grant alone.
    """
    device = device_for(work, device_id)
    found = find_looks_at_device(work, device.id, wanted, part)
    if found is None:
        raise Forbidden(Permission.AUDIT_DEVICE.value, "the owner")
    return found


def find_looks_at_device(work: Work, device_id: UUID, wanted: Slice, part: Part = Part.ALL) -> Page[ActNamed] | None:
    """List as `looks_at_device` for a device that the reader is known to see; None for who may not be told."""
    owners = select(Ownership.organisation_id).where(Ownership.device_id == device_id).distinct()
    told = [one for one in work.session.scalars(owners) if actor_holds(work.actor, Permission.AUDIT_DEVICE, one)]
    if not told:
        return None
    page = devices_acts(work, device_id, told, wanted, part)
    names = _names_of_people(work, page.items)
    return Page([_named(one, names) for one in page.items], page.next_cursor)


def acts_of_organisation(
    work: Work, organisation_id: UUID, wanted: Slice, part: Part = Part.ALL, filters: AuditFilters = NO_FILTERS
) -> Page[ActNamed]:
    """List what was done with an organisation's things, its machines, people and grants, the newest first.

    Raises: NotFound, Forbidden.
    """
    row = organisation_for(work, organisation_id)
    page = organisations_acts(work, row.id, wanted, part, filters)
    names = {**_names_of_people(work, page.items), **_names_of_devices(work, page.items)}
    return Page([_named(one, names) for one in page.items], page.next_cursor)


def _named(record: AuditRecord, names: Mapping[UUID | None, str]) -> ActNamed:
    return ActNamed(
        record=record,
        actor=names.get(record.actor_id, ""),
        subject=names.get(id_in(record.subject_id), "") or names.get(record.device_id, ""),
        codes={name: record.codes[name] for name in _TOLD if record.codes.get(name) is not None},
    )


def _names_of_people(work: Work, records: Sequence[AuditRecord]) -> Mapping[UUID | None, str]:
    """Name who acted for the operator, and the reader's own people; others are not named."""
    for_operator = {one.actor_id for one in records if one.codes.get("actor_role")}
    wanted = {one.actor_id for one in records} | {id_in(one.subject_id) for one in records}
    known = or_(visible_people(work.actor), Person.id.in_(for_operator))
    rows = work.session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted), known))
    return {row.id: row.name for row in rows}


def _names_of_devices(work: Work, records: Sequence[AuditRecord]) -> Mapping[UUID | None, str]:
    """Name machines, as far as the reader may know now."""
    wanted = {
        one.device_id or id_in(one.subject_id) for one in records if one.device_id or one.subject_kind == "device"
    }
    found = devices_by_id(work, [one for one in wanted if one is not None])
    return {device_id: words.name for device_id, words in words_seen(work, found.values()).items()}
