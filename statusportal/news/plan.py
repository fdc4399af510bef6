"""Who hears of a happening, and how. Pure: what happened and who listens in, deliveries out.

Nobody hears of what they did themselves, and nobody twice. The normal level is new entries, failures, and what is said
to oneself; quiet is the same on the page alone; tracking adds everything else, by letter once a day; watching is every
word at once.
"""

from collections.abc import Iterable
from dataclasses import replace

from statusportal.following.vocabulary import FollowLevel, FollowReason
from statusportal.news.vocabulary import ByMail, Delivery, Happened, Listener, NewsKind


def plan(happened: Happened, listeners: Iterable[Listener]) -> list[Delivery]:
    """Return a delivery for everybody who hears of it, in the order of the listeners."""
    found = {one.person_id: one for one in listeners if one.person_id != happened.by}
    planned = [_delivery(happened, one) for one in found.values()]
    return [one for one in planned if one is not None]


def _delivery(happened: Happened, listener: Listener) -> Delivery | None:
    if listener.level is FollowLevel.MUTED:
        return None
    if listener.level is FollowLevel.QUIET:
        as_usual = _delivery(happened, replace(listener, level=FollowLevel.NORMAL))
        return replace(as_usual, mail=None) if as_usual else None
    reason = listener.reason
    is_said_to = listener.person_id in {happened.asker, happened.answered, happened.called}
    kind = NewsKind.REPLY if is_said_to and happened.kind is NewsKind.COMMENT else happened.kind
    if listener.person_id == happened.called:
        reason = FollowReason.MENTIONED
    elif is_said_to:
        reason = FollowReason.ASKED if listener.person_id == happened.asker else FollowReason.REPLIED
    is_urgent = is_said_to or kind is NewsKind.FAILURE or listener.level is FollowLevel.WATCHING
    if listener.level is FollowLevel.NORMAL and not is_urgent:
        # The machine's own entries that are no failure are for the page alone.
        mail = ByMail.AT_ONCE if happened.by is not None else None
        return Delivery(listener.person_id, kind, reason, mail) if kind is NewsKind.ENTRY else None
    return Delivery(listener.person_id, kind, reason, ByMail.AT_ONCE if is_urgent else ByMail.DIGEST)
