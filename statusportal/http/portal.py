"""The running portal as a request finds it: the database, the settings, and the two ways to open work."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from flask import current_app, g

from statusportal.access.actor import ANONYMOUS, SYSTEM, Actor
from statusportal.config import Settings
from statusportal.http.retries import keep_place
from statusportal.http.sights import note_seen
from statusportal.seen_as.actors import sitter_of
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


def own_actor() -> Actor:
    """Return who sits there: the actor, or the member of staff who sees as them; read once a request."""
    if actor().seen_by is None:
        return actor()
    if "own_actor" not in g:
        with works().reading(SYSTEM) as work:
            g.own_actor = sitter_of(work, actor())
    return cast("Actor", g.own_actor)


@contextmanager
def reading() -> Iterator[Work]:
    """Open work that changes nothing, for this request's actor."""
    with works().reading(actor()) as work:
        yield work
        note_seen(work)


@contextmanager
def writing() -> Iterator[Work]:
    """Open work that is committed when the block is left; a safe-retry key commits with it.

    What a page notes about its reader is not noted while somebody else sees as them.
    """
    if actor().seen_by is not None:
        with reading() as work:
            yield work
        return
    with works().writing(actor()) as work:
        keep_place(work)
        yield work
        note_seen(work)
