"""What the machine itself says on its entry: each time it was active, and that it is over."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from flask_babel import get_timezone
from flask_babel import gettext as _

from statusportal.activations.queries import activations_of
from statusportal.entries.models import EntryHappening, StatusEntry
from statusportal.entries.vocabulary import HappeningKind, Lifecycle
from statusportal.foundation.clock import from_ms
from statusportal.foundation.vocabulary import Connectivity
from statusportal.http.filters import reader_locale
from statusportal.http.formatting import duration, since
from statusportal.http.views.entries import MachineEvent, MachineEvents
from statusportal.http.views.shell import Health
from statusportal.status.queries import StatusNow
from statusportal.web.reasons import reason_words
from statusportal.work import Work


def events_view(work: Work, entry: StatusEntry) -> MachineEvents | None:
    """Return when what an entry stands for was active; None where a person wrote it."""
    if not entry.event_count:
        return None
    return MachineEvents(
        count=entry.event_count,
        first_at=entry.opened_at,
        last_at=entry.last_event_at or entry.opened_at,
        items=tuple(
            MachineEvent(
                at=from_ms(one.from_ms),
                until=None if one.to_ms is None else from_ms(one.to_ms),
                words=reason_words(one.reason),
                code=one.code,
                health=cast("Health", one.health),
                lasted_s=None if one.to_ms is None else (one.to_ms - one.from_ms) // 1_000,
            )
            for one in activations_of(work, entry)
        ),
    )


def confirmation_of(entry: StatusEntry, happenings: Sequence[EntryHappening]) -> str:
    """Say that the machine confirmed the end, where it was the last to have a word in it."""
    moved = [one for one in happenings if "lifecycle" in one.after]
    if entry.lifecycle != Lifecycle.RESOLVED or not moved or moved[-1].kind != HappeningKind.CONFIRMED:
        return ""
    lasted_ms = moved[-1].after["at_ms"] - moved[-1].after["clear_since_ms"]
    said: str = _("Clear for %(span)s without a relapse.", span=duration(lasted_ms / 1_000, locale=reader_locale()))
    return said


def watching_of(entry: StatusEntry, status: StatusNow | None, now: datetime) -> str:
    """Say since when a watched entry is clear, and what is waited for."""
    if entry.lifecycle != Lifecycle.MONITORING or entry.clear_since is None:
        return ""
    clear: str = _("Clear since %(time)s.", time=_moment(entry.clear_since, now))
    if status is not None and status.connectivity is Connectivity.OFFLINE:
        waits = _("The machine must be heard to confirm that it is over.")
    else:
        waits = _("It is resolved %(time)s.", time=end_expected(entry, now))
    return f"{clear} {waits}"


def end_expected(entry: StatusEntry, now: datetime) -> str:
    """Say when a watched entry is over if nothing comes between."""
    if entry.lifecycle != Lifecycle.MONITORING or entry.clear_due_at is None:
        return ""
    said: str = _("%(time)s, if all stays well", time=_moment(entry.clear_due_at, now))
    return said


def _moment(at: datetime, now: datetime) -> str:
    return since(at, now=now, zone=get_timezone(), locale=reader_locale())
