"""Troubles of custody."""

from statusportal.foundation.errors import Conflict


class TransferSettled(Conflict):
    """Say that a transfer was answered, withdrawn or done, so that this answer comes too late."""


class OfferStanding(Conflict):
    """Say that the device is offered to somebody already."""


class GrantOfGroup(Conflict):
    """Say that a grant comes with a group, and ends with it."""


class TooManyGrants(Conflict):
    """Say that no more grants fit on a device."""


class GrantEnded(Conflict):
    """Say that a grant is over, or of a time that is over, so that it is not changed any more."""
