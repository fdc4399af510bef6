"""Pure: planned work in, sentences in two languages out. Times are the organisation's, and say whose they are."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date

from statusportal.maintenance.vocabulary import WorkKind

_NOUNS: Mapping[WorkKind, tuple[str, str]] = {
    WorkKind.WINDOW: ("Window planned", "Vindue planlagt"),
    WorkKind.VISIT: ("Visit planned", "Besøg planlagt"),
}
_STEPS = {
    "moved": ("moved to {time}", "flyttet til {time}"),
    "confirmed": ("confirmed, {time}", "bekræftet, {time}"),
    "done": ("done", "udført"),
    "cancelled": ("called off", "aflyst"),
}


def heading(kind: WorkKind, title: str, from_at: datetime, to_at: datetime, zone: str) -> dict[str, Any]:
    """Say what is planned and when, as a headline."""
    english, danish = _NOUNS[kind]
    return {
        "key": "planned_work",
        "args": {"kind": kind.value},
        "en": f"{english}, {span(from_at, to_at, zone, 'en')}: {title}",
        "da": f"{danish}, {span(from_at, to_at, zone, 'da')}: {title}",
    }


def step(word: str, from_at: datetime, to_at: datetime, zone: str) -> dict[str, Any]:
    """Say what became of it, as a line in its thread. Shape: `word` is one of moved, confirmed, done, cancelled."""
    english, danish = _STEPS[word]
    return {
        "key": f"planned_work_{word}",
        "args": {},
        "en": english.format(time=span(from_at, to_at, zone, "en")),
        "da": danish.format(time=span(from_at, to_at, zone, "da")),
    }


def span(from_at: datetime, to_at: datetime, zone: str, locale: str) -> str:
    """Write a time as it is planned: `14 January 2027, 08:00–12:00`, and both days where it ends on another one.

    Shape: another zone than the reader's is no riddle, so the abbreviation of the zone stands behind.
    """
    start, end = (at.astimezone(ZoneInfo(zone)) for at in (from_at, to_at))
    first, last = (_day(at, locale) for at in (start, end))
    spoken = "kl. " if locale == "da" else ""
    pattern = "%H.%M" if locale == "da" else "%H:%M"
    begins, ends = start.strftime(pattern), end.strftime(pattern)
    if start.date() == end.date():
        return f"{first}, {spoken}{begins}–{ends} {end.tzname()}"
    return f"{first}, {spoken}{begins} – {last}, {spoken}{ends} {end.tzname()}"


def _day(at: datetime, locale: str) -> str:
    pattern = "d. MMMM y" if locale == "da" else "d MMMM y"
    return str(format_date(at.date(), pattern, locale=locale))
