"""The running portal as a request finds it: the database, the settings, and the two ways to open work."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from flask import current_app, g

from statusportal.access.actor import ANONYMOUS, Actor
from statusportal.config import Settings
from statusportal.http.retries import keep_place
from statusportal.http.sights import note_seen
from statusportal.work import Work, Works

EXTENSION = "statusportal"


def works() -> Works:
    """Return the database of the running app."""
    return cast("Works", current_app.extensions[EXTENSION])


def settings() -> Settings:
    """Return the settings of the running app."""
    return works().settings


def actor() -> Actor:
    """Return who this request is for."""
    return cast("Actor", g.get("actor", ANONYMOUS))


@contextmanager
def reading() -> Iterator[Work]:
    """Open work that changes nothing, for this request's actor."""
    with works().reading(actor()) as work:
        yield work
        note_seen(work)


@contextmanager
def writing() -> Iterator[Work]:
    """Open work that is committed when the block is left; a safe-retry key commits with it."""
    with works().writing(actor()) as work:
        keep_place(work)
        yield work
        note_seen(work)
