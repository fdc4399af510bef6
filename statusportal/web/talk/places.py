"""Where in a thread a page begins: addresses name a comment, so that they keep their meaning when others write."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import request, url_for

from statusportal.discussion.vocabulary import ThreadSort
from statusportal.foundation.clock import from_ms, to_ms
from statusportal.foundation.errors import NotFound
from statusportal.foundation.ids import parse_id
from statusportal.threads.vocabulary import Place

_NEW = "new"
# Milliseconds since 1970 have 13 digits until the year 2286.
_DIGITS = 13


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address asks for: an order, a place in it, and since when words count as new."""

    sort: ThreadSort
    place: Place
    since: datetime | None = None


def wanted_place(read_at: datetime | None, parent: str = "") -> Wanted:
    """Read the address; what names nothing is the beginning. `parent` is the comment that is being answered."""
    since = _since() or read_at
    begin = request.args.get("from", "") or parent
    place = Place(_id(begin), _id(request.args.get("until", "")), since if begin == _NEW else None)
    return Wanted(_sort(), place, since)


def comment_href(entry_id: UUID | str, comment_id: UUID | str) -> str:
    """Return the address of a comment: its page with what stands above it, wherever in the thread it is."""
    place: dict[str, Any] = {"from": str(comment_id)}
    return url_for("entries.entry", entry_id=entry_id, _anchor=f"c-{comment_id}", **place)


def place_href(endpoint: str, entry_id: UUID, wanted: Wanted, *, anchor: str | None = None, **place: Any) -> str:  # noqa: ANN401 - as url_for takes it
    """Return the address of another place of the same thread, in the same order and with the same words new."""
    sort = None if wanted.sort is ThreadSort.OLDEST else wanted.sort.value
    since = _not_before(wanted.since) if wanted.since else None
    return url_for(endpoint, entry_id=entry_id, sort=sort, since=since, _anchor=anchor, **place)


def first_new_href(entry_id: UUID, wanted: Wanted) -> str:
    """Return the address of the first word that is new, in the order in which it was said."""
    oldest = Wanted(ThreadSort.OLDEST, wanted.place, wanted.since)
    return place_href("entries.entry", entry_id, oldest, anchor=_NEW, **{"from": _NEW})


def _not_before(moment: datetime) -> int:
    """Return the first whole millisecond that is not before a moment: what was read then is not new after it."""
    whole = to_ms(moment)
    return whole if from_ms(whole) == moment else whole + 1


def _sort() -> ThreadSort:
    wanted = request.args.get("sort", "")
    return ThreadSort(wanted) if wanted in set(ThreadSort) else ThreadSort.OLDEST


def _since() -> datetime | None:
    said = request.args.get("since", "")
    try:
        return from_ms(int(said)) if said.isascii() and said.isdigit() and len(said) <= _DIGITS else None
    except (OverflowError, ValueError):
        return None


def _id(said: str) -> UUID | None:
    try:
        return parse_id(said) if said and said != _NEW else None
    except NotFound:
        return None
