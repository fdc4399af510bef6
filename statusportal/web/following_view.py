"""How closely the reader follows the thing of a page."""

from uuid import UUID

from statusportal.following.queries import find_follow
from statusportal.following.vocabulary import FollowedKind, FollowReason
from statusportal.http.filters import reader_locale
from statusportal.http.views.news import FollowView
from statusportal.news.wording import REASONS
from statusportal.work import Work


def follow_view(
    work: Work, kind: FollowedKind, thing_id: UUID, back: str, *, is_followed: bool = True
) -> FollowView | None:
    """Return how closely, and why; None for who has no account here or sees as somebody else.

    Shape: without `is_followed` it is known that nobody follows it here, and nothing is asked.
    """
    if work.actor.person_id is None or work.actor.seen_by is not None:
        return None
    row = find_follow(work, kind, thing_id) if is_followed else None
    because = REASONS.get(reader_locale(), REASONS["en"])[FollowReason(row.reason)] if row else ""
    return FollowView(kind.value, str(thing_id), row.level if row else None, because, back)
