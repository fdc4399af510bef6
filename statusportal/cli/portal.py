"""What commands share: the portal opened on its data folder, and output for people or for programs."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from statusportal.access.actor import SYSTEM
from statusportal.config import load_settings
from statusportal.db.engine import open_engine
from statusportal.foundation.clock import SystemClock
from statusportal.migrations.upgrade import upgrade
from statusportal.wiring import wiring
from statusportal.work import Work, Works

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


@contextmanager
def opened_portal() -> Iterator[Works]:
    """Open the database, brought up to date first, beside a running portal or before its first start."""
    settings = load_settings()
    upgrade(settings)
    engine = open_engine(settings.database_url)
    try:
        yield Works(engine, SystemClock(), wiring(), settings)
    finally:
        engine.dispose()


@contextmanager
def writing() -> Iterator[Work]:
    """Open work as the portal itself: who may run commands on its data folder owns it."""
    with opened_portal() as works, works.writing(SYSTEM) as work:
        yield work


@contextmanager
def reading() -> Iterator[Work]:
    """Open work that changes nothing, as the portal itself."""
    with opened_portal() as works, works.reading(SYSTEM) as work:
        yield work


def json_option(command: Decorated) -> Decorated:
    """Let a command take --json."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")(command)


def tell(value: Mapping[str, Any], sentence: str, *, as_json: bool) -> None:
    """Print the value as one JSON object, or the sentence."""
    click.echo(json.dumps(value, ensure_ascii=False) if as_json else sentence)


def secret_from_stdin(what: str) -> str:
    """Read one line from standard input, so that no secret stands on a command line that others can list.

    Raises: click.UsageError when nothing came.
    """
    secret = sys.stdin.readline().rstrip("\r\n")
    if not secret:
        raise click.UsageError(f"{what} was expected on standard input.")
    return secret
