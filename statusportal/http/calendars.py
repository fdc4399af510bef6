"""Who reads a calendar by its address: the bearer of a token that was made for nothing else."""

from statusportal.access.actor import Actor
from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import ActorKind
from statusportal.foundation.errors import NotFound, NotSignedIn
from statusportal.http.identity import bearer_of

# An address stands in programs and their logs, so a token that may do anything more opens none.
CALENDAR_SCOPES = frozenset({Permission.MAINTENANCE_VIEW.value})


def reader_of_calendar(secret: str) -> Actor:
    """Return whose calendar an address shows; wrong ones count against the address they come from.

    Raises: NotFound, TooMany.
    """
    try:
        actor = bearer_of(secret)
    except NotSignedIn as err:
        raise NotFound from err
    if actor.kind is not ActorKind.PERSON or actor.scopes != CALENDAR_SCOPES:
        raise NotFound
    return actor
