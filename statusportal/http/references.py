"""Titles for what texts refer to, asked for once a page and limited to what the reader may open."""

from collections.abc import Callable, Iterable
from uuid import UUID

from flask import request
from flask_babel import gettext as _

from statusportal.entries.models import StatusEntry
from statusportal.entries.queries import entries_by_id
from statusportal.fleet.queries import devices_by_id, words_seen
from statusportal.http import portal
from statusportal.knowledge.queries import article_titles
from statusportal.prose.references import Place, places_in, with_titles
from statusportal.work import Work


class References:
    """The things that some texts refer to, as their reader knows them. Shape: no reference, no question."""

    def __init__(self, work: Work, texts: Iterable[str], title_of: Callable[[StatusEntry], str]) -> None:
        self._homes = (request.host_url.rstrip("/"), portal.settings().public_url.rstrip("/"))
        # Behind a share link nothing leads out of it, so that nothing beside it has a title either.
        places = set() if work.actor.link is not None else places_in(texts, self._homes)
        self._titles = {
            **_entries(work, places, title_of),
            **_devices(work, places),
            **{("articles", one): title for one, title in article_titles(work, _ids(places, "articles")).items()},
        }

    def drawn(self, text: str) -> str:
        """Return a cleaned text with its references titled."""
        return with_titles(text, self._homes, self._titles, _("a page that you cannot open"))


def _ids(places: set[Place], wanted: str) -> set[UUID]:
    return {one for kind, one in places if kind == wanted}


def _entries(work: Work, places: set[Place], title_of: Callable[[StatusEntry], str]) -> dict[Place, str]:
    ids = _ids(places, "entries")
    found = entries_by_id(work, ids) if ids else {}
    return {("entries", one): title_of(row) for one, row in found.items()}


def _devices(work: Work, places: set[Place]) -> dict[Place, str]:
    ids = _ids(places, "devices")
    if not ids:
        return {}
    names = words_seen(work, devices_by_id(work, ids).values())
    return {("devices", one): words.name for one, words in names.items()}
