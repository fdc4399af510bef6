"""What staff opened of customers' things, on any page and by any call: in the log once an hour, by person and thing.

Rooms note a thing where it is read by itself; here it is written down before the answer leaves, in work of its own,
since most of these requests read only. Live refreshes and polling add nothing within the hour.
"""

import threading
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask, Response, current_app, g

from statusportal.access.actor import SYSTEM
from statusportal.audit.service import record_sight
from statusportal.fleet.queries import ownerships_at
from statusportal.seen_as.actors import sitter_of
from statusportal.work import Sight, Work, Works

ONCE_IN = timedelta(hours=1)
_MOST_REMEMBERED = 10_000

Remembered = tuple[UUID | None, Sight]


class Memory:
    """Remember what was written lately, so that the log is not asked at every refresh."""

    def __init__(self, _works: Works) -> None:
        self._written: dict[Remembered, datetime] = {}
        self._lock = threading.Lock()

    def due(self, person_id: UUID | None, sights: Iterable[Sight], now: datetime) -> list[Sight]:
        """Return the sights that this process has not written down within the hour."""
        with self._lock:
            return [one for one in sights if now - self._written.get((person_id, one), now - ONCE_IN) >= ONCE_IN]

    def keep(self, person_id: UUID | None, written: Mapping[Sight, datetime]) -> None:
        """Note what was written; a full memory starts over, since the log itself is asked again."""
        with self._lock:
            if len(self._written) >= _MOST_REMEMBERED:
                self._written.clear()
            self._written.update(((person_id, one), at) for one, at in written.items())


def note_seen(work: Work) -> None:
    """Take over what was opened in a piece of work, for the end of the request."""
    if (work.actor.is_staff or work.actor.seen_by is not None) and work.seen:
        g.seen = g.get("seen", set()) | work.seen


def _write_down(response: Response) -> Response:
    seen: set[Sight] = g.pop("seen", set())
    if not seen:
        return response
    works: Works = current_app.extensions["statusportal"]
    memory, now, actor = works.kept(Memory), works.clock.now(), g.actor
    if actor.seen_by is not None:
        with works.reading(SYSTEM) as work:
            actor = sitter_of(work, actor)
    if due := memory.due(actor.person_id, sorted(seen, key=str), now):
        with works.writing(actor) as work:
            unknown = {thing_id for _, thing_id, owner in due if owner is None}
            owners = ownerships_at(work, unknown, now) if unknown else {}
            written = {}
            for sight in due:
                kind, thing_id, known = sight
                owner = owners.get(thing_id)
                organisation_id = known or (owner.organisation_id if owner else None)
                written[sight] = record_sight(work, kind, thing_id, organisation_id, now - ONCE_IN)
                work.session.flush()  # the next may be the same thing of the same owner
        memory.keep(actor.person_id, written)
    return response


def init_app(app: Flask) -> None:
    """Write down what was opened before each answer leaves."""
    app.after_request(_write_down)
