"""Seeing as a customer at the edge: what is refused meanwhile, and that each page looked at is written down."""

import threading
from uuid import UUID

from flask import Flask, Response, g, request

from statusportal.foundation.errors import Forbidden, Sentence
from statusportal.http import portal
from statusportal.http.policies import RoutePolicy
from statusportal.identity.signing_in import end_sign_in
from statusportal.seen_as.queries import find_open_visit
from statusportal.seen_as.service import end_seeing_as, note_looked
from statusportal.seen_as.vocabulary import Visit
from statusportal.work import Works

_SAFE = {"GET", "HEAD", "OPTIONS"}
_MOST_REMEMBERED = 10_000


class ReadingOnly(Forbidden):
    """Say that somebody who sees as a customer changes nothing."""

    def __init__(self) -> None:
        super().__init__("customer:see_as")
        self.detail = Sentence("You see as somebody else and can only read. Leave first, then write as yourself.")


class TheirsAlone(Forbidden):
    """Say that what belongs to a person alone is not shown to who sees as them."""

    def __init__(self) -> None:
        super().__init__("account:own")
        self.detail = Sentence("This belongs to the person alone: who sees as them neither reads nor fetches it.")


class Looked:
    """Remember which pages of a visit were written down, so that a page that is fetched again adds nothing."""

    def __init__(self, _works: Works) -> None:
        self._written: set[tuple[object, str]] = set()
        self._lock = threading.Lock()

    def is_new(self, visit: Visit, path: str) -> bool:
        """Tell whether this page was not looked at in this visit, and remember it."""
        with self._lock:
            if len(self._written) >= _MOST_REMEMBERED:
                self._written.clear()
            size = len(self._written)
            self._written.add((visit.id, path))
            return len(self._written) > size


def refuse_writing(policy: RoutePolicy) -> None:
    """Refuse every call but leaving that could change something while its session sees as a customer.

    Raises: ReadingOnly.
    """
    if portal.actor().seen_by is not None and request.method not in _SAFE and not policy.is_leaving:
        raise ReadingOnly


def refuse_personal(policy: RoutePolicy) -> None:
    """Refuse what is a person's alone while a session sees as them: their data, their keys, where they are signed in.

    Raises: TheirsAlone.
    """
    if policy.is_personal and portal.actor().seen_by is not None:
        raise TheirsAlone


def end_session(session_id: UUID) -> None:
    """End the session of this request as who sits there, and the visit it may be on."""
    with portal.works().writing(portal.own_actor()) as work:
        end_seeing_as(work)
        end_sign_in(work, session_id)


def visit_now() -> Visit | None:
    """Return as whom this request sees, read once a request."""
    if portal.actor().seen_by is None:
        return None
    if "visit" not in g:
        with portal.reading() as work:
            g.visit = find_open_visit(work)
    found: Visit | None = g.visit
    return found


def _write_down(response: Response) -> Response:
    if request.endpoint in {None, "static"} or portal.actor().seen_by is None or request.method not in _SAFE:
        return response
    visit, works = visit_now(), portal.works()
    if visit is not None and works.kept(Looked).is_new(visit, request.path):
        with works.writing(portal.own_actor()) as work:
            note_looked(work, visit.id, request.endpoint or "")
    return response


def init_app(app: Flask) -> None:
    """Write down what was looked at before each answer leaves."""
    app.after_request(_write_down)
