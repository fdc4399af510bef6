"""Verbs of doubt: who uses a machine says that it is still broken, whatever the machine and the portal say."""

from uuid import UUID

from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import Right
from statusportal.entries.models import StatusEntry
from statusportal.entries.queries import locked_entry, require_on
from statusportal.entries.service import declared_code, tell_step
from statusportal.entries.vocabulary import HappeningKind, Lifecycle
from statusportal.fleet.queries import ownership_holds
from statusportal.foundation.errors import Conflict, Sentence
from statusportal.foundation.vocabulary import Health
from statusportal.status.service import declare_condition
from statusportal.work import Work

_OVER = (Lifecycle.MONITORING, Lifecycle.RESOLVED)


def say_still_broken(work: Work, entry_id: UUID) -> StatusEntry:
    """Reopen an entry and let the word of who uses the machine count for its health, until people resolve it again.

    The machine no longer ends such an entry by itself. Said twice it is said once.

    Raises: NotFound; Forbidden without ACK; Conflict for an entry that never said that anything was broken, and for
    one of a time that is over.
    """
    entry = locked_entry(work, entry_id)
    require_on(work, entry, Permission.ENTRY_ACKNOWLEDGE, Right.ACK)
    if entry.disputed_at is not None:
        return entry
    if not can_be_disputed(entry):
        raise Conflict(Sentence("This entry says of nothing that it is broken, or that it is over."))
    if not ownership_holds(work, entry.device_id, entry.ownership_id):
        raise Conflict(Sentence("This machine has another owner now."))
    before = Lifecycle(entry.lifecycle)
    entry.disputed_at = work.now
    entry.clear_since = entry.clear_due_at = None
    if before in _OVER:
        entry.lifecycle, entry.resolved_at = Lifecycle.OPEN, None
    declare_condition(work, entry.device_id, declared_code(entry), _health(entry), _reason(entry))
    tell_step(work, entry, HappeningKind.DISPUTED, before, {})
    # What follows is written where the machine's own conditions are, which not everybody reaches who may say so.
    work.is_followed_by_portal = True
    return entry


def can_be_disputed(entry: StatusEntry) -> bool:
    """Tell whether there is anything to doubt: it stands for a health, or is said to be over."""
    return entry.disputed_at is None and (entry.health is not None or entry.lifecycle in _OVER)


def _health(entry: StatusEntry) -> Health:
    said = Health(entry.health) if entry.health else Health.FAILURE
    return Health.FAILURE if said in (Health.NORMAL, Health.UNKNOWN) else said


def _reason(entry: StatusEntry) -> dict[str, object]:
    headline = entry.headline or {}
    english, danish = str(headline.get("en") or entry.title), str(headline.get("da") or entry.title)
    return {
        "key": "disputed",
        "args": {"text": entry.title},
        "en": f"Still broken, says who uses it: {english}",
        "da": f"Stadig i stykker, siger den, der bruger den: {danish}",
    }
