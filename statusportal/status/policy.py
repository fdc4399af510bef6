"""Who sees a status: those who may look at the device now see the present one, others only the history of their time.

A status belongs to the ownership under which it arose. A new owner is shown nothing of the former one's, and a former
owner nothing of the present one's; the portal's staff and jobs see every one.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from statusportal.access.actor import Actor
from statusportal.access.vocabulary import Right
from statusportal.fleet.vocabulary import Period


def present_ownerships(periods: Iterable[Period], now: datetime) -> frozenset[UUID]:
    """Return the ownerships whose present the reader may see."""
    covering = [one for one in periods if one.from_at <= now and (one.to_at is None or now < one.to_at)]
    return frozenset(one.ownership_id for one in covering if Right.VIEW in one.rights)


def actor_sees_present(actor: Actor, periods: Iterable[Period], now: datetime) -> bool:
    """Tell whether the reader may look at the device as it is now."""
    return actor.is_operator or bool(present_ownerships(periods, now))
