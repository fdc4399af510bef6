"""What hangs on an entry at all, asked in one question: what is not there is not asked for.

It shows nobody anything. Each part that is there is asked for as ever, within what its reader may see.
"""

from collections.abc import Collection
from enum import Enum
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, exists, literal, select

from statusportal.answers.models import AcceptedAnswer
from statusportal.discussion.models import Comment
from statusportal.discussion.vocabulary import CommentKind
from statusportal.drafts.models import Draft
from statusportal.enclosures.models import Attachment
from statusportal.entries.models import EntryHappening
from statusportal.evidence.models import Evidence
from statusportal.following.models import Follow
from statusportal.following.vocabulary import FollowedKind
from statusportal.me_too.models import AffectedMachine
from statusportal.reactions.models import Reaction
from statusportal.work import Work


class Part(Enum):
    """A kind of thing that hangs on an entry, or on what is said under it."""

    HAPPENINGS = EntryHappening
    REACTIONS = Reaction
    ANSWERS = AcceptedAnswer
    FILES = Attachment
    EVIDENCE = Evidence
    AFFECTED = AffectedMachine
    UPDATES = Comment
    DRAFT = Draft
    FOLLOW = Follow


# What hangs on comments, for who lists these alone.
ON_COMMENTS: Final = frozenset({Part.REACTIONS, Part.ANSWERS, Part.FILES, Part.EVIDENCE})


def parts_of(
    work: Work, places: Collection[tuple[UUID, UUID]], wanted: Collection[Part] = tuple(Part)
) -> frozenset[Part]:
    """Return which of the wanted kinds of parts some entries have, given as (organisation, entry). One query."""
    asked = [part for part in Part if part in wanted]
    if not places:
        return frozenset()
    found = work.session.execute(select(*(_is_there(work, part, places) for part in asked))).one()
    return frozenset(part for part, is_there in zip(asked, found, strict=True) if is_there)


def _is_there(work: Work, part: Part, places: Collection[tuple[UUID, UUID]]) -> ColumnElement[bool]:
    kept = select(literal(1)).select_from(part.value)
    entry_ids = [entry_id for _organisation_id, entry_id in places]
    person_id = work.actor.person_id
    if part is Part.FOLLOW:
        mine = kept.where(Follow.person_id == person_id, Follow.kind == FollowedKind.ENTRY.value)
        return exists(mine.where(Follow.thing_id.in_(entry_ids)))
    organisation_ids = {organisation_id for organisation_id, _entry_id in places}
    kept = kept.where(part.value.organisation_id.in_(organisation_ids), part.value.entry_id.in_(entry_ids))
    if part is Part.DRAFT:
        kept = kept.where(Draft.person_id == person_id)
    if part is Part.UPDATES:
        kept = kept.where(Comment.kind == CommentKind.UPDATE)
    return exists(kept)
