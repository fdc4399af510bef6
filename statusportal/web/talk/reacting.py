"""Reacting to a comment from its page: one button says the word, and unsays it."""

from flask import Response, make_response, redirect

from statusportal.access.permissions import Permission
from statusportal.foundation.errors import NotFound
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by
from statusportal.reactions.service import turn_reaction
from statusportal.reactions.vocabulary import ReactionName
from statusportal.web.talk.blueprint import entries
from statusportal.web.talk.places import comment_href


@entries.post("/comments/<comment_id>/reactions/<name>")
@checked_by(Permission.COMMENT_POST)
def react(comment_id: str, name: str) -> Response:
    """Say or unsay one word, and return to the comment."""
    if name not in set(ReactionName):
        raise NotFound
    with portal.writing() as work:
        comment = turn_reaction(work, parse_id(comment_id), ReactionName(name))
    return make_response(redirect(comment_href(comment.entry_id, comment.id), 303))
