"""Queueing what is new for whoever gets it, in the transaction in which it became so: none is forgotten by a kill.

A receiver gets what arose while the organisation that chose it had the machine, and nothing that staff say among
themselves. What waits while a forwarding pauses, or while its receiver is away, goes out later in its order; the first
parcel that waits is the cursor. MOST_WAITING items wait at most: then the oldest give way, are counted as unsent, and
their data stay to be read in the portal.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from statusportal.entries.events import EntryEdited, EntryMoved, EntryPublished
from statusportal.entries.models import StatusEntry
from statusportal.entries.vocabulary import Audience
from statusportal.fleet.models import Ownership
from statusportal.forwarding.models import Forwarding, Parcel
from statusportal.forwarding.queries import fed_forwardings, find_last_waiting, is_waiting, waiting_for
from statusportal.forwarding.vocabulary import ForwardedKind, ParcelState
from statusportal.foundation.clock import from_ms, instant_text, to_ms
from statusportal.status.events import StatusChanged
from statusportal.telemetry.policy import is_inside
from statusportal.telemetry.store.port import Arrival
from statusportal.telemetry.vocabulary import QUALITIES, Span
from statusportal.work import Work

ITEMS_AT_ONCE = 500
MOST_WAITING = 100_000
_FAR_MS = 2**62

Item = dict[str, Any]


def queue_samples(work: Work, arrivals: Sequence[Arrival]) -> None:
    """Queue newly stored samples for every receiver that gets them."""
    fed = fed_forwardings(work) if arrivals else ()
    if not fed:
        return
    owned = _owned(work, {one.device_id for one in arrivals}, {one.organisation_id for one in fed})
    for row in fed:
        spans = {
            device_id: found
            for (organisation_id, device_id), found in owned.items()
            if organisation_id == row.organisation_id
        }
        queue_items(work, row, ForwardedKind.SAMPLE, _sample_items(row, arrivals, spans))


def queue_status(work: Work, event: StatusChanged) -> None:
    """Queue a change of status for the receivers of whoever has the machine."""
    for row in fed_forwardings(work, event.organisation_id):
        if _wants_device(row, event.device_id):
            item = {
                "id": f"status:{event.ownership_id}:{event.version}",
                "device": str(event.device_id),
                "health": event.health_after.value,
                "connectivity": event.connectivity_after.value,
                "at": instant_text(event.at),
            }
            queue_items(work, row, ForwardedKind.STATUS, [item])


def queue_entry(work: Work, event: EntryPublished | EntryEdited | EntryMoved) -> None:
    """Queue an entry as it stands, unless it is for staff alone."""
    entry = work.session.get_one(StatusEntry, (event.organisation_id, event.entry_id))
    if entry.audience == Audience.INTERNAL:
        return
    for row in fed_forwardings(work, event.organisation_id):
        if _wants_device(row, entry.device_id):
            item = {
                "id": f"entry:{entry.id}:{entry.version}",
                "entry": str(entry.id),
                "device": str(entry.device_id),
                "title": entry.title,
                "body_markdown": entry.body_markdown,
                "lifecycle": entry.lifecycle,
                "health": entry.health,
                "at": instant_text(work.now),
            }
            queue_items(work, row, ForwardedKind.ENTRY, [item])


def queue_items(work: Work, row: Forwarding, kind: ForwardedKind, items: Sequence[Item]) -> None:
    """Put items behind what waits: into the last parcel while it has room and was not tried, else into new ones."""
    if not items or (kind is not ForwardedKind.TEST and kind.value not in row.kinds):
        return
    worded = [{"kind": kind.value, **one} for one in items]
    last = find_last_waiting(work, row)
    if last is not None and last.body is not None and last.kind == kind and last.attempts == 0:
        fits = ITEMS_AT_ONCE - last.item_count
        last.body = {"items": [*last.body["items"], *worded[:fits]]}
        last.item_count += len(worded[:fits])
        worded = worded[fits:]
    for begin in range(0, len(worded), ITEMS_AT_ONCE):
        work.session.add(_parcel(work, row, kind, worded[begin : begin + ITEMS_AT_ONCE]))
    work.session.flush()
    _make_room(work, row)


def _parcel(work: Work, row: Forwarding, kind: ForwardedKind, items: Sequence[Item]) -> Parcel:
    return Parcel(
        organisation_id=row.organisation_id,
        forwarding_id=row.id,
        kind=kind.value,
        state=ParcelState.WAITING.value,
        item_count=len(items),
        body={"items": list(items)},
        created_at=work.now,
        next_try_at=work.now,
    )


def _make_room(work: Work, row: Forwarding) -> None:
    """Let the oldest parcels that were not tried give way until no more waits than may."""
    over = waiting_for(work, [row])[row.id] - MOST_WAITING
    if over <= 0:
        return
    mine = (Parcel.organisation_id == row.organisation_id, Parcel.forwarding_id == row.id)
    oldest = select(Parcel).where(is_waiting(), *mine, Parcel.attempts == 0).order_by(Parcel.id)
    for parcel in work.session.scalars(oldest.limit(over)):
        if over <= 0:
            break
        over -= parcel.item_count
        row.unsent += parcel.item_count
        parcel.state, parcel.body, parcel.done_at = ParcelState.DEAD.value, None, work.now
    work.session.flush()


def _owned(work: Work, device_ids: set[UUID], organisation_ids: set[UUID]) -> dict[tuple[UUID, UUID], list[Span]]:
    query = select(Ownership).where(
        Ownership.device_id.in_(device_ids), Ownership.organisation_id.in_(organisation_ids)
    )
    found: dict[tuple[UUID, UUID], list[Span]] = {}
    for row in work.session.scalars(query):
        span = (to_ms(row.from_at), _FAR_MS if row.to_at is None else to_ms(row.to_at))
        found.setdefault((row.organisation_id, row.device_id), []).append(span)
    return found


def _sample_items(row: Forwarding, arrivals: Iterable[Arrival], spans: dict[UUID, list[Span]]) -> list[Item]:
    return [
        {
            "id": f"{arrival.device_id}:{heard.signal}:{heard.at_ms}",
            "device": str(arrival.device_id),
            "signal": heard.signal,
            "at": instant_text(from_ms(heard.at_ms)),
            "value": heard.value,
            "quality": QUALITIES[heard.quality].value,
        }
        for arrival in arrivals
        if arrival.device_id in spans and _wants_device(row, arrival.device_id)
        for heard in arrival.samples
        if (not row.signals or heard.signal in row.signals) and is_inside(spans[arrival.device_id], heard.at_ms)
    ]


def _wants_device(row: Forwarding, device_id: UUID) -> bool:
    return not row.devices or str(device_id) in row.devices
