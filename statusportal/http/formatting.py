"""Turn numbers, durations and moments into what a reader of one language expects. Pure: no request, no clock."""

import math
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, get_decimal_symbol

NO_BREAK: Final = "\u00a0"
MINUS: Final = "\u2212"
MINUTE_S: Final = 60
HOUR_S: Final = 3600
DAY_S: Final = 86400
DAYS_NAMED: Final = 6
SIGNIFICANT: Final = 4

_UNITS: Final = {
    "en": {"d": "d", "h": "h", "min": "min", "s": "s"},
    "da": {"d": "d", "h": "t", "min": "min", "s": "s"},
}
_AGO: Final = {"en": "{} ago", "da": "for {} siden"}
_AHEAD: Final = {"en": "in {}", "da": "om {}"}
_JUST_NOW: Final = {"en": "just now", "da": "lige nu"}
_NEAR_DAYS: Final = {
    "en": {-1: "yesterday", 0: "today", 1: "tomorrow"},
    "da": {-1: "i går", 0: "i dag", 1: "i morgen"},
}


def _language(locale: str) -> str:
    language = locale.replace("-", "_").split("_", maxsplit=1)[0]
    return language if language in _UNITS else "en"


def number(value: float, unit: str = "", decimals: int | None = None, *, locale: str) -> str:
    """Write a number with its unit: true minus, the language's decimal mark, a no-break space before the unit.

    Shape: without `decimals` at most four significant digits of a fraction stay; whole numbers stay whole.
    """
    if not math.isfinite(value):
        return "–"
    places = _places(value) if decimals is None else decimals
    pattern = "#,##0" + ("." + ("0" if decimals is not None else "#") * places if places else "")
    text = format_decimal(value, format=pattern, locale=_language(locale)).replace("-", MINUS)
    if text.strip(MINUS + "0" + get_decimal_symbol(_language(locale))) == "":
        text = text.lstrip(MINUS)
    return f"{text}{NO_BREAK}{unit}" if unit else text


def _places(value: float) -> int:
    if value == 0 or float(value).is_integer():
        return 0
    magnitude = math.floor(math.log10(abs(value)))
    return max(1, min(6, SIGNIFICANT - 1 - magnitude))


def duration(seconds: float, *, locale: str) -> str:
    """Write a duration in at most two neighbouring units: `4 h 8 min`, `2 d 3 h`, `45 s`. Less than a second is 0 s."""
    whole = max(0, int(seconds))
    words = _UNITS[_language(locale)]
    sizes = (("d", DAY_S), ("h", HOUR_S), ("min", MINUTE_S), ("s", 1))
    for index, (name, size) in enumerate(sizes):
        if whole >= size or size == 1:
            first, rest = divmod(whole, size)
            parts = [f"{first}{NO_BREAK}{words[name]}"]
            if index + 1 < len(sizes) and name != "min":
                second = rest // sizes[index + 1][1]
                if second:
                    parts.append(f"{second}{NO_BREAK}{words[sizes[index + 1][0]]}")
            return " ".join(parts)
    return ""


