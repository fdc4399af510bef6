"""Verbs of sharing inside an organisation: who of its people sees its devices, and which it keeps to a few."""

from collections.abc import Collection
from uuid import UUID

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.access.vocabulary import ROLE_BITS, MemberRole, SharingMode
from statusportal.audit.service import record_act
from statusportal.fleet.models import OrganisationSharing, Ownership
from statusportal.fleet.queries import device_for, sharing_of
from statusportal.fleet.service import present_ownership
from statusportal.foundation.errors import Invalid, Sentence
from statusportal.work import Work


def set_sharing_mode(
    work: Work, organisation_id: UUID, mode: SharingMode, roles: Collection[MemberRole] = ()
) -> OrganisationSharing:
    """Choose who inside sees the organisation's devices. Its administrators always do; `roles` count in by_role alone.

    Raises: Forbidden, Invalid for by_role without a role.
    """
    require(work.actor, Permission.DEVICE_SHARE, organisation_id)
    if mode is SharingMode.BY_ROLE and not roles:
        raise Invalid.field("/roles", Sentence("must name a role"))
    row = sharing_row(work, organisation_id)
    row.mode = mode.value
    row.roles = sum({ROLE_BITS[role] for role in roles}) if mode is SharingMode.BY_ROLE else 0
    work.session.flush()
    record_act(
        work, "sharing.changed", "organisation", organisation_id, organisation_id=organisation_id, mode=mode.value
    )
    return row


def keep_confidential(work: Work, device_id: UUID) -> Ownership:
    """Keep a device to the organisation's administrators and to whoever was let in by name; the holding is out too.

    Raises: NotFound, Forbidden.
    """
    ownership = present_ownership(work, device_for(work, device_id), Permission.DEVICE_SHARE)
    ownership.confidential_at = ownership.confidential_at or work.now
    _record(work, "device.kept_confidential", ownership)
    return ownership


def end_confidence(work: Work, device_id: UUID) -> Ownership:
    """Show a confidential device again to whom the organisation shares with.

    Raises: NotFound, Forbidden.
    """
    ownership = present_ownership(work, device_for(work, device_id), Permission.DEVICE_SHARE)
    ownership.confidential_at = None
    _record(work, "device.shown_again", ownership)
    return ownership


def sharing_row(work: Work, organisation_id: UUID) -> OrganisationSharing:
    """Return the organisation's row, made with what holds without one."""
    row = sharing_of(work, organisation_id)
    if row is None:
        row = OrganisationSharing(organisation_id=organisation_id, mode=SharingMode.MEMBERS.value, roles=0)
        work.session.add(row)
    return row


def _record(work: Work, act: str, ownership: Ownership) -> None:
    work.session.flush()
    record_act(work, act, "device", ownership.device_id, organisation_id=ownership.organisation_id)
