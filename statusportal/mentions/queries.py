"""Reading mentions, and whom a writer may call: only people whom that writer sees here anyway."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from statusportal.access.vocabulary import StaffRole
from statusportal.accounts.models import Membership, Person
from statusportal.discussion.models import Comment
from statusportal.discussion.queries import in_thread
from statusportal.discussion.vocabulary import CommentState
from statusportal.entries.models import StatusEntry
from statusportal.entries.vocabulary import Audience
from statusportal.mentions.models import Mention
from statusportal.mentions.vocabulary import Known
from statusportal.work import Work


def known_to_writer(work: Work, entry: StatusEntry, audience: str) -> Sequence[Known]:
    """List whom the actor may call under an entry that was found visible, in words for an audience, by name.

    Shape: who could not read such words is left out, and so is whoever the actor has no way to know of. Staff know
    each other and the owner's people; the owner's people know each other and the staff who answered them; who was let
    in knows who speaks where they read.
    """
    query = (
        select(Person.id, Person.name, Person.staff_role)
        .where(Person.is_disabled.is_(False), or_(*_known(work, entry, Audience(audience))))
        .order_by(Person.name, Person.id)
    )
    return [Known(person_id, name, role) for person_id, name, role in work.session.execute(query)]


def people_called(work: Work, comment: Comment) -> frozenset[UUID]:
    """Return the ids of the people whom a comment calls, for the portal's own letters."""
    query = select(Mention.person_id).where(
        Mention.organisation_id == comment.organisation_id,
        Mention.entry_id == comment.entry_id,
        Mention.comment_id == comment.id,
    )
    return frozenset(work.session.scalars(query))


def names_called(work: Work, comments: Collection[Comment]) -> Mapping[UUID, Sequence[str]]:
    """Return who is called in comments that the caller may read. Shape: one that calls nobody is left out.

    Nothing is asked where no comment holds the sign.
    """
    calling = [one for one in comments if one.state == CommentState.VISIBLE and "@" in one.body_markdown]
    if not calling:
        return {}
    query = (
        select(Mention.comment_id, Person.name)
        .join(Person, Person.id == Mention.person_id)
        .where(
            Mention.organisation_id.in_({one.organisation_id for one in calling}),
            Mention.entry_id.in_({one.entry_id for one in calling}),
            Mention.comment_id.in_({one.id for one in calling}),
        )
        .order_by(Person.name)
    )
    found: dict[UUID, list[str]] = defaultdict(list)
    for comment_id, name in work.session.execute(query):
        found[comment_id].append(name)
    return found


def _known(work: Work, entry: StatusEntry, audience: Audience) -> list[ColumnElement[bool]]:
    is_owners = work.actor.belongs_to(entry.organisation_id)
    spoke = select(Comment.author_id).where(in_thread(work, entry))
    if work.actor.is_operator:
        staff: ColumnElement[bool] = Person.staff_role.is_not(None)
    elif is_owners:
        answered = select(Comment.author_id).where(
            Comment.organisation_id == entry.organisation_id,
            Comment.author_role.in_([role.value for role in StaffRole]),
            Comment.audience != Audience.INTERNAL.value,
        )
        staff = Person.staff_role.is_not(None) & Person.id.in_(answered)
    else:
        staff = Person.staff_role.is_not(None) & Person.id.in_(spoke)
    if audience is Audience.INTERNAL:
        return [staff]
    colleagues = select(Membership.person_id).where(Membership.organisation_id == entry.organisation_id)
    people: list[ColumnElement[bool]] = [staff, Person.id.in_(colleagues)] if is_owners else [staff]
    return people if audience is Audience.ORGANISATION else [*people, Person.id.in_(spoke)]
