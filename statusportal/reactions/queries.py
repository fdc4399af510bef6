"""Reading reactions: for comments that were found visible, in one query a page."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import case, func, select

from statusportal.discussion.models import Comment
from statusportal.discussion.vocabulary import CommentState
from statusportal.entries.models import StatusEntry
from statusportal.reactions.models import Reaction
from statusportal.reactions.vocabulary import Reacted, ReactionName
from statusportal.work import Work


def reactions_to(work: Work, comments: Collection[Comment]) -> Mapping[UUID, Reacted]:
    """Count the reactions to comments that the caller may read. Shape: one without any, or deleted, is left out."""
    speaking = [one for one in comments if one.state == CommentState.VISIBLE]
    if not speaking:
        return {}
    is_mine = func.max(case((Reaction.person_id == work.actor.person_id, 1), else_=0))
    query = (
        select(Reaction.comment_id, Reaction.name, func.count(), is_mine)
        .where(
            Reaction.organisation_id.in_({one.organisation_id for one in speaking}),
            Reaction.entry_id.in_({one.entry_id for one in speaking}),
            Reaction.comment_id.in_({one.id for one in speaking}),
        )
        .group_by(Reaction.comment_id, Reaction.name)
    )
    counts: dict[UUID, dict[ReactionName, int]] = defaultdict(dict)
    mine: dict[UUID, set[ReactionName]] = defaultdict(set)
    for comment_id, name, count, is_own in work.session.execute(query):
        counts[comment_id][ReactionName(name)] = count
        if is_own:
            mine[comment_id].add(ReactionName(name))
    return {comment_id: Reacted(found, frozenset(mine[comment_id])) for comment_id, found in counts.items()}


def helpful_counts(work: Work, entry: StatusEntry) -> Mapping[UUID, int]:
    """Return how many found each comment of an entry helpful, for the order of its thread. It shows nobody a number."""
    query = (
        select(Reaction.comment_id, func.count())
        .where(
            Reaction.organisation_id == entry.organisation_id,
            Reaction.entry_id == entry.id,
            Reaction.name == ReactionName.HELPFUL,
        )
        .group_by(Reaction.comment_id)
    )
    return dict(work.session.execute(query).all())
