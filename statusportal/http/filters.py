"""Bind the pure formatting to Jinja: each filter adds the reader's language, time zone and the clock."""

from collections.abc import Callable
from datetime import date, datetime, tzinfo

from flask import Flask
from flask_babel import get_locale, get_timezone

from statusportal.http import formatting, plot, words

Clock = Callable[[], datetime]


def reader_locale() -> str:
    """Return the language of this request, such as `da`; English where Babel knows none."""
    locale = get_locale()
    return str(locale.language) if locale is not None else words.FALLBACK


def reader_zone() -> tzinfo:
    """Return the reader's time zone."""
    zone: tzinfo = get_timezone()
    return zone


def _number(value: float | bool | str | None, unit: str = "", decimals: int | None = None) -> str:  # noqa: FBT001 a signal's value may be a boolean
    if value is None:
        return "–"
    if isinstance(value, bool):
        return words.switch_word(value, locale=reader_locale())
    if isinstance(value, str):
        return value
    return formatting.number(value, unit, decimals, locale=reader_locale())


def _moment_filters(clock: Clock) -> dict[str, Callable[..., str]]:
    return {
        "clock_or_day": lambda when, heading: _clock_or_day(when, heading, clock),
        "ago": lambda when: formatting.ago(when, now=clock(), locale=reader_locale()),
        "clock": lambda when: formatting.clock(when, zone=reader_zone(), locale=reader_locale()),
        "day": lambda when: formatting.day(when, today=_today(clock), zone=reader_zone(), locale=reader_locale()),
        "day_and_time": lambda when: formatting.day_and_time(
            when, now=clock(), zone=reader_zone(), locale=reader_locale()
        ),
        "since": lambda when: formatting.since(when, now=clock(), zone=reader_zone(), locale=reader_locale()),
        "long_date": lambda when: formatting.long_date(when, zone=reader_zone(), locale=reader_locale()),
        "short_date": lambda when: formatting.short_date(when, zone=reader_zone(), locale=reader_locale()),
        "age_s": lambda when: str(max(0, int((clock() - when).total_seconds()))),
        "lasted": lambda when: formatting.duration((clock() - when).total_seconds(), locale=reader_locale()),
    }


def _clock_or_day(when: datetime, heading: str, clock: Clock) -> str:
    """Write the time under a heading that names its day, and day and time under one that names a month."""
    time = formatting.clock(when, zone=reader_zone(), locale=reader_locale())
    if formatting.day(when, today=_today(clock), zone=reader_zone(), locale=reader_locale()) == heading:
        return time
    return f"{formatting.short_date(when, zone=reader_zone(), locale=reader_locale())} {time}"


def _today(clock: Clock) -> date:
    return clock().astimezone(reader_zone()).date()


def _plain_filters() -> dict[str, Callable[..., str]]:
    return {
        "number": _number,
        "duration": lambda seconds: formatting.duration(seconds, locale=reader_locale()),
        "file_size": lambda count: formatting.size(count, locale=reader_locale()),
        "health_word": lambda key: words.health_word(key, locale=reader_locale()),
        "connectivity_word": lambda key: words.connectivity_word(key, locale=reader_locale()),
        "lifecycle_word": lambda key: words.lifecycle_word(key, locale=reader_locale()),
        "role_word": lambda key: words.role_word(key, locale=reader_locale()),
        "kind_word": lambda key: words.kind_word(key, locale=reader_locale()),
        "iso": lambda when: when.isoformat(timespec="seconds"),
        "ms": lambda when: str(int(when.timestamp() * 1000)),
    }


def register_filters(app: Flask, clock: Clock) -> None:
    """Give the app's templates every filter; `clock` says what "now" is, so that a test can stop it."""
    app.jinja_env.filters.update(_plain_filters())
    app.jinja_env.filters.update(_moment_filters(clock))
    app.jinja_env.filters["plotted"] = lambda chart: plot.plot(chart, zone=reader_zone(), locale=reader_locale())
    app.jinja_env.globals.update(spark_of=plot.spark, on_range=plot.on_range, clock_now=clock)
