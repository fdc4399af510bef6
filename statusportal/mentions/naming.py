"""Verbs of calling people by name: at once where one writes, and as a projection, so that no way of it is forgotten."""

from sqlalchemy import select

from statusportal.discussion.events import CommentEdited, CommentPosted
from statusportal.discussion.models import Comment
from statusportal.discussion.vocabulary import CommentKind
from statusportal.entries.queries import entry_for
from statusportal.foundation.errors import Invalid, Sentence
from statusportal.mentions.calling import called_in
from statusportal.mentions.events import PersonMentioned
from statusportal.mentions.models import Mention
from statusportal.mentions.queries import known_to_writer
from statusportal.mentions.vocabulary import MOST_MENTIONS
from statusportal.work import Work


def note_mentions(work: Work, event: CommentPosted | CommentEdited) -> None:
    """Call whom a comment names that was said in whatever way.

    Raises: as `call_people`.
    """
    key = (event.organisation_id, event.entry_id, event.comment_id)
    call_people(work, work.session.get_one(Comment, key))


def call_people(work: Work, comment: Comment) -> None:
    """Keep whom an author called who may be called; anybody else's name stays the plain text that it is.

    Said twice it calls once. Raises: Invalid for more calls than one comment may hold.
    """
    is_said = comment.kind != CommentKind.SYSTEM and comment.author_id is not None
    if not is_said or comment.author_id != work.actor.person_id or "@" not in comment.body_markdown:
        return
    entry = entry_for(work, comment.entry_id)
    known = known_to_writer(work, entry, comment.audience)
    names = called_in(comment.body_markdown, [one.name for one in known])
    if len(names) > MOST_MENTIONS:
        raise Invalid.field("/body", Sentence("may call %(most)s people at most", most=MOST_MENTIONS))
    already = set(
        work.session.scalars(
            select(Mention.person_id).where(
                Mention.organisation_id == comment.organisation_id,
                Mention.entry_id == comment.entry_id,
                Mention.comment_id == comment.id,
            )
        )
    )
    named = {"organisation_id": comment.organisation_id, "entry_id": comment.entry_id, "comment_id": comment.id}
    for one in known:
        if one.name in names and one.person_id not in {*already, comment.author_id}:
            work.session.add(Mention(**named, person_id=one.person_id, at=work.now))
            work.emit(PersonMentioned(**named, device_id=entry.device_id, person_id=one.person_id))
    work.session.flush()
