"""Spans of time as people type them in commands."""

import re
from datetime import timedelta

import click

_SPAN = re.compile(r"(\d{1,5})([hdw])")
_UNIT = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def span(text: str, option: str) -> timedelta:
    """Read a span such as 12h, 90d or 4w.

    Raises: click.BadParameter, naming the option.
    """
    found = _SPAN.fullmatch(text)
    if found is None:
        raise click.BadParameter("is a number and h, d or w, such as 90d", param_hint=option)
    return int(found[1]) * _UNIT[found[2]]
