"""What an actor may see of a topic, and its version as that actor counts. Asked anew for each nudge."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import func, select

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.discussion.queries import comment_for
from statusportal.entries.models import StatusEntry
from statusportal.entries.policy import visible_entries
from statusportal.entries.queries import entries_by_id, entry_for, version_seen
from statusportal.fleet.models import Device, Ownership
from statusportal.fleet.policy import owned_at, present_devices
from statusportal.fleet.queries import devices_by_id, find_present_device
from statusportal.foundation.errors import NotFound
from statusportal.live.topics import ME, Topic, device_topic, entry_topic
from statusportal.status.models import DeviceStatus
from statusportal.work import Work


def versions_of(work: Work, topics: Collection[Topic]) -> Mapping[Topic, int]:
    """Return the version of each topic that the actor may see; invisible ones are left out, like missing ones."""
    entry_ids = [topic.id for topic in topics if topic.kind == "entry" and topic.id]
    device_ids = [topic.id for topic in topics if topic.kind == "device" and topic.id]
    found = {ME: 0} if ME in topics else {}
    if entry_ids:
        entries = entries_by_id(work, entry_ids)
        found |= {entry_topic(one): version_seen(work, entry) for one, entry in entries.items()}
    if device_ids and actor_holds(work.actor, Permission.DEVICE_VIEW, None):
        seen = devices_by_id(work, device_ids)
        found |= {device_topic(one): version for one, version in device_versions(work, list(seen)).items()}
    return found


def device_versions(work: Work, device_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """Count what the actor may see change of each device: its entries, and its status while the device is theirs."""
    seen = StatusEntry.version + (StatusEntry.internal_version if work.actor.is_operator else 0)
    entries = (
        select(StatusEntry.device_id, func.sum(seen))
        .where(visible_entries(work.actor, work.now), StatusEntry.device_id.in_(device_ids))
        .group_by(StatusEntry.device_id)
    )
    counted = {device_id: int(total) for device_id, total in work.session.execute(entries)}
    states = (
        select(DeviceStatus.device_id, DeviceStatus.version)
        .join(Device, Device.id == DeviceStatus.device_id)
        .where(present_devices(work.actor, work.now), DeviceStatus.device_id.in_(device_ids))
    )
    if not work.actor.is_operator:
        # Until the status begins anew it is the former owner's, and how often it changed is theirs to know.
        states = states.join(Ownership, Ownership.id == DeviceStatus.ownership_id).where(owned_at(work.now))
    for device_id, version in work.session.execute(states):
        counted[device_id] = counted.get(device_id, 0) + version
    return {device_id: counted.get(device_id, 0) for device_id in device_ids}


def actor_sees(work: Work, payload: Mapping[str, str]) -> bool:
    """Tell whether the actor may read the very thing that an event is about: an internal word nudges staff alone."""
    try:
        if "comment_id" in payload:
            comment_for(work, UUID(payload["comment_id"]))
        elif "entry_id" in payload:
            entry_for(work, UUID(payload["entry_id"]))
        else:
            is_meant = actor_holds(work.actor, Permission.DEVICE_VIEW, None)
            return is_meant and find_present_device(work, UUID(payload["device_id"])) is not None
    except NotFound:
        return False
    return True
