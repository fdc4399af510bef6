"""Saying what answered an entry, and that it was done."""

from uuid import UUID

from flask import Response, make_response, redirect, request, url_for

from statusportal.access.permissions import Permission
from statusportal.answers.accepting import accept_answer, unaccept_answer
from statusportal.answers.fixing import apply_answer, take_back_fix
from statusportal.discussion.queries import comment_for
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by
from statusportal.knowledge.trying import apply_to
from statusportal.web.talk.blueprint import entries


@entries.post("/comments/<comment_id>/accept")
@checked_by(Permission.ANSWER_ACCEPT)
def accept(comment_id: str) -> Response:
    """Say that a comment answers its entry, and return to it."""
    with portal.writing() as work:
        row = accept_answer(work, parse_id(comment_id))
    return _to(row.entry_id, f"c-{row.comment_id}")


@entries.post("/comments/<comment_id>/unaccept")
@checked_by(Permission.ANSWER_ACCEPT)
def unaccept(comment_id: str) -> Response:
    """Say that a comment is the answer no more."""
    with portal.writing() as work:
        unaccept_answer(work, parse_id(comment_id))
        entry_id = comment_for(work, parse_id(comment_id)).entry_id
    return _to(entry_id, f"c-{comment_id}")


@entries.post("/comments/<comment_id>/apply")
@checked_by(Permission.FIX_APPLY)
def apply(comment_id: str) -> Response:
    """Note that an accepted answer was done on the machine."""
    with portal.writing() as work:
        comment = comment_for(work, parse_id(comment_id))
        apply_answer(work, comment.entry_id, comment.id)
    return _to(comment.entry_id)


@entries.post("/entries/<entry_id>/fixes")
@checked_by(Permission.FIX_APPLY)
def apply_article_here(entry_id: str) -> Response:
    """Note that what an article says was done on the machine."""
    with portal.writing() as work:
        apply_to(work, parse_id(entry_id), parse_id(request.form.get("article", "")))
    return _to(parse_id(entry_id))


@entries.post("/entries/<entry_id>/fixes/take-back")
@checked_by(Permission.FIX_APPLY)
def take_back(entry_id: str) -> Response:
    """Say that what is watched was not applied after all."""
    with portal.writing() as work:
        take_back_fix(work, parse_id(entry_id))
    return _to(parse_id(entry_id))


def _to(entry_id: UUID, anchor: str | None = None) -> Response:
    return make_response(redirect(url_for("entries.entry", entry_id=entry_id, _anchor=anchor), 303))
