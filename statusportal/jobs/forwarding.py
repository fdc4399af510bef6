"""The forwarding job: what waits for each receiver, in order, a few receivers at a time."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import msgspec

from statusportal.access.actor import SYSTEM
from statusportal.calls.addresses import target_of
from statusportal.forwarding.calling import Called, call
from statusportal.forwarding.models import Parcel
from statusportal.forwarding.queries import forwarding_for, next_parcels
from statusportal.forwarding.service import (
    allowed_networks,
    begin_call,
    end_due_forwardings,
    note_called,
    secret_of,
    trim_waiting,
)
from statusportal.foundation.clock import to_ms
from statusportal.foundation.errors import Invalid, Sentence
from statusportal.work import Work, Works

PAUSE_S = 1.0
# Each receiver has one call at a time; one that answers slowly holds up no more than its own place.
CALLS_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class _Call:
    parcel_id: UUID
    address: str
    secret: str
    body: bytes
    sent_at_s: int
    allowed: tuple[str, ...]


def forwarding_round(works: Works) -> float:
    """Send the next parcel of every receiver that has one due, and return how long to wait."""
    with works.writing(SYSTEM) as work:
        end_due_forwardings(work)
        trim_waiting(work)
        calls = [_call(work, begin_call(work, parcel.id)) for parcel in next_parcels(work)]
    if not calls:
        return PAUSE_S
    with ThreadPoolExecutor(CALLS_AT_ONCE, "forwarding") as pool:
        list(pool.map(partial(_carry_out, works), calls))
    return 0.0


def _call(work: Work, parcel: Parcel) -> _Call:
    row = forwarding_for(work, parcel.forwarding_id)
    letter = {"id": str(parcel.id), "forwarding": str(row.id), "name": row.name, **(parcel.body or {})}
    return _Call(
        parcel.id,
        row.address,
        secret_of(work, row),
        msgspec.json.encode(letter),
        to_ms(work.now) // 1000,
        tuple(allowed_networks(work)),
    )


def _carry_out(works: Works, one: _Call) -> None:
    try:
        target = target_of(one.address, one.allowed)
    except Invalid as err:
        called = Called(None, Sentence("The address %(why)s.", why=err.errors[0].detail))
    else:
        called = call(target, str(one.parcel_id), one.body, one.secret, one.sent_at_s)
    with works.writing(SYSTEM) as work:
        note_called(work, one.parcel_id, called)
