"""Planned work in words: its state, its time in the organisation's zone, and what it does."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from statusportal.fleet.queries import devices_by_id, words_seen
from statusportal.http.filters import reader_locale
from statusportal.http.views.maintenance import WorkNotice, WorkRow
from statusportal.maintenance.models import PlannedWork
from statusportal.maintenance.queries import WorkSeen, next_work
from statusportal.maintenance.vocabulary import AGREED, WorkKind, WorkState
from statusportal.upkeep.wording import span
from statusportal.work import Work

ICONS: Mapping[str, str] = {
    WorkState.PLANNED: "dash",
    WorkState.MOVED: "move",
    WorkState.CONFIRMED: "check",
    WorkState.DONE: "worked",
    WorkState.CANCELLED: "x",
}


def state_word(row: PlannedWork) -> str:
    """Say how far it has come."""
    is_window = row.kind == WorkKind.WINDOW
    waiting = _("Window planned") if is_window else _("Planned, waits for an answer")
    moved = _("Window moved") if is_window else _("Moved, waits for an answer")
    words: Mapping[str, str] = {
        WorkState.PLANNED: waiting,
        WorkState.MOVED: moved,
        WorkState.CONFIRMED: _("Confirmed"),
        WorkState.DONE: _("Done"),
        WorkState.CANCELLED: _("Called off"),
    }
    return words[row.state]


def icon_of(row: PlannedWork) -> str:
    """Return the icon of its state; a window that stands has one of its own."""
    return "clock" if row.kind == WorkKind.WINDOW and row.state == WorkState.PLANNED else ICONS[row.state]


def when_words(seen: WorkSeen) -> str:
    """Write its time in the organisation's zone, which is named by its abbreviation."""
    return span(seen.row.from_at, seen.row.to_at, seen.zone, reader_locale())


def effect_words(row: PlannedWork) -> str:
    """Say what it does to the machine's status and figures."""
    if row.state == WorkState.CANCELLED:
        return str(_("It was called off, so everything counts as ever."))
    if row.state in AGREED[WorkKind(row.kind)]:
        return str(
            _(
                "What the machine says in this time is recorded, and the portal opens no entry about it. The time is"
                " left out of availability. What is still wrong at the end gets its entry then."
            )
        )
    return str(_("Until it is confirmed, everything counts as ever: status, entries and availability."))


def work_rows(work: Work, found: Sequence[WorkSeen]) -> tuple[WorkRow, ...]:
    """Return rows for a list, with the machines' names read for all of them at once."""
    names = names_of(work, found)
    return tuple(
        WorkRow(
            id=str(one.row.id),
            href=url_for("maintenance.planned_work", work_id=one.row.id),
            title=one.row.title,
            machines=machines_words(one, names),
            when=when_words(one),
            icon=icon_of(one.row),
            word=state_word(one.row),
        )
        for one in found
    )


def names_of(work: Work, found: Sequence[WorkSeen]) -> dict[UUID, str]:
    """Return what the machines are called, as far as the reader may know."""
    ids = {device_id for one in found for device_id in one.device_ids}
    return {device_id: words.name for device_id, words in words_seen(work, devices_by_id(work, ids).values()).items()}


def machines_words(seen: WorkSeen, names: Mapping[UUID, str]) -> str:
    """Name the machine, or say how many there are."""
    if len(seen.device_ids) == 1:
        return names.get(seen.device_ids[0], "")
    return str(ngettext("%(num)d machine", "%(num)d machines", len(seen.device_ids)))


def notice_of(work: Work, device_id: UUID) -> WorkNotice | None:
    """Return what is planned on a machine next, for its page, or None. Who came by a link is told nothing of it."""
    seen = None if work.actor.link is not None else next_work(work, device_id)
    if seen is None:
        return None
    row = seen.row
    is_running = row.is_running(work.now) and row.state in AGREED[WorkKind(row.kind)]
    when = when_words(seen)
    words = _("Work goes on: %(when)s", when=when) if is_running else _("Work planned: %(when)s", when=when)
    return WorkNotice(
        words=f"{words}. {row.title}. {state_word(row)}.",
        effect=effect_words(row),
        href=url_for("maintenance.planned_work", work_id=row.id),
        is_running=is_running,
        icon=icon_of(row),
    )
