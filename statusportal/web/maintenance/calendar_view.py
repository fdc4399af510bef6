"""The month of planned work: whole weeks, Monday first, in one zone's calendar."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import url_for
from flask_babel import gettext as _

from statusportal.http.filters import reader_locale
from statusportal.http.views.maintenance import CalendarDay, CalendarWeek, CalendarWork
from statusportal.maintenance.queries import WorkSeen
from statusportal.maintenance.vocabulary import WorkKind, WorkState
from statusportal.web.maintenance.words import icon_of, machines_words, names_of, state_word
from statusportal.work import Work

_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)
_LOOKS = {WorkState.CANCELLED: "moved", WorkState.MOVED: "planned"}


def month_shown(on: date) -> tuple[date, date]:
    """Return the first Monday of the weeks that a month touches, and the Monday after them."""
    first = on.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - _DAY
    return first - first.weekday() * _DAY, last - last.weekday() * _DAY + _WEEK


def weeks_of(work: Work, on: date, zone: str, found: Sequence[WorkSeen]) -> tuple[CalendarWeek, ...]:
    """Return the weeks of a month with the work of each day; what was moved also points on from its former day."""
    place = ZoneInfo(zone)
    begins, ends = month_shown(on)
    names = names_of(work, found)
    days: dict[date, list[CalendarWork]] = defaultdict(list)
    for seen in found:
        name = machines_words(seen, names)
        for day, one in _cells(seen, name, place):
            days[day].append(one)
    today = work.now.astimezone(place).date()
    mondays = [begins + number * _WEEK for number in range((ends - begins) // _WEEK)]
    return tuple(
        CalendarWeek(
            monday.isocalendar().week,
            tuple(_day(monday + number * _DAY, today, days[monday + number * _DAY]) for number in range(7)),
        )
        for monday in mondays
    )


def day_names() -> tuple[str, ...]:
    """Return the names of the days, Monday first."""
    monday = date(2024, 1, 1)
    return tuple(str(format_date(monday + number * _DAY, "EEEE", locale=reader_locale())) for number in range(7))


def _cells(seen: WorkSeen, name: str, place: ZoneInfo) -> Iterator[tuple[date, CalendarWork]]:
    row = seen.row
    href = url_for("maintenance.planned_work", work_id=row.id)
    was, start = row.was_from_at, row.from_at.astimezone(place)
    if was is not None and was.astimezone(place).date() != start.date():
        moved = _("moved to %(day)s", day=_short(start))
        yield was.astimezone(place).date(), CalendarWork("moved", "move", _("Moved"), name, moved, href)
    look = "window" if row.kind == WorkKind.WINDOW and row.state in (WorkState.PLANNED, WorkState.MOVED) else row.state
    look = _LOOKS.get(WorkState(look), look) if look != "window" else look
    last = (row.to_at - timedelta(milliseconds=1)).astimezone(place).date()
    for number in range((last - start.date()).days + 1):
        note = f"{_clock(start)}, {row.title}" if number == 0 else row.title
        yield start.date() + number * _DAY, CalendarWork(look, icon_of(row), state_word(row), name, note, href)


def _day(on: date, today: date, works: list[CalendarWork]) -> CalendarDay:
    locale = reader_locale()
    dot = "." if locale == "da" else ""
    return CalendarDay(
        label=str(format_date(on, f"EEEE d{dot} MMMM", locale=locale)),
        long=str(format_date(on, f"EEE d{dot}", locale=locale)),
        short=_short(on) if on.day == 1 else f"{on.day}{dot}",
        works=tuple(works),
        is_today=on == today,
    )


def _short(on: date | datetime) -> str:
    return str(format_date(on, "d. MMM" if reader_locale() == "da" else "d MMM", locale=reader_locale()))


def _clock(at: datetime) -> str:
    return f"kl. {at:%H.%M}" if reader_locale() == "da" else f"{at:%H:%M}"