def ago(when: datetime, *, now: datetime, locale: str) -> str:
    """Say how long ago a moment was in one unit, `4 s ago`; a moment ahead is `in 8 min`."""
    language = _language(locale)
    seconds = (now - when).total_seconds()
    if abs(seconds) < 1:
        return _JUST_NOW[language]
    distance = abs(seconds)
    size = next(size for size in (DAY_S, HOUR_S, MINUTE_S, 1) if distance >= size)
    text = duration(distance // size * size, locale=language)
    return (_AGO if seconds > 0 else _AHEAD)[language].format(text)


def clock(when: datetime, *, zone: tzinfo, locale: str) -> str:
    """Write the time of day in 24 hours: `15:40`, in Danish `kl. 15.40`."""
    local = when.astimezone(zone)
    return f"kl.{NO_BREAK}{local:%H.%M}" if _language(locale) == "da" else f"{local:%H:%M}"


def day(when: datetime | date, *, today: date, zone: tzinfo, locale: str) -> str:
    """Name a day as a heading: `Today`, `Yesterday`, `17 November`, and with its year when it is not this one."""
    on = when.astimezone(zone).date() if isinstance(when, datetime) else when
    near = _NEAR_DAYS[_language(locale)].get((on - today).days)
    if near is not None:
        return near[0].upper() + near[1:]
    return long_date(on, zone=zone, locale=locale) if on.year != today.year else _day_and_month(on, "MMMM", locale)


def _day_and_month(on: date, month: str, locale: str) -> str:
    dot = "." if _language(locale) == "da" else ""
    return format_date(on, format=f"d'{dot}' {month}" if dot else f"d {month}", locale=_language(locale))


def long_date(when: datetime | date, *, zone: tzinfo, locale: str) -> str:
    """Write a date in full: `14 March 2022`, in Danish `14. marts 2022`."""
    on = when.astimezone(zone).date() if isinstance(when, datetime) else when
    return f"{_day_and_month(on, 'MMMM', locale)} {on.year}"


def short_date(when: datetime | date, *, zone: tzinfo, locale: str) -> str:
    """Write a date for an axis or a margin: `22 Oct`, in Danish `22. okt.`."""
    on = when.astimezone(zone).date() if isinstance(when, datetime) else when
    return _day_and_month(on, "MMM", locale)


def month_name(on: date, *, locale: str) -> str:
    """Name a month with its year: `November 2026`, in Danish `november 2026`."""
    return str(format_date(on, format="LLLL y", locale=_language(locale)))


def day_and_time(when: datetime, *, now: datetime, zone: tzinfo, locale: str) -> str:
    """Write a moment beside a name: `Today 08:20`, `Tue 12:14`, `17 Nov 12:31`; older years name their year.

    Shape: English gives it a capital, as days have one there; Danish days have none.
    """
    text = since(when, now=now, zone=zone, locale=locale, short=True)
    if when.astimezone(zone).date() == now.astimezone(zone).date():
        text = f"{_NEAR_DAYS[_language(locale)][0]} {text}"
    return text if _language(locale) == "da" else text[0].upper() + text[1:]


def since(when: datetime, *, now: datetime, zone: tzinfo, locale: str, short: bool = False) -> str:
    """Write a moment inside a sentence: `06:40`, `yesterday 22:15`, `Tuesday 17:02`, `17 November 12:31`."""
    language = _language(locale)
    on, today = when.astimezone(zone).date(), now.astimezone(zone).date()
    time = clock(when, zone=zone, locale=language)
    distance = (on - today).days
    if distance == 0:
        return time
    if distance in _NEAR_DAYS[language]:
        return f"{_NEAR_DAYS[language][distance]} {time}"
    if abs(distance) <= DAYS_NAMED:
        return f"{format_date(on, 'EEE' if short else 'EEEE', locale=language)} {time}"
    if on.year == today.year:
        return f"{_day_and_month(on, 'MMM' if short else 'MMMM', language)} {time}"
    return f"{long_date(on, zone=zone, locale=language)} {time}"


def axis_time(when: datetime, *, span: timedelta, zone: tzinfo, locale: str) -> str:
    """Label a moment on a time axis: the hour within two days, the weekday within eight, else day and month."""
    local = when.astimezone(zone)
    if span <= timedelta(days=2):
        return f"{local:%H.%M}" if _language(locale) == "da" else f"{local:%H:%M}"
    if span <= timedelta(days=8):
        return format_skeleton("E", local, tzinfo=zone, locale=_language(locale))
    return short_date(local, zone=zone, locale=locale)


def size(size_bytes: int, *, locale: str) -> str:
    """Write a file's size in the unit that keeps it short: `240 kB`, `1.4 MB`."""
    for unit, bytes_each in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size_bytes >= bytes_each:
            share = size_bytes / bytes_each
            return number(round(share, 1 if share < 10 else 0), unit, locale=locale)  # noqa: PLR2004 one decimal below ten
    return number(size_bytes, "B", locale=locale)
