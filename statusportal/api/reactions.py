"""Reactions: one word at what somebody said, and taking it back."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields

from statusportal.access.permissions import Permission
from statusportal.api.root import blueprint
from statusportal.foundation.errors import NotFound
from statusportal.foundation.ids import parse_id
from statusportal.http import portal
from statusportal.http.policies import checked_by
from statusportal.reactions.queries import reactions_to
from statusportal.reactions.service import react, take_reaction_back
from statusportal.reactions.vocabulary import NO_REACTIONS, Reacted, ReactionName

reactions = blueprint("Reactions", "One word at what somebody said: helpful, worked, thanks")


class ReactionsAnswer(Schema):
    """How often each word was said at a comment, and which of them I said."""

    reactions = fields.Dict(keys=fields.String(), values=fields.Integer())
    my_reactions = fields.List(fields.String())


def reaction_named(name: str) -> ReactionName:
    """Return the reaction of that name.

    Raises: NotFound when there is none.
    """
    if name not in set(ReactionName):
        raise NotFound
    return ReactionName(name)


def present_reactions(reacted: Reacted) -> dict[str, Any]:
    """Present them as a comment carries them."""
    return {"reactions": dict(reacted.counts), "my_reactions": sorted(reacted.mine)}


@reactions.put("/comments/<comment_id>/reactions/<name>")
@checked_by(Permission.COMMENT_POST)
@reactions.response(200, ReactionsAnswer)
def say_one_word(comment_id: str, name: str) -> dict[str, Any]:
    """React to a comment: helpful, worked or thanks. Said twice it counts once."""
    with portal.writing() as work:
        comment = react(work, parse_id(comment_id), reaction_named(name))
        return present_reactions(reactions_to(work, [comment]).get(comment.id, NO_REACTIONS))


@reactions.delete("/comments/<comment_id>/reactions/<name>")
@checked_by(Permission.COMMENT_POST)
@reactions.response(204)
def unsay_one_word(comment_id: str, name: str) -> Response:
    """Take my reaction back."""
    with portal.writing() as work:
        take_reaction_back(work, parse_id(comment_id), reaction_named(name))
    return Response(status=204)
