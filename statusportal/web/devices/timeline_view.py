"""What happened to a device: its entries, newest first, under days and months."""

from datetime import datetime
from itertools import groupby
from typing import cast
from uuid import UUID

from flask import request, url_for
from flask_babel import format_date, get_timezone, ngettext
from flask_babel import gettext as _

from statusportal.discussion.queries import unread_counts
from statusportal.entries.models import StatusEntry
from statusportal.entries.queries import comment_count_seen, entries_of_device
from statusportal.entries.vocabulary import EntryFilters, EntryKind, Lifecycle
from statusportal.foundation.paging import Slice
from statusportal.http.filters import reader_locale
from statusportal.http.formatting import day, duration, since
from statusportal.http.views.devices import Timeline, TimelineEvent, TimelineGroup
from statusportal.http.views.shell import FilterLink, Health, Pages, Role
from statusportal.http.words import lifecycle_word
from statusportal.web.talk.words import entry_title
from statusportal.work import Work

_PAGE = 30
_DAYS_NAMED = 7
_KINDS: dict[str, frozenset[EntryKind]] = {
    "all": frozenset(),
    "status": frozenset({EntryKind.TRANSITION, EntryKind.CONDITION}),
    "talk": frozenset({EntryKind.QUESTION, EntryKind.FIELD_UPDATE}),
    "maintenance": frozenset({EntryKind.MAINTENANCE}),
}
_ICONS = {
    EntryKind.QUESTION: "ask",
    EntryKind.FIELD_UPDATE: "wrench",
    EntryKind.MAINTENANCE: "calendar",
    EntryKind.OWNERSHIP: "building",
}


def timeline_view(work: Work, device_id: UUID) -> Timeline:
    """Return the page of the time line that the address asks for."""
    kind = request.args.get("kind", "all")
    kinds = _KINDS.get(kind, frozenset())
    page = entries_of_device(work, device_id, Slice(_PAGE, request.args.get("cursor")), EntryFilters(kinds=kinds))
    unread = unread_counts(work, [entry.id for entry in page.items])
    groups = groupby(page.items, key=lambda entry: _heading(entry.opened_at, work.now))
    return Timeline(
        device_id=str(device_id),
        filters=_filters(device_id, kind if kind in _KINDS else "all"),
        groups=tuple(
            TimelineGroup(heading, tuple(_event(work, entry, unread.get(entry.id, 0)) for entry in entries))
            for heading, entries in groups
        ),
        pages=Pages(next_href=_href(device_id, kind, page.next_cursor) if page.next_cursor else None),
    )


def _event(work: Work, entry: StatusEntry, unread: int) -> TimelineEvent:
    return TimelineEvent(
        at=entry.opened_at,
        title=entry_title(entry),
        href=url_for("entries.entry", entry_id=entry.id),
        health=cast("Health | None", entry.health),
        icon=_ICONS.get(EntryKind(entry.kind), "talk"),
        code=entry.code or "",
        role=cast("Role | None", entry.author_role),
        facts=_facts(work, entry),
        unread=unread,
    )


def _facts(work: Work, entry: StatusEntry) -> tuple[str, ...]:
    facts = []
    if entry.lifecycle == Lifecycle.RESOLVED and entry.resolved_at is not None:
        lasted = duration((entry.resolved_at - entry.opened_at).total_seconds(), locale=reader_locale())
        facts.append(_("resolved in %(time)s", time=lasted))
    else:
        facts.append(lifecycle_word(entry.lifecycle, locale=reader_locale()))
    if entry.event_count > 1:
        facts.append(ngettext("active %(num)d time", "active %(num)d times", entry.event_count))
    if entry.lifecycle == Lifecycle.MONITORING and entry.clear_since is not None:
        clear = since(entry.clear_since, now=work.now, zone=get_timezone(), locale=reader_locale())
        facts.append(_("clear since %(time)s", time=clear))
    if comments := comment_count_seen(work, entry):
        facts.append(ngettext("%(num)d comment", "%(num)d comments", comments))
    return tuple(facts)


def _heading(at: datetime, now: datetime) -> str:
    """Name the day near by, and the month further back."""
    zone = get_timezone()
    today, on = now.astimezone(zone).date(), at.astimezone(zone).date()
    if (today - on).days < _DAYS_NAMED:
        named = day(on, today=today, zone=zone, locale=reader_locale())
        return named[:1].upper() + named[1:]
    month: str = format_date(on, "LLLL" if on.year == today.year else "LLLL y")
    return month[:1].upper() + month[1:]


def _filters(device_id: UUID, current: str) -> tuple[FilterLink, ...]:
    words = {"all": _("All"), "status": _("Status"), "talk": _("Talk"), "maintenance": _("Maintenance")}
    return tuple(
        FilterLink(label, _href(device_id, kind, None), is_current=kind == current, name=kind)
        for kind, label in words.items()
    )


def _href(device_id: UUID, kind: str, cursor: str | None) -> str:
    wanted = None if kind == "all" else kind
    return url_for("devices.device", device_id=device_id, kind=wanted, cursor=cursor, _anchor="timeline")
