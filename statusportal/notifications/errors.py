"""Troubles of notifications."""

from statusportal.foundation.errors import Overloaded, PortalError


class LetterRefused(PortalError):
    """Say that the other side will never take this letter: sending it again is of no use."""


class ChannelDown(Overloaded):
    """Say that the channel carries nothing now; the outbox comes again."""
