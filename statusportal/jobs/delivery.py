"""Outbox delivery: each listener alone, in a thread of its own, in order, until its messages are carried out.

A message goes when its listener has returned; a kill in between delivers it again. One that fails comes again later,
ever more seldom, and holds up nobody, not even the messages behind it.
"""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import delete, select, update

from statusportal.access.actor import SYSTEM
from statusportal.db.outbox import OutboxMessage
from statusportal.jobs.metrics import DELIVERED, FAILED
from statusportal.work import Works

log = structlog.get_logger()

AT_ONCE = 100
_PAUSE_S = 1.0
_FIRST_WAIT = timedelta(seconds=1)
_LONGEST_WAIT = timedelta(hours=1)


def wait_after(attempts: int) -> timedelta:
    """Return how long a message waits after it failed so many times: doubling, an hour at most."""
    return min(_FIRST_WAIT * (1 << min(attempts - 1, 20)), _LONGEST_WAIT)


def deliver_once(works: Works, listener: str) -> int:
    """Hand a listener what is due for it, the oldest first, and return how many messages that were."""
    with works.reading(SYSTEM) as work:
        due = (
            select(OutboxMessage)
            .where(OutboxMessage.listener == listener, OutboxMessage.next_try_at <= work.now)
            .order_by(OutboxMessage.created_at, OutboxMessage.id)
            .limit(AT_ONCE)
        )
        messages = work.session.scalars(due).all()
    done: list[UUID] = []
    failed: dict[UUID, int] = {}
    for message in messages:
        try:
            works.wiring.listeners[listener](works, message.payload)
        except Exception:
            # One of the three places that catch everything: whatever it is, the message comes again.
            log.exception("delivery failed", listener=listener, message_id=str(message.id))
            failed[message.id] = message.attempts + 1
        else:
            done.append(message.id)
    if messages:
        _note(works, done, failed)
    DELIVERED.labels(listener).inc(len(done))
    FAILED.labels(listener).inc(len(failed))
    return len(messages)


def delivery_round(works: Works, listener: str) -> float:
    """Deliver until nothing is due, and return how long to wait for the next."""
    while deliver_once(works, listener) == AT_ONCE:
        pass
    return _PAUSE_S


def _note(works: Works, done: list[UUID], failed: Mapping[UUID, int]) -> None:
    with works.writing(SYSTEM) as work:
        work.session.execute(delete(OutboxMessage).where(OutboxMessage.id.in_(done)))
        for message_id, attempts in failed.items():
            later = {"attempts": attempts, "next_try_at": work.now + wait_after(attempts)}
            work.session.execute(update(OutboxMessage).where(OutboxMessage.id == message_id).values(**later))
